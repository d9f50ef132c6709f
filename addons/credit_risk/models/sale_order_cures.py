from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..tools import records


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
                rest.append(Command.create(line.copy_data({"product_uom_qty": left})[0]))
        other = self.copy(
            {
                "order_line": rest,
                "origin": self.name,
                "client_order_ref": self.client_order_ref,
                "commitment_date": self.commitment_date,
            }
        )
        for line in self.order_line.filtered(lambda rec: not rec.display_type):
            if line.is_downpayment:
                continue
            if quantities.get(line):
                line.product_uom_qty = quantities[line]
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
        return True

    def action_ask_release(self, reason):
        """Ask credit control to release the held order; see ``credit.hold``."""
        self.check_access("read")
        holds = self.sudo().credit_hold_ids.filtered(lambda hold: hold.state == "open")
        return holds.sudo(self.env.su).action_ask_release(reason)

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
        orders._credit_refuse_unchecked()
        for order in orders:
            order._record_remainder("reopened", reason)
        orders._credit_order_changed()
        return True

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
