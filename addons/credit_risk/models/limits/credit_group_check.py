import math

from odoo import models
from odoo.api import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError

from ...tools.approvals import increase_percent


class CreditGroup(models.Model):
    """Who may change a shared limit where limits are approved by a matrix."""

    _inherit = "credit.group"

    def _check_shared_change(self, vals, reason=""):
        """:raise AccessError: a limit is raised beyond what the user may decide
        :raise UserError: a limit is changed without a reason"""
        if self.env.uid == SUPERUSER_ID:
            return
        companies = self.company_id or self._all_members().company_id or self.env.company
        for company in companies:
            if not self.env["credit.approval"]._lines("limit", company):
                continue
            self._check_raise(company, vals)
            if self and self._is_limit_changed(vals) and not (reason or "").strip():
                raise UserError(self.env._("Give the reason of the change."))

    def _check_raise(self, company, vals):
        for part in ("", "member_"):
            old, new = self._judged(part, {}, company), self._judged(part, vals, company)
            if new <= old + 0.005:
                continue
            percent = increase_percent(old, new)
            if not self.env["credit.approval"]._may("limit", company, new, percent, self.env.user):
                needed = self.env["credit.approval"]._needed_group("limit", company, new, percent)
                raise AccessError(
                    self.env._(
                        "A limit this high can only be given by %(group)s.",
                        group=needed.display_name,
                    )
                )

    def _is_limit_changed(self, vals):
        names = ("limit_kind", "limit_amount", "member_limit_kind", "member_limit_amount")
        return any(name in vals and vals[name] != self[name] for name in (*names, "active"))

    def _judged(self, part, vals, company):
        """The shared limit (or with ``member_`` that of each member), company currency."""

        def value(name):
            if name in vals:
                return vals[name]
            return self[name] if self else self.default_get([name]).get(name)

        kind, amount = value(f"{part}limit_kind"), value(f"{part}limit_amount") or 0.0
        active = vals.get("active", self.active if self else True)
        if not part and (not active or (not self and not vals)):
            return math.inf
        if part and (not active or (not self and not vals)):
            kind = "default"
        if kind == "default":
            kind, amount = company.credit_default_limit_kind, company.credit_default_limit
            currency = company.currency_id
        else:
            currency = self.env["res.currency"].browse(
                vals.get("currency_id") or self.currency_id.id or company.currency_id.id
            )
        if kind == "unlimited":
            return math.inf
        return currency._convert(
            amount, company.currency_id, company, company._credit_today(), round=False
        )
