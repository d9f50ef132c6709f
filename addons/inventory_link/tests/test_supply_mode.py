from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import SupplyCase


@tagged("post_install", "-at_install")
class TestSupplyMode(SupplyCase):
    """Products and categories move to supply planning and back."""

    def wizard(self, direction="planned", products=None, user=None, **values):
        templates = products.product_tmpl_id if products else self.env["product.template"]
        model = self.env["supply.mode.wizard"]
        return model.with_user(user or self.env.user).create(
            {"direction": direction, "template_ids": [Command.set(templates.ids)], **values}
        )

    def ruled(self, name, minimum=4, **values):
        """A product with stock's rules and a reordering rule."""
        product = self.make_product(name, lead=2, supply_mode="rules")
        point = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": product.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "warehouse_id": self.warehouse.id,
                "company_id": self.company.id,
                "product_min_qty": minimum,
                "product_max_qty": 2 * minimum,
                "trigger": "manual",
                **values,
            }
        )
        return product, point

    def row(self, wizard, label):
        """Count of the preview's line that starts with a label."""
        rows = wizard._preview_rows(wizard._sort_out())
        return sum(row["count"] for row in rows if row["label"].startswith(label))

    # -- there and back -------------------------------------------------------------------------

    def test_move_plans_at_once(self):
        """Moving pauses the rule, takes minimum and multiple over, and plans in the same act."""
        dozen = self.env.ref("uom.product_uom_dozen")
        product, point = self.ruled("搬入", 4, replenishment_uom_id=dozen.id)
        self.sell(product, 10, 20)
        self.assertEqual(self.plan(product), [])
        wizard = self.wizard(products=product)
        self.assertEqual(self.row(wizard, "Reordering rules paused"), 1)
        self.assertTrue(wizard.has_rules)
        wizard.action_move()
        self.assertEqual((product.supply_mode, product.supply_safety_stock), ("planned", 4))
        self.assertEqual(product.supply_multiple, 12)
        self.assertEqual((point.active, point.supply_paused), (False, True))
        self.assertEqual(sum(line[1] for line in self.plan(product)), 24)
        self.assertUnchanged()

    def test_back_and_forth_leaves_the_rules_as_before(self):
        """Twice there and back: exactly the rules that were active are, with all their values."""
        product, point = self.ruled("来回", 4, qty_to_order_manual=9)
        archived = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": product.id,
                "location_id": self.env["stock.location"]
                .create({"name": "X", "location_id": self.warehouse.lot_stock_id.id})
                .id,
                "company_id": self.company.id,
                "product_min_qty": 1,
                "product_max_qty": 1,
                "trigger": "auto",
                "active": False,
            }
        )
        names = (
            "active",
            "supply_paused",
            "trigger",
            "product_min_qty",
            "product_max_qty",
            "qty_to_order_manual",
            "qty_to_order",
            "route_id",
            "replenishment_uom_id",
        )
        points = point | archived
        before = points.read(names)
        product.supply_safety_stock = 1
        for _time in range(2):
            self.wizard(products=product).action_move()
            self.assertEqual(points.mapped("supply_paused"), [True, False])
            points._unlink_processed_orderpoints()
            self.env["stock.warehouse.orderpoint"]._unlink_processed_orderpoints()
            self.wizard("rules", products=product).action_move()
            self.assertEqual(points.read(names), before)
        self.assertEqual(product.supply_safety_stock, 1)

    def test_give_back_takes_it_out_of_the_plan(self):
        """Open lines, pegs, messages and the promise go; the released request stays. Twice."""
        product = self.make_product("还回", lead=7)
        first = self.sell(product, 10, 20)
        line = self.lines(product)
        line.action_approve()
        line.action_release()
        line.purchase_line_id.order_id.button_confirm()
        self.sell(product, 5, 30)
        first._action_cancel()
        order = self.sell(product, 8, 40)
        self.assertTrue(self.plan(product))
        self.assertTrue(order.order_line.promise_date)
        wizard = self.wizard("rules", products=product)
        self.assertEqual(self.row(wizard, "Plan lines removed"), 1)
        self.assertEqual(self.row(wizard, "Sales orders waiting"), 1)
        self.assertEqual(self.row(wizard, "Ordered by nothing"), 1)
        wizard.action_move()
        self.assertEqual((self.plan(product), self.pegs(product)), ([], []))
        self.assertEqual(self.messages(product), [])
        self.assertFalse(order.order_line.promise_date)
        self.assertEqual(line.state, "released")
        self.assertEqual(line.purchase_line_id.product_qty, 10)
        with self.assertRaises(UserError):
            self.wizard("rules", products=product).action_move()
        self.assertUnchanged()
        self.wizard(products=product).action_move()
        self.assertEqual(sum(each[1] for each in self.plan(product)), 3)
        self.assertUnchanged()

    def test_the_form_does_the_same(self):
        """Changing the mode on the product takes it out of the plan and in again, also for who
        keeps products and reads neither plan nor purchases."""
        product = self.make_product("表单", lead=7)
        self.sell(product, 10, 20)
        keeper = self.make_user("mode_keeper", "product.group_product_manager")
        template = product.product_tmpl_id.with_user(keeper)
        template.supply_mode = "rules"
        self.assertEqual((self.plan(product), self.pegs(product)), ([], []))
        template.supply_mode = "planned"
        self.assertEqual([line[1] for line in self.plan(product)], [10.0])
        self.assertUnchanged()

    def test_other_rules_stay(self):
        """The rule of a company without planning goes on: its products are ordered by it."""
        other = self.env["res.company"].create({"name": "不计划的公司"})
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", other.id)], limit=1)
        product, point = self.ruled("两家")
        theirs = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": product.id,
                "location_id": warehouse.lot_stock_id.id,
                "warehouse_id": warehouse.id,
                "company_id": other.id,
                "product_min_qty": 2,
                "product_max_qty": 2,
            }
        )
        self.wizard(products=product).action_move()
        self.assertEqual((point.active, theirs.active), (False, True))
        self.assertFalse(theirs.supply_planned)
        self.assertEqual(theirs.qty_to_order, 2)

    def test_proposals_of_the_report_are_no_rules(self):
        """What the replenishment report proposed isn't paused and kept, it simply goes."""
        product = self.make_product("建议", lead=1, supply_mode="rules")
        self.sell(product, 3, 1)
        self.env["stock.warehouse.orderpoint"].action_open_orderpoints()
        domain = [("product_id", "=", product.id)]
        points = self.env["stock.warehouse.orderpoint"].with_context(active_test=False)
        self.assertEqual(points.search(domain).qty_to_order, 3)
        wizard = self.wizard(products=product)
        self.assertFalse(wizard.has_rules)
        wizard.action_move()
        self.assertEqual(points.search(domain).qty_to_order, 0)
        points._unlink_processed_orderpoints()
        self.assertFalse(points.search(domain))

    # -- what is chosen -------------------------------------------------------------------------

    def test_categories_with_children(self):
        """A category moves with those below; services are skipped; new products follow."""
        parent, sibling = self.env["product.category"].create([{"name": "大类"}, {"name": "旁类"}])
        child = parent.create({"name": "小类", "parent_id": parent.id})
        child.supply_mode_default = "rules"
        inside = self.make_product("内", lead=1, supply_mode="rules", categ_id=parent.id)
        below = self.make_product("下", lead=1, supply_mode="rules", categ_id=child.id)
        beside = self.make_product("旁", lead=1, supply_mode="rules", categ_id=sibling.id)
        service = self.env["product.product"].create(
            {"name": "服务", "type": "service", "categ_id": child.id}
        )
        wizard = self.wizard(category_ids=[Command.set(parent.ids)])
        self.assertEqual(self.row(wizard, "Move"), 2)
        self.assertEqual(self.row(wizard, "Skipped"), 1)
        self.assertEqual(self.row(wizard, "Categories whose new products follow"), 1)
        wizard.action_move()
        products = inside | below | beside | service
        self.assertEqual(products.mapped("supply_mode"), ["planned", "planned", "rules", "rules"])
        self.assertEqual((parent | child).mapped("supply_mode_default"), ["planned", False])
        new = self.env["product.product"].create(
            [
                {"name": "新", "is_storable": True, "categ_id": child.id},
                {"name": "新 2", "is_storable": True, "categ_id": child.id, "supply_mode": "rules"},
                {"name": "新 3", "is_storable": True, "categ_id": sibling.id},
            ]
        )
        self.assertEqual(new.mapped("supply_mode"), ["planned", "rules", "rules"])
        self.wizard("rules", category_ids=[Command.set(parent.ids)]).action_move()
        self.assertEqual(set((products | new).mapped("supply_mode")), {"rules"})
        self.assertEqual(child._get_supply_mode_default(), "rules")

    def test_new_product_follows_its_category_while_unsaved(self):
        """The form shows the category's mode as it is chosen; a saved product stays as it is."""
        planned, plain = self.env["product.category"].create(
            [{"name": "计划类", "supply_mode_default": "planned"}, {"name": "普通类"}]
        )
        plain.supply_mode_default = "rules"
        form = Form(self.env["product.template"])
        form.name = "新品"
        form.is_storable = True
        form.categ_id = planned
        self.assertEqual(form.supply_mode, "planned")
        form.categ_id = plain
        self.assertEqual(form.supply_mode, "rules")
        form.categ_id = planned
        template = form.save()
        self.assertEqual(template.supply_mode, "planned")
        template.categ_id = plain
        self.assertEqual(template.supply_mode, "planned")
        with Form(template) as form:
            form.categ_id = planned
            form.categ_id = plain
            self.assertEqual(form.supply_mode, "planned")
        self.assertEqual(template.copy().supply_mode, "planned")

    def test_starts_with_the_selection(self):
        """From the lists of products and variants the wizard opens with what is selected."""
        products = self.make_product("选 1") | self.make_product("选 2")
        for records in (products, products.product_tmpl_id):
            model = self.env["supply.mode.wizard"].with_context(
                active_model=records._name, active_ids=records.ids, default_direction="rules"
            )
            form = Form(model)
            self.assertIn("选 1", form.preview)
            self.assertEqual(form.save().template_ids, products.product_tmpl_id)

    def test_preview_names_what_is_missing(self):
        """Before anything happens: products without a vendor, by name, and open drafts."""
        lost = self.make_product("没有供应商", supply_mode="rules")
        good, _point = self.ruled("有供应商")
        self.purchase(good, 3, 10, confirm=False)
        wizard = self.wizard(products=lost | good)
        self.assertEqual(self.row(wizard, "Move"), 2)
        self.assertEqual(self.row(wizard, "Without a vendor"), 1)
        self.assertEqual(self.row(wizard, "Open drafts"), 1)
        self.assertIn("没有供应商", wizard.preview)
        self.assertEqual((lost | good).mapped("supply_mode"), ["rules", "rules"])

    # -- who ------------------------------------------------------------------------------------

    def test_rights(self):
        """Planners and inventory administrators move products; nobody else, neither by RPC."""
        product, point = self.ruled("权限")
        for login, groups in (
            ("mode_sales", "sales_team.group_sale_manager"),
            ("mode_stock", "stock.group_stock_user"),
            ("mode_buyer", "purchase.group_purchase_manager"),
        ):
            user = self.make_user(login, groups)
            with self.assertRaises(AccessError):
                self.wizard(products=product, user=user)
            with self.assertRaises(AccessError):
                self.wizard(products=product).with_user(user).action_move()
        self.assertEqual((product.supply_mode, point.active), ("rules", True))
        for login, groups in (
            ("mode_planner", "inventory_link.group_supply_planner"),
            ("mode_admin", "stock.group_stock_manager"),
        ):
            user = self.make_user(login, groups)
            self.wizard(products=product, user=user).action_move()
            self.assertEqual((product.supply_mode, point.active), ("planned", False))
            self.wizard("rules", products=product, user=user).action_move()
            self.assertEqual((product.supply_mode, point.active), ("rules", True))

    def test_other_companies_are_not_touched(self):
        """Products of a company that the user isn't in stay, chosen one by one or by category."""
        other = self.env["res.company"].create({"name": "别家", "supply_planning": True})
        category = self.env["product.category"].create({"name": "共用类"})
        theirs = self.make_product(
            "别家的", supply_mode="rules", company_id=other.id, categ_id=category.id
        )
        ours = self.make_product("自家的", supply_mode="rules", categ_id=category.id)
        user = self.make_user("mode_here", "inventory_link.group_supply_planner")
        self.wizard(user=user, category_ids=[Command.set(category.ids)]).action_move()
        self.assertEqual((ours | theirs).mapped("supply_mode"), ["planned", "rules"])
        wizard = self.wizard(products=ours | theirs)
        with self.assertRaises(UserError):
            wizard.action_move()
        self.assertEqual(theirs.supply_mode, "rules")
