from bisect import bisect_left
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..tools import receivables_sql


class ReceivableAgeing(models.AbstractModel):
    """What customers owed on a date, by how late it was."""

    _name = "receivable.ageing"
    _description = "Receivables Ageing"

    @api.model
    @api.readonly
    def at(self, date, limits=(30, 60, 90), partner_ids=None):
        """Ageing of the active company, truthful for a past date.

        An item due on ``date`` isn't late. One that is ``d`` days late belongs to the first
        limit that is at least ``d``; what is later than the last limit is in one more bucket at
        the end, so that "not due" and the buckets always add up to the total. Unapplied
        payments and credit notes are negative and age from their own date.

        :param date: the day to look at; later payments don't count
        :param limits: upper ends of the buckets in days, rising
        :param partner_ids: only these customers (their commercial entities)
        :return: list of ``{"partner_id", "not_due", "buckets", "total"}`` in the company's
            currency, rounded; ``partner_id`` is False for items without a customer
        :raise AccessError: for users without access to accounting
        """
        self._check_reader()
        limits = self._checked_limits(limits)
        currency = self.env.company.currency_id
        rows = defaultdict(lambda: [0.0] * (len(limits) + 2))
        if partner_ids is not None:
            partners = self.env["res.partner"].sudo().browse(partner_ids).exists()
            partner_ids = partners.commercial_partner_id.ids
        date = fields.Date.to_date(date)
        for partner_id, due, residual in receivables_sql.residuals_at(
            self.env, self.env.company.id, date, partner_ids
        ):
            days = (date - due).days
            column = 0 if days <= 0 else bisect_left(limits, days) + 1
            rows[partner_id or False][column] += float(residual)
        result = []
        for partner_id, amounts in rows.items():
            amounts = [currency.round(amount) for amount in amounts]
            if not any(amounts):
                continue
            result.append(
                {
                    "partner_id": partner_id,
                    "not_due": amounts[0],
                    "buckets": amounts[1:],
                    "total": currency.round(sum(amounts)),
                }
            )
        return sorted(result, key=lambda row: (-row["total"], row["partner_id"]))

    @api.model
    def _checked_limits(self, limits):
        limits = [int(limit) for limit in limits]
        if not limits or limits != sorted(set(limits)) or limits[0] < 1:
            raise ValidationError(
                self.env._(
                    "The limits of an ageing must be days that rise, for example 30, 60, 90."
                )
            )
        return limits

    @api.model
    def _check_reader(self):
        groups = ("account.group_account_readonly", "account.group_account_invoice")
        if self.env.su or any(self.env.user.has_group(group) for group in groups):
            return
        raise AccessError(self.env._("Only accounting may see the ageing of receivables."))
