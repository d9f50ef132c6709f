from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SupplyCase


@tagged("post_install", "-at_install")
class TestAccess(SupplyCase):
    def setUp(self):
        super().setUp()
        self.product = self.make_product("权限", lead=7)
        self.order = self.sell(self.product, 10, 20)
        self.line = self.lines(self.product)

    def test_salesman_reads_pegs_and_promises_only(self):
        """A salesman sees pegs and promise, neither plan lines nor their actions."""
        user = self.make_user("supply_sales", "sales_team.group_sale_salesman_all_leads")
        self.assertEqual(self.order.with_user(user).order_line.supply_peg_ids.quantity, 10)
        self.assertTrue(self.order.with_user(user).get_promises()[0]["date"])
        self.assertFalse(self.order.with_user(user).purchase_order_ids)
        with self.assertRaises(AccessError):
            self.line.with_user(user).read(["quantity"])
        for method in ("action_approve", "action_release"):
            with self.assertRaises(AccessError):
                getattr(self.line.with_user(user), method)()
        with self.assertRaises(AccessError):
            self.line.with_user(user).action_reject("x")
        with self.assertRaises(AccessError):
            self.planner.with_user(user).run()

    def test_promises_and_plan_links_are_not_written_by_hand(self):
        """By RPC neither the salesman fakes a promise nor the buyer the origin of a purchase."""
        seller = self.make_user("supply_sales3", "sales_team.group_sale_salesman_all_leads")
        promise = self.order.order_line.promise_date
        for vals in ({"promise_date": self.day(1)}, {"promise_late_days": 0}):
            with self.assertRaises(AccessError):
                self.order.order_line.with_user(seller).write(vals)
        self.assertEqual(self.order.order_line.promise_date, promise)
        self.line.action_approve()
        self.line.action_release()
        buyer = self.make_user("supply_buyer", "purchase.group_purchase_user")
        with self.assertRaises(AccessError):
            self.line.purchase_line_id.with_user(buyer).write({"plan_line_id": False})

    def test_salesman_cancels_his_order(self):
        """He reads no purchases, and yet what was planned for his order leaves the plan."""
        user = self.make_user("supply_sales4", "sales_team.group_sale_salesman")
        order = self.quote(self.product, 5, 30, user_id=user.id)
        order.with_user(user).action_confirm()
        order.with_user(user)._action_cancel()
        self.assertEqual(order.state, "cancel")
        self.assertEqual([line[1] for line in self.plan(self.product)], [10.0])

    def test_salesman_confirms_and_the_plan_follows(self):
        """Confirming needs no right on plans; the decision names who confirmed."""
        user = self.make_user("supply_sales2", "sales_team.group_sale_salesman")
        order = self.quote(self.product, 5, 30, user_id=user.id)
        order.with_user(user).action_confirm()
        self.assertEqual([line[1] for line in self.plan(self.product)], [10.0, 5.0])

    def test_warehouse_answers_but_does_not_change_or_order(self):
        """Warehouse: approve and reject yes; write, release, run no."""
        user = self.make_user("supply_stock", "stock.group_stock_user")
        line = self.line.with_user(user)
        with self.assertRaises(AccessError):
            line.write({"quantity": 11})
        with self.assertRaises(AccessError):
            self.planner.with_user(user).run()
        line.action_approve()
        with self.assertRaises(AccessError):
            line.action_release()
        line.action_reject("库存够用")
        self.assertEqual((self.line.state, self.line.reject_reason), ("rejected", "库存够用"))

    def test_buyer_releases(self):
        """Purchasing approves and releases what is bought."""
        user = self.make_user("supply_buyer", "purchase.group_purchase_user")
        self.line.with_user(user).action_approve()
        self.line.with_user(user).action_release()
        self.assertEqual(self.line.purchase_line_id.order_id.user_id, user)

    def test_planner_writes_his_fields_only(self):
        """RPC write of engine fields is refused, create and unlink too, released lines as well."""
        user = self.make_user("supply_planner", "inventory_link.group_supply_planner")
        line = self.line.with_user(user)
        for values in (
            {"state": "released"},
            {"price_unit": 0.0},
            {"quantity": 5, "natural_key": "x"},
            {"late_days": 0},
        ):
            with self.assertRaises(AccessError):
                line.write(values)
        with self.assertRaises(AccessError):
            line.unlink()
        with self.assertRaises(AccessError):
            line.copy()
        with self.assertRaises(AccessError):
            line.peg_ids.write({"quantity": 1})
        line.action_approve()
        line.action_release()
        with self.assertRaises(UserError):
            line.write({"quantity": 11})

    def test_other_company_is_invisible(self):
        """A planner of another company neither sees nor runs this plan."""
        other = self.env["res.company"].create({"name": "别的公司", "supply_planning": True})
        user = self.make_user("supply_other", "inventory_link.group_supply_planner")
        user.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        theirs = (
            self.env["supply.plan.line"].with_user(user).with_context(allowed_company_ids=other.ids)
        )
        self.assertFalse(theirs.search([("id", "=", self.line.id)]))
        with self.assertRaises(AccessError):
            theirs.browse(self.line.id).action_approve()
        result = theirs.env["supply.planner"].run(self.warehouse.ids)
        self.assertEqual(result["inserted"] + result["updated"] + result["deleted"], 0)

    def test_lists_open_for_every_role(self):
        """Each role that has the menu reads list and form as the web client does."""
        for login, groups in (
            ("supply_read_buy", "purchase.group_purchase_user"),
            ("supply_read_stock", "stock.group_stock_user"),
            ("supply_read_plan", "inventory_link.group_supply_planner"),
        ):
            user = self.make_user(login, groups)
            model = self.env["supply.plan.line"].with_user(user)
            for view in ("list", "form"):
                arch = model.get_view(view_type=view)
                names = {
                    name for name in arch["models"]["supply.plan.line"] if name in model._fields
                }
                specification = {name: {} for name in names}
                specification["sale_order_ids"] = {"fields": {"display_name": {}}}
                specification["peg_ids"] = {
                    "fields": {"sale_order_id": {"fields": {"display_name": {}}}, "quantity": {}}
                }
                found = model.browse(self.line.id).web_read(specification)
                self.assertEqual(found[0]["quantity"], 10)

    def test_reject_needs_a_reason(self):
        """No reason, no rejection; the wizard passes the reason on."""
        with self.assertRaises(UserError):
            self.line.action_reject("  ")
        action = self.line.action_open_reject()
        wizard = (
            self.env[action["res_model"]]
            .with_context(**action["context"])
            .create({"reason": "不买"})
        )
        wizard.action_reject()
        self.assertEqual(self.line.state, "rejected")
