from odoo import api, models
from odoo.exceptions import ValidationError

from ...tools import policy_records


class CreditAccount(models.Model):
    """Which policy judges a customer."""

    _inherit = "credit.account"

    @api.constrains("policy_id", "company_id")
    def _check_policy_company(self):
        """:raise ValidationError: the policy is another company's"""
        for account in self.sudo():
            company = account.policy_id.company_id
            if company and company != account.company_id:
                raise ValidationError(
                    self.env._(
                        "The policy %(policy)s belongs to %(company)s, not to %(other)s.",
                        policy=account.policy_id.name,
                        company=company.name,
                        other=account.company_id.name,
                    )
                )

    def action_replay(self):
        """Try another limit for this customer on the orders of the last 12 months."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_risk.credit_replay_action")
        return dict(
            action,
            views=[(False, "form")],
            target="current",
            context={
                "default_what": "limit",
                "default_account_id": self.id,
                "default_company_id": self.company_id.id,
            },
        )

    def _record_policy_use(self, old):
        super()._record_policy_use(old)
        if not self._controlled():
            return
        self.env["suite.decision"]._record([policy_records.use_decision(self, old, self.policy_id)])
        self.env["suite.ledger.entry"]._append(
            "credit.policy", policy_records.use_entry(self, old, self.policy_id), self.company_id
        )
