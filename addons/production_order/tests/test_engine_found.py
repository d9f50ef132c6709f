from odoo.tests import tagged

from .common import ProductionCase


@tagged("post_install", "-at_install")
class TestEngineFound(ProductionCase):
    """Small cases of what random edits found in the engine."""

    def test_stock_that_is_only_reserved(self):
        """A quant without quantity, as reserving more than there is leaves one, counts as none."""
        product = self.make_product("Only reserved", lead=5)
        self.env["stock.quant"]._update_available_quantity(
            product, self.warehouse.lot_stock_id, reserved_quantity=2
        )
        self.sell(product, 10, 20)
        self.assertEqual(self.plan(product), [("buy", 10.0, 15, 20)])

    def test_reason_of_a_tie_depends_on_no_order(self):
        """Two components come on the same day: the same reason whatever their order in the bill."""
        part_1, part_2 = (self.make_product(f"Tie {n}", lead=30) for n in (1, 2))
        reasons = []
        for name, parts in (("12", (part_1, part_2)), ("21", (part_2, part_1))):
            product = self.make_product(f"Tie FG {name}")
            self.bom(product, 2, *((part, 1) for part in parts))
            self.sell(product, 1, 10)
            reasons.append(self.lines(product).driver_data)
        self.assertEqual(reasons[0], reasons[1])
        self.assertEqual(reasons[0], ["vendor_lead", part_1.id, 30])
