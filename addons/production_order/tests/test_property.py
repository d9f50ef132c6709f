import random
from collections import defaultdict

from odoo.tests import tagged

from .common import ProductionCase


@tagged("post_install", "-at_install")
class TestProperties(ProductionCase):
    def setUp(self):
        super().setUp()
        self.random = random.Random(20260801)  # noqa: S311 - test data, the same every time
        self.parts = [
            self.make_product(
                f"P01 part {n}",
                stock=self.random.choice((0, 0, 5, 20)),
                lead=self.random.randint(1, 20),
                supply_multiple=self.random.choice((0, 0, 5)),
                supply_bucket_days=self.random.choice((0, 7)),
                supply_safety_stock=self.random.choice((0, 0, 3)),
            )
            for n in range(6)
        ]
        self.middle = [self.make_product(f"P01 sub {n}", stock=n) for n in range(4)]
        self.tops = [
            self.make_product(
                f"P01 top {n}", supply_policy=self.random.choice(("merged", "by_order"))
            )
            for n in range(4)
        ]
        for level, below in ((self.middle, self.parts), (self.tops, self.parts + self.middle)):
            for product in level:
                chosen = self.random.sample(below, 3)
                self.bom(
                    product,
                    self.random.randint(0, 6),
                    *((part, self.random.randint(1, 4)) for part in chosen),
                )
        self.products = self.parts + self.middle + self.tops

    def edit(self, orders):
        """One random act on the orders."""
        act = self.random.choice(("new", "new", "quantity", "date", "cancel"))
        live = [order for order in orders if order.state == "sale"]
        if act == "new" or not live:
            product = self.random.choice(self.products)
            orders.append(
                self.sell(product, self.random.randint(1, 15), self.random.randint(0, 50))
            )
            return
        order = self.random.choice(live)
        if act == "quantity":
            order.order_line.product_uom_qty = self.random.randint(1, 15)
        elif act == "date":
            order.commitment_date = self.noon(self.random.randint(0, 60))
        else:
            order._action_cancel()

    def check_conservation(self):
        """P01: pegs cover each demand exactly and never take more than a supply has."""
        pegs = self.env["supply.peg"].search(
            [("product_id", "in", [product.id for product in self.products])]
        )
        sold, given = defaultdict(float), defaultdict(float)
        for peg in pegs:
            if peg.sale_line_id:
                sold[peg.sale_line_id] += peg.quantity
            if peg.supply_plan_line_id:
                given[peg.supply_plan_line_id] += peg.quantity
        live = self.env["sale.order.line"].search(
            [
                ("product_id", "in", [product.id for product in self.products]),
                ("state", "=", "sale"),
            ]
        )
        self.assertEqual(dict(sold), {line: line.product_uom_qty for line in live})
        lines = self.env["supply.plan.line"].search(
            [
                ("product_id", "in", [product.id for product in self.products]),
                ("state", "in", ("proposed", "approved")),
            ]
        )
        for line in lines:
            self.assertAlmostEqual(given[line] + line.free_quantity, line.quantity, 6)
            self.assertGreaterEqual(line.order_date, self.today)
            self.assertGreaterEqual(line.due_date, self.today)
            for part in line.bom_id.bom_line_ids:
                taken = sum(
                    line.component_peg_ids.filtered(
                        lambda peg, part=part: peg.product_id == part.product_id
                    ).mapped("quantity")
                )
                self.assertAlmostEqual(taken, part.product_qty * line.quantity, 6)

    def test_p01_p02_p03_random_edits(self):
        """P01–P03: after random edits pegs are conserved, and a full run finds nothing to do."""
        orders = []
        for number in range(40):
            self.edit(orders)
            if number % 8 == 7:
                self.check_conservation()
                self.assertUnchanged()

    def test_p05_order_of_records_does_not_matter(self):
        """P05: the same plan when everything is deleted and planned from nothing."""
        orders = []
        for _number in range(12):
            self.edit(orders)

        def snapshot():
            return [(product.id, self.plan(product)) for product in self.products]

        before = snapshot()
        self.env.cr.execute("DELETE FROM supply_peg")
        self.env.cr.execute("DELETE FROM supply_plan_line")
        self.env.invalidate_all()
        self.planner.run(self.warehouse.ids)
        self.assertEqual(snapshot(), before)
