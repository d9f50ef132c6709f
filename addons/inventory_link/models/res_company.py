from odoo import api, fields, models

#: Settings of a company that the plan reads.
PLAN_FIELDS = {"supply_planning", "supply_dampener_days", "security_lead", "currency_id"}


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

    supply_digest_hours = fields.Integer(
        "Hours Between Plan Digests",
        default=4,
        help="What events change in the plan of a warehouse is told together, at most once in this"
        " time. Nightly runs and those started by a person are told at once. 0: always at once.",
    )

    _supply_digest_hours_positive = models.Constraint(
        "CHECK (supply_digest_hours >= 0)", "The time between digests can't be negative."
    )
    _supply_dampener_positive = models.Constraint(
        "CHECK (supply_dampener_days >= 0)", "The tolerance can't be negative."
    )

    def write(self, vals):
        """Switched on: everything is planned soon. Switched off: the plan goes at once, documents
        made from it stay."""
        known = {company: company.supply_planning for company in self}
        result = super().write(vals)
        if PLAN_FIELDS & vals.keys():
            stopped = self.filtered(lambda company: known[company] and not company.supply_planning)
            stopped._stop_supply_planning()
            planning = self.filtered("supply_planning")
            self.env["supply.change"]._enqueue_all(planning, reason="company")
        return result

    @api.model
    def _some_plan(self):
        """Whether some company plans at all: events of shared records are cheap where none does."""
        return bool(self.sudo().search_count([("supply_planning", "=", True)], limit=1))

    def _stop_supply_planning(self):
        if not self:
            return
        warehouses = self.env["stock.warehouse"].sudo().with_context(active_test=False)
        self.env["supply.planner"].sudo()._clear_unplanned(
            warehouses=warehouses.search([("company_id", "in", self.ids)])
        )
