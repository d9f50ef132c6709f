import threading
from unittest.mock import patch

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import DummyRLock, Registry
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..tools import ledger_sql

THREADS, APPENDS = 4, 10


@tagged("post_install", "-at_install")
class TestLedgerRace(TransactionCase):
    """Real transactions that append at once neither fork the chain nor lose an entry."""

    def setUp(self):
        super().setUp()
        # the runner holds this lock while it tests an upgrade; our threads would wait for ever
        self.enterContext(patch.object(Registry, "_lock", DummyRLock()))
        self.company_id = self.env.ref("base.main_company").id
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT sequence, hash FROM suite_ledger_head WHERE company_id = %s",
                [self.company_id],
            )
            self.head = cr.fetchone() or (0, None)
        self.addCleanup(self._erase)

    def _erase(self):
        """Take the test's committed entries away again, as only the database's owner can."""
        with self.registry.cursor() as cr:
            for table in ("suite_ledger_entry", "suite_ledger_head"):
                cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cr.execute(
                "DELETE FROM suite_ledger_entry WHERE company_id = %s AND sequence > %s",
                [self.company_id, self.head[0]],
            )
            if self.head[0]:
                cr.execute(
                    "UPDATE suite_ledger_head SET sequence = %s, hash = %s WHERE company_id = %s",
                    [*self.head, self.company_id],
                )
            else:
                cr.execute("DELETE FROM suite_ledger_head WHERE company_id = %s", [self.company_id])
            ledger_sql.protect_entries(cr)
            ledger_sql.protect_head(cr)

    def _append(self, cr, payload):
        env = api.Environment(cr, SUPERUSER_ID, {})
        company = env["res.company"].browse(self.company_id)
        return env["suite.ledger.entry"]._append("race", payload, company)

    def _append_with_retry(self, payload):
        """What the framework does with a request that meets a serialization error."""
        while True:
            try:
                with self.registry.cursor() as cr:
                    self._append(cr, payload)
                    return
            except psycopg2.errors.SerializationFailure:
                continue

    def _verify(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            entries = env["suite.ledger.entry"].search(
                [("company_id", "=", self.company_id), ("sequence", ">", self.head[0])]
            )
            return env["suite.ledger.entry"].verify()["ok"], sorted(entries.mapped("sequence"))

    @mute_logger("odoo.sql_db")
    def test_threads(self):
        """Four threads with ten appends each: forty entries, one chain."""
        threads = [
            threading.Thread(
                target=lambda number=number: [
                    self._append_with_retry({"thread": number, "n": n}) for n in range(APPENDS)
                ]
            )
            for number in range(THREADS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        first = self.head[0] + 1
        self.assertEqual(self._verify(), (True, list(range(first, first + THREADS * APPENDS))))

    @mute_logger("odoo.sql_db")
    def test_staggered(self):
        """A transaction that began before another one's append is sent back, not merged; this
        holds for the very first entry as well."""
        for __ in range(2):
            with self.registry.cursor() as late:
                late.execute("SELECT count(*) FROM suite_ledger_entry")  # takes its snapshot
                with self.registry.cursor() as early:
                    self._append(early, {"who": "early"})
                with self.assertRaises(psycopg2.errors.SerializationFailure):
                    self._append(late, {"who": "late"})
                late.rollback()
        first = self.head[0] + 1
        self.assertEqual(self._verify(), (True, [first, first + 1]))
