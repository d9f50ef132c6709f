"""Readiness of many open productions: ours by date priority, and Odoo's own availability.

2,000 confirmed productions of 5 components each out of 400; stock for about half of what they
take, open receipts for a part of the rest.
"""

import random
from datetime import UTC, datetime, timedelta

from .copies import copy_in, copy_rows, reserve
from .meter import Meter, load_average

PRODUCTIONS, PARTS, COMPONENTS, SEED = 2000, 400, 5, 20260101
FIELDS = ["readiness_state", "kit_rate", "buildable_quantity", "ready_date", "readiness_note"]
LIST = [
    *FIELDS,
    "name",
    "priority",
    "product_id",
    "product_qty",
    "kit_percent",
    "supply_for",
    "supply_promise_date",
    "supply_workcenter_id",
    "date_start",
    "state",
]


def build(env):
    """Write the world and commit it: one of each kind by the ORM, the rest by COPY."""
    chance = random.Random(SEED)  # noqa: S311 - the same world each time
    env = env(context=dict(env.context, tracking_disable=True))
    company = env.company
    company.supply_planning = False
    warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
    parts = env["product.product"].create(
        [{"name": f"Part {n}", "is_storable": True} for n in range(PARTS)]
    )
    made = env["product.product"].create({"name": "Made", "is_storable": True})
    bill = env["mrp.bom"].create(
        {
            "product_tmpl_id": made.product_tmpl_id.id,
            "bom_line_ids": [(0, 0, {"product_id": parts[0].id, "product_qty": 1})],
        }
    )
    production = env["mrp.production"].create(
        {
            "product_id": made.id,
            "product_qty": 10,
            "bom_id": bill.id,
            "picking_type_id": warehouse.manu_type_id.id,
        }
    )
    production.action_confirm()
    env.flush_all()
    _productions(env, production, parts, chance)
    _supply(env, warehouse, parts, chance)
    env.invalidate_all()
    company.supply_planning = True
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    return {"productions": env["mrp.production"].search_count([("state", "=", "confirmed")])}


def _productions(env, template, parts, chance):
    ids = reserve(env.cr, "mrp_production", PRODUCTIONS)
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    starts = [now + timedelta(days=chance.randrange(60)) for _id in ids]
    copy_rows(
        env.cr,
        "mrp_production",
        template.id,
        ["id", "name", "date_start", "date_finished", "priority"],
        (
            (number, f"BENCH/{number}", start, start + timedelta(days=2), str(int(n % 20 == 0)))
            for n, (number, start) in enumerate(zip(ids, starts, strict=True))
        ),
    )
    raw = [
        (number, parts[index].id, chance.randrange(1, 4), start)
        for number, start in zip(ids, starts, strict=True)
        for index in chance.sample(range(PARTS), COMPONENTS)
    ]
    moves = reserve(env.cr, "stock_move", len(raw))
    columns = ["id", "product_id", "raw_material_production_id", "product_uom_qty", "product_qty"]
    copy_rows(
        env.cr,
        "stock_move",
        template.move_raw_ids.id,
        [*columns, "date"],
        (
            (move, part, number, 10 * per, 10 * per, start)
            for move, (number, part, per, start) in zip(moves, raw, strict=True)
        ),
    )
    finished = reserve(env.cr, "stock_move", PRODUCTIONS)
    copy_rows(
        env.cr,
        "stock_move",
        template.move_finished_ids.id,
        ["id", "production_id", "date"],
        zip(finished, ids, starts, strict=True),
    )


def _supply(env, warehouse, parts, chance):
    vendor = env["res.partner"].create({"name": "Bench vendor"})
    order = env["purchase.order"].create(
        {
            "partner_id": vendor.id,
            "picking_type_id": warehouse.in_type_id.id,
            "order_line": [
                (
                    0,
                    0,
                    {
                        "product_id": part.id,
                        "product_qty": 200,
                        "price_unit": 1,
                        "date_planned": datetime.now(UTC).replace(tzinfo=None)
                        + timedelta(days=chance.randrange(1, 40)),
                    },
                )
                for part in parts[: PARTS // 2]
            ],
        }
    )
    order.button_confirm()
    env.flush_all()
    now = datetime.now(UTC).replace(tzinfo=None)
    numbers = reserve(env.cr, "stock_quant", PARTS)
    columns = ["id", "product_id", "location_id", "company_id", "quantity", "reserved_quantity"]
    columns += ["in_date", "create_uid", "write_uid", "create_date", "write_date"]
    copy_in(
        env.cr,
        "stock_quant",
        columns,
        (
            (number, part.id, warehouse.lot_stock_id.id, env.company.id)
            + (chance.randrange(100, 900), 0, now, 1, 1, now, now)
            for number, part in zip(numbers, parts, strict=True)
        ),
    )


def ours(env, repeat=3):
    """All fields of all, of 20, and the page that a user opens: filter, count, 80 rows."""
    productions = _open(env)
    states = productions.mapped("readiness_state")
    return {
        "all": _best(env, repeat, lambda: productions.read(FIELDS)),
        "few": _best(env, repeat, lambda: productions[:20].read(FIELDS)),
        "page": _best(env, repeat, lambda: _page(env)),
        "states": {state: states.count(state) for state in sorted(set(states))},
        "load": load_average(),
    }


def _page(env):
    return env["mrp.production"].web_search_read(
        [("readiness_state", "in", ["ready", "partly"]), ("state", "=", "confirmed")],
        {name: {} for name in LIST},
        limit=80,
        order="priority desc, date_start, id",
    )


def stock(env, repeat=2):
    """Odoo's own availability of the same productions: by reservation, no quantity."""
    names = ["components_availability", "components_availability_state"]
    productions = _open(env)
    return {
        "all": _best(env, repeat, lambda: productions.read(names)),
        "load": load_average(),
    }


def _open(env):
    return env["mrp.production"].search([("state", "=", "confirmed"), ("name", "like", "BENCH/")])


def _best(env, repeat, work):
    """The middle of some runs, each from a cold cache."""
    results = []
    for _number in range(repeat):
        env.invalidate_all()
        with Meter(env) as cost:
            work()
        results.append(cost.result)
    return sorted(results, key=lambda result: result["seconds"])[len(results) // 2]
