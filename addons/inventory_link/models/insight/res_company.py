from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    supply_vendor_tolerance = fields.Integer(
        "Tolerance for Vendors",
        help="Days after the promised day on which a receipt still counts as on time.",
    )
    supply_vendor_basis = fields.Selection(
        [("first", "First promised day"), ("latest", "Latest agreed day")],
        "Vendors Are Measured By",
        default="first",
        required=True,
    )
    supply_slow_days = fields.Integer(
        "Dead After",
        default=180,
        help="Days without use after which stock that the plan doesn't need is dead.",
    )
    supply_slow_months = fields.Integer(
        "Slow Above",
        default=6,
        help="Months that the stock lasts at the use so far, above which it is slow.",
    )

    _supply_insight_positive = models.Constraint(
        "CHECK (COALESCE(supply_vendor_tolerance, 0) >= 0 AND COALESCE(supply_slow_days, 1) > 0"
        " AND COALESCE(supply_slow_months, 1) > 0)",
        "The tolerance can't be negative; dead and slow stock need at least one day and month.",
    )
