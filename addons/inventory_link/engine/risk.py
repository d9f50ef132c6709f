"""The delivery risk of an order in points: each cause has its own, the sum gives the level.

======================  ======================================================================
points                  cause
======================  ======================================================================
100                     the promise is already later than what was promised, has no date, or
                        the promised day is over
75                      a purchase should have come before today and hasn't
75 / 20                 a production should have begun before today and hasn't: by more, or
                        fewer, days than it may slip
up to 100               vendors' own records: percent of a vendor's receipts (a year, three at
                        least) that came later by more days than this purchase may; of several
                        purchases the chance that one of them does
up to 100               the same of finished productions of the product, against their plan
20                      the plan asks a document to come earlier
20                      what is to be ordered or started has to be so today, and may not slip
15                      a request isn't confirmed and may slip by three days at most
30                      work centres decide the day
50                      credit may lock the delivery
======================  ======================================================================

From 75 points on the risk is *high*, from 50 on *middle*. Of several documents with the same cause
the worst counts, once. Pure Python, no clock.
"""

HIGH, MIDDLE = 75, 50
LATE, OVERDUE, BEHIND, BEHIND_LITTLE = 100, 75, 75, 20
RECORD, EXPEDITE, DUE, UNCONFIRMED, CAPACITY, CREDIT = 100, 20, 20, 15, 30, 50
#: Receipts or productions from which on a record says something.
KNOWN = 3
#: Days of slack up to which a request that isn't confirmed counts.
SOON = 3
#: Fewer points than this aren't told.
LEAST = 5


class Risk:
    """Causes of one order: ``{code: (points, arguments)}``, the worst of each kind; records of
    several documents are a chance together."""

    def __init__(self):
        self.causes = {}
        self.chances = {}

    def add(self, code, points, **arguments):
        known = self.causes.get(code)
        if points >= LEAST and (known is None or known[0] < points):
            self.causes[code] = points, arguments

    def add_chance(self, code, document, share, **arguments):
        """By its record a document comes too late with this share; the worst one is told."""
        known = self.chances.setdefault(code, {})
        known[document] = max(share, known.get(document, (0,))[0]), arguments
        well = 1.0
        for chance, _arguments in known.values():
            well *= 1.0 - chance
        worst = max(known.values(), key=lambda chance: chance[0])
        self.causes.pop(code, None)
        self.add(code, round(RECORD * (1.0 - well)), **worst[1])

    @property
    def points(self):
        return sum(points for points, _arguments in self.causes.values())

    @property
    def level(self):
        return level(self.points)

    def sorted(self):
        """``[(code, points, arguments)]``, the heaviest first."""
        found = [(code, *cause) for code, cause in self.causes.items()]
        return sorted(found, key=lambda cause: (-cause[1], cause[0]))


def level(points):
    if points >= HIGH:
        return "high"
    return "middle" if points >= MIDDLE else "low"


def judge_line(risk, row, today):
    """A line by its own promise; ``row`` as :func:`risk_reads.open_lines` gives it."""
    line, _order, product, promised, possible, reason = row
    code = (reason or ["none"])[0]
    if not promised:
        return
    if possible is None:
        risk.add("no_date", LATE, product=product, line=line)
    elif promised < today:
        risk.add("overdue", LATE, product=product, line=line, days=(today - promised).days)
    elif possible > promised:
        risk.add("late", LATE, product=product, line=line, days=(possible - promised).days)
    if code == "capacity":
        risk.add("capacity", CAPACITY, product=product)


def judge_purchase(risk, ref, product, slack, purchase, record, today):
    """A purchase that the order waits for, with its vendor's record."""
    order, vendor, planned, confirmed, expedite = purchase
    named = {"product": product, "purchase": order, "vendor": vendor}
    if planned and planned < today:
        days = (today - planned).days
        risk.add("purchase_overdue", OVERDUE, days=days, **named)
    if expedite:
        risk.add("expedite", EXPEDITE, **named)
    if not confirmed and slack is not None and slack <= SOON:
        risk.add("unconfirmed", UNCONFIRMED, days=max(0, slack), **named)
    judge_record(risk, "vendor", ref, slack, record, **named)


def judge_plan(risk, ref, product, slack, plan, record, today):
    """A plan line that the order waits for: not ordered or started yet."""
    day, vendor, action = plan
    named = {"product": product, "vendor": vendor}
    if day and day <= today and slack is not None and slack <= 0:
        risk.add("order_now", DUE, make=action == "make", **named)
    if vendor:
        judge_record(risk, "vendor", -ref, slack, record, purchase=None, **named)


def judge_record(risk, code, document, slack, record, **named):
    """By how often it came later before than this document may now."""
    known = sum((record or {}).values())
    if slack is None or known < KNOWN:
        return
    later = sum(count for days, count in record.items() if days > max(0, slack))
    if later:
        told = {"later": later, "known": known, "days": max(0, slack), **named}
        risk.add_chance(code, document, later / known, **told)
