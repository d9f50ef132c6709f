from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import float_round

from ..tools.rules import LIMIT

MAX_ASKED = 10  # users who get an activity when a release is asked for


class CreditHold(models.Model):
    """Ship what credit allows: the part of a held document that still fits the limit."""

    _inherit = "credit.hold"

    def _what_fits(self, figures=None):
        """``[(order line or move, quantity that fits, its quantity)]``; empty if nothing fits.

        Whole units while the line is in whole units, line after line in the document's order.

        :param figures: the account's, if they have been read already
        """
        self.ensure_one()
        if self.move_id or self.reason_codes != LIMIT:
            return []
        figures = figures or self.account_id._figures()[self.account_id.id]
        room = self._room(figures)
        if figures.compare(room, 0) <= 0:
            return []
        found, left = [], room / (figures.rate or 1.0)
        for line, quantity, price in self._fit_lines():
            fit = self._fit_quantity(quantity, price, left)
            left -= fit * price
            found.append((line, fit, quantity))
        fits = [one for one in found if one[1]]
        whole = all(fit == quantity for __, fit, quantity in found)
        return [] if whole or not fits else fits

    def _room(self, figures):
        """Value that the rules would let pass now, in the limit's currency.

        What an order adds less what it is over by. At the shipment the orders' own rest uses
        no credit before it leaves; parts of other deliveries that are released and still here
        do.
        """
        document, verdict = self._judge(figures)
        if verdict.blocking != (LIMIT,):
            return 0.0
        if document:
            return document.added - verdict.excess
        room = figures.open_orders - figures.beyond_horizon - verdict.excess
        parts = self.search(
            [
                ("account_id", "in", self.account_id._with_sharing().ids),
                ("partial", "=", True),
                ("state", "=", "released"),
                ("picking_id.state", "not in", ("done", "cancel")),
            ]
        )
        return room - sum(
            part.approved_amount / (part.currency_rate or 1.0) * figures.rate for part in parts
        )

    def _fit_lines(self):
        """``(line, quantity, price of a unit)``, tax included, company currency."""
        if self.picking_id:
            moves = self.picking_id.move_ids.filtered(
                lambda move: move.state not in ("done", "cancel")
            )
            for move in moves:
                quantity = move.product_uom_qty
                if quantity > 0:
                    yield move, quantity, move._credit_goods_value() / quantity
            return
        amounts = self.sale_order_id._credit_amounts()[self.sale_order_id.id]
        total = sum(self.sale_order_id.order_line.mapped("price_total")) or 1.0
        for line in self.sale_order_id.order_line.filtered(lambda rec: not rec.display_type):
            if line.product_uom_qty > 0:
                share = line.price_total * amounts / total
                yield line, line.product_uom_qty, share / line.product_uom_qty

    @staticmethod
    def _fit_quantity(quantity, price, room):
        if price <= 0:
            return quantity
        digits = 0 if quantity == int(quantity) else 2
        fit = float_round(room / price + 1e-9, precision_digits=digits, rounding_method="DOWN")
        return max(0.0, min(quantity, fit))

    def action_ship_what_fits(self):
        """Let the part that fits go now; the rest stays on hold.

        An order is split: it keeps what fits and is confirmed, a new one on hold gets the rest.
        Of a delivery the quantities that fit are set, to be validated with a backorder.

        :raise UserError: nothing fits, or more than the limit speaks against it
        """
        self.ensure_one()
        document = self._document()
        document.check_access("write")
        hold = self.sudo()
        if hold.state != "open":
            raise UserError(self.env._("%(document)s isn't on hold any more.", document=hold.name))
        hold._refresh_open()
        hold.account_id._bump()
        fits = hold._what_fits()
        if not fits:
            raise UserError(
                self.env._("Nothing of %(document)s fits the limit as it is.", document=hold.name)
            )
        quantities = {line: fit for line, fit, __ in fits}
        if hold.picking_id:
            return hold.picking_id.sudo(self.env.su)._credit_pick_what_fits(hold, quantities)
        return hold.sale_order_id.sudo(self.env.su)._credit_split(quantities)

    def _release_part(self, amount):
        """Release a delivery for goods of this value (company's currency) and no more."""
        self.write(
            {
                "automatic": True,
                "partial": True,
                "approved_amount": self.currency_id.round(amount * (self.currency_rate or 1.0)),
                "valid_until": self.company_id._credit_today(),
                "deviation_percent": 0.0,
            }
        )
        self._decide("released", self.env._("The part that fits the limit"))

    def action_set_priority(self, priority):
        """Say which holds go first when credit comes free ("0" normal, "1" soon, "2" first).

        :raise AccessError: for others than credit controllers and sales managers
        """
        self.check_access("read")
        groups = ("credit_risk.group_credit_controller", "sales_team.group_sale_manager")
        if not any(self.env.user.has_group(group) for group in groups):
            raise AccessError(
                self.env._("Only credit controllers and sales managers set priorities.")
            )
        if priority not in dict(self._fields["priority"].selection):
            raise UserError(self.env._("There is no such priority: %(value)s.", value=priority))
        self.sudo().write({"priority": priority})
        return True

    def action_ask_release(self, reason):
        """Ask those who may decide for a release.

        :param str reason: what they should know
        :raise UserError: no reason, or not on hold any more
        """
        self.check_access("read")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the document should be released."))
        for hold in self.sudo():
            if hold.state != "open":
                raise UserError(
                    self.env._("%(document)s isn't on hold any more.", document=hold.name)
                )
            hold.write({"ask_reason": reason, "asked_by_id": self.env.uid})
            for user in hold._deciders():
                hold.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    summary=hold.with_context(lang=user.lang).env._("Release asked for"),
                    note=reason,
                )
        return True

    def _deciders(self):
        """Users to be asked about this hold: by the approval matrix, not those involved in it."""
        amount, percent = self._approval_sizes()[self]
        approvals = self.env["credit.approval"]
        users = approvals._deciding_users("release", self.company_id, amount, percent)
        bots = self.env.ref("base.user_root")
        return (users - self._involved_users() - bots)[:MAX_ASKED]
