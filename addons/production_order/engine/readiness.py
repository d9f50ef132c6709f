"""Readiness: who gets which component when, by priority and date, independent of reservations.

All open productions that compete for the same components are looked at in one pass. What is picked
or brought for a production stays its own. The rest of the stock, then what comes, goes to the
productions by (priority, start, id). What comes out of another production comes when that one can
be finished: its components are looked at first, over all levels.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from math import floor

from . import readiness_reads as reads

PRECISION = 1e-6
READY, PARTLY, WAITING, NOT_ORDERED = "ready", "partly", "waiting", "not_ordered"
#: Digits to which a quantity that isn't counted in pieces is cut.
DIGITS = 2


@dataclass(slots=True)
class Line:
    """One component of a production, in its own unit. ``day`` is None when a part never comes."""

    product: int
    needed: float = 0.0
    own: float = 0.0
    now: float = 0.0
    tracked: bool = True
    day: object = None
    #: what is waited for: ``(supply, quantity)``
    waits: list = field(default_factory=list)
    #: productions that took from the stock before: ``(production, quantity)``
    before: tuple = ()

    @property
    def missing(self):
        return max(self.needed - self.own - self.now, 0.0)

    @property
    def short(self):
        return self.missing > PRECISION


@dataclass(slots=True)
class Supply:
    """A quantity that comes."""

    day: object
    left: float
    kind: str
    document: int
    production: int | None


@dataclass(slots=True)
class Pool:
    """What there is, what comes, and who wants it of one product in one place."""

    stock: float = 0.0
    supplies: list = field(default_factory=list)
    wants: list = field(default_factory=list)  # (production, Line), most urgent first


@dataclass(slots=True)
class Production:
    """An open production and what it waits for."""

    id: int
    place: int
    start: object
    end: object
    quantity: float
    whole: bool
    started: bool
    lines: dict = field(default_factory=dict)

    @property
    def kit_rate(self):
        """Share of the component lines that are there in full."""
        if not self.lines:
            return 1.0
        return sum(not line.short for line in self.lines.values()) / len(self.lines)

    @property
    def buildable(self):
        """What can be made now, in the production's unit; whole pieces where it counts pieces."""
        share = min(
            ((line.own + line.now) / line.needed for line in self.lines.values() if line.needed),
            default=1.0,
        )
        made = max(min(share, 1.0) * self.quantity, 0.0)
        if self.whole:
            return float(floor(made + PRECISION))
        return floor(made * 10**DIGITS + PRECISION) / 10**DIGITS

    def ready_on(self, today):
        """The day on which everything is there; None when something isn't ordered."""
        days = [line.day for line in self.lines.values()]
        return None if None in days else max(days, default=today)

    def state(self, today):
        if not any(line.short for line in self.lines.values()):
            return READY
        if self.buildable > PRECISION:
            return PARTLY
        return WAITING if self.ready_on(today) else NOT_ORDERED


def solve(cr, production_ids, today, company_ids=None):
    """Readiness of these open productions (of all when ``None``): ``{id: Production}``, with those
    that compete with them, most urgent first. A handful of statements, whatever the number.

    :param date today: the first day on which anything can be there
    """
    products = None if production_ids is None else reads.products_below(cr, production_ids)
    rows = reads.open_productions(cr, production_ids, products, company_ids)
    productions = {row[0]: Production(*row) for row in rows}
    # of productions that only compete, no more than the common components is read
    needs = reads.component_needs(cr, productions, products)
    own = _brought(reads.brought(cr, [row[0] for row in needs]) if needs else ())
    pools = _pools(productions, needs, own)
    keys = {place for place, _product in pools}
    locations = reads.places(cr, keys) if keys else []
    wanted = sorted({product for _place, product in pools})
    for place, product, quantity in reads.on_hand(cr, wanted, locations) if locations else ():
        if (place, product) in pools:
            pools[place, product].stock += quantity
    for place, product, *values in reads.supplies(cr, wanted, locations) if locations else ():
        if (place, product) in pools:
            pools[place, product].supplies.append(Supply(*values))
    _allocate(productions, pools, today)
    return productions


def _brought(rows):
    """What was brought for each component move; a transfer is given out once."""
    left, result = {}, {}
    for move, transfer, quantity in rows:
        left.setdefault(transfer, max(quantity, 0.0))
        result.setdefault(move, []).append(transfer)
    return left, result


def _pools(productions, needs, own):
    left, transfers = own
    for move, production, product, needed, picked, tracked in needs:
        line = productions[production].lines.setdefault(product, Line(product))
        line.needed += needed
        line.tracked = tracked
        rest = needed - picked
        for transfer in transfers.get(move, ()):
            taken = min(rest, left[transfer])
            left[transfer] -= taken
            rest -= taken
        line.own += needed - rest
    pools = {}
    for production in productions.values():
        for product, line in production.lines.items():
            pools.setdefault((production.place, product), Pool()).wants.append((production, line))
    return pools


def _allocate(productions, pools, today):
    """Each pool after those that its supplies depend on; a loop is cut where it closes."""
    done, open_ = set(), set()
    for key in pools:
        stack = [key]
        while stack:
            top = stack[-1]
            below = () if top in done or top in open_ else _below(productions, pools, top)
            below = [part for part in below if part not in done and part not in open_]
            if below:
                open_.add(top)
                stack += below
                continue
            stack.pop()
            if top not in done:
                _give(productions, pools[top], done, today)
                done.add(top)


def _below(productions, pools, key):
    """Pools of the components of what makes this product."""
    found = []
    for supply in pools[key].supplies:
        maker = productions.get(supply.production)
        for product in maker.lines if maker else ():
            part = maker.place, product
            if part != key and part in pools:
                found.append(part)
    return found


def _give(productions, pool, done, today):
    _date(productions, pool, done, today)
    pool.supplies.sort(key=lambda supply: (supply.day, supply.kind, supply.document or 0))
    free = max(pool.stock - sum(line.own for _mo, line in pool.wants), 0.0)
    takers, first = [], 0
    for production, line in pool.wants:
        rest = max(line.needed - line.own, 0.0)
        line.day = today
        if not line.tracked:
            line.now = rest
            continue
        line.now = min(rest, free)
        free -= line.now
        rest -= line.now
        if rest > PRECISION:
            line.before = tuple(takers)
            first = _wait(line, pool.supplies, first, rest)
        if line.now > PRECISION:
            takers.append((production.id, line.now))


def _date(productions, pool, done, today):
    """The day of each supply: not before today, and for what is made, not before its production can
    be finished. What never can is no supply."""
    dated = []
    for supply in pool.supplies:
        supply.day = max(supply.day, today)
        maker = productions.get(supply.production)
        if maker and all((maker.place, product) in done for product in maker.lines):
            ready = maker.ready_on(today)
            if ready is None:
                continue
            supply.day = max(supply.day, ready)
            if not maker.started:
                first = max(maker.start, ready)
                supply.day = max(supply.day, first + max(maker.end - maker.start, timedelta()))
        dated.append(supply)
    pool.supplies = dated


def _wait(line, supplies, first, rest):
    """Take from what comes; returns the first supply that has something left."""
    for number in range(first, len(supplies)):
        supply = supplies[number]
        taken = min(rest, supply.left)
        if taken > PRECISION:
            supply.left -= taken
            rest -= taken
            line.waits.append((supply, taken))
            line.day = supply.day
        if supply.left <= PRECISION and number == first:
            first += 1
        if rest <= PRECISION:
            return first
    line.day = None
    return first
