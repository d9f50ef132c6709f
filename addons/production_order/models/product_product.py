from odoo import models

from ..engine import above


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _ids_above(self, product_ids):
        return super()._ids_above(product_ids) + above.products_above(self.env.cr, product_ids)

    def write(self, vals):
        """The cost of what a subcontractor is sent decides whether he is the cheapest."""
        result = super().write(vals)
        if "standard_price" in vals and self.env["res.company"]._some_plan():
            bills = (
                self.env["mrp.bom.line"]
                .sudo()
                .search(
                    [
                        ("product_id", "in", self.ids),
                        ("bom_id.type", "in", ("subcontract", "phantom")),
                    ]
                )
                .bom_id
            )
            self.env["supply.change"]._enqueue(bills._made_with_kits(), reason="cost")
        return result
