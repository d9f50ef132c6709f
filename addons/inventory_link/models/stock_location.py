from odoo import models


class StockLocation(models.Model):
    _inherit = "stock.location"

    def write(self, vals):
        """Which places hold stock that may be used has changed."""
        result = super().write(vals)
        if {"usage", "location_id", "active", "company_id"} & vals.keys():
            planning = self.sudo().company_id.filtered("supply_planning")
            self.env["supply.change"]._enqueue_all(planning, reason="location")
        return result
