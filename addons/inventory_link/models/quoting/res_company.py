from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    supply_reservation_days = fields.Integer(
        "Days a Reservation Lasts",
        help="Salespeople may reserve what a quotation needs for this many days, never beyond the"
        " quotation's expiration. 0: no reservations.",
    )
    supply_reservation_on_sent = fields.Boolean(
        "Reserve When Sent",
        help="Sending a quotation reserves what it needs.",
    )

    _supply_reservation_days_range = models.Constraint(
        "CHECK (COALESCE(supply_reservation_days, 0) BETWEEN 0 AND 365)",
        "A reservation lasts from 0 to 365 days.",
    )
