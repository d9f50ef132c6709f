"""The answer to “when?” for one quoted line, of one product or of the parts of a kit."""

from dataclasses import dataclass

from .available import own_needs
from .promises import Part, Promiser, combine

#: What a promise waits for that somebody could bring sooner.
WAITING = ("vendor_lead", "purchase", "production", "transfer", "no_vendor")


@dataclass(slots=True, frozen=True)
class Answer:
    """``shares`` are ``(part of the line, day or 0)`` by day; ``sooner`` are ``(day, reason)``;
    ``claim`` is the day on which all could leave if open documents come as early as they can."""

    shares: tuple
    reason: tuple
    sooner: tuple
    claim: int

    @property
    def reasons(self):
        """All that is told, the reason first."""
        return [list(self.reason), *(list(reason) for _day, reason in self.sooner)]


class Answers:
    """Answers lines one after the other; none gets what an earlier one has got."""

    def __init__(self, scope, own=()):
        """:param own: sale lines that ask: what is reserved or planned for them is theirs"""
        self.scope = scope
        self.promiser = Promiser(scope, own_needs(scope, set(own)))
        self.size = 0

    def ask(self, goods, kits=0):
        """:param goods: ``[(item key, quantity)]``, for a kit all of its parts
        :param kits: how many kits that is, to be split in whole ones when it is whole

        :return: an :class:`Answer`, ``None`` when a part isn't planned or nothing is asked for
        """
        wanted = [(key, self.scope.units(part)) for key, part in goods]
        self.size = self.scope.units(kits)
        wanted = [(key, units) for key, units in wanted if units > 0]
        if not wanted or any(key not in self.scope.items for key, _units in wanted):
            return None
        warehouse = self.scope.warehouses[wanted[0][0][0]]
        marks = self.promiser.mark()
        parts = self._parts(wanted, warehouse.today)
        sooner = self._sooner(wanted, parts, marks, warehouse)
        total = sum(part.units for part in parts)
        return Answer(
            tuple((part.units / total, self._day(part.day, warehouse)) for part in parts),
            _last(parts).reason or ("stock", None, None),
            tuple((self._day(day, warehouse), reason) for day, reason in sooner),
            max(part.sooner or part.day for part in parts) if all(p.day for p in parts) else 0,
        )

    @staticmethod
    def _day(day, warehouse):
        return day and day + warehouse.security_days

    def _parts(self, wanted, today):
        asked = [(self.promiser.ask(key, units), units) for key, units in wanted]
        if not self.size:
            return asked[0][0]
        size, scale = self.size, self.scope.scale
        curves = [(parts, units, size) for parts, units in asked]
        return combine(curves, size, 1 if size % scale else scale, today)

    def _sooner(self, wanted, parts, marks, warehouse):
        """What would bring the last part forward: documents that can come sooner, or the goods that
        everything waits for."""
        last = _last(parts)
        result = []
        if last.day and last.document and last.sooner < last.day:
            day = max((part.sooner or part.day) for part in parts)
            kind, number = last.document
            result.append((day, (f"sooner_{kind}", last.reason[1], number)))
        if last.reason and last.reason[0] == "capacity" and last.sooner < last.day:
            result.append((last.sooner, ("sooner_capacity", *last.reason[1:3])))
        key = warehouse.id, last.reason[1] if len(last.reason) > 1 else 0
        if last.reason and last.reason[0] in WAITING and key in self.scope.items:
            day = self._day_with(key, wanted, marks, warehouse)
            if day and (not last.day or day < last.day):
                result.append((day, ("sooner_goods", key[1], None)))
        return sorted(result, key=lambda pair: pair[0])

    def _day_with(self, key, wanted, marks, warehouse):
        """The day when that product is here today; what was given away before stays so."""
        given = self.promiser.back_to(marks)
        self.promiser.here = key
        parts = self._parts(wanted, warehouse.today)
        self.promiser.here = None
        self.promiser.back_to(marks)
        if not self.promiser.again(given):
            self._parts(wanted, warehouse.today)
        return 0 if any(not part.day for part in parts) else max(part.day for part in parts)


def _last(parts):
    """The part that decides: one that never comes, else the last."""
    return max(parts, key=lambda part: part.day or 10**9) if parts else Part(0, 0, ())
