"""Slow and simple answers to compare the plan with. They know nothing of the engine."""

from itertools import count


def lots(need, minimum, multiple, maximum, mode):
    """Lots by trying quantities one by one: every lot is allowed, none but the last is smaller
    than the largest allowed one, and the last is the smallest that still covers the rest."""

    def orderable(quantity):
        if quantity < max(minimum, 1):
            return False
        if not multiple:
            return True
        return (quantity - (minimum if mode == "moq_step" else 0)) % multiple == 0

    def smallest_from(quantity):
        return next(q for q in count(quantity) if orderable(q))

    fitting = [q for q in range(1, maximum + 1) if orderable(q)]
    largest = fitting[-1] if fitting else (smallest_from(1) if maximum else None)
    found = []
    while need > 0:
        lot = smallest_from(min(need, largest) if largest else need)
        found.append(lot)
        need -= lot
    return found
