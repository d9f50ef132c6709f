from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, Command, api
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.inventory_link.engine import writer

from .race_case import RaceCase


@tagged("post_install", "-at_install")
class TestQuotingRace(RaceCase):
    """Two salespeople with real cursors. What is committed is taken back at the end."""

    def quote(self, env):
        warehouse = env["stock.warehouse"].browse(self.warehouse)
        warehouse.company_id.write({"supply_planning": True, "supply_reservation_days": 5})
        env = env(context={"allowed_company_ids": warehouse.company_id.ids})
        product = env["product.product"].create(
            {"name": "抢货", "is_storable": True, "supply_mode": "planned"}
        )
        place = warehouse.lot_stock_id
        env["stock.quant"]._update_available_quantity(product, place, 10)
        return env["sale.order"].create(
            {
                "partner_id": env["res.partner"].create({"name": "客户"}).id,
                "company_id": warehouse.company_id.id,
                "warehouse_id": warehouse.id,
                "validity_date": False,
                "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 4})],
            }
        )

    @mute_logger("odoo.sql_db")
    def test_g06_the_second_to_reserve_repeats(self):
        """G06: who quoted on what was free before another one reserved it doesn't reserve it as
        well: 40001, which Odoo repeats on fresh data. Alone it goes through."""
        with self.registry.cursor() as cr:
            order = self.quote(api.Environment(cr, SUPERUSER_ID, {}))
            order.action_reserve_promises()
            self.assertEqual(order.order_line.reserved_quantity, 4)
            cr.rollback()
        with self.registry.cursor() as cr:
            order = self.quote(api.Environment(cr, SUPERUSER_ID, {}))
            with self.registry.cursor() as other:
                writer.bump(other, [self.warehouse])  # what the other one's reservation does
            with self.assertRaises(SerializationFailure):
                order.action_reserve_promises()
            cr.rollback()
