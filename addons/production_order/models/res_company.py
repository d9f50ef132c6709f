from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    supply_confirm_productions = fields.Boolean(
        "Confirm Released Productions",
        help="Confirm production orders as soon as their plan line is released. Off: they are"
        " drafts that follow the plan until somebody confirms them.",
    )
