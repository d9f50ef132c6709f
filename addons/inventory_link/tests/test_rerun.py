from odoo.tests import tagged

from .common import SupplyCase


@tagged("post_install", "-at_install")
class TestRerun(SupplyCase):
    def test_g02_second_run_writes_nothing(self):
        """G02: unchanged → 0 inserts, updates, deletes, messages; ids equal; no new decision."""
        product = self.make_product("G02", stock=4, lead=7)
        self.sell(product, 10, 20)
        ids = self.lines(product).ids
        decisions = self.env["suite.decision"].search_count([])
        self.assertUnchanged()
        self.assertEqual(self.lines(product).ids, ids)
        self.assertEqual(self.env["suite.decision"].search_count([]), decisions)

    def test_every_line_has_its_why(self):
        """One decision a line when it is made, one more when it changes materially."""
        product = self.make_product("Why", lead=7)
        order = self.sell(product, 10, 20)
        line = self.lines(product)
        self.assertEqual(line.decision_count, 1)
        decision = self.env["suite.decision"].search(
            [("res_model", "=", "supply.plan.line"), ("res_id", "=", line.id)]
        )
        self.assertEqual((decision.kind, decision.outcome), ("supply.line", "planned"))
        self.assertIn("Why", decision.explanation)
        order.order_line.product_uom_qty = 12
        self.assertEqual(self.lines(product), line)
        line.invalidate_recordset()
        self.assertEqual((line.quantity, line.decision_count), (12, 2))

    def test_quantity_follows_without_drift(self):
        """F2 for bought goods: 5→8→3→2, then cancel, quotation, confirm again: always exact."""
        product = self.make_product("F2", lead=3)
        order = self.sell(product, 5, 20)
        for quantity in (8, 3, 2):
            order.order_line.product_uom_qty = quantity
            self.assertEqual(self.plan(product), [("buy", float(quantity), 17, 20)])
        order._action_cancel()
        self.assertEqual(self.plan(product), [])
        self.assertEqual(self.pegs(product), [])
        order.action_draft()
        order.commitment_date = self.noon(20)
        order.action_confirm()
        self.assertEqual(self.plan(product), [("buy", 2.0, 17, 20)])
        self.assertUnchanged()

    def test_new_date_moves_the_line(self):
        """A new delivery date of a confirmed order moves its line, same id."""
        product = self.make_product("Date", lead=3)
        order = self.sell(product, 5, 20)
        line = self.lines(product)
        order.commitment_date = self.noon(30)
        self.assertEqual(self.lines(product), line)
        self.assertEqual(self.plan(product), [("buy", 5.0, 27, 30)])
        self.assertEqual(self.offset(order.order_line.promise_date), 30)
        self.assertUnchanged()

    def test_batch_confirm(self):
        """Several orders confirmed in one call are planned together."""
        product = self.make_product("Batch", stock=3, lead=2)
        orders = self.quote(product, 4, 9) | self.quote(product, 5, 10)
        orders.action_confirm()
        self.assertEqual(self.plan(product), [("buy", 1.0, 7, 9), ("buy", 5.0, 8, 10)])
        self.assertUnchanged()

    def test_g09_rejected_stays_rejected_until_demand_changes(self):
        """G09: rejected with a reason → not proposed again; the demand changes → proposed once."""
        product = self.make_product("G09", lead=3)
        order = self.sell(product, 5, 20)
        line = self.lines(product)
        line.action_reject("客户改用替代料")
        self.assertEqual(self.plan(product), [])
        self.assertFalse(order.order_line.promise_date)
        self.assertUnchanged()
        order.order_line.product_uom_qty = 6
        self.assertEqual(self.plan(product), [("buy", 6.0, 17, 20)])
        self.assertUnchanged()

    def test_changes_since_last_run(self):
        """run(full=False) plans what changed since the last run, receipts and stock included."""
        product = self.make_product("Changed", lead=3)
        self.sell(product, 5, 20)
        self.planner.run(self.warehouse.ids)
        self.put_in_stock(product, 2)
        self.planner.run(self.warehouse.ids, full=False)
        self.assertEqual(self.plan(product), [("buy", 3.0, 17, 20)])
        self.assertUnchanged()
