import threading

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.inventory_link.engine import writer

from .race_case import RaceCase


@tagged("post_install", "-at_install")
class TestRace(RaceCase):
    """Two planners with real cursors. Written data is removed at the end."""

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
