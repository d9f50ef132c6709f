from odoo import fields, models


class CreditLimitLine(models.Model):
    """What changes a customer's limit beside its amount: for a time, or backed by somebody else.

    ``amount`` is in the currency of the account's limit. Lines count from ``date_from`` to
    ``date_to``, both included, in the company's time zone; empty dates are open ends.
    """

    _name = "credit.limit.line"
    _description = "Credit Limit Line"
    _order = "date_from desc, id desc"

    account_id = fields.Many2one(
        "credit.account", "Credit Account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    currency_id = fields.Many2one(related="account_id.currency_id")
    kind = fields.Selection(
        [
            ("temporary_set", "Temporary Limit"),
            ("temporary_add", "Temporary Change"),
            ("insured", "Insured"),
            ("deposit", "Deposit"),
        ],
        required=True,
    )
    amount = fields.Monetary(required=True)
    percent = fields.Float("Cover (%)", default=100.0, help="Part of an insurance that counts.")
    date_from = fields.Date("From")
    date_to = fields.Date("To")
    reference = fields.Char(help="Number of the insurance policy, receipt of the deposit.")
