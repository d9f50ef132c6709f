"""Everything one run works on."""

from dataclasses import dataclass, field
from datetime import date

from .dates import NEVER, lateness, latest
from .objects import Demand

ON_TIME = 1  # a day before all others


@dataclass(slots=True)
class Warehouse:
    """A planned warehouse, with today in its company's time zone as a day ordinal."""

    id: int
    company: int
    currency: int
    today: int
    security_days: int
    dampener: int
    fence: int = 0
    calendar: int = 0
    holds: bool = False
    probability: int = 0
    keeps: bool = False


@dataclass(slots=True)
class Scope:
    """Everything one run works on. ``products`` maps product id to its planning values.

    ``capacity``, where a company's promises look at its work centres, answers for quotations:
    ``end(item, recipe, size, day)`` books a production of that size (rounding units) whose material
    is there on a day, and tells ``(last day, (work centre that decides, its first free day as text,
    or None when it is free))``; ``mark()`` and
    ``back_to(mark)`` give back what was booked since.
    """

    env: object
    warehouses: dict
    products: dict
    scale: int
    locations: list = field(default_factory=list)
    items: dict = field(default_factory=dict)
    calendars: dict = field(default_factory=dict)
    lines: list = field(default_factory=list)
    kept: dict = field(default_factory=dict)
    outside: list = field(default_factory=list)
    stale: set = field(default_factory=set)
    closure: list | None = None
    plans: dict = field(default_factory=dict)
    loops: list = field(default_factory=list)
    problems: dict = field(default_factory=dict)
    sale_lines: set = field(default_factory=set)
    capacity: object = None

    @property
    def product_ids(self):
        return list(self.products)

    @property
    def stored_products(self):
        """Products whose stored plan this run answers for; ``None`` for all."""
        return self.closure

    @property
    def warehouse_ids(self):
        return list(self.warehouses)

    @property
    def today(self):
        return min((w.today for w in self.warehouses.values()), default=0)

    def units(self, quantity):
        """A float quantity as whole rounding units."""
        return round((quantity or 0.0) * self.scale)

    def quantity(self, units):
        """Rounding units as the float that the database holds."""
        return round(units / self.scale, 6)

    def demand(self, kind, ref, anchor, key, wanted, units, **values):
        """Add a demand of a planned product; others are left to their own rules."""
        item = self.items.get(key)
        if item is None or units <= 0:
            return None
        today = self.warehouses[key[0]].today
        demand = Demand(kind, ref, anchor, wanted, max(wanted, today), units, **values)
        item.demands.append(demand)
        return demand

    def report(self, code, key, argument=None):
        """Note a problem of a product in a warehouse that somebody has to mend."""
        self.problems[code, *key] = argument

    def dismantle(self):
        """Cut the circles between demands and supplies, so that memory is freed at once."""
        for item in self.items.values():
            for demand in item.demands:
                demand.takes = demand.owner = None
        self.items.clear()
        self.plans.clear()
        self.outside.clear()

    def add_outside(self, demand, owner, pegs):
        """Remember what a demand of a product outside the run relied on: its stored pegs as
        ``[[possible on, reason, could be brought forward to], …]``."""
        day, reason = latest([(ordinal(day, 0), known_reason(why)) for day, why, _early in pegs])
        # an earliest day is stored where it is late
        earliest = max(ordinal(early, ON_TIME) if day else NEVER for day, _why, early in pegs)
        self.outside.append((demand, owner, day, reason, earliest))

    def moved_owners(self):
        """Products outside the run to which something has become late, or less late, or for
        another reason, with the stale ones."""
        moved = set()
        for demand, owner, day, reason, earliest in self.outside:
            old, new = lateness(day, demand.due), lateness(demand.feasible, demand.due)
            if (
                old != new
                or (new and reason != tuple(demand.driver))
                or lateness(earliest, demand.due) != lateness(demand.earliest, demand.due)
            ):
                moved.add(owner)
        return moved.difference(self.closure or ()) | self.stale_owners()

    def stale_owners(self):
        """Products outside the run whose stored need can't be right any more."""
        return self.stale.difference(self.closure or ())


def known_reason(stored):
    """A reason as the engine writes it: lists of the database become tuples."""
    return tuple(tuple(part) if isinstance(part, list) else part for part in stored or ())


def ordinal(text, otherwise):
    """An ISO date of a JSON value as a day ordinal."""
    return date.fromisoformat(text).toordinal() if text else otherwise
