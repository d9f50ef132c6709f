import operator as operators

from odoo import api, fields, models
from odoo.fields import Domain

COMPARISONS = {
    "=": operators.eq,
    "!=": operators.ne,
    ">": operators.gt,
    ">=": operators.ge,
    "<": operators.lt,
    "<=": operators.le,
    "in": lambda amount, amounts: amount in amounts,
}


class ResPartner(models.Model):
    _inherit = "res.partner"

    # Odoo's own limit becomes a window on the credit account: one limit, shown in both places.
    credit_limit = fields.Float(
        compute="_compute_credit_limit",
        inverse="_inverse_credit_limit",
        search="_search_credit_limit",
        company_dependent=False,
        store=False,
        readonly=False,
    )
    credit_account_count = fields.Integer(compute="_compute_credit", compute_sudo=True)
    credit_currency_id = fields.Many2one(
        "res.currency", compute="_compute_credit", compute_sudo=True
    )
    credit_exposure = fields.Monetary(
        currency_field="credit_currency_id",
        compute="_compute_credit",
        compute_sudo=True,
        groups="sales_team.group_sale_salesman,account.group_account_readonly,"
        "account.group_account_invoice,credit_risk.group_credit_controller",
    )
    credit_available = fields.Monetary(
        currency_field="credit_currency_id",
        compute="_compute_credit",
        compute_sudo=True,
        groups="sales_team.group_sale_salesman,account.group_account_readonly,"
        "account.group_account_invoice,credit_risk.group_credit_controller",
    )
    credit_controlled = fields.Boolean(compute="_compute_credit", compute_sudo=True)
    credit_unlimited = fields.Boolean(compute="_compute_credit", compute_sudo=True)

    # ------------------------------------------------------------------ computes

    @api.depends_context("company")
    def _compute_credit(self):
        company = self.env.company
        accounts = self._existing_credit_accounts()
        figures = accounts._figures() if accounts else {}
        by_partner = {account.partner_id.id: account for account in accounts}
        for partner in self:
            account = by_partner.get(partner.commercial_partner_id.id)
            found = figures.get(account.id) if account else None
            partner.credit_currency_id = (account or company).currency_id
            partner.credit_controlled = company.credit_control != "off"
            partner.credit_account_count = 1 if account else 0
            partner.credit_exposure = found.exposure if found else 0.0
            partner.credit_available = found.available if found else 0.0
            partner.credit_unlimited = bool(found and found.unlimited)

    @api.depends_context("company")
    def _compute_credit_limit(self):
        """The customer's own limit in the active company, else the company's default.

        As in Odoo's field, 0 stands for "no limit" when the customer has none of his own, and
        the amount is in the company's currency: that of a limit in another one is converted.
        """
        shown = self._shown_credit_limits()
        for partner in self:
            partner.credit_limit = shown[partner]

    def _shown_credit_limits(self):
        """``{partner: the limit that the form shows}`` by the accounts as they are."""
        limits = {
            account.partner_id.id: account
            for account in self._existing_credit_accounts()
            if account.limit_kind != "default"
        }
        company = self.env.company.sudo()
        limited = company.credit_default_limit_kind == "limited"
        default = company.credit_default_limit if limited else 0.0
        shown = {}
        for partner in self:
            account = limits.get(partner.commercial_partner_id.id)
            unlimited = account and account.limit_kind == "unlimited"
            amount = account._limit_in(company.currency_id) if account else default
            shown[partner] = 0.0 if unlimited else amount
        return shown

    def _inverse_credit_limit(self):
        """Write the limit of the commercial entity's account in the active company.

        What the form shows anyway changes nothing: a saved form doesn't make a limit of 0.

        :raise AccessError: for others than credit managers, where credit is controlled
        """
        accounts = self.env["credit.account"].sudo()
        shown = self._shown_credit_limits()
        currency = self.env.company.currency_id
        for partner in self:
            amount = partner.credit_limit
            if currency.compare_amounts(amount, shown[partner]) == 0:
                continue
            partner._check_credit_limit_right()
            account = accounts._for(partner.commercial_partner_id, self.env.company)
            own = account._converted(amount, currency, account.currency_id)
            account.write({"limit_kind": "limited", "limit_amount": own})

    def _search_credit_limit(self, operator, value):
        if operator not in COMPARISONS:
            return NotImplemented
        currency = self.env.company.currency_id
        limited = Domain("limit_kind", "=", "limited")
        limited &= Domain("company_id", "=", self.env.company.id)
        home = Domain("currency_id", "=", currency.id)
        accounts = self.env["credit.account"].sudo()
        found = accounts.search(limited & home & Domain("limit_amount", operator, value))
        found |= accounts.search(limited & ~home).filtered(
            lambda account: COMPARISONS[operator](account._limit_in(currency), value)
        )
        return Domain("commercial_partner_id", "in", found.partner_id.ids)

    @api.depends_context("company")
    @api.depends("credit_limit")
    def _compute_use_partner_credit_limit(self):
        own = self._existing_credit_accounts().filtered(lambda rec: rec.limit_kind != "default")
        for partner in self:
            partner.use_partner_credit_limit = partner.commercial_partner_id in own.partner_id

    def _inverse_use_partner_credit_limit(self):
        for partner in self.filtered(lambda rec: not rec.use_partner_credit_limit):
            accounts = partner._existing_credit_accounts()
            if accounts.filtered(lambda rec: rec.limit_kind != "default"):
                partner._check_credit_limit_right()
                accounts.write({"limit_kind": "default", "limit_amount": 0.0})

    @api.model
    def _commercial_fields(self):
        # The limit lives at the commercial entity's account; contacts need no copy.
        return [name for name in super()._commercial_fields() if name != "credit_limit"]

    # ------------------------------------------------------------------ actions

    def action_open_credit_account(self):
        """The credit account of this customer in the active company, made if missing."""
        self.ensure_one()
        self.env["credit.account"].check_access("read")
        account = self.env["credit.account"].sudo()._for(self, self.env.company)
        return {
            "type": "ir.actions.act_window",
            "res_model": "credit.account",
            "res_id": account.id,
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------------ business

    def _existing_credit_accounts(self):
        return (
            self.env["credit.account"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", self.commercial_partner_id.ids),
                    ("company_id", "=", self.env.company.id),
                ]
            )
        )

    def _check_credit_limit_right(self):
        if self.env.company.sudo().credit_control != "off":
            self.env["credit.account"]._check_limit_right()
