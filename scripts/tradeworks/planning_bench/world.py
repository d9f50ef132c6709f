"""Writes a synthetic world into a database, straight by COPY.

In ``./scripts/odoo shell -d NAME``::

    import sys

    sys.path.insert(0, "scripts")
    from tradeworks.planning_bench import world

    world.build(env, "large")
    env.cr.commit()

Works with our addons (products are planned, the company plans) and without them (for peers).
"""

import math
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo.tools import SQL

from . import shape
from .copies import copy_in, copy_rows, reserve

VENDORS, CUSTOMERS = 20, 50


def build(env, world):
    """Write a world (its name, or a :class:`shape.World`) into the user's company.

    Nothing is committed. Returns ids and counts: ``products`` (product ids by product number),
    ``orders``, ``lines`` (sale order line ids), ``company``, ``warehouse``.
    """
    spec = shape.WORLDS[world] if isinstance(world, str) else world
    products, demands = shape.make(spec)
    return _Writer(env, spec).write(products, demands)


class _Writer:
    def __init__(self, env, spec):
        self.env, self.cr, self.spec = (
            env(context=dict(env.context, tracking_disable=True)),
            env.cr,
            spec,
        )
        self.ours = "supply_mode" in env["product.template"]._fields
        self.company = env.company
        self.warehouse = env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        tz = ZoneInfo(self.company.partner_id.tz or "UTC")
        self.noon = datetime.combine(datetime.now(tz).date(), time(12), tz).astimezone(UTC)

    def write(self, products, demands):
        if self.ours:
            self.company.supply_planning = False  # the templates are no part of the plan
        self._templates()
        ids = self._products(products)
        self._bills(products, ids)
        self._offers(products, ids)
        self._stock(products, ids)
        orders, lines = self._orders(demands, ids)
        if self.ours:
            self.company.supply_planning = True
        self.env.flush_all()
        self.env.invalidate_all()
        self.cr.execute("ANALYZE")
        return {
            "products": list(ids),
            "orders": list(orders),
            "lines": list(lines),
            "company": self.company.id,
            "warehouse": self.warehouse.id,
        }

    # -- templates ------------------------------------------------------------------------------

    def _templates(self):
        """One record of each kind, by the ORM; products and orders of them stay out of the plan."""
        env = self.env
        self.vendors = env["res.partner"].create(
            [{"name": f"World vendor {n}"} for n in range(VENDORS)]
        )
        self.customers = env["res.partner"].create(
            [{"name": f"World customer {n}"} for n in range(CUSTOMERS)]
        )
        self.product, part = env["product.product"].create(
            [{"name": "World template", "is_storable": True}, {"name": "World part"}]
        )
        self.offer = env["product.supplierinfo"].create(
            {
                "partner_id": self.vendors[0].id,
                "product_tmpl_id": self.product.product_tmpl_id.id,
                "price": 1.0,
                "currency_id": self.company.currency_id.id,
                "company_id": self.company.id,
            }
        )
        self.bill = env["mrp.bom"].create(
            {
                "product_tmpl_id": self.product.product_tmpl_id.id,
                "company_id": self.company.id,
                "bom_line_ids": [(0, 0, {"product_id": part.id, "product_qty": 1})],
            }
        )
        self.order = env["sale.order"].create(
            {
                "partner_id": self.customers[0].id,
                "company_id": self.company.id,
                "warehouse_id": self.warehouse.id,
                "commitment_date": self._at(30),
                "order_line": [
                    (0, 0, {"product_id": self.product.id, "product_uom_qty": 1, "price_unit": 1})
                ],
            }
        )
        self.order.action_confirm()
        self.move = self.order.picking_ids.move_ids
        self.move.ensure_one()
        env.flush_all()

    def _at(self, day):
        return (self.noon + timedelta(days=day)).replace(tzinfo=None)

    # -- products -------------------------------------------------------------------------------

    def _products(self, products):
        cr, template = self.cr, self.product.product_tmpl_id
        templates = reserve(cr, "product_template", len(products))
        ids = reserve(cr, "product_product", len(products))
        columns = ["id", "name", "default_code", "supply_mode", "supply_bucket_days"]
        columns += ["supply_multiple", "supply_policy"]
        copy_rows(
            cr,
            "product_template",
            template.id,
            columns,
            (
                (tid, {"en_US": f"World {p.code}"}, p.code, "planned")
                + (self.spec.bucket, p.multiple, "merged")
                for tid, p in zip(templates, products, strict=True)
            ),
        )
        copy_rows(
            cr,
            "product_product",
            self.product.id,
            ["id", "product_tmpl_id", "default_code"],
            ((pid, tid, p.code) for pid, tid, p in zip(ids, templates, products, strict=True)),
        )
        self.templates = templates
        make = self.env.ref("mrp.route_warehouse0_manufacture").id
        buy = self.env.ref("purchase_stock.route_warehouse0_buy").id
        cr.execute(SQL("DELETE FROM stock_route_product WHERE product_id >= %s", templates[0]))
        copy_in(
            cr,
            "stock_route_product",
            ["product_id", "route_id"],
            ((tid, make if p.bill else buy) for tid, p in zip(templates, products, strict=True)),
        )
        return ids

    def _bills(self, products, ids):
        made = [number for number, product in enumerate(products) if product.bill]
        bills = reserve(self.cr, "mrp_bom", len(made))
        copy_rows(
            self.cr,
            "mrp_bom",
            self.bill.id,
            ["id", "product_tmpl_id", "produce_delay"],
            (
                (bill, self.templates[n], products[n].lead)
                for bill, n in zip(bills, made, strict=True)
            ),
        )
        lines = [
            (bill, ids[part], quantity)
            for bill, n in zip(bills, made, strict=True)
            for part, quantity in products[n].bill
        ]
        numbers = reserve(self.cr, "mrp_bom_line", len(lines))
        copy_rows(
            self.cr,
            "mrp_bom_line",
            self.bill.bom_line_ids.id,
            ["id", "bom_id", "product_id", "product_tmpl_id", "product_qty"],
            (
                (number, bill, part, self.templates[part - ids[0]], quantity)
                for number, (bill, part, quantity) in zip(numbers, lines, strict=True)
            ),
        )

    def _offers(self, products, ids):
        rows = [
            (self.templates[n], self.vendors[vendor].id, price, lead, minimum)
            for n, product in enumerate(products)
            for vendor, price, lead, minimum in product.vendors
        ]
        numbers = reserve(self.cr, "product_supplierinfo", len(rows))
        copy_rows(
            self.cr,
            "product_supplierinfo",
            self.offer.id,
            ["id", "product_tmpl_id", "product_id", "partner_id", "price", "delay", "min_qty"],
            (
                (number, template, None, vendor, price, lead, minimum)
                for number, (template, vendor, price, lead, minimum) in zip(
                    numbers, rows, strict=True
                )
            ),
        )

    def _stock(self, products, ids):
        rows = [(ids[n], p.stock) for n, p in enumerate(products) if p.stock]
        columns = ["id", "product_id", "location_id", "company_id", "quantity"]
        columns += ["reserved_quantity", "in_date", "create_uid", "write_uid"]
        columns += ["create_date", "write_date"]
        now = datetime.now(UTC).replace(tzinfo=None)
        place, company = self.warehouse.lot_stock_id.id, self.company.id
        copy_in(
            self.cr,
            "stock_quant",
            columns,
            (
                (number, pid, place, company, stock, 0, now, 1, 1, now, now)
                for number, (pid, stock) in zip(
                    reserve(self.cr, "stock_quant", len(rows)), rows, strict=True
                )
            ),
        )

    # -- orders ---------------------------------------------------------------------------------

    def _orders(self, demands, ids):
        cr = self.cr
        count = demands[-1].order + 1
        day = {demand.order: demand.day for demand in demands}
        orders = reserve(cr, "sale_order", count)
        pickings = reserve(cr, "stock_picking", count)
        customers = [self.customers[n % CUSTOMERS].id for n in range(count)]
        names = [f"W{orders[0]}-{n:05}" for n in range(count)]
        columns = ["id", "name", "partner_id", "partner_invoice_id", "partner_shipping_id"]
        copy_rows(
            cr,
            "sale_order",
            self.order.id,
            [*columns, "commitment_date", "access_token"],
            (
                (orders[n], names[n], customers[n], customers[n], customers[n])
                + (self._at(day[n]), None)
                for n in range(count)
            ),
        )
        copy_rows(
            cr,
            "stock_picking",
            self.move.picking_id.id,
            ["id", "name", "sale_id", "partner_id", "origin", "scheduled_date", "date_deadline"],
            (
                (pickings[n], f"{names[n]}/OUT", orders[n], customers[n], names[n])
                + (self._move_date(day[n]), self._at(day[n]))
                for n in range(count)
            ),
        )
        lines = self._order_lines(demands, ids, orders, customers)
        self._moves(demands, ids, pickings, lines, customers, names)
        return orders, lines

    def _move_date(self, day):
        return self._at(day - math.ceil(self.company.security_lead or 0))

    def _order_lines(self, demands, ids, orders, customers):
        lines = reserve(self.cr, "sale_order_line", len(demands))
        copy_rows(
            self.cr,
            "sale_order_line",
            self.order.order_line.id,
            ["id", "order_id", "order_partner_id", "product_id", "product_uom_qty"],
            (
                (line, orders[d.order], customers[d.order], ids[d.product], d.quantity)
                for line, d in zip(lines, demands, strict=True)
            ),
        )
        return lines

    def _moves(self, demands, ids, pickings, lines, customers, names):
        cr = self.cr
        moves = reserve(cr, "stock_move", len(demands))
        columns = ["id", "picking_id", "product_id", "sale_line_id", "partner_id", "origin"]
        columns += ["reference", "product_uom_qty", "product_qty", "date", "date_deadline"]
        copy_rows(
            cr,
            "stock_move",
            self.move.id,
            columns,
            (
                (move, pickings[d.order], ids[d.product], line, customers[d.order])
                + (names[d.order], f"{names[d.order]}/OUT", d.quantity, d.quantity)
                + (self._move_date(d.day), self._at(d.day))
                for move, line, d in zip(moves, lines, demands, strict=True)
            ),
        )
        self._references(demands, moves, names)

    def _references(self, demands, moves, names):
        """What ties moves and orders together (``stock.reference``)."""
        cr, move = self.cr, self.move
        if not move.reference_ids:
            return
        numbers = reserve(cr, "stock_reference", len(names))
        copy_rows(
            cr,
            "stock_reference",
            move.reference_ids[0].id,
            ["id", "name"],
            zip(numbers, names, strict=True),
        )
        link = move._fields["reference_ids"]
        copy_in(
            cr,
            link.relation,
            [link.column1, link.column2],
            ((m, numbers[d.order]) for m, d in zip(moves, demands, strict=True)),
        )
        link = self.env["stock.reference"]._fields["sale_ids"]
        cr.execute(
            SQL(
                "INSERT INTO %s (%s, %s) SELECT r.id, o.id FROM stock_reference r"
                " JOIN sale_order o ON o.name = r.name WHERE r.id = ANY(%s)",
                SQL.identifier(link.relation),
                SQL.identifier(link.column1),
                SQL.identifier(link.column2),
                list(numbers),
            )
        )
