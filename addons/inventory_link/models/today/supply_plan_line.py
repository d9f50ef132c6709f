from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class SupplyPlanLine(models.Model):
    """What buyers and planners sort their day by."""

    _inherit = "supply.plan.line"

    price_unit = fields.Float(aggregator=None)
    late_days = fields.Integer(aggregator="max")
    lead_days = fields.Integer(aggregator="max")
    urgency = fields.Selection(
        [
            ("no_date", "No Date"),
            ("late", "Late"),
            ("now", "Order Now"),
            ("planned", "On Time"),
        ],
        compute="_compute_urgency",
        help="Late: after the day it is needed. Order now: the day to order has come.",
    )
    above_limit = fields.Boolean(
        "Above Approval Limit", compute="_compute_above_limit", search="_search_above_limit"
    )

    @api.depends("feasible_date", "late_days", "order_date")
    def _compute_urgency(self):
        today = {company: self._day_of(company) for company in self.company_id}
        for line in self:
            if not line.feasible_date:
                line.urgency = "no_date"
            elif line.late_days:
                line.urgency = "late"
            elif line.order_date and line.order_date <= today[line.company_id]:
                line.urgency = "now"
            else:
                line.urgency = "planned"

    @api.model
    def _day_of(self, company):
        """Today where a company is."""
        return fields.Date.context_today(
            self.with_context(tz=company.sudo().partner_id.tz or "UTC")
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """Urgency follows the clock, so it isn't stored; lists group and count by it all the
        same."""
        if field_expr != "urgency":
            return super()._field_to_sql(alias, field_expr, query)
        feasible, late, order = (
            super(SupplyPlanLine, self)._field_to_sql(alias, name, query)
            for name in ("feasible_date", "late_days", "order_date")
        )
        return SQL(
            "CASE WHEN %(feasible)s IS NULL THEN 'no_date' WHEN %(late)s > 0 THEN 'late'"
            " WHEN %(order)s <= %(today)s THEN 'now' ELSE 'planned' END",
            feasible=feasible,
            late=late,
            order=order,
            today=self._day_of(self.env.company),
        )

    @api.depends_context("uid")
    @api.depends("amount_company", "company_id")
    def _compute_above_limit(self):
        above = set(self.sudo()._above_limit()._ids)
        for line in self:
            line.above_limit = line.id in above

    def _search_above_limit(self, operator, value):
        """By the stored value in company currency."""
        if operator != "in":
            return NotImplemented
        return Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("amount_company", ">", company.supply_approval_amount)
            for company in self.env.companies.sudo()
            if company.supply_approval_amount
        )
