from odoo import models

from ..engine import above


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _ids_above(self, product_ids):
        return super()._ids_above(product_ids) + above.products_above(self.env.cr, product_ids)
