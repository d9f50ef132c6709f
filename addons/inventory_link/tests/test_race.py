import threading
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.orm.registry import DummyRLock, Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from odoo.addons.inventory_link.engine import writer


@tagged("post_install", "-at_install")
class TestRace(BaseCase):
    """Two planners with real cursors. Written data is removed at the end."""

    def setUp(self):
        super().setUp()
        self.enterContext(patch.object(Registry, "_lock", DummyRLock()))
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.warehouse = env["stock.warehouse"].search([], limit=1, order="id").id
            cr.execute(
                "SELECT version FROM supply_planner WHERE warehouse_id = %s", (self.warehouse,)
            )
            self.before = cr.fetchone()
        self.addCleanup(self.restore)

    def restore(self):
        with self.registry.cursor() as cr:
            if self.before:
                cr.execute(
                    "UPDATE supply_planner SET version = %s WHERE warehouse_id = %s",
                    (self.before[0], self.warehouse),
                )
            else:
                cr.execute("DELETE FROM supply_planner WHERE warehouse_id = %s", (self.warehouse,))

    def bump_after(self, ready, go, result):
        with self.registry.cursor() as cr:
            cr.execute("SELECT count(*) FROM sale_order")  # the snapshot is taken here
            ready.set()
            go.wait(30)
            try:
                writer.bump(cr, [self.warehouse])
                result.append("written")
            except SerializationFailure:
                result.append("repeat")
                cr.rollback()

    @mute_logger("odoo.sql_db")
    def test_g06_a_stale_planner_repeats(self):
        """G06: a transaction that read before another one planned can't write: 40001, which
        Odoo repeats on fresh data. In both orders: the other committed, or commits meanwhile."""
        for meanwhile in (False, True):
            ready, go, result = threading.Event(), threading.Event(), []
            thread = threading.Thread(target=self.bump_after, args=(ready, go, result))
            thread.start()
            self.assertTrue(ready.wait(30))
            with self.registry.cursor() as cr:
                writer.bump(cr, [self.warehouse])
                if meanwhile:
                    go.set()
                    thread.join(0.3)  # it waits for this transaction
                    self.assertEqual(result, [])
            go.set()
            thread.join(30)
            self.assertEqual(result, ["repeat"])
