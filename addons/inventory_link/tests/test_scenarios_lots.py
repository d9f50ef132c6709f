import random

from odoo.tests import tagged

from .oracle import lots as brute_force
from .scenario import ScenarioCase

#: need, vendor minimum, multiple, maximum, rounding → lots (A06, A07, A08 as listed)
LISTED = [
    ("A06", 5, 25, 10, 0, "ceil", [30]),
    ("A06", 26, 25, 10, 0, "ceil", [30]),
    ("A06", 35, 25, 10, 0, "ceil", [40]),
    ("A06", 36, 25, 10, 0, "ceil", [40]),
    ("A06", 5, 25, 10, 0, "moq_step", [25]),
    ("A06", 26, 25, 10, 0, "moq_step", [35]),
    ("A06", 35, 25, 10, 0, "moq_step", [35]),
    ("A06", 36, 25, 10, 0, "moq_step", [45]),
    ("A07", 450, 0, 0, 100, "ceil", [100, 100, 100, 100, 50]),
    ("A07", 130, 60, 0, 100, "ceil", [100, 60]),
    ("A07", 90, 0, 20, 90, "ceil", [80, 20]),
    ("A08", 1000, 0, 48, 500, "ceil", [480, 480, 48]),
    # mixtures of the three
    ("A07", 1, 60, 0, 100, "ceil", [60]),
    ("A07", 100, 60, 0, 100, "ceil", [100]),
    ("A07", 101, 60, 0, 100, "ceil", [100, 60]),
    ("A07", 161, 60, 0, 100, "ceil", [100, 61]),
    ("A07", 200, 60, 0, 100, "ceil", [100, 100]),
    ("A08", 130, 60, 25, 110, "ceil", [100, 75]),
    ("A08", 301, 60, 25, 110, "ceil", [100, 100, 100, 75]),
    ("A08", 480, 0, 48, 500, "ceil", [480]),
    ("A08", 481, 0, 48, 500, "ceil", [480, 48]),
    ("A08", 10, 0, 48, 500, "ceil", [48]),
    # a minimum above the maximum: the vendor's minimum is the lot
    ("A07", 30, 120, 0, 100, "ceil", [120]),
    ("A06", 25, 25, 10, 0, "moq_step", [25]),
    ("A06", 90, 25, 10, 60, "moq_step", [55, 35]),
]


