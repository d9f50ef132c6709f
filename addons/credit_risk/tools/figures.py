from dataclasses import dataclass
from datetime import date

from odoo.tools import float_compare

LIMIT = "LIMIT"
OVERDUE = "OVERDUE"
EXPIRED = "EXPIRED"
REASONS = (LIMIT, OVERDUE, EXPIRED)


@dataclass(frozen=True)
class Figures:
    """What one customer owes one company, in that company's currency, tax included.

    Made by ``figures_sql.account_figures`` alone, so that every reader and every check sees
    the same numbers.
    """

    account_id: int
    receivable: float
    delivered_not_invoiced: float
    open_orders: float
    draft_invoices: float
    exposure: float
    overdue_amount: float
    overdue_days: int
    overdue_blocking: float
    limit: float
    unlimited: bool
    valid_to: date | None
    expired: bool
    overdue_tolerance: float
    decimals: int

    @property
    def available(self):
        """Room under the limit; negative when it is exceeded, 0 when there is no limit."""
        return 0.0 if self.unlimited else round(self.limit - self.exposure, self.decimals)

    @property
    def is_overdue(self):
        """More than the tolerated amount is later than the tolerated days."""
        return self._above(self.overdue_blocking, self.overdue_tolerance)

    def excess(self, added=0.0):
        """Amount by which the exposure plus ``added`` is over the limit, 0 if it isn't."""
        if self.unlimited:
            return 0.0
        return max(0.0, round(self.exposure + added - self.limit, self.decimals))

    def reasons(self, added=0.0):
        """Codes of what speaks against a document that adds ``added``; empty if it may pass.

        A document passes when the exposure with it is at most the limit (equality passes).
        """
        found = [LIMIT] if self.excess(added) else []
        if self.is_overdue:
            found.append(OVERDUE)
        if self.expired and not self.unlimited:
            found.append(EXPIRED)
        return tuple(found)

    def _above(self, amount, bound):
        return float_compare(amount, bound, precision_digits=self.decimals) > 0
