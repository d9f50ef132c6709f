from functools import cache

from odoo import api, models
from odoo.tools import format_amount, format_date

from ...tools.cure import reason_text
from ...tools.rules import LIMIT, MILESTONE, OVERDUE

#: What a payment cures; whatever else holds an order is decided by a person.
PAYABLE = {LIMIT, OVERDUE, MILESTONE}


class SuiteOutlook(models.AbstractModel):
    _inherit = "suite.outlook"

    @api.model
    def _conditions(self, orders):
        """Promises of quotations that credit holds, or would hold, depend on a payment."""
        conditions = super()._conditions(orders)
        quotes = orders.filtered(
            lambda order: (
                order.state in ("draft", "sent")
                and order.partner_invoice_id
                and order._is_credit_controlled("block")
            )
        )
        accounts = quotes._credit_accounts(make=False) if quotes else {}
        every = self.env["credit.account"].union(*accounts.values())
        figures = every.sudo()._figures()
        visible = every.browse() if self.env.user.share else every._visible(self.env.user)
        net_new = cache(quotes.sudo()._credit_net_new)
        for order in quotes.filtered(lambda rec: rec.id in accounts):
            account = accounts[order.id]
            verdict = order.sudo()._credit_would_hold(figures[account.id], net_new)
            if not verdict:
                continue
            if self.env.user.share:
                text = self.env._("once we have checked your order")
            elif account in visible:
                text = self._credit_condition(order, account, figures[account.id], verdict)
            elif _is_reserved(order):
                text = self.env._("after the credit check")
            else:
                text = self.env._("not reserved, credit hold: after the credit check")
            conditions[order] = ", ".join(filter(None, (conditions.get(order), text)))
        return conditions

    @api.model
    def _credit_condition(self, order, account, figures, verdict):
        """For who may see the customer's figures: what has to be paid, and by when."""
        reserved = _is_reserved(order)
        if not set(verdict.blocking) <= PAYABLE:
            reasons = reason_text(self.env, verdict.blocking)
            if reserved:
                return self.env._("the customer is %(reasons)s", reasons=reasons)
            return self.env._(
                "not reserved, credit hold: the customer is %(reasons)s", reasons=reasons
            )
        amount = max(
            verdict.excess,
            verdict.milestone,
            figures.overdue_blocking if OVERDUE in verdict.blocking else 0.0,
        )
        values = {"amount": format_amount(self.env, amount, account.currency_id)}
        by = order.sudo()._credit_pay_by()
        if not by:
            if reserved:
                return self.env._("if %(amount)s is paid", **values)
            return self.env._("not reserved, credit hold: if %(amount)s is paid", **values)
        values["date"] = format_date(self.env, by)
        if reserved:
            return self.env._("if %(amount)s is paid by %(date)s", **values)
        return self.env._("not reserved, credit hold: if %(amount)s is paid by %(date)s", **values)


def _is_reserved(order):
    """Whether the goods are kept for the quotation all the same. Reservations are an addon's that
    this one doesn't depend on."""
    return "reserved_until" in order._fields and bool(order.reserved_until)
