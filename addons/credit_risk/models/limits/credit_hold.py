from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...tools.approvals import over_percent


class CreditHold(models.Model):
    """Who may decide about a hold: the company's approval matrix, and never the one involved."""

    _inherit = "credit.hold"

    @api.depends_context("uid")
    @api.depends("state")
    def _compute_can_decide(self):
        waiting = self.filtered(
            lambda hold: hold.state == "open" and self.env.user not in hold._involved_users()
        )
        allowed = waiting._filtered_by_matrix()
        for hold in self:
            hold.can_decide = hold in allowed

    def _check_decision(self, reason, decision="release"):
        """Whether the current user may decide these holds; the cleaned reason."""
        self._check_deciding_right(decision)
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Give the reason."))
        for hold in self:
            if hold.state != "open":
                raise UserError(
                    self.env._("%(document)s has been decided already.", document=hold.name)
                )
            if self.env.user in hold._involved_users():
                raise UserError(
                    self.env._(
                        "%(document)s is your own; somebody else has to decide (four eyes).",
                        document=hold.name,
                    )
                )
        if decision == "release":
            self._check_matrix()
        return reason

    def _check_deciding_right(self, decision):
        """:raise AccessError: for those who decide about no hold of the company"""
        if decision == "reject" and self.env.user.has_group("credit_risk.group_credit_controller"):
            return
        approvals = self.env["credit.approval"]
        for company in self.sudo().company_id or self.env.company:
            if not approvals._may_ever("release", company, self.env.user):
                raise AccessError(self.env._("Only credit controllers may decide about a hold."))
        self.check_access("read")

    def _check_matrix(self):
        """:raise AccessError: the matrix asks for somebody else"""
        for hold, (amount, percent) in self._approval_sizes().items():
            company = hold.sudo().company_id
            approvals = self.env["credit.approval"]
            if not approvals._may("release", company, amount, percent, self.env.user):
                needed = approvals._needed_group("release", company, amount, percent)
                raise AccessError(
                    self.env._(
                        "%(document)s has to be decided by %(group)s.",
                        document=hold.name,
                        group=needed.display_name,
                    )
                )

    def _filtered_by_matrix(self):
        """Those of these holds that the current user may release."""
        approvals, user = self.env["credit.approval"], self.env.user
        sizes = self._approval_sizes()
        return self.filtered(
            lambda hold: approvals._may("release", hold.sudo().company_id, *sizes[hold], user)
        )

    def _approval_sizes(self):
        """``{hold: (amount in the company's currency, percent over the limits)}`` as of now."""
        figures = self.sudo().account_id._figures()
        sizes = {}
        for hold in self:
            found = figures[hold.sudo().account_id.id]
            __, verdict = hold.sudo()._judge(found)
            sizes[hold] = (hold.sudo()._current_amount(), over_percent(found, verdict))
        return sizes
