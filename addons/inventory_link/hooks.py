from .tools.fields import drop_triggers


def uninstall_hook(env):
    """Odoo's own tables keep nothing of the planning."""
    drop_triggers(env.cr)
