from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    credit_control = fields.Selection(
        related="company_id.credit_control", readonly=False, required=True
    )
    credit_default_limit_kind = fields.Selection(
        related="company_id.credit_default_limit_kind", readonly=False, required=True
    )
    credit_default_limit = fields.Monetary(
        related="company_id.credit_default_limit", readonly=False
    )
    credit_limit_grace_days = fields.Integer(
        related="company_id.credit_limit_grace_days", readonly=False
    )
    credit_overdue_days = fields.Integer(related="company_id.credit_overdue_days", readonly=False)
    credit_overdue_amount = fields.Monetary(
        related="company_id.credit_overdue_amount", readonly=False
    )
    credit_count_drafts = fields.Boolean(related="company_id.credit_count_drafts", readonly=False)
    credit_release_days = fields.Integer(related="company_id.credit_release_days", readonly=False)
    credit_release_deviation = fields.Float(
        related="company_id.credit_release_deviation", readonly=False
    )
    receivable_warning_days = fields.Integer(
        related="company_id.receivable_warning_days", readonly=False
    )
    receivable_user_id = fields.Many2one(related="company_id.receivable_user_id", readonly=False)

    # Odoo's own default limit is the same thing; there 0 stands for no limit.

    def _compute_account_default_credit_limit(self):
        for settings in self:
            company = settings.company_id
            limited = company.credit_default_limit_kind == "limited"
            settings.account_default_credit_limit = company.credit_default_limit if limited else 0

    def _inverse_account_default_credit_limit(self):
        for settings in self:
            company, amount = settings.company_id, settings.account_default_credit_limit
            shown = company.credit_default_limit_kind == "limited" and company.credit_default_limit
            if company.currency_id.compare_amounts(amount, shown or 0.0) == 0:
                continue
            company.write(
                {
                    "credit_default_limit_kind": "limited" if amount > 0 else "unlimited",
                    "credit_default_limit": amount,
                }
            )
