from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# Where the charts of accounts of China have them (the second: large enterprises).
BILL_ACCOUNTS = ("l10n_cn_common_account_1121",)
DISCOUNT_ACCOUNTS = (
    "l10n_cn_account_560301",
    "l10n_cn_account_5603",
    "l10n_cn_large_bis_account_6603",
)


class ResCompany(models.Model):
    _inherit = "res.company"

    credit_bill_journal_id = fields.Many2one(
        "account.journal",
        "Bills Journal",
        check_company=True,
        domain="[('type', '=', 'general')]",
        help="Journal of the entries of bills of exchange. Empty: miscellaneous operations.",
    )
    credit_bill_account_id = fields.Many2one(
        "account.account",
        "Bills Receivable",
        check_company=True,
        domain="[('account_type', '=', 'asset_current'), ('reconcile', '=', True)]",
        help="Bills of exchange that customers gave and that have not been paid yet.",
    )
    credit_discount_account_id = fields.Many2one(
        "account.account",
        "Cost of Discounting",
        check_company=True,
        domain="[('account_type', 'in', ('expense', 'expense_other'))]",
        help="What a bank keeps when it buys a bill before it matures.",
    )

    @api.constrains("credit_bill_account_id")
    def _check_credit_bill_account(self):
        for account in self.sudo().credit_bill_account_id:
            if account.account_type != "asset_current" or not account.reconcile:
                raise ValidationError(
                    self.env._(
                        "The account of bills receivable is a current asset that allows "
                        "reconciliation. Change the account, or choose another one."
                    )
                )

    def _get_credit_bill_account(self):
        """The account of bills receivable; from a chart of China it's taken by itself.

        :raise UserError: none is set or found
        """
        self.ensure_one()
        if not self.credit_bill_account_id:
            account = self._find_chart_account(BILL_ACCOUNTS)
            if not account:
                raise UserError(
                    self.env._(
                        "There is no account for bills of exchange yet. Choose “Bills "
                        "Receivable” in the settings of Credit: a current asset that allows "
                        "reconciliation."
                    )
                )
            if not account.reconcile:
                account.reconcile = True  # the chart has it without
            self.credit_bill_account_id = account
        return self.credit_bill_account_id

    def _get_credit_discount_account(self):
        """The account of what discounting costs.

        :raise UserError: none is set or found
        """
        self.ensure_one()
        if not self.credit_discount_account_id:
            account = self._find_chart_account(DISCOUNT_ACCOUNTS)
            if not account:
                raise UserError(
                    self.env._(
                        "There is no account for what discounting costs. Choose “Cost of "
                        "Discounting” in the settings of Credit: an expense account."
                    )
                )
            self.credit_discount_account_id = account
        return self.credit_discount_account_id

    def _get_credit_bill_journal(self):
        """The journal of bills, else that of miscellaneous operations.

        :raise UserError: the company has no journal of that kind
        """
        self.ensure_one()
        if self.credit_bill_journal_id:
            return self.credit_bill_journal_id
        kept = self.currency_exchange_journal_id | self.tax_cash_basis_journal_id
        journals = self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(self),
                ("type", "=", "general"),
                ("id", "not in", kept.ids),
            ]
        )
        if not journals:
            raise UserError(
                self.env._(
                    "There is no journal for bills of exchange. Make one of type "
                    "“Miscellaneous”, or choose it in the settings of Credit."
                )
            )
        return journals[0]

    def _find_chart_account(self, names):
        """The first of these accounts that the company's chart has."""
        chart = self.env["account.chart.template"].with_company(self)
        for name in names:
            account = chart.ref(name, raise_if_not_found=False)
            if account:
                return account
        return self.env["account.account"]
