from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SupplyCase


@tagged("post_install", "-at_install")
class TestDemandKinds(SupplyCase):
    """Forecasts, orders that may come, places that don't count, frozen days."""

    def forecast(self, product, quantity, first, last):
        return self.env["supply.forecast"].create(
            {
                "product_id": product.id,
                "warehouse_id": self.warehouse.id,
                "quantity": quantity,
                "date_from": self.day(first),
                "date_to": self.day(last),
            }
        )

    def test_orders_use_up_the_forecast(self):
        """Forecast 100 for +20…+49, orders 30 @+25: 70 forecast @+20 and 30 @+25; an order beyond
        the time uses up nothing; 120 ordered in it leave no forecast."""
        product = self.make_product("预测", lead=5)
        forecast = self.forecast(product, 100, 20, 49)
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.plan(product), [("buy", 100.0, 15, 20)])
        self.assertEqual(self.lines(product).peg_ids.forecast_id, forecast)
        order = self.sell(product, 30, 25)
        self.assertEqual(self.plan(product), [("buy", 70.0, 15, 20), ("buy", 30.0, 20, 25)])
        self.sell(product, 10, 60)
        self.assertEqual([row[1] for row in self.plan(product)], [70.0, 30.0, 10.0])
        self.sell(product, 90, 30)
        self.assertEqual([row[1] for row in self.plan(product)], [30.0, 90.0, 10.0])
        self.assertUnchanged()
        order._action_cancel()
        self.assertEqual([row[1] for row in self.plan(product)], [10.0, 90.0, 10.0])

    def test_delivered_orders_stay_used_up(self):
        """Goods of the time that are delivered already count against its forecast."""
        product = self.make_product("预测 已发", stock=40, lead=5)
        self.forecast(product, 100, 0, 30)
        order = self.sell(product, 40, 1)
        order.picking_ids.move_ids.picked = True
        order.picking_ids.button_validate()
        self.planner.run(self.warehouse.ids)
        self.assertEqual([row[:2] for row in self.plan(product)], [("buy", 60.0)])

    def test_quarantine_is_not_promised(self):
        """Stock in a location that is out of planning, or below one, covers nothing."""
        place = self.env["stock.location"].create(
            {
                "name": "待检隔离",
                "location_id": self.warehouse.lot_stock_id.id,
                "usage": "internal",
                "supply_excluded": True,
            }
        )
        below = self.env["stock.location"].create(
            {"name": "隔离 A", "location_id": place.id, "usage": "internal"}
        )
        product = self.make_product("隔离品", stock=2, lead=5)
        self.env["stock.quant"]._update_available_quantity(product, below, 10)
        self.sell(product, 10, 20)
        self.assertEqual(self.plan(product), [("buy", 8.0, 15, 20)])
        place.supply_excluded = False
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.plan(product), [])

    def test_several_warehouses_plan_apart(self):
        """Each warehouse nets its own stock and orders; a transfer is need here, supply there."""
        other = self.env["stock.warehouse"].create(
            {"name": "南仓", "code": "S1", "company_id": self.company.id}
        )
        product = self.make_product("两仓", stock=10, lead=5)
        self.quote(product, 4, 20, warehouse_id=other.id).action_confirm()
        self.sell(product, 10, 20)
        found = {line.warehouse_id: line.quantity for line in self.lines(product)}
        self.assertEqual(found, {other: 4.0})
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": 4,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": other.lot_stock_id.id,
                "company_id": self.company.id,
                "date": self.noon(10),
            }
        )
        move._action_confirm()
        self.planner.run((self.warehouse | other).ids)
        found = {
            line.warehouse_id: (line.quantity, self.offset(line.due_date))
            for line in self.lines(product)
        }
        self.assertEqual(found, {self.warehouse: (4.0, 20)})

    def test_frozen_lines_stay(self):
        """Frozen 10 days: a line to order in 5 days isn't changed by new or gone needs; the plan
        goes around it."""
        self.company.supply_fence_days = 10
        product = self.make_product("冻结", lead=5)
        order = self.sell(product, 10, 10)
        line = self.lines(product)
        self.assertEqual(self.plan(product), [("buy", 10.0, 5, 10)])
        self.sell(product, 5, 10)
        self.assertEqual(
            sorted((one.id == line.id, one.quantity) for one in self.lines(product)),
            [(False, 5.0), (True, 10.0)],
        )
        order.order_line.product_uom_qty = 4
        self.assertIn(
            (10.0, 1.0), [(one.quantity, one.free_quantity) for one in self.lines(product)]
        )
        self.assertUnchanged()

    def test_lines_beyond_the_frozen_days_follow(self):
        """The same line far out follows its order, and a product's own days win."""
        product = self.make_product("不冻结", lead=5, supply_fence_days=2)
        self.company.supply_fence_days = 10
        order = self.sell(product, 10, 12)
        order.order_line.product_uom_qty = 4
        self.assertEqual(self.plan(product), [("buy", 4.0, 7, 12)])

    def test_held_orders_are_tentative(self):
        """An order that another addon holds back is planned behind the others, isn't released, and
        becomes firm when it is confirmed."""
        product = self.make_product("冻结订单", stock=3, lead=5)
        held = self.quote(product, 10, 20)
        self.patch(type(self.env["suite.outlook"]), "_held_orders", lambda *_args: held.ids)
        self.sell(product, 5, 20)
        self.assertEqual(self.plan(product), [("buy", 2.0, 15, 20)])
        self.company.supply_plan_holds = True
        self.planner.run(self.warehouse.ids)
        lines = self.lines(product)
        self.assertEqual(
            sorted((line.quantity, line.tentative) for line in lines), [(2.0, False), (10.0, True)]
        )
        tentative = lines.filtered("tentative")
        self.assertEqual(tentative.peg_ids.sale_line_id, held.order_line)
        self.assertTrue(all(tentative.peg_ids.mapped("tentative")))
        tentative.action_approve()
        with self.assertRaisesRegex(UserError, "hold"):
            tentative.action_release()
        self.assertFalse(held.order_line.promise_date)
        self.assertUnchanged()
        held.action_confirm()
        self.patch(type(self.env["suite.outlook"]), "_held_orders", lambda *_args: [])
        self.planner.run(self.warehouse.ids)
        self.assertEqual(sum(self.lines(product).mapped("quantity")), 12)
        self.assertFalse(any(self.lines(product).mapped("tentative")))

    def test_forecast_rights(self):
        """Salespeople read forecasts, sales managers and planners write them."""
        product = self.make_product("预测 权限", lead=5)
        forecast = self.forecast(product, 10, 1, 5)
        seller = self.make_user("forecast_seller", "sales_team.group_sale_salesman")
        self.assertEqual(forecast.with_user(seller).quantity, 10)
        with self.assertRaises(AccessError):
            forecast.with_user(seller).quantity = 99
        planner = self.make_user("forecast_planner", "inventory_link.group_supply_planner")
        forecast.with_user(planner).quantity = 12
        self.assertEqual(forecast.quantity, 12)


