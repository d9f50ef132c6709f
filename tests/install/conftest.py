"""Throw-away databases, Odoo runs with their complaints, and pictures of what stands in them."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tradeworks import postgres
from tradeworks.layout import SUITE_ADDONS

ROOT = Path(__file__).resolve().parents[2]
COMPLAINT = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")
ODOO = ("--stop-after-init", "--no-http", "--max-cron-threads=0", "--log-level=warn")

#: The form of the database: what must be the same whatever the order of installation.
SCHEMA = {
    "columns": """
        SELECT table_name, column_name, udt_name, is_nullable FROM information_schema.columns
        WHERE table_schema = 'public'
    """,
    "relations": """
        SELECT relkind, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
        AND relkind IN ('r', 'v', 'm', 'S')
    """,
    "constraints": """
        SELECT conrelid::regclass, contype, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
    """,
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": """
        SELECT tgrelid::regclass, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    """,
    "functions": """
        SELECT proname FROM pg_proc p WHERE pronamespace = 'public'::regnamespace AND NOT EXISTS
        (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    """,
}
_XMLID = """
    (SELECT string_agg(module || '.' || name, ',' ORDER BY module, name) FROM ir_model_data d
     WHERE d.model = '{model}' AND d.res_id = {id})
"""
#: What Odoo's own modules put there, and an uninstallation has to leave as it was.
RECORDS = {
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT model, name, ttype, required FROM ir_model_fields",
    "access rights": f"""
        SELECT {_XMLID.format(model="ir.model.access", id="a.id")}, a.name, m.model, a.active,
        {_XMLID.format(model="res.groups", id="a.group_id")},
        perm_read, perm_write, perm_create, perm_unlink
        FROM ir_model_access a JOIN ir_model m ON m.id = a.model_id
    """,
    "record rules": f"""
        SELECT {_XMLID.format(model="ir.rule", id="r.id")}, r.active, md5(r.domain_force),
        perm_read, perm_write, perm_create, perm_unlink FROM ir_rule r
    """,
    "implied groups": f"""
        SELECT {_XMLID.format(model="res.groups", id="gid")},
        {_XMLID.format(model="res.groups", id="hid")} FROM res_groups_implied_rel
    """,
    "crons": """
        SELECT cron_name, active, interval_number, interval_type FROM ir_cron
    """,
    "parameters": """
        SELECT key, value FROM ir_config_parameter
        WHERE key NOT LIKE 'database.%' AND key NOT LIKE '%.last_update'
    """,
    "views": f"""
        SELECT {_XMLID.format(model="ir.ui.view", id="v.id")}, v.active,
        md5(v.arch_db->>'en_US') FROM ir_ui_view v
    """,
    "menus": f"""
        SELECT {_XMLID.format(model="ir.ui.menu", id="m.id")}, m.active, m.name->>'en_US'
        FROM ir_ui_menu m
    """,
    "actions": "SELECT type, name->>'en_US', count(*) FROM ir_actions GROUP BY 1, 2",
    "defaults": "SELECT f.model, f.name, json_value FROM ir_default JOIN ir_model_fields f"
    " ON f.id = field_id",
    "our names": "SELECT module, model, name FROM ir_model_data WHERE module IN ("
    + ", ".join(f"'{name}'" for name in SUITE_ADDONS)
    + ") AND NOT (model = 'ir.module.module')",
    "our tables of links": "SELECT r.name FROM ir_model_relation r JOIN ir_module_module m"
    " ON m.id = r.module WHERE m.name IN (" + ", ".join(f"'{n}'" for n in SUITE_ADDONS) + ")",
}


class Lab:
    """Makes databases, runs Odoo in them, and takes their pictures; removes them at the end."""

    def __init__(self):
        self.made = []

    def database(self, *options):
        """A fresh database; `--stock` for one without our addons."""
        name = f"install_{os.getpid()}_{len(self.made)}"
        self.made.append(name)
        self.script("db", name, *options)
        return name

    @staticmethod
    def script(name, *arguments, text=None, seconds=300):
        """Run one of the repository's commands; what it prints, errors included."""
        done = subprocess.run(
            [str(ROOT / "scripts" / name), *arguments],
            input=text,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert done.returncode == 0, f"{name} {' '.join(arguments)}:\n{done.stdout[-4000:]}"
        return done.stdout

    def odoo(self, database, *arguments):
        """Run Odoo to its end; the lines in which it warns or complains."""
        output = self.script("odoo", "-d", database, *arguments, *ODOO)
        return complaints(output)

    def install(self, database, *addons):
        return self.odoo(database, "-i", ",".join(addons))

    def upgrade(self, database, *addons):
        return self.odoo(database, "-u", ",".join(addons))

    def uninstall(self, database, *addons):
        return complaints(self.script("odoo", "module", "uninstall", *addons, "-d", database))

    def shell(self, database, code):
        return self.script(
            "odoo", "shell", "-d", database, "--no-http", "--log-level=error", text=code
        )

    @staticmethod
    def states(database):
        """State of each of our addons."""
        names = ", ".join(f"'{name}'" for name in SUITE_ADDONS)
        rows = postgres.psql(
            database, f"SELECT name, state FROM ir_module_module WHERE name IN ({names})"
        )
        return dict(row.split("|") for row in rows)

    @staticmethod
    def picture(database, queries):
        """Every row of the queries as text, sorted."""
        return {name: sorted(postgres.psql(database, query)) for name, query in queries.items()}

    def close(self):
        for name in self.made:
            self.script("db", name, "--drop")


def complaints(output):
    """The lines of a log that are warnings or worse."""
    return [line for line in output.splitlines() if COMPLAINT.match(line)]


@pytest.fixture(scope="module")
def lab():
    made = Lab()
    yield made
    made.close()


@pytest.fixture(scope="session")
def schema_queries():
    return SCHEMA


@pytest.fixture(scope="session")
def record_queries():
    return RECORDS
