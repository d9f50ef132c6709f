from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def action_open_picture(self):
        """Open the peg picture of the product: the customers that its supply serves."""
        return self.env["supply.peg"]._picture_action(self, "up")
