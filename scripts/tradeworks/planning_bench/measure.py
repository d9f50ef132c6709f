"""What is measured inside Odoo, each in a process of its own on a world that stands ready."""

import statistics
import time

from odoo import Command

from . import shape, world
from .meter import Meter, load_average, rss_now, rss_peak

OF_A_RUN = ("inserted", "updated", "deleted", "messages", "pegs")


def build(env, name, products=None):
    """Write a world (scaled to ``products``) and commit it."""
    spec = shape.WORLDS[name]
    start = time.perf_counter()
    made = world.build(env, spec.scaled(products) if products else spec)
    env.cr.commit()
    return {
        "seconds": round(time.perf_counter() - start, 2),
        "products": len(made["products"]),
        "order_lines": len(made["lines"]),
    }


def full(env, repeat=3):
    """A full run: medians of some runs that are rolled back, the last one is kept."""
    planner = env["supply.planner"].sudo()
    costs, of_the_plan = [], []
    for number in range(repeat):
        with Meter(env) as cost:
            result = planner.run()
        costs.append(cost)
        of_the_plan.append(_planning_statements(env) or cost.result["statements"])
        if number + 1 < repeat:
            env.cr.rollback()
            env.invalidate_all()
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    return median([cost.result for cost in costs]) | {
        "runs": repeat,
        "planning_statements": _middle(of_the_plan),
        "plan_lines": _count(env, "supply_plan_line"),
        "pegs": _count(env, "supply_peg"),
        "result": {key: result[key] for key in OF_A_RUN if key in result},
        "slowest_sql": _slowest(costs[-1]),
        "load": load_average(),
    }


def _planning_statements(env):
    """Statements of the last run as its log has them: without the log and the digest mails."""
    return env["supply.run"].sudo().search([], order="id desc", limit=1).statements


def again(env, repeat=3):
    """An unchanged re-run: its time, and the rows that it wrote by our count and PostgreSQL's."""
    planner = env["supply.planner"].sudo()
    costs, said = [], 0
    for _number in range(repeat):
        with Meter(env) as cost:
            result = planner.run()
        said += sum(result.get(key) or 0 for key in OF_A_RUN)
        costs.append(cost.result)
        env.cr.commit()
    written = sum(cost["rows_written"] for cost in costs)
    return median(costs) | {"runs": repeat, "rows_written": written, "rows_reported": said}


