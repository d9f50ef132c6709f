"""Writing through Odoo in chunks: each is committed together with its records' external ids."""

import contextlib
import time
from datetime import date

import psycopg2

from odoo.exceptions import UserError

from ..console import ProblemError
from .progress import Bar

MODULE = "__adventureworks__"
NEEDED_MODULES = ("crm", "mrp", "purchase_stock", "sale_management", "sale_stock")
SUITE_MODULES = ("suite_base", "crm_ext", "inventory_link", "production_order", "credit_risk")
#: Nobody is told, nothing is logged in chatters: these records come from a file.
QUIET = {
    "lang": "en_US",
    "mail_auto_subscribe_no_notify": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "no_reset_password": True,
    "tracking_disable": True,
}
#: State of the load itself, so that a resumed run counts from the same day.
STATE = "tradeworks.adventureworks."


class Session:
    """The loaded company: its environment, what is known already, what was made now."""

    def __init__(self, env):
        self.env = env(context=dict(env.context, **QUIET))
        self.known = {}
        self.made = {}
        self._lock()
        self._check_modules()
        self._read_known()
        if self.has("company"):
            self.enter(self.get("res.company", "company"))

    def _lock(self):
        """One load at a time; the lock ends with this connection, also when it's killed."""
        self._locking = self.env.registry.cursor()
        self._locking.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [STATE])
        if not self._locking.fetchone()[0]:
            raise ProblemError(
                "Another load is running in this database",
                "Two at once would wait for each other at every chunk.",
                "Let it finish; running again afterwards adds only what is missing.",
            )
        # Without an open transaction: it would keep PostgreSQL from cleaning up behind the load.
        self._locking.commit()

    def _check_modules(self):
        installed = self.env["ir.module.module"].search([("state", "=", "installed")])
        self.modules = set(installed.mapped("name"))
        missing = [name for name in NEEDED_MODULES if name not in self.modules]
        if missing:
            raise ProblemError(
                f"Database {self.env.cr.dbname} lacks the modules {', '.join(missing)}",
                "The company trades, stocks and makes: it needs sales, purchase, stock and mrp.",
                f"Make a database with everything: ./scripts/db {self.env.cr.dbname}_new",
            )

    def _read_known(self):
        self.env.cr.execute("SELECT name, res_id FROM ir_model_data WHERE module = %s", [MODULE])
        self.known = dict(self.env.cr.fetchall())

    def enter(self, company):
        """Work in this company from now on."""
        self.company = company
        context = dict(self.env.context, allowed_company_ids=company.ids)
        self.env = self.env(context=context)

    # ---------------------------------------------------------------- external ids

    def has(self, key):
        return key in self.known

    def id(self, key):
        """The record's id, False when there is none."""
        return self.known.get(key, False)

    def get(self, model, key):
        return self.env[model].browse(self.known[key])

    def register(self, pairs):
        """Give external ids to records: [(key, record)]."""
        self.env["ir.model.data"]._update_xmlids(
            [
                {"xml_id": f"{MODULE}.{key}", "record": record, "noupdate": True}
                for key, record in pairs
            ]
        )
        self.known.update((key, record.id) for key, record in pairs)

    def commit(self):
        self.env.flush_all()
        self.env.cr.commit()
        self.env.invalidate_all()

    # ---------------------------------------------------------------- state of the load

    def state(self, name):
        return self.env["ir.config_parameter"].get_param(STATE + name) or ""

    def set_state(self, name, value):
        self.env["ir.config_parameter"].set_param(STATE + name, str(value))

    def settle_window(self, window, asked):
        """The window of this database: chosen once, as its open documents belong to it."""
        stored = self.state("window")
        if stored and asked and stored != str(window):
            raise ProblemError(
                f"This database holds the window {stored}, not {window}",
                "Open purchase and work orders belong to one cut-off day; two would be doubled.",
                "Load the other window into another database, or leave out --from and --to.",
            )
        if not stored:
            self.set_state("window", window)
            self.set_state("today", date.today())
        return date.fromisoformat(self.state("today"))

    # ---------------------------------------------------------------- writing

    def load(self, title, model, items, chunk=500, after=None):
        """Create what is missing of `items`, [(key, values)] with values a dict or a callable.

        `after(records, keys)` runs in the same transaction as the records of its chunk.
        """
        todo = [item for item in items if not self.has(item[0])]
        bar = Bar(title, len(todo), len(items) - len(todo))
        for start in range(0, len(todo), chunk):
            part = todo[start : start + chunk]
            with self.chunk(title):
                self._create(model, part, after)
            bar.advance(len(part))
        self.made[title] = (len(todo), len(items) - len(todo))
        bar.done()

    def _create(self, model, part, after):
        values = [value() if callable(value) else value for _key, value in part]
        records = self.env[model].create(values)
        keys = [key for key, _value in part]
        if after:
            after(records, keys)
        self.register(list(zip(keys, records, strict=True)))

    @contextlib.contextmanager
    def chunk(self, title):
        """One transaction; what Odoo or PostgreSQL refuses in it is said with what to do."""
        try:
            yield
            self.commit()
        except (UserError, psycopg2.Error) as error:
            raise ProblemError(
                f"{title}: the database refused a part of them",
                str(error).strip(),
                "What came before is kept. Mend the cause and run the same command again: it "
                "goes on from here.",
            ) from error

    def field(self, model, name):
        return name in self.env[model]._fields

    def fill(self, model, **values):
        """Values of fields that exist in this database: the suite's are absent without it."""
        return {name: value for name, value in values.items() if self.field(model, name)}


class Clock:
    """Seconds since it was made."""

    def __init__(self):
        self.start = time.monotonic()

    @property
    def seconds(self):
        return time.monotonic() - self.start
