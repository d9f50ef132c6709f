"""Arithmetic of approvals: how far over a limit, how large an increase."""

import math

from .rules import LIMIT


def over_percent(figures, verdict):
    """Percent of its limit by which a judged document exceeds it; of several limits the worst.

    :param verdict: :class:`tools.rules.Verdict`; a limit of 0 is exceeded infinitely
    """
    return max((_over(figures, finding) for finding in verdict.findings), default=0.0)


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


def _over(figures, finding):
    if finding.code != LIMIT or not finding.over:
        return 0.0
    shared = finding.umbrella
    limit = shared.limit / shared.rate if shared else figures.limit
    return finding.over / limit * 100 if limit else math.inf
