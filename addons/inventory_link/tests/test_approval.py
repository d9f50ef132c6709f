from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SupplyCase


@tagged("post_install", "-at_install")
class TestApproval(SupplyCase):
    """Above the company's limit only a planning manager approves. The price is 10, so 100 is 10."""

    def setUp(self):
        super().setUp()
        self.company.supply_approval_amount = 100.0
        self.product = self.make_product("Limit", lead=7, price=10.0)
        self.planner_user = self.make_user("supply_lim_p", "inventory_link.group_supply_planner")
        self.manager = self.make_user("supply_lim_m", "inventory_link.group_supply_manager")

    def line(self, quantity):
        self.sell(self.product, quantity, 30)
        return self.lines(self.product)

    def test_at_the_limit_everybody_approves(self):
        """100.00 is not above 100.00: warehouse and purchasing approve as before."""
        line = self.line(10)
        buyer = self.make_user("supply_lim_b", "purchase.group_purchase_user")
        line.with_user(buyer).action_approve()
        self.assertEqual(line.state, "approved")

    def test_above_the_limit_a_manager_approves(self):
        """110.00: planner and warehouse are told the amounts; the manager approves."""
        line = self.line(11)
        stock = self.make_user("supply_lim_s", "stock.group_stock_user")
        for user in (self.planner_user, stock):
            with self.assertRaisesRegex(AccessError, "110.00") as caught:
                line.with_user(user).action_approve()
            self.assertIn("100.00", str(caught.exception))
        line.with_user(self.manager).action_approve()
        self.assertEqual(line.state, "approved")
        line.with_user(self.planner_user).action_release()
        self.assertEqual(line.purchase_line_id.product_qty, 11)

    def test_no_limit(self):
        """0: everybody approves every amount."""
        self.company.supply_approval_amount = 0
        line = self.line(1000)
        line.with_user(self.planner_user).action_approve()
        self.assertEqual(line.state, "approved")

    def test_foreign_currency(self):
        """20 in a currency worth 8 each is 160 in company currency: above 100."""
        currency = self.env["res.currency"].create(
            {"name": "QQX", "symbol": "Q", "rate_ids": [(0, 0, {"name": "2020-01-01", "rate": 1})]}
        )
        currency.rate_ids.write({"company_id": self.company.id, "rate": 0.125})
        product = self.make_product("Foreign")
        self.add_vendor(product, self.vendor_1, 10.0, 7, currency_id=currency.id)
        self.sell(product, 2, 30)
        line = self.lines(product)
        self.assertEqual((line.amount, line._company_amount()), (20.0, 160.0))
        with self.assertRaisesRegex(AccessError, "160.00"):
            line.with_user(self.planner_user).action_approve()

    def test_edits_and_splits_are_no_way_around(self):
        """Raised after approval: proposed again. Split to get below the limit: refused."""
        line = self.line(10)
        line.with_user(self.planner_user).action_approve()
        line.with_user(self.planner_user).quantity = 12
        self.assertEqual(line.state, "proposed")
        for act in (
            lambda: line.with_user(self.planner_user).action_split(6),
            lambda: line.with_user(self.planner_user).action_approve(),
        ):
            with self.assertRaises(AccessError):
                act()
        line.with_user(self.manager).action_approve()
        line.with_user(self.planner_user).due_date = self.day(33)
        line.with_user(self.planner_user).quantity = 11
        self.assertEqual(line.state, "approved")
        line.with_user(self.planner_user).action_split(6)
        self.assertEqual(set(self.lines(self.product).mapped("state")), {"approved"})

    def test_many_lines_in_one_go(self):
        """Approving 30 lines takes the statements of approving 3, and one run of the plan."""
        products = [self.make_product(f"Set {n}", lead=7) for n in range(30)]
        for product in products:
            self.sell(product, 1, 30)
        lines = self.env["supply.plan.line"].search(
            [("product_id", "in", [product.id for product in products])]
        )
        few, many = lines[:3], lines[3:]

        def statements(act):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            act()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        for few_act, many_act in (
            (few.action_approve, many.action_approve),
            (lambda: few.action_reject("集体"), lambda: many.action_reject("集体")),
        ):
            few_act_count = statements(few_act)
            self.assertLessEqual(statements(many_act), few_act_count + 5)
