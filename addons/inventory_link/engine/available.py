"""What of a product isn't promised yet, by day: look-ahead available to promise.

Available on a day is the lowest balance from that day on: what is there and comes, less what
others take, each of them as late as his goods may leave. So a quotation may have goods that lie
here for a need of next month when another receipt comes in time for that, and never those without
which somebody would get his later.
"""

from bisect import bisect_right
from dataclasses import dataclass

from .netting import TENTATIVE
from .objects import Supply


@dataclass(slots=True, eq=False)
class Act:
    """Something taken from an item (units below zero) or added to it, also an optional supply."""

    available: object
    day: int
    units: int
    supply: object = None
    is_optional: bool = False

    def do(self):
        self.available.change(self.day, self.units, self.supply)
        if self.is_optional:
            self.available.optional.remove(self.supply)

    def undo(self):
        self.available.change(self.day, -self.units)
        if self.supply is not None:
            self.available.sources[self.day].remove((self.units, self.supply))
        if self.is_optional:
            self.available.optional.append(self.supply)


class Available:
    """The balance of one item over time. What is taken stands in ``log``.

    ``optional`` are supplies whose rest only counts where nothing new comes sooner: proposed
    orders, which the plan would order earlier, and documents that can't be moved. Needs in ``own``
    (see :func:`own_needs`) take nothing from whoever asks.
    """

    def __init__(self, item, today, log, own=()):
        self.today = today
        self.events, self.sources, self.log = {}, {}, log
        self.optional = []
        if item.on_hand is not None:
            self._add_supply(item, item.on_hand, item.stock)
        for supply in item.supplies:
            if not supply.is_gone:
                self._add_supply(item, supply, supply.qty + supply.grown)
        for order in item.orders:
            if not order.rejected:
                self._add_supply(item, order, order.qty)
        for demand in item.demands:
            if id(demand) not in own:
                self._add_takes(item, demand)
        self._steps = None

    def _add_supply(self, item, supply, units):
        if _is_apart(item, supply):
            return
        if supply.left > 0 and (supply.locked or supply.kind == "plan" and not supply.fixed):
            self.optional.append(supply)
            units -= supply.left
        self.change(max(supply.feasible, self.today), units, supply)

    def _add_takes(self, item, demand):
        for supply, units in demand.takes:
            if not _is_apart(item, supply):
                self.change(max(demand.due, supply.feasible), -units)

    def change(self, day, units, source=None):
        """More or less from that day on; ``source`` is what brings it."""
        self.events[day] = self.events.get(day, 0) + units
        if source is not None and units > 0:
            self.sources.setdefault(day, []).append((units, source))
        self._steps = None

    # -- taking -----------------------------------------------------------------------------

    def steps(self):
        """``[(day, available from then on)]``, rising."""
        if self._steps is None:
            balance, run = [], 0
            for day in sorted(self.events):
                run += self.events[day]
                balance.append((day, run))
            lowest, steps = run, []
            for day, amount in reversed(balance):
                lowest = min(lowest, amount)
                steps.append((day, max(lowest, 0)))
            steps.reverse()
            self._steps = steps
        return self._steps

    def take(self, units, latest=None):
        """Take what is available, the earliest first: ``[(day, units, source)]``.

        :param int latest: take nothing that comes after that day
        """
        result, had = [], 0
        for day, amount in self.steps():
            if latest is not None and day > latest:
                break
            part = min(units, amount) - had
            if part > 0:
                result.append((max(day, self.today), part, self._source(day)))
                had += part
        for day, part, _source in result:
            self._note(day, -part)
        return result

    def add(self, day, units, reason):
        """Something that was ordered for a quotation leaves a rest for the next."""
        rest = Supply("plan", 0, day, units, driver=reason, feasible=day, earliest=day)
        self._note(day, units, rest)

    def optional_by(self, latest):
        """Optional supplies that come by that day."""
        return [s for s in self.optional if max(s.feasible, self.today) <= latest]

    def use_optional(self, latest):
        """Count the rests of optional supplies that come by that day."""
        for supply in self.optional_by(latest):
            self._note(max(supply.feasible, self.today), supply.left, supply, True)

    def _note(self, day, units, supply=None, is_optional=False):
        act = Act(self, day, units, supply, is_optional)
        act.do()
        self.log.append(act)

    def _source(self, day):
        """What brings the goods of a day: of several, the largest."""
        known = self.sources.get(day)
        if not known:
            days = sorted(self.sources)
            position = bisect_right(days, day)
            known = self.sources[days[position - 1]] if position else ()
        if not known:
            return None
        return max(known, key=lambda pair: (pair[0], pair[1].kind, pair[1].ref))[1]


def _is_apart(item, supply):
    """Supplies that a quotation can't have: without a day, of another order, for an order that
    isn't confirmed."""
    if not supply.feasible or (supply.tentative and not supply.fixed):
        return True
    return bool(item.by_order and supply.order)


def own_needs(scope, sale_lines):
    """Needs of these lines that are reserved or planned as tentative, with those of components
    that are ordered for them alone: the ids of the objects."""
    own = set()
    if not any(
        demand.ref in sale_lines for item in scope.items.values() for demand in _tentative(item)
    ):
        return own
    for plan in scope.plans.values():
        for key in plan.levels:
            item, mixed, orders = scope.items[key], set(), {}
            for demand in _tentative(item):
                mine = id(demand) in own or (demand.kind == "sale" and demand.ref in sale_lines)
                if mine:
                    own.add(id(demand))
                for supply, _units in demand.takes:
                    orders[id(supply)] = supply
                    if not mine:
                        mixed.add(id(supply))
            for number, supply in orders.items():
                if supply.tentative and number not in mixed:
                    own.update(map(id, supply.demands))
    return own


def _tentative(item):
    return [d for d in item.demands if d.soft or d.rank == TENTATIVE]
