from odoo import api, fields, models


class AccountPaymentTerm(models.Model):
    """How much time a payment term gives, so that terms can be compared."""

    _inherit = "account.payment.term"

    credit_rank = fields.Integer(
        "Credit Rank (Days)",
        compute="_compute_credit_rank",
        store=True,
        readonly=False,
        help="Longest time to pay: the latest line's days, with 30 more for terms by end of "
        "month. An order whose rank is higher than that of the customer's own terms is held by "
        "policies with a rule about longer payment terms.",
    )

    @api.depends("line_ids.nb_days", "line_ids.delay_type")
    def _compute_credit_rank(self):
        for term in self:
            term.credit_rank = max((line._credit_days() for line in term.line_ids), default=0)
