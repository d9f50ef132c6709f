"""What the credit decision has let pass inside the current transaction.

Kept on the database cursor, where no RPC caller and no context key can put anything.
"""

from contextlib import contextmanager


@contextmanager
def cleared(cr, model, ids):
    """Let the records pass the last gate (``is_cleared``) while the block runs."""
    store = cr.cache.setdefault(("credit_risk.cleared", model), set())
    added = set(ids) - store
    store |= added
    try:
        yield
    finally:
        store -= added


def is_cleared(cr, model, ids):
    """Whether the decision has let all these records pass."""
    return set(ids) <= cr.cache.get(("credit_risk.cleared", model), set())
