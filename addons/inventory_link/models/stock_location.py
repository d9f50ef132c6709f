from odoo import fields, models


class StockLocation(models.Model):
    _inherit = "stock.location"

    supply_excluded = fields.Boolean(
        "Not for Planning",
        help="Goods here, and in all locations below, can't be promised: quarantine, complaints,"
        " scrap. The plan leaves them out.",
    )

    def write(self, vals):
        """Which places hold stock that may be used has changed."""
        result = super().write(vals)
        if {"usage", "location_id", "active", "company_id", "supply_excluded"} & vals.keys():
            planning = self.sudo().company_id.filtered("supply_planning")
            self.env["supply.change"]._enqueue_all(planning, reason="location")
        return result
