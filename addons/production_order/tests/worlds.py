"""Random companies of three or four levels, and a slow, simple plan to compare ours with.

The reference follows the written rules and knows nothing of the engine: one pass from the top
product down, needs by day, stock above safety first, then open purchase orders (a fixed one only
when it comes in time), then what earlier lots left over, then new lots.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from odoo.addons.inventory_link.tests.oracle import lots


@dataclass
class Part:
    """A product. ``recipe`` is ``[(index of a lower part, quantity)]``; none: it is bought."""

    stock: int = 0
    safety: int = 0
    multiple: int = 0
    maximum: int = 0
    mode: str = "ceil"
    bucket: int = 0
    lead: int = 1
    minimum: int = 0
    recipe: list = field(default_factory=list)
    kit: bool = False


@dataclass
class World:
    """``orders`` are ``[part, quantity, day]``, ``receipts`` ``[part, quantity, day, fixed]``."""

    parts: list
    orders: list
    receipts: list


def random_world(chance, simple=False):
    """Simple: no purchase order is fixed.

    Parts are listed bottom up: three bought, then two levels made, then one or two on top."""
    parts = [
        Part(
            stock=chance.choice((0, 0, 5, 20)),
            safety=chance.choice((0, 0, 0, 4)),
            multiple=chance.choice((0, 0, 5, 12)),
            maximum=chance.choice((0, 0, 0, 60)),
            mode=chance.choice(("ceil", "ceil", "moq_step")),
            bucket=chance.choice((0, 0, 7, 30)),
            lead=chance.randint(1, 20),
            minimum=chance.choice((0, 0, 10, 25)),
        )
        for _number in range(chance.randint(3, 4))
    ]
    for _level in range(chance.randint(2, 3)):
        below = len(parts)
        for _number in range(2):
            chosen = chance.sample(range(below), chance.randint(1, 3))
            parts.append(
                Part(
                    stock=chance.choice((0, 0, 3)),
                    safety=chance.choice((0, 0, 0, 2)),
                    multiple=chance.choice((0, 0, 0, 4, 10)),
                    maximum=chance.choice((0, 0, 0, 20)),
                    bucket=chance.choice((0, 0, 7)),
                    lead=chance.randint(0, 6),
                    recipe=[(index, chance.randint(1, 4)) for index in chosen],
                )
            )
    if chance.random() < 0.4:
        kit = parts[-1]
        kit.kit, kit.lead, kit.stock, kit.safety = True, 0, 0, 0
    orders = [
        [chance.randrange(len(parts)), chance.randint(1, 15), chance.randint(0, 60)]
        for _number in range(chance.randint(3, 7))
    ]
    bought = [index for index, part in enumerate(parts) if not part.recipe]
    receipts = [
        [
            chance.choice(bought),
            chance.randint(1, 40),
            chance.randint(1, 40),
            not simple and chance.random() < 0.3,
        ]
        for _number in range(chance.randint(0, 2))
    ]
    return World(parts, orders, receipts)


def reference(world):
    """``{part: [(quantity, day needed)]}`` of everything to buy or make, sorted by day."""
    needs = defaultdict(list)

    def add(index, day, quantity):
        part = world.parts[index]
        if part.kit:
            for component, ratio in part.recipe:
                add(component, day, quantity * ratio)
        else:
            needs[index].append([day, quantity])

    for index, quantity, day in world.orders:
        add(index, day, quantity)
    plan = {}
    for index in reversed(range(len(world.parts))):
        part = world.parts[index]
        if part.kit:
            continue
        receipts = [entry[1:] for entry in world.receipts if entry[0] == index]
        plan[index] = net(part, needs[index], receipts)
        for quantity, day in plan[index]:
            for component, ratio in part.recipe:
                add(component, max(0, day - part.lead), quantity * ratio)
    return plan


def net(part, needs, receipts):
    """New lots ``[(quantity, day)]`` of one part."""
    needs = sorted(needs)
    if part.stock < part.safety:
        needs = sorted([[0, part.safety - part.stock], *needs])
    stock = max(0, part.stock - part.safety)
    receipts = [list(receipt) for receipt in sorted(receipts, key=lambda receipt: receipt[1])]
    result, left_over, group = [], 0, None
    for day, quantity in needs:
        if group and day >= group[0] + max(part.bucket, 1):
            left_over += close(part, group, result)
            group = None
        used = min(stock, quantity)
        stock, quantity = stock - used, quantity - used
        for receipt in receipts:
            if receipt[2] and receipt[1] > day:
                continue
            used = min(receipt[0], quantity)
            receipt[0], quantity = receipt[0] - used, quantity - used
        used = min(left_over, quantity)
        left_over, quantity = left_over - used, quantity - used
        if quantity:
            group = group or [day, 0]
            group[1] += quantity
    if group:
        close(part, group, result)
    return result


def close(part, group, result):
    """Order a group's need; what the lots leave over."""
    sizes = lots(group[1], part.minimum, part.multiple, part.maximum, part.mode)
    result += [(size, group[0]) for size in sizes]
    return sum(sizes) - group[1]
