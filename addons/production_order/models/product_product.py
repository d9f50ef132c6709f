from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _supply_users(self):
        """What is made of these products by bills (kits included) or by open productions."""
        bills = self.env["mrp.bom.line"].search([("product_id", "in", self.ids)]).bom_id
        productions = (
            self.env["stock.move"]
            .search(
                [
                    ("product_id", "in", self.ids),
                    ("raw_material_production_id.state", "not in", ("done", "cancel")),
                    ("raw_material_production_id", "!=", False),
                ]
            )
            .raw_material_production_id
        )
        return super()._supply_users() | bills._made_with_kits() | productions.product_id
