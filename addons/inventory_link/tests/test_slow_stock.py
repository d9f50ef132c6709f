from datetime import timedelta
from unittest.mock import call, patch

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.inventory_link.tests.common import SupplyCase


@tagged("post_install", "-at_install")
class TestSlowStock(SupplyCase):
    """Dead and slow stock of hand-made histories; limits: 100 days, 6 months."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env["supply.slow.stock"]
        cls.company.write({"supply_slow_days": 100, "supply_slow_months": 6})
        cls.customers = cls.env.ref("stock.stock_location_customers")
        # commits between warehouses
        cls.committed = cls.enterClassContext(
            patch.object(cls.env.registry["ir.cron"], "_commit_progress", return_value=1.0)
        )

    def stocked(self, name, quantity, since, **values):
        """A product with stock that came so many days ago."""
        product = self.make_product(name, stock=quantity, standard_price=4.0, **values)
        product.stock_quant_ids.filtered(lambda quant: quant.quantity > 0).in_date = self.noon(
            -since
        )
        return product

    def use(self, product, quantity, ago, dest=None):
        """Something leaves so many days ago."""
        here = self.warehouse.lot_stock_id
        came = product.stock_quant_ids.filtered(lambda quant: quant.location_id == here).in_date
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "product_uom": product.uom_id.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": (dest or self.customers).id,
                "company_id": self.company.id,
            }
        )
        move._action_confirm()
        move.write({"quantity": quantity, "picked": True})
        move._action_done()
        move.date = self.noon(-ago)
        product.stock_quant_ids.filtered(lambda quant: quant.location_id == here).in_date = came
        self.env.invalidate_all()

    def row(self, product):
        return self.report.search([("product_id", "=", product.id)])

    def test_dead(self):
        """30 pieces worth 4 each came 200 days ago, the last left 150 days ago: dead, 120."""
        part = self.stocked("皮带", 32, 200)
        self.use(part, 2, 150)
        row = self.row(part)
        self.assertEqual(
            (row.state, row.on_hand, row.value, row.idle_days, row.cover),
            ("dead", 30.0, 120.0, 150, 0.0),
        )
        self.assertEqual(row.last_use, self.day(-150))

    def test_not_dead(self):
        """Used 99 days ago, or come 99 days ago: active. At 100 days: dead."""
        used, new = self.stocked("甲", 30, 300), self.stocked("乙", 30, 99)
        self.use(used, 1, 99)
        self.assertEqual((self.row(used).state, self.row(new).state), ("active", "active"))
        new.stock_quant_ids.in_date = self.noon(-100)
        self.env.invalidate_all()
        self.assertEqual((self.row(new).state, self.row(new).idle_days), ("dead", 100))

    def test_scrap_is_no_use(self):
        """A correction of the stock isn't use, production is."""
        part = self.stocked("甲", 30, 300)
        loss = self.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "in", (False, self.company.id))], limit=1
        )
        self.use(part, 1, 10, loss)
        self.assertEqual(self.row(part).state, "dead")
        making = self.env["stock.location"].search(
            [("usage", "=", "production"), ("company_id", "in", (False, self.company.id))], limit=1
        )
        self.use(part, 1, 10, making)
        self.assertEqual((self.row(part).state, self.row(part).idle_days), ("active", 10))

    def test_slow(self):
        """10 used in 100 days = 3.04 a month; 40 last 13.1 months: slow above 6."""
        part = self.stocked("甲", 51, 300)
        self.use(part, 1, 200)
        self.use(part, 10, 50)
        row = self.row(part)
        self.assertEqual((row.state, row.on_hand), ("slow", 40.0))
        self.assertAlmostEqual(row.used_month, 3.04375)
        self.assertAlmostEqual(row.cover, 40 / 3.04375)

    def test_new_goods_are_not_slow(self):
        """First used 20 days ago: too early to speak of cover."""
        part = self.stocked("甲", 1000, 30)
        self.use(part, 1, 20)
        self.assertEqual(self.row(part).state, "active")

    def test_needed_by_the_plan(self):
        """All needed: active. 10 of 30 needed: not dead but slow, 20 are free."""
        part = self.stocked("甲", 30, 300)
        order = self.sell(part, 10, 40)
        row = self.row(part)
        self.assertEqual((row.state, row.needed, row.free, row.free_value), ("slow", 10, 20, 80.0))
        self.sell(part, 20, 50)
        self.env.invalidate_all()
        self.assertEqual(self.row(part).state, "active")
        self.assertTrue(order)

    def test_suggestions(self):
        """What still comes is named first, then what it may stand in for, the vendor, the
        customers, the minimum."""
        part = self.stocked("皮带 A", 30, 300, lead=5, supply_safety_stock=3)
        other = self.make_product("皮带 B", lead=5)
        self.env["supply.substitute"].create({"product_id": other.id, "substitute_id": part.id})
        self.sell(other, 4, 20)
        order = self.purchase(part, 8, 10, vendor=self.vendor_2)
        sold = self.quote(part, 1)
        sold.action_confirm()
        sold.picking_ids.move_ids.write({"quantity": 1, "picked": True})
        sold.picking_ids.button_validate()
        sold.picking_ids.move_ids.date = self.noon(-150)
        part.stock_quant_ids.in_date = self.noon(-300)
        self.planner.run(self.warehouse.ids)
        self.env.invalidate_all()
        row = self.row(part)
        text = row.suggestion
        self.assertEqual(row.state, "dead")
        places = [text.index(word) for word in (order.name, "皮带 B", "客户甲", "3")]
        self.assertEqual(places[:3], sorted(places[:3]), text)
        self.assertEqual(row.action_open_purchases()["domain"], [("id", "in", order.ids)])

    def warnings(self):
        return self.env["supply.stock.warning"].search([("company_id", "=", self.company.id)])

    def activities(self, user):
        return self.env["mail.activity"].search(
            [("res_model", "=", "supply.stock.warning"), ("user_id", "=", user.id)]
        )

    def test_told_once(self):
        """H: the hourly job twice is one activity for who is in charge, with a decision; again
        only after the product has moved and rested anew."""
        storeman = self.make_user("storeman", "stock.group_stock_user")
        self.warehouse.supply_digest_user_ids = storeman
        part, other = self.stocked("甲", 30, 300), self.stocked("乙", 5, 300)
        self.stocked("丙", 5, 10)
        cron = self.env["supply.stock.warning"]
        cron._cron_warn()
        cron._cron_warn()
        warning = self.warnings()
        self.assertEqual(warning.line_ids.product_id, part | other)
        self.assertEqual(warning.value, 140.0)
        self.assertEqual(len(self.activities(storeman)), 1)
        decisions = self.env["suite.decision"].search(
            [("kind", "=", "supply.slow"), ("res_id", "=", warning.id)]
        )
        self.assertEqual(len(decisions), 2)
        self.use(part, 1, 150)
        cron._cron_warn()
        self.assertEqual((self.warnings() - warning).line_ids.product_id, part)
        self.assertEqual(len(self.activities(storeman)), 2)

    def test_told_without_value(self):
        """A storeman reads the warning, its products, its activity and its explanation, and
        nowhere that the 30 pieces are worth 120; the planner finds the 120 in the inputs."""
        storeman = self.make_user("storeman", "stock.group_stock_user")
        planner = self.make_user("planner", "inventory_link.group_supply_planner")
        self.warehouse.supply_digest_user_ids = storeman
        cheap, dear = self.stocked("甲", 3, 300), self.stocked("乙", 30, 300)
        self.env["supply.stock.warning"]._cron_warn()
        self.env.invalidate_all()
        warning = self.warnings().with_user(storeman)
        self.assertEqual(warning.line_ids.product_id.ids, [dear.id, cheap.id])
        self.assertEqual(
            warning.line_ids.search([("warning_id", "=", warning.id)]).ids, warning.line_ids.ids
        )
        self.assertEqual(self.activities(storeman).summary, "2 products became dead stock")
        decision = self.env["suite.decision"].search(
            [("kind", "=", "supply.slow"), ("rule", "=", f"product.product:{dear.id}")]
        )
        seen, known = decision.with_user(storeman), decision.with_user(planner)
        self.assertNotIn("120", seen.explanation)
        self.assertEqual(seen.inputs[-1]["value"], None)
        self.assertIn(("value", 120.0), [(line["field"], line["value"]) for line in known.inputs])

    def test_committed_by_warehouse(self):
        """Each warehouse is committed by itself: two warnings, two commits."""
        second = self.env["stock.warehouse"].create(
            {"name": "二", "code": "WH2", "company_id": self.company.id}
        )
        self.stocked("甲", 30, 300)
        other = self.make_product("乙")
        self.env["stock.quant"]._update_available_quantity(other, second.lot_stock_id, 5)
        other.stock_quant_ids.in_date = self.noon(-300)
        others = self.env["res.company"].search([("id", "!=", self.company.id)])
        others.supply_planning = False
        self.committed.reset_mock()
        self.env["supply.stock.warning"]._cron_warn()
        self.assertEqual(self.warnings().warehouse_id, self.warehouse | second)
        self.assertEqual(
            self.committed.call_args_list, [call(1, remaining=1), call(1, remaining=0)]
        )

    def test_use_before_the_window(self):
        """Used 101 and 150 days ago with limits of 100: the last use is of 101 days ago, no use
        a month. Then 2 today: 40 last 65.7 months, slow because the first use is old enough."""
        part = self.stocked("甲", 45, 300)
        self.use(part, 1, 150)
        self.use(part, 2, 101)
        row = self.row(part)
        self.assertEqual(
            (row.state, row.last_use, row.idle_days, row.used_month),
            ("dead", self.day(-101), 101, 0.0),
        )
        self.use(part, 2, 0)
        row = self.row(part)
        self.assertEqual((row.state, row.last_use, row.on_hand), ("slow", self.day(0), 40.0))
        self.assertAlmostEqual(row.used_month, 0.60875)
        self.assertAlmostEqual(row.cover, 40 / 0.60875)

    def test_not_planned(self):
        """Nothing is told in a company that doesn't plan."""
        self.stocked("甲", 30, 300)
        self.company.supply_planning = False
        self.env["supply.stock.warning"]._cron_warn()
        self.assertFalse(self.warnings())

    def test_rights(self):
        """Salespeople see nothing, warehouse people no values, the other company nothing."""
        part = self.stocked("甲", 30, 300)
        seller = self.make_user("seller", "sales_team.group_sale_salesman")
        storeman = self.make_user("storeman", "stock.group_stock_user")
        with self.assertRaises(AccessError):
            self.report.with_user(seller).search([])
        row = self.report.with_user(storeman).search([("product_id", "=", part.id)])
        self.assertTrue(row.read(["on_hand", "suggestion"]))
        with self.assertRaises(AccessError):
            row.read(["value"])
        company = self.env["res.company"].create({"name": "别的公司"})
        storeman.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        rows = self.report.with_user(storeman).with_context(allowed_company_ids=company.ids)
        self.assertFalse(rows.search([("product_id", "=", part.id)]))

    def test_week_calendar(self):
        """Receipts and shipments: kind, what for, late by the company's day, and moving one."""
        part = self.make_product("轴承", lead=3)
        order = self.sell(part, 10, 9)
        self.lines(part).action_approve()
        self.lines(part).action_release()
        purchase = self.lines(part, ("released",)).purchase_order_id
        purchase.button_confirm()
        self.planner.run(self.warehouse.ids)
        receipt, shipment = purchase.picking_ids, order.picking_ids[:1]
        self.assertEqual((receipt.supply_kind, shipment.supply_kind), ("receipt", "shipment"))
        (purpose,) = receipt._today_purposes()[receipt.id]
        self.assertEqual(purpose, f"{order.name} for 客户甲")
        self.assertEqual((receipt.supply_purpose, shipment.supply_purpose), (purpose, order.name))
        name = receipt.with_context(supply_calendar=1).display_name
        self.assertIn(purchase.partner_id.name, name)
        self.assertIn(order.name, name)
        midnight = self.env["stock.picking"]._supply_day_start(self.company)
        receipt.scheduled_date = midnight
        self.assertFalse(receipt.supply_late)
        receipt.scheduled_date = midnight - timedelta(seconds=1)
        self.assertTrue(receipt.supply_late)
        late = self.env["stock.picking"].search([("supply_late", "=", True)])
        self.assertIn(receipt, late)
        self.assertNotIn(shipment, late)
        storeman = self.make_user("storeman", "stock.group_stock_user")
        day = fields.Datetime.now() + timedelta(days=4)
        receipt.with_user(storeman).scheduled_date = day
        self.assertEqual(receipt.scheduled_date, day)
        clerk = self.make_user("clerk", "base.group_user")
        with self.assertRaises(AccessError):
            receipt.with_user(clerk).scheduled_date = day
