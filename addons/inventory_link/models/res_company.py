from odoo import fields, models


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
    supply_window_days = fields.Integer(
        "Days on One Request",
        default=7,
        help="Plan lines of one vendor go on one request for quotation when they are needed within"
        " this many days from the first. 0: all of them, whenever they are needed.",
    )
    supply_approval_amount = fields.Monetary(
        "Approval Limit",
        help="Plan lines above this amount are approved by a planning manager. 0: no limit.",
    )

    _supply_dampener_positive = models.Constraint(
        "CHECK (supply_dampener_days >= 0)", "The tolerance can't be negative."
    )
    _supply_window_positive = models.Constraint(
        "CHECK (COALESCE(supply_window_days, 0) >= 0 AND COALESCE(supply_approval_amount, 0) >= 0)",
        "The days on one request and the approval limit can't be negative.",
    )
