from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SupplyCase


@tagged("post_install", "-at_install")
class TestVendors(SupplyCase):
    def test_d01_on_time_then_cheap(self):
        """D01: V1 5.00 lead 30, V2 7.00 lead 3; due +40/+10/+1 → V1 / V2 / V2 late 2."""
        for due, vendor, late in (
            (40, self.vendor_1, 0),
            (10, self.vendor_2, 0),
            (1, self.vendor_2, 2),
        ):
            product = self.make_product(f"D01 {due}")
            self.add_vendor(product, self.vendor_1, 5.0, 30)
            self.add_vendor(product, self.vendor_2, 7.0, 3)
            self.sell(product, 10, due)
            line = self.lines(product)
            self.assertEqual((line.vendor_id, line.late_days), (vendor, late))
            self.assertGreaterEqual(line.order_date, self.today)

    def test_d02_total_cost_with_minimum(self):
        """D02: V1 4.00 MOQ 100, V2 6.00; need 20/66/67/80/150 → V2, V2, V1 100, V1 100, V1 150."""
        expected = {
            20: (self.vendor_2, 20, 6.0),
            66: (self.vendor_2, 66, 6.0),
            67: (self.vendor_1, 100, 4.0),
            80: (self.vendor_1, 100, 4.0),
            150: (self.vendor_1, 150, 4.0),
        }
        for need, result in expected.items():
            product = self.make_product(f"D02 {need}")
            self.add_vendor(product, self.vendor_1, 4.0, 5, minimum=100)
            self.add_vendor(product, self.vendor_2, 6.0, 5)
            self.sell(product, need, 30)
            line = self.lines(product)
            self.assertEqual((line.vendor_id, line.quantity, line.price_unit), result)

    def test_d03_price_breaks(self):
        """Price breaks 10 (1+), 8 (50+), 7 (200+): the row that the quantity reaches."""
        for need, price in ((30, 10.0), (60, 8.0), (200, 7.0)):
            product = self.make_product(f"D03 {need}")
            for minimum, unit_price in ((1, 10.0), (50, 8.0), (200, 7.0)):
                self.add_vendor(product, self.vendor_1, unit_price, 5, minimum=minimum)
            self.sell(product, need, 30)
            line = self.lines(product)
            self.assertEqual((line.quantity, line.price_unit), (need, price))

    def test_d05_expired_prices(self):
        """D05: an expired row → the other vendor; none left → a line that says so, no order."""
        expired = {"date_end": self.day(-1)}
        product = self.make_product("D05")
        self.add_vendor(product, self.vendor_1, 1.0, 5, **expired)
        self.add_vendor(product, self.vendor_2, 6.0, 5)
        self.sell(product, 10, 30)
        self.assertEqual(self.lines(product).vendor_id, self.vendor_2)
        alone = self.make_product("D05 无供应商")
        self.add_vendor(alone, self.vendor_1, 1.0, 5, **expired)
        order = self.sell(alone, 10, 30)
        line = self.lines(alone)
        self.assertEqual((line.quantity, line.vendor_id.id), (10, False))
        self.assertIn("no valid vendor", line.with_context(lang="en_US").driver)
        self.assertFalse(order.order_line.promise_date)
        line.action_approve()
        with self.assertRaises(UserError):
            line.action_release()
        self.assertFalse(self.env["purchase.order.line"].search([("product_id", "=", alone.id)]))

    def test_foreign_currency_is_compared_in_company_currency(self):
        """10 in a currency worth 2 is dearer than 15 in company currency."""
        foreign = self.env["res.currency"].create({"name": "XTS", "symbol": "¤", "active": True})
        self.env["res.currency.rate"].create(
            {
                "name": self.day(-1),
                "rate": 0.5,
                "currency_id": foreign.id,
                "company_id": self.company.id,
            }
        )
        product = self.make_product("外币")
        self.add_vendor(product, self.vendor_1, 10.0, 5, currency_id=foreign.id)
        self.add_vendor(product, self.vendor_2, 15.0, 5)
        self.sell(product, 1, 30)
        self.assertEqual(self.lines(product).vendor_id, self.vendor_2)

    def test_planner_changes_vendor(self):
        """A planner's vendor is kept by re-runs, with that vendor's price; no price, no change."""
        product = self.make_product("Edit")
        self.add_vendor(product, self.vendor_1, 4.0, 5)
        self.add_vendor(product, self.vendor_2, 6.0, 5)
        self.sell(product, 10, 30)
        line = self.lines(product)
        planner = self.make_user("planner_edit", "inventory_link.group_supply_planner")
        line.with_user(planner).write({"vendor_id": self.vendor_2.id, "quantity": 12})
        self.assertEqual((line.price_unit, line.free_quantity, line.edited), (6.0, 2.0, True))
        self.assertUnchanged()
        with self.assertRaises(UserError):
            line.with_user(planner).write({"vendor_id": self.customer.id})
