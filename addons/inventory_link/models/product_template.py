from odoo import api, fields, models

#: Settings of a product that the plan reads, beside those whose name begins with ``supply_``.
PLAN_FIELDS = {"active", "uom_id", "is_storable", "type", "company_id", "route_ids"}


class ProductTemplate(models.Model):
    _inherit = "product.template"

    supply_mode = fields.Selection(
        [("rules", "Odoo's replenishment rules"), ("planned", "Supply planning")],
        "Replenishment By",
        compute="_compute_supply_mode",
        store=True,
        readonly=False,
        precompute=True,
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
    supply_guard_note = fields.Char(compute="_compute_supply_guard_note", compute_sudo=True)

    supply_fence_days = fields.Integer(
        "Frozen Days",
        help="Plan lines to be ordered or started within this many days are no longer changed by"
        " the plan. 0: as the company says.",
    )
    supply_allow_surplus = fields.Boolean(
        "Buy More for Less",
        default=True,
        help="Buy up to the next price break when the whole order gets cheaper by it.",
    )

    _supply_lot_positive = models.Constraint(
        "CHECK (COALESCE(supply_bucket_days, 0) >= 0 AND COALESCE(supply_fence_days, 0) >= 0"
        " AND COALESCE(supply_multiple, 0) >= 0"
        " AND COALESCE(supply_max_lot, 0) >= 0 AND COALESCE(supply_safety_stock, 0) >= 0)",
        "Planning quantities and days can't be negative.",
    )

    @api.depends("categ_id")
    def _compute_supply_mode(self):
        """A new product follows its category; one that exists stays as it is."""
        for template in self:
            chosen = template.supply_mode or "rules"
            if not template._origin:
                chosen = template.categ_id._get_supply_mode_default() or chosen
            template.supply_mode = chosen

    @api.depends_context("lang", "allowed_company_ids")
    @api.depends("supply_mode", "is_storable", "route_ids", "categ_id")
    def _compute_supply_guard_note(self):
        """Which of stock's planners the product has beside the plan, in words."""
        companies = self.env.companies.filtered("supply_planning")
        ours = self.filtered(lambda t: companies and t.supply_mode == "planned" and t.is_storable)
        ruled = ours._templates_with_rules(companies)
        to_order = companies._make_to_order_routes() if ours else None
        for template in self:
            routes = template.route_ids | template.categ_id.total_route_ids
            template.supply_guard_note = template in ours and template._guard_note(
                template._origin in ruled, routes & to_order
            )

    # -- CRUD -----------------------------------------------------------------------------------

    def write(self, vals):
        """Planned from now on: plan at once. Given back: take it out of the plan. Planned
        otherwise: planned anew, soon."""
        mode = vals.get("supply_mode")
        moved = self.filtered(lambda template: mode and template.supply_mode != mode)
        told = PLAN_FIELDS & vals.keys() or any(name.startswith("supply_") for name in vals)
        planned = self._planned_variants() if told else self.env["product.product"]
        result = super().write(vals)
        variants = moved.with_context(active_test=False).product_variant_ids
        if moved and mode == "planned":
            variants._enter_supply_plan()
        elif moved:
            variants._leave_supply_plan()
        if told:
            ((planned | self._planned_variants()) - variants)._enqueue_settings()
        return result

    # -- business -------------------------------------------------------------------------------

    def _planned_variants(self):
        planned = self.sudo().filtered(lambda template: template.supply_mode == "planned")
        return planned.with_context(active_test=False).product_variant_ids

    def _templates_with_rules(self, companies):
        """Those with a reordering rule that the plan keeps from ordering."""
        points = self.env["stock.warehouse.orderpoint"].search(
            [
                ("product_id.product_tmpl_id", "in", self._origin.ids),
                ("company_id", "in", companies.ids),
            ]
        )
        return points.filtered("supply_planned").product_id.product_tmpl_id

    def _guard_note(self, rules, routes):
        if rules and routes:
            return self.env._(
                "Supply planning buys and makes this product. Its reordering rules and"
                " make-to-order route order nothing."
            )
        if rules:
            return self.env._(
                "Supply planning buys and makes this product. Its reordering rules order nothing."
            )
        if routes:
            return self.env._(
                "Supply planning buys and makes this product. Its make-to-order route orders"
                " nothing."
            )
        return False
