from odoo import fields, models

from .res_company import SUPPLY_KINDS


class ProductCategory(models.Model):
    _inherit = "product.category"

    credit_hold_supply = fields.Selection(
        SUPPLY_KINDS,
        "While on Hold",
        help="What planning does for orders that wait for credit. Empty: as for the category "
        "above, else as the company's setting says.",
    )

    def write(self, vals):
        """Another rule for orders on hold: they are planned anew."""
        result = super().write(vals)
        if {"credit_hold_supply", "parent_id"} & vals.keys():
            lines = "sale_order_id.order_line.product_id.categ_id"
            self.env["suite.outlook"]._held_lines_changed([(lines, "child_of", self.ids)])
        return result

    def _credit_hold_supply(self):
        """The rule of the category or of the nearest one above that has one, else False."""
        category = self.sudo()
        while category and not category.credit_hold_supply:
            category = category.parent_id
        return category.credit_hold_supply
