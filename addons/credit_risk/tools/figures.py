from dataclasses import dataclass
from datetime import date

from odoo.tools import float_compare, float_round

from .rules import BLOCK, DELIVERY, EXPIRED, LIMIT, OVERDUE, Account, Document, judge

__all__ = ["EXPIRED", "LIMIT", "OVERDUE", "Figures"]


@dataclass(frozen=True)
class Figures:
    """What one customer owes one company, in the currency of his limit, tax included.

    Made by ``figures_sql.account_figures`` alone, so that every reader and every check sees
    the same numbers.

    :param beyond_horizon: part of ``open_orders`` that the policy's horizon leaves out of checks
    :param late: ``((days late, amount), …)`` of overdue items, net of unapplied credits
    :param limit: the effective limit: own, temporary, insured part and deposits
    :param limit_parts: where it comes from, for the explanation
    :param days_expired: days since the limit's last day; None while it is valid
    :param rate: units of the limit's currency for one of the company's
    :param rules: the rules of the account's policy, amounts in the limit's currency
    :param umbrellas: limits that are shared with others
    """

    account_id: int
    receivable: float
    delivered_not_invoiced: float
    open_orders: float
    draft_invoices: float
    bills: float
    exposure: float
    beyond_horizon: float
    late: tuple
    limit: float
    limit_parts: tuple
    unlimited: bool
    valid_to: date | None
    days_expired: int | None
    rate: float
    decimals: int
    account: Account
    rules: tuple = ()
    umbrellas: tuple = ()
    policy_key: str = "standard"
    policy_version: str = "1"
    horizon_days: int = 0

    # ------------------------------------------------------------------ numbers

    @property
    def available(self):
        """Room under the own and the shared limits; negative when exceeded, 0 without limit."""
        rooms = [] if self.unlimited else [self.limit - self.exposure]
        rooms += [(shared.limit - shared.exposure) / shared.rate for shared in self.umbrellas]
        return self.round(min(rooms)) if rooms else 0.0

    @property
    def overdue_amount(self):
        """All that is late, by a day or more."""
        return self.round(sum(amount for __, amount in self.late))

    @property
    def overdue_days(self):
        """How late the oldest of it is."""
        return max((days for days, __ in self.late), default=0)

    def overdue_after(self, days):
        """What is later than this number of days."""
        return self.round(sum(amount for late, amount in self.late if late > days))

    @property
    def overdue_blocking(self):
        """The largest overdue amount that one of the rules counts."""
        days = [rule.days for rule in self.rules if rule.condition == "overdue"]
        return self.overdue_after(min(days)) if days else 0.0

    @property
    def is_overdue(self):
        """A rule blocks for what is overdue, were a delivery due now."""
        return OVERDUE in self.reasons()

    @property
    def expired(self):
        """A rule blocks because the limit's last day and its grace are over."""
        return EXPIRED in self.reasons()

    def excess(self, added=0.0):
        """Amount by which the exposure plus ``added`` is over a limit, 0 if it isn't."""
        over = 0.0 if self.unlimited else self.exposure + added - self.limit
        for shared in self.umbrellas:
            beyond = round(shared.exposure + added * shared.rate - shared.limit, shared.decimals)
            over = max(over, beyond / shared.rate)
        return max(0.0, self.round(over))

    # ------------------------------------------------------------------ judgement

    def judge(self, document):
        """What speaks against the document: :class:`tools.rules.Verdict`."""
        return judge(self, document)

    def reasons(self, added=0.0, check=DELIVERY):
        """Codes of what blocks a plain document that adds ``added`` (for states and searches)."""
        found = self.judge(Document(check=check, added=added, amount=added)).findings
        codes = dict.fromkeys(finding.code for finding in found if finding.effect == BLOCK)
        return tuple(codes)

    # ------------------------------------------------------------------ arithmetic

    def convert(self, amount):
        """An amount of the company's currency in that of the limit."""
        return self.round(amount * self.rate)

    def round(self, amount):
        """Half away from zero, to the limit's currency."""
        return float_round(amount, precision_digits=self.decimals) + 0.0

    def compare(self, one, other):
        return float_compare(one, other, precision_digits=self.decimals)
