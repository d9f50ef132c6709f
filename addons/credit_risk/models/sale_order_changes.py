import logging

from odoo import models
from odoo.exceptions import UserError

from ..tools.clearance import is_cleared
from ..tools.cure import reason_text
from ..tools.documents import judge_order
from ..tools.rules import CONFIRM, LIMIT, Document
from ..tools.umbrellas import take

_logger = logging.getLogger(__name__)


class SaleOrder(models.Model):
    """What happens to the credit when an order changes past its confirmation."""

    _inherit = "sale.order"

    def _credit_refuse_unchecked(self):
        """Refuse to make orders confirmed past :meth:`action_confirm` when they don't fit.

        :raise UserError: one of them would have been put on hold
        """
        if is_cleared(self.env.cr, self._name, self.ids):
            return
        orders = self.sudo().filtered(lambda order: order._is_credit_controlled("block"))
        if not orders:
            return
        accounts = orders._credit_accounts()
        every = self.env["credit.account"].sudo().union(*accounts.values())
        every._bump()
        figures = every._figures()
        amounts = orders._credit_amounts()
        for order in orders:
            key, amount = accounts[order.id].id, amounts[order.id]
            added = figures[key].convert(amount)
            if order.state == "sale":  # it is in the exposure already
                take(figures, key, -added)
            __, verdict = judge_order(order, figures[key], amount)
            if verdict.blocking and not order.credit_hold_ids._covers(amount):
                order._credit_refuse_path()
            take(figures, key, added)

    def _credit_refuse_path(self):
        """:raise UserError: the order was to be confirmed past the check"""
        _logger.warning(
            "User %s tried to confirm order %s past the credit check", self.env.uid, self.id
        )
        raise UserError(
            self.env._(
                "%(order)s can't be confirmed this way: the customer's credit doesn't "
                "allow it. Use Confirm, so that it is put on hold.",
                order=self.name,
            )
        )

    def _credit_refuse_leaving(self):
        """:raise UserError: a state written by hand would leave deliveries behind, uncounted"""
        leaving = self.filtered(lambda rec: rec.state == "sale" and rec._is_credit_controlled())
        if leaving and not is_cleared(self.env.cr, "sale.order.cancel", leaving.ids):
            raise UserError(self.env._("Use Cancel: it cancels the order's deliveries as well."))

    def _credit_order_changed(self):
        """Confirmed orders were changed: judge the payers again."""
        orders = self.sudo().filtered(
            lambda order: order.state == "sale" and order._is_credit_controlled()
        )
        if is_cleared(self.env.cr, self._name, orders.ids):
            return
        self.env["credit.account"].union(*orders._credit_accounts().values())._exposure_raised()

    def _credit_payers(self):
        """``{confirmed order: its credit account}``, before something about it changes."""
        orders = self.sudo().filtered(
            lambda order: order.state == "sale" and order._is_credit_controlled()
        )
        accounts = orders._credit_accounts()
        return {order: accounts[order.id] for order in orders}

    def _credit_payer_changed(self, payers):
        """Confirmed orders have another payer: he must have the credit, the old one is freed.

        :param payers: what ``_credit_payers`` was before
        :raise UserError: the new payer's credit doesn't allow it
        """
        now = self._credit_payers()
        moved = {
            order: account
            for order, account in now.items()
            if payers.get(order, account) != account
        }
        if not moved:
            return
        accounts = self.env["credit.account"].sudo().union(*moved.values())
        accounts._bump()
        figures = accounts._figures()
        for order, account in moved.items():
            reasons = figures[account.id].reasons()
            if not reasons or account.company_id.credit_control != "block":
                continue
            if (order.credit_hold_ids & account.hold_ids)._covers(
                order.company_id.currency_id.round(order._credit_total())
            ):
                continue
            raise UserError(
                self.env._(
                    "%(order)s can't be charged to %(customer)s, who would be %(reasons)s.",
                    order=order.name,
                    customer=account.partner_id.display_name,
                    reasons=reason_text(self.env, reasons),
                )
            )
        for order in moved:
            payers[order]._exposure_lowered(
                self.env._("Order %(order)s has another payer", order=order.name)
            )

    def _credit_freed(self):
        """Orders were cancelled or reduced: what waits may fit now."""
        orders = self.sudo().filtered(lambda order: order._is_credit_controlled())
        accounts = orders._credit_accounts()
        for order in orders:
            accounts[order.id]._exposure_lowered(
                self.env._("Order %(order)s reduced", order=order.name)
            )

    def _credit_refuse_dearer(self):
        """Goods that have left can't be locked any more: their price needs the credit first.

        :raise UserError: the payer's credit doesn't allow the higher price
        """
        shipped = self.filtered(lambda order: any(order.order_line.mapped("qty_delivered")))
        for order, account in shipped._credit_payers().items():
            if account.company_id.credit_control != "block" or order._credit_is_released():
                continue
            verdict = account._figures()[account.id].judge(Document(check=CONFIRM, added=0.0))
            if LIMIT in verdict.blocking and not order._credit_is_prepaid():
                raise UserError(
                    self.env._(
                        "Goods of %(order)s have left already. At the new price %(customer)s would "
                        "be %(reasons)s. Have a payment received, or the limit raised, first.",
                        order=order.name,
                        customer=account.partner_id.display_name,
                        reasons=reason_text(self.env, verdict.blocking),
                    )
                )
