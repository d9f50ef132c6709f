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

    def write(self, vals):
        """Another policy counts at once for the members and is put on record."""
        if "policy_id" not in vals:
            return super().write(vals)
        before = {group.id: group.policy_id for group in self}
        result = super().write(vals)
        for group in self.sudo().filtered(lambda rec: rec.policy_id != before[rec.id]):
            group._record_policy_use(before[group.id].sudo())
            accounts = group.account_ids._controlled()
            accounts._bump()
            accounts._reassess(self.env._("Credit policy of the group changed"))
        return result

    def _record_policy_use(self, old):
        self.ensure_one()
        if (self.company_id or self.env.company).credit_control == "off":
            return
        self.env["suite.decision"]._record([policy_records.use_decision(self, old, self.policy_id)])
        self.env["suite.ledger.entry"]._append(
            "credit.policy",
            policy_records.use_entry(self, old, self.policy_id),
            self.company_id or self.env.company,
        )
