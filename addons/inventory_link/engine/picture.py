"""Pegs as a graph: documents are nodes, and an edge leads from a need to what covers it."""

from dataclasses import dataclass

#: Levels that are walked at most: also the end of a loop of documents made by hand.
MAX_LEVELS = 30


@dataclass
class Node:
    """A document, or stock of a product in a warehouse, and what its pegs say of it.

    ``wanted`` and ``possible`` are the first day a peg needs it and the last day it can be there;
    ``undated`` tells that a part has no day at all, ``covers`` that it is supply of a peg.
    """

    key: str
    model: str
    number: int
    product: int = 0
    warehouse: int = 0
    quantity: float = 0.0
    wanted: object = None
    possible: object = None
    late: int = 0
    undated: bool = False
    reason: object = None
    tentative: bool = True
    pegged: bool = False
    covers: bool = False

    def add(self, peg):
        """Count one more peg of this need, or one that takes from this supply."""
        if not self.pegged:
            self.product, self.warehouse = peg["product_id"], peg["warehouse_id"]
        self.pegged = True
        self.quantity += peg["quantity"]
        self.tentative = self.tentative and bool(peg["tentative"])
        if peg["date"]:
            self.wanted = min(self.wanted or peg["date"], peg["date"])
        self._add_possible(peg)

    def _add_possible(self, peg):
        possible = peg["feasible_date"]
        if not possible:
            self.undated = True
            self.reason = peg["driver_data"] or self.reason
            return
        self.possible = max(self.possible or possible, possible)
        late = (possible - peg["date"]).days if peg["date"] else 0
        if late > self.late:
            self.late, self.reason = late, (not self.undated and peg["driver_data"]) or self.reason


class Graph:
    """Nodes and edges of a set of pegs.

    :param demands: pairs (column, model) in the order in which they name the need of a peg
    :param supplies: the same for what covers it; without any of them it is stock
    """

    def __init__(self, demands, supplies):
        self.demands, self.supplies = demands, supplies
        self.nodes = {}
        self.edges = {}

    def node(self, model, number, product=0, warehouse=0):
        """The node of a document; made when it is new."""
        key = f"{model},{number}" if model not in ("stock", "safety") else ""
        key = key or f"{model},{product},{warehouse}"
        if key not in self.nodes:
            self.nodes[key] = Node(key, model, number, product, warehouse)
        return self.nodes[key]

    def demand_of(self, peg):
        """The node that needs it."""
        return self._side(peg, self.demands, "safety")

    def supply_of(self, peg):
        """The node that covers it."""
        return self._side(peg, self.supplies, "stock")

    def _side(self, peg, columns, otherwise):
        for column, model in columns:
            if peg[column]:
                return self.node(model, peg[column])
        return self.node(otherwise, 0, peg["product_id"], peg["warehouse_id"])

    def add(self, peg, chained):
        """One peg: an edge; two between the same nodes are one.

        :param chained: models that are need and supply; of these only the supply side counts
        """
        demand, supply = self.demand_of(peg), self.supply_of(peg)
        supply.covers = True
        supply.add(peg)
        if demand.model not in chained:
            demand.add(peg)
        edge = self.edges.setdefault(
            (demand.key, supply.key),
            {
                "from": demand.key,
                "to": supply.key,
                "quantity": 0.0,
                "date": peg["date"],
                "product_id": peg["product_id"],
                "instead_of": peg["substitute_for_id"],
            },
        )
        edge["quantity"] += peg["quantity"]
        edge["date"] = min(edge["date"] or peg["date"], peg["date"] or edge["date"])

    def below(self, keys):
        """Keys of these nodes and of everything that supplies them."""
        following = {}
        for demand, supply in self.edges:
            following.setdefault(demand, []).append(supply)
        found, waiting = set(), list(keys)
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                waiting.extend(following.get(key, ()))
        return found

    def drop(self, keys):
        """Take nodes out, with their edges."""
        for key in keys:
            self.nodes.pop(key, None)
        self.edges = {
            pair: edge for pair, edge in self.edges.items() if not keys.intersection(pair)
        }


def walk_query(columns, chain, conditions):
    """Recursive SQL over ``supply_peg``, breadth first, so that a limit cuts off what is far.

    PostgreSQL walks no further than the rows that are asked for: ``walked`` in each direction,
    where a peg that is met on several levels counts for each. ``limit`` pegs are told.

    :param columns: columns to read of each peg
    :param chain: pairs (demand column, supply column) through which pegs hang together
    :param conditions: ``{"down": SQL of the first pegs, "up": the same}``; a direction that is
        missing isn't walked. Names of this addon, never input; values are parameters.
    """
    steps = {"down": [], "up": []}
    for demand, supply in chain:
        steps["down"].append(f"g.{demand} = walk.{supply}")
        steps["up"].append(f"g.{supply} = walk.{demand}")
    sides = ", ".join(f"g.{column}" for pair in chain for column in pair)
    parts = [
        f"""
        {way} AS (
            SELECT g.id, 1 AS level, {sides} FROM supply_peg g WHERE {conditions[way]}
             UNION
            SELECT g.id, walk.level + 1, {sides}
              FROM supply_peg g JOIN {way} walk ON ({" OR ".join(steps[way])})
             WHERE walk.level < %(depth)s
        )"""  # noqa: S608 - column names of the model, never input
        for way in conditions
    ]
    found = " UNION ALL ".join(
        f"(SELECT id, level FROM {way} LIMIT %(walked)s)"  # noqa: S608 - as above
        for way in conditions
    )
    return f"""
        WITH RECURSIVE {", ".join(parts)}, found AS MATERIALIZED ({found})
        SELECT {", ".join(f"g.{column}" for column in columns)},
               (SELECT count(*) FROM found) AS walked
          FROM (SELECT id, min(level) AS level FROM found GROUP BY id) f
          JOIN supply_peg g ON g.id = f.id
          JOIN stock_warehouse w ON w.id = g.warehouse_id AND w.company_id = ANY(%(companies)s)
         ORDER BY f.level, g.date, g.id
         LIMIT %(limit)s
    """  # noqa: S608 - column names of the model, never input