@tagged("post_install", "-at_install")
class TestScenariosLots(ScenarioCase):
    """A06–A08 and their mixtures, on the lines of the plan."""

    def planned_lots(self, cases):
        """The lots that the plan makes of each case ``(need, minimum, multiple, maximum, mode)``,
        all orders confirmed in one call."""
        products = self.env["product.product"].create(
            [
                {
                    "name": f"lot {number}",
                    "is_storable": True,
                    "supply_mode": "planned",
                    "supply_multiple": multiple,
                    "supply_max_lot": maximum,
                    "supply_lot_rounding": mode,
                }
                for number, (_need, _minimum, multiple, maximum, mode) in enumerate(cases)
            ]
        )
        orders = []
        for product, case in zip(products, cases, strict=True):
            self.add_vendor(product, self.vendor_1, 1.0, 5, minimum=case[1])
            orders.append(self.quote(product, case[0], 30))
        self.confirm_all(orders)
        return [
            ([line.quantity for line in self.lines(product).sorted("quantity", reverse=True)], line)
            for product in products
            for line in [self.lines(product)]
        ]

    def check(self, cases, expected):
        for case, lots, (got, lines) in zip(cases, expected, self.planned_lots(cases), strict=True):
            with self.subTest(case=case):
                self.assertEqual(got, [float(lot) for lot in lots])
                self.assertEqual(sum(lines.mapped("free_quantity")), sum(lots) - case[0])
                self.assertEqual(sum(lines.peg_ids.mapped("quantity")), case[0])
                self.assertEqual({self.offset(day) for day in lines.mapped("due_date")}, {30})
                self.assertEqual({self.offset(day) for day in lines.mapped("order_date")}, {25})

    def test_a06_a07_a08_listed(self):
        """A06, A07, A08 and mixtures of minimum, multiple and maximum: exact lots and surplus."""
        self.check([row[1:6] for row in LISTED], [row[6] for row in LISTED])
        self.assertUnchanged()

    def test_a06_a07_a08_brute_force_agrees_with_the_table(self):
        """The oracle itself gives the lots of the table."""
        for row in LISTED:
            with self.subTest(row=row):
                self.assertEqual(brute_force(*row[1:6]), row[6])

    def test_a06_a07_a08_random(self):
        """200 random mixtures of need, minimum, multiple, maximum and rounding equal the oracle."""
        chance = random.Random(19)  # noqa: S311 - test data, the same every time
        cases = [
            (
                chance.randint(1, 400),
                chance.choice((0, 0, 7, 25, 60)),
                chance.choice((0, 0, 4, 10, 48)),
                chance.choice((0, 0, 90, 110, 500)),
                chance.choice(("ceil", "ceil", "moq_step")),
            )
            for _number in range(200)
        ]
        self.check(cases, [brute_force(*case) for case in cases])

    def test_a08_fractions(self):
        """A08: multiple 0.5, need 5.2 kg → 5.5; 5.5 → 5.5; 0.1 → 0.5; ten needs of 0.1 → 1.0."""
        kilo = self.env.ref("uom.product_uom_kgm")
        for needs, expected in (((5.2,), 5.5), ((5.5,), 5.5), ((0.1,), 0.5), ((0.1,) * 10, 1.0)):
            with self.subTest(needs=needs):
                product = self.make_product(
                    f"A08 {needs}", lead=5, uom_id=kilo.id, supply_multiple=0.5
                )
                self.confirm_all([self.quote(product, need, 30) for need in needs])
                self.assertEqual(self.plan(product), [("buy", expected, 25, 30)])
        self.assertUnchanged()

    def test_a14_boxes_and_multiples(self):
        """Vendor sells whole boxes of 12 and the product has a multiple of 10: lots of 60."""
        unit = self.env.ref("uom.product_uom_unit")
        box = self.env["uom.uom"].create(
            {"name": "Box of 12", "relative_factor": 12, "relative_uom_id": unit.id}
        )
        for need, multiple, minimum, quantity in (
            (13, 0, 0, 24),
            (24, 0, 0, 24),
            (25, 0, 3, 36),
            (37, 0, 3, 48),
            (10, 10, 0, 60),
            (61, 10, 0, 120),
        ):
            with self.subTest(need=need, multiple=multiple, minimum=minimum):
                product = self.make_product(f"A14 {need}", supply_multiple=multiple)
                self.add_vendor(
                    product, self.vendor_1, 24.0, 5, minimum=minimum, product_uom_id=box.id
                )
                self.sell(product, need, 30)
                self.assertEqual([line[1] for line in self.plan(product)], [quantity])
                bought = self.release_lines(product).purchase_line_id
                self.assertEqual(
                    (bought.product_qty, bought.product_uom_id, bought.price_unit),
                    (quantity / 12, box, 24.0),
                )

    def test_a06_surplus_of_a_lot_serves_the_next_need(self):
        """What one lot leaves free goes to later needs before another lot is ordered."""
        product = self.make_product("A06 next", supply_multiple=10)
        self.add_vendor(product, self.vendor_1, 1.0, 5, minimum=25)
        for quantity, due in ((5, 20), (20, 30), (10, 40)):
            self.sell(product, quantity, due)
        self.assertEqual(self.plan(product), [("buy", 30.0, 15, 20), ("buy", 30.0, 35, 40)])
        self.assertEqual(
            self.tell_pegs(product),
            [
                ("SO@+20", "buy@+20", 5.0),
                ("SO@+30", "buy@+20", 20.0),
                ("SO@+40", "buy@+20", 5.0),
                ("SO@+40", "buy@+40", 5.0),
            ],
        )
        self.assertUnchanged()
