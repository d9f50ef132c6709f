"""What the delivery risk of orders is judged by: whole sets, as of a day."""

from psycopg2.extras import Json

from odoo.tools import SQL

#: Days of receipts that a vendor is known by.
HISTORY = 365

_OPEN = SQL("so.state = 'sale' AND sol.product_uom_qty - COALESCE(sol.qty_delivered, 0) > 0.000001")


def promised_day(tz):
    """The day that the vendor of purchase line ``pol`` promised first, else the one planned."""
    return SQL(
        "COALESCE(pol.date_promised_first,"
        " (pol.date_planned AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(%s, 'UTC'))::date)",
        tz,
    )


def open_lines(cr, order_ids):
    """Undelivered lines with what was promised (else wanted) and what is possible: line, order,
    product, promised day, possible day, reason of that."""
    cr.execute(
        SQL(
            """
            SELECT sol.id, sol.order_id, sol.product_id,
                   COALESCE(sol.promised_date, (so.commitment_date AT TIME ZONE 'UTC'
                            AT TIME ZONE COALESCE(p.tz, 'UTC'))::date),
                   sol.promise_date, sol.promise_data
              FROM sale_order_line sol
              JOIN sale_order so ON so.id = sol.order_id
              JOIN res_company c ON c.id = sol.company_id AND c.supply_planning
              JOIN res_partner p ON p.id = c.partner_id
             WHERE so.id = ANY(%s) AND %s AND sol.promise_data IS NOT NULL
             ORDER BY sol.order_id, sol.id
            """,
            list(order_ids),
            _OPEN,
        )
    )
    return cr.fetchall()


def supplies(cr, order_ids, chain):
    """What the orders wait for, through all levels: order, kind, id, product, slack in days.

    *Slack* is by how many days a supply may come later than it does now before the order is late:
    what is left until it is needed on its own level, and until the promise on the order's. Stock
    has nothing to come and isn't told.

    :param list chain: pairs (demand column, supply column) of pegs, see ``_chain_columns``
    """
    kinds = {supply: demand for demand, supply in chain}
    below = SQL(" UNION ALL ").join(
        SQL("SELECT g.* FROM supply_peg g WHERE g.%s = d.%s", *map(SQL.identifier, pair))
        for pair in chain
    )
    columns = SQL(", ").join(SQL("g.%s", SQL.identifier(name)) for name in kinds)
    told = SQL(" UNION ALL ").join(
        SQL(
            "SELECT order_id, %s AS kind, %s AS ref, product_id, slack FROM down"
            " WHERE %s IS NOT NULL",
            name.removeprefix("supply_").removesuffix("_id"),
            SQL.identifier(name),
            SQL.identifier(name),
        )
        for name in kinds
    )
    cr.execute(
        SQL(
            """
            WITH RECURSIVE line AS (
                SELECT sol.id, sol.order_id,
                       COALESCE(sol.promised_date, (so.commitment_date AT TIME ZONE 'UTC'
                                AT TIME ZONE COALESCE(p.tz, 'UTC'))::date)
                       - COALESCE(c.security_lead, 0)::int AS latest
                  FROM sale_order_line sol
                  JOIN sale_order so ON so.id = sol.order_id
                  JOIN res_company c ON c.id = sol.company_id AND c.supply_planning
                  JOIN res_partner p ON p.id = c.partner_id
                 WHERE so.id = ANY(%(orders)s) AND %(open)s
            ), down AS (
                SELECT l.order_id, g.id, g.product_id, l.latest - g.date AS spare,
                       l.latest - g.feasible_date AS slack, %(columns)s
                  FROM line l JOIN supply_peg g ON g.sale_line_id = l.id AND NOT g.tentative
                 WHERE l.latest IS NOT NULL
                 UNION
                SELECT d.order_id, g.id, g.product_id, d.spare,
                       d.spare + g.date - g.feasible_date, %(columns)s
                  FROM down d CROSS JOIN LATERAL (%(below)s) g
            )
            SELECT order_id, kind, ref, product_id, min(slack)
              FROM (%(told)s) x
             GROUP BY 1, 2, 3, 4
             ORDER BY 1, 2, 3, 4
            """,
            orders=list(order_ids),
            open=_OPEN,
            columns=columns,
            below=below,
            told=told,
        )
    )
    return cr.fetchall()


