from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.orm.registry import DummyRLock, Registry
from odoo.tests import BaseCase, get_db_name


class RaceCase(BaseCase):
    """Several real cursors on one warehouse; the version of its plan is put back at the end."""

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
