from odoo import Command
from odoo.tests import tagged

from ..tools import paid_sql
from .common import CreditCase


class OnlineCase(CreditCase):
    def _transaction(self, orders, amount, state="done", **values):
        provider = self.env["payment.provider"].search([("code", "=", "none")], limit=1)
        provider = provider or self.env["payment.provider"].create({"name": "Test", "code": "none"})
        method = self.env.ref("payment.payment_method_unknown")
        tx = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": f"tx {self.env['payment.transaction'].search_count([])}",
                "amount": amount,
                "currency_id": orders[:1].currency_id.id,
                "partner_id": orders[:1].partner_id.id,
                "sale_order_ids": [Command.set(orders.ids)],
                "state": "done",
                **values,
            }
        )
        tx._write({"state": state})  # the test's provider can't authorize
        tx.invalidate_recordset()
        return tx


class PrepaidCase(OnlineCase):
    """Payments for orders, prices in euro (0.5 for one of the company's) and a tax."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        cls.euro_prices = cls.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": cls.euro.id}
        )
        cls.vat = cls.env["account.tax"].create(
            {"name": "VAT 13 %", "amount": 13.0, "amount_type": "percent", "type_tax_use": "sale"}
        )

    # ------------------------------------------------------------------ helpers

    def _pay(self, partner, amount, order=None, post=True, **values):
        payment = self.env["account.payment"].create(
            {
                "partner_id": partner.id,
                "partner_type": "customer",
                "payment_type": "inbound",
                "amount": amount,
                "date": self.today,
                "journal_id": self.company_data["default_journal_bank"].id,
                "payment_method_line_id": self.inbound_payment_method_line.id,
                "prepaid_order_id": order.id if order else False,
                **values,
            }
        )
        if post:
            payment.action_post()
        return payment

    def _paid(self, order):
        return paid_sql.paid_amounts(self.env, order)[order.id]

    def _net(self, order):
        return paid_sql.net_new(self.env, order, order._credit_amounts())[order.id]

    def _down_payment(self, order, amount, post=True):
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(order.ids)],
                "advance_payment_method": "fixed",
                "fixed_amount": amount,
            }
        )
        invoice = wizard._create_invoices(order)
        if post:
            invoice.action_post()
        return invoice


@tagged("post_install", "-at_install")
class TestPrepaid(PrepaidCase):
    """What is paid for an order, each piece of money once, and what is left of its risk."""

    # ------------------------------------------------------------------ unapplied money

    def test_linked_payment_counts(self):
        """A posted payment counts for its order, also a quotation; a draft one doesn't."""
        partner = self._customer(100)
        order = self._order(partner, 50)
        payment = self._pay(partner, 15, order, post=False)
        self.assertEqual((self._paid(order), self._net(order)), (0, 50))
        payment.action_post()
        self.assertEqual((self._paid(order), self._net(order)), (15, 35))
        self.assertEqual(order.credit_paid_amount, 15)

    def test_never_more_than_the_total(self):
        """What is paid beyond the order's total isn't for this order."""
        partner = self._customer(100)
        order = self._order(partner, 50)
        self._pay(partner, 80, order)
        self.assertEqual((self._paid(order), self._net(order)), (50, 0))

    def test_money_matched_elsewhere_is_gone(self):
        """Matched with another invoice the money isn't this order's any more."""
        partner = self._customer(1000)
        order = self._order(partner, 50)
        payment = self._pay(partner, 50, order)
        invoice = self._bill(partner, 20)
        lines = (payment.move_id | invoice).line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()
        self.assertEqual((self._paid(order), self._net(order)), (30, 20))

    def test_refund_of_linked_payment(self):
        """Money given back for the order counts against it, matched or not."""
        partner = self._customer(100)
        order = self._order(partner, 50)
        payment = self._pay(partner, 50, order)
        back = self._pay(
            partner,
            20,
            order,
            payment_type="outbound",
            payment_method_line_id=self.outbound_payment_method_line.id,
        )
        self.assertEqual(self._paid(order), 30)
        lines = (payment.move_id | back.move_id).line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()
        self.assertEqual(self._paid(order), 30)

    def test_memo_names_the_order(self):
        """A payment finds its order by the memo at posting; the decision says so."""
        partner = self._customer(100)
        order, other = self._order(partner, 50), self._order(partner, 50)
        payment = self._pay(partner, 10, memo=f"订金{order.name}，谢谢")
        self.assertEqual(payment.prepaid_order_id, order)
        decision = self.env["suite.decision"].search(
            [("res_model", "=", "account.payment"), ("res_id", "=", payment.id)]
        )
        self.assertEqual((decision.kind, decision.outcome), ("credit.payment", "linked"))
        self.assertEqual(self._paid(order), 10)
        both = self._pay(partner, 10, memo=f"{order.name} {other.name}")
        self.assertFalse(both.prepaid_order_id)
        part = self._pay(partner, 10, memo=f"{order.name}7")
        self.assertFalse(part.prepaid_order_id)
        stranger = self._pay(self._customer(100), 10, memo=order.name)
        self.assertFalse(stranger.prepaid_order_id)
        other._action_cancel()
        self.assertFalse(self._pay(partner, 10, memo=other.name).prepaid_order_id)

    def test_reference_names_the_order(self):
        """The payment reference is looked at as well; credit control off: nothing happens."""
        partner = self._customer(100)
        order = self._order(partner, 50)
        payment = self._pay(partner, 10, payment_reference=order.name.lower())
        self.assertEqual(payment.prepaid_order_id, order)
        self.company.credit_control = "off"
        self.assertFalse(self._pay(partner, 10, memo=order.name).prepaid_order_id)

    # ------------------------------------------------------------------ invoices

    def test_down_payment_partly_paid(self):
        """The paid share of a down payment counts, tax included; the rest of it is no money."""
        partner = self._customer(10000)
        order = self._order(partner, 100, 10, tax=self.vat)
        invoice = self._down_payment(order, 339)
        self.assertEqual(invoice.amount_total, 339)
        self.assertEqual((self._paid(order), self._net(order)), (0, 1130))
        self._register_payment(invoice, amount=100, payment_date=self.today)
        self.assertEqual((self._paid(order), self._net(order)), (100, 1030))
        self._register_payment(invoice, amount=239, payment_date=self.today)
        self.assertEqual((self._paid(order), self._net(order)), (339, 791))

    def test_linked_payment_moves_to_the_invoice(self):
        """A linked payment that is matched with the order's own invoice counts once."""
        partner = self._customer(10000)
        order = self._order(partner, 100)
        payment = self._pay(partner, 40, order)
        invoice = self._down_payment(order, 30)
        self.assertEqual(self._paid(order), 40)
        lines = (payment.move_id | invoice).line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual((self._paid(order), self._net(order)), (40, 60))
        invoice.line_ids.remove_move_reconcile()
        self.assertEqual(self._paid(order), 40)

    def test_final_invoice_deducts_the_down_payment(self):
        """Down payment and final invoice together are the order's total, not more."""
        partner = self._customer(10000)
        order = self._order(partner, 100, product=self.goods)
        self._register_payment(self._down_payment(order, 30), payment_date=self.today)
        order.action_confirm()
        invoice = order._create_invoices(final=True)
        invoice.action_post()
        self.assertEqual((invoice.amount_total, self._paid(order)), (70, 30))
        self._register_payment(invoice, payment_date=self.today)
        self.assertEqual((self._paid(order), self._net(order)), (100, 0))

    def test_two_orders_on_one_invoice(self):
        """A payment of a shared invoice is shared by the totals of the orders' lines."""
        partner = self._customer(10000)
        first = self._confirmed(partner, 100, product=self.goods)
        second = self._confirmed(partner, 300, product=self.goods)
        invoice = (first | second)._create_invoices()
        self.assertEqual(len(invoice), 1)
        invoice.action_post()
        self._register_payment(invoice, amount=100, payment_date=self.today)
        self.assertEqual(
            paid_sql.paid_amounts(self.env, first | second), {first.id: 25, second.id: 75}
        )

    def test_credit_note_takes_what_is_not_paid_first(self):
        """Half paid, then a credit note: what was paid stays until the note exceeds the rest."""
        partner = self._customer(10000)
        order = self._confirmed(partner, 100, product=self.goods)
        invoice = self._invoice(order)
        self._register_payment(invoice, amount=50, payment_date=self.today)
        refund = invoice._reverse_moves([{"invoice_date": self.today}])
        refund.invoice_line_ids.price_unit = 30
        refund.action_post()
        self.assertEqual(self._paid(order), 50)
        lines = (invoice | refund).line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()
        self.assertEqual(self._paid(order), 50)

    def test_credit_note_of_a_paid_invoice(self):
        """After a credit note for a paid invoice that money is a free credit, not the order's."""
        partner = self._customer(10000)
        order = self._confirmed(partner, 100, product=self.goods)
        invoice = self._invoice(order)
        self._register_payment(invoice, payment_date=self.today)
        self.assertEqual(self._paid(order), 100)
        refund = invoice._reverse_moves([{"invoice_date": self.today}])
        refund.invoice_line_ids.price_unit = 30
        refund.action_post()
        self.assertEqual(self._paid(order), 70)

    def test_foreign_currency(self):
        """An order in euro that is paid in euro is paid, whatever the rates were then."""
        partner = self._customer(10000)
        order = self._order(partner, 100, pricelist_id=self.euro_prices.id)
        self.assertEqual(order.currency_id, self.euro)
        self.assertEqual(order._credit_amounts()[order.id], 200)
        self._pay(partner, 50, order, currency_id=self.euro.id)
        self.assertEqual((self._paid(order), self._net(order)), (100, 100))
        self.assertEqual(order.credit_paid_amount, 50)
        self.env["res.currency.rate"].create(
            {
                "name": self.today,
                "rate": 0.4,
                "currency_id": self.euro.id,
                "company_id": self.company.id,
            }
        )
        self.assertEqual((order._credit_amounts()[order.id], self._net(order)), (250, 125))
        invoice = self._down_payment(order, 50)
        self.assertEqual((invoice.currency_id, invoice.amount_total), (self.euro, 50))
        self._register_payment(invoice, payment_date=self.today)
        self.assertEqual((order.credit_paid_amount, self._net(order)), (100, 0))
        self.assertEqual(self._paid(order), 200)

    def test_dollars_for_a_euro_order(self):
        """Money in the company's currency counts at the order's rate."""
        partner = self._customer(10000)
        order = self._order(partner, 100, pricelist_id=self.euro_prices.id)
        self._pay(partner, 80, order)
        self.assertEqual((order.credit_paid_amount, self._paid(order)), (40, 80))
        self.assertEqual(self._net(order), 120)

    # ------------------------------------------------------------------ online payments

    def test_transaction_without_payment(self):
        """Done and authorized online payments count; several orders share one by their totals."""
        partner = self._customer(1000)
        order, other = self._order(partner, 100), self._order(partner, 300)
        self._transaction(order, 20)
        self.assertEqual(self._paid(order), 20)
        self._transaction(order, 10, "authorized")
        self._transaction(order, 10, "pending")
        self._transaction(order, 10, "cancel")
        self.assertEqual(self._paid(order), 30)
        self._transaction(order | other, 40)
        self.assertEqual((self._paid(order), self._paid(other)), (40, 30))

    def test_transaction_and_its_payment_count_once(self):
        """The transaction's payment takes its place, linked to the order or not."""
        partner = self._customer(1000)
        order = self._order(partner, 100)
        tx = self._transaction(order, 20)
        payment = self._pay(partner, 20, post=False)
        payment.payment_transaction_id = tx
        tx.payment_id = payment
        self.assertEqual(self._paid(order), 20)
        payment.action_post()
        self.assertEqual(self._paid(order), 20)
        payment.prepaid_order_id = order
        self.assertEqual(self._paid(order), 20)
        invoice = self._down_payment(order, 20)
        self.assertEqual((invoice.amount_residual, self._paid(order)), (0, 20))
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(self._paid(order), 0)

    def test_partly_captured(self):
        """Captures of a part have no order of their own: they count for that of their source."""
        partner = self._customer(1000)
        order = self._order(partner, 100)
        source = self._transaction(order, 50, "authorized")
        child = self._transaction(order, 20, source_transaction_id=source.id)
        child.sale_order_ids = False
        self.assertEqual(self._paid(order), 50)
        void = self._transaction(order, 30, "cancel", source_transaction_id=source.id)
        void.sale_order_ids = False
        self.assertEqual(self._paid(order), 20)

    # ------------------------------------------------------------------ prepaid orders

    def test_unpaid_down_payment_is_not_prepaid(self):
        """Billed in advance but not paid: the order adds nothing, and still isn't prepaid."""
        partner = self._customer(0)
        order = self._order(partner, 100)
        invoice = self._down_payment(order, 100)
        self.assertEqual(order._credit_amounts()[order.id], 0)
        self.assertEqual(self._net(order), 100)
        self._register_payment(invoice, payment_date=self.today)
        self.assertEqual(self._net(order), 0)

    def test_many_orders_one_query(self):
        """The number of queries doesn't depend on the number of orders."""
        partner = self._customer(1000)
        orders = self.env["sale.order"].concat(*(self._order(partner, 10) for __ in range(5)))
        self._pay(partner, 4, orders[2])
        self.env.flush_all()
        with self.assertQueryCount(1):
            money = paid_sql.order_money(self.env, orders)
        self.assertEqual([money[order.id].paid for order in orders], [0, 0, 4, 0, 0])

    def test_fully_paid_order_passes_and_ships(self):
        """C10: an order with all of it paid passes and ships although the customer is over."""
        partner = self._customer(100)
        self._bill(partner, 500)
        order = self._order(partner, 50)
        self._pay(partner, 50, order)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        picking = order.picking_ids
        self.assertFalse(picking.shipment_locked)
        self._ship(order)
        self.assertEqual(picking.state, "done")

    def test_partly_paid_order_is_held(self):
        """C10: with 15 of 50 paid it is held; the missing 35 free it at once."""
        partner = self._customer(100)
        self._bill(partner, 500)
        order = self._order(partner, 50)
        self._pay(partner, 15, order)
        order.action_confirm()
        self.assertEqual((order.credit_state, self._net(order)), ("hold", 35))
        self.assertEqual(order.credit_hold_ids.excess_amount, 435)
        self.assertEqual(order._credit_down_payment_amount(), 35)
        self._pay(partner, 35, memo=order.name)
        self.assertEqual((order.state, order.credit_state), ("sale", "released"))

    def test_link_by_hand_frees(self):
        """Money on account frees the order when finance says what it is for; C10."""
        partner = self._customer(100)
        self._bill(partner, 500)
        order = self._confirmed(partner, 50)
        payment = self._pay(partner, 50)
        self.assertEqual(order.credit_state, "hold")
        payment.with_user(self.accountant).prepaid_order_id = order
        self.assertEqual(order.state, "sale")
        payment.with_user(self.accountant).prepaid_order_id = False
        self.assertTrue(order.picking_ids.shipment_locked)
