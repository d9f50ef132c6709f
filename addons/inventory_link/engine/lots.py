"""Lot sizes and the choice of a vendor. All quantities are integers in rounding units."""

from dataclasses import dataclass
from math import lcm


@dataclass(slots=True, frozen=True)
class LotRule:
    """How a need becomes orders.

    ``multiple`` and ``max_lot`` are 0 when there is none; ``mode`` is ``ceil`` (a multiple of the
    step) or ``moq_step`` (the minimum plus whole steps).
    """

    multiple: int = 0
    max_lot: int = 0
    mode: str = "ceil"


@dataclass(slots=True, frozen=True)
class Offer:
    """One vendor price row, in the product's unit.

    ``price`` is net of discount in ``currency``; ``rate`` turns it into company currency.
    ``unit`` is the size of one purchase unit when the vendor sells whole units only, else 0.
    Validity dates are day ordinals, 0 when open.
    """

    row: int
    vendor: int
    min_qty: int
    price: float
    currency: int
    rate: float
    delay: int
    valid_from: int
    valid_to: int
    sequence: int
    unit: int = 0

    def is_valid(self, today, due):
        """A price counts on the day the order is placed: latest order date, never before today."""
        day = max(today, due - self.delay)
        return (not self.valid_from or self.valid_from <= day) and (
            not self.valid_to or day <= self.valid_to
        )


@dataclass(slots=True, frozen=True)
class Choice:
    """The chosen price row and the sizes of the orders to place with it."""

    offer: Offer
    sizes: tuple


def round_up(need, minimum, rule, unit=0):
    """Smallest orderable quantity that covers ``need``."""
    step = lcm(rule.multiple, unit) if rule.multiple and unit else (rule.multiple or unit)
    if need <= minimum and rule.mode == "moq_step":
        return minimum
    if not step:
        return max(need, minimum)
    if rule.mode == "moq_step":
        return minimum - (-(need - minimum) // step) * step
    return -(-max(need, minimum) // step) * step


def sizes(need, minimum, rule, unit=0):
    """Split ``need`` into orders that keep minimum, multiple and maximum lot.

    The maximum is first lowered to a whole multiple; a vendor's minimum above it wins.
    """
    cap = rule.max_lot
    if cap and rule.multiple and cap >= rule.multiple:
        cap -= cap % rule.multiple
    result = []
    while need > 0:
        size = round_up(min(need, cap) if cap else need, minimum, rule, unit)
        result.append(size)
        need -= size
    return tuple(result)


def choose_vendor(offers, need, due, today, rule):
    """The cheapest total among vendors on time; if none is on time, the earliest.

    The total includes what is bought above the need because of minimum and multiple. Ties go to
    the smaller quantity, then to the vendor's sequence. ``None`` when no price row is valid.
    """
    best, best_rank = None, None
    by_vendor = {}
    for offer in offers:
        if offer.is_valid(today, due):
            by_vendor.setdefault(offer.vendor, []).append(offer)
    for rows in by_vendor.values():
        for offer, lot in _vendor_options(rows, need, rule):
            cost = sum(lot) * offer.price * offer.rate
            late = today + offer.delay > due
            rank = (late, offer.delay if late else 0, cost, sum(lot), offer.sequence, offer.row)
            if best is None or rank < best_rank:
                best, best_rank = Choice(offer, lot), rank
    return best


def _vendor_options(rows, need, rule):
    """Price rows of one vendor that apply to the lots they lead to."""
    minimum = min(row.min_qty for row in rows)
    for delay in {row.delay for row in rows}:
        same = [row for row in rows if row.delay == delay]
        lot = sizes(need, max(minimum, min(r.min_qty for r in same)), rule, same[0].unit)
        fitting = [row for row in same if row.min_qty <= min(lot)]
        if fitting:
            yield min(fitting, key=lambda r: (-r.min_qty, r.price, r.sequence, r.row)), lot
