"""What a synthetic world consists of: products, bills, demands; pure Python, from a seed."""

import random
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class World:
    """Sizes and rules of a world.

    ``shares`` are the parts of the products on each level, top level first; ``components`` are
    how many components a bill has, one of them at random; a demand is due within ``days``.
    """

    name: str
    products: int
    demands: int
    shares: tuple = (0.5, 0.25, 0.15, 0.1)
    components: tuple = (2, 3)
    days: int = 90
    bucket: int = 0
    stocked: float = 0.3
    lot_ruled: float = 0.0
    lines_per_order: int = 4
    seed: int = 20260101

    def scaled(self, products):
        """The same world with this many products, its demands in proportion."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return World(
            **values
            | {
                "name": f"{self.name}-{products}",
                "products": products,
                "demands": max(1, self.demands * products // self.products),
            }
        )


#: Tuned so that the plan has as many orders and pegs as the measured sets of planning.md §2.
SMALL = World("small", 800, 1_000, components=(2, 3), days=90)
LARGE = World("large", 20_000, 20_000, components=(3, 3, 4), days=128, bucket=7, lot_ruled=0.1)
WORLDS = {"small": SMALL, "large": LARGE}


@dataclass(slots=True)
class Product:
    """A product: ``lead`` days to make or to get it, bill as ``[(product number, quantity)]``."""

    code: str
    level: int
    lead: int
    bill: list = field(default_factory=list)
    vendors: list = field(default_factory=list)  # [(vendor number, price, lead, minimum)]
    stock: int = 0
    multiple: int = 0


@dataclass(slots=True)
class Demand:
    """One order line: order number, product number, pieces, day from today."""

    order: int
    product: int
    quantity: int
    day: int


def make(world):
    """``(products, demands)`` of a world; the same for the same world."""
    chance = random.Random(world.seed)  # noqa: S311 - a benchmark, not a secret
    levels = _levels(world)
    products = []
    for level, numbers in enumerate(levels):
        for number in numbers:
            products.append(_product(world, chance, levels, level, number))
    return products, _demands(world, chance, levels[0])


def _levels(world):
    """Product numbers of each level; the last level takes what rounding leaves."""
    result, first = [], 0
    for share in world.shares[:-1]:
        size = max(1, int(world.products * share))
        result.append(range(first, first + size))
        first += size
    return [*result, range(first, world.products)]


def _product(world, chance, levels, level, number):
    made = level < len(levels) - 1
    product = Product(f"{'FSTR'[min(level, 3)]}{number:05}", level, chance.randint(1, 5))
    if made:
        below = levels[level + 1]
        count = min(len(below), chance.choice(world.components))
        parts = sorted(chance.sample(below, count))
        product.bill = [(part, chance.randint(1, 3)) for part in parts]
    else:
        product.lead = chance.randint(3, 20)
        product.vendors = [(chance.randrange(20), round(chance.uniform(1, 50), 2), product.lead, 0)]
    if chance.random() < world.stocked:
        product.stock = chance.randint(5, 50)
    if not made and chance.random() < world.lot_ruled:
        product.multiple = chance.choice((5, 10, 12))
        product.vendors = [(v, price, lead, 20) for v, price, lead, _minimum in product.vendors]
    return product


def _demands(world, chance, tops):
    """Orders of some lines each; all lines of an order are due on its day."""
    result, order = [], -1
    left, day = 0, 0
    for _number in range(world.demands):
        if not left:
            order += 1
            left = chance.randint(1, 2 * world.lines_per_order - 1)
            day = chance.randint(5, world.days)
        result.append(Demand(order, chance.choice(tops), chance.randint(1, 20), day))
        left -= 1
    return result
