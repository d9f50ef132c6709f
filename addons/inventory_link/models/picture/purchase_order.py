from odoo import models


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def action_open_picture(self):
        """Open the peg picture of the order: whom it serves."""
        return self.env["supply.peg"]._picture_action(self, "up")
