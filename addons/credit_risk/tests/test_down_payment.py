from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .test_prepaid import PrepaidCase


@tagged("post_install", "-at_install")
class TestDownPayment(PrepaidCase):
    """One click makes the down-payment invoice that sets an order free."""

    def test_down_payment_of_the_excess(self):
        """Over the limit by 50 of an order of 60: a down payment of 50 is enough, tax included."""
        partner = self._customer(100)
        self._bill(partner, 90)
        order = self._order(partner, 60 / 1.13, tax=self.vat)
        self.assertEqual(order.amount_total, 60)
        order.action_confirm()
        self.assertEqual(order.credit_hold_ids.excess_amount, 50)
        action = order.with_user(self.salesman).action_credit_down_payment()
        invoice = self.env["account.move"].browse(action["res_id"])
        self.assertEqual((invoice.state, invoice.amount_total), ("draft", 50))
        self.assertEqual(order.amount_total, 60)
        with self.assertRaisesRegex(UserError, "isn't paid yet"):
            order.action_credit_down_payment()
        with self.assertRaises(AccessError):
            invoice.with_user(self.salesman).action_post()
        invoice.with_user(self.accountant).action_post()
        self.assertEqual((self._exposure(partner), order.state), (140, "draft"))
        self._register_payment(invoice, payment_date=self.today)
        self.assertEqual((order.state, self._exposure(partner)), ("sale", 100))

    def test_down_payment_is_deducted(self):
        """Conservation: before, between and after the exposure counts the down payment once."""
        partner = self._customer(1000)
        order = self._order(partner, 100, product=self.goods)
        invoice = self._down_payment(order, 30)
        self.assertEqual(self._exposure(partner), 30)
        order.action_confirm()
        self.assertEqual((order.state, self._exposure(partner)), ("sale", 100))
        self._register_payment(invoice, payment_date=self.today)
        self.assertEqual(self._exposure(partner), 70)
        self._ship(order)
        self.assertEqual(self._exposure(partner), 70)
        final = order._create_invoices(final=True)
        final.action_post()
        self.assertEqual((final.amount_total, self._exposure(partner)), (70, 70))
        self._register_payment(final, payment_date=self.today)
        self.assertEqual((self._exposure(partner), self._paid(order)), (0, 100))

    def test_unpaid_down_payment_frees_nothing(self):
        """A down payment of all of it that is posted but not paid leaves the order on hold."""
        partner = self._customer(0)
        order = self._confirmed(partner, 100)
        action = order.with_user(self.salesman).action_credit_down_payment()
        invoice = self.env["account.move"].browse(action["res_id"])
        invoice.with_user(self.accountant).action_post()
        self.assertEqual((order.state, order.credit_state), ("draft", "hold"))
        self.assertEqual(self._exposure(partner), 100)
        self._register_payment(invoice, payment_date=self.today)
        self.assertEqual((order.state, self._exposure(partner)), ("sale", 0))
        self._ship(order)
        self.assertEqual(order.picking_ids.state, "done")

    def test_down_payment_by_finance_from_the_hold(self):
        """Finance makes it from the hold although it may only read the order."""
        partner = self._customer(0)
        order = self._confirmed(partner, 100)
        action = order.credit_hold_ids.with_user(self.accountant).action_down_payment()
        invoice = self.env["account.move"].browse(action["res_id"])
        self.assertEqual(invoice.amount_total, 100)
        with self.assertRaises(AccessError):
            order.with_user(self.accountant).write({"client_order_ref": "x"})

    def test_no_down_payment_needed(self):
        """Refused when a payment wouldn't change anything, and for the warehouse."""
        order = self._confirmed(self._customer(1000), 100)
        with self.assertRaisesRegex(UserError, "Nothing has to be paid in advance"):
            order.action_credit_down_payment()
        with self.assertRaises(AccessError):
            order.with_user(self.storekeeper).action_credit_down_payment()

    def test_down_payment_not_beyond_what_is_invoiced(self):
        """What is invoiced already isn't invoiced again as a down payment."""
        partner = self._customer(1000)
        order = self._confirmed(partner, 100, product=self.goods)
        self._invoice(order)
        self._bill(partner, 10, days_late=30)
        self.assertTrue(order.picking_ids.shipment_locked)
        with self.assertRaisesRegex(UserError, "all of it is invoiced"):
            order.action_credit_down_payment()

    def test_links_payment_on_the_screen(self):
        """Finance sees the order on the payment."""
        partner = self._customer(100)
        order = self._order(partner, 50)
        payment = self._pay(partner, 10, post=False)
        with Form(payment.with_user(self.accountant)) as form:
            form.prepaid_order_id = order
        self.assertEqual(payment.prepaid_order_id, order)

    def test_foreign_down_payment_is_rounded_up(self):
        """In the order's currency it is rounded up, so that it is enough."""
        partner = self._customer(100.01)
        order = self._order(partner, 100, pricelist_id=self.euro_prices.id)
        order.action_confirm()
        self.assertEqual(order.credit_hold_ids.excess_amount, 99.99)
        self.assertEqual(order._credit_down_payment_amount(), 50)

    def test_billed_down_payment_line_stays(self):
        """The line of an invoiced down payment can't be deleted from a quotation."""
        order = self._order(self._customer(1000), 100)
        invoice = self._down_payment(order, 30)
        lines = order.order_line.filtered(
            lambda line: line.is_downpayment and not line.display_type
        )
        with self.assertRaisesRegex(UserError, "is invoiced"):
            lines.with_user(self.salesman).unlink()
        invoice.button_draft()
        invoice.unlink()
        self.assertFalse(lines.exists())
