from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.inventory_link.tests.common import SupplyCase


@tagged("post_install", "-at_install")
class TestShortage(SupplyCase):
    """The shortage list: where lateness begins, why, and what to do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env["supply.shortage"]

    def short(self, *products):
        rows = self.report.search([("product_id", "in", [product.id for product in products])])
        return [
            (row.quantity, self.offset(row.date), self.offset(row.feasible_date), row.late_days)
            for row in rows
        ], rows

    def test_vendor_too_slow(self):
        """10 needed in 5 days, the vendor takes 12: 7 days late, approve the plan line."""
        part = self.make_product("轴承", lead=12)
        order = self.sell(part, 10, 5)
        found, row = self.short(part)
        self.assertEqual(found, [(10.0, 5, 12, 7)])
        self.assertEqual((row.todo, row.no_date, row.on_hand), ("approve", False, 0.0))
        self.assertEqual((row.order_names, row.customer_names), (order.name, "客户甲"))
        self.assertIn(order.name, row.need)
        action = row.action_open_todo()
        self.assertEqual(action["res_model"], "supply.plan.line")
        self.assertEqual(action["domain"], [("id", "=", self.lines(part).id)])
        self.assertIn("12", row.driver)

    def test_in_time_or_in_stock(self):
        """What comes in time, or lies in stock and is only due, isn't short."""
        part = self.make_product("轴承", lead=3)
        self.sell(part, 10, 5)
        due = self.make_product("螺母", stock=10)
        self.sell(due, 4, -3)
        self.assertEqual(self.short(part, due)[0], [])

    def test_part_short(self):
        """4 in stock, 6 late: 6 are short, and stock is told."""
        part = self.make_product("轴承", stock=4, lead=12)
        self.sell(part, 10, 5)
        found, row = self.short(part)
        self.assertEqual((found, row.on_hand), ([(6.0, 5, 12, 7)], 4.0))

    def test_expedite(self):
        """An open order that comes late and may move: its message is opened."""
        part = self.make_product("轴承", lead=2)
        order = self.purchase(part, 10, 30)
        self.sell(part, 10, 10)
        found, row = self.short(part)
        self.assertEqual(found, [(10.0, 10, 30, 20)])
        self.assertEqual((row.todo, row.purchase_order_id), ("expedite", order))
        self.assertEqual(self.offset(row.next_receipt_date), 30)
        self.assertEqual(row.next_receipt_id, order.picking_ids)
        action = row.action_open_todo()
        self.assertEqual(
            (action["res_model"], action["domain"]),
            ("supply.message", [("id", "=", row.message_id.id)]),
        )
        row.message_id.action_dismiss("供应商拒绝")
        row.invalidate_recordset()
        self.assertEqual(row.todo, "chase")
        action = row.action_open_todo()
        self.assertEqual((action["res_model"], action["res_id"]), ("purchase.order", order.id))

    def test_no_vendor(self):
        """Without a vendor there is no day: mend the data or choose one."""
        part = self.make_product("轴承")
        self.sell(part, 10, 5)
        found, row = self.short(part)
        self.assertEqual(found, [(10.0, 5, None, 0)])
        self.assertTrue(row.no_date)
        self.assertIn(row.todo, ("vendor", "data"))
        self.assertTrue(row.action_open_todo()["domain"])

    def test_own_orders(self):
        """A salesperson sees what is short for his orders alone, and opens nothing of others."""
        part = self.make_product("轴承", lead=12)
        mine = self.make_user("seller_1", "sales_team.group_sale_salesman")
        other = self.make_user("seller_2", "sales_team.group_sale_salesman")
        order = self.quote(part, 10, 5, user_id=mine.id)
        order.action_confirm()
        row = self.report.with_user(mine).search([])
        self.assertEqual((row.sale_order_id, row.order_names), (order, order.name))
        self.assertEqual(self.report.with_user(mine).search([("is_mine", "=", True)]), row)
        self.assertFalse(self.report.with_user(mine).search([("is_mine", "=", False)]))
        self.assertFalse(self.report.with_user(other).search([]))
        with self.assertRaises(AccessError):
            self.report.with_user(other).browse(row.id).action_open_todo()
        with self.assertRaises(AccessError):
            row.action_open_todo()  # plan lines aren't for salespeople

    def test_other_company(self):
        """Planners of another company see nothing."""
        part = self.make_product("轴承", lead=12)
        self.sell(part, 10, 5)
        company = self.env["res.company"].create({"name": "别的公司"})
        user = self.make_user("planner_2", "inventory_link.group_supply_planner")
        self.assertTrue(self.report.with_user(user).search([]))
        user.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        rows = self.report.with_user(user).with_context(allowed_company_ids=company.ids)
        self.assertFalse(rows.search([]))

    def test_queries(self):
        """The list of 30 needs takes as many queries as that of 3."""
        counts = []
        for number in (3, 27):
            parts = [self.make_product(f"件 {number}-{i}", lead=20) for i in range(number)]
            for part in parts:
                self.sell(part, 2, 5)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            names = ("need", "order_names", "customer_names", "driver", "on_hand", "todo")
            self.report.search([]).read([*names, "next_receipt_date", "todo_document"])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 3, counts)
