from odoo import fields, models

#: Settings of a product that the plan reads, beside those whose name begins with ``supply_``.
PLAN_FIELDS = {"active", "uom_id", "is_storable", "type", "company_id", "route_ids"}


class ProductTemplate(models.Model):
    _inherit = "product.template"

    supply_mode = fields.Selection(
        [("rules", "Odoo's replenishment rules"), ("planned", "Supply planning")],
        "Replenishment By",
        default="rules",
        required=True,
        tracking=True,
        help="Planned products are bought and made by the plan alone: reordering rules and"
        " make-to-order routes leave them alone in companies with supply planning.",
    )
    supply_policy = fields.Selection(
        [("merged", "Merged"), ("by_order", "By order")],
        "Grouping",
        default="merged",
        required=True,
        help="Merged: needs of several orders share a lot. By order: each order has its own.",
    )
    supply_bucket_days = fields.Integer(
        "Days in One Lot",
        help="Needs within this many days from the first one go into one lot. 0 or 1: same day.",
    )
    supply_multiple = fields.Float(
        "Order Multiple", digits="Product Unit", help="Lots are whole multiples of this quantity."
    )
    supply_max_lot = fields.Float(
        "Maximum Lot", digits="Product Unit", help="Larger needs are split. 0: no maximum."
    )
    supply_lot_rounding = fields.Selection(
        [("ceil", "Up to the next multiple"), ("moq_step", "Minimum plus whole steps")],
        "Lot Rounding",
        default="ceil",
        required=True,
        help="With a vendor minimum of 25 and a multiple of 10, a need of 26 becomes 30 or 35.",
    )
    supply_safety_stock = fields.Float(
        "Safety Stock", digits="Product Unit", help="Kept back in each warehouse that plans."
    )

    _supply_lot_positive = models.Constraint(
        "CHECK (COALESCE(supply_bucket_days, 0) >= 0 AND COALESCE(supply_multiple, 0) >= 0"
        " AND COALESCE(supply_max_lot, 0) >= 0 AND COALESCE(supply_safety_stock, 0) >= 0)",
        "Planning quantities and days can't be negative.",
    )

    def write(self, vals):
        """A product that is planned by other rules from now on leaves the plan; one that joins, or
        is planned otherwise, is planned anew."""
        told = PLAN_FIELDS & vals.keys() or any(name.startswith("supply_") for name in vals)
        planned = self._planned_variants() if told else self.env["product.product"]
        result = super().write(vals)
        if told:
            (planned | self._planned_variants())._enqueue_settings()
        return result

    def _planned_variants(self):
        planned = self.sudo().filtered(lambda template: template.supply_mode == "planned")
        return planned.with_context(active_test=False).product_variant_ids
