from odoo import api, fields, models

from ..tools import receivables_sql


class ReceivableItem(models.Model):
    """One open receivable item: an instalment of an invoice, or a payment not yet matched."""

    _name = "receivable.item"
    _description = "Receivable Item"
    _auto = False
    _order = "date_maturity, id"
    _rec_name = "move_name"

    move_name = fields.Char("Number", readonly=True)
    move_id = fields.Many2one("account.move", "Document", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    account_id = fields.Many2one("account.account", "Account", readonly=True)
    date = fields.Date("Document Date", readonly=True)
    date_maturity = fields.Date("Due Date", readonly=True)
    days_late = fields.Integer(readonly=True, aggregator="max")
    bucket = fields.Selection(
        [
            ("0_not_due", "Not Due"),
            ("1_30", "1–30 Days"),
            ("2_60", "31–60 Days"),
            ("3_90", "61–90 Days"),
            ("4_older", "Over 90 Days"),
        ],
        "Age",
        readonly=True,
    )
    currency_id = fields.Many2one("res.currency", "Document Currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", "Company Currency", readonly=True)
    amount = fields.Monetary("Amount", currency_field="company_currency_id", readonly=True)
    residual = fields.Monetary("Open", currency_field="company_currency_id", readonly=True)
    residual_currency = fields.Monetary(
        "Open in Currency", currency_field="currency_id", readonly=True, aggregator=None
    )

    @property
    def _table_query(self):
        """Open items of the companies, with today taken in each company's time zone."""
        companies = self.env["res.company"].sudo().search([])
        todays = {company.id: company._credit_today() for company in companies}
        return receivables_sql.open_items(todays)

    # ------------------------------------------------------------------ actions

    @api.readonly
    def action_open_document(self):
        """Open the invoice, credit note or payment entry."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "views": [(False, "form")],
        }
