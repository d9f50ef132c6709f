"""Finite loading of work centres by day buckets. Minutes are integers, days are ordinals: nothing
depends on the order of records. Hours are hours on the clock, as in Odoo's work orders: their
duration holds the efficiency of the work centre already.
"""

from dataclasses import dataclass, field

DAY = 24 * 60
#: Beyond the last day that is laid out, its days repeat with this step.
CYCLE = 28


class Centre:
    """A work centre: the minutes it works on each day, and those that are taken.

    :param dict minutes: open minutes by day, for all days from ``first`` to ``last``; later days
        repeat the last four weeks. A centre that never works would never finish anything: it
        counts as open all day.

    ``unsure`` are those of the taken minutes that tentative jobs take.
    """

    __slots__ = ("first", "id", "last", "later", "minutes", "sooner", "unsure", "used")

    def __init__(self, number, minutes, first, last):
        if not any(minutes.values()):
            minutes = dict.fromkeys(range(first, last + 1), DAY)
        elif not any(minutes.get(day) for day in range(last - CYCLE + 1, last + 1)):
            last = max(day for day, open_ in minutes.items() if open_)  # closed from then on
        self.id, self.minutes, self.first, self.last = number, minutes, first, last
        self.used, self.unsure, self.later, self.sooner = {}, {}, {}, {}

    def open(self, day):
        """Minutes that the centre works on a day."""
        if day > self.last:
            day = self.last - (self.last - day) % CYCLE
        return self.minutes.get(day, 0)

    def free(self, day):
        """Minutes that nothing has taken yet."""
        return self.open(day) - self.used.get(day, 0)

    def take(self, day, minutes):
        self.used[day] = self.used.get(day, 0) + minutes

    def give_back(self, day, minutes):
        self.used[day] -= minutes
        self.later.clear()
        self.sooner.clear()

    def ahead(self, day):
        """The first day from this one on with free minutes."""
        return self._find(day, 1, self.later, None)

    def back(self, day, floor):
        """The last day up to this one with free minutes; below ``floor`` when there is none."""
        return self._find(day, -1, self.sooner, floor)

    def _find(self, day, step, jumps, floor):
        """Full days stay full: each search leaves a shorter way for the next one."""
        passed = []
        while floor is None or day >= floor:
            following = jumps.get(day)
            if following is None:
                if self.free(day) > 0:
                    break
                following = day + step
            passed.append(day)
            day = following
        for other in passed:
            jumps[other] = day
        return day


@dataclass(slots=True)
class Operation:
    """Work at one centre, with the days on which it is done once it is placed."""

    centre: int
    minutes: int
    ref: int = 0
    name: str = ""
    start: int = 0
    end: int = 0
    wait: int = 0
    free: int = 0

    @property
    def full(self):
        """The first free day of the centre that it had to wait for, else 0."""
        return self.free if self.wait else 0


@dataclass(slots=True, eq=False)
class Job:
    """A production, or a line of the plan: ``start`` and ``due`` are its days by the plan.

    ``material`` is the day when its components are there, ``after`` the jobs that make some of
    them: ``(key of the job, day by the plan)``. ``finish`` is the day by capacity, never before
    the plan's. ``cause`` tells of the job that delays: ``(work centre, its first free day)``, 0
    when it is free and the work takes long; ``via`` are the jobs that wait, this one first, the
    one that delays last.
    """

    key: tuple
    start: int
    due: int
    lead: int = 0
    rank: tuple = (0,)
    operations: list = field(default_factory=list)
    material: int = 0
    after: list = field(default_factory=list)
    passing: bool = False
    finish: int = 0
    begin: int = 0
    cause: tuple = ()
    via: tuple = ()
    data: dict = field(default_factory=dict)

    @property
    def sort_key(self):
        return (*self.rank, self.due, self.key)