def changes(env, orders=10):
    """One order line's quantity changed by a user: the whole action, and the planner in it.

    Ten orders from all over the world, each change rolled back; two more before to warm up.
    """
    lines = env["sale.order.line"].search(
        [("state", "=", "sale"), ("order_id.name", "like", "W%-%")], order="id"
    )
    step = max(1, len(lines) // (orders + 2))
    own = _own_time(env)
    costs = []
    for number in range(orders + 2):
        line = lines[number * step + step // 2]
        own.clear()
        with Meter(env) as cost:
            line.product_uom_qty += 3
            env.cr.flush()
        costs.append(cost.result | {"planner_ms": round(1000 * sum(own), 1)})
        slowest = _slowest(cost)
        env.cr.rollback()
        env.invalidate_all()
    costs = costs[2:]
    return {
        "whole_ms": _middle(1000 * cost["seconds"] for cost in costs),
        "whole_ms_worst": round(max(1000 * cost["seconds"] for cost in costs), 1),
        "planner_ms": _middle(cost["planner_ms"] for cost in costs),
        "planner_ms_worst": max(cost["planner_ms"] for cost in costs),
        "cpu_ms": _middle(1000 * (cost["cpu_python"] + cost["cpu_database"]) for cost in costs),
        "statements": _middle(cost["statements"] for cost in costs),
        "rows_written": _middle(cost["rows_written"] for cost in costs),
        "orders": orders,
        "slowest_sql": slowest,
        "load": load_average(),
    }


def promises(env, quotes=10, size=10):
    """Promise dates of quotations of ten lines, from all over the world: the whole call, as a
    screen makes it. Then one of them confirmed, which promises once more and plans."""
    products = env["product.product"].search(
        [("supply_mode", "=", "planned"), ("sale_ok", "=", True)], order="id"
    )
    known = env["sale.order.line"].search([("order_id.name", "like", "W%-%")], order="id")
    sold = known.product_id & products
    step = max(1, len(sold) // ((quotes + 2) * size))
    costs = []
    for number in range(quotes + 2):
        first = number * step * size
        order = env["sale.order"].create(
            {
                "partner_id": known[0].order_id.partner_id.id,
                "company_id": known[0].company_id.id,
                "warehouse_id": known[0].warehouse_id.id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": 3})
                    for product in sold[first : first + step * size : step]
                ],
            }
        )
        env.flush_all()
        env.invalidate_all()
        with Meter(env) as cost:
            found = order.get_promises()
        costs.append(cost.result | {"dated": sum(bool(row["date"]) for row in found)})
        slowest = _slowest(cost)
    with Meter(env) as confirming:
        order.action_confirm()
        env.cr.flush()
    env.cr.rollback()
    costs = costs[2:]
    return {
        "ms": _middle(1000 * cost["seconds"] for cost in costs),
        "ms_worst": round(max(1000 * cost["seconds"] for cost in costs), 1),
        "cpu_ms": _middle(1000 * (cost["cpu_python"] + cost["cpu_database"]) for cost in costs),
        "statements": _middle(cost["statements"] for cost in costs),
        "dated": min(cost["dated"] for cost in costs),
        "confirm_ms": round(1000 * confirming.result["seconds"], 1),
        "quotes": quotes,
        "slowest_sql": slowest,
        "load": load_average(),
    }


def _own_time(env):
    """Seconds of each outermost call of the planner's net change from now on, as a list."""
    model = env.registry["supply.planner"]
    plain, spent, depth = model._plan_products, [], []

    def timed(self, *args, **kwargs):
        depth.append(1)
        start = time.perf_counter()
        try:
            return plain(self, *args, **kwargs)
        finally:
            depth.pop()
            if not depth:
                spent.append(time.perf_counter() - start)

    model._plan_products = timed
    return spent


def release(env, batches=3, size=100, chunk=25):
    """Approve and release production orders in batches; CPU of each, memory after each."""
    env["supply.planner"].sudo().run()
    env.cr.commit()
    lines = env["supply.plan.line"].search(
        [("action", "=", "make"), ("state", "=", "proposed")],
        order="order_date, id",
        limit=batches * size,
    )
    todo = [lines[start : start + chunk].ids for start in range(0, len(lines), chunk)]
    result = []
    for batch in range(batches):
        parts = todo[batch * size // chunk : (batch + 1) * size // chunk]
        result.append(_release_batch(env, parts))
    made = env["mrp.production"].search_count([("plan_line_id", "in", lines.ids)])
    return {"batches": result, "asked": len(lines), "productions": made, "load": load_average()}


def _release_batch(env, parts):
    costs = {"approve": [], "release": []}
    for ids in parts:
        records = env["supply.plan.line"].browse(ids)
        for action, spent in costs.items():
            with Meter(env) as cost:
                getattr(records, f"action_{action}")()
                env.cr.commit()
            spent.append(cost.result)
        env.invalidate_all()
    return {
        f"{action}_{key}": round(sum(cost[key] for cost in spent), 2)
        for action, spent in costs.items()
        for key in ("seconds", "cpu_python", "cpu_database", "statements")
    } | {"rss_mb": rss_now(), "rss_peak_mb": rss_peak()}


def chain(env):
    """A 50-line order of 3-level products: planned against stock Odoo's make to order."""
    from tradeworks import bench_chain  # noqa: PLC0415 - runs inside Odoo only

    return bench_chain.run(env, sizes=(50,), mto_sizes=(50,))


def median(costs):
    """Middle values of each number of some results."""
    return {
        key: round(statistics.median(cost[key] for cost in costs), 3)
        for key, value in costs[0].items()
        if isinstance(value, (int, float))
    }


def _middle(values):
    return round(statistics.median(values), 1)


def _count(env, table):
    env.cr.execute(f'SELECT count(*) FROM "{table}"')
    return env.cr.fetchone()[0]


def _slowest(cost):
    return [
        {"seconds": round(seconds, 3), "times": count, "statement": text}
        for seconds, count, text in cost.sql[:8]
    ]
