from odoo import models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def action_open_picture(self):
        """Open the peg picture of the template's first variant; the picture offers the others."""
        self.ensure_one()
        return self.product_variant_id.action_open_picture()
