from odoo import api, models
from odoo.exceptions import ValidationError

from ...tools import policy_records


class ResCompany(models.Model):
    """The policy of customers without one of their own."""

    _inherit = "res.company"

    @api.constrains("credit_policy_id")
    def _check_credit_policy(self):
        """:raise ValidationError: the policy is another company's"""
        for company in self.sudo():
            policy = company.credit_policy_id
            if policy.company_id and policy.company_id != company:
                raise ValidationError(
                    self.env._(
                        "The policy %(policy)s belongs to %(company)s, not to %(other)s.",
                        policy=policy.name,
                        company=policy.company_id.name,
                        other=company.name,
                    )
                )

    def write(self, vals):
        """Another policy is put on record; that it counts at once is ``res.company``'s work."""
        if "credit_policy_id" not in vals:
            return super().write(vals)
        before = {company.id: company.sudo().credit_policy_id for company in self}
        result = super().write(vals)
        for company in self.sudo().filtered(lambda rec: rec.credit_policy_id != before[rec.id]):
            company._record_policy_use(before[company.id])
        return result

    def _record_policy_use(self, old):
        self.ensure_one()
        if self.credit_control == "off":
            return
        self.env["suite.decision"]._record(
            [policy_records.use_decision(self, old, self.credit_policy_id)]
        )
        self.env["suite.ledger.entry"]._append(
            "credit.policy", policy_records.use_entry(self, old, self.credit_policy_id), self
        )
