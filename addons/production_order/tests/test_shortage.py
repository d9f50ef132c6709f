from odoo.tests import tagged

from odoo.addons.production_order.tests.common import ProductionCase


@tagged("post_install", "-at_install")
class TestProductionShortage(ProductionCase):
    """Shortages over levels: the root is listed, what only waits for it isn't."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env["supply.shortage"]

    def short(self, *products):
        return self.report.search([("product_id", "in", [product.id for product in products])])

    def test_root_cause(self):
        """FG 5 in 10 days needs RM 2 each; RM takes 30 days, the others are in time: RM alone is
        short, for the order at the top."""
        raw = self.make_product("RM", lead=30)
        quick = self.make_product("RM2", lead=1)
        half, good = self.make_product("SA"), self.make_product("FG")
        self.bom(half, 1, (raw, 2), (quick, 1))
        self.bom(good, 2, (half, 1))
        order = self.sell(good, 5, 10)
        row = self.short(raw, quick, half, good)
        self.assertEqual((row.product_id, row.quantity), (raw, 10.0))
        self.assertEqual(row.late_days, 23)  # needed at +7, there at +30
        self.assertEqual(row.order_names, order.name)
        self.assertEqual(row.plan_line_id, self.lines(half))
        self.assertIn("SA", row.need)

    def test_production_too_slow(self):
        """Material is there, but making takes longer than there is time: the product itself."""
        raw, good = self.make_product("RM", stock=100), self.make_product("FG")
        self.bom(good, 9, (raw, 2))
        self.sell(good, 5, 4)
        row = self.short(raw, good)
        self.assertEqual((row.product_id, row.late_days, row.todo), (good, 5, "approve"))

    def test_open_production(self):
        """A production too late for an order: the production or its message is opened; what the
        production lacks is told with its name."""
        raw, good = self.make_product("RM", lead=20), self.make_product("FG")
        self.bom(good, 1, (raw, 1))
        production = self.production(good, 5, 8)
        self.sell(good, 5, 8)
        self.planner.run(self.warehouse.ids)
        row = self.short(raw, good)
        self.assertEqual((row.product_id, row.production_id), (raw, production))
        self.assertIn(production.name, row.need)

    def test_receipt_for_a_production(self):
        """The calendar tells the same as the Today screen: the production that takes what comes,
        and the order that waits for it."""
        raw, good = self.make_product("RM", lead=2), self.make_product("FG")
        self.bom(good, 1, (raw, 1))
        production = self.production(good, 5, 8)
        order = self.sell(good, 5, 8)
        receipt = self.purchase(raw, 5, 4).picking_ids
        self.planner.run(self.warehouse.ids)
        self.assertEqual(
            receipt.supply_purpose, f"Production {production.name}, {order.name} for 客户甲"
        )
        self.assertEqual(receipt.supply_purpose, ", ".join(receipt._today_purposes()[receipt.id]))

    def test_hurry_a_production(self):
        """An order in 5 days pegged to a production that can't come before 9: make it earlier."""
        raw, good = self.make_product("RM", stock=50), self.make_product("FG")
        self.bom(good, 9, (raw, 1))
        production = self.production(good, 5, 30)
        production.supply_locked = False
        self.sell(good, 5, 5)
        self.planner.run(self.warehouse.ids)
        row = self.short(good)
        self.assertEqual(row.supply_production_id, production)
        self.assertIn(row.todo, ("expedite", "production"))
        if row.todo == "expedite":
            row.message_id.action_dismiss("太忙")
            row.invalidate_recordset()
        self.assertEqual(row.todo, "production")
        action = row.action_open_todo()
        self.assertEqual((action["res_model"], action["res_id"]), (production._name, production.id))

    def test_production_user(self):
        """Production people see what is short for everybody."""
        raw = self.make_product("RM", lead=30)
        self.sell(raw, 5, 10)
        user = self.make_user("maker", "mrp.group_mrp_user")
        row = self.report.with_user(user).search([("product_id", "=", raw.id)])
        self.assertTrue(row.order_names)
        self.assertTrue(row.need)
