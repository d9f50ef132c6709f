from odoo import models


class SupplyPlanLine(models.Model):
    _inherit = "supply.plan.line"

    def action_open_picture(self):
        """Open the peg picture of the line: what it is made of, and whom it serves."""
        return self.env["supply.peg"]._picture_action(self, "both")
