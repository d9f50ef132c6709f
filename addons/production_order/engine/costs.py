"""What an order line costs, part by part. Plain Python, money as floats in company currency.

A part is named by its key ``(root, kind, product, operation)``: ``root`` is the product that is
delivered (of a kit: its component), ``kind`` is ``material``, ``fee`` (of a subcontractor) or
``operation``. The quantity of an operation is in hours, its price an hour's rate, so that each part
costs its quantity times its price.
"""

from collections import defaultdict
from dataclasses import dataclass, field

NOTHING = 1e-9
#: Share of a need that rounding of the plan may leave open.
SLIGHT = 1e-4


@dataclass(slots=True)
class Node:
    """One document, or a bill of materials, that supplies ``quantity`` of a product.

    ``price`` is what one unit is bought for; with ``made`` it is the fee of a subcontractor.
    ``needs`` are all components for the quantity, ``operations`` are ``(operation, hours, rate)``
    for it; ``share`` is what by-products leave of the cost.
    """

    product: int
    quantity: float
    price: float | None = None
    made: bool = False
    needs: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)
    operations: list = field(default_factory=list)
    share: float = 1.0


class Parts(dict):
    """``{key: [quantity, cost]}``."""

    def add(self, key, quantity, cost):
        part = self.setdefault(key, [0.0, 0.0])
        part[0] += quantity
        part[1] += cost


class Planned:
    """Walks the pegs of an order line over all levels.

    :param dict pegs: ``{(kind, id) of what demands: [(product, quantity, supply, id, replaced,
        quantity replaced)]}``
    :param dict nodes: ``{(kind, id): Node}`` of plan lines, purchase lines and productions
    :param standard: product → its standard price
    :param bill: ``(product, quantity) → Node`` by the bill, ``None`` for what isn't made
    """

    def __init__(self, pegs, nodes, standard, bill):
        self.pegs, self.nodes, self.standard, self.bill = pegs, nodes, standard, bill

    def parts(self, line, needs):
        """The parts of one order line.

        :param needs: ``[(product, quantity)]`` that the line takes
        """
        parts = Parts()
        covered = defaultdict(float)
        for product, quantity, supply, ref, *_replaced in self.pegs.get(("sale", line), ()):
            covered[product] += quantity
            self._supply(parts, product, product, quantity, (supply, ref), 1.0, frozenset())
        for product, quantity in needs:
            taken = min(quantity, covered[product])
            covered[product] -= taken
            if quantity - taken > NOTHING:
                self._by_bill(parts, product, product, quantity - taken, 1.0, frozenset())
        return parts

    def _supply(self, parts, root, product, quantity, source, share, above):
        node = self.nodes.get(source)
        if node is None or source in above or not node.quantity:
            self._material(parts, root, product, quantity, self.standard(product), share)
            return
        if node.price is not None:
            kind = "fee" if node.made else "material"
            parts.add((root, kind, product, 0), quantity, quantity * node.price * share)
        if node.made:
            above = above | {source}
            ratio = quantity / node.quantity
            share *= node.share
            self._operations(parts, root, node, ratio, share)
            covered = defaultdict(float)
            for part, amount, supply, ref, replaced, saved in self.pegs.get(source, ()):
                covered[part] += amount
                covered[replaced] += saved
                self._supply(parts, root, part, amount * ratio, (supply, ref), share, above)
            for part, amount in node.needs.items():
                # not planned, or taken already
                rest = amount - covered[part]
                if rest > SLIGHT * amount:
                    price = self.standard(part)
                    self._material(parts, root, part, rest * ratio, price, share)

    def _by_bill(self, parts, root, product, quantity, share, above):
        """Without pegs: over the bills of all levels, what isn't made at its standard price."""
        node = None if product in above else self.bill(product, quantity)
        if node is None:
            self._material(parts, root, product, quantity, self.standard(product), share)
            return
        if node.price is not None:
            parts.add((root, "fee", product, 0), quantity, quantity * node.price * share)
        share *= node.share
        self._operations(parts, root, node, 1.0, share)
        for part, amount in node.needs.items():
            self._by_bill(parts, root, part, amount, share, above | {product})

    @staticmethod
    def _material(parts, root, product, quantity, price, share):
        parts.add((root, "material", product, 0), quantity, quantity * price * share)

    @staticmethod
    def _operations(parts, root, node, ratio, share):
        for operation, hours, rate in node.operations:
            key = (root, "operation", node.product, operation)
            parts.add(key, hours * ratio, hours * ratio * rate * share)


