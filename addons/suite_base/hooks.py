from .tools import guard, ledger_sql
from .tools.pings import pause_update_pings, resume_update_pings


def post_load():
    """Put the guard into the process; it acts for databases that have this addon only."""
    guard.install()


def post_init_hook(env):
    """Stop the pings that this installation would send to the publisher."""
    pause_update_pings(env)


def uninstall_hook(env):
    """Leave nothing behind: database functions, paused jobs, settings."""
    ledger_sql.drop_protection(env.cr)
    resume_update_pings(env)
    env["ir.config_parameter"].sudo().search([("key", "=like", "suite\\_base.%")]).unlink()
    guard.forget(env.cr.dbname)
