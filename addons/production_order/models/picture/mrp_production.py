from odoo import models


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    def action_open_picture(self):
        """Open the peg picture of the production: its components, and whom it serves."""
        return self.env["supply.peg"]._picture_action(self, "both")