class Actual:
    """What was delivered of one order line, traced to the documents that made or bought it.

    :param dict sources: ``{product: [[document, quantity]]}`` that came in for this line; used up
    :param dict nodes: ``{document: Node}`` with what was really taken, paid and worked
    """

    def __init__(self, sources, nodes):
        self.left = {product: [list(row) for row in rows] for product, rows in sources.items()}
        self.nodes = nodes

    def parts(self, delivered, planned, planned_needs):
        """The parts of what was delivered.

        What can't be traced to a document has the value of its delivery: as the product itself
        where that was planned, else as the planned parts, all dearer or cheaper alike.

        :param delivered: ``{product: (quantity, value)}``
        :param planned: planned parts of the whole line
        :param planned_needs: ``{product: quantity}`` that the planned parts are for
        """
        parts = Parts()
        for product, (quantity, value) in delivered.items():
            if quantity <= NOTHING:
                continue
            rest = self._trace(parts, product, product, quantity, 1.0, frozenset())
            if rest > NOTHING:
                self._untraced(parts, product, rest, value / quantity, planned, planned_needs)
        return parts

    def _trace(self, parts, root, product, quantity, share, above):
        """Take from the documents of the line; what they don't cover is returned."""
        for row in self.left.get(product, ()):
            document, there = row
            taken = min(there, quantity)
            if document in above or taken <= NOTHING:
                continue
            row[1] -= taken
            quantity -= taken
            self._document(parts, root, taken, self.nodes[document], share, above | {document})
        return quantity

    def _document(self, parts, root, quantity, node, share, above):
        if node.price is not None:
            kind = "fee" if node.made else "material"
            parts.add((root, kind, node.product, 0), quantity, quantity * node.price * share)
        if not node.made:
            return
        ratio = quantity / node.quantity
        share *= node.share
        Planned._operations(parts, root, node, ratio, share)
        for part, amount in node.needs.items():
            rest = self._trace(parts, root, part, amount * ratio, share, above)
            if rest > NOTHING:
                cost = rest * node.values[part] * share
                parts.add((root, "material", part, 0), rest, cost)

    @staticmethod
    def _untraced(parts, root, quantity, price, planned, planned_needs):
        itself = (root, "material", root, 0)
        own = {key: part for key, part in planned.items() if key[0] == root}
        whole = sum(cost for _quantity, cost in own.values())
        needed = planned_needs.get(root)
        if itself in own or not own or not needed or not whole:
            parts.add(itself, quantity, quantity * price)
            return
        ratio = quantity / needed
        dearer = quantity * price / (whole * ratio)
        for key, (amount, cost) in own.items():
            parts.add(key, amount * ratio, cost * ratio * dearer)


@dataclass(slots=True)
class Difference:
    """One part, planned for what was delivered against what it really took. Money is rounded and
    ``price + usage + time`` is exactly ``actual - expected``."""

    expected_quantity: float
    expected: float
    quantity: float
    actual: float
    price: float
    usage: float
    time: float


def differences(planned, actual, share, to_money):
    """Compare part by part.

    More or less taken counts at the planned price (of an operation: as time), the rest of the
    difference is the price's. What wasn't planned at all counts as quantity.

    :param float share: how much of the line was delivered
    :param to_money: rounds to the company's currency
    :return: ``{key: Difference}``
    """
    return {
        key: _difference(
            key[1] == "operation",
            planned.get(key, (0.0, 0.0)),
            actual.get(key, (0.0, 0.0)),
            share,
            to_money,
        )
        for key in {**planned, **actual}
    }


def _difference(is_time, planned, actual, share, to_money):
    planned_quantity, planned_cost = planned
    quantity, cost = actual
    expected_quantity = planned_quantity * share
    expected, cost = to_money(planned_cost * share), to_money(cost)
    if planned_quantity:
        price = planned_cost / planned_quantity
        more = to_money((quantity - expected_quantity) * price)
        if abs(quantity) <= NOTHING:
            more = cost - expected
    else:
        more = cost - expected
    rest = to_money(cost - expected - more)
    usage, time = (0.0, more) if is_time else (more, 0.0)
    return Difference(expected_quantity, expected, quantity, cost, rest, to_money(usage), time)
