from odoo import fields, models


class AccountPaymentTerm(models.Model):
    _inherit = "account.payment.term"

    milestone_ids = fields.One2many(
        "account.payment.term.milestone",
        "payment_id",
        "Payment Milestones",
        copy=True,
        help="Payments that a sales order with these terms asks for at its events, such as 30 % "
        "before supply. The due terms above are about the invoices.",
    )
