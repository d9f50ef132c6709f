from odoo import models


class SupplyPlanLine(models.Model):
    _name = "supply.plan.line"
    _inherit = ["supply.plan.line", "supply.capacity.mixin"]
    _capacity_link = "plan_line_id"
