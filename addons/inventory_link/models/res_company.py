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

    _supply_dampener_positive = models.Constraint(
        "CHECK (supply_dampener_days >= 0)", "The tolerance can't be negative."
    )
