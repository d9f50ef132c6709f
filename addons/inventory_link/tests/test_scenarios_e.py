from odoo.tests import tagged

from .scenario import ScenarioCase


@tagged("post_install", "-at_install")
class TestScenariosE(ScenarioCase):
    """Grouping: needs into lots, lots into purchase orders."""

    def test_e01(self):
        """E01: lead 4; 5 @+10, 7 @+12, 4 @+20; bucket 7 → 12 and 4; none → 5, 7, 4."""
        expected = {
            7: [("buy", 12.0, 6, 10), ("buy", 4.0, 16, 20)],
            0: [("buy", 5.0, 6, 10), ("buy", 7.0, 8, 12), ("buy", 4.0, 16, 20)],
        }
        pegs = {
            7: [
                ("SO@+10", "buy@+10", 5.0),
                ("SO@+12", "buy@+10", 7.0),
                ("SO@+20", "buy@+20", 4.0),
            ],
            0: [
                ("SO@+10", "buy@+10", 5.0),
                ("SO@+12", "buy@+12", 7.0),
                ("SO@+20", "buy@+20", 4.0),
            ],
        }
        for bucket, plan in expected.items():
            with self.subTest(bucket=bucket):
                product = self.make_product(f"E01 {bucket}", lead=4, supply_bucket_days=bucket)
                for quantity, due in ((5, 10), (7, 12), (4, 20)):
                    self.sell(product, quantity, due)
                self.assertEqual(self.plan(product), plan)
                self.assertEqual(self.tell_pegs(product), pegs[bucket])
        self.assertUnchanged()

    def test_e01_edge_of_the_bucket(self):
        """A bucket of 7 days that opens on +10 holds +16 and not +17."""
        for due, plan in (
            (16, [("buy", 12.0, 6, 10)]),
            (17, [("buy", 5.0, 6, 10), ("buy", 7.0, 13, 17)]),
        ):
            with self.subTest(due=due):
                product = self.make_product(f"E01 edge {due}", lead=4, supply_bucket_days=7)
                self.sell(product, 5, 10)
                self.sell(product, 7, due)
                self.assertEqual(self.plan(product), plan)

    def test_e02(self):
        """E02: 3 @+10 and 7 @+40, vendor groups everything: two purchase lines, dates kept."""
        self.vendor_1.write({"group_rfq": "all", "group_on": "default"})
        product = self.make_product("E02", lead=7)
        first = self.sell(product, 3, 10)
        second = self.sell(product, 7, 40)
        self.assertEqual(self.plan(product), [("buy", 3.0, 3, 10), ("buy", 7.0, 33, 40)])
        bought = self.release_lines(product).purchase_line_id
        self.assertEqual(
            sorted((line.product_qty, line.date_planned) for line in bought),
            [(3, self.noon(10)), (7, self.noon(40))],
        )
        self.assertEqual(
            self.tell_pegs(product), [("SO@+10", "PO@+10", 3.0), ("SO@+40", "PO@+40", 7.0)]
        )
        self.assertEqual((self.promise(first), self.promise(second)), ((10, 0), (40, 0)))
        self.assertEqual(self.tell_messages(product), [])
        self.assertUnchanged()

    def test_e03(self):
        """E03: 12 @+30 and 20 @+60 released together: two lines; next run 0 lines."""
        product = self.make_product("E03", lead=7)
        self.sell(product, 12, 30)
        self.sell(product, 20, 60)
        bought = self.release_lines(product).purchase_line_id
        self.assertEqual(
            sorted((line.product_qty, line.date_planned) for line in bought),
            [(12, self.noon(30)), (20, self.noon(60))],
        )
        result = self.planner.run(self.warehouse.ids)
        self.assertEqual(result["inserted"], 0)
        self.assertEqual(self.plan(product), [])
        self.assertEqual(self.tell_messages(product), [])
        bought.order_id.button_confirm()
        self.assertEqual(self.plan(product), [])
        self.assertUnchanged()

    def test_e05(self):
        """E05: A 5 @+10, B 3 @+12, C 4 @+20 of one vendor: within 7 days → {A, B} and {C}."""
        self.company.supply_window_days = 7
        products = [self.make_product(f"E05 {name}", lead=7) for name in "ABC"]
        for product, quantity, due in zip(products, (5, 3, 4), (10, 12, 20), strict=True):
            self.sell(product, quantity, due)
        lines = self.env["supply.plan.line"].union(*map(self.lines, products))
        lines.action_approve()
        lines.action_release()
        found = lines.purchase_line_id.order_id
        content = sorted(
            sorted(
                (line.product_id.name, line.product_qty, self._day(line.date_planned))
                for line in order.order_line
            )
            for order in found
        )
        self.assertEqual(
            content,
            [
                [("E05 A", 5.0, "+10"), ("E05 B", 3.0, "+12")],
                [("E05 C", 4.0, "+20")],
            ],
        )
        self.assertUnchanged()
