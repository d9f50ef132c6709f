from odoo.tests import tagged

from .common import ProductionCase


@tagged("post_install", "-at_install")
class TestReadiness(ProductionCase):
    def test_h01_earlier_start_first(self):
        """H01: the production that starts first gets the goods, whoever was created first."""
        part = self.make_product("H01 C", stock=10)
        fg = self.make_product("H01 FG")
        self.bom(fg, 0, (part, 1))
        late = self.production(fg, 10, 5)
        early = self.production(fg, 10, 2)
        self.assertEqual((early.kit_rate, self.offset(early.ready_date)), (1.0, 0))
        self.assertEqual((late.kit_rate, late.buildable_quantity, late.ready_date), (0.0, 0, False))
        late.priority = "1"
        (late | early).invalidate_recordset(["kit_rate"])
        self.assertEqual((late.kit_rate, early.kit_rate), (1.0, 0.0))

    def test_h02_kit_rate_and_buildable(self):
        """H02: C 20 (stock 7, 15 @+6), D 10 (stock 100): kit 50 %, 3 pieces, ready +6, note."""
        c = self.make_product("H02C", stock=7)
        d = self.make_product("H02D", stock=100)
        fg = self.make_product("H02 FG")
        self.bom(fg, 1, (c, 2), (d, 1))
        self.purchase(c, 15, 6)
        production = self.production(fg, 10, 20)
        self.assertEqual((production.kit_rate, production.buildable_quantity), (0.5, 3))
        self.assertEqual(self.offset(production.ready_date), 6)
        self.assertIn("H02C", production.readiness_note)
        self.assertIn("13", production.readiness_note)
        self.put_in_stock(c, 13)
        production.invalidate_recordset()
        self.assertEqual((production.kit_rate, production.buildable_quantity), (1.0, 10))
        self.assertFalse(production.readiness_note)

    def test_nothing_on_hand_and_nothing_needed(self):
        """A component whose stock is only reserved, and one of which nothing is needed, break no
        production: the first is missing, the second is there."""
        part, free = self.make_product("仅预留", lead=5), self.make_product("不需要", lead=5)
        made = self.make_product("空缺品")
        self.bom(made, 2, (part, 1), (free, 1))
        production = self.production(made, 4, 20)
        self.env["stock.quant"].create(
            {"product_id": part.id, "location_id": self.warehouse.lot_stock_id.id}
        )
        self.env.cr.execute(
            "UPDATE stock_quant SET quantity = NULL WHERE product_id = %s", (part.id,)
        )
        production.move_raw_ids.filtered(lambda m: m.product_id == free).product_uom_qty = 0
        self.env.invalidate_all()
        self.assertEqual((production.kit_rate, production.buildable_quantity), (0.5, 0))
