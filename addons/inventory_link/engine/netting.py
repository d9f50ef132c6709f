"""Netting over all levels, with a peg for every take. No ORM, no database, no clock.

Quantities are integers in the product's rounding unit, days are ordinals. An item is one product
in one warehouse; its key is ``(warehouse_id, product_id)``. Order never depends on the order of
records: everything is sorted by explicit keys.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import blake2b
from itertools import count

from .dates import date_demand, date_supply, earliest_day
from .lots import LotRule, choose_vendor, round_up, sizes


@dataclass(slots=True, eq=False)
class Demand:
    """Something that takes goods on a day.

    ``wanted`` is the day asked for, ``due`` the same but never before today. ``anchor`` names the
    demand in natural keys and must survive a re-run. ``order`` groups demands of one customer
    order for products planned by order. ``rank`` puts quotations behind every confirmed demand.
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
    takes: list = field(default_factory=list)
    feasible: int = 0
    earliest: int = 0
    driver: tuple = ()

    def sort_key(self):
        return (self.rank, self.wanted, self.priority, self.anchor)


@dataclass(slots=True, eq=False)
class Supply:
    """Something that gives goods: stock, an open document, or an order of the plan.

    ``fixed`` plan lines (approved, or edited by the planner) are taken as they are. ``needed`` and
    ``needed_qty`` are what the demands ask of an open document.
    """

    kind: str
    ref: int
    date: int
    qty: int
    left: int = 0
    key: str = ""
    signature: str = ""
    action: str = ""
    start: int = 0
    lead: int = 0
    minimum: int = 0
    done: int = 0
    locked: bool = False
    started: bool = False
    fixed: bool = False
    edited: bool = False
    rejected: bool = False
    order: int = 0
    offer: object = None
    recipe: object = None
    components: list = field(default_factory=list)
    demands: list = field(default_factory=list)
    needed: int = 0
    needed_qty: int = 0
    taken: int = 0
    feasible: int = 0
    earliest: int = 0
    driver: tuple = ()


@dataclass(slots=True, frozen=True)
class Recipe:
    """How one unit is made: lead time in days and components per unit, kits already flattened."""

    bom: int
    lead: int
    components: tuple  # of (item key, Fraction)


@dataclass(slots=True, eq=False)
class Item:
    """One product in one warehouse with everything netting has to know."""

    key: tuple
    rule: LotRule = field(default_factory=LotRule)
    by_order: bool = False
    bucket: int = 0
    safety: int = 0
    stock: int = 0
    recipe: Recipe | None = None
    looped: bool = False
    offers: tuple = ()
    demands: list = field(default_factory=list)
    supplies: list = field(default_factory=list)
    orders: list = field(default_factory=list)
    rejected: dict = field(default_factory=dict)
    taken_keys: set = field(default_factory=set)


