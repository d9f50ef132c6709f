from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        """An archived vendor delivers nothing; a company's time zone decides which day it is."""
        told = {"active", "tz"} & vals.keys()
        result = super().write(vals)
        if told and self.env["res.company"]._some_plan():
            if "active" in vals:
                prices = self.env["product.supplierinfo"].sudo().with_context(active_test=False)
                prices.search([("partner_id", "in", self.ids)])._enqueue_supply()
            if "tz" in vals:
                companies = (
                    self.env["res.company"]
                    .sudo()
                    .search([("partner_id", "in", self.ids), ("supply_planning", "=", True)])
                )
                self.env["supply.change"]._enqueue_all(companies, reason="time zone")
        return result
