"""Reads by set what the planned cost of order lines rests on: pegs, documents, bills, rates."""

from collections import defaultdict
from math import ceil

from odoo.tools import SQL

from . import capacity_reads, reads
from .costs import Node, Planned
from .losses import ONE, usable_share
from .recipes import RecipeBook

#: Supply kinds of pegs that have a document, with its column.
DOCUMENTS = {
    "plan": "supply_plan_line_id",
    "purchase": "supply_purchase_line_id",
    "production": "supply_production_id",
}
#: Demand columns of pegs, with the name of what demands.
DEMANDS = {
    "sale": "sale_line_id",
    "plan": "plan_line_id",
    "purchase": "purchase_line_id",
    "production": "production_id",
}


def read(env, company, line_ids, product_ids):
    """Everything for the order lines of one company, see :class:`~.costs.Planned`.

    Prices are those of today: a plan line's and an open request's price net of discount, in
    company currency at today's rate, with the vendor's freight and duty (percent); a bought
    product without any price has its standard price. Operations take set-up, clean-up, cycles and
    efficiency of the work centre as Odoo's cost of a bill does, for the size of the lot.
    """
    env = env(su=True)
    env.flush_all()
    pegs = _pegs(env, line_ids)
    found = defaultdict(set)
    for rows in pegs.values():
        for _product, _quantity, supply, ref, *_replaced in rows:
            found[supply].add(ref)
    plans = env["supply.plan.line"].browse(sorted(found["plan"])).with_company(company)
    purchases = env["purchase.order.line"].browse(sorted(found["purchase"])).with_company(company)
    productions = env["mrp.production"].browse(sorted(found["production"])).with_company(company)
    products = {*product_ids, *plans.product_id.ids, *purchases.product_id.ids}
    bills = Bills(env, company, products)
    costs = reads.standard_costs(
        env.cr, {*bills.products, *productions.move_raw_ids.product_id.ids}, [company.id]
    )

    def standard(product):
        return costs.get((product, company.id), 0.0)

    nodes = {("plan", line.id): _plan_node(line, bills, standard) for line in plans}
    nodes |= {("purchase", line.id): _purchase_node(line, bills, standard) for line in purchases}
    nodes |= {("production", order.id): _production_node(order) for order in productions}
    return Planned(pegs, nodes, standard, bills.node)


def _pegs(env, line_ids):
    """Pegs below the order lines, by what demands."""
    below = env["supply.peg"]._documents_of(line_ids)
    columns = [*DEMANDS.values(), *DOCUMENTS.values()]
    env.cr.execute(
        SQL(
            "SELECT product_id, quantity::float, supply, COALESCE(substitute_for_id, 0),"
            " COALESCE(substitute_quantity, 0)::float, %s FROM supply_peg"
            " WHERE id = ANY(%s) ORDER BY date, id",
            SQL(", ").join(map(SQL.identifier, columns)),
            below.ids,
        )
    )
    result = defaultdict(list)
    for product, quantity, supply, replaced, saved, *refs in env.cr.fetchall():
        demands = dict(zip(DEMANDS, refs, strict=False))
        documents = dict(zip(DOCUMENTS, refs[len(DEMANDS) :], strict=True))
        peg = (product, quantity, supply, documents.get(supply) or 0, replaced, saved)
        for kind, ref in demands.items():
            if ref:
                result[kind, ref].append(peg)
    return result


def _plan_node(line, bills, standard):
    """The plan's line: its usable quantity, so that what it orders beyond the needs, a minimum or
    a full box, isn't paid by the orders."""
    product, company = line.product_id.id, line.company_id
    if line.action == "make":
        node = bills.made(line.bom_id, product, line.quantity)
        node.quantity = line.quantity - line.loss_quantity
        return node
    price = _money(line, line.price_unit, company) * _landed(line.supplierinfo_id)
    if line.action == "subcontract":
        bill = line.bom_id or bills.find(product, ("subcontract",))
        node = bills.made(bill, product, line.quantity)
        node.price = price
        return node
    return Node(product, line.quantity, price=price or standard(product))


def _purchase_node(line, bills, standard):
    """A purchase order's line, its price as Odoo values its receipt."""
    product = line.product_id.id
    quantity = line.product_uom_id._compute_quantity(
        line.product_qty, line.product_id.uom_id, round=False
    )
    price = line._get_stock_move_price_unit() if quantity else 0.0
    price *= _landed(line.plan_line_id.supplierinfo_id or _price_row(line))
    bill = bills.find(product, ("subcontract",))
    vendor = line.order_id.partner_id
    if bill and {vendor, vendor.commercial_partner_id} & set(bill.subcontractor_ids):
        node = bills.made(bill, product, quantity)
        node.price = price
        return node
    return Node(product, quantity, price=price or standard(product))


def _production_node(order):
    """An open production: what its moves take now, the time of its work orders."""
    unit = order.product_id.uom_id
    quantity = order.product_uom_id._compute_quantity(order.product_qty, unit, round=False)
    node = Node(order.product_id.id, quantity, made=True)
    for move in order.move_raw_ids.filtered(lambda move: move.state != "cancel"):
        part = move.product_id.id
        node.needs[part] = node.needs.get(part, 0.0) + move.product_qty
    for work in order.workorder_ids.filtered(lambda work: work.state != "cancel"):
        hours = work.duration_expected / 60
        rate = work.costs_hour or work.workcenter_id.costs_hour
        node.operations.append((work.operation_id.id, hours, rate))
    node.share = _left_share(order.move_byproduct_ids.filtered(lambda move: move.state != "cancel"))
    return node


