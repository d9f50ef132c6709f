"""Reads by set what the goods of order lines really cost: productions, receipts, deliveries."""

from collections import defaultdict

from odoo.tools import SQL

from .costs import NOTHING, Node

#: Documents that goods came in with, by the field of a source.
DOCUMENTS = ("production_id", "purchase_line_id")


def deliveries(env, line_ids):
    """What was delivered less what came back: ``{line: {product: [quantity, value]}}``.

    Quantities are in the product's unit, values those of Odoo's valuation in company currency.
    """
    moves = (
        env["stock.move"]
        .sudo()
        .search([("sale_line_id", "in", line_ids), ("state", "=", "done")], order="id")
    )
    result = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
    for move in moves:
        sign = (move.location_dest_id.usage == "customer") - (move.location_id.usage == "customer")
        if not sign:
            continue
        quantity = move.product_uom._compute_quantity(
            move.quantity, move.product_id.uom_id, round=False
        )
        total = result[move.sale_line_id.id][move.product_id.id]
        total[0] += sign * quantity
        total[1] += sign * _value(move)
    return result


def _value(move):
    """Odoo sets no value on a dropshipped move: it has that of its purchase."""
    return move.value or (move._get_value() if move.is_dropship else 0.0)


def nodes(env, productions, purchase_lines):
    """``{document: Node}`` of finished productions and received purchase lines."""
    result = {}
    receipts = _receipts(purchase_lines)
    subcontracts = receipts.move_orig_ids.production_id
    orders = productions | subcontracts
    _read_together(orders, receipts)
    made = {order: _production_node(order) for order in orders}
    result |= {("production_id", order.id): made[order] for order in productions}
    for line, moves in receipts.grouped("purchase_line_id").items():
        orders = moves.move_orig_ids.production_id
        node = _subcontract_node(line, orders, made) if orders else _receipt_node(line, moves)
        result["purchase_line_id", line.id] = node
    return result


def _read_together(orders, receipts):
    """Into the cache at once what is used one by one below."""
    moves = orders.move_finished_ids | orders.move_raw_ids | receipts
    moves.product_id.uom_id.mapped("factor")
    orders.workorder_ids.time_ids.mapped("date_end")
    orders.workorder_ids.workcenter_id.mapped("costs_hour")


def _receipts(purchase_lines):
    return purchase_lines.move_ids.filtered(
        lambda move: (
            move.state == "done"
            and move.location_id.usage in ("supplier", "internal", "transit")
            and move.location_dest_id.usage in ("internal", "customer", "transit")
            and not move._is_returned(valued_type="out")
        )
    )


def _receipt_node(line, moves):
    """What a unit cost by the bill, before it by the order, with landed costs: the value of its
    receipts."""
    quantity = sum(_quantity(move) for move in moves)
    value = sum(_value(move) for move in moves)
    return Node(line.product_id.id, quantity, price=value / quantity if quantity else 0.0)


def _subcontract_node(line, orders, made):
    """Fee and what the subcontractor took, over all his productions of the line."""
    total = Node(line.product_id.id, 0.0, made=True, price=0.0)
    costs = defaultdict(float)
    fee = line.with_company(line.company_id)._get_stock_move_price_unit()
    paid = 0.0
    for order in orders:
        node = made[order]
        total.quantity += node.quantity
        total.share = node.share
        paid += node.quantity * (order.extra_cost or fee)
        for part, amount in node.needs.items():
            total.needs[part] = total.needs.get(part, 0.0) + amount
            costs[part] += amount * node.values[part]
    total.values = {part: cost / total.needs[part] for part, cost in costs.items()}
    total.price = paid / total.quantity if total.quantity else 0.0
    return total


def _production_node(order):
    """What a finished production took and how long it worked, at the rate of then."""
    done = order.move_finished_ids.filtered(lambda move: move.state == "done")
    main = done.filtered(lambda move: move.product_id == order.product_id)
    node = Node(order.product_id.id, sum(_quantity(move) for move in main), made=True)
    costs = defaultdict(float)
    for move in order.move_raw_ids.filtered(lambda move: move.state == "done"):
        quantity, part = _quantity(move), move.product_id.id
        if quantity <= NOTHING:
            continue
        node.needs[part] = node.needs.get(part, 0.0) + quantity
        costs[part] += move.value
    node.values = {part: costs[part] / amount for part, amount in node.needs.items()}
    for work in order.workorder_ids.filtered(lambda work: work.state != "cancel"):
        rate = work.costs_hour or work.workcenter_id.costs_hour
        cost = work._cal_cost()
        hours = cost / rate if rate else work.duration / 60
        node.operations.append((work.operation_id.id, hours, rate))
    by_products = (done - main).filtered(lambda move: move.quantity > 0)
    node.share = round(1 - sum(by_products.mapped("cost_share")) / 100, 4)
    return node


