from datetime import timedelta

from odoo import api, fields, models


class CreditHold(models.Model):
    _inherit = "credit.hold"

    reserved_from = fields.Date(
        "Locked Since", readonly=True, copy=False, help="Day of the hold where the company is."
    )
    reserved_until = fields.Date(
        compute="_compute_reserved_until",
        store=True,
        index="btree_not_null",
        help="Last day that the delivery keeps its reserved stock; empty for no end.",
    )
    days_left = fields.Integer("Days Left", compute="_compute_days_left")
    freed_date = fields.Date(related="picking_id.credit_freed_date", related_sudo=True)
    reserved_goods = fields.Char(
        "Reserved Stock", compute="_compute_reserved_goods", compute_sudo=True
    )
    reservation_warned = fields.Boolean(readonly=True, copy=False)

    # ------------------------------------------------------------------ computes

    @api.depends("picking_id", "reserved_from", "company_id.credit_reservation_days")
    def _compute_reserved_until(self):
        for hold in self:
            days = hold.company_id.credit_reservation_days
            counts = hold.picking_id and hold.reserved_from and days
            hold.reserved_until = counts and hold.reserved_from + timedelta(days=days)

    @api.depends("reserved_until")
    def _compute_days_left(self):
        todays = {company: company._credit_today() for company in self.sudo().company_id}
        for hold in self:
            until = hold.reserved_until
            hold.days_left = (until - todays[hold.sudo().company_id]).days if until else 0

    @api.depends("picking_id.move_ids.quantity")
    def _compute_reserved_goods(self):
        for hold in self:
            moves = hold.picking_id._credit_reserved_moves()
            hold.reserved_goods = ", ".join(
                f"{move.quantity:g} {move.product_uom.name} {move.product_id.display_name}"
                for move in moves
            )

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """The clock of a delivery's stock starts with its hold; docs/flow.md."""
        holds = super().create(vals_list)
        for hold in holds.filtered("picking_id"):
            hold.reserved_from = hold.company_id._credit_today()
        return holds

    def write(self, vals):
        """A delivery that gets free has its stock reserved again; one that is rejected loses it."""
        open_holds = self.filtered(lambda hold: hold.state == "open" and hold.picking_id)
        result = super().write(vals)
        if vals.get("state") in ("released", "closed"):
            open_holds._credit_reserve_again()
        elif vals.get("state") == "rejected":
            open_holds._credit_free_stock(self.env._("the delivery was rejected"))
        return result
