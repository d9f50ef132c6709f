"""Readiness: who gets which component when, independent of reservations."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Line:
    """One component of a production: needed, on hand for it, day it is complete, next receipt."""

    product: int
    needed: float
    now: float = 0.0
    day: object = None
    next_day: object = None
    next_quantity: float = 0.0


@dataclass(slots=True)
class Pool:
    """What there is and what comes of one product in one warehouse."""

    stock: float = 0.0
    receipts: list = field(default_factory=list)  # [day, quantity left], by day


def allocate(needs, stock, receipts, today, precision=1e-6):
    """Give stock, then receipts, to productions in the order of ``needs``.

    :param needs: rows of ``reads.component_needs``, most urgent first
    :return: ``{production: [Line]}``; ``day`` is ``None`` when a part never comes
    """
    pools = {}
    for warehouse, product, quantity in stock:
        pools.setdefault((warehouse, product), Pool()).stock += max(quantity, 0.0)
    for warehouse, product, day, quantity in receipts:
        pools.setdefault((warehouse, product), Pool()).receipts.append([max(day, today), quantity])
    result = {}
    for production, warehouse, product, needed in needs:
        pool = pools.setdefault((warehouse, product), Pool())
        line = Line(product, needed)
        line.now = min(needed, pool.stock)
        pool.stock -= line.now
        _wait(line, pool, needed - line.now, today, precision)
        result.setdefault(production, []).append(line)
    return result


def _wait(line, pool, short, today, precision):
    line.day = today
    for receipt in pool.receipts:
        if short <= precision:
            return
        taken = min(short, receipt[1])
        if taken > precision:
            if line.next_day is None:
                line.next_day, line.next_quantity = receipt[0], taken
            receipt[1] -= taken
            short -= taken
            line.day = receipt[0]
    if short > precision:
        line.day = None
