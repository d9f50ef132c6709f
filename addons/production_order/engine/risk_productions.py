"""Delivery risk that lies in productions."""

from odoo.tools import SQL

from odoo.addons.inventory_link.engine import risk
from odoo.addons.inventory_link.engine.risk_reads import HISTORY

WAITS = 20


def judge(cr, risks, rows, company_ids, as_of):
    """Add the causes of these productions, open or planned, to the risks of their orders.

    :param rows: order, kind, production or plan line, product, slack in days
    """
    known = _productions(cr, {row[2] for row in rows if row[1] == "production"})
    planned = _planned(cr, {row[2] for row in rows if row[1] == "plan_line"})
    records = _records(cr, {row[3] for row in rows}, company_ids, as_of)
    for order, kind, ref, product, slack in rows:
        if kind == "plan_line":
            if ref in planned:
                record = records.get(product)
                risk.judge_record(risks[order], "production", -ref, slack, record, product=product)
            continue
        if ref not in known:
            continue
        begin, started, waits, expedite = known[ref]
        found, named = risks[order], {"product": product, "production": ref}
        if begin and begin < as_of and not started:
            days = (as_of - begin).days
            points = risk.BEHIND if slack is None or days > slack else risk.BEHIND_LITTLE
            found.add("production_behind", points, days=days, **named)
        if waits and not started:
            found.add("production_waits", WAITS, **named)
        if expedite:
            found.add("production_expedite", risk.EXPEDITE, **named)
        if not started or slack is None or slack <= 0:
            risk.judge_record(found, "production", ref, slack, records.get(product), **named)


def _planned(cr, ids):
    """Those of the plan lines that will be productions."""
    cr.execute(
        SQL(
            "SELECT id FROM supply_plan_line WHERE id = ANY(%s) AND action = 'make'",
            list(ids),
        )
    )
    return {row[0] for row in cr.fetchall()}


def _productions(cr, ids):
    """Start, started, waits for material beyond its start, asked to end earlier."""
    cr.execute(
        SQL(
            """
            SELECT mo.id,
                   (mo.date_start AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(p.tz, 'UTC'))::date,
                   mo.state IN ('progress', 'to_close'),
                   EXISTS (SELECT 1 FROM supply_peg g WHERE g.production_id = mo.id
                              AND (g.feasible_date IS NULL OR g.feasible_date
                                   > (mo.date_start AT TIME ZONE 'UTC'
                                      AT TIME ZONE COALESCE(p.tz, 'UTC'))::date)),
                   EXISTS (SELECT 1 FROM supply_message m WHERE m.production_id = mo.id
                              AND m.kind = 'expedite' AND m.state = 'open')
              FROM mrp_production mo
              JOIN res_company c ON c.id = mo.company_id
              JOIN res_partner p ON p.id = c.partner_id
             WHERE mo.id = ANY(%s)
            """,
            list(ids),
        )
    )
    return {row[0]: row[1:] for row in cr.fetchall()}


def _records(cr, product_ids, company_ids, as_of):
    """How late productions of these products ended in the year before, against the day of their
    plan line: ``{product: {days late: productions}}``."""
    cr.execute(
        SQL(
            """
            SELECT product_id, late, count(*) FROM (
                SELECT mo.product_id,
                       GREATEST(0, (mo.date_finished AT TIME ZONE 'UTC'
                                    AT TIME ZONE COALESCE(p.tz, 'UTC'))::date
                                   - GREATEST(l.due_date, l.feasible_date)) AS late
                  FROM mrp_production mo
                  JOIN supply_plan_line l ON l.id = mo.plan_line_id
                  JOIN res_company c ON c.id = mo.company_id
                  JOIN res_partner p ON p.id = c.partner_id
                 WHERE mo.product_id = ANY(%(products)s) AND mo.state = 'done'
                   AND mo.company_id = ANY(%(companies)s)
                   AND mo.date_finished >= %(as_of)s::date - %(history)s
                   AND mo.date_finished < %(as_of)s::date + 1
            ) x WHERE late IS NOT NULL GROUP BY 1, 2
            """,
            products=list(product_ids),
            companies=list(company_ids),
            as_of=as_of,
            history=HISTORY,
        )
    )
    result = {}
    for product, late, count in cr.fetchall():
        result.setdefault(product, {})[late] = count
    return result
