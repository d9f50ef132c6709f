from odoo import api, fields, models

#: Settings of a company that the plan reads.
PLAN_FIELDS = {
    "supply_planning",
    "supply_dampener_days",
    "supply_fence_days",
    "supply_calendar_id",
    "supply_window_days",
    "supply_plan_holds",
    "supply_quotation_probability",
    "supply_keep_promises",
    "security_lead",
    "currency_id",
}


class ResCompany(models.Model):
    _inherit = "res.company"

    supply_planning = fields.Boolean(
        "Supply Planning",
        help="Plan what to buy and make for confirmed orders. Off: Odoo's own rules do everything.",
    )
    supply_dampener_days = fields.Integer(
        "Tolerance for Early Documents",
        default=3,
        help="A purchase or production order that comes this many days before it is needed isn't"
        " reported.",
    )
    supply_approval_amount = fields.Monetary(
        "Approval Limit",
        help="Plan lines above this amount are approved by a planning manager. 0: no limit.",
    )

    supply_fence_days = fields.Integer(
        "Frozen Days",
        help="Plan lines to be ordered or started within this many days are no longer changed by"
        " the plan: it plans around them.",
    )
    supply_calendar_id = fields.Many2one(
        "resource.calendar",
        "Production Days",
        help="Production times count only the days of this calendar. Empty: every day counts.",
    )
    supply_window_days = fields.Integer(
        "Days in One Purchase Order",
        default=7,
        help="Plan lines of one vendor that are needed within this many days from the first one"
        " are released into one request. 0: all into one.",
    )
    supply_plan_holds = fields.Boolean(
        "Plan Orders on Hold",
        help="Orders on credit hold are planned as tentative: visible, but not to be released.",
    )
    supply_quotation_probability = fields.Integer(
        "Plan Quotations From (%)",
        help="Quotations with at least this probability are planned as tentative. 0: none.",
    )

    supply_keep_promises = fields.Boolean(
        "Keep Promises",
        help="Goods that were promised to one order aren't given to another that is wanted earlier"
        " but was promised a later day. Off: who wants goods earlier gets them earlier.",
    )
    supply_digest_hours = fields.Integer(
        "Hours Between Plan Digests",
        default=4,
        help="What events change in the plan of a warehouse is told together, at most once in this"
        " time. Nightly runs and those started by a person are told at once. 0: always at once.",
    )

    _supply_digest_hours_positive = models.Constraint(
        "CHECK (supply_digest_hours >= 0)", "The time between digests can't be negative."
    )
    _supply_days_positive = models.Constraint(
        "CHECK (COALESCE(supply_fence_days, 0) >= 0 AND COALESCE(supply_window_days, 0) >= 0)",
        "Days can't be negative.",
    )
    _supply_probability_range = models.Constraint(
        "CHECK (COALESCE(supply_quotation_probability, 0) BETWEEN 0 AND 100)",
        "A probability is from 0 to 100 percent.",
    )
    _supply_dampener_positive = models.Constraint(
        "CHECK (supply_dampener_days >= 0)", "The tolerance can't be negative."
    )
    _supply_approval_positive = models.Constraint(
        "CHECK (COALESCE(supply_approval_amount, 0) >= 0)",
        "The approval limit can't be negative.",
    )

    def _make_to_order_routes(self):
        """Routes that order for each need out of the stock of a warehouse of these companies."""
        warehouses = self.env["stock.warehouse"].search([("company_id", "in", self.ids)])
        rules = self.env["stock.rule"].search(
            [
                ("action", "in", ("pull", "pull_push")),
                ("procure_method", "in", ("make_to_order", "mts_else_mto")),
                ("location_src_id", "child_of", warehouses.lot_stock_id.ids),
            ]
        )
        return rules.route_id

    def write(self, vals):
        """Switched on: everything is planned soon. Switched off: the plan goes at once, documents
        made from it stay."""
        known = {company: company.supply_planning for company in self}
        result = super().write(vals)
        if self._plan_fields() & vals.keys():
            stopped = self.filtered(lambda company: known[company] and not company.supply_planning)
            stopped._stop_supply_planning()
            planning = self.filtered("supply_planning")
            self.env["supply.change"]._enqueue_all(planning, reason="company")
        return result

    @api.model
    def _some_plan(self):
        """Whether some company plans at all: events of shared records are cheap where none does."""
        return bool(self.sudo().search_count([("supply_planning", "=", True)], limit=1))

    @api.model
    def _plan_fields(self):
        """Settings that the plan reads."""
        return PLAN_FIELDS

    def _stop_supply_planning(self):
        if not self:
            return
        warehouses = self.env["stock.warehouse"].sudo().with_context(active_test=False)
        self.env["supply.planner"].sudo()._clear_unplanned(
            warehouses=warehouses.search([("company_id", "in", self.ids)])
        )
