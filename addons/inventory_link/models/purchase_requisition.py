from odoo import models


class PurchaseRequisition(models.Model):
    _inherit = "purchase.requisition"

    def write(self, vals):
        """State and days of an agreement decide whether the plan may draw on it."""
        result = super().write(vals)
        if {"state", "date_start", "date_end", "vendor_id"} & vals.keys():
            self.line_ids._tell_plan()
        return result
