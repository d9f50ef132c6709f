import re

from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

POSTED = ("in_process", "paid")


class AccountPayment(models.Model):
    _inherit = "account.payment"

    prepaid_order_id = fields.Many2one(
        "sale.order",
        "Paid for Order",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        check_company=True,
        tracking=True,
        help="What isn't matched with invoices counts as paid for this order. Found by itself "
        "when the memo or the payment reference names one open order of the customer.",
    )

    # ------------------------------------------------------------------ CRUD

    def write(self, vals):
        """Money for an order may free it, money taken from it may lock it again."""
        changed = self._prepaid_before(vals)
        if vals.get("state") in POSTED:
            changed.filtered(lambda payment: payment.state not in POSTED)._find_prepaid_orders()
        before = {payment: payment._counted_orders() for payment in changed}
        result = super().write(vals)
        for payment in changed:
            payment._tell_orders(before[payment])
        return result

    def _prepaid_before(self, vals):
        """Customers' payments whose money for orders this write may move.

        The write that gives a payment its entry is part of the one that posts it.
        """
        if "move_id" in vals or not {"state", "prepaid_order_id"} & vals.keys():
            return self.browse()
        return self.filtered(lambda payment: payment.partner_type == "customer")

    # ------------------------------------------------------------------ business

    def _counted_orders(self):
        """The orders that the unmatched money counts for now."""
        payment = self.sudo()
        if payment.state not in POSTED:
            return payment.prepaid_order_id.browse()
        return payment.prepaid_order_id or payment.payment_transaction_id.sale_order_ids

    def _tell_orders(self, before):
        """Judge the payers of orders that won or lost the money.

        Also when the payment's own entry has told its customer already: that may have been
        before the payment itself counted.
        """
        now = self._counted_orders()
        cause = self.env._("Payment %(name)s", name=self.name or self.memo or "")
        if lost := before - now:
            lost._credit_money_moved(cause, raised=True)
        if gained := now - before:
            gained._credit_money_moved(cause)

    def _find_prepaid_orders(self):
        """Link payments that name exactly one open order of their customer; decisions are kept."""
        decisions = []
        for payment in self.filtered("partner_id"):
            if payment.prepaid_order_id or payment.company_id.credit_control == "off":
                continue
            order = payment._named_order()
            if not order:
                continue
            payment.prepaid_order_id = order
            decisions.append(payment._prepare_link_decision(order))
        if decisions:
            self.env["suite.decision"]._record(decisions)

    def _prepare_link_decision(self, order):
        return {
            "kind": "credit.payment",
            "record": self,
            "partner_id": self.partner_id.commercial_partner_id.id,
            "outcome": "linked",
            "explanation": _lt("Paid for %(order)s, which it names", order=order.name),
            "rule": "account.payment.prepaid_order_id",
            "rule_version": "1",
            "inputs": [
                {"model": self._name, "id": self.id, "field": name, "value": self[name] or ""}
                for name in ("memo", "payment_reference")
            ],
        }

    def _named_order(self):
        """The one open order or quotation of the customer that memo or reference name."""
        self.ensure_one()
        text = " ".join(filter(None, (self.memo, self.payment_reference)))
        orders = self.env["sale.order"].sudo()
        found = orders.browse(
            key for key, name in self._named_candidates(text) if _names(text, name)
        )
        return found if len(found) == 1 else orders

    def _named_candidates(self, text):
        """``[(id, name)]`` of the customer's open orders whose name is somewhere in the text."""
        if not text:
            return []
        self.env["sale.order"].flush_model(["name", "state", "partner_id", "partner_invoice_id"])
        return self.env.execute_query(
            SQL(
                """
                SELECT o.id, o.name
                  FROM sale_order o
                  JOIN res_partner buyer ON buyer.id = o.partner_id
                  JOIN res_partner payer ON payer.id = o.partner_invoice_id
                 WHERE o.company_id = %(company)s
                   AND o.state IN ('draft', 'sent', 'sale')
                   AND %(customer)s IN (buyer.commercial_partner_id, payer.commercial_partner_id)
                   AND position(upper(o.name) IN upper(%(text)s)) > 0
                """,
                company=self.company_id.id,
                customer=self.partner_id.commercial_partner_id.id,
                text=text,
            )
        )


def _names(text, name):
    """Whether the name stands in the text as a word (Chinese around it doesn't join it)."""
    pattern = rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])"
    return re.search(pattern, text, re.IGNORECASE) is not None
