"""Confirms the loaded quotations in batches, and says what came of it."""

import psycopg2

from odoo.exceptions import UserError

from ..console import ProblemError
from .progress import Bar
from .session import Clock

CHUNK = 25


def switch_on(session):
    """Turn the suite's switches on once; who turns them off later is not overruled."""
    if session.state("switched"):
        return
    values = session.fill(
        "res.company", supply_planning=True, credit_control="block", customer_pools=True
    )
    if values:
        session.company.write(values)
        session.set_state("switched", "1")
    session.commit()


def waiting(session):
    """Loaded quotations that aren't confirmed and aren't held by credit."""
    ids = [key for name, key in session.known.items() if name.startswith("order_")]
    domain = [("id", "in", ids), ("state", "in", ("draft", "sent"))]
    if session.field("sale.order", "credit_state"):
        domain.append(("credit_state", "!=", "hold"))
    return session.env["sale.order"].search(domain, order="date_order, id")


def confirm(session):
    """Confirm in batches, a commit each; an order that is refused doesn't stop the others."""
    todo = waiting(session).ids
    refused, clock = [], Clock()
    bar = Bar("Confirming", len(todo))
    for start in range(0, len(todo), CHUNK):
        part = session.env["sale.order"].browse(todo[start : start + CHUNK])
        refused += _confirm_part(session, part)
        bar.advance(len(part))
    bar.done(f"{len(todo)} orders")
    seconds = float(session.state("confirm_seconds") or 0) + clock.seconds
    session.set_state("confirm_seconds", f"{seconds:.1f}")
    session.commit()
    return {"asked": len(todo), "seconds": clock.seconds, "refused": refused}


def _confirm_part(session, orders):
    try:
        orders.action_confirm()
        session.commit()
    except UserError as error:
        session.env.cr.rollback()
        session.env.invalidate_all()
        if len(orders) == 1:
            return [(orders.name, str(error).splitlines()[0])]
        return [one for order in orders for one in _confirm_part(session, order)]
    except psycopg2.Error as error:
        raise ProblemError(
            "Confirming stopped: the database refused a statement",
            str(error).strip(),
            "What was confirmed before is kept. If other people work in this database, run the "
            "same command again; if a column is missing, update it first: "
            f"./scripts/odoo -d {session.env.cr.dbname} -u suite_base --stop-after-init",
        ) from error
    return []


def plan(session):
    """A whole run of the planner, timed; None where there is no planner."""
    if "supply.planner" not in session.env.registry:
        return None
    clock = Clock()
    result = session.env["supply.planner"].run(warehouse_ids=session.warehouse.ids)
    session.commit()
    return {**result, "seconds": clock.seconds}


def classify(session):
    """Customer pools after the orders; None without the customer addon."""
    if "customer.pool" not in session.env.registry:
        return None
    clock = Clock()
    stores = [key for name, key in session.known.items() if name.startswith("store_")]
    result = session.env["customer.pool"].classify(partner_ids=stores)
    session.commit()
    return {"counts": result, "seconds": clock.seconds}


def figures(session):
    """What stands in the database now."""
    company = session.company.id
    orders = [key for name, key in session.known.items() if name.startswith("order_")]
    own = [("id", "in", orders)]
    counts = {
        "orders": ("sale.order", own),
        "order lines": ("sale.order.line", [("order_id", "in", orders)]),
        "orders confirmed": ("sale.order", [*own, ("state", "=", "sale")]),
        "orders on credit hold": ("credit.hold", [("sale_order_id", "in", orders)]),
        "plan lines": ("supply.plan.line", [("company_id", "=", company)]),
        "pegs": ("supply.peg", [("company_id", "=", company)]),
        "plan messages": ("supply.message", [("company_id", "=", company)]),
        "deliveries": ("stock.picking", [("sale_id", "in", orders)]),
        "decisions recorded": ("suite.decision", [("company_id", "=", company)]),
    }
    result = {}
    for title, (model, domain) in counts.items():
        if model not in session.env.registry:
            continue
        if model in ("credit.hold",):
            domain = [*domain, ("state", "=", "open")]
        fields = {leaf[0] for leaf in domain}
        if fields <= set(session.env[model]._fields) | {"id"}:
            result[title] = session.env[model].search_count(domain)
    return result
