"""Why limits change in the current transaction, and changes that are made together.

Kept on the database cursor, where no RPC caller and no context key can put anything.
"""

from contextlib import contextmanager
from dataclasses import dataclass, field

_CAUSE = "credit_risk.limit_cause"
_BATCH = "credit_risk.limit_batch"


@dataclass(frozen=True)
class Cause:
    """What is kept with each change: the reason in words, the request that was approved."""

    reason: str = ""
    request_id: int = 0


@contextmanager
def because(cr, reason, request_id=0):
    """Changes of limits inside the block have this cause."""
    before = cr.cache.get(_CAUSE)
    cr.cache[_CAUSE] = Cause(reason or "", request_id)
    try:
        yield
    finally:
        cr.cache[_CAUSE] = before


def cause(cr):
    """The cause of the change that is being made."""
    return cr.cache.get(_CAUSE) or Cause()


@dataclass
class Batch:
    """Changes of many accounts, recorded and acted upon once at the end.

    :param bumped: ids of the accounts whose version is written already
    :param touched: ids of the accounts to look at again
    :param changes: ``[(account, values before, cause)]``
    """

    bumped: set = field(default_factory=set)
    touched: set = field(default_factory=set)
    changes: list = field(default_factory=list)


@contextmanager
def together(cr):
    """Collect what the changes of limits inside the block leave to do."""
    batch = cr.cache[_BATCH] = Batch()
    try:
        yield batch
    finally:
        cr.cache[_BATCH] = None


def current_batch(cr):
    """The batch that is open, or None."""
    return cr.cache.get(_BATCH)