class Plan:
    """One netting run over a set of items; ``run()`` fills orders, takes, dates and messages."""

    def __init__(self, items, today, dampener=0):
        self.items = items
        self.today = today
        self.dampener = dampener
        self.loops = []
        self.levels = []

    def run(self):
        self.levels = self._levels()
        for key in self.levels:
            self._net(self.items[key])
        for key in reversed(self.levels):
            self._date(self.items[key])
        for item in self.items.values():
            for demand in item.demands:
                date_demand(demand)
        return self

    # -- levels -----------------------------------------------------------------------------

    def _edges(self, item):
        keys = {key for key, _ratio in item.recipe.components} if item.recipe else set()
        for supply in item.supplies:
            keys.update(key for key, _qty in supply.components)
        return {key for key in keys if key in self.items}

    def _levels(self):
        """Parents before components (Kahn). Products that contain themselves lose their recipe.

        A loop is kept in ``loops``, and its products keep their demand with that reason, so that
        one bad bill of materials doesn't stop everything else.
        """
        edges = {key: self._edges(item) for key, item in self.items.items()}
        order, rest = self._kahn(edges)
        if rest:
            loop = self._loop_core(edges, rest)
            self.loops = sorted(loop)
            for key in loop:
                item = self.items[key]
                item.looped, item.recipe = True, None
                for supply in item.supplies:
                    supply.components = []
                edges[key] = set()
            order, rest = self._kahn(edges)
        return order

    @staticmethod
    def _kahn(edges):
        incoming = dict.fromkeys(edges, 0)
        for below in edges.values():
            for key in below:
                incoming[key] += 1
        ready = sorted(key for key, count in incoming.items() if not count)
        order = []
        while ready:
            following = []
            for key in ready:
                order.append(key)
                for below in edges[key]:
                    incoming[below] -= 1
                    if not incoming[below]:
                        following.append(below)
            ready = sorted(following)
        return order, {key for key, count in incoming.items() if count}

    @staticmethod
    def _loop_core(edges, rest):
        core = set(rest)
        while True:
            leaves = {key for key in core if not edges[key] & core}
            if not leaves:
                return core
            core -= leaves

    # -- netting ----------------------------------------------------------------------------

    def _net(self, item):
        pool = self._pool(item)
        group = None
        for demand in self._sorted_demands(item):
            if group and not self._fits(item, group, demand):
                self._close(item, group, pool)
                group = None
            short = self._take(item, demand, pool)
            if short:
                group = group or {"due": demand.due, "members": [], "order": demand.order}
                group["members"].append((demand, short))
        if group:
            self._close(item, group, pool)
        for supply in item.supplies:
            self._recommend(item, supply)
            self._explode_open(supply)
        for order in item.orders:
            self._explode(order)

    def _sorted_demands(self, item):
        keep = max(item.safety, 0) + max(-item.stock, 0)
        item.demands.append(Demand("safety", 0, "Z", self.today, self.today, keep, rank=-1))
        item.demands = [demand for demand in item.demands if demand.qty > 0]
        item.demands.sort(key=Demand.sort_key)
        return item.demands

    def _pool(self, item):
        stock = Supply("stock", 0, self.today, max(item.stock, 0))
        stock.feasible = stock.earliest = self.today
        item.supplies.sort(key=lambda s: (s.date, s.kind, s.ref))
        pool = [stock, *item.supplies] if stock.qty else list(item.supplies)
        for supply in pool:
            supply.left = supply.qty
        return pool

    def _fits(self, item, group, demand):
        """Same day goes together; a bucket widens that; by order, only the same order's demand."""
        if item.by_order and group["order"] != demand.order:
            return False
        if demand.kind == "safety" or group["members"][0][0].kind == "safety":
            return False
        return demand.due < group["due"] + max(item.bucket, 1)

    def _take(self, item, demand, pool):
        need = demand.qty
        for supply in pool:
            if not need:
                break
            if not supply.left or (supply.locked and supply.date > demand.due):
                continue
            if item.by_order and supply.order and supply.order != demand.order:
                continue
            quantity = min(need, supply.left)
            self._peg(demand, supply, quantity)
            need -= quantity
        if pool and not pool[0].left:
            pool[:] = [supply for supply in pool if supply.left]
        return need

    @staticmethod
    def _peg(demand, supply, quantity):
        demand.takes.append((supply, quantity))
        supply.left -= quantity
        supply.taken += quantity
        if not supply.needed or demand.due < supply.needed:
            supply.needed = demand.due

    def _close(self, item, group, pool):
        need = sum(short for _demand, short in group["members"])
        first = group["members"][0][0]
        keys = free_keys(item, first.anchor)
        for order in self._orders_for(item, need, group["due"]):
            order.order = group["order"] if item.by_order else 0
            order.key = next(keys)
            order.signature = f"{order.qty}@{first.wanted}"
            order.rejected = item.rejected.get(order.key) == order.signature
            order.left = order.qty
            item.orders.append(order)
            members = []
            for demand, short in group["members"]:
                quantity = min(short, order.left)
                if quantity:
                    self._peg(demand, order, quantity)
                if short > quantity:
                    members.append((demand, short - quantity))
            group["members"] = members
            if order.left:
                pool.append(order)

    def _orders_for(self, item, need, due):
        if item.recipe:
            lead = item.recipe.lead
            return [
                Supply("plan", 0, due, size, action="make", lead=lead, recipe=item.recipe)
                for size in sizes(need, 0, item.rule)
            ]
        choice = choose_vendor(item.offers, need, due, self.today, item.rule)
        if not choice:
            return [
                Supply("plan", 0, due, size, action="buy") for size in sizes(need, 0, item.rule)
            ]
        offer = choice.offer
        return [
            Supply("plan", 0, due, size, action="buy", lead=offer.delay, offer=offer)
            for size in choice.sizes
        ]

    # -- open documents ---------------------------------------------------------------------

    def _recommend(self, item, supply):
        """What the demands would have of an open document: quantity by lot rule, first day."""
        if supply.kind == "plan":
            supply.needed_qty = supply.qty
            return
        supply.needed_qty = min(
            supply.qty, round_up(supply.taken, supply.minimum, item.rule) if supply.taken else 0
        )
        supply.needed = supply.needed or supply.date

    def date_moves(self, supply):
        """``expedite``, ``postpone`` or nothing, after the dampener (days)."""
        now = max(supply.date, self.today)
        if supply.locked or not supply.needed_qty:
            return ""
        if supply.needed < now:
            return "expedite"
        return "postpone" if supply.needed > now + self.dampener else ""

    def _explode_open(self, supply):
        """Component demand of an open or approved production at its recommended state.

        Using the recommendation, not the document as it stands, makes the messages of the
        components right in the same run.
        """
        if supply.kind == "plan":
            if supply.recipe and (supply.taken or supply.edited):
                self._explode(supply)
            return
        shift = 0
        if not supply.started and self.date_moves(supply):
            shift = supply.needed - supply.date
        start = supply.start + shift
        for key, quantity in supply.components:
            if not supply.started and supply.qty:
                quantity = -(-quantity * supply.needed_qty // supply.qty)
            self._demand_component(
                supply, key, "production", supply.ref, f"O{supply.ref}", start, quantity
            )

    def _explode(self, order):
        if not order.recipe or order.rejected:
            return
        start = order.date - order.lead
        for key, ratio in order.recipe.components:
            quantity = ceil_units(order.qty, ratio)
            self._demand_component(order, key, "plan", order.ref, f"P{order.key}", start, quantity)

    def _demand_component(self, owner, key, kind, ref, anchor, start, quantity):
        if key not in self.items or quantity <= 0:
            return
        due = max(start, self.today)
        demand = Demand(kind, ref, anchor, start, due, quantity, order=owner.order, owner=owner)
        owner.demands.append(demand)
        self.items[key].demands.append(demand)

    # -- dates ------------------------------------------------------------------------------

    def _date(self, item):
        for supply in [*item.supplies, *item.orders]:
            for demand in supply.demands:
                date_demand(demand)
            date_supply(supply, item.key[1], self.today, item.looped)
            supply.earliest = earliest_day(supply, self.today)


def free_keys(item, anchor):
    """Natural keys for the lots that start with this demand, those of kept lines left out."""
    for number in count():
        key = natural_key(item.key, anchor, number)
        if key not in item.taken_keys:
            yield key


def natural_key(item_key, anchor, number):
    """Identity of a plan line over re-runs: item, first demand it serves, part of a split lot."""
    text = f"{item_key[0]}:{item_key[1]}:{anchor}:{number}"
    return blake2b(text.encode(), digest_size=12).hexdigest()


def ceil_units(quantity, ratio):
    """``quantity × ratio`` rounded up to a whole rounding unit."""
    product = Fraction(quantity) * ratio
    return -(-product.numerator // product.denominator)
