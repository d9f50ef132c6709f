from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _is_supply_planned(self, company):
        """Whether the plan of this company buys and makes the product, and nobody else may."""
        return bool(company.supply_planning and self.supply_mode == "planned" and self.is_storable)
