"""What credit_risk needs for the goals' pieces. Everything here runs inside Odoo."""

import statistics
import time

from ..planning_bench.meter import Meter, load_average
from . import world

LIST = (
    "partner_id",
    "company_id",
    "effective_limit",
    "exposure",
    "available",
    "overdue_amount",
    "overdue_days",
    "is_locked",
)


def build(env, sizes):
    """The world with credit switched on; each customer has an account with the same limit."""
    made = world.build(env, sizes)
    env.company.write({"credit_control": "block", "credit_overdue_days": 90})
    env["credit.account"].sudo()._make_missing(env.company)
    env.flush_all()
    env.cr.execute(
        "UPDATE credit_account SET limit_kind = 'limited', limit_amount = %s", [sizes["limit"]]
    )
    env.cr.commit()
    world.analyze(env)
    world.remember(env, made)
    return made | {"load": load_average()}


def search(env, repeat=3):
    """The search for customers over their limit: the best of some tries, each with empty caches."""
    runs = []
    for _try in range(repeat):
        env.invalidate_all()
        with Meter(env) as cost:
            found = env["credit.account"].search([("is_over_limit", "=", True)])
        runs.append(cost)
    best = min(runs, key=lambda cost: cost.result["seconds"])
    return best.result | {
        "found": len(found),
        "slowest_sql": [[round(s, 3), count, text[:80]] for s, count, text in best.sql[:3]],
        "load": load_average(),
    }


def listing(env, rows=(20, 80)):
    """A page of the list of accounts with their exposure, at several lengths."""
    result = {}
    specification = {name: {} for name in LIST}
    specification["partner_id"] = specification["company_id"] = {"fields": {"display_name": {}}}
    for count in rows:
        runs = []
        for _try in range(4):
            env.invalidate_all()
            with Meter(env) as cost:
                env["credit.account"].web_search_read([], specification, limit=count)
            runs.append(cost.result)
        result[str(count)] = min(runs[1:], key=lambda cost: cost["seconds"])
    return result


def confirm(env, repeat=15):
    """What the decision adds to confirming an order: the same order with credit off and on.

    Both inside savepoints that are rolled back, in turns, warm.
    """
    made = world.remembered(env)
    company = env["res.company"].browse(made["company"])
    orders = new_orders(env, made, repeat + 1)
    env.flush_all()
    costs = {"off": [], "block": []}
    statements = {"off": [], "block": []}
    texts = {}
    for number, order in enumerate(orders):
        modes = ("off", "block") if number % 2 else ("block", "off")
        for mode in modes:
            seconds, count, sql = _confirm(env, company, order, mode)
            if number:  # the first order warms up
                costs[mode].append(seconds)
                statements[mode].append(count)
                texts[mode] = sql
    added = [block - off for block, off in zip(costs["block"], costs["off"], strict=True)]
    return {
        "off_ms": _milliseconds(costs["off"]),
        "block_ms": _milliseconds(costs["block"]),
        "added_ms": _milliseconds(added),
        "off_statements": statistics.median(statements["off"]),
        "block_statements": statistics.median(statements["block"]),
        "added_statements": statistics.median(statements["block"])
        - statistics.median(statements["off"]),
        "added_sql": _added_sql(texts),
        "move_lines": made["lines"],
        "load": load_average(),
    }


def _confirm(env, company, order, mode):
    with env.cr.savepoint() as savepoint:
        company.credit_control = mode
        env.flush_all()
        env.invalidate_all()
        # As a request has it: the order on the screen is read, then the button is pressed.
        order.web_read({"name": {}, "amount_total": {}, "state": {}})
        with Meter(env) as cost:
            order.action_confirm()
            env.flush_all()
        assert order.state == "sale", order.credit_state
        savepoint.rollback()
    env.invalidate_all(flush=False)
    return cost.result["seconds"], cost.result["statements"], cost.sql


def _milliseconds(seconds):
    return round(statistics.median(seconds) * 1000, 1)


def _added_sql(texts):
    """Statements that the decision adds, with their number and time in milliseconds."""
    without = {text: count for _seconds, count, text in texts["off"]}
    return [
        [count - without.get(text, 0), round(seconds * 1000, 1), text[:110]]
        for seconds, count, text in texts["block"]
        if count > without.get(text, 0)
    ]


def new_orders(env, made, count, customers=None, price=100.0):
    """Quotations of three lines, shared out among the first customers."""
    customers = customers or made["customers"]
    line = {"product_id": made["product"], "price_unit": price, "tax_ids": False}
    return env["sale.order"].create(
        [
            {
                "partner_id": made["partner"] + number % customers,
                "order_line": [(0, 0, dict(line)) for _line in range(3)],
            }
            for number in range(count)
        ]
    )


def prepare_load(env, orders, customers):
    """Orders of 300 for few customers whose limit lets about half of theirs pass."""
    made = world.remembered(env)
    seller = env["res.users"].search([("login", "=", "admin")])
    records = new_orders(env, made, orders, customers)
    room = orders / customers * 300.0 / 2
    partners = records.partner_id
    accounts = env["credit.account"].search([("partner_id", "in", partners.ids)])
    figures = accounts._figures()
    for account in accounts:
        env.cr.execute(
            "UPDATE credit_account SET limit_amount = %s WHERE id = %s",
            [figures[account.id].exposure + room, account.id],
        )
    env.cr.commit()
    return {"orders": records.ids, "uid": seller.id, "accounts": accounts.ids}


def judge_load(env, orders, accounts):
    """How the load ended: who is over his limit, what was confirmed and held."""
    figures = env["credit.account"].browse(accounts)._figures()
    records = env["sale.order"].browse(orders)
    return {
        "over_limit": sum(found.excess() > 0 for found in figures.values()),
        "room_left_for_one_more": sum(found.available >= 300.0 for found in figures.values()),
        "confirmed": len(records.filtered(lambda order: order.state == "sale")),
        "held": len(records.filtered(lambda order: order.credit_state == "hold")),
    }


def bump_cost(env, rows=1_000):
    """Milliseconds for a thousand open items written, which every index has its share of."""
    env.cr.execute("SELECT id FROM account_move_line ORDER BY id DESC LIMIT %s", [rows])
    ids = [row[0] for row in env.cr.fetchall()]
    start = time.perf_counter()
    env.cr.execute(
        "UPDATE account_move_line SET amount_residual = amount_residual + 1 WHERE id = ANY(%s)",
        [ids],
    )
    seconds = time.perf_counter() - start
    env.cr.rollback()
    return {"rows": rows, "ms": round(seconds * 1000, 1)}
