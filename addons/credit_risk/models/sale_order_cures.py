from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..tools import records
from ..tools.cure import reason_text
from ..tools.rules import CONFIRM, Document


class SaleOrder(models.Model):
    """What sets a held order free, or takes a confirmed one out of the exposure, by one click."""

    _inherit = "sale.order"

    def action_ship_what_fits(self):
        """Confirm the part of a held order that fits; the rest becomes an order on hold.

        :raise UserError: nothing fits, or more than the limit speaks against it
        """
        self.ensure_one()
        self.check_access("write")
        holds = self.sudo().credit_hold_ids.filtered(lambda hold: hold.state == "open")
        if not holds:
            raise UserError(self.env._("%(order)s isn't on hold.", order=self.name))
        return holds.sudo(self.env.su).action_ship_what_fits()

    def _credit_split(self, quantities):
        """Keep what fits and confirm it; a new order takes the rest.

        :param quantities: ``{line: quantity that fits}``; other lines go to the new order whole
        """
        self.ensure_one()
        rest = []
        for line in self.order_line.filtered(lambda rec: not rec.is_downpayment):
            fit = quantities.get(line, 0.0)
            if line.display_type or line.product_uom_qty > fit:
                left = 0.0 if line.display_type else line.product_uom_qty - fit
                values = {"product_uom_qty": left, **self._kept_price(line)}
                rest.append(Command.create(line.copy_data(values)[0]))
        other = self.copy(self._prepare_credit_rest() | {"order_line": rest})
        for line in self.order_line.filtered(lambda rec: not rec.display_type):
            if line.is_downpayment:
                continue
            if quantities.get(line):
                # A smaller quantity must not cost another price.
                line.write({"product_uom_qty": quantities[line], **self._kept_price(line)})
            else:
                line.unlink()
        for order, linked in ((self, other), (other, self)):
            order.message_post(
                body=self.env._(
                    "Split by credit: what fits the limit is in %(order)s, the rest in %(rest)s.",
                    order=self.name,
                    rest=other.name,
                )
            )
            linked.message_subscribe(order.message_partner_ids.ids)
        (self | other).action_confirm()
        if self.state != "sale":
            raise UserError(
                self.env._("Nothing of %(document)s fits the limit as it is.", document=self.name)
            )
        return True

    @staticmethod
    def _kept_price(line):
        """Price and discount as the customer knows them, whatever the quantity is."""
        if line.display_type:
            return {}
        return {
            "price_unit": line.price_unit,
            "technical_price_unit": line.technical_price_unit,
            "discount": line.discount,
        }

    def _prepare_credit_rest(self):
        """Values of the order that takes what doesn't fit."""
        return {
            "origin": self.name,
            "client_order_ref": self.client_order_ref,
            "commitment_date": self.commitment_date,
        }

    def action_ask_release(self, reason):
        """Ask credit control to release the held order, also one for another's customer.

        Whoever may write the order may ask, without seeing the hold's numbers.
        """
        self.check_access("write")
        holds = self.sudo().credit_hold_ids.filtered(lambda hold: hold.state == "open")
        return holds.action_ask_release(reason)

    # ------------------------------------------------------------------ short close

    def action_close_remainder(self, reason):
        """Close the order short: its open deliveries are cancelled, nothing more is billed.

        The rest leaves the exposure; decision and ledger keep who said so and why.

        :param str reason: needed
        :raise AccessError: for others than sales managers
        :raise UserError: no reason, or the order isn't confirmed
        """
        reason = self._check_remainder(reason)
        for order in self:
            if order.state != "sale":
                raise UserError(
                    self.env._("%(order)s isn't confirmed: cancel it instead.", order=order.name)
                )
            open_moves = order.sudo().order_line.move_ids.filtered(
                lambda move: move.state not in ("done", "cancel")
            )
            open_moves._action_cancel()
            order.sudo().remainder_closed = True
            order._record_remainder("closed", reason)
        self._credit_freed()
        return True

    def action_reopen_remainder(self, reason):
        """Let a short-closed order count again; the customer's credit must allow it.

        :raise AccessError, UserError: as for closing; or the credit doesn't allow it
        """
        reason = self._check_remainder(reason)
        orders = self.filtered("remainder_closed")
        orders.sudo().write({"remainder_closed": False})
        for order in orders:
            order._record_remainder("reopened", reason)
            order.order_line._action_launch_stock_rule()
        orders._credit_refuse_reopened()
        orders._credit_order_changed()
        return True

    def _credit_refuse_reopened(self):
        """:raise UserError: with what counts again the payer's credit isn't enough"""
        for order, account in self._credit_payers().items():
            account._bump()
            verdict = account._figures()[account.id].judge(Document(check=CONFIRM, added=0.0))
            if verdict.blocking and account.company_id.credit_control == "block":
                raise UserError(
                    self.env._(
                        "%(order)s can't be opened again: %(customer)s would be %(reasons)s.",
                        order=order.name,
                        customer=account.partner_id.display_name,
                        reasons=reason_text(self.env, verdict.blocking),
                    )
                )

    def _check_remainder(self, reason):
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(
                self.env._("Only sales managers may close an order short or open it again.")
            )
        self.check_access("write")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Give the reason."))
        return reason

    def _record_remainder(self, outcome, reason):
        """Decision and ledger entry of an order that was closed short or opened again."""
        self.ensure_one()
        self.env["suite.decision"]._record([records.remainder_decision(self, outcome, reason)])
        self.env["suite.ledger.entry"]._append(
            "credit.remainder", records.remainder_entry(self, outcome, reason), self.company_id
        )
        self.message_post(body=reason)
