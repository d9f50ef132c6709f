from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError
from odoo.tools import float_round

from ...tools import paid_sql
from ...tools.rules import CONFIRM, DELIVERY, LIMIT, MANUAL, MILESTONE, Document


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_credit_down_payment(self):
        """Make a draft down-payment invoice of exactly what sets this order free.

        What a milestone misses, or what is over the limit, but never more than makes the order
        prepaid. For quotations (on hold or not) and confirmed orders alike.

        :return: the action that opens the invoice
        :raise UserError: money for this order wouldn't help, or a down payment is open already
        """
        self.ensure_one()
        order = self._credit_invoicing_order()
        order._check_open_down_payment()
        amount = order._credit_down_payment_amount()
        if order.currency_id.compare_amounts(amount, 0.0) <= 0:
            raise UserError(
                self.env._(
                    "Nothing has to be paid in advance for %(order)s: it isn't held for something "
                    "that a payment for it would cure, or all of it is invoiced already.",
                    order=order.name,
                )
            )
        wizard = order.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [(6, 0, order.ids)],
                "advance_payment_method": "fixed",
                "fixed_amount": amount,
            }
        )
        invoice = wizard._create_invoices(order)
        if order.env.uid != self.env.uid:
            invoice.message_post(
                body=self.env._("Asked for by %(user)s.", user=self.env.user.name),
                author_id=self.env.user.partner_id.id,
            )
        return invoice.with_env(self.env)._get_records_action()

    def _credit_invoicing_order(self):
        """The order, as somebody who may add a down payment to it.

        Finance only reads orders (it can't write on their chatter either), but invoices are its
        business: there the system adds the line, and the invoice says who asked for it.
        """
        if self.has_access("write") or not self.env.user.has_group("account.group_account_invoice"):
            self.check_access("write")
            return self
        self.check_access("read")
        return self.with_user(SUPERUSER_ID)

    def _credit_open_down_payments(self):
        """Down-payment invoices of this order that are drafts or not paid yet."""
        bills = self.sudo().order_line.filtered("is_downpayment").invoice_lines.move_id
        return bills.filtered(
            lambda bill: (
                bill.move_type == "out_invoice"
                and (bill.state == "draft" or (bill.state == "posted" and bill.amount_residual))
            )
        )

    def _check_open_down_payment(self):
        """:raise UserError: one was asked for already"""
        if bills := self._credit_open_down_payments():
            raise UserError(
                self.env._(
                    "%(order)s has a down payment that isn't paid yet: %(invoice)s. Have it paid, "
                    "or change its amount while it is a draft.",
                    order=self.name,
                    invoice=", ".join(bills.mapped("display_name")),
                )
            )

    def _credit_down_payment_amount(self):
        """The smallest payment for this order that sets it free, in its currency; 0: none.

        Never more than isn't invoiced yet: for the rest invoices that exist have to be paid.
        """
        self.ensure_one()
        order = self.sudo()
        confirmed = order.state == "sale"
        trigger = "before_shipment" if confirmed else "before_supply"
        missing = order._payment_milestones_missing(trigger)[order.id]
        amounts = order._credit_amounts()
        needed = max(missing, order._credit_money_needed(confirmed, amounts))
        return min(needed, order._credit_in_order_currency(amounts[order.id], "HALF-UP"))

    def _credit_money_needed(self, confirmed, amounts):
        """What the limit and the other rules need, in the order's currency.

        Over the limit: the excess is enough. What is overdue or expired stays so; there only an
        order that is paid in full goes through.
        """
        account = self._credit_accounts()[self.id]
        figures = account._figures()[account.id]
        net = paid_sql.net_new(self.env, self, amounts)[self.id]
        if not net or self.company_id.credit_control == "off":
            return 0.0
        added = figures.convert(amounts[self.id])
        verdict = figures.judge(
            Document(
                check=DELIVERY if confirmed else CONFIRM,
                added=0.0 if confirmed else added,
                amount=added,
            )
        )
        hold = self.credit_hold_ids.filtered(lambda rec: rec.state == "open")
        codes = set(verdict.blocking) | set(",".join(hold.mapped("reason_codes")).split(","))
        codes -= {MILESTONE, MANUAL, ""}
        if not codes:
            return 0.0
        need = min(net, verdict.excess / figures.rate) if codes == {LIMIT} else net
        return self._credit_in_order_currency(need)

    def _credit_in_order_currency(self, amount, rounding_method="UP"):
        """An amount of the company's currency; rounded up it is enough."""
        today = self.company_id._credit_today()
        converted = self.company_id.currency_id._convert(
            amount, self.currency_id, self.company_id, today, round=False
        )
        return float_round(
            converted,
            precision_rounding=self.currency_id.rounding,
            rounding_method=rounding_method,
        )
