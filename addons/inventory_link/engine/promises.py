"""When a quotation can be delivered, and why not sooner; after netting, in memory.

First what isn't promised to others (:mod:`available`), then what can be bought or made from today
out of what isn't promised of its components, level by level. Lines asked one after the other don't
get the same goods twice. Days are ordinals, 0 is none; quantities are rounding units.
"""

from dataclasses import dataclass, replace

from . import workdays
from .available import Available
from .lots import LotRule, choose_vendor, sizes

#: Lots of one need that are looked at one by one; the rest comes with the last of them.
MOST_LOTS = 200


@dataclass(slots=True, frozen=True)
class Part:
    """So much on that day (0: never), why not sooner, and the day when open documents that it
    waits for come as early as they can."""

    day: int
    units: int
    reason: tuple
    sooner: int = 0
    document: tuple = ()


class Promiser:
    """Answers for one netted scope; it remembers what was given away."""

    def __init__(self, scope, own=()):
        self.scope = scope
        self.own = own
        self.known = {}
        self.log = []  # what was taken of items and added to them
        self.drawn = []  # what was taken of purchase agreements
        self.here = None  # an item that is thought of as here today

    def ask(self, key, units):
        """The parts in which a need of today can be met, by day; those without a day last."""
        return self._get(key, units, self.scope.warehouses[key[0]].today, frozenset())

    # -- one item -----------------------------------------------------------------------------

    def _available(self, key):
        if key not in self.known:
            today = self.scope.warehouses[key[0]].today
            self.known[key] = Available(self.scope.items[key], today, self.log, self.own)
        return self.known[key]

    def mark(self):
        capacity = self.scope.capacity
        return len(self.log), len(self.drawn), capacity.mark() if capacity else None

    def back_to(self, marks):
        """Give back what was taken since the marks; what that was, for :meth:`again`."""
        taken, drawn, booked = marks
        given = self.log[taken:]
        whole = len(self.drawn) == drawn and not self.scope.capacity
        while len(self.log) > taken:
            self.log.pop().undo()
        while len(self.drawn) > drawn:
            agreement, units = self.drawn.pop()
            agreement.left += units
        if self.scope.capacity:
            self.scope.capacity.back_to(booked)
        return given if whole else None

    def again(self, given):
        """Take once more what was given back; whether that was all of it."""
        if given is None:
            return False
        for act in given:
            act.do()
            self.log.append(act)
        return True

    def _get(self, key, units, today, above):
        """Take what is available; order the rest, unless something under way comes sooner."""
        if key == self.here:
            return [Part(today, units, ("stock", key[1], None), today)]
        available = self._available(key)
        parts = [self._part_of(key, *taken, today) for taken in available.take(units)]
        short = units - sum(part.units for part in parts)
        if short:
            marks = self.mark()
            fresh = self._order(key, short, today, above)
            latest = max((part.day or 10**9 for part in fresh), default=0)
            if available.optional_by(latest):
                self.back_to(marks)
                available.use_optional(latest)
                more = [self._part_of(key, *taken, today) for taken in available.take(short)]
                short -= sum(part.units for part in more)
                fresh = more + (self._order(key, short, today, above) if short else [])
            parts += fresh
        return _merged(parts)

    def _part_of(self, key, day, units, source, today):
        if source is None or source.kind == "stock" or day <= today:
            return Part(day, units, ("stock", key[1], None), day)
        sooner, document = day, ()
        if source.kind in ("purchase", "production", "transfer"):
            document = (source.kind, source.ref)
            sooner = source.earliest or day
            if source.kind == "purchase" and not source.locked:
                sooner = min(sooner, max(today, source.end(today)))
        reason = tuple(source.driver) or (source.kind, key[1], source.ref)
        return Part(day, units, reason, max(sooner, today), document)

    # -- ordering anew --------------------------------------------------------------------------

    def _order(self, key, units, today, above):
        item = self.scope.items[key]
        if item.looped or key in above:
            return [Part(0, units, ("bom_loop", key[1], None))]
        if item.recipe:
            return self._make(item, item.recipe, units, today, above | {key})
        return self._buy(item, units, today, above | {key})

    def _buy(self, item, units, today, above):
        parts, short = [], units
        for _lot in range(MOST_LOTS):
            choice = choose_vendor(item.offers, short, today, today, item.rule, item.surplus)
            if not choice:
                parts.append(Part(0, short, ("no_vendor", item.key[1], None)))
                break
            offer, total = choice.offer, sum(choice.sizes)
            if offer.agreement is not None:
                offer.agreement.left -= total
                self.drawn.append((offer.agreement, total))
            sent = item.subcontract.get(offer.vendor)
            if sent:
                recipe = replace(sent, lead=offer.delay, calendar=offer.calendar)
                new = self._lot(item, recipe, total, min(total, short), today, above)
            else:
                day = offer.arrives(today)
                reason = ("vendor_lead", item.key[1], offer.delay)
                new = [Part(day, min(total, short), reason, day)]
            parts += new
            if total > short and new[-1].day:
                self._available(item.key).add(new[-1].day, total - short, new[-1].reason)
            short -= total
            if short <= 0:
                break
        return parts

    def _make(self, item, recipe, units, today, above):
        rule, cap = item.rule, item.rule.max_lot or recipe.max_lot
        if cap:
            rule = LotRule(rule.multiple, max(cap, recipe.started(1)), rule.mode)
        parts, short = [], units
        lots = list(sizes(recipe.started(units), 0, rule))
        if len(lots) > MOST_LOTS:
            lots = [*lots[: MOST_LOTS - 1], sum(lots[MOST_LOTS - 1 :])]
        for size in lots:
            if short <= 0:
                break
            usable = recipe.usable(size)
            new = self._lot(item, recipe, size, min(usable, short), today, above)
            parts += new
            if usable > short and new[-1].day:
                self._available(item.key).add(new[-1].day, usable - short, new[-1].reason)
            short -= usable
        return parts

    def _lot(self, item, recipe, size, wanted, today, above):
        """One lot: its components, then its own time. It may be begun with a part of them, unless
        its size is bound."""
        curves = []
        for key, units, per in recipe.components:
            if key in self.scope.items:
                needed = -(-size * units // per)
                got = self._component(key, needed, today, above)
                curves.append((got, units, per))
        bound = bool(item.rule.multiple)
        grain = self.scope.scale if wanted % self.scope.scale == 0 else 1
        parts, had = [], 0
        for begin, started, why in _steps(curves, size, today):
            usable = min(recipe.usable(started), wanted)
            if begin and started < size:
                usable = 0 if bound else usable // grain * grain
            elif begin:
                usable = wanted
            if usable > had:
                parts.append(self._made(item, recipe, usable - had, begin, why, today))
                had = usable
        if had < wanted:
            why = next((part.reason for got, _u, _p in curves for part in got if not part.day), ())
            parts.append(Part(0, wanted - had, _through(item.key[1], why)))
        return parts

    def _made(self, item, recipe, units, begin, part, today):
        """What is begun on a day, part of it because ``part`` came last: done when its time is
        over, and when the work centres have had time for it."""
        capacity, product = self.scope.capacity, item.key[1]
        end = workdays.ahead(recipe.calendar, begin, recipe.lead)
        if capacity:
            day, centre = capacity.end(item, recipe, recipe.started(units), begin)
            if day > end:
                return Part(day, units, ("capacity", product, centre), end)
        if part is None or begin <= today:
            code = "make_lead" if item.recipe else "vendor_lead"
            return Part(end, units, (code, product, recipe.lead), end)
        saved = workdays.ahead(recipe.calendar, part.sooner or begin, recipe.lead)
        return Part(end, units, _through(product, part.reason), min(saved, end), part.document)

    def _component(self, key, units, today, above):
        """A component, first what is free of it, then of its substitutes on hand, then new."""
        item = self.scope.items[key]
        if not item.substitutes:
            return self._get(key, units, today, above)
        parts = [
            self._part_of(key, *taken, today)
            for taken in self._available(key).take(units, latest=today)
        ]
        short = units - sum(part.units for part in parts)
        for other, per_unit, per, first, last in item.substitutes:
            if not short or not first <= today <= last or other not in self.scope.items:
                continue
            taken = self._available(other).take(-(-short * per_unit // per), latest=today)
            saved = min(short, sum(part[1] for part in taken) * per // per_unit)
            if saved:
                parts.append(Part(today, saved, ("stock", other[1], None), today))
                short -= saved
        return _merged(parts + (self._get(key, short, today, above) if short else []))


def _steps(curves, size, today):
    """How much of a lot can be begun from when on: ``[(day, size, the part that came last)]``."""
    if not curves:
        return [(today, size, None)]
    days = sorted({part.day for got, _units, _per in curves for part in got if part.day} | {today})
    result = []
    for day in days:
        begun, last = size, None
        for got, units, per in curves:
            here = [part for part in got if part.day and part.day <= day]
            begun = min(begun, sum(part.units for part in here) * per // units)
            for part in here:
                if part.day == day and (last is None or _text(part) < _text(last)):
                    last = part
        if begun and (not result or begun > result[-1][1]):
            result.append((day, begun, last))
    return result


def combine(curves, size, grain, today):
    """The parts of a kit: as much of it as all its parts allow, in whole grains. ``curves`` are
    ``(parts, units for a whole, size of the whole)`` for each."""
    result, had = [], 0
    for day, begun, part in _steps(curves, size, today):
        whole = begun // grain * grain
        if whole == had:
            continue
        result.append(Part(day, whole - had, part.reason if part else ("stock", None, None)))
        if part:
            result[-1] = replace(result[-1], sooner=part.sooner, document=part.document)
        had = whole
    if had < size:
        why = next((part.reason for got, _u, _p in curves for part in got if not part.day), ())
        result.append(Part(0, size - had, why))
    return result


def _text(part):
    return tuple(map(str, part.reason))


def _through(product, reason):
    """The reason of a component, with the product that waits for it in front of the chain."""
    if not reason:
        return reason
    code, root, argument, *via = reason
    return code, root, argument, (product, *(via[0] if via else ()))


def _merged(parts):
    """Parts by day, those without one last; equal days and reasons are one part."""
    result = []
    for part in sorted(parts, key=lambda part: (part.day or 10**9, _text(part))):
        if result and result[-1].day == part.day:
            known = result[-1]
            result[-1] = replace(
                known, units=known.units + part.units, sooner=max(known.sooner, part.sooner)
            )
        else:
            result.append(part)
    return result
