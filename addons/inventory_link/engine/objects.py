"""What netting works on. Quantities are integers in rounding units, days are ordinals.

An item is one product in one warehouse; its key is ``(warehouse_id, product_id)``.
"""

from dataclasses import dataclass, field

from . import workdays
from .lots import LotRule


@dataclass(slots=True, eq=False)
class Demand:
    """Something that takes goods on a day.

    ``wanted`` is the day asked for, ``due`` the same but never before today. ``anchor`` names the
    demand in natural keys and must survive a re-run. ``order`` groups demands of one customer
    order for products planned by order. ``rank``: safety stock -1, confirmed 0, tentative 1,
    quotations behind them. ``claim`` is there when a promise was made: the day that could be had
    then without goods of others, if documents move. Needs take their ``turn`` by it, and leave what
    comes later to those who can wait. ``soft`` needs are reservations of quotations: they take as
    if confirmed, but what is ordered for them is tentative.
    ``instead_of`` is the product that a substitute stands in for, with the
    quantity that it saves there.
    """

    kind: str
    ref: int
    anchor: str
    wanted: int
    due: int
    qty: int
    priority: int = 0
    order: int = 0
    rank: int = 0
    owner: object = None
    purchase: int = 0
    instead_of: int = 0
    instead_qty: int = 0
    takes: list = field(default_factory=list)
    feasible: int = 0
    earliest: int = 0
    driver: tuple = ()
    claim: int = 0
    soft: bool = False

    @property
    def turn(self):
        """The day by which it takes its turn among the needs."""
        return self.claim if self.claim > self.wanted else self.wanted


@dataclass(slots=True, eq=False)
class Supply:
    """Something that gives goods: stock, an open document, or an order of the plan.

    ``size`` is what is ordered or started, ``qty`` what usable goods come of it. ``fixed`` plan
    lines (approved, changed by the planner, or inside the frozen time) are taken as they are, for
    demands from ``since`` on. ``needed`` and ``needed_qty`` are what the demands ask of an open
    document; ``grown`` is what a draft should be raised by,
    for the needs that it ``served`` last time. ``claim`` is the first turn among the needs with
    a promise that it serves: when that is later than it is needed, so is that of its components;
    ``behind`` is what it was for a line that is kept.
    """

    kind: str
    ref: int
    date: int
    qty: int
    size: int = 0
    left: int = 0
    key: str = ""
    anchor: str = ""
    signature: str = ""
    action: str = ""
    start: int = 0
    lead: int = 0
    calendar: object = None
    minimum: int = 0
    unit: int = 0
    done: int = 0
    good: tuple = (1, 1)
    prices: tuple = ()
    since: int = 0
    locked: bool = False
    started: bool = False
    draft: bool = False
    served: frozenset = frozenset()
    fixed: bool = False
    kept: bool = False
    rejected: bool = False
    tentative: bool = False
    order: int = 0
    grown: int = 0
    offer: object = None
    recipe: object = None
    components: list | tuple = ()
    demands: list = field(default_factory=list)
    needed: int = 0
    needed_qty: int = 0
    taken: int = 0
    feasible: int = 0
    earliest: int = 0
    driver: tuple = ()
    claim: int = 0
    behind: int = 0
    soft: bool = False

    @property
    def is_gone(self):
        """An approved line that nothing needs any more."""
        return self.fixed and not self.taken and not self.kept

    def begin(self, day):
        """The day to order or to start for having the goods on ``day``."""
        return workdays.back(self.calendar, day, self.lead)

    def end(self, day):
        """The day of the goods when ordered or started on ``day``."""
        return workdays.ahead(self.calendar, day, self.lead)


@dataclass(slots=True, frozen=True)
class Recipe:
    """How a product is made, kits already flattened.

    ``components`` are ``(item key, numerator, denominator)`` for one unit that is started, scrap
    included; ``good`` is the share of started units that can be used, as a fraction.
    """

    bom: int
    lead: int
    components: tuple
    good: tuple = (1, 1)
    calendar: object = None
    max_lot: int = 0
    cost: float = 0.0

    def started(self, quantity):
        """What to start for this many usable units."""
        usable, total = self.good
        return -(-quantity * total // usable)

    def usable(self, quantity):
        """What comes of this many started units."""
        usable, total = self.good
        return quantity * usable // total


@dataclass(slots=True, eq=False)
class Item:
    """One product in one warehouse with everything netting has to know.

    ``subcontract`` maps a vendor to the recipe of what is sent to him. ``substitutes`` are
    ``(item key, numerator, denominator, first day, last day)`` in order of preference. ``recipes``
    are all bills that a planner may choose from. ``served`` are the needs that drafts of the plan
    serve, by anchor, as they were last planned; ``raised`` how much more they are now.
    """

    key: tuple
    rule: LotRule = field(default_factory=LotRule)
    by_order: bool = False
    bucket: int = 0
    safety: int = 0
    stock: int = 0
    surplus: bool = True
    recipe: Recipe | None = None
    recipes: tuple = ()
    subcontract: dict = field(default_factory=dict)
    substitutes: tuple = ()
    looped: bool = False
    offers: tuple = ()
    demands: list = field(default_factory=list)
    supplies: list = field(default_factory=list)
    orders: list = field(default_factory=list)
    rejected: dict = field(default_factory=dict)
    on_hand: Supply | None = None
    served: dict = field(default_factory=dict)
    raised: dict = field(default_factory=dict)
