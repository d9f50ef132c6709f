from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    supply_calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Days",
        help="Lead times of this vendor count only the days of this calendar, without its days"
        " off. Empty: every day counts.",
    )
    supply_closing_ids = fields.One2many("supply.closing", "partner_id", "Closing Days")
    supply_min_order_value = fields.Float(
        "Minimum Order Value",
        help="In company currency. The plan tells when the requests of one time stay below it.",
    )

    _supply_min_order_value_positive = models.Constraint(
        "CHECK (COALESCE(supply_min_order_value, 0) >= 0)",
        "A minimum order value can't be negative.",
    )
