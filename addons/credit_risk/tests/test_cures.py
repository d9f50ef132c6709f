from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestCures(CreditCase):
    """What the answer says would help, and what one click does about it."""

    def _open_hold(self, record):
        return record.credit_hold_ids.filtered(lambda hold: hold.state == "open")

    def test_split_of_an_order(self):
        """E10: of 3 × 20 one fits beside 70 against 100; it goes now, two stay on hold."""
        partner = self._customer(100)
        self._bill(partner, 70)
        order = self._order(partner, 20, 3)
        order.with_user(self.salesman).action_confirm()
        hold = self._open_hold(order)
        self.assertEqual((hold.excess_amount, hold.reason_codes), (30, "LIMIT"))
        self.assertIn("1 of 3 Shaft 轴", hold.cure)
        order.with_user(self.salesman).action_ship_what_fits()
        self.assertEqual((order.state, order.order_line.product_uom_qty), ("sale", 1))
        self.assertEqual(self._exposure(partner), 90)
        rest = self.env["sale.order"].search([("origin", "=", order.name)])
        self.assertEqual((rest.state, rest.order_line.product_uom_qty), ("draft", 2))
        self.assertEqual(rest.credit_state, "hold")
        self.assertEqual(self._open_hold(rest).excess_amount, 30)
        self.assertEqual(order.amount_total + rest.amount_total, 60)
        self._ship(order)
        self.assertEqual(order.picking_ids.state, "done")
        with self.assertRaises(UserError):
            rest.action_ship_what_fits()

    def test_split_keeps_every_line(self):
        """Lines that don't fit move whole, notes go along, nothing is lost or doubled."""
        partner = self._customer(100)
        order = self._order(partner, 30, 2)
        order.order_line = [
            Command.create({"display_type": "line_note", "name": "请周五前送到"}),
            Command.create(
                {
                    "product_id": self.goods.id,
                    "product_uom_qty": 5,
                    "price_unit": 10,
                    "technical_price_unit": 0.0,
                    "tax_ids": [Command.clear()],
                }
            ),
        ]
        order.action_confirm()
        order.action_ship_what_fits()
        rest = self.env["sale.order"].search([("origin", "=", order.name)])
        goods = order.order_line.filtered(lambda line: not line.display_type)
        self.assertEqual(
            [(line.product_id, line.product_uom_qty) for line in goods],
            [(self.delivery_goods, 2), (self.goods, 4)],
        )
        left = rest.order_line.filtered(lambda line: not line.display_type)
        self.assertEqual(
            [(line.product_id, line.product_uom_qty) for line in left], [(self.goods, 1)]
        )
        self.assertEqual(rest.order_line.filtered("display_type").name, "请周五前送到")
        self.assertEqual((order.state, self._exposure(partner)), ("sale", 100))

    def test_part_of_a_delivery(self):
        """70 owed and 3 × 20 to ship under a limit lowered to 100: one leaves, two stay locked."""
        partner = self._customer(130)
        self._bill(partner, 70)
        order = self._confirmed(partner, 20, 3)
        self._account(partner).limit_amount = 100
        picking = order.picking_ids
        hold = self._open_hold(picking)
        self.assertEqual(hold.excess_amount, 30)
        self.assertIn("1 of 3", hold.cure)
        hold.action_ship_what_fits()
        self.assertEqual(
            (picking.move_ids.quantity, hold.state, hold.partial), (1, "released", True)
        )
        picking.move_ids.quantity = 2
        with self.assertRaises(UserError):
            self._validate(picking)
        picking.move_ids.quantity = 1
        self._validate(picking)
        self.assertEqual(picking.state, "done")
        backorder = order.picking_ids - picking
        self.assertEqual((backorder.move_ids.product_uom_qty, backorder.shipment_locked), (2, True))
        self.assertEqual(self._exposure(partner), 130)
        self._prepare(backorder)
        with self.assertRaises(UserError):
            self._validate(backorder)

    def test_invoices_to_pay(self):
        """The cure names the oldest invoices that a payment of the excess settles."""
        partner = self._customer(1000)
        old = self._bill(partner, 300, days_late=-5)
        new = self._bill(partner, 500, days_late=-20)
        order = self._confirmed(partner, 700)
        hold = self._open_hold(order)
        self.assertEqual(hold.excess_amount, 500)
        self.assertIn(f"{old.name}, part of {new.name}", hold.cure)
        self.assertIn("1,500.00", hold.cure)

    def test_prepaying_is_cheaper(self):
        """Far over the limit, what the order itself costs is the smaller payment."""
        partner = self._customer(100)
        self._bill(partner, 500)
        hold = self._open_hold(self._confirmed(partner, 50))
        first = hold.cure.split("\n")[0]
        self.assertEqual(hold.excess_amount, 450)
        self.assertIn("50.00 for this order in advance", first)

    def test_manual_hold(self):
        """A customer held by hand orders and gets nothing until the hold is lifted."""
        partner = self._customer(1000)
        shipping = self._confirmed(partner, 50)
        account = self._account(partner)
        account.write({"manual_hold": True, "manual_hold_reason": "质量争议"})
        order = self._confirmed(partner, 10)
        self.assertEqual(self._open_hold(order).reason_codes, "MANUAL")
        self.assertIn("质量争议", self._open_hold(order).cure)
        self.assertTrue(shipping.picking_ids.shipment_locked)
        self.assertEqual(self._open_hold(shipping.picking_ids).reason_codes, "MANUAL")
        account.manual_hold = False
        self.assertEqual(order.state, "sale")
        self.assertFalse(shipping.picking_ids.shipment_locked)

    def test_priority_before_age(self):
        """What a payment frees goes to the hold with priority, then to the oldest."""
        partner = self._customer(100)
        bill = self._bill(partner, 90)
        first, second = self._confirmed(partner, 60), self._confirmed(partner, 50)
        holds = self._open_hold(first | second)
        with self.assertRaises(AccessError):
            holds.with_user(self.salesman).action_set_priority("2")
        self._open_hold(second).with_user(self.controller).action_set_priority("2")
        self._register_payment(bill)
        self.assertEqual((second.state, first.state), ("sale", "draft"))
        self.assertEqual(self._exposure(partner), 50)

    def test_asking_for_release(self):
        """Asking puts a task on those who may decide, not on who is involved."""
        order = self._order(self._customer(100), 150)
        order.with_user(self.salesman).action_confirm()
        with self.assertRaises(UserError):
            order.with_user(self.salesman).action_ask_release(" ")
        order.with_user(self.salesman).action_ask_release("老客户急用")
        hold = self._open_hold(order)
        self.assertEqual((hold.ask_reason, hold.asked_by_id), ("老客户急用", self.salesman))
        self.assertIn(self.controller, hold.activity_ids.user_id)
        self.assertNotIn(self.salesman, hold.activity_ids.user_id)
        hold.with_user(self.controller).action_release("可以")
        self.assertFalse(hold.activity_ids)

    def test_short_close(self):
        """A2: after order, invoice and credit note the value waits for another invoice until
        the remainder is closed; then it is gone."""
        partner = self._customer(1000)
        order = self._confirmed(partner, 115, product=self.goods)
        self.assertEqual(self._exposure(partner), 115)
        invoice = order._create_invoices()
        self.assertEqual(self._exposure(partner), 115)
        invoice.action_post()
        self.assertEqual(self._exposure(partner), 115)
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        refund = self.env["account.move"].browse(wizard.reverse_moves()["res_id"])
        self.assertEqual(self._exposure(partner), 115)
        refund.action_post()
        self.assertEqual(self._exposure(partner), 115)
        with self.assertRaises(AccessError):
            order.with_user(self.salesman).action_close_remainder("x")
        with self.assertRaises(UserError):
            order.with_user(self.sales_boss).action_close_remainder("")
        order.with_user(self.sales_boss).action_close_remainder("客户取消余量")
        self.assertEqual(self._exposure(partner), 0)
        self.assertEqual(order.picking_ids.state, "cancel")
        self._account(partner).limit_amount = 100
        with self.assertRaises(UserError):
            order.with_user(self.sales_boss).action_reopen_remainder("又要了")
        order.invalidate_recordset()
        self._account(partner).limit_amount = 200
        order.with_user(self.sales_boss).action_reopen_remainder("又要了")
        self.assertEqual(self._exposure(partner), 115)

    def test_short_close_by_hand(self):
        """Nobody takes an order out of the exposure by writing the mark."""
        partner = self._customer(1000)
        order = self._confirmed(partner, 115)
        for user in (self.salesman, self.sales_boss):
            order.with_user(user).write({"remainder_closed": True})
            self.assertEqual(self._exposure(partner), 115)

    def test_part_by_the_rule_that_held(self):
        """Blocked at 90 % of 10,000 with 5,000 owed: of 10 × 600 six fit, not eight."""
        policy = self.env["credit.policy"].create(
            {"name": "90 %", "rule_ids": [Command.create({"condition": "limit", "percent": 90})]}
        )
        partner = self._customer(10000)
        self._account(partner).policy_id = policy
        self._bill(partner, 5000)
        order = self._confirmed(partner, 600, 10)
        self.assertEqual(self._open_hold(order).excess_amount, 2000)
        order.action_ship_what_fits()
        self.assertEqual((order.state, order.order_line.product_uom_qty), ("sale", 6))
        self.assertEqual(self._exposure(partner), 8600)

    def test_two_parts_of_one_room(self):
        """70 owed, 100 allowed, two deliveries of 3 × 20: one unit fits, once."""
        partner = self._customer(190)
        self._bill(partner, 70)
        orders = self._confirmed(partner, 20, 3) | self._confirmed(partner, 20, 3)
        self._account(partner).limit_amount = 100
        first, second = orders.picking_ids
        first.action_ship_what_fits()
        self.assertEqual(self._open_hold(second)._what_fits(), [])
        with self.assertRaises(UserError):
            second.action_ship_what_fits()

    def test_split_keeps_the_price(self):
        """A price for ten and more stays when fewer of them go first."""
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "阶梯价",
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "0_product_variant",
                            "product_id": self.goods.id,
                            "min_quantity": 10,
                            "compute_price": "fixed",
                            "fixed_price": 9.0,
                        }
                    )
                ],
            }
        )
        self.goods.list_price = 10.0
        order = self.env["sale.order"].create(
            {
                "partner_id": self._customer(50).id,
                "pricelist_id": pricelist.id,
                "order_line": [
                    Command.create({"product_id": self.goods.id, "product_uom_qty": 10})
                ],
            }
        )
        self.assertEqual(order.amount_total, 90)
        order.action_confirm()
        order.action_ship_what_fits()
        rest = self.env["sale.order"].search([("origin", "=", order.name)])
        self.assertEqual((order.order_line.product_uom_qty, order.order_line.price_unit), (5, 9))
        self.assertEqual((rest.order_line.product_uom_qty, rest.order_line.price_unit), (5, 9))

    def test_reduced_quotation_shows_its_size(self):
        """A held quotation that fits after a change shows its new amount to who decides."""
        order = self._confirmed(self._customer(100), 150)
        order.order_line.price_unit = 80
        self.assertEqual(self._open_hold(order).amount, 80)

    def test_limit_that_would_do(self):
        """Blocked at 90 %: what is over by 500 needs a limit higher by 555.56, and it is enough."""
        policy = self.env["credit.policy"].create(
            {
                "name": "90 %",
                "rule_ids": [
                    Command.create({"condition": "limit", "percent": 90}),
                    Command.create({"condition": "limit", "percent": 80, "effect": "warn"}),
                ],
            }
        )
        partner = self._customer(10000)
        account = self._account(partner)
        account.policy_id = policy
        self._bill(partner, 5000)
        order = self._confirmed(partner, 4500)
        hold = self._open_hold(order)
        self.assertEqual((hold.excess_amount, hold.raise_amount), (500, 555.56))
        self.assertIn("10,555.56", hold.cure)
        account.limit_amount = 10555.56
        self.assertEqual(order.state, "sale")

    def test_reopened_order_is_delivered(self):
        """D5: 80 closed short, 90 confirmed, 80 reopened: refused at 170; with room it ships."""
        partner = self._customer(100)
        first = self._confirmed(partner, 80)
        first.with_user(self.sales_boss).action_close_remainder("取消")
        second = self._confirmed(partner, 90)
        self.assertEqual((second.state, self._exposure(partner)), ("sale", 90))
        with self.assertRaises(UserError), self.env.cr.savepoint():
            first.with_user(self.sales_boss).action_reopen_remainder("又要")
        self.env.invalidate_all()
        self.assertTrue(first.remainder_closed)
        self._account(partner).limit_amount = 170
        first.with_user(self.sales_boss).action_reopen_remainder("又要")
        self.assertEqual(self._exposure(partner), 170)
        self._ship(first)
        self.assertEqual(first.order_line.qty_delivered, 1)

    def test_release_ends_in_the_future(self):
        """A release that has ended already is refused; the hold stays."""
        order = self._confirmed(self._customer(100), 150)
        hold = self._open_hold(order).with_user(self.controller)
        with self.assertRaises(UserError):
            hold.action_release("x", valid_until=self.today - timedelta(days=1))
        self.assertEqual(hold.state, "open")
        hold.action_release("x", valid_until=self.today)
        self.assertEqual(order.state, "sale")
