from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SupplyCase


@tagged("post_install", "-at_install")
class TestWindows(SupplyCase):
    """Released lines share a request when vendor, currency, warehouse and days fit."""

    def release_all(self, *products):
        lines = self.env["supply.plan.line"].browse()
        for product in products:
            lines |= self.lines(product)
        lines.action_approve()
        lines.action_release()
        return lines.purchase_line_id.order_id

    def content(self, order):
        return sorted(
            (line.product_id.name, line.product_qty, self.offset(line.date_planned.date()))
            for line in order.order_line
        )

    def test_e05_window(self):
        """E05: A 5 @+10, B 3 @+12, C 4 @+20, window 7 → PO1 {A, B}, PO2 {C}."""
        products = [self.make_product(f"E05 {name}", lead=3) for name in "ABC"]
        self.assertEqual(self.company.supply_window_days, 7)
        for product, quantity, day in zip(products, (5, 3, 4), (10, 12, 20), strict=True):
            self.sell(product, quantity, day)
        orders = self.release_all(*products)
        self.assertEqual(
            sorted(map(self.content, orders)),
            [[("E05 A", 5, 10), ("E05 B", 3, 12)], [("E05 C", 4, 20)]],
        )
        self.assertUnchanged()

    def test_window_counts_from_the_first(self):
        """+10, +16, +17, +23: the window of 7 days from +10 ends before +17, the next from +17."""
        products = [self.make_product(f"First {day}", lead=3) for day in (10, 16, 17, 23)]
        for product, day in zip(products, (10, 16, 17, 23), strict=True):
            self.sell(product, 1, day)
        orders = self.release_all(*products)
        self.assertEqual(
            sorted([day for _name, _qty, day in self.content(order)] for order in orders),
            [[10, 16], [17, 23]],
        )

    def test_e02_same_product_keeps_its_days(self):
        """E02: 3 @+10 and 7 @+40 never become one line: two requests, or one without a window."""
        for window, count in ((7, 2), (0, 1)):
            self.company.supply_window_days = window
            product = self.make_product(f"E02 {window}", lead=7)
            self.sell(product, 3, 10)
            self.sell(product, 7, 40)
            orders = self.release_all(product)
            self.assertEqual(len(orders), count)
            self.assertEqual(
                sorted(row[1:] for order in orders for row in self.content(order)),
                [(3, 10), (7, 40)],
            )
            self.assertUnchanged()

    def test_other_vendor_or_currency(self):
        """Another vendor or currency is another request."""
        one, two, three = (self.make_product(f"Key {n}") for n in range(3))
        other = self.env["res.currency"].create({"name": "QQY", "symbol": "Q"})
        self.add_vendor(one, self.vendor_1, 1.0, 3)
        self.add_vendor(two, self.vendor_2, 1.0, 3)
        self.add_vendor(three, self.vendor_1, 1.0, 3, currency_id=other.id)
        for product in (one, two, three):
            self.sell(product, 1, 10)
        self.assertEqual(len(self.release_all(one, two, three)), 3)

    @mute_logger("odoo.sql_db")
    def test_window_is_not_negative(self):
        """A negative window or approval limit is refused."""
        for field in ("supply_window_days", "supply_approval_amount"):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.company[field] = -1
                self.env.flush_all()

    def test_merged_requests_keep_their_plan_lines(self):
        """Two requests merged into one line: each plan line finds it, and the plan has no gap."""
        product = self.make_product("Merge", lead=3)
        orders = [self.sell(product, quantity, 20) for quantity in (5, 3)]
        lines = self.lines(product)
        if len(lines) == 1:
            lines.action_split(5)
            lines = self.lines(product)
        for line in lines:
            line.action_approve()
            line.action_release()
        requests = lines.purchase_line_id.order_id
        self.assertEqual(len(requests), 2)
        requests.action_merge()
        alive = requests.filtered(lambda order: order.state != "cancel")
        self.assertEqual(alive.order_line.product_qty, 8)
        self.assertEqual(lines.purchase_line_id, alive.order_line)
        self.assertEqual(alive.supply_sale_order_ids, orders[0] | orders[1])
        self.assertEqual(self.plan(product), [])
        self.assertUnchanged()

    def test_applied_message_changes_nothing_else(self):
        """A vendor's own row priced a buyer's order: a decrease keeps its day and price."""
        product = self.make_product("Keep", lead=7, price=2.0)
        sale = self.sell(product, 10, 60)
        self.lines(product).action_reject("自己买")
        order = self.purchase(product, 10, 40, confirm=False)
        line = order.order_line
        line.write({"price_unit": 2.0, "technical_price_unit": 2.0, "date_planned": self.noon(58)})
        order.button_confirm()
        sale.order_line.product_uom_qty = 6
        found = self.env["supply.message"].search(
            [("product_id", "=", product.id), ("state", "=", "open")]
        )
        self.assertEqual(found.mapped("kind"), ["decrease"])
        found.action_apply()
        self.assertEqual(
            (line.product_qty, line.price_unit, line.date_planned), (6, 2.0, self.noon(58))
        )

    def test_price_of_a_following_draft(self):
        """100 at 3.00 falls to 40: the request follows at 4.00, and at the plan's day."""
        product = self.make_product("Follow price")
        self.add_vendor(product, self.vendor_1, 4.0, 7)
        self.add_vendor(product, self.vendor_1, 3.0, 7, minimum=100)
        order = self.sell(product, 100, 30)
        bought = self.release_all(product).order_line
        self.assertEqual(bought.price_unit, 3.0)
        order.order_line.product_uom_qty = 40
        self.assertEqual(
            (bought.product_qty, bought.price_unit, bought.date_planned), (40, 4.0, self.noon(30))
        )
        order.commitment_date = self.noon(45)
        self.assertEqual((bought.price_unit, bought.date_planned), (4.0, self.noon(45)))
        self.assertUnchanged()
