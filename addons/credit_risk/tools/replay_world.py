"""The state of some customers on the way through their past: what the replay knows at a moment.

Amounts are in the company's currency until they go into :class:`tools.figures.Figures`.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from .figures import Figures
from .rules import CONFIRM, DELIVERY, Account, Document, Umbrella


@dataclass
class Line:
    """A line of an order with what was delivered and billed of it so far."""

    price: float
    quantity: float
    delivered: float = 0.0
    invoiced: float = 0.0
    over: bool = False


@dataclass
class Order:
    """An order; it uses credit while it is ``counted`` (asked for and not held)."""

    id: int
    key: int
    asked: object
    rate: float
    total: float
    closed: bool
    due: object
    terms_longer: bool
    really_held: bool
    lines: dict = field(default_factory=dict)
    factor: float = 1.0
    down_payments: float = 0.0
    receivable: float = 0.0
    counted: bool = False
    passed: object = None
    late_amount: float = 0.0
    late_days: int = 0
    _rest: float | None = None

    @property
    def own(self):
        """What it uses of the credit, wherever its value is by now."""
        if self._rest is None:
            self._rest = self._open()
        return self._rest + self.receivable

    @property
    def remaining(self):
        """The part of it that isn't delivered or billed yet."""
        remaining = sum(
            line.price * max(0.0, line.quantity - max(line.delivered, line.invoiced))
            for line in self.lines.values()
            if not line.over
        )
        return max(0.0, self.factor * remaining - self._down()) / self.rate

    def changed(self):
        """A line or the down payments are no longer what they were."""
        self._rest = None

    def _down(self):
        return max(0.0, self.down_payments) * self.rate

    def _open(self):
        delivered = sum(
            line.price * max(0.0, line.delivered - line.invoiced) for line in self.lines.values()
        )
        remaining = self.remaining * self.rate
        gross = self.factor * sum(
            line.price * max(0.0, line.quantity - max(line.delivered, line.invoiced))
            for line in self.lines.values()
            if not line.over
        )
        left = max(0.0, self._down() - gross)
        return (remaining + max(0.0, self.factor * delivered - left)) / self.rate


@dataclass
class Item:
    """An open receivable item; ``shares`` say which orders' goods it is about."""

    id: int
    due: object
    residual: float
    shares: dict
    moment: object
    late_amount: float = 0.0
    late_days: int = 0

    def settle(self, amount, day):
        """Take off what was matched with it; remember what came late."""
        if self.residual > 0 and amount > 0 and day > self.due:
            self.late_amount += amount
            self.late_days = max(self.late_days, (day - self.due).days)
        self.residual -= amount


@dataclass
class Customer:
    """One customer (of one company) with rules, limit and open documents."""

    key: int
    row: dict
    rate: float
    rules: tuple
    horizon_days: int
    limit_at: object
    judged: bool = True
    items: dict = field(default_factory=dict)
    orders: dict = field(default_factory=dict)
    free: float = 0.0
    bills: float = 0.0
    umbrellas: list = field(default_factory=list)
    waiting: list = field(default_factory=list)

    def exposure(self):
        """Unattributed items, bills and all orders that count, in the limit's currency."""
        used = self.free + self.bills
        used += sum(order.own for order in self.orders.values() if order.counted)
        return round(used * self.rate, self.row["decimals"]) + 0.0

    def beyond_horizon(self, today):
        """The part of open orders that is to be delivered later than the horizon."""
        if not self.horizon_days:
            return 0.0
        last = today + timedelta(days=self.horizon_days)
        amount = sum(
            order.remaining for order in self.orders.values() if order.counted and order.due > last
        )
        return round(amount * self.rate, self.row["decimals"])

    def late(self, today):
        """``((days late, amount), …)`` net of credits, which cover the oldest first."""
        credits, items = 0.0, []
        for item in self.items.values():
            amount = item.residual * (1 - self._held_share(item))
            if amount < 0:
                credits += amount
            elif amount > 0 and item.due < today:
                items.append((item.due, item.id, amount))
        found, total, decimals = {}, credits, self.row["decimals"]
        for due, __, amount in sorted(items):
            total += amount
            uncovered = min(amount, total)
            if uncovered > 1e-6:
                days = (today - due).days
                found[days] = found.get(days, 0.0) + uncovered
        return tuple((days, round(amount * self.rate, decimals)) for days, amount in found.items())

    def _held_share(self, item):
        """Part of an item whose goods this replay wouldn't have let go."""
        if not item.shares:
            return 0.0
        return sum(share for key, share in item.shares.items() if not self.orders[key].counted)

    def figures(self, today):
        """What :func:`tools.rules.judge` needs, as of a day."""
        limit, unlimited, parts = self.limit_at(today)
        exposure = self.exposure()
        valid_to = self.row["valid_to"]
        expired = (today - valid_to).days if valid_to and valid_to < today else None
        if any(name == "temporary_set" for name, __ in parts):
            expired = None
        row = self.row
        return Figures(
            account_id=row["account_id"] or 0,
            receivable=0.0,
            delivered_not_invoiced=0.0,
            open_orders=0.0,
            draft_invoices=0.0,
            bills=0.0,
            exposure=exposure,
            beyond_horizon=self.beyond_horizon(today),
            late=self.late(today),
            limit=limit,
            limit_parts=parts,
            unlimited=unlimited,
            valid_to=valid_to,
            days_expired=expired,
            rate=self.rate,
            decimals=row["decimals"],
            account=Account(row["partner_id"], row["group_id"] or 0, row["rating"] or ""),
            rules=self.rules,
            umbrellas=tuple(filter(None, (shared.at(self, today) for shared in self.umbrellas))),
        )

    def order_document(self, order, today):
        """The order as it was asked for."""
        amount = order_amount(order)
        late = self.horizon_days and order.due > today + timedelta(days=self.horizon_days)
        decimals = self.row["decimals"]
        return Document(
            check=CONFIRM,
            added=0.0 if late else round(amount * self.rate, decimals),
            amount=round(order.total / order.rate * self.rate, decimals),
            prepaid=amount <= 0,
            terms_longer=order.terms_longer,
            beyond_horizon=bool(late) and amount > 0,
        )

    def delivery_document(self, order, amount, today):
        """Goods of the order that left."""
        early = 0.0
        if self.horizon_days and order.due > today + timedelta(days=self.horizon_days):
            early = amount
        decimals = self.row["decimals"]
        return Document(
            check=DELIVERY,
            added=round(early * self.rate, decimals),
            amount=round(amount * self.rate, decimals),
            terms_longer=order.terms_longer,
            approved_days=(today - order.passed).days if order.passed else None,
        )


def order_amount(order):
    """What the order as a whole adds when it is confirmed, less its down payments."""
    value = order.factor * sum(line.price * line.quantity for line in order.lines.values())
    return max(0.0, value - max(0.0, order.down_payments) * order.rate) / order.rate


@dataclass
class Shared:
    """A limit that several customers of the replay share."""

    model: str
    id: int
    name: str
    limit_at: object
    decimals: int
    members: list
    rates: dict

    def at(self, customer, today):
        """It as it was that day for one of the members; None when it has no limit."""
        limit, unlimited, __ = self.limit_at(today)
        if unlimited:
            return None
        exposure = sum(member.exposure() * self.rates[member.key] for member in self.members)
        beyond = sum(
            member.beyond_horizon(today) * self.rates[member.key] for member in self.members
        )
        return Umbrella(
            self.model,
            self.id,
            self.name,
            limit,
            round(exposure, self.decimals),
            self.rates[customer.key] or 1.0,
            self.decimals,
            round(beyond, self.decimals),
        )
