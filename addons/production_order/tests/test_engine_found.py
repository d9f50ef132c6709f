from odoo.tests import tagged

from odoo.addons.inventory_link.engine import dates
from odoo.addons.inventory_link.engine.netting import Demand, Supply

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

    def test_need_comes_back_after_an_approved_line_was_cancelled(self):
        """Approved, order cancelled, order confirmed again: planned anew. Once the cancelled line
        still held the key, and the customer's order couldn't be confirmed."""
        product = self.make_product("Comes back", lead=5)
        order = self.sell(product, 10, 20)
        self.lines(product).action_approve()
        order._action_cancel()
        self.assertEqual(self.lines(product, ("cancelled",)).quantity, 10)
        order.action_draft()
        order.commitment_date = self.noon(20)
        order.action_confirm()
        self.assertEqual(self.plan(product), [("buy", 10.0, 15, 20)])

    def test_reason_of_a_tie_depends_on_no_order(self):
        """Components that come on the same day: the same reason whatever their order. A production
        with two lines of one component swapped the order, and only a full run saw it."""
        reasons = []
        for parts in ((1, 2), (2, 1)):
            supply = Supply("production", 1, 40, 10, action="make", lead=5)
            for part in parts:
                demand = Demand("production", 1, "O1", 30, 30, 10)
                demand.feasible, demand.driver = 50, ("vendor_lead", part, 20)
                supply.demands.append(demand)
            dates.date_supply(supply, 3, today=20)
            reasons.append((supply.feasible, supply.driver))
        self.assertEqual(reasons[0], reasons[1])
