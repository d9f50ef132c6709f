import time

from odoo import api, fields, models
from odoo.tools import format_amount

from ...tools import records, reference

BATCH = 20  # accounts that are checked in one transaction
SECONDS = 600  # how long a night's check may take


class CreditAccount(models.Model):
    _inherit = "credit.account"

    @api.model
    def _cron_self_check(self, seconds=SECONDS):
        """Nightly: compute a slice of the accounts a second time, by the slow reference.

        Those come first that changed since their last check, then those not checked for the
        longest time. It ends after ``seconds``; the next night goes on.
        """
        begin, begun = time.monotonic(), fields.Datetime.now()
        marks = self.env["credit.self.check.mark"].sudo()
        found = {}
        while accounts := marks.sudo()._next_accounts(BATCH, begun):
            drift = accounts.sudo()._self_check()
            marks._set(accounts, fields.Datetime.now())
            for account in accounts:
                found.setdefault(account.sudo().company_id, {})[account] = drift.get(account, {})
            left = self.env["ir.cron"]._commit_progress(len(accounts))
            if left <= 0 or time.monotonic() - begin > seconds:
                break
        for company, checked in found.items():
            self._report_self_check(company, checked, time.monotonic() - begin)

    def _self_check(self):
        """``{account: {part: (figure, reference)}}`` of these accounts that differ."""
        figures = self._figures()
        drift = {}
        for account in self:
            if different := reference.differences(account, figures[account.id]):
                drift[account] = different
        return drift

    @api.model
    def _report_self_check(self, company, checked, seconds):
        """Keep the result; drift is told to the credit managers and stays on record."""
        drift = {account: parts for account, parts in checked.items() if parts}
        sizes = [abs(one - other) for parts in drift.values() for one, other in parts.values()]
        self.env["credit.self.check"].sudo().create(
            {
                "company_id": company.id,
                "account_count": len(checked),
                "drift_count": len(drift),
                "drift_max": max(sizes, default=0.0),
                "account_ids": [fields.Command.set([account.id for account in drift])],
                "drift": "\n".join(
                    f"{account.partner_id.name}: {part} {one:.2f} / {other:.2f}"
                    for account, parts in drift.items()
                    for part, (one, other) in parts.items()
                ),
                "seconds": seconds,
            }
        )
        for account, parts in drift.items():
            account._tell_drift(parts)

    def _tell_drift(self, parts):
        """A decision on record, and one open activity for each credit manager."""
        self.ensure_one()
        self.env["suite.decision"]._record([records.drift_decision(self, parts)])
        managers = self.env.ref("credit_risk.group_credit_manager").all_user_ids
        known = self.activity_ids.filtered(lambda rec: rec.summary and rec.automated).user_id
        managers = managers.filtered(lambda user: user.active and not user.share)
        for user in managers.filtered(lambda user: self.company_id in user.company_ids) - known:
            env = self.with_context(lang=user.lang).env
            note = env._(
                "The figures differ from their recomputation, exposure by %(amount)s. Ask whoever "
                "looks after the system: a figure may be wrong.",
                amount=format_amount(env, self._drift_amount(parts), self.currency_id),
            )
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=env._("Credit figures drift"),
                note=note,
                user_id=user.id,
            )

    @api.model
    def _drift_amount(self, parts):
        one, other = parts.get("exposure") or max(
            parts.values(), key=lambda two: abs(two[0] - two[1])
        )
        return abs(one - other)
