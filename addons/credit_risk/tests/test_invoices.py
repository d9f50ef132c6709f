from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestInvoices(CreditCase):
    """Stand-alone invoices: judged only where a rule asks for it, the same on every path."""

    def _policy(self, effect="block"):
        policy = self.env["credit.policy"].create(
            {
                "name": "含发票 With invoices",
                "rule_ids": [
                    Command.create({"condition": "limit", "check": "all", "effect": effect})
                ],
            }
        )
        self.company.credit_policy_id = policy
        return policy

    def test_not_judged_by_itself(self):
        """Without a rule for invoices they are posted whatever the limit is."""
        partner = self._customer(100)
        self.assertEqual(self._bill(partner, 500).state, "posted")
        self.assertEqual(self._exposure(partner), 500)

    def test_unrelated_invoice(self):
        """A6: 1,000 of 1,000 ordered; another invoice of 100 (then 2,000) needs a release."""
        self._policy()
        partner = self._customer(1000)
        self._confirmed(partner, 1000)
        for amount in (100, 2000):
            bill = self._bill(partner, amount)
            hold = bill.credit_hold_ids
            self.assertEqual((bill.state, bill.credit_state), ("draft", "hold"))
            self.assertEqual((hold.excess_amount, hold.exposure), (amount, 1000))
        hold.with_user(self.controller).action_release("年度返利")
        self.assertEqual((bill.state, bill.credit_state), ("posted", "released"))
        self.assertEqual(self._exposure(partner), 3000)

    def test_invoice_of_an_order_that_grew(self):
        """A7: two orders of 1,000, the first billed with 2,000: 2,000 + 1,000."""
        self._policy()
        partner = self._customer(5000)
        first = self._confirmed(partner, 1000, product=self.goods)
        self._confirmed(partner, 1000, product=self.goods)
        invoice = first._create_invoices()
        invoice.invoice_line_ids.price_unit = 2000
        invoice.action_post()
        account = self._account(partner)
        self.assertEqual(
            (account.receivable, account.open_orders, account.exposure), (2000, 1000, 3000)
        )

    def test_every_path(self):
        """D7: button, _post, cron, state written, several at once: the same decision."""
        self._policy()
        partner = self._customer(100)
        paths = {
            "button": lambda move: move.action_post(),
            "accountant": lambda move: move.with_user(self.accountant).action_post(),
            "post": lambda move: move._post(),
            "soft": lambda move: move._post(soft=True),
            "wizard": lambda move: (
                self.env["validate.account.move"]
                .with_context(active_model="account.move", active_ids=move.ids)
                .create({})
                .validate_move()
            ),
        }
        for name, path in paths.items():
            with self.subTest(path=name):
                bill = self._bill(partner, 500, post=False)
                path(bill)
                self.assertEqual((bill.state, len(bill.credit_hold_ids)), ("draft", 1))
                path(bill)
                self.assertEqual((bill.state, len(bill.credit_hold_ids)), ("draft", 1))
        bill = self._bill(partner, 500, post=False)
        with self.assertRaises(UserError):
            bill.write({"state": "posted"})
        auto = self._bill(partner, 500, post=False, auto_post="at_date")
        auto.date = self.today
        with patch.object(self.env.registry["ir.cron"], "_commit_progress"):
            self.env["account.move"]._autopost_draft_entries()
        self.assertEqual(auto.state, "draft")
        self.assertEqual(self._exposure(partner), 0)

    def test_batch(self):
        """Two of 60 in one call against 100: the first is posted, the second waits."""
        self._policy()
        partner = self._customer(100)
        bills = self._bill(partner, 60, post=False) | self._bill(partner, 60, post=False)
        bills.action_post()
        self.assertEqual(sorted(bills.mapped("state")), ["draft", "posted"])
        self._register_payment(bills.filtered(lambda bill: bill.state == "posted"))
        self.assertEqual(bills.mapped("state"), ["posted", "posted"])

    def test_shipped_goods_are_billed(self):
        """D10: what an order or a delivery has shipped is billed, whatever the rule says."""
        self._policy()
        partner = self._customer(100)
        order = self._confirmed(partner, 100)
        self._ship(order)
        self._account(partner).limit_amount = 10
        self.assertEqual(self._invoice(order).state, "posted")
        refund = self._bill(partner, 30, move_type="out_refund")
        self.assertEqual(refund.state, "posted")
        self.assertEqual(self._exposure(partner), 70)

    def test_warning(self):
        """A rule that warns lets the invoice pass and says so."""
        self._policy("warn")
        bill = self._bill(self._customer(100), 500)
        self.assertEqual((bill.state, bill.credit_state), ("posted", "warning"))
