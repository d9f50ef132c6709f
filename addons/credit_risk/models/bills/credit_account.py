from contextlib import contextmanager

from dateutil.relativedelta import relativedelta

from odoo import fields, models

from .credit_bill import RUNNING

# Key in the transaction's own memory: accounts whose documents are just being changed.
IN_STEP = "credit_risk.accounts_in_step"


class CreditAccount(models.Model):
    _inherit = "credit.account"

    returned_payment_count = fields.Integer(
        "Returned Payments",
        compute="_compute_returned_payment_count",
        help="Payments of the last 12 months that bounced.",
    )

    def _compute_returned_payment_count(self):
        for company, accounts in self.grouped("company_id").items():
            counts = dict(
                self.env["account.payment"]
                .sudo()
                ._read_group(
                    accounts._returned_payments_domain(company),
                    ["partner_id"],
                    ["__count"],
                )
            )
            totals = {}
            for partner, count in counts.items():
                key = partner.commercial_partner_id
                totals[key] = totals.get(key, 0) + count
            for account in accounts:
                account.returned_payment_count = totals.get(account.partner_id, 0)

    def _returned_payments_domain(self, company):
        since = company.sudo()._credit_today() - relativedelta(months=12)
        return [
            ("partner_id.commercial_partner_id", "in", self.partner_id.ids),
            ("company_id", "=", company.id),
            ("returned_date", ">=", since),
        ]

    # ------------------------------------------------------------------ actions

    def action_open_bills(self):
        """The bills of exchange that make ``bills``."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_risk.credit_bill_action")
        return dict(
            action,
            domain=[
                ("partner_id.commercial_partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("state", "in", RUNNING),
            ],
            context={},
        )

    def action_open_returned_payments(self):
        """The payments of the last 12 months that bounced."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_account_payments")
        return dict(
            action,
            name=self.env._("Returned Payments"),
            domain=self._returned_payments_domain(self.company_id),
            context={"create": False},
        )

    # ------------------------------------------------------------------ business: events

    @contextmanager
    def _one_event(self, cause, raises=False):
        """Changes that belong together, which raise or lower the exposure only on their way.

        Between the entries of one step the figures are neither those before nor those after:
        nothing is released or locked by them. All of it counts once, when the block is left.
        """
        in_step = self.env.cr.cache.setdefault(IN_STEP, set())
        accounts = self.filtered(lambda account: account.id not in in_step)
        accounts._controlled()._bump()
        in_step.update(accounts.ids)
        try:
            yield
        finally:
            in_step.difference_update(accounts.ids)
        accounts._forget_figures()
        if raises:
            accounts._exposure_raised()
        accounts._exposure_lowered(cause)

    def _outside_steps(self):
        in_step = self.env.cr.cache.get(IN_STEP, ())
        return self.filtered(lambda account: account.id not in in_step)

    def _exposure_raised(self):
        return super(CreditAccount, self._outside_steps())._exposure_raised()

    def _exposure_lowered(self, cause):
        return super(CreditAccount, self._outside_steps())._exposure_lowered(cause)