class Loading:
    """Places jobs one after the other: the most urgent first, components before their users.

    :param dict centres: id → :class:`Centre`
    :param ahead: ``ahead(day, lead)``, the day that lies so many working days after a day
    """

    def __init__(self, centres, today, ahead):
        self.centres, self.today, self.days_ahead = centres, today, ahead
        self.taken = []
        self.wanted = {number: {} for number in centres}

    def run(self, jobs):
        """Place all jobs; ``wanted`` then holds what the plan asks of each centre and day by kind
        of job, whatever there is room for."""
        known = {job.key: job for job in jobs}
        for job in sorted(jobs, key=lambda job: job.sort_key):
            self._place_with_components(job, known)
            self._want(job)
        return self

    def _place_with_components(self, first, known):
        """Depth first without recursion; a circle of jobs is cut where it closes."""
        stack = [(first, False)]
        entered = set()
        while stack:
            job, ready = stack.pop()
            if job.finish:
                continue
            if ready:
                mark = len(self.taken)
                self._place(job, known)
                self._note_unsure(job, mark)
            elif job.key not in entered:
                entered.add(job.key)
                stack.append((job, True))
                below = [known[key] for key, _day in job.after if key in known]
                below.sort(key=lambda part: part.sort_key, reverse=True)
                stack += [(part, False) for part in below if not part.finish]

    def _note_unsure(self, job, mark):
        """Who asks for a promise doesn't wait for what nobody has ordered yet."""
        if job.data.get("kind") != "tentative":
            return
        for centre, day, part in self.taken[mark:]:
            centre.unsure[day] = centre.unsure.get(day, 0) + part

    # -- one job --------------------------------------------------------------------------------

    def _place(self, job, known):
        floor, late, waited = max(self.today, job.material), 0, None
        for key, planned in job.after:
            part = known.get(key)
            if part is None or not part.finish:
                continue
            floor = max(floor, part.finish)
            delay = part.finish - max(planned, part.due)
            if delay > 0 and self._is_worse(part, waited):
                waited = part
            late = max(late, delay)
        job.finish = job.due
        if job.passing:
            job.finish, job.begin = job.due + late, job.start
            self._blame(job, waited, None)
            return
        by_lead = self.days_ahead(floor, job.lead) if waited and floor > job.start else 0
        slowest = None
        if not job.operations:
            job.begin = max(job.start, floor) if by_lead > job.due else job.start
        elif not self._backward(job, floor):
            slowest = self.forward(job, floor)
        last = job.operations[-1].end if job.operations else 0
        job.finish = max(job.due, last, by_lead)
        if job.finish > job.due:
            self._blame(job, waited if by_lead >= last or not slowest else None, slowest)
            if not job.cause:
                self._blame(job, waited, None)

    @staticmethod
    def _is_worse(part, other):
        return other is None or (-part.finish, part.key) < (-other.finish, other.key)

    def _blame(self, job, waited, slowest):
        """Whose work centre it is: that of the component waited for, else the own slowest."""
        if waited is not None and waited.cause:
            job.cause, job.via = waited.cause, (job.key, *waited.via)
        elif slowest is not None:
            job.cause, job.via = (slowest.centre, slowest.full), (job.key,)

    def _backward(self, job, floor):
        """Into free minutes before the due day, the last operation first. ``False``, and nothing
        taken, when they don't suffice."""
        day = max(job.due - 1, job.start)
        taken, own = [], _Own()
        for operation in reversed(job.operations):
            centre = self.centres[operation.centre]
            left, operation.end = operation.minutes, 0
            if not left:
                day = max(day, floor)
                operation.start = operation.end = day
                continue
            while left:
                day = centre.back(day, floor)
                if day < floor:
                    return False
                part = min(left, own.room(centre, day))
                if part > 0:
                    own.take(centre, day, part)
                    taken.append((centre, day, part))
                    operation.end = operation.end or day
                    left -= part
                if left:
                    day -= 1
            operation.start = day
        self._commit(taken)
        job.begin = job.operations[0].start
        return True

    def forward(self, job, floor):
        """Into free minutes from the day on which the material is there; the operation that waits
        longest for its centre."""
        day, own, slowest = floor, _Own(), None
        for operation in job.operations:
            centre = self.centres[operation.centre]
            ready, left, operation.start = day, operation.minutes, 0
            alone = _alone(centre, ready, left, own)
            taken = []
            while left:
                day = centre.ahead(day)
                part = min(left, own.room(centre, day))
                if part > 0:
                    own.take(centre, day, part)
                    taken.append((centre, day, part))
                    operation.start = operation.start or day
                    left -= part
                if left:
                    day += 1
            self._commit(taken)
            own.at.clear()  # what is committed isn't free any more
            operation.start = operation.start or day
            operation.end = day
            operation.wait = day - alone
            operation.free = _first_free(taken, day)
            if slowest is None or (operation.wait, operation.minutes) > (
                slowest.wait,
                slowest.minutes,
            ):
                slowest = operation
        job.begin = job.operations[0].start
        return slowest

    def _commit(self, taken):
        self.taken += taken
        for centre, day, part in taken:
            centre.take(day, part)

    def back_to(self, mark):
        """Give back what was taken since: ``mark`` is the length of ``taken`` then."""
        while len(self.taken) > mark:
            centre, day, part = self.taken.pop()
            centre.give_back(day, part)

    # -- as the plan dates it -------------------------------------------------------------------

    def _want(self, job):
        """What the job asks of each day by the plan's dates alone: back from its due day, as if
        nothing else were there; what doesn't fit after its start is asked of its first day."""
        kind = job.data.get("kind", "firm")
        floor = max(job.start, self.today)
        day, own = max(job.due - 1, floor), _Own()
        for operation in reversed(job.operations):
            centre, left = self.centres[operation.centre], operation.minutes
            while left:
                part = min(left, own.alone(centre, day)) if day > floor else left
                if part > 0:
                    own.take(centre, day, part)
                    asked = self.wanted[centre.id].setdefault(day, {})
                    asked[kind] = asked.get(kind, 0) + part
                    left -= part
                if left:
                    day -= 1


class _Own:
    """What one job has taken so far: it can't be worked on at two centres at once."""

    __slots__ = ("at", "total")

    def __init__(self):
        self.at, self.total = {}, {}

    def room(self, centre, day):
        """Minutes of the centre that the job can use on a day beside its own others."""
        return min(
            centre.free(day) - self.at.get((centre.id, day), 0),
            centre.open(day) - self.total.get(day, 0),
        )

    def alone(self, centre, day):
        """The same if nothing else were there."""
        return centre.open(day) - self.total.get(day, 0)

    def take(self, centre, day, minutes):
        self.at[centre.id, day] = self.at.get((centre.id, day), 0) + minutes
        self.total[day] = self.total.get(day, 0) + minutes


def _alone(centre, day, left, own):
    """The day on which work that starts on ``day`` would end if nothing else were there."""
    while left > 0:
        left -= max(own.alone(centre, day), 0)
        if left > 0:
            day += 1
    return day


def _first_free(taken, end):
    """The first day on which the work got half of the centre's day; else the day of its end."""
    return next((day for centre, day, part in taken if 2 * part >= centre.open(day)), end)
