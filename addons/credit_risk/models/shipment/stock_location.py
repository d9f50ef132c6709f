from odoo import models
from odoo.exceptions import UserError


class StockLocation(models.Model):
    _inherit = "stock.location"

    def write(self, vals):
        """What went to a place stays what it was: a place in use doesn't become a customer's."""
        if "usage" in vals:
            self.filtered(lambda place: place.usage != vals["usage"])._credit_check_usage(
                vals["usage"]
            )
        return super().write(vals)

    def _credit_check_usage(self, usage):
        """:raise UserError: goods moved before would be delivered, or not, in hindsight"""
        changed = self.filtered(lambda place: "customer" in (place.usage, usage))
        controlled = (
            self.env["res.company"].sudo().search_count([("credit_control", "!=", "off")], limit=1)
        )
        if not changed or not controlled:
            return
        used = (
            self.env["stock.move.line"]
            .sudo()
            .search_count(
                [
                    "|",
                    ("location_dest_id", "in", changed.ids),
                    ("location_id", "in", changed.ids),
                ],
                limit=1,
            )
        )
        if used:
            raise UserError(
                self.env._(
                    "%(places)s has been used already, so that it can't become a customer's place "
                    "or stop being one. Make a new location.",
                    places=", ".join(changed.mapped("display_name")),
                )
            )
