from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestRelease(CreditCase):
    """Who lets a held document go, and what lets it go by itself."""

    def test_controller_releases(self):
        """A release needs a reason and confirms the order; ledger and decisions keep it."""
        partner = self._customer(100)
        order = self._confirmed(partner, 150)
        hold = order.credit_hold_ids.with_user(self.controller)
        for reason in ("", "  ", None):
            with self.assertRaises(UserError):
                hold.action_release(reason)
        hold.action_release("老客户，已承诺付款")
        self.assertEqual((order.state, order.credit_state), ("sale", "released"))
        self.assertEqual((hold.state, hold.released_by_id), ("released", self.controller))
        self.assertEqual((hold.approved_amount, hold.automatic), (150, False))
        self.assertEqual(hold.valid_until, self.today + timedelta(days=29))
        decisions = self.env["suite.decision"].search(
            [("kind", "=", "credit.release"), ("res_id", "=", order.id)]
        )
        self.assertIn("老客户", decisions.explanation)
        entry = (
            self.env["suite.ledger.entry"]
            .sudo()
            .search(
                [("kind", "=", "credit.release"), ("company_id", "=", self.company.id)], limit=1
            )
        )
        self.assertIn(f'"hold_id": {hold.id}'.replace(" ", ""), entry.payload.replace(" ", ""))
        with self.assertRaises(UserError):
            hold.action_release("once more")
        self._ship(order)
        self.assertEqual(order.picking_ids.state, "done")

    def test_others_cannot_release(self):
        """Salespeople, their managers and accountants can't release, by whatever call."""
        order = self._confirmed(self._customer(100), 150)
        for user in (self.salesman, self.sales_boss, self.accountant, self.chief_accountant):
            with self.assertRaises(AccessError):
                order.credit_hold_ids.with_user(user).action_release("please")
            with self.assertRaises(AccessError):
                order.credit_hold_ids.with_user(user).action_reject("no")
            with self.assertRaises(AccessError):
                self.env["credit.hold.decide"].with_user(user).create(
                    {"hold_ids": order.credit_hold_ids.ids, "reason": "x"}
                ).action_apply()
        self.assertEqual(order.state, "draft")

    def test_four_eyes(self):
        """E7: who made, sells or asked to confirm an order can't release it, manager or not."""
        both = self.controller
        both.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        partner = self._customer(100)
        sold = self._order(partner, 150, user_id=both.id)
        asked = self._order(partner, 150)
        own = (
            self.env["sale.order"]
            .with_user(both)
            .create({"partner_id": partner.id, "user_id": self.salesman.id, "order_line": []})
        )
        own.sudo().order_line = [Command.create(sold.order_line.copy_data()[0])]
        asked.with_user(both).action_confirm()
        (sold | own.sudo()).action_confirm()
        for order in (sold, asked, own):
            hold = order.sudo().credit_hold_ids
            self.assertEqual(hold.state, "open")
            self.assertFalse(hold.with_user(both).can_decide)
            with self.assertRaises(UserError) as caught:
                hold.with_user(both).action_release("trust me")
            self.assertIn("four eyes", str(caught.exception))
            hold.with_user(self.manager).action_release("fine")
            self.assertEqual(order.sudo().state, "sale")

    def test_reject(self):
        """E8: rejected orders stay quotations; the salesperson gets the reason."""
        order = self._confirmed(self._customer(100), 150)
        order.credit_hold_ids.with_user(self.controller).action_reject("先付清旧账")
        self.assertEqual((order.state, order.credit_state), ("draft", "clear"))
        self.assertEqual(order.credit_hold_ids.state, "rejected")
        activity = order.activity_ids
        self.assertEqual(activity.user_id, self.salesman)
        self.assertIn("先付清旧账", activity.note)
        order.action_confirm()
        self.assertEqual(order.credit_state, "hold")

    def test_wizard(self):
        """The dialog decides several holds with one reason and its own bounds."""
        self.company.credit_release_deviation = 10
        partner = self._customer(10)
        orders = self._order(partner, 150) | self._order(partner, 160)
        orders.action_confirm()
        wizard = (
            self.env["credit.hold.decide"]
            .with_user(self.controller)
            .create(
                {
                    "hold_ids": orders.credit_hold_ids.ids,
                    "reason": "ok",
                    "deviation_percent": 10,
                    "valid_until": self.today,
                }
            )
        )
        wizard.action_apply()
        self.assertEqual(orders.mapped("state"), ["sale", "sale"])
        self.assertEqual(orders.credit_hold_ids.mapped("deviation_percent"), [10, 10])

    def test_deviation_and_validity(self):
        """E5: 1,000 with 10 % for 5 days: 1,100.00 ships, 1,100.01 doesn't; not on day 6."""
        self.company.write({"credit_release_deviation": 10, "credit_release_days": 5})
        order = self._confirmed(self._customer(0), 1000)
        hold = order.credit_hold_ids
        hold.with_user(self.controller).action_release("ok")
        self.assertEqual(hold.valid_until, self.today + timedelta(days=4))
        picking = order.picking_ids
        order.order_line.price_unit = 1100.01
        self.assertTrue(picking.shipment_locked)
        order.order_line.price_unit = 1100
        self.assertEqual((picking.shipment_locked, picking.credit_state), (False, "released"))
        hold.sudo().valid_until = self.today - timedelta(days=1)
        self.env["credit.account"]._forget_figures()
        self.assertTrue(picking.shipment_locked)

    def test_payment_releases(self):
        """E1: a payment frees the order in its own transaction, and the log says so."""
        partner = self._customer(100)
        invoice = self._bill(partner, 90)
        order = self._confirmed(partner, 60)
        self.assertEqual(order.credit_state, "hold")
        payment = self._register_payment(
            invoice.with_user(self.accountant), amount=50, payment_date=self.today
        )
        self.assertEqual((order.state, order.credit_state), ("sale", "released"))
        self.assertTrue(order.picking_ids)
        hold = order.credit_hold_ids
        self.assertEqual((hold.state, hold.automatic), ("released", True))
        self.assertIn(payment.name, hold.release_reason)
        self.assertEqual(self._exposure(partner), 100)

    def test_payment_releases_in_order(self):
        """E2: what a payment frees goes to the oldest holds that fit."""
        partner = self._customer(100)
        invoice = self._bill(partner, 90)
        orders = self.env["sale.order"]
        for number, amount in enumerate((30, 11, 60)):
            orders |= self._confirmed(partner, amount)
            orders[-1:].credit_hold_ids._write(
                {"create_date": self.env.cr.now() - timedelta(hours=9 - number)}
            )
        orders[1].order_line.price_unit = 10
        self.assertEqual(orders.mapped("credit_state"), ["hold", "hold", "hold"])
        self._register_payment(invoice, amount=40, payment_date=self.today)
        self.assertEqual(orders.mapped("state"), ["sale", "sale", "draft"])
        self.assertEqual(self._exposure(partner), 90)
        self.assertEqual(orders[2].credit_hold_ids.excess_amount, 50)

    def test_matching_ends_overdue(self):
        """A payment posted on account frees the order although it is matched later."""
        partner = self._customer(1000)
        self._bill(partner, 90, days_late=30)
        order = self._confirmed(partner, 60)
        self.assertEqual(order.credit_hold_ids.reason_codes, "OVERDUE")
        self.init_payment(90, post=True, partner=partner)
        self.assertEqual(order.state, "sale")

    def test_unmatching_makes_overdue_again(self):
        """Undoing a match bumps the account and opens the overdue again."""
        partner = self._customer(1000)
        invoice = self._bill(partner, 90, days_late=30)
        payment = self._register_payment(invoice)
        version = self._account(partner).version
        invoice.line_ids.remove_move_reconcile()
        self.assertGreater(self._account(partner).version, version)
        payment.action_draft()
        self.assertEqual(self._account(partner).overdue_amount, 90)
        self.assertEqual(self._confirmed(partner, 60).credit_state, "hold")

    def test_raised_limit_releases(self):
        """E3: held over by 20; raising the limit by 20 releases at once, by 19.99 not."""
        partner = self._customer(100)
        order = self._confirmed(partner, 120)
        account = self._account(partner)
        account.limit_amount = 119.99
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.credit_hold_ids.excess_amount, 0.01)
        account.limit_amount = 120
        self.assertEqual(order.state, "sale")

    def test_credit_note_and_cancellation_release(self):
        """What lowers the exposure frees waiting orders: a credit note, a cancelled order."""
        partner = self._customer(100)
        invoice = self._bill(partner, 60)
        first = self._confirmed(partner, 40)
        waiting = self._confirmed(partner, 30)
        self.assertEqual(waiting.credit_state, "hold")
        first._action_cancel()
        self.assertEqual(waiting.state, "sale")
        last = self._confirmed(partner, 50)
        self.assertEqual(last.credit_state, "hold")
        self._reverse_invoice(invoice, post=True)
        self.assertEqual(last.state, "sale")

    def test_order_that_cannot_be_confirmed(self):
        """An order that fits but is faulty keeps its hold; the payment goes through."""
        partner = self._customer(100)
        invoice = self._bill(partner, 90)
        faulty, fine = self._confirmed(partner, 20), self._confirmed(partner, 30)
        faulty.order_line.sudo()._write({"product_id": None})
        self.env.invalidate_all()
        self._register_payment(invoice, amount=60, payment_date=self.today)
        self.assertEqual((faulty.state, fine.state), ("draft", "sale"))
        self.assertEqual(faulty.credit_hold_ids.state, "open")

    def test_cancelled_order_closes_hold(self):
        """A cancelled quotation leaves the queue, and its release is worth nothing later."""
        order = self._confirmed(self._customer(100), 150)
        order._action_cancel()
        self.assertEqual(order.credit_hold_ids.state, "closed")
        other = self._confirmed(self._customer(100), 150)
        other.credit_hold_ids.with_user(self.controller).action_release("ok")
        other._action_cancel()
        other.action_draft()
        other.action_confirm()
        self.assertEqual(other.credit_state, "hold")
