"""Working days of a company or a vendor. Days are ordinals; every day counts without a calendar."""

from bisect import bisect_left, bisect_right

WEEK = 7
#: A lead time beyond this is a typing error: it is reported, and dates are capped here.
LONGEST_LEAD = 3650


class WorkDays:
    """The open days between two days, sorted; beyond them every day counts as open.

    :param set weekdays: open weekdays, Monday is 0
    :param list closed: ``(first, last)`` closed days as ordinals, both included
    """

    __slots__ = ("days", "last")

    def __init__(self, weekdays, closed, first, last):
        shut = {
            day for start, end in closed for day in range(max(start, first), min(end, last) + 1)
        }
        self.last = last
        self.days = [
            day
            for day in range(first, last + 1)
            if (day - 1) % WEEK in weekdays and day not in shut
        ]

    def back(self, day, count):
        """The open day that lies ``count`` open days before ``day``: when to order or to start."""
        if not self.days or day > self.days[-1]:
            return day - count
        position = (bisect_left(self.days, day) if count else bisect_right(self.days, day) - 1) - (
            count
        )
        return self.days[position] if position >= 0 else day - count

    def ahead(self, day, count):
        """The day on which something that starts on ``day`` and takes ``count`` open days ends."""
        if not self.days:
            return max(day, self.last) + count  # closed as far as one can see
        position = (bisect_right(self.days, day) if count else bisect_left(self.days, day)) + (
            count - 1 if count else 0
        )
        if position < len(self.days):
            return self.days[position]
        return max(day, self.last) + count


def back(calendar, day, count):
    """``count`` working days before a day; plain days without a calendar."""
    return calendar.back(day, count) if calendar else day - count


def ahead(calendar, day, count):
    """``count`` working days after a day; plain days without a calendar."""
    return calendar.ahead(day, count) if calendar else day + count
