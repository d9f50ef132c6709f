from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestExposure(CreditCase):
    """Exposure is receivables + shipped and not billed + ordered and not shipped."""

    def test_moving_value_keeps_exposure(self):
        """A3: order, part delivery, part invoice and payment with 13 % tax, to the last cent."""
        tax = self.percent_tax(13)
        partner = self._customer(20000)
        order = self._confirmed(partner, 1000, 10, tax=tax)
        account = self._account(partner)
        self.assertEqual((account.exposure, account.open_orders), (11300, 11300))
        self._ship(order, 4)
        self.assertEqual(account.open_orders, 6780)
        self.assertEqual(account.delivered_not_invoiced, 4520)
        self.assertEqual(account.exposure, 11300)
        invoice = self._invoice(order)
        self.assertEqual((account.receivable, account.open_orders), (4520, 6780))
        self.assertEqual(account.delivered_not_invoiced, 0)
        self._register_payment(invoice)
        self.assertEqual(account.exposure, 6780)
        order.picking_ids.filtered(lambda rec: rec.state != "done").action_cancel()
        self.assertEqual(self._exposure(partner), 0)

    def test_delivery_policy_counts_when_ordered(self):
        """A4: goods that are billed on delivery use credit from the confirmation on."""
        partner = self._customer(1000)
        self._confirmed(partner, 900)
        second = self._confirmed(partner, 200)
        self.assertEqual(self._exposure(partner), 900)
        self.assertEqual(second.credit_state, "hold")
        self.assertEqual(second.credit_hold_ids.excess_amount, 100)

    def test_down_payment(self):
        """A5: a down payment moves value from the order to the receivables, adding nothing."""
        partner = self._customer(1000)
        order = self._confirmed(partner, 1000, product=self.goods)
        self.assertEqual(self._exposure(partner), 1000)
        invoice = self._create_down_payment_invoice(order, "percentage", 50)
        self.assertEqual(self._exposure(partner), 1000)
        invoice.action_post()
        account = self._account(partner)
        self.assertEqual((account.receivable, account.open_orders), (500, 500))
        other = self._customer(1000)
        order = self._confirmed(other, 1000, product=self.goods)
        invoice = self._create_down_payment_invoice(order, "fixed", 1000)
        invoice.invoice_line_ids.filtered("price_unit").price_unit = 1500
        invoice.action_post()
        self.assertEqual(self._exposure(other), 1500)

    def test_final_invoice_after_down_payment(self):
        """The final invoice deducts the down payment; the sum stays the order's total."""
        partner = self._customer(1000)
        order = self._confirmed(partner, 1000, product=self.goods)
        self._create_down_payment_invoice(order, "percentage", 30, post=True)
        self._create_final_invoice(order, post=True)
        account = self._account(partner)
        self.assertEqual((account.receivable, account.exposure), (1000, 1000))

    def test_tax_is_included(self):
        """A8: 95 with 20 % tax are 114, which is 14 over a limit of 100."""
        partner = self._customer(100)
        order = self._confirmed(partner, 95, tax=self.percent_tax(20))
        self.assertEqual(order.credit_hold_ids.excess_amount, 14)
        self.assertEqual(order.state, "draft")

    def test_foreign_currency(self):
        """A9, A10: invoices and orders in another currency count at their rates, once."""
        euro = (
            self.env["res.currency"].with_context(active_test=False).search([("name", "=", "EUR")])
        )
        euro.active = True
        euro.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {
                "name": "2020-01-01",
                "currency_id": euro.id,
                "company_id": self.company.id,
                "rate": 0.5,
            }
        )
        partner = self._customer(250)
        self._bill(partner, 100, currency_id=euro.id)
        self.assertEqual(self._account(partner).receivable, 200)
        self.assertEqual(self._confirmed(partner, 50.01).credit_state, "hold")
        self.assertEqual(self._confirmed(partner, 50).state, "sale")
        pricelist = self.env["product.pricelist"].create({"name": "欧元", "currency_id": euro.id})
        other = self._customer(50)
        order = self._order(other, 22.5, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, euro)
        order.action_confirm()
        self.assertEqual(self._exposure(other), 45)
        late = self._confirmed(other, 2.51, pricelist_id=pricelist.id)
        self.assertEqual((late.credit_state, late.credit_hold_ids.excess_amount), ("hold", 0.02))

    def test_unapplied_payment_counts(self):
        """A12: posted payments reduce the exposure before they are matched, drafts don't."""
        partner = self._customer(10000)
        self._bill(partner, 8000)
        self.init_payment(3000, post=True, partner=partner)
        self.init_payment(3000, partner=partner)
        self.assertEqual(self._exposure(partner), 5000)
        self.assertEqual(self._confirmed(partner, 5000.01).credit_state, "hold")
        self.assertEqual(self._confirmed(partner, 5000).state, "sale")

    def test_a_draft_settles_nothing(self):
        """Odoo keeps matches of entries that are reset to draft: they don't lower the exposure."""
        partner = self._customer(1000)
        invoice = self._bill(partner, 100)
        note = invoice._reverse_moves([{"invoice_date": self.today, "date": self.today}])
        note.action_post()
        (invoice | note).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        ).reconcile()
        self.assertEqual(self._exposure(partner), 0)
        note.button_draft()
        self.assertEqual(self._exposure(partner), 100)

    def test_paid_invoice_reset_to_draft(self):
        """What was paid stays paid while the invoice of shipped goods is a draft again."""
        partner = self._customer(1000)
        order = self._confirmed(partner, 100)
        self._ship(order)
        invoice = self._invoice(order)
        self._register_payment(invoice)
        self.assertEqual(self._exposure(partner), 0)
        invoice.button_draft()
        account = self._account(partner)
        self.assertEqual((account.receivable, account.delivered_not_invoiced), (-100, 100))
        self.assertEqual(account.exposure, 0)

    def test_negative_exposure(self):
        """A14: no credit at all, yet what the customer has paid in advance can be ordered."""
        partner = self._customer(0)
        self.init_payment(473.72, post=True, partner=partner)
        self.assertEqual(self._exposure(partner), -473.72)
        self.assertEqual(self._confirmed(partner, 473.73).credit_state, "hold")
        self.assertEqual(self._confirmed(partner, 473.72).state, "sale")
        self.assertEqual(self._exposure(partner), 0)

    def test_contacts_roll_up_and_payer_counts(self):
        """A18: contacts belong to their company; the payer counts, not the buyer."""
        partner = self._customer(5000)
        contact = self.env["res.partner"].create({"name": "王五", "parent_id": partner.id})
        shop = self._customer(0)
        self._confirmed(contact, 600)
        self._confirmed(shop, 600, partner_invoice_id=contact.id)
        self.assertEqual(self._exposure(partner), 1200)
        self.assertEqual(self._account(contact), self._account(partner))
        self.assertEqual(self._exposure(shop), 0)

    def test_delivery_without_order(self):
        """A21: goods shipped without an order count once, and are checked before they leave."""
        partner = self._customer(100)
        self._validate(self._manual_delivery(partner, 60))
        account = self._account(partner)
        self.assertEqual((account.delivered_not_invoiced, account.exposure), (60, 60))
        second = self._manual_delivery(partner, 60)
        with self.assertRaises(UserError):
            second.move_ids._action_done()
        self.assertEqual(self._exposure(partner), 60)

    def test_delivery_without_order_is_billed_once(self):
        """The invoice for goods that left without an order replaces them in the exposure."""
        partner = self._customer(100)
        picking = self._manual_delivery(partner, 60)
        self._validate(picking)
        self._bill(
            partner,
            60,
            invoice_line_ids=[
                Command.create(
                    {
                        "product_id": picking.move_ids.product_id.id,
                        "price_unit": 60,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        )
        account = self._account(partner)
        self.assertEqual((account.receivable, account.delivered_not_invoiced), (60, 0))

    def test_drafts_are_shown_and_counted_on_demand(self):
        """Draft invoices are a figure of their own; draft credit notes never count."""
        partner = self._customer(1000)
        self._bill(partner, 100, post=False)
        self._bill(partner, 500, post=False, move_type="out_refund")
        account = self._account(partner)
        self.assertEqual((account.draft_invoices, account.exposure), (100, 0))
        self.company.credit_count_drafts = True
        self.assertEqual(self._account(partner).exposure, 100)

    def test_instalments(self):
        """C7: of an invoice in three instalments only the one that is late is overdue."""
        self.company.credit_overdue_days = 5
        term = self.env["account.payment.term"].create(
            {
                "name": "分三期",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": share, "nb_days": days})
                    for share, days in ((33.333333, 0), (33.333333, 30), (33.333334, 60))
                ],
            }
        )
        partner = self._customer(100000)
        invoice = self._bill(
            partner, 30000, days_late=10, post=False, invoice_payment_term_id=term.id
        )
        invoice.action_post()
        account = self._account(partner)
        self.assertEqual((account.overdue_amount, account.overdue_days), (10000, 10))
        order = self._confirmed(partner, 10)
        self.assertEqual(order.credit_hold_ids.reason_codes, "OVERDUE")
        self.assertIn("10,000.00", order.credit_hold_ids.cure)

    def test_tolerance(self):
        """C6: a few cents late don't block; days of tolerance don't either."""
        partner = self._customer(1000)
        self._bill(partner, 0.03, days_late=20)
        self.company.credit_overdue_amount = 1
        self.assertEqual(self._confirmed(partner, 10).state, "sale")
        self.company.credit_overdue_amount = 0
        self.company.credit_overdue_days = 20
        self.assertEqual(self._confirmed(partner, 10).state, "sale")
        self.company.credit_overdue_days = 19
        self.assertEqual(self._confirmed(partner, 10).credit_state, "hold")

    def test_unapplied_money_covers_the_oldest(self):
        """Who has paid is not overdue, even if nobody has matched the payment yet."""
        partner = self._customer(1000)
        self._bill(partner, 100, days_late=40)
        self._bill(partner, 50, days_late=10)
        self.init_payment(100, post=True, partner=partner)
        account = self._account(partner)
        self.assertEqual((account.overdue_amount, account.overdue_days), (50, 10))

    def test_same_number_for_everybody(self):
        """B8, D16: independent of the reader's rights, companies, language and time zone."""
        second = self._create_company(name="乙公司")
        second.credit_control = "block"
        partner = self._customer(100)
        self._account(partner, second).write({"limit_kind": "limited", "limit_amount": 300})
        self.env.user.company_ids |= second
        env = self.env(context={**self.env.context, "allowed_company_ids": [second.id]})
        line = {
            "product_id": self.goods.id,
            "product_uom_qty": 1,
            "price_unit": 90,
            "tax_ids": [Command.clear()],
        }

        def order(price):
            rec = env["sale.order"].create(
                {
                    "partner_id": partner.id,
                    "company_id": second.id,
                    "order_line": [Command.create(dict(line, price_unit=price))],
                }
            )
            rec.action_confirm()
            return rec

        order(90)
        for companies in (self.company, self.company | second):
            for user in (self.env.user, self.salesman, self.accountant):
                accounts = (
                    self.env["credit.account"]
                    .with_user(user)
                    .with_context(
                        allowed_company_ids=companies.ids, lang="zh_CN", tz="Pacific/Kiritimati"
                    )
                )
                self.assertEqual(accounts.sudo()._for(partner, self.company).exposure, 0)
                self.assertEqual(accounts.sudo()._for(partner, second).exposure, 90)
        self.assertEqual(order(210.01).credit_state, "hold")
        self.assertEqual(order(210).state, "sale")
        self.assertEqual(self._account(partner, second).exposure, 300)

    def test_search(self):
        """Over-limit and overdue customers are found by what is owed now, also in bulk."""
        over, late, fine = (self._customer(100) for __ in range(3))
        self._bill(over, 150)
        self._bill(late, 50, days_late=3)
        self._bill(fine, 50)
        accounts = self.env["credit.account"]
        every = [("partner_id", "in", (over | late | fine).ids)]
        found = accounts.search([*every, ("is_over_limit", "=", True)])
        self.assertEqual(found.partner_id, over)
        found = accounts.search([*every, ("is_overdue", "=", True)])
        self.assertEqual(found.partner_id, late)
        found = accounts.search([*every, ("is_locked", "!=", True)])
        self.assertEqual(found.partner_id, fine)

    def test_figures_take_one_query(self):
        """However many customers: one query for the figures (besides reading the companies)."""
        partners = [self._customer(100) for __ in range(30)]
        accounts = self.env["credit.account"].union(*map(self._account, partners))
        accounts._figures()
        with self.assertQueryCount(4):
            accounts._figures()

    def test_today_is_the_company_s(self):
        """Overdue by the company's calendar, not by the server's or the reader's."""
        self.company.partner_id.tz = "Pacific/Kiritimati"
        ahead = self.company._credit_today()
        self.company.partner_id.tz = "Pacific/Pago_Pago"
        self.assertEqual(ahead - self.company._credit_today(), timedelta(days=1))