def purchases(cr, line_ids):
    """Purchase lines: id, order, vendor, planned day, confirmed, an open message asks for more
    speed."""
    cr.execute(
        SQL(
            """
            SELECT pol.id, pol.order_id, v.commercial_partner_id,
                   (pol.date_planned AT TIME ZONE 'UTC'
                    AT TIME ZONE COALESCE(p.tz, 'UTC'))::date,
                   po.state = 'purchase',
                   EXISTS (SELECT 1 FROM supply_message m WHERE m.purchase_line_id = pol.id
                              AND m.kind = 'expedite' AND m.state = 'open')
              FROM purchase_order_line pol
              JOIN purchase_order po ON po.id = pol.order_id
              JOIN res_partner v ON v.id = po.partner_id
              JOIN res_company c ON c.id = po.company_id
              JOIN res_partner p ON p.id = c.partner_id
             WHERE pol.id = ANY(%s)
            """,
            list(line_ids),
        )
    )
    return {row[0]: row[1:] for row in cr.fetchall()}


def plan_lines(cr, line_ids):
    """Plan lines: id, day to order or start, vendor, action."""
    cr.execute(
        SQL(
            "SELECT l.id, l.order_date, v.commercial_partner_id, l.action"
            " FROM supply_plan_line l LEFT JOIN res_partner v ON v.id = l.vendor_id"
            " WHERE l.id = ANY(%s)",
            list(line_ids),
        )
    )
    return {row[0]: row[1:] for row in cr.fetchall()}


def receipts(cr, vendor_ids, company_ids, as_of):
    """How late each vendor delivered in the year before, against the day first promised, from own
    receipts: ``{vendor: {days late: purchase lines}}``; early ones count as 0. A line that came in
    parts counts once, by its last part: a day that the buyer moved makes no vendor punctual."""
    cr.execute(
        SQL(
            """
            SELECT vendor, late, count(*) FROM (
                SELECT v.commercial_partner_id AS vendor,
                       GREATEST(0, (max(m.date) AT TIME ZONE 'UTC'
                                    AT TIME ZONE COALESCE(p.tz, 'UTC'))::date
                                   - %(promised)s) AS late
                  FROM res_partner v
                  JOIN purchase_order po ON po.partner_id = v.id
                  JOIN purchase_order_line pol ON pol.order_id = po.id
                  JOIN stock_move m ON m.purchase_line_id = pol.id AND m.state = 'done'
                       AND m.origin_returned_move_id IS NULL
                  JOIN res_company c ON c.id = po.company_id
                  JOIN res_partner p ON p.id = c.partner_id
                 WHERE v.commercial_partner_id = ANY(%(vendors)s)
                   AND po.company_id = ANY(%(companies)s)
                   AND m.date >= %(as_of)s::date - %(history)s
                   AND m.date < %(as_of)s::date + 1
                 GROUP BY pol.id, v.commercial_partner_id, p.tz
            ) x GROUP BY 1, 2
            """,
            promised=promised_day(SQL("p.tz")),
            vendors=list(vendor_ids),
            companies=list(company_ids),
            as_of=as_of,
            history=HISTORY,
        )
    )
    result = {}
    for vendor, late, count in cr.fetchall():
        result.setdefault(vendor, {})[late] = count
    return result


def stored(cr, order_ids):
    """Order, level, points and causes as stored."""
    cr.execute(
        SQL(
            "SELECT id, delivery_risk, COALESCE(delivery_risk_points, 0), delivery_risk_data"
            " FROM sale_order WHERE id = ANY(%s) ORDER BY id",
            list(order_ids),
        )
    )
    return cr.fetchall()


def keep(cr, rows):
    """Store rows as :func:`stored` gives them. Nobody has changed the orders: their dates of
    change stay."""
    cr.execute_values(
        "UPDATE sale_order so SET delivery_risk = v.level, delivery_risk_points = v.points,"
        " delivery_risk_data = v.causes FROM (VALUES %s) AS v (id, level, points, causes)"
        " WHERE so.id = v.id",
        [(*row[:3], None if row[3] is None else Json(row[3])) for row in rows],
        template="(%s::int, %s::varchar, %s::int, %s::jsonb)",
        page_size=len(rows),
    )
