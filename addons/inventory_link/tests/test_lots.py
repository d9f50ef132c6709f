from odoo.tests import tagged

from odoo.addons.inventory_link.engine.lots import LotRule, sizes

from .common import SupplyCase


@tagged("post_install", "-at_install")
class TestLots(SupplyCase):
    def test_a06_minimum_and_multiple(self):
        """A06: MOQ 25, multiple 10; need 5/26/35/36 → ceil 30/30/40/40, moq_step 25/35/35/45."""
        needs = (5, 26, 35, 36)
        ceil = [sizes(need, 25, LotRule(10)) for need in needs]
        self.assertEqual(ceil, [(30,), (30,), (40,), (40,)])
        step = [sizes(need, 25, LotRule(10, mode="moq_step")) for need in needs]
        self.assertEqual(step, [(25,), (35,), (35,), (45,)])

    def test_a07_a08_maximum_lot(self):
        """A07/A08: split at the maximum, itself lowered to a whole multiple."""
        self.assertEqual(sizes(450, 0, LotRule(0, 100)), (100, 100, 100, 100, 50))
        self.assertEqual(sizes(130, 60, LotRule(0, 100)), (100, 60))
        self.assertEqual(sizes(90, 0, LotRule(20, 90)), (80, 20))
        self.assertEqual(sizes(1000, 0, LotRule(48, 500)), (480, 480, 48))

    def test_a09_one_minimum_lot_for_three_orders(self):
        """A09: MOQ 100; 20 @+10, @+12, @+14 → one buy 100 order +5; pegs 20 each, 40 free."""
        product = self.make_product("A09")
        self.add_vendor(product, self.vendor_1, 1.0, 5, minimum=100)
        for due in (10, 12, 14):
            self.sell(product, 20, due)
        self.assertEqual(self.plan(product), [("buy", 100.0, 5, 10)])
        self.assertEqual(self.pegs(product), [("plan", 20.0)] * 3)
        self.assertEqual(self.lines(product).free_quantity, 40)
        self.assertUnchanged()

    def test_a13_shares_of_a_minimum_lot(self):
        """A13: MOQ 1,234, needs 250 and 1,000 in one window → one line 1,250, shares kept."""
        product = self.make_product("A13", supply_bucket_days=7)
        self.add_vendor(product, self.vendor_1, 1.0, 5, minimum=1234)
        self.sell(product, 250, 10)
        self.assertEqual([line[1] for line in self.plan(product)], [1234])
        self.sell(product, 1000, 12)
        self.assertEqual(self.plan(product), [("buy", 1250.0, 5, 10)])
        self.assertEqual(self.pegs(product), [("plan", 250.0), ("plan", 1000.0)])

    def test_a14_vendor_sells_boxes(self):
        """A14: 2 dozen ordered, boxes of 12 with minimum 3 → 3 boxes on the purchase, 12 free."""
        dozen = self.env.ref("uom.product_uom_dozen")
        product = self.make_product("A14")
        self.add_vendor(product, self.vendor_1, 24.0, 5, minimum=3, product_uom_id=dozen.id)
        order = self.quote(product, 2, 10)
        order.order_line.product_uom_id = dozen
        order.action_confirm()
        line = self.lines(product)
        self.assertEqual((line.quantity, line.free_quantity, line.price_unit), (36, 12, 2.0))
        line.action_approve()
        line.action_release()
        bought = line.purchase_line_id
        self.assertEqual((bought.product_qty, bought.product_uom_id), (3, dozen))
        self.assertEqual(bought.price_unit, 24.0)

    def test_e01_buckets(self):
        """E01: 5 @+10, 7 @+12, 4 @+20, lead 4; bucket 7 → 12 and 4; none → 5, 7, 4."""
        for bucket, expected in (
            (7, [("buy", 12.0, 6, 10), ("buy", 4.0, 16, 20)]),
            (0, [("buy", 5.0, 6, 10), ("buy", 7.0, 8, 12), ("buy", 4.0, 16, 20)]),
        ):
            product = self.make_product(f"E01 {bucket}", lead=4, supply_bucket_days=bucket)
            for quantity, due in ((5, 10), (7, 12), (4, 20)):
                self.sell(product, quantity, due)
            self.assertEqual(self.plan(product), expected)

    def test_by_order_keeps_orders_apart(self):
        """By order: two orders of one day get a line each; merged: one line."""
        apart = self.make_product("by order", lead=2, supply_policy="by_order")
        merged = self.make_product("merged", lead=2)
        for product in (apart, merged):
            self.sell(product, 3, 9)
            self.sell(product, 4, 9)
        self.assertEqual(self.plan(apart), [("buy", 3.0, 7, 9), ("buy", 4.0, 7, 9)])
        self.assertEqual(self.plan(merged), [("buy", 7.0, 7, 9)])