def _quantity(move):
    return move.product_uom._compute_quantity(move.quantity, move.product_id.uom_id, round=False)


def claims(env, productions, purchase_lines):
    """Which order lines wait for what these documents bring, as the pegs stand now.

    :return: ``{(field, id): [(order line, quantity)]}`` in the order of the needs; what a lot has
        beyond its needs belongs to nobody
    """
    columns = ("sale_line_id", "plan_line_id", "production_id", "purchase_line_id")
    supplies = ("supply_plan_line_id", "supply_production_id", "supply_purchase_line_id")
    names = SQL(", ").join(SQL("g.%s", SQL.identifier(name)) for name in (*columns, *supplies))
    env["supply.peg"].flush_model()
    env.cr.execute(
        SQL(
            """
            WITH RECURSIVE up AS (
                SELECT g.id, g.date, g.quantity::float AS quantity, %(names)s FROM supply_peg g
                 WHERE g.supply_production_id = ANY(%(productions)s)
                    OR g.supply_purchase_line_id = ANY(%(purchases)s)
                 UNION
                SELECT g.id, g.date, g.quantity::float, %(names)s
                  FROM supply_peg g
                  JOIN up ON g.supply_plan_line_id = up.plan_line_id
                          OR g.supply_production_id = up.production_id
                          OR g.supply_purchase_line_id = up.purchase_line_id
            )
            SELECT * FROM up ORDER BY date, id
            """,
            names=names,
            productions=productions.ids,
            purchases=purchase_lines.ids,
        )
    )
    rows = env.cr.fetchall()
    return Claims(env, rows).of(productions, purchase_lines) if rows else {}


class Claims:
    """Shares out documents over the order lines at the end of their pegs."""

    def __init__(self, env, rows):
        self.up = defaultdict(list)
        for _id, _day, quantity, sale, *refs in rows:
            kinds = ("plan", "production", "purchase")
            demand = next(
                ((kind, ref) for kind, ref in zip(kinds, refs[:3], strict=True) if ref), None
            )
            for kind, ref in zip(kinds, refs[3:], strict=True):
                if ref:
                    self.up[kind, ref].append((quantity, sale, demand))
        self.totals = self._totals(env)
        self.memo = {}

    def _totals(self, env):
        """Usable quantity of each document in between, in the product's unit."""
        ids = defaultdict(list)
        for kind, ref in self.up:
            ids[kind].append(ref)
        plans = env["supply.plan.line"].sudo().browse(ids["plan"])
        result = {("plan", line.id): line.quantity - line.loss_quantity for line in plans}
        for kind, model in (("production", "mrp.production"), ("purchase", "purchase.order.line")):
            for record in env[model].sudo().browse(ids[kind]):
                result[kind, record.id] = record.product_uom_id._compute_quantity(
                    record.product_qty, record.product_id.uom_id, round=False
                )
        return result

    def of(self, productions, purchase_lines):
        documents = [("production", "production_id", order.id) for order in productions]
        documents += [("purchase", "purchase_line_id", line.id) for line in purchase_lines]
        return {
            (field, ref): [
                (line, quantity * share)
                for quantity, sale, demand in self.up[kind, ref]
                for line, share in self._lines(sale, demand)
            ]
            for kind, field, ref in documents
        }

    def _lines(self, sale, demand):
        return [(sale, 1.0)] if sale else self._shares(demand)

    def _shares(self, document):
        """``[(order line, share)]`` of a document's usable quantity."""
        if document is None:
            return []
        if document not in self.memo:
            self.memo[document] = []  # a loop of documents belongs to nobody
            total = self.totals.get(document)
            self.memo[document] = [
                (line, quantity / total * share)
                for quantity, sale, demand in (self.up.get(document, ()) if total else ())
                for line, share in self._lines(sale, demand)
            ]
        return self.memo[document]
