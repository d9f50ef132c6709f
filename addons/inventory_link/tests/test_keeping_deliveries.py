"""Deliveries are held against what was promised, and late ones get a cause from facts."""

from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .scenario import ScenarioCase
from .test_keeping_slips import KeepingMixin


@tagged("post_install", "-at_install")
class TestDeliveries(KeepingMixin, ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls.env["res.users"].create(
            {
                "name": "卖家",
                "login": "delivery_seller",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [Command.link(cls.env.ref("sales_team.group_sale_salesman").id)],
            }
        )

    def deliver(self, order, quantity=None, day=0):
        """Ship what is open of the order (or a part) on a day."""
        with freeze_time(self.noon(day)):
            picking = order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))[:1]
            picking.move_ids.quantity = quantity or picking.move_ids.product_uom_qty
            picking.move_ids.picked = True
            picking.with_context(skip_backorder=True).button_validate()
        return self.rows(order)

    def receive(self, purchase, day):
        with freeze_time(self.noon(day)):
            picking = purchase.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
            picking.move_ids.quantity = picking.move_ids.product_uom_qty
            picking.move_ids.picked = True
            picking.button_validate()

    def rows(self, order):
        return self.env["supply.delivery"].search([("sale_order_id", "=", order.id)], order="id")

    def sold_from_stock(self, quantity=10, due=5, **values):
        product = self.make_product("库存件", stock=100)
        order = self.quote(product, quantity, due, user_id=self.seller.id, **values)
        order.action_confirm()
        self.promise_now(order)
        return order

    def test_on_time_and_backorder(self):
        """4 of 10 leave on the promised day, 6 two days after: a row each, one on time, the other
        two days late; nothing was missing."""
        order = self.sold_from_stock(due=5)
        self.deliver(order, 4, day=5)
        rows = self.deliver(order, day=7)
        self.assertEqual(
            [(r.quantity, self.offset(r.done_date), r.days_late, r.on_time, r.cause) for r in rows],
            [(4.0, 5, 0, True, False), (6.0, 7, 2, False, "other")],
        )
        self.assertEqual(rows.salesperson_id, self.seller)
        self.assertEqual(self.offset(rows[1].promised_date), 5)
        (decision,) = self.decisions(rows[1], "delivery.late")
        self.assertEqual(decision.outcome, "other")
        self.assertFalse(self.decisions(rows[0], "delivery.late"))

    def test_unit_of_the_product(self):
        """2 dozen are 24 pieces."""
        product = self.make_product("打件", stock=100)
        dozen = self.env.ref("uom.product_uom_dozen").id
        line = {"product_id": product.id, "product_uom_qty": 2, "product_uom_id": dozen}
        order = self.quote(product, 2, 5, order_line=[Command.create(line)])
        order.action_confirm()
        self.promise_now(order)
        (row,) = self.deliver(order, day=1)
        self.assertEqual(row.quantity, 24.0)

    def test_return_and_delivery_again_count_once(self):
        """3 of 10 come back and leave again: still one row of 10."""
        order = self.sold_from_stock()
        self.deliver(order, day=5)
        picking = order.picking_ids
        back = self.env["stock.return.picking"].create({"picking_id": picking.id})
        back.product_return_moves.quantity = 3
        returned = self.env["stock.picking"].browse(back.action_create_returns()["res_id"])
        returned.move_ids.picked = True
        returned.button_validate()
        self.assertEqual(order.order_line.qty_delivered, 7.0)
        again = self.env["stock.return.picking"].create({"picking_id": returned.id})
        again.product_return_moves.quantity = 3
        sent = self.env["stock.picking"].browse(again.action_create_returns()["res_id"])
        sent.move_ids.picked = True
        sent.button_validate()
        self.assertEqual(order.order_line.qty_delivered, 10.0)
        self.assertEqual(self.rows(order).mapped("quantity"), [10.0])

    def test_vendor(self):
        """The purchase was planned for +10 and came on +25, promised was +20: the vendor. What
        made it late is known though the goods are in stock when they leave."""
        _product, purchase, order = self.sold_on_purchase()
        self.move_purchase(purchase, 25)
        self.assertEqual(self.offset(purchase.order_line.date_promised_first), 10)
        self.receive(purchase, 25)
        (row,) = self.deliver(order, day=26)
        self.assertEqual((row.cause, row.days_late), ("vendor", 6))
        self.assertIn(purchase.name, row.explanation)
        self.assertIn("15 days late", row.explanation)

    def test_vendor_without_first_promise(self):
        """Purchases of before have no first promised day: the planned one counts."""
        _product, purchase, order = self.sold_on_purchase()
        self.move_purchase(purchase, 25)
        purchase.order_line.sudo().date_promised_first = False
        purchase.order_line.date_planned = self.noon(10)
        self.receive(purchase, 25)
        (row,) = self.deliver(order, day=26)
        self.assertEqual(row.cause, "vendor")
        self.assertIn("15 days late", row.explanation)

    def test_lock_of_an_hour_is_not_the_cause(self):
        """Delivered at noon of the day after the promised one, 12 hours late: locked for one hour
        isn't the cause, for 6 hours it is; the text tells whole days."""
        for hours, cause in ((1, "other"), (5.9, "other"), (6, "credit")):
            order = self.sold_from_stock(due=5)
            with patch.object(
                type(self.env["suite.outlook"]),
                "_held_days",
                lambda _self, ids, _since, hours=hours: dict.fromkeys(ids, hours / 24),
            ):
                (row,) = self.deliver(order, day=6)
            self.assertEqual((row.cause, row.days_late), (cause, 1), hours)
        self.assertIn("on 1 days", row.explanation)

    def test_customer(self):
        """Promised +5; the customer then wanted +9 and had it on +8."""
        order = self.sold_from_stock(due=5)
        order.commitment_date = self.noon(9)
        (row,) = self.deliver(order, day=8)
        self.assertEqual((row.cause, row.days_late, row.on_time), ("customer", 3, False))

    def test_material_and_capacity(self):
        """The reason that the line was late with names the cause, unless a fact weighs more."""
        for reason, cause in (
            (["vendor_lead", 0, 30], "material"),
            (["no_vendor", 0, None], "material"),
            (["capacity", 0, None], "capacity"),
            (["make_lead", 0, 5], "capacity"),
        ):
            order = self.sold_from_stock(due=5)
            order.order_line.sudo().late_driver = reason
            (row,) = self.deliver(order, day=6)
            self.assertEqual(row.cause, cause, reason)

    def test_correction(self):
        """A sales manager corrects the cause with a reason; a salesperson may not."""
        manager = self.make_user("delivery_manager", "sales_team.group_sale_manager")
        order = self.sold_from_stock(due=5)
        (row,) = self.deliver(order, day=6)
        with self.assertRaises(AccessError):
            row.with_user(self.seller).action_correct_cause("customer", "他不在")
        with self.assertRaises(AccessError):
            row.with_user(self.seller).write({"cause": "customer"})
        for cause, reason in (("customer", " "), ("weather", "雨")):
            with self.assertRaises(UserError):
                row.with_user(manager).action_correct_cause(cause, reason)
        row.with_user(manager).action_correct_cause("customer", "他不在")
        self.assertEqual(
            (row.cause, row.found_cause, row.reason, row.corrected_by_id),
            ("customer", "other", "他不在", manager),
        )
        decision = self.decisions(row, "delivery.late")
        self.assertEqual((decision.answer, decision.answer_reason), ("overruled", "他不在"))
        on_time = self.deliver(self.sold_from_stock(due=5), day=5)
        with self.assertRaises(UserError):
            on_time.with_user(manager).action_correct_cause("customer", "无")

    def test_who_sees_what(self):
        """Salespeople see the deliveries of their own orders; other companies none."""
        order = self.sold_from_stock()
        row = self.deliver(order, day=5)
        other = self.make_user("delivery_other", "sales_team.group_sale_salesman")
        self.assertTrue(row.with_user(self.seller).has_access("read"))
        self.assertFalse(row.with_user(other).has_access("read"))
        elsewhere = self.env["res.company"].sudo().create({"name": "别的公司"})
        foreign = self.env["res.users"].create(
            {
                "name": "外",
                "login": "delivery_foreign",
                "company_id": elsewhere.id,
                "company_ids": [Command.set(elsewhere.ids)],
                "group_ids": [Command.link(self.env.ref("stock.group_stock_user").id)],
            }
        )
        foreign_row = row.with_user(foreign).with_context(allowed_company_ids=elsewhere.ids)
        self.assertFalse(foreign_row.has_access("read"))

    def test_rate(self):
        """Four lines were due: one on time, one late, one in two parts of which the second was
        late, one not delivered and over its day. One isn't due yet. The rate is 25 %."""
        on_time, late, parts, overdue, future = (self.sold_from_stock(due=5) for _n in range(5))
        self.deliver(on_time, day=5)
        self.deliver(late, day=6)
        self.deliver(parts, 4, day=4)
        self.deliver(parts, day=8)
        overdue.order_line.sudo().promised_date = self.day(-3)
        overdue.order_line.sudo().late_driver = ["no_vendor", 0, None]
        self.env.flush_all()
        orders = on_time | late | parts | overdue | future
        report = self.env["supply.delivery.report"].search([("sale_order_id", "in", orders.ids)])
        found = {r.sale_order_id: (r.state, r.days_late, r.cause) for r in report}
        self.assertEqual(
            found,
            {
                on_time: ("on_time", 0, False),
                late: ("late", 1, "other"),
                parts: ("late", 3, "other"),
                overdue: ("open", 3, "material"),
            },
        )
        groups = self.env["supply.delivery.report"]._read_group(
            [("sale_order_id", "in", orders.ids)], [], ["on_time_rate:avg", "lines:sum"]
        )
        self.assertEqual(groups, [(25.0, 4)])

    def test_cancelled_rest_is_not_due(self):
        """What was cancelled before any of it left isn't due."""
        order = self.sold_from_stock(due=5)
        order.order_line.sudo().promised_date = self.day(-3)
        order._action_cancel()
        self.env.flush_all()
        report = self.env["supply.delivery.report"]
        self.assertFalse(report.search([("sale_order_id", "=", order.id)]))

    def test_not_planned_company(self):
        """Nothing is recorded where planning is off."""
        order = self.sold_from_stock(due=5)
        self.company.supply_planning = False
        self.assertFalse(self.deliver(order, day=6))
