"""What is lost on the way: yield of a bill, scrap of a component. Exact fractions.

The company chooses the rule: ``divide`` starts ``need ÷ (1 − loss)``, so that after the loss
exactly the need is left; ``add`` starts ``need × (1 + loss)``, the simple surcharge.
"""

from fractions import Fraction
from functools import lru_cache

ONE = Fraction(1)


@lru_cache(maxsize=10_000)
def fraction(number):
    """A database number as an exact fraction of what it shows (0.1 is one tenth)."""
    return Fraction(repr(float(number)))


def surcharge(percent, rule):
    """The factor from what is needed to what has to be started or taken."""
    if not percent:
        return ONE
    loss = fraction(percent) / 100
    return 1 + loss if rule == "add" else 1 / (1 - loss)


def usable_share(percent, rule):
    """The share of started units that can be used, as ``(usable, started)``."""
    if not percent:
        return 1, 1
    share = 1 / surcharge(percent, rule)
    return share.numerator, share.denominator
