from odoo import fields, models

from .res_company import SUPPLY_KINDS


class ProductTemplate(models.Model):
    _inherit = "product.template"

    credit_hold_supply = fields.Selection(
        SUPPLY_KINDS,
        "While on Hold",
        help="What planning does for this product in orders that wait for credit. Empty: as for "
        "its category.",
    )

    def write(self, vals):
        """Another rule for orders on hold: they are planned anew."""
        result = super().write(vals)
        if {"credit_hold_supply", "categ_id"} & vals.keys():
            lines = "sale_order_id.order_line.product_template_id"
            self.env["suite.outlook"]._held_lines_changed([(lines, "in", self.ids)])
        return result

    def _credit_plannable_on_hold(self, company):
        """Whether goods may be planned for the product in the company's orders on hold."""
        self.ensure_one()
        template = self.sudo()
        kind = template.credit_hold_supply or template.categ_id._credit_hold_supply()
        return (kind or company.sudo().credit_hold_supply) == "tentative"
