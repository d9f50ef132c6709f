from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    credit_bill_journal_id = fields.Many2one(
        related="company_id.credit_bill_journal_id", readonly=False
    )
    credit_bill_account_id = fields.Many2one(
        related="company_id.credit_bill_account_id", readonly=False
    )
    credit_discount_account_id = fields.Many2one(
        related="company_id.credit_discount_account_id", readonly=False
    )
