from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SupplySubstitute(models.Model):
    """A product whose free stock may be used up in place of a component.

    Only for components of planned productions, only stock on hand that nothing else needs; a
    substitute is never ordered in place of the product. The production order that comes of the
    plan line names what it takes.
    """

    _name = "supply.substitute"
    _inherit = ["supply.change.mixin"]
    _description = "Substitute in Planning"
    _order = "product_id, sequence, id"
    _rec_name = "substitute_id"

    product_id = fields.Many2one(
        "product.product", "Product", required=True, ondelete="cascade", index=True
    )
    substitute_id = fields.Many2one(
        "product.product", "Substitute", required=True, ondelete="cascade", index=True
    )
    ratio = fields.Float(
        "Units for One",
        default=1.0,
        required=True,
        digits=(16, 6),
        help="How many units of the substitute stand in for one unit of the product, each in its"
        " own unit of measure.",
    )
    date_from = fields.Date("Valid From")
    date_to = fields.Date("Valid Until")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", "Company", ondelete="cascade")

    _ratio_positive = models.Constraint("CHECK (ratio > 0)", "The ratio must be more than 0.")
    _dates_in_order = models.Constraint(
        "CHECK (date_from IS NULL OR date_to IS NULL OR date_from <= date_to)",
        "The last day can't be before the first one.",
    )
    _pair_uniq = models.UniqueIndex(
        "(product_id, substitute_id, COALESCE(company_id, 0), COALESCE(date_from, '-infinity'))",
        "This substitute is listed already.",
    )

    @api.constrains("product_id", "substitute_id")
    def _check_other_product(self):
        if any(row.product_id == row.substitute_id for row in self):
            raise ValidationError(self.env._("A product can't stand in for itself."))

    def _planned_by_this(self):
        return self.product_id | self.substitute_id
