from odoo import models


class UomUom(models.Model):
    _inherit = "uom.uom"

    def write(self, vals):
        """Units convert differently: everything may change."""
        result = super().write(vals)
        if {"factor", "relative_factor", "relative_uom_id"} & vals.keys():
            planning = self.env["res.company"].sudo().search([("supply_planning", "=", True)])
            self.env["supply.change"]._enqueue_all(planning, reason="unit")
        return result
