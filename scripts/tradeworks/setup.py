"""All that must be there before anything else runs; every part finds its work already done."""

from . import database, machine, odoo_process, odoo_tree, postgres, python_env
from .layout import exclusive, existing_server


def ensure_tools():
    """Debian packages, Odoo and Python: what a command needs before it can touch a database."""
    machine.check_python()
    with exclusive("setup"):
        machine.check_disk()
        wanted = machine.serve_packages(own_server=existing_server() is None)
        machine.install_packages(wanted, "Debian packages")
        odoo_tree.ensure()
        python_env.ensure()
        odoo_process.write_conf()
        postgres.write_psql()


def ensure_all(*templates):
    """Everything, with the templates named, on a server that runs afterwards."""
    ensure_tools()
    postgres.ensure()
    for kind in templates:
        database.template(kind)
