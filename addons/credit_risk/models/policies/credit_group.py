from odoo import api, models
from odoo.exceptions import ValidationError

from ...tools import policy_records


class CreditGroup(models.Model):
    """Which policy judges the members of a group."""

    _inherit = "credit.group"

    @api.constrains("policy_id", "company_id")
    def _check_policy_company(self):
        """:raise ValidationError: the policy is another company's"""
        for group in self.sudo():
            company = group.policy_id.company_id
            if company and company != group.company_id:
                raise ValidationError(
                    self.env._(
                        "The policy %(policy)s belongs to %(company)s. Choose one of the group's "
                        "company, or one for all companies.",
                        policy=group.policy_id.name,
                        company=company.name,
                    )
                )

    def _record_policy_use(self, old):
        """Put another policy on record, in each company where credit is controlled."""
        super()._record_policy_use(old)
        companies = self._controlling_companies()
        if not companies:
            return
        self.env["suite.decision"]._record([policy_records.use_decision(self, old, self.policy_id)])
        entry = policy_records.use_entry(self, old, self.policy_id)
        for company in companies:
            self.env["suite.ledger.entry"]._append("credit.policy", entry, company)