@tagged("post_install", "-at_install")
class TestProblems(SupplyCase):
    """Bad data is told with a reason and what to do; everything else is planned."""

    def problems(self, product):
        found = self.env["supply.message"].search(
            [("product_id", "=", product.id), ("kind", "=", "problem"), ("state", "=", "open")]
        )
        return sorted(found.mapped("problem"))

    def test_no_vendor(self):
        """No vendor: a line without one, and a message that goes when a price comes."""
        product = self.make_product("无供应商")
        fine = self.make_product("正常", lead=5)
        self.sell(product, 10, 20)
        self.sell(fine, 10, 20)
        self.assertEqual(self.problems(product), ["no_vendor"])
        message = self.env["supply.message"].search([("product_id", "=", product.id)])
        self.assertIn("Add a vendor price", message.with_context(lang="en_US").note)
        with self.assertRaises(UserError):
            message.action_apply()
        self.assertEqual(self.plan(fine), [("buy", 10.0, 15, 20)])
        self.add_vendor(product, self.vendor_1, 2.0, 5)
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.problems(product), [])
        self.assertUnchanged()

    def test_absurd_lead_times_and_prices(self):
        """A lead time of 100,000 days, a negative one and a price of 0 are told; nothing breaks."""
        endless = self.make_product("永远", lead=100000)
        negative = self.make_product("负数", lead=-5)
        free = self.make_product("零价", lead=5, price=0.0)
        for product in (endless, negative, free):
            self.sell(product, 10, 20)
        self.assertEqual(self.problems(endless), ["vendor_lead"])
        self.assertEqual(self.problems(negative), ["vendor_lead"])
        self.assertEqual(self.problems(free), ["no_price"])
        self.assertEqual(self.plan(negative), [("buy", 10.0, 20, 20)])
        self.assertEqual(self.lines(endless).late_days, 3630)
        self.assertUnchanged()

    def test_archived_products_with_orders(self):
        """A product that is archived while goods are to move is told, not planned."""
        product = self.make_product("停用", lead=5)
        self.sell(product, 10, 20)
        product.active = False
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.lines(product).ids, [])
        self.assertEqual(self.problems(product), ["archived"])
        self.assertUnchanged()
        product.active = True
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.problems(product), [])
        self.assertEqual(self.plan(product), [("buy", 10.0, 15, 20)])

    def test_landed_cost_decides(self):
        """V1 10.00 with 30 % freight and duty is dearer than V2 12.00."""
        product = self.make_product("到岸")
        self.add_vendor(product, self.vendor_1, 10.0, 5, supply_landed_percent=30)
        self.add_vendor(product, self.vendor_2, 12.0, 5)
        self.sell(product, 10, 20)
        line = self.lines(product)
        self.assertEqual((line.vendor_id, line.price_unit), (self.vendor_2, 12.0))

    def test_deleted_documents_take_their_pegs_with_them(self):
        """Tables of the plan have no foreign keys: the database cleans them all the same."""
        product = self.make_product("删除", lead=5)
        order = self.purchase(product, 10, 20, confirm=False)
        self.sell(product, 10, 20)
        self.assertEqual(self.pegs(product), [("purchase", 10.0)])
        order.button_cancel()
        order.unlink()
        self.assertEqual(self.pegs(product), [("plan", 10.0)])
        line = self.lines(product)
        price = line.supplierinfo_id
        price.unlink()
        line.invalidate_recordset()
        self.assertFalse(line.supplierinfo_id)
        self.assertEqual(line.exists(), line)

    def test_closing_days_of_a_vendor(self):
        """A vendor who is closed for 5 days must be ordered 5 days earlier; his contact too."""
        contact = self.env["res.partner"].create(
            {"name": "业务员", "parent_id": self.vendor_1.id, "type": "contact"}
        )
        self.env["supply.closing"].create(
            {
                "partner_id": self.vendor_1.id,
                "date_from": self.day(12),
                "date_to": self.day(16),
                "name": "春节",
            }
        )
        product = self.make_product("春节件")
        self.add_vendor(product, contact, 2.0, 7)
        self.sell(product, 10, 20)
        self.assertEqual(self.plan(product), [("buy", 10.0, 8, 20)])

    def test_lines_of_other_companies_master_data(self):
        """A company's own substitutes and forecasts are invisible to others."""
        other = self.env["res.company"].create({"name": "另一家"})
        product = self.make_product("隔离公司", lead=5)
        second = self.make_product("隔离公司 2", lead=5)
        row = self.env["supply.substitute"].create(
            {"product_id": product.id, "substitute_id": second.id, "company_id": other.id}
        )
        planner = self.make_user("company_planner", "inventory_link.group_supply_planner")
        with self.assertRaises(AccessError):
            row.with_user(planner).read(["ratio"])
        with self.assertRaises(UserError):
            self.env["supply.substitute"].create(
                {"product_id": product.id, "substitute_id": product.id}
            )


@tagged("post_install", "-at_install")
class TestLargeRuns(SupplyCase):
    def test_decisions_of_a_large_run_come_afterwards(self):
        """More than 300 new lines: their decisions are written in the background, or on demand."""
        product = self.make_product("大批", lead=5, supply_max_lot=1)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "warehouse_id": self.warehouse.id,
                "commitment_date": self.noon(20),
                "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 400})],
            }
        )
        order.action_confirm()
        lines = self.lines(product)
        self.assertEqual(len(lines), 400)
        decisions = [("res_model", "=", "supply.plan.line"), ("res_id", "in", lines.ids)]
        self.assertEqual(self.env["suite.decision"].search_count(decisions), 0)
        lines[0].action_why()
        self.assertEqual(self.env["suite.decision"].search_count(decisions), 1)
        while pending := self.env["supply.plan.line"].search(
            [("decision_pending", "=", True), ("id", "in", lines.ids)], limit=150
        ):
            pending._record_decisions()
        self.assertEqual(self.env["suite.decision"].search_count(decisions), 400)
        self.assertUnchanged()
