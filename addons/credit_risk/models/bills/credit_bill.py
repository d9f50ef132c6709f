from odoo import fields, models


class CreditBill(models.Model):
    """A bill of exchange that a customer gave: no money until it matures.

    Received and not matured bills are exposure of their own kind, also those handed on to a
    vendor, whom we answer to until the acceptor has paid.
    """

    _name = "credit.bill"
    _inherit = ["mail.thread", "mail.activity.mixin", "suite.decision.mixin"]
    _description = "Bill of Exchange"
    _order = "maturity_date, id"
    _check_company_auto = True

    name = fields.Char("Number", required=True)
    partner_id = fields.Many2one("res.partner", "Customer", required=True, index=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    amount = fields.Monetary(required=True)
    maturity_date = fields.Date(required=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("received", "Received"),
            ("endorsed", "Endorsed"),
            ("matured", "Matured"),
            ("dishonoured", "Dishonoured"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        tracking=True,
    )
    # What the bill settled, in the company's currency, as it was booked: it counts with this.
    booked_amount = fields.Monetary(currency_field="company_currency_id", readonly=True, copy=False)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
