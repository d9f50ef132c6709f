"""Lot sizes and the choice of a vendor. All quantities are integers in rounding units."""

from dataclasses import dataclass
from math import lcm

from . import workdays

#: More lots than this of one need are a typing error in the maximum lot, which is then widened.
MOST_LOTS = 1000


@dataclass(slots=True, frozen=True)
class LotRule:
    """How a need becomes orders.

    ``multiple`` and ``max_lot`` are 0 when there is none; ``mode`` is ``ceil`` (a multiple of the
    step) or ``moq_step`` (the minimum plus whole steps).
    """

    multiple: int = 0
    max_lot: int = 0
    mode: str = "ceil"


@dataclass(slots=True, eq=False)
class Agreement:
    """What is left of a purchase agreement for one product; orders of the plan draw it down."""

    requisition: int
    left: int


@dataclass(slots=True, frozen=True, eq=False)
class Offer:
    """One vendor price row, in the product's unit.

    ``price`` is net of discount in ``currency``; ``rate`` turns it into company currency.
    ``landed`` is the factor for freight and duty, ``material`` the company's cost of the
    components that a subcontractor gets for one unit. ``unit`` is the size of one purchase unit
    when the vendor sells whole units only, else 0. Validity dates are day ordinals, 0 when open.
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
    landed: float = 1.0
    material: float = 0.0
    calendar: object = None
    agreement: Agreement | None = None

    def order_day(self, due):
        """The latest day to order."""
        return workdays.back(self.calendar, due, self.delay)

    def arrives(self, today):
        """The day of the goods when ordered today."""
        return workdays.ahead(self.calendar, today, self.delay)

    def is_valid(self, today, due):
        """A price counts on the day the order is placed: latest order date, never before today."""
        day = max(today, self.order_day(due))
        return (not self.valid_from or self.valid_from <= day) and (
            not self.valid_to or day <= self.valid_to
        )

    def landed_cost(self, quantity):
        """What so much costs in company currency, with freight, duty and material sent."""
        return quantity * (self.price * self.rate * self.landed + self.material)


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
    if cap and rule.multiple:
        cap = _whole(cap, minimum, rule)
    if cap and need > cap * MOST_LOTS:
        cap = round_up(-(-need // MOST_LOTS), 0, rule, unit)
    result = []
    while need > 0:
        size = round_up(min(need, cap) if cap else need, minimum, rule, unit)
        result.append(size)
        need -= size
    return tuple(result)


def with_price_break(quantity, rows, rule):
    """A quantity of an open request, or that of a higher price break when it costs less in all."""
    best, best_cost = quantity, _cost(quantity, rows)
    for row in rows:
        more = round_up(row.min_qty, 0, rule, row.unit)
        if more > quantity:
            cost = _cost(more, rows)
            if best_cost is None or (cost, more) < (best_cost, best):
                best, best_cost = more, cost
    return best


def _cost(quantity, rows):
    """Landed cost at the price row that the quantity reaches; ``None`` below all of them."""
    fitting = [row for row in rows if row.min_qty <= quantity]
    if not fitting:
        return None
    row = min(fitting, key=lambda r: (-r.min_qty, r.price, r.sequence, r.row))
    return round(row.landed_cost(quantity), 9)


def _whole(cap, minimum, rule):
    """The largest orderable quantity within a maximum; the maximum itself when there is none."""
    base = minimum if rule.mode == "moq_step" else 0
    return cap - (cap - base) % rule.multiple if cap >= base + rule.multiple else cap


def choose_vendor(offers, need, due, today, rule, surplus=True):
    """The cheapest total among vendors on time; if none is on time, the earliest.

    The total is the landed cost of all that is bought, also what minimum, multiple or a price
    break bring above the need (a break only with ``surplus``). Ties go to the smaller quantity,
    then to the vendor's sequence. An agreement with too little left covers a part; the caller asks
    again for the rest. ``None`` when no price row is valid.
    """
    best, best_rank = None, None
    groups = {}
    for offer in offers:
        if offer.is_valid(today, due):
            groups.setdefault(offer.vendor, []).append(offer)
    for rows in groups.values():
        for offer, lot in _vendor_options(rows, need, rule, surplus):
            total = sum(lot)
            arrival = offer.arrives(today)
            late = arrival > due
            cost = round(offer.landed_cost(total) / min(total, need), 9)
            rank = (late, arrival if late else 0, cost, total, offer.sequence, offer.row)
            if best is None or rank < best_rank:
                best, best_rank = Choice(offer, lot), rank
    return best


def _vendor_options(rows, need, rule, surplus):
    """Price rows of one vendor that apply to the lots they lead to."""
    minimum = min(row.min_qty for row in rows)
    families = {}
    for row in rows:
        families.setdefault((row.delay, row.agreement), []).append(row)
    for (_delay, agreement), same in families.items():
        part = need
        if agreement is not None:
            part = _within(agreement.left, need, minimum, rule, same[0].unit)
        if part <= 0:
            continue
        smallest = max(minimum, min(row.min_qty for row in same))
        breaks = {smallest}
        if surplus:
            breaks |= {row.min_qty for row in same if row.min_qty > max(part, smallest)}
        for least in sorted(breaks):
            lot = sizes(part, least, rule, same[0].unit)
            fitting = [row for row in same if row.min_qty <= min(lot)]
            if agreement is not None and sum(lot) > agreement.left:
                continue
            if fitting:
                yield (
                    min(fitting, key=lambda r: (-r.min_qty, r.price, r.sequence, r.row)),
                    lot,
                )


def _within(left, need, minimum, rule, unit):
    """The part of a need that an agreement can still cover in orderable quantities."""
    if round_up(need, minimum, rule, unit) <= left:
        return need
    step = lcm(rule.multiple, unit) if rule.multiple and unit else (rule.multiple or unit)
    part = left
    if step and rule.mode == "moq_step":
        part = minimum + (left - minimum) // step * step
    elif step:
        part = left // step * step
    return part if part >= minimum else 0
