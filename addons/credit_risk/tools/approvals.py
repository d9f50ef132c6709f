"""Arithmetic of approvals: how far over a limit, how large an increase."""

import math


def over_percent(figures, added):
    """Percent by which a document that adds ``added`` would exceed the limits, the worst counts.

    Own and shared limits alike; a limit of 0 is exceeded infinitely.
    """
    overs = [] if figures.unlimited else [(figures.exposure + added, figures.limit)]
    overs += [(shared.exposure + added * shared.rate, shared.limit) for shared in figures.umbrellas]
    return max((_over(used, limit) for used, limit in overs), default=0.0)


def increase_percent(old, new):
    """Percent by which a limit grows; infinite from nothing or to no limit at all."""
    if new <= old or math.isinf(old):
        return 0.0
    if math.isinf(new) or not old:
        return math.inf
    return (new - old) / old * 100


def covers(max_percent, max_amount, percent, amount):
    """Whether bounds (0 for none) cover percent and amount, at half a cent."""
    return (not max_percent or percent <= max_percent + 1e-9) and (
        not max_amount or amount <= max_amount + 0.005
    )


def _over(used, limit):
    over = round(used - limit, 6)
    if over <= 0:
        return 0.0
    return over / limit * 100 if limit else math.inf
