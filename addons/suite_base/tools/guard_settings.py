"""Where the guard's list comes from: the settings, and the company's own mail servers."""

from odoo.tools import SQL

from .guard_policy import Policy, parse_entry

ALLOWED_KEY = "suite_base.allowed_hosts"
PRIVATE_KEY = "suite_base.block_private_networks"


def split_hosts(text):
    """The non-empty lines of the list; a ``#`` begins a remark."""
    lines = (line.partition("#")[0].strip() for line in (text or "").splitlines())
    return [line for line in lines if line]


def read_policy(cr, config):
    """The policy of the database behind ``cr``: not guarded unless the addon is installed."""
    cr.execute("SET LOCAL lock_timeout = '2s'")
    cr.execute(
        "SELECT 1 FROM ir_module_module WHERE name = 'suite_base'"
        " AND state IN ('installed', 'to upgrade')"
    )
    if not cr.fetchone():
        return Policy(guarded=False)
    cr.execute(
        "SELECT key, value FROM ir_config_parameter WHERE key IN %s", ((ALLOWED_KEY, PRIVATE_KEY),)
    )
    settings = dict(cr.fetchall())
    hosts = split_hosts(settings.get(ALLOWED_KEY)) + _mail_hosts(cr, config)
    return Policy(
        entries=tuple(entry for entry in map(_entry, hosts) if entry),
        private_open=settings.get(PRIVATE_KEY) != "True",
    )


def _entry(host):
    try:
        return parse_entry(host)
    except ValueError:
        return None  # written around the settings page; it opens nothing


def _mail_hosts(cr, config):
    """Hosts of the mail servers that the company has set up, outgoing and incoming."""
    hosts = [config.get("smtp_server")]
    for table, column in (("ir_mail_server", "smtp_host"), ("fetchmail_server", "server")):
        cr.execute(
            "SELECT 1 FROM information_schema.columns WHERE table_name = %s AND column_name = %s",
            (table, column),
        )
        if cr.fetchone():
            cr.execute(
                SQL("SELECT %s FROM %s WHERE active", SQL.identifier(column), SQL.identifier(table))
            )
            hosts += [host for (host,) in cr.fetchall()]
    return [host.strip() for host in hosts if host and host.strip()]
