from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_compare

TRIGGERS = [
    ("confirm", "On Confirmation"),
    ("before_supply", "Before Supply"),
    ("before_shipment", "Before Shipment"),
    ("delivery", "On Delivery"),
    ("days_after_delivery", "Days After Delivery"),
]


class AccountPaymentTermMilestone(models.Model):
    """One line of the template by which orders get their payment milestones."""

    _name = "account.payment.term.milestone"
    _description = "Payment Milestone of Payment Terms"
    _order = "payment_id, sequence, id"

    payment_id = fields.Many2one(
        "account.payment.term", "Payment Terms", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    percent = fields.Float("Percent", required=True, digits=(16, 4))
    trigger = fields.Selection(TRIGGERS, "Due", required=True, default="before_supply")
    days = fields.Integer("Days", help="Days after the event until the payment is due.")

    _percent_check = models.Constraint(
        "CHECK(percent > 0 AND percent <= 100)",
        "The percent of a payment milestone is more than 0 and at most 100.",
    )
    _days_check = models.Constraint("CHECK(days >= 0)", "Days can't be negative.")

    @api.constrains("percent", "payment_id")
    def _check_sum(self):
        for term in self.payment_id:
            percent = sum(term.milestone_ids.mapped("percent"))
            if float_compare(percent, 100.0, precision_digits=4) > 0:
                raise ValidationError(
                    self.env._(
                        "The payment milestones of %(term)s add up to %(percent)s %%: at most "
                        "100 %% can be asked for.",
                        term=term.display_name,
                        percent=round(percent, 4),
                    )
                )

    def _prepare_milestone(self):
        """Values of the milestone that an order gets from this line."""
        self.ensure_one()
        return {
            "name": self.name,
            "percent": self.percent,
            "trigger": self.trigger,
            "days": self.days,
            "template_line_id": self.id,
        }
