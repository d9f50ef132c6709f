from datetime import timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import ValidationError

CREDIT_FIELDS = {
    "credit_control",
    "credit_default_limit",
    "credit_default_limit_kind",
    "credit_limit_grace_days",
    "credit_overdue_days",
    "credit_overdue_amount",
    "credit_count_drafts",
    "credit_policy_id",
    "credit_insurance_mode",
}


class ResCompany(models.Model):
    _inherit = "res.company"

    credit_control = fields.Selection(
        [("off", "Off"), ("warn", "Warn"), ("block", "Block")],
        default="off",
        required=True,
        help="Off: nothing is checked. Warn: orders and deliveries over the limit carry a "
        "warning. Block: such orders are put on hold and such deliveries can't be validated.",
    )
    credit_default_limit_kind = fields.Selection(
        [("limited", "Limited"), ("unlimited", "Unlimited")],
        "Default Limit",
        default="unlimited",
        required=True,
        help="What holds for customers without a limit of their own.",
    )
    credit_default_limit = fields.Monetary("Default Limit Amount")
    credit_limit_grace_days = fields.Integer(
        "Grace After Expiry", help="Days that a limit goes on counting after its last valid day."
    )
    credit_overdue_days = fields.Integer(
        "Tolerated Days", help="Items that are late by at most this number of days don't block."
    )
    credit_overdue_amount = fields.Monetary(
        "Tolerated Amount", help="Items that are too late don't block up to this amount together."
    )
    credit_count_drafts = fields.Boolean(
        "Count Draft Invoices", help="Draft invoices that come from no order are exposure too."
    )
    credit_policy_id = fields.Many2one(
        "credit.policy",
        "Credit Policy",
        ondelete="restrict",
        domain="['|', ('company_id', '=', False), ('company_id', '=', id)]",
        help="Rules for customers without a policy of their own. Empty: over the limit, overdue "
        "beyond tolerance and expired limits block at confirmation and delivery.",
    )
    credit_insurance_mode = fields.Selection(
        [("on_top", "Added to the Limit"), ("included", "Part of the Limit")],
        "Insured Part",
        default="on_top",
        required=True,
        help="Added: the insured part comes on top of the limit. Part: the limit was set with "
        "it, so that only the rest is open to what isn't insured.",
    )
    credit_release_days = fields.Integer(
        "Release Valid For", default=30, help="Days that a release lasts; 0 for no end."
    )
    credit_release_deviation = fields.Float(
        "Deviation Allowed", help="Percent that an order may grow after its release."
    )
    receivable_warning_days = fields.Integer("Warn Before Due", default=3)
    receivable_user_id = fields.Many2one(
        "res.users",
        "Receivables Clerk",
        domain="[('share', '=', False)]",
        help="Gets the warnings about items that are late by 15 days and more.",
    )

    @api.constrains(
        "credit_default_limit",
        "credit_limit_grace_days",
        "credit_overdue_days",
        "credit_overdue_amount",
        "credit_release_days",
        "credit_release_deviation",
        "receivable_warning_days",
    )
    def _check_credit_settings(self):
        names = (*CREDIT_FIELDS, "credit_release_days", "credit_release_deviation")
        for company in self:
            for name in (*names, "receivable_warning_days"):
                field = self._fields[name]
                if field.type in ("integer", "float", "monetary") and company[name] < 0:
                    raise ValidationError(
                        self.env._(
                            "%(field)s can't be negative.",
                            field=field._description_string(self.env),
                        )
                    )

    def write(self, vals):
        result = super().write(vals)
        if CREDIT_FIELDS & vals.keys():
            self.sudo()._apply_credit_settings()
        return result

    def _apply_credit_settings(self):
        """A changed setting counts at once: customers get their row, holds are looked at again."""
        controlled = self.filtered(lambda company: company.credit_control != "off")
        accounts = self.env["credit.account"].sudo()
        accounts._forget_figures()
        accounts._make_missing(controlled)
        accounts.search([("company_id", "in", controlled.ids)])._reassess(
            self.env._("Credit settings changed")
        )

    def _adopt_default_credit_limit(self):
        """Take over the default of Odoo's own limit (there 0 stands for no limit).

        Odoo's row is taken away: new customers would get its amount as a limit of their own.
        """
        for company in self:
            defaults = self.env["ir.default"].with_company(company)
            amount = defaults._get_model_defaults("res.partner").get("credit_limit") or 0.0
            if amount > 0:
                company.credit_default_limit = amount
                company.credit_default_limit_kind = "limited"
        self.env["ir.default"].sudo().search(
            [("field_id.model", "=", "res.partner"), ("field_id.name", "=", "credit_limit")]
        ).unlink()

    def _credit_today(self, days=0):
        """Today where the company is (time zone of its address, UTC if unknown), or later."""
        return self._credit_date(fields.Datetime.now()) + timedelta(days=days)

    def _credit_date(self, moment):
        """The day of a moment (UTC, without zone) where the company is."""
        self.ensure_one()
        zone = ZoneInfo(self.partner_id.sudo().tz or "UTC")
        return moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).date()
