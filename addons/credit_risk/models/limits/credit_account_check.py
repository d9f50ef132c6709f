import math

from odoo import api, models
from odoo.api import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...tools.approvals import increase_percent
from ...tools.clearance import is_cleared
from ...tools.limit_records import ACCOUNT_FIELDS

LIMIT_GATE = "credit.account.limit"


class CreditAccount(models.Model):
    """What may be changed by hand where limits are approved by a matrix."""

    _inherit = "credit.account"

    def _needs_request(self):
        """Whether a person's raise of this limit has to be approved first."""
        return (
            self.env.uid != SUPERUSER_ID
            and not (self.ids and is_cleared(self.env.cr, LIMIT_GATE, self.ids))
            and bool(self.env["credit.approval"]._lines("limit", self.sudo().company_id))
        )

    def _check_direct_change(self, vals, reason):
        """:raise AccessError: it raises the limit and needs an approved request
        :raise UserError: it is lowered without a reason"""
        for account in self:
            if not account._needs_request():
                continue
            changed = any(
                account._differs(name, vals[name]) for name in ACCOUNT_FIELDS & vals.keys()
            )
            if account._is_raised(vals):
                account._refuse_raise()
            if changed and not (reason or "").strip():
                raise UserError(self.env._("Give the reason of the change."))

    def _check_new_limit(self):
        """As above, for an account that was just made with a limit of its own or in a group.

        Looked at when it is made, so that no default of the context is missed.
        """
        if self.limit_kind == "default" and not self.group_id:
            return
        plain = {"limit_kind": "default", "group_id": False}
        if self._needs_request() and self._judged_limit({}) > self._judged_limit(plain) + 0.005:
            self._refuse_raise()

    def _refuse_raise(self):
        raise AccessError(
            self.env._(
                "A higher limit of %(customer)s has to be approved. Use “Request a Limit Change”.",
                customer=self.partner_id.display_name,
            )
        )

    def _differs(self, name, value):
        now = self[name].id if self._fields[name].type == "many2one" else self[name]
        if self._fields[name].type == "date":
            value = self._fields[name].convert_to_cache(value, self)
        return (now or False) != (value or False)

    def _is_raised(self, vals):
        """Whether the values raise the limit, let it last longer, or leave a shared one."""
        if self._leaves_shared_limit(vals):
            return True
        before, after = self._judged_limit({}), self._judged_limit(vals)
        return after > before + 0.005 or (after == before and self._is_prolonged(vals))

    def _leaves_shared_limit(self, vals):
        """Whether a limit that is shared now would hold no longer."""
        account = self.sudo()
        return any(
            account[name] and name in vals and self._differs(name, vals[name])
            for name in ("group_id", "parent_id")
        )

    def _is_prolonged(self, vals):
        """Whether the limit's last day is later than before."""
        if "limit_valid_to" not in vals or not self.limit_valid_to:
            return False
        new = self._fields["limit_valid_to"].convert_to_cache(vals["limit_valid_to"], self)
        return not new or new > self.limit_valid_to

    def _judged_limit(self, vals):
        """The limit with these values in the company's currency, without what comes on top.

        The customer's own, else that of its group's members, else the company's default;
        ``math.inf`` for none.
        """
        account = self.sudo()
        company = account.company_id
        currency, group = account.currency_id, account.group_id
        if "currency_id" in vals:
            currency = currency.browse(vals["currency_id"])
        if "group_id" in vals:
            group = group.browse(vals["group_id"])
        group = group.filtered("active")
        chain = (
            (
                vals.get("limit_kind", account.limit_kind),
                vals.get("limit_amount", account.limit_amount),
                currency,
            ),
            (group.member_limit_kind, group.member_limit_amount, group.currency_id),
            (
                company.credit_default_limit_kind,
                company.credit_default_limit,
                company.currency_id,
            ),
        )
        for kind, amount, unit in chain:
            if kind == "unlimited":
                return math.inf
            if kind == "limited":
                return account._in_company_currency(amount or 0.0, unit)
        return math.inf

    def _in_company_currency(self, amount, currency):
        company = self.sudo().company_id
        return currency._convert(
            amount, company.currency_id, company, company._credit_today(), round=False
        )

    # ------------------------------------------------------------------ limit lines

    def _check_line_change(self, before, after):
        """:raise AccessError: a line raises the limit and needs an approved request
        :raise UserError: no reason was given

        :param before, after: values of the line; empty if there is none
        """
        self.ensure_one()
        if not self._needs_request():
            return
        if self._is_line_raising(before, after):
            self._refuse_raise()
        if after and not (after.get("reason") or "").strip():
            raise UserError(self.env._("Give the reason of the change."))

    def _is_line_raising(self, before, after):
        """Whether a line adds more to the limit than before, or for longer."""
        old, new = self._line_part(before), self._line_part(after)
        if new > old + 0.005:
            return True
        if new > 0:
            return not _within(after, before)
        return old < 0 and not _within(before, after)

    def _line_part(self, values):
        """What a line adds to the limit while it counts, in the limit's currency."""
        if not values:
            return 0.0
        amount = values.get("amount") or 0.0
        if values.get("kind") == "temporary_set":
            rate = self._in_company_currency(1.0, self.currency_id) or 1.0
            base = self._judged_limit({})
            return -math.inf if math.isinf(base) else amount - base / rate
        if values.get("kind") == "insured":
            sign = -1 if self.sudo().company_id.credit_insurance_mode == "included" else 1
            return sign * amount * values.get("percent", 100.0) / 100
        return amount

    def _judged_line(self, values):
        """``(limit with the line, percent of increase)``, company currency."""
        base = self._judged_limit({})
        added = self._line_part(values) * (self._in_company_currency(1.0, self.currency_id) or 1.0)
        limit = max(0.0, base + added) if not math.isinf(base) else base
        return limit, increase_percent(base, limit)

    # ------------------------------------------------------------------ search

    @api.model
    def _customers_domain(self, user):
        """The accounts that a user may ask a limit for."""
        if self._asks_for_all(user):
            return Domain.TRUE
        return Domain("partner_id.user_id", "=", user.id)

    @api.model
    def _asks_for_all(self, user):
        groups = (
            "account.group_account_invoice",
            "credit_risk.group_credit_controller",
            "sales_team.group_sale_salesman_all_leads",
        )
        return any(user.has_group(name) for name in groups)


def _within(inner, outer):
    """Whether the days of one line lie within those of the other."""
    starts = str(inner.get("date_from") or ""), str(outer.get("date_from") or "")
    ends = str(inner.get("date_to") or "9999"), str(outer.get("date_to") or "9999")
    return bool(outer) and starts[0] >= starts[1] and ends[0] <= ends[1]
