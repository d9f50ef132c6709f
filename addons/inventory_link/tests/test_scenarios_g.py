from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .scenario import ScenarioCase


@tagged("post_install", "-at_install")
class TestScenariosG(ScenarioCase):
    """G14: orders on credit hold are planned, shown, and not released."""

    def given(self, minimum):
        self.company.supply_plan_holds = True
        self.product = self.make_product(f"G14 {minimum}", supply_bucket_days=7)
        self.add_vendor(self.product, self.vendor_1, 1.0, 5, minimum=minimum)
        self.held = self.quote(self.product, 10, 20)
        self.holding = self.held.ids
        outlook = type(self.env["suite.outlook"])
        self.enterContext(
            patch.object(outlook, "_held_orders", lambda _model, _company: self.holding)
        )
        self.free = self.sell(self.product, 5, 20)
        self.planner.run(self.warehouse.ids)

    def told_lines(self):
        return [
            (line.action, line.quantity, line.tentative, line.free_quantity)
            for line in self.lines(self.product).sorted(lambda line: (line.tentative, line.id))
        ]

    def shares(self):
        return sorted(
            (peg.sale_line_id.order_id == self.held, peg.quantity)
            for peg in self.env["supply.peg"].search([("product_id", "=", self.product.id)])
        )

    def unlock(self):
        self.holding = []
        self.held.action_confirm()

    def test_g14(self):
        """G14 without minimum: buy 5 releasable, buy 10 tentative; released after the unlock."""
        self.given(0)
        self.assertEqual(self.told_lines(), [("buy", 5, False, 0), ("buy", 10, True, 0)])
        self.assertEqual(self.shares(), [(False, 5.0), (True, 10.0)])
        self.assertUnchanged()
        certain, tentative = self.lines(self.product).sorted("tentative")
        self.assertEqual(tentative.sale_line_ids, self.held.order_line)
        (certain | tentative).action_approve()
        with self.assertRaises(UserError) as refused:
            tentative.with_context(lang="en_US").action_release()
        self.assertIn("credit hold", str(refused.exception))
        certain.action_release()
        self.assertEqual(certain.purchase_line_id.product_qty, 5)
        self.unlock()
        lines = self.lines(self.product)
        self.assertEqual([(line.quantity, line.tentative) for line in lines], [(10, False)])
        lines.action_approve()
        lines.action_release()
        self.assertEqual(lines.purchase_line_id.product_qty, 10)
        self.assertUnchanged()

    def test_g14_minimum(self):
        """G14, MOQ 20: one buy 20 that SO2 alone needs: releasable; 5, 10 and 5 free."""
        self.given(20)
        self.assertEqual(self.told_lines(), [("buy", 20, False, 5)])
        self.assertEqual(self.shares(), [(False, 5.0), (True, 10.0)])
        self.assertUnchanged()
        bought = self.release_lines(self.product).purchase_line_id
        self.assertEqual(bought.product_qty, 20)
        self.assertEqual(self.lines(self.product).ids, [])
        self.unlock()
        self.assertEqual(self.lines(self.product).ids, [])
        self.assertEqual(self.tell_messages(self.product), [])
        self.assertUnchanged()

    def test_g14_switched_off(self):
        """Without the company's switch held orders aren't planned at all."""
        self.given(0)
        self.company.supply_plan_holds = False
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.told_lines(), [("buy", 5, False, 0)])
        self.assertEqual(self.shares(), [(False, 5.0)])

    def test_g14_held_order_takes_nothing_from_a_confirmed_one(self):
        """Stock 10, held order of 10 due earlier, confirmed 8 due later: the 8 come from stock."""
        self.company.supply_plan_holds = True
        self.product = self.make_product("G14 stock", stock=10, lead=5)
        self.held = self.quote(self.product, 10, 10)
        outlook = type(self.env["suite.outlook"])
        self.enterContext(
            patch.object(outlook, "_held_orders", lambda _model, _company: self.held.ids)
        )
        order = self.sell(self.product, 8, 30)
        self.planner.run(self.warehouse.ids)
        self.assertEqual(
            self.tell_pegs(self.product),
            [
                ("SO@+10", "buy@+10", 8.0),
                ("SO@+10", "stock", 2.0),
                ("SO@+30", "stock", 8.0),
            ],
        )
        self.assertEqual(self.told_lines(), [("buy", 8, True, 0)])
        self.assertEqual(self.promise(order), (30, 0))
        self.assertUnchanged()
