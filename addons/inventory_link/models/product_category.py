from odoo import fields, models


class ProductCategory(models.Model):
    _inherit = "product.category"

    supply_mode_default = fields.Selection(
        [("rules", "Odoo's replenishment rules"), ("planned", "Supply planning")],
        "Replenish New Products By",
        help="How new products of this category are replenished. Empty: as in the category above.",
    )

    def _get_supply_mode_default(self):
        """The mode of new products here: the nearest category upwards that has one, or False."""
        category = self
        while category and not category.supply_mode_default:
            category = category.parent_id
        return category.supply_mode_default
