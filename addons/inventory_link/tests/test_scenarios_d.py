import random
from fractions import Fraction

from odoo.exceptions import UserError
from odoo.tests import tagged

from .scenario import ScenarioCase


@tagged("post_install", "-at_install")
class TestScenariosD(ScenarioCase):
    """Choice of a vendor: on time, then the lowest total."""

    def chosen(self, product):
        """``[(vendor, quantity, price, order, due, late)]`` of the open lines."""
        return [
            (
                line.vendor_id,
                line.quantity,
                line.price_unit,
                self.offset(line.order_date),
                self.offset(line.due_date),
                line.late_days,
            )
            for line in self.lines(product)
        ]

    def test_d01(self):
        """D01: V1 5.00 lead 30, V2 7.00 lead 3; due +40 / +10 / +1 → V1 / V2 / V2 late 2."""
        expected = {
            40: (self.vendor_1, 10, 5.0, 10, 40, 0),
            10: (self.vendor_2, 10, 7.0, 7, 10, 0),
            1: (self.vendor_2, 10, 7.0, 0, 1, 2),
        }
        promises = {40: (40, 0), 10: (10, 0), 1: (3, 2)}
        for due, line in expected.items():
            with self.subTest(due=due):
                product = self.make_product(f"D01 {due}")
                self.add_vendor(product, self.vendor_1, 5.0, 30)
                self.add_vendor(product, self.vendor_2, 7.0, 3)
                order = self.sell(product, 10, due)
                self.assertEqual(self.chosen(product), [line])
                self.assertEqual(self.promise(order), promises[due])
        self.assertUnchanged()

    def test_d02(self):
        """D02: V1 4.00 MOQ 100, V2 6.00: 20, 66 → V2; 67, 80 → V1 100; 150 → V1 150."""
        expected = {
            20: (self.vendor_2, 20, 6.0),
            66: (self.vendor_2, 66, 6.0),
            67: (self.vendor_1, 100, 4.0),
            80: (self.vendor_1, 100, 4.0),
            150: (self.vendor_1, 150, 4.0),
        }
        for need, (vendor, quantity, price) in expected.items():
            with self.subTest(need=need):
                product = self.make_product(f"D02 {need}")
                self.add_vendor(product, self.vendor_1, 4.0, 5, minimum=100)
                self.add_vendor(product, self.vendor_2, 6.0, 5)
                self.sell(product, need, 30)
                self.assertEqual(self.chosen(product), [(vendor, quantity, price, 25, 30, 0)])
                self.assertEqual(self.lines(product).free_quantity, quantity - need)
                bought = self.release_lines(product).purchase_line_id
                self.assertEqual(
                    (bought.partner_id, bought.product_qty, bought.price_unit),
                    (vendor, quantity, price),
                )
        self.assertUnchanged()

    def check_breaks(self, expected, **values):
        for need, (quantity, price) in expected.items():
            with self.subTest(need=need):
                product = self.make_product(f"D03 {need} {values}", **values)
                for minimum, unit_price in ((1, 10.0), (50, 8.0), (200, 7.0)):
                    self.add_vendor(product, self.vendor_1, unit_price, 5, minimum=minimum)
                self.sell(product, need, 30)
                self.assertEqual(
                    self.chosen(product), [(self.vendor_1, quantity, price, 25, 30, 0)]
                )
                self.assertEqual(self.lines(product).free_quantity, quantity - need)
                bought = self.release_lines(product).purchase_line_id
                self.assertEqual((bought.product_qty, bought.price_unit), (quantity, price))

    def test_d03(self):
        """D03: breaks 10 (1+), 8 (50+), 7 (200+): bought up to a break where that is cheaper."""
        self.check_breaks(
            {
                30: (30, 10.0),
                40: (40, 10.0),
                41: (50, 8.0),
                49: (50, 8.0),
                60: (60, 8.0),
                174: (174, 8.0),
                175: (175, 8.0),
                176: (200, 7.0),
                200: (200, 7.0),
                201: (201, 7.0),
            }
        )

    def test_d03_no_surplus(self):
        """D03 where surplus isn't allowed for the product: exactly the need, at its own price."""
        self.check_breaks(
            {
                40: (40, 10.0),
                41: (41, 10.0),
                49: (49, 10.0),
                50: (50, 8.0),
                174: (174, 8.0),
                176: (176, 8.0),
                200: (200, 7.0),
            },
            supply_allow_surplus=False,
        )

    def test_d05(self):
        """D05: a price that ended yesterday: the other vendor 6.00; no other: a line without."""
        expired = {"date_end": self.day(-1)}
        product = self.make_product("D05")
        self.add_vendor(product, self.vendor_1, 1.0, 5, **expired)
        self.add_vendor(product, self.vendor_2, 6.0, 5)
        self.sell(product, 10, 30)
        self.assertEqual(self.chosen(product), [(self.vendor_2, 10, 6.0, 25, 30, 0)])
        alone = self.make_product("D05 alone")
        self.add_vendor(alone, self.vendor_1, 1.0, 5, **expired)
        order = self.sell(alone, 10, 30)
        line = self.lines(alone)
        self.assertEqual((line.quantity, line.vendor_id.id, line.action), (10, False, "buy"))
        self.assertIn("no valid vendor", line.with_context(lang="en_US").driver)
        self.assertFalse(order.order_line.promise_date)
        line.action_approve()
        with self.assertRaises(UserError):
            line.action_release()
        self.assertFalse(self.env["purchase.order.line"].search([("product_id", "=", alone.id)]))
        self.assertUnchanged()

    def test_d05_validity_on_the_order_day(self):
        """A price that ends today counts today; one that starts later counts once ordering does."""
        for start, end, due, price in (
            (False, 0, 5, 1.0),  # ordered today, the price's last day
            (False, 0, 30, 6.0),  # ordered +25, over by then
            (20, False, 30, 1.0),  # ordered +25, begun by then
            (26, False, 30, 6.0),  # ordered +25, not begun
        ):
            with self.subTest(start=start, end=end, due=due):
                product = self.make_product(f"D05 {start} {end} {due}")
                self.add_vendor(
                    product,
                    self.vendor_1,
                    1.0,
                    5,
                    date_start=self.day(start) if start is not False else False,
                    date_end=self.day(end) if end is not False else False,
                )
                self.add_vendor(product, self.vendor_2, 6.0, 5)
                self.sell(product, 10, due)
                self.assertEqual(self.lines(product).price_unit, price)

    # -- against a brute-force oracle -----------------------------------------------------------

    def test_d_random(self):
        """120 random tables of vendors (minimum, breaks, discount, lead, currency, multiple):
        the plan's choice costs what the best of all possible orders costs."""
        chance = random.Random(190)  # noqa: S311 - test data, the same every time
        vendors = self.env["res.partner"].create([{"name": f"V{n}"} for n in range(3)])
        foreign = self.env["res.currency"].create({"name": "XTS", "symbol": "¤"})
        self.env["res.currency.rate"].create(
            {
                "name": self.day(-1),
                "rate": 0.5,
                "currency_id": foreign.id,
                "company_id": self.company.id,
            }
        )
        cases, orders = [], []
        for number in range(120):
            multiple = chance.choice((0, 0, 0, 5, 12))
            product = self.make_product(f"D random {number}", supply_multiple=multiple)
            need, due = chance.randint(1, 260), chance.choice((4, 20, 40))
            offers = self.random_offers(chance, vendors, foreign)
            for vendor, lead, currency, rows in offers:
                for minimum, price, discount in rows:
                    self.add_vendor(
                        product,
                        vendor,
                        float(price),
                        lead,
                        minimum=minimum,
                        discount=float(discount),
                        currency_id=(currency or self.company.currency_id).id,
                    )
            cases.append((product, need, due, multiple, offers))
            orders.append(self.quote(product, need, due))
        self.confirm_all(orders)
        for case in cases:
            with self.subTest(product=case[0].name, case=case[1:]):
                self.check_choice(*case)

    def random_offers(self, chance, vendors, foreign):
        """``[(vendor, lead, foreign currency or None, [(minimum, price, discount)])]``."""
        offers = []
        for vendor in vendors[: chance.randint(1, 3)]:
            price = chance.randint(8, 12)
            currency = foreign if chance.random() < 0.25 else None
            rows = []
            for minimum in sorted(chance.sample((1, 30, 50, 100, 200), chance.randint(1, 3))):
                rows.append((minimum, price, chance.choice((0, 0, 10))))
                price -= chance.randint(1, 2)
            if currency:  # one of it is worth 2
                rows = [(minimum, Fraction(each, 2), off) for minimum, each, off in rows]
            offers.append((vendor, chance.choice((3, 5, 30)), currency, rows))
        return offers

    def check_choice(self, product, need, due, multiple, offers):
        best = best_order(need, due, multiple, offers)
        line = self.lines(product)
        self.assertEqual(len(line), 1)
        vendor, lead, currency, rows = next(o for o in offers if o[0] == line.vendor_id)
        rate = 2 if currency else 1
        price = unit_price(rows, line.quantity)
        self.assertAlmostEqual(line.price_unit, float(price), 6)
        self.assertEqual(line.currency_id, currency or self.company.currency_id)
        late = max(0, lead - due)
        got = (bool(late), lead if late else 0, price * rate * Fraction(line.quantity))
        self.assertEqual((*got, line.quantity), best)
        self.assertEqual(line.late_days, late)
        self.assertEqual(self.offset(line.order_date), max(0, due - lead))


def unit_price(rows, quantity):
    """The price of the largest break that a quantity reaches, ``None`` below the smallest."""
    reached = [row for row in rows if row[0] <= quantity]
    if not reached:
        return None
    _minimum, price, discount = max(reached, key=lambda row: row[0])
    return Fraction(price) * (100 - discount) / 100


def best_order(need, due, multiple, offers):
    """``(late, lead when late, cost, quantity)`` of the best of all orders that cover the need."""
    options = []
    for _vendor, lead, currency, rows in offers:
        for quantity in range(need, 500):
            price = unit_price(rows, quantity)
            if price is None or (multiple and quantity % multiple):
                continue
            late = lead > due
            cost = price * (2 if currency else 1) * quantity
            options.append((late, lead if late else 0, cost, quantity))
    return min(options)
