from odoo import api, models


class StockMove(models.Model):
    _inherit = "stock.move"

    @api.model
    def _supply_fields(self):
        return super()._supply_fields() | {"raw_material_production_id", "production_id"}

    def _supply_products(self):
        """Components follow what is made: both are planned together."""
        made = (self.raw_material_production_id | self.production_id).product_id
        return super()._supply_products() | made.filtered(
            lambda product: product.supply_mode == "planned"
        )