def _price_row(line):
    """The row of the vendor's prices that a line bought by hand may come from."""
    vendors = line.order_id.partner_id | line.order_id.partner_id.commercial_partner_id
    return line.product_id.seller_ids.filtered(
        lambda row: (
            row.partner_id in vendors
            and row.product_id in (line.product_id, line.env["product.product"])
            and row.company_id in (line.company_id, line.env["res.company"])
        )
    )[:1]


def _money(line, amount, company):
    if line.currency_id and line.currency_id != company.currency_id:
        return line.currency_id._convert(
            amount, company.currency_id, company, line.env.cr.now().date(), round=False
        )
    return amount


def _landed(price_row):
    return 1 + price_row.supply_landed_percent / 100 if price_row else 1.0


def _left_share(by_products):
    """What by-products leave of the cost, as Odoo rounds it."""
    return round(1 - sum(by_products.mapped("cost_share")) / 100, 4)


class Bills:
    """Bills of materials of a company over all levels, read at once."""

    def __init__(self, env, company, product_ids):
        self.env, self.company = env, company
        closure = reads.components_below(env.cr, product_ids)
        self.products = set(closure)
        self.records = env["product.product"].browse(sorted(self.products)).with_company(company)
        # what the rules of stock bring costs its standard price, as its deliveries are valued
        self.by_bill = {one.id for one in self.records if one.supply_mode == "planned"}
        self.book = RecipeBook(env.cr, closure)
        self.bills = env["mrp.bom"].browse(row[0] for row in self.book.boms)
        self.bills = self.bills.with_company(company)
        self.rows = {row[0]: row for row in self.book.boms}
        self.operations = self._operations_by_bill()

    def _operations_by_bill(self):
        """Of a bill and its kits."""
        rows = capacity_reads.operations(self.env.cr, self.bills.ids) if self.bills else ()
        ids = defaultdict(list)
        for bill, operation, *_values in rows:
            ids[bill].append(operation)
        model = self.env["mrp.routing.workcenter"]
        everything = [row[1] for row in rows]
        return {
            bill: model.browse(own).with_prefetch(everything).with_company(self.company)
            for bill, own in ids.items()
        }

    def find(self, product, kinds):
        rows = self.book.find(product, self.company.id, kinds)
        return self.bills.browse(rows[0][0] if rows else ())

    def node(self, product, quantity):
        """The first bill that fits, for this many usable units; ``None`` for what is bought."""
        bill = self.find(product, ("normal", "subcontract"))
        if (
            not bill
            or product not in self.by_bill
            or (bill.type == "normal" and self.book.is_bought(product))
        ):
            return None
        row = self.rows[bill.id]
        usable, started = usable_share(row[9], self.book.rules.get(self.company.id, "divide"))
        node = self.made(bill, product, quantity * started / usable)
        if bill.type == "subcontract":
            node.price = self._fee(bill, product, quantity)
        return node

    def made(self, bill, product, quantity):
        """A bill for ``quantity`` units that are started, scrap included, kits flattened with
        their operations, as Odoo makes work orders of them."""
        node = Node(product, quantity, made=True)
        row = self.rows.get(bill.id)
        if row is None:
            return node
        components = self.book.components(row, product, self.company.id)
        node.needs = {
            part: float(share or ONE * 0) * quantity for part, share in components.items()
        }
        record = self.records.browse(product).with_prefetch(self.records.ids)
        if bill.type == "normal":
            node.operations = [
                (operation.id, _minutes(operation, record, bill, quantity) / 60, rate)
                for operation in self.operations.get(bill.id, ())
                if not operation._skip_operation_line(record)
                for rate in [operation.workcenter_id.costs_hour]
            ]
        node.share = _left_share(bill.byproduct_ids)
        return node

    def _fee(self, bill, product, quantity):
        record = bill.env["product.product"].browse(product)
        seller = record._select_seller(
            quantity=quantity,
            uom_id=record.uom_id,
            params={"subcontractor_ids": bill.subcontractor_ids},
        )
        if not seller:
            return 0.0
        net = seller.price * (1 - seller.discount / 100)
        price = seller.product_uom_id._compute_price(net, record.uom_id)
        return _money(seller, price, self.company) * _landed(seller)


def _minutes(operation, product, bill, quantity):
    """Minutes of an operation for a lot, as Odoo plans them: set-up and clean-up of the work
    centre, and as many cycles as the lot needs, by its efficiency."""
    centre = operation.workcenter_id
    unit = bill.product_uom_id
    size = product.uom_id._compute_quantity(quantity, unit, round=False)
    capacity, setup, cleanup = centre._get_capacity(product, unit, bill.product_qty or 1)
    cycles = ceil(round(size / (capacity or 1), 6))
    return setup + cleanup + cycles * operation.time_cycle * 100 / (centre.time_efficiency or 100)
