from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .bill_case import BillCase


@tagged("post_install", "-at_install")
class TestBills(BillCase):
    """A bill from the customer until it's paid: entries, exposure and what is held by it."""

    def test_receive(self):
        """A bill pays the oldest open invoices; the exposure only changes its part."""
        partner = self._customer(1000)
        old, new = self._bill(partner, 300, days_late=5), self._bill(partner, 400)
        self.assertEqual(self._parts(partner), (700, 0, 0, 700))
        bill = self._received(partner, 500)
        self.assertEqual(self._parts(partner), (200, 500, 0, 700))
        self.assertEqual((bill.state, bill.booked_amount), ("received", 500))
        self.assertEqual((old.payment_state, old.amount_residual), ("paid", 0))
        self.assertEqual((new.payment_state, new.amount_residual), ("partial", 200))
        self.assertEqual(self._balance(bill, self.bill_account), 500)
        self.assertEqual(bill.sudo().move_ids.mapped("state"), ["posted"])
        self.assertEqual((bill.received_date, bill.invoice_ids), (self.today, old | new))
        self.assertEqual(self._decisions(bill), ["received"])

    def test_receive_for_chosen_invoices(self):
        """It pays the invoices that were chosen, what is left over stays to be applied."""
        partner = self._customer(1000)
        old, new = self._bill(partner, 300, days_late=5), self._bill(partner, 400)
        self._received(partner, 500, invoice_ids=[Command.set(new.ids)])
        self.assertEqual((old.amount_residual, new.amount_residual), (300, 0))
        self.assertEqual(self._parts(partner), (200, 500, 0, 700))
        stranger = self._bill(self._customer(1000), 100)
        wrong = self._note(partner, 100, invoice_ids=[Command.set(stranger.ids)])
        with self.assertRaises(UserError):
            wrong.action_receive()

    def test_receive_from_a_contact(self):
        """A bill of a contact pays what the company owes, on every receivable account."""
        partner = self._customer(1000)
        contact = self.env["res.partner"].create({"name": "财务", "parent_id": partner.id})
        other = self.company_data["default_account_receivable"].copy({"code": "112299"})
        first = self._bill(partner, 300, days_late=3)
        self.env["account.move"].browse(first.id)
        partner.property_account_receivable_id = other
        second = self._bill(partner, 200)
        self.assertEqual(second.line_ids.account_id & other, other)
        bill = self._received(contact, 450)
        self.assertEqual(self._parts(partner), (50, 450, 0, 500))
        self.assertEqual((first.amount_residual, second.amount_residual), (0, 50))
        self.assertEqual(bill.booked_amount, 450)

    def test_endorse(self):
        """Handing the bill on to a vendor pays his bills and leaves the exposure as it is."""
        partner = self._customer(1000)
        self._bill(partner, 500)
        owed = self._vendor_bill(800)
        bill = self._received(partner, 500)
        bill.action_endorse(self.vendor.id)
        self.assertEqual(self._parts(partner), (0, 500, 0, 500))
        self.assertEqual((bill.state, bill.endorsee_id), ("endorsed", self.vendor))
        self.assertEqual(bill.endorsed_date, self.today)
        self.assertEqual(owed.amount_residual, 300)
        self.assertEqual(self._balance(bill, self.bill_account), 0)
        lines = bill.sudo().move_ids.line_ids
        self.assertEqual(
            set(
                lines.filtered(lambda line: line.account_id == self.bill_account).mapped(
                    "reconciled"
                )
            ),
            {True},
        )
        self.assertEqual(self._decisions(bill), ["received", "endorsed"])

    def test_endorse_for_chosen_bills(self):
        """It pays the vendor bills that were chosen."""
        partner = self._customer(1000)
        first, second = self._vendor_bill(300), self._vendor_bill(300)
        bill = self._received(partner, 200)
        bill.action_endorse(self.vendor.id, None, second.ids)
        self.assertEqual((first.amount_residual, second.amount_residual), (300, 100))

    def test_mature(self):
        """Paid at maturity: the exposure falls and what fits is released in the same call."""
        partner = self._customer(500)
        self._bill(partner, 500)
        bill = self._received(partner, 500, days=0)
        order = self._confirmed(partner, 400)
        self.assertEqual(order.credit_state, "hold")
        bill.action_mature(self.bank.id)
        self.assertEqual(bill.state, "matured")
        self.assertEqual((order.state, order.credit_state), ("sale", "released"))
        self.assertIn(bill.name, order.credit_hold_ids.release_reason)
        self.assertEqual(self._parts(partner), (0, 0, 400, 400))
        self.assertEqual(self._balance(bill, self.bill_account), 0)
        money = self.bank.inbound_payment_method_line_ids.payment_account_id[:1]
        self.assertEqual(self._balance(bill, money or self.bank.default_account_id), 500)

    def test_dishonour(self):
        """The customer owes again, at once overdue; goods not yet shipped are locked."""
        partner = self._customer(1000)
        invoice = self._bill(partner, 500, days_late=-30)
        order = self._confirmed(partner, 300)
        bill = self._received(partner, 500, days=0)
        self.assertEqual(self._parts(partner), (0, 500, 300, 800))
        self.assertFalse(order.picking_ids.shipment_locked)
        bill.action_dishonour("账户余额不足")
        self.assertEqual(self._parts(partner), (500, 0, 300, 800))
        account = self._account(partner)
        self.assertEqual((account.overdue_amount, account.overdue_days), (500, 1))
        self.assertTrue(order.picking_ids.shipment_locked)
        hold = order.picking_ids.credit_hold_ids
        self.assertEqual((hold.state, hold.reason_codes), ("open", "OVERDUE"))
        self.assertEqual((bill.state, bill.reason), ("dishonoured", "账户余额不足"))
        self.assertEqual(self._balance(bill, self.bill_account), 0)
        # not due yet: its match stays, the claim from the bill is an item of its own
        self.assertEqual(invoice.amount_residual, 0)
        with self.assertRaises(UserError):
            self._ship(order)

    def test_dishonour_opens_late_invoices(self):
        """Invoices that are late are open again with their own age; the rest is a new item."""
        partner = self._customer(1000)
        late, later = (
            self._bill(partner, 300, days_late=40),
            self._bill(partner, 200, days_late=-30),
        )
        bill = self._received(partner, 600, days=0)
        self.assertEqual(self._parts(partner), (-100, 600, 0, 500))
        self.assertEqual(self._account(partner).overdue_amount, 0)
        bill.action_dishonour("拒付")
        self.assertEqual(self._parts(partner), (500, 0, 0, 500))
        self.assertEqual((late.amount_residual, later.amount_residual), (300, 0))
        account = self._account(partner)
        self.assertEqual((account.overdue_amount, account.overdue_days), (500, 40))

    def test_dishonour_endorsed(self):
        """A bill that comes back from the vendor: we owe him again, and the customer owes us."""
        partner = self._customer(1000)
        invoice = self._bill(partner, 500, days_late=2)
        bill = self._received(partner, 500, days=0)
        self._vendor_bill(500)
        bill.action_endorse(self.vendor.id)
        payable = self.company_data["default_account_payable"]
        self.assertEqual(self._balance(bill, payable), 500)
        bill.action_dishonour("拒付")
        self.assertEqual(self._balance(bill, payable), 0)
        self.assertEqual(invoice.amount_residual, 500)
        self.assertEqual(self._parts(partner), (500, 0, 0, 500))
        owed = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.vendor.id),
                ("account_id", "=", payable.id),
                ("reconciled", "=", False),
            ]
        )
        self.assertEqual(sum(owed.mapped("amount_residual")), -500)

    def test_discount(self):
        """Sold to a bank: cash less cost now, exposure until maturity; recourse if dishonoured."""
        partner = self._customer(1000)
        self._bill(partner, 500)
        bill = self._received(partner, 500)
        for proceeds in (0, -1, 500.01):
            with self.assertRaises(UserError):
                bill.action_discount(self.bank.id, proceeds)
        bill.action_discount(self.bank.id, 488)
        self.assertEqual((bill.state, bill.discount_cost), ("discounted", 12))
        self.assertEqual(self._parts(partner), (0, 500, 0, 500))
        money = self.bank.inbound_payment_method_line_ids.payment_account_id[:1]
        money = money or self.bank.default_account_id
        self.assertEqual(self._balance(bill, money), 488)
        self.assertEqual(self._balance(bill, self.cost_account), 12)
        self.assertEqual(self._balance(bill, self.bill_account), 0)
        bill.action_dishonour("拒付")
        self.assertEqual(self._balance(bill, money), -12)
        self.assertEqual(self._parts(partner), (500, 0, 0, 500))

    def test_cancel(self):
        """A receipt taken back: the invoices are open again, nothing is released on the way."""
        partner = self._customer(500)
        invoice = self._bill(partner, 500)
        bill = self._received(partner, 500)
        order = self._confirmed(partner, 100)
        self.assertEqual(order.credit_state, "hold")
        with self.assertRaises(UserError):
            bill.action_cancel()
        bill.action_cancel("填错了")
        self.assertEqual((bill.state, invoice.amount_residual), ("cancelled", 500))
        self.assertEqual(self._parts(partner), (500, 0, 0, 500))
        self.assertEqual(order.credit_state, "hold")
        self.assertEqual(len(bill.sudo().move_ids), 2)
        draft = self._note(partner, 10)
        draft.action_cancel()
        self.assertEqual((draft.state, draft.sudo().move_ids.ids), ("cancelled", []))

    def test_nothing_is_released_on_the_way(self):
        """Receiving lowers the receivable before it raises the bills: no order slips through."""
        partner = self._customer(500)
        self._bill(partner, 500)
        order = self._confirmed(partner, 100)
        bill = self._received(partner, 500)
        self.assertEqual((order.state, order.credit_state), ("draft", "hold"))
        self._vendor_bill(500)
        bill.action_endorse(self.vendor.id)
        self.assertEqual((order.state, order.credit_state), ("draft", "hold"))
        bill.action_mature()
        self.assertEqual((order.state, order.credit_state), ("sale", "released"))

    def test_bill_ends_overdue(self):
        """A bill for a late invoice ends the overdue and frees what only that had locked."""
        partner = self._customer(1000)
        self._bill(partner, 500, days_late=30)
        order = self._confirmed(partner, 100)
        self.assertEqual(order.credit_hold_ids.reason_codes, "OVERDUE")
        self._received(partner, 500)
        self.assertEqual((order.state, order.credit_state), ("sale", "released"))
        self.assertEqual(self._parts(partner), (0, 500, 100, 600))

    def test_foreign_currency(self):
        """Rates differ between invoice, bill and maturity: the exposure stays what it was."""
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 0.5)])
        partner = self._customer(1000)
        invoice = self._bill(partner, 100, days_late=5, currency_id=currency.id)
        self.assertEqual(self._parts(partner), (200, 0, 0, 200))
        self._rate(currency, 0.4)
        bill = self._received(partner, 100, days=0, currency_id=currency.id)
        self.assertEqual((bill.booked_amount, invoice.amount_residual), (200, 0))
        self.assertEqual(self._parts(partner), (0, 200, 0, 200))
        self.assertEqual(self._balance(bill, self.bill_account), 250)
        self._rate(currency, 0.25)
        again = self._received(partner, 10, currency_id=currency.id)
        self.assertEqual((again.booked_amount, self._exposure(partner)), (40, 200))
        bill.action_dishonour("拒付")
        self.assertEqual(invoice.amount_residual, 100)
        self.assertEqual(self._parts(partner), (160, 40, 0, 200))
        lines = bill.sudo().move_ids.line_ids
        lines = lines.filtered(lambda line: line.account_id == self.bill_account)
        self.assertEqual(sum(lines.mapped("amount_residual")), 0)

    def _rate(self, currency, rate):
        self.env["res.currency.rate"].search(
            [("currency_id", "=", currency.id), ("name", "=", self.today)]
        ).unlink()
        currency.rate_ids = [
            Command.create(
                {"name": self.today, "rate": rate, "company_id": self.company.root_id.id}
            )
        ]

    def test_foreign_bill_pays_local_invoice(self):
        """A bill in another currency than its invoice."""
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 0.5)])
        partner = self._customer(1000)
        invoice = self._bill(partner, 300)
        bill = self._received(partner, 100, currency_id=currency.id)
        self.assertEqual((bill.booked_amount, invoice.amount_residual), (200, 100))
        self.assertEqual(self._parts(partner), (100, 200, 0, 300))

    def test_control_off(self):
        """Without credit control bills are booked all the same and make no accounts."""
        self.company.credit_control = "off"
        partner = self.env["res.partner"].create({"name": "无信用", "is_company": True})
        invoice = self._bill(partner, 100)
        bill = self._received(partner, 100)
        bill.action_mature(self.bank.id)
        self.assertEqual((bill.state, invoice.payment_state), ("matured", "paid"))
        self.assertFalse(self.env["credit.account"].search([("partner_id", "=", partner.id)]))
