"""What deliveries are judged by: facts of late ones, and the report of what was due."""

from odoo.tools import SQL

from .risk_reads import promised_day


def recorded(cr, line_ids):
    """Quantity of these order lines that deliveries are recorded for, in the product's unit."""
    cr.execute(
        SQL(
            "SELECT sale_line_id, sum(quantity) FROM supply_delivery"
            " WHERE sale_line_id = ANY(%s) GROUP BY 1",
            list(line_ids),
        )
    )
    return {line: float(quantity) for line, quantity in cr.fetchall()}


def late_receipts(cr, line_ids):
    """Purchases that came after the day first promised while these order lines waited.

    Of the line's own product those that came after the promised day; of what its late reason
    names (the part and all between it and the line) those that came since the order. The latest
    counts.

    :return: ``{order line: (purchase order, days late)}``
    """
    cr.execute(
        SQL(
            """
            WITH wanted AS (
                SELECT sol.id, sol.product_id AS own, sol.promised_date AS promised,
                       so.date_order, sol.company_id,
                       ARRAY(SELECT DISTINCT x.value::int FROM (
                           SELECT sol.late_driver->>1 AS value
                            UNION ALL
                           SELECT jsonb_array_elements_text(
                               CASE jsonb_typeof(sol.late_driver->3)
                               WHEN 'array' THEN sol.late_driver->3 ELSE '[]' END)
                       ) x WHERE x.value ~ '^[0-9]+$') AS parts,
                       COALESCE(p.tz, 'UTC') AS tz
                  FROM sale_order_line sol
                  JOIN sale_order so ON so.id = sol.order_id
                  JOIN res_company c ON c.id = sol.company_id
                  JOIN res_partner p ON p.id = c.partner_id
                 WHERE sol.id = ANY(%(lines)s)
            )
            SELECT DISTINCT ON (w.id) w.id, pol.order_id,
                   (m.date AT TIME ZONE 'UTC' AT TIME ZONE w.tz)::date
                   - %(promised)s
              FROM wanted w
              JOIN purchase_order_line pol ON pol.company_id = w.company_id
                   AND (pol.product_id = w.own OR pol.product_id = ANY(w.parts))
              JOIN stock_move m ON m.purchase_line_id = pol.id AND m.state = 'done'
                   AND m.date >= w.date_order
             WHERE (m.date AT TIME ZONE 'UTC' AT TIME ZONE w.tz)::date
                   > %(promised)s
               AND (pol.product_id = ANY(w.parts)
                    OR (m.date AT TIME ZONE 'UTC' AT TIME ZONE w.tz)::date > w.promised)
             ORDER BY w.id, m.date DESC, pol.order_id
            """,
            promised=promised_day(SQL("w.tz")),
            lines=list(line_ids),
        )
    )
    return {line: (order, days) for line, order, days in cr.fetchall()}


#: Causes by the code of a stored reason.
BY_REASON = {
    "capacity": "capacity",
    "make_lead": "capacity",
    "purchase": "vendor",
    "vendor_lead": "material",
    "transfer": "material",
    "no_vendor": "material",
    "bom_loop": "material",
    "rejected": "material",
}


def cause(facts):
    """The cause of a late delivery. The first that is true counts:

    * credit: goods were locked for at least half of the time it was late;
    * customer: he wanted the goods later than promised, and had them by then;
    * vendor: a purchase came late while the line waited, or it waited for one that slipped;
    * capacity: work centres were full, or production took its time;
    * material: a part was bought late, had no vendor, or its plan line was rejected;
    * other: nothing was missing.
    """
    if facts["held_days"] and 2 * facts["held_days"] >= facts["late_time"]:
        return "credit"
    wanted = facts["wanted_date"] or ""
    if facts["promised_date"] < wanted and facts["done_date"] <= wanted:
        return "customer"
    code = (facts["driver"] or [None])[0]
    if facts["receipt"] and code != "capacity":
        return "vendor"
    return BY_REASON.get(code, "other")


def report_query():
    """One row an order line that was due: delivered in full, or promised for a day that is over.

    A line is on time when all of it had left by the promised day. One that hasn't, and whose day
    is over, is due and late, with the days until today and the cause known so far. Lines promised
    for later, and what was cancelled, aren't due.
    """
    by_reason = SQL(" ").join(
        SQL("WHEN %s THEN %s", code, name) for code, name in BY_REASON.items()
    )
    return SQL(
        """
        SELECT x.*, CASE WHEN x.state = 'on_time' THEN 100.0 ELSE 0.0 END AS on_time_rate,
               1 AS lines,
               CASE WHEN x.state = 'on_time' THEN 0 ELSE 1 END AS late_lines
          FROM (
            SELECT sol.id, sol.id AS sale_line_id, sol.order_id AS sale_order_id,
                   so.partner_id, sol.product_id, pt.categ_id, sol.company_id,
                   so.user_id AS salesperson_id, so.team_id,
                   due.promised AS promised_date, d.done_date,
                   CASE WHEN due.open THEN due.today - due.promised
                        ELSE GREATEST(0, d.done_date - due.promised) END AS days_late,
                   CASE WHEN due.open THEN 'open' WHEN d.late THEN 'late'
                        ELSE 'on_time' END AS state,
                   CASE WHEN d.late THEN d.cause
                        WHEN due.open THEN CASE sol.late_driver->>0 %(by_reason)s
                                           ELSE 'other' END
                   END AS cause
              FROM sale_order_line sol
              JOIN sale_order so ON so.id = sol.order_id
              JOIN res_company c ON c.id = sol.company_id AND c.supply_planning
              JOIN res_partner cp ON cp.id = c.partner_id
              JOIN product_product pp ON pp.id = sol.product_id
              JOIN product_template pt ON pt.id = pp.product_tmpl_id
              LEFT JOIN LATERAL (
                   SELECT max(d.done_date) AS done_date, min(d.promised_date) AS promised,
                          bool_or(NOT d.on_time) AS late,
                          (array_agg(d.cause ORDER BY d.done_date DESC, d.id DESC)
                           FILTER (WHERE NOT d.on_time))[1] AS cause
                     FROM supply_delivery d WHERE d.sale_line_id = sol.id
                   ) d ON TRUE
              CROSS JOIN LATERAL (
                   SELECT COALESCE(sol.promised_date, d.promised) AS promised,
                          (now() AT TIME ZONE COALESCE(cp.tz, 'UTC'))::date AS today,
                          so.state = 'sale'
                          AND sol.product_uom_qty - COALESCE(sol.qty_delivered, 0) > 0.000001
                          AS open
                   ) due
             WHERE (so.state = 'sale' OR d.done_date IS NOT NULL)
               AND due.promised IS NOT NULL
               AND ((due.open AND due.promised < due.today)
                    OR (NOT due.open AND d.done_date IS NOT NULL))
          ) x
        """,
        by_reason=by_reason,
    )
