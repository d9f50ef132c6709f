"""Sizes of the worlds. Pure Python."""

from dataclasses import asdict, dataclass, replace


@dataclass(frozen=True)
class Shape:
    """How much of everything.

    :param lines: open receivable items of 1 to 4,999
    :param limit: each customer's; about one in ten is over it
    :param items_per_entry: how many of them an entry has (instalments)
    :param orders: confirmed orders, nothing of them delivered
    :param closed_lines: further items that are paid, to make the tables long
    """

    customers: int
    lines: int
    limit: float
    items_per_entry: int = 1
    orders: int = 0
    closed_lines: int = 0

    def scaled(self, factor):
        """The same in small; nothing becomes less than 10."""
        return replace(
            self,
            **{
                name: max(10, int(value * factor))
                if value > 1 and name not in ("items_per_entry", "limit")
                else value
                for name, value in asdict(self).items()
            },
        )


WORLDS = {
    "search": Shape(customers=4_000, lines=12_000, orders=4_000, limit=11_500),
    "large": Shape(
        customers=100_000, lines=1_000_000, items_per_entry=10, orders=100_000, limit=31_000
    ),
    "confirm": Shape(
        customers=2_000,
        lines=30_000,
        items_per_entry=10,
        orders=30_000,
        closed_lines=270_000,
        limit=1_000_000,
    ),
}
