from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestReturnedPayments(CreditCase):
    """A customer's payment bounces, or is taken off its invoice again."""

    def _paid(self, invoice, amount):
        return self._register_payment(
            invoice.with_user(self.accountant), amount=amount, payment_date=self.today
        )

    def test_returned_payment_holds_again(self):
        """The order that the payment had released is confirmed, its delivery is locked."""
        partner = self._customer(100)
        invoice = self._bill(partner, 90)
        order = self._confirmed(partner, 60)
        self.assertEqual(order.credit_state, "hold")
        payment = self._paid(invoice, 50)
        self.assertEqual((order.state, order.credit_state), ("sale", "released"))
        self.assertEqual(self._exposure(partner), 100)
        self.assertFalse(order.picking_ids.shipment_locked)
        payment.with_user(self.accountant).action_return("账户已销户")
        account = self._account(partner)
        self.assertEqual((account.receivable, account.open_orders), (90, 60))
        self.assertEqual((account.exposure, account.excess), (150, 50))
        hold = order.picking_ids.credit_hold_ids
        self.assertEqual((hold.state, hold.reason_codes), ("open", "LIMIT"))
        self.assertEqual((hold.amount, hold.excess_amount), (60, 50))
        self.assertTrue(order.picking_ids.shipment_locked)
        with self.assertRaises(UserError):
            self._ship(order)
        self.assertEqual((invoice.payment_state, invoice.amount_residual), ("not_paid", 90))
        self.assertEqual((payment.returned_date, payment.state), (self.today, "rejected"))
        self.assertEqual(payment.return_reason, "账户已销户")
        self.assertEqual(payment.return_move_id.reversed_entry_id, payment.move_id)
        self.assertEqual(account.returned_payment_count, 1)
        decisions = self.env["suite.decision"].search(
            [("kind", "=", "credit.return"), ("partner_id", "=", partner.id)]
        )
        self.assertEqual(
            sorted(decisions.mapped("res_model")), ["account.payment", "credit.account"]
        )
        self.assertIn("账户已销户", decisions[0].explanation)

    def test_returned_payment_is_overdue_again(self):
        """A late invoice is late again with its old age; held goods stay held by that alone."""
        partner = self._customer(1000)
        invoice = self._bill(partner, 90, days_late=30)
        order = self._confirmed(partner, 60)
        payment = self._paid(invoice, 90)
        self.assertEqual((order.state, self._account(partner).overdue_amount), ("sale", 0))
        payment.with_user(self.accountant).action_return("余额不足")
        account = self._account(partner)
        self.assertEqual((account.overdue_amount, account.overdue_days), (90, 30))
        self.assertEqual(order.picking_ids.credit_hold_ids.reason_codes, "OVERDUE")
        self.assertEqual(account.exposure, 150)

    def test_unreconciled_payment_holds_again(self):
        """A payment taken off its late invoice and cancelled: unshipped goods are locked."""
        partner = self._customer(100)
        invoice = self._bill(partner, 90)
        order = self._confirmed(partner, 60)
        payment = self._paid(invoice, 50)
        self.assertEqual(order.state, "sale")
        invoice.line_ids.remove_move_reconcile()
        self.assertEqual(self._exposure(partner), 100)
        self.assertFalse(order.picking_ids.shipment_locked)
        payment.action_draft()
        self.assertEqual(self._exposure(partner), 150)
        self.assertEqual(order.picking_ids.credit_hold_ids.state, "open")
        payment.action_post()
        self.assertEqual(self._exposure(partner), 100)
        self.assertEqual(order.picking_ids.credit_hold_ids.state, "closed")

    def test_approved_order_stays_released(self):
        """An order that a person released ships although a payment bounced."""
        partner = self._customer(100)
        invoice = self._bill(partner, 90)
        order = self._confirmed(partner, 60)
        order.credit_hold_ids.with_user(self.controller).action_release("老客户")
        payment = self._paid(invoice, 90)
        payment.with_user(self.accountant).action_return("退票")
        self.assertEqual(self._exposure(partner), 150)
        self.assertFalse(order.picking_ids.shipment_locked)

    def test_payment_on_account(self):
        """A payment that no invoice had taken can bounce as well."""
        partner = self._customer(100)
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": partner.id,
                "amount": 40,
                "date": self.today,
            }
        )
        with self.assertRaises(UserError):
            payment.action_return("draft")
        payment.action_post()
        self.assertEqual(self._exposure(partner), -40)
        payment.action_return("退票", self.today)
        self.assertEqual(self._exposure(partner), 0)

    def test_statement_keeps_its_match(self):
        """Money that came and went: the bank line stays matched, the reversal waits for its own."""
        partner = self._customer(100)
        payment = self._paid(self._bill(partner, 90), 90)
        liquidity = payment._seek_for_lines()[0]
        self.assertTrue(liquidity.account_id.reconcile)
        bank_line = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": self.today,
                "line_ids": [
                    (0, 0, {"account_id": liquidity.account_id.id, "balance": -90}),
                    (
                        0,
                        0,
                        {
                            "account_id": self.company_data[
                                "default_journal_bank"
                            ].default_account_id.id,
                            "balance": 90,
                        },
                    ),
                ],
            }
        )
        bank_line.action_post()
        other = bank_line.line_ids.filtered(lambda line: line.account_id == liquidity.account_id)
        (liquidity | other).reconcile()
        payment.with_user(self.accountant).action_return("退票")
        self.assertTrue(liquidity.reconciled)
        lines = payment.return_move_id.line_ids
        waiting = lines.filtered(lambda line: line.account_id == liquidity.account_id)
        self.assertEqual((waiting.amount_residual, waiting.reconciled), (-90, False))
        self.assertEqual(self._exposure(partner), 90)

    def test_once_and_for_good(self):
        """Not twice, not before its date, not for vendors; the entries can't be undone."""
        partner = self._customer(100)
        payment = self._paid(self._bill(partner, 90), 90).with_user(self.accountant)
        for reason, date in (
            ("", None),
            ("x", self.today - timedelta(days=1)),
            ("x", self.today + timedelta(days=1)),
        ):
            with self.assertRaises(UserError):
                payment.action_return(reason, date)
        payment.action_return("退票")
        with self.assertRaises(UserError):
            payment.action_return("again")
        chief = payment.with_user(self.chief_accountant)
        for undo in (
            chief.action_draft,
            chief.action_cancel,
            chief.unlink,
            lambda: chief.write({"returned_date": False}),
            lambda: chief.write({"state": "paid"}),
            lambda: chief.move_id.write({"state": "draft"}),
            chief.return_move_id.button_draft,
            chief.move_id._reverse_moves,
            chief.return_move_id._reverse_moves,
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                undo()
        self.env.invalidate_all()
        self.assertEqual(self._exposure(partner), 90)
        outgoing = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "supplier",
                "partner_id": partner.id,
                "amount": 40,
            }
        )
        outgoing.action_post()
        with self.assertRaises(UserError):
            outgoing.action_return("x")

    def test_roles(self):
        """Only invoicing staff return payments, whatever the call."""
        payment = self._paid(self._bill(self._customer(100), 90), 90)
        for user in (self.salesman, self.sales_boss, self.storekeeper):
            with self.assertRaises(AccessError):
                payment.with_user(user).action_return("x")
            with self.assertRaises(AccessError):
                self.env["account.payment.return"].with_user(user).create(
                    {"payment_id": payment.id, "reason": "x"}
                )
        self.assertFalse(payment.returned_date)

    def test_dialog(self):
        """The dialog asks for the reason; the account lists what bounced in 12 months."""
        partner = self._customer(100)
        payment = self._paid(self._bill(partner, 90), 90).with_user(self.accountant)
        action = payment.action_ask_return()
        wizard = self.env["account.payment.return"].with_user(self.accountant)
        form = Form(wizard.with_context(**action["context"]))
        form.reason = "退票"
        form.save().action_apply()
        self.assertEqual(payment.return_reason, "退票")
        account = self._account(partner)
        action = account.action_open_returned_payments()
        self.assertEqual(
            self.env["account.payment"].search(action["domain"]),
            payment.sudo(False).with_env(self.env),
        )
        payment._keep_return({"returned_date": self.today - timedelta(days=400)})
        account.invalidate_recordset()
        self.assertEqual(account.returned_payment_count, 0)
