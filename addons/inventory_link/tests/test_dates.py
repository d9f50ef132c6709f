from odoo.tests import tagged

from .common import SupplyCase


@tagged("post_install", "-at_install")
class TestPromises(SupplyCase):
    def promise(self, product, quantity):
        order = self.quote(product, quantity)
        (promise,) = order.get_promises()
        self.assertEqual(promise["line_id"], order.order_line.id)
        return promise

    def test_quote_from_stock_then_vendor(self):
        """Stock 4, lead 7: 4 today, 10 in +7 with 4 now; nothing is stored or reserved."""
        product = self.make_product("Quote", stock=4, lead=7)
        self.assertEqual(self.offset(self.promise(product, 4)["date"]), 0)
        promise = self.promise(product, 10)
        self.assertEqual(self.offset(promise["date"]), 7)
        self.assertEqual(
            [(split["quantity"], self.offset(split["date"])) for split in promise["splits"]],
            [(4.0, 0), (6.0, 7)],
        )
        self.assertFalse(self.lines(product))
        self.assertFalse(self.pegs(product))

    def test_quote_comes_after_confirmed_orders(self):
        """C09: what confirmed orders take isn't promised again."""
        product = self.make_product("Taken", stock=10, lead=7)
        self.sell(product, 8, 30)
        promise = self.promise(product, 4)
        self.assertEqual(self.offset(promise["date"]), 7)
        self.assertEqual(self.plan(product), [])

    def test_two_lines_share_stock(self):
        """Two lines of one quotation don't get the same goods."""
        product = self.make_product("Shared", stock=5, lead=7)
        order = self.quote(product, 5)
        order.order_line.copy({"order_id": order.id})
        days = [self.offset(promise["date"]) for promise in order.get_promises()]
        self.assertEqual(days, [0, 7])

    def test_no_vendor_no_date(self):
        """Without a vendor there is no date, and the driver says why."""
        product = self.make_product("无货源")
        promise = self.promise(product.with_context(lang="en_US"), 1)
        self.assertFalse(promise["date"])
        self.assertIn("no valid vendor", promise["driver"])

    def test_confirmed_order_tells_its_stored_promise(self):
        """After confirming, get_promises() repeats what the plan stored."""
        product = self.make_product("Stored", stock=4, lead=7)
        order = self.sell(product, 10, 3)
        (promise,) = order.get_promises()
        self.assertEqual(self.offset(promise["date"]), 7)
        self.assertEqual(promise["date"], order.order_line.promise_date)
        self.assertEqual(order.order_line.promise_late_days, 4)
        self.assertIn("7", order.order_line.promise_reason)

    def test_overdue_order_never_plans_the_past(self):
        """An order due before today: line due today, ordered today, possible at lead time."""
        product = self.make_product("Overdue", lead=3)
        order = self.sell(product, 5, -4)
        line = self.lines(product)
        self.assertEqual((self.offset(line.order_date), self.offset(line.due_date)), (0, 0))
        self.assertEqual(self.offset(line.feasible_date), 3)
        self.assertEqual(order.order_line.promise_late_days, 7)
