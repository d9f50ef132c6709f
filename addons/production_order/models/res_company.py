from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    supply_scrap_rule = fields.Selection(
        [("divide", "Need ÷ (1 − loss)"), ("add", "Need × (1 + loss)")],
        "Loss and Scrap",
        default="divide",
        required=True,
        help="With a loss of 10 %, a need of 90 starts 100 or 99.",
    )

    supply_confirm_productions = fields.Boolean(
        "Confirm Released Productions",
        help="Confirm production orders as soon as their plan line is released. Off: they are"
        " drafts that follow the plan until somebody confirms them.",
    )

    def _plan_fields(self):
        return super()._plan_fields() | {"supply_scrap_rule"}
