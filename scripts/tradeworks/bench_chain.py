"""Benchmark of the chain: confirming an order of n lines whose products are made over 3 levels.

Compared in the same process, alternating, on products of the same shape:

- ``ship_from_stock``: planning off, everything in stock: the least that Odoo does
- ``make_to_order``: planning off, Odoo's make-to-order routes over all levels
- ``planned``: planning on, nothing in stock: delivery, plan lines and pegs over all levels
- ``planned_in_stock``: planning on, everything in stock: delivery and pegs

``run(env)`` works inside ``./scripts/odoo shell`` on any database with our addons, writes nothing
that stays (everything is rolled back) and returns medians of seconds and SQL statements.
"""

import gc
import statistics
import time

SIZES = (2, 10, 50, 200)
REPEAT = {2: 7, 10: 5, 50: 5, 200: 3}
MTO_SIZES = (2, 10, 50)
MTO_REPEAT = {2: 3, 10: 2, 50: 1}


def run(env, sizes=SIZES, mto_sizes=MTO_SIZES):
    """Measure and return ``{"sizes": {n: {variant: {...}}}, "goal": …}``."""
    try:
        env = _prepare_environment(env)
        shop = _Shop(env)
        result = {str(size): _measure(shop, size, size in mto_sizes) for size in sizes}
    finally:
        env.cr.rollback()
        env.invalidate_all()
    goal = result.get("50", {}).get("planned", {}).get("times_ship_from_stock")
    left_out = [size for size in sizes if size not in mto_sizes]
    return {
        "what": "sale.order.action_confirm, order lines of 3-level products, medians",
        "sizes": result,
        "make_to_order_left_out": {
            "sizes": left_out,
            "why": "takes minutes; the trend shows in the smaller sizes",
        },
        "goal": {
            "times_ship_from_stock_50_lines": 2.0,
            "reached": goal,
            "ok": goal and goal <= 2.0,
        },
    }


def _prepare_environment(env):
    company = env["res.company"].create({"name": "Bench", "supply_planning": False})
    user = env["res.users"].browse(env.uid if env.uid else 1)
    user.sudo().write({"company_ids": [(4, company.id)]})
    return env(context=dict(env.context, allowed_company_ids=company.ids, tracking_disable=True))


class _Shop:
    """Products of each variant: a top product of two assemblies, each of two bought parts."""

    def __init__(self, env):
        self.env = env
        self.company = env.company
        self.warehouse = env["stock.warehouse"].create(
            {"name": "Bench", "code": "BENCH", "company_id": self.company.id}
        )
        self.customer, self.vendor = env["res.partner"].create(
            [{"name": "Bench customer"}, {"name": "Bench vendor"}]
        )
        mto = env.ref("stock.route_warehouse0_mto")
        mto.active = True
        make = mto | env.ref("mrp.route_warehouse0_manufacture")
        buy = mto | env.ref("purchase_stock.route_warehouse0_buy")
        count = max(SIZES)
        self.tops = {
            "ship_from_stock": self._products("stock", count, {}, {}),
            "planned": self._products(
                "plan", count, {"supply_mode": "planned"}, {"supply_mode": "planned"}
            ),
            "planned_in_stock": self._products(
                "hold", count, {"supply_mode": "planned"}, {"supply_mode": "planned"}
            ),
            "make_to_order": self._products(
                "mto",
                max(MTO_SIZES),
                {"route_ids": [(6, 0, make.ids)]},
                {"route_ids": [(6, 0, buy.ids)]},
            ),
        }
        for product in self.tops["ship_from_stock"] | self.tops["planned_in_stock"]:
            env["stock.quant"]._update_available_quantity(product, self.warehouse.lot_stock_id, 1e6)
        env.flush_all()
        env.cr.execute("ANALYZE")

    def _products(self, name, count, made, bought):
        create = self.env["product.product"].create

        def values(level, number, more):
            return {"name": f"bench {name} {level}{number}", "is_storable": True} | more

        parts = create(
            [
                values("part", n, bought)
                | {
                    "seller_ids": [
                        (
                            0,
                            0,
                            {
                                "partner_id": self.vendor.id,
                                "price": 1 + n % 7,
                                "delay": 3 + n % 9,
                                "currency_id": self.company.currency_id.id,
                            },
                        )
                    ]
                }
                for n in range(count)
            ]
        )
        middles = create([values("sub", n, made) for n in range(count)])
        tops = create([values("top", n, made) for n in range(count)])
        bills = []
        for level, below, lead in ((middles, parts, 2), (tops, middles, 3)):
            for n, product in enumerate(level):
                bills.append(
                    {
                        "product_tmpl_id": product.product_tmpl_id.id,
                        "produce_delay": lead,
                        "company_id": self.company.id,
                        "bom_line_ids": [
                            (0, 0, {"product_id": below[n].id, "product_qty": 2}),
                            (0, 0, {"product_id": below[(n + 1) % count].id, "product_qty": 1}),
                        ],
                    }
                )
        self.env["mrp.bom"].create(bills)
        return tops

    def confirm(self, variant, size):
        """Seconds, statements and what came of one confirmation; rolled back afterwards."""
        env = self.env
        savepoint = env.cr.savepoint(flush=True)
        with savepoint:
            self.company.supply_planning = variant.startswith("planned")
            order = env["sale.order"].create(
                {
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "warehouse_id": self.warehouse.id,
                    "order_line": [
                        (0, 0, {"product_id": product.id, "product_uom_qty": 3})
                        for product in self.tops[variant][:size]
                    ],
                }
            )
            env.flush_all()
            env.invalidate_all()
            gc.collect()
            queries, start = env.cr.sql_log_count, time.perf_counter()
            order.action_confirm()
            env.flush_all()
            seconds = time.perf_counter() - start
            queries = env.cr.sql_log_count - queries
            made = self._outcome(order)
            savepoint.rollback()
        env.invalidate_all()
        return seconds, queries, made

    def _outcome(self, order):
        count = {
            "moves": len(order.picking_ids.move_ids),
            "plan_lines": self.env["supply.plan.line"].search_count(
                [("company_id", "=", self.company.id)]
            ),
            "pegs": self.env["supply.peg"].search_count([("company_id", "=", self.company.id)]),
            "productions": self.env["mrp.production"].search_count(
                [("company_id", "=", self.company.id)]
            ),
        }
        return {key: value for key, value in count.items() if value}


def _measure(shop, size, with_mto):
    variants = ["ship_from_stock", "planned", "planned_in_stock"]
    for variant in variants:
        shop.confirm(variant, size)  # warm caches and the registry's compiled parts
    runs = {variant: [] for variant in variants}
    for _number in range(REPEAT.get(size, 3)):
        for variant in variants:
            runs[variant].append(shop.confirm(variant, size))
    if with_mto:
        runs["make_to_order"] = [
            shop.confirm("make_to_order", size) for _number in range(MTO_REPEAT.get(size, 1))
        ]
    base = statistics.median(seconds for seconds, _queries, _made in runs["ship_from_stock"])
    result = {}
    for variant, measured in runs.items():
        seconds = statistics.median(second for second, _queries, _made in measured)
        result[variant] = {
            "seconds": round(seconds, 3),
            "queries": int(statistics.median(queries for _s, queries, _m in measured)),
            "times_ship_from_stock": round(seconds / base, 2),
            "runs": len(measured),
            **measured[-1][2],
        }
    return result
