from odoo import api, fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    supply_instead_of_id = fields.Many2one(
        "product.product",
        "Instead of",
        readonly=True,
        ondelete="set null",
        help="The component that this one stands in for, as the plan decided.",
    )

    @api.model
    def _supply_fields(self):
        return super()._supply_fields() | {"raw_material_production_id", "production_id"}

    def _supply_products(self):
        """Components follow what is made: both are planned together."""
        made = (self.raw_material_production_id | self.production_id).product_id
        return super()._supply_products() | made.filtered(
            lambda product: product.supply_mode == "planned"
        )
