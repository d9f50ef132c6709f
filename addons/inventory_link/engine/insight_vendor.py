"""SQL of vendor performance: confirmed purchase lines of goods with what really came, and when.

Days are those of the company's time zone. Quantities are in the unit of the purchase line,
amounts in company currency. Receipts in parts count by their quantity.
"""

from odoo.tools import SQL

#: Of a group of lines: what an average of the lines' values would get wrong.
AGGREGATES = {
    "days_late_median": "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(table)s.days_late)",
    "days_late_p90": "percentile_cont(0.9) WITHIN GROUP (ORDER BY %(table)s.days_late)",
    "lead_p90": "percentile_disc(0.9) WITHIN GROUP (ORDER BY %(table)s.lead_days)",
    "list_rate": "SUM(%(table)s.list_difference) / NULLIF(SUM(%(table)s.list_base), 0)",
    "bill_rate": "SUM(%(table)s.bill_difference) / NULLIF(SUM(%(table)s.bill_base), 0)",
}


def aggregate(table, name):
    """The SQL of a group for one of :data:`AGGREGATES`."""
    return SQL(AGGREGATES[name].replace("%(table)s", f'"{table}"'))


#: Columns of the first step that :func:`query` can be narrowed by. A condition on the result
#: comes too late: the whole history would be read before.
NARROW = {
    "companies": "o.company_id",
    "vendors": "v.commercial_partner_id",
    "templates": "pp.product_tmpl_id",
}


def query(now, **only):
    """One row for each confirmed purchase line.

    :param now: the moment as naive UTC; lines that are open after their day are late as of it
    :param only: records of :data:`NARROW` to read the lines of
    """
    narrow = [
        SQL("AND %s = ANY(%s)", SQL(NARROW[key]), records.ids) for key, records in only.items()
    ]
    return SQL(
        """
        WITH company AS (
            SELECT c.id, COALESCE(p.tz, 'UTC') AS tz, c.currency_id,
                   COALESCE(c.supply_vendor_tolerance, 0) AS tolerance,
                   COALESCE(c.supply_vendor_basis, 'first') AS basis,
                   (%(now)s::timestamp AT TIME ZONE 'UTC'
                     AT TIME ZONE COALESCE(p.tz, 'UTC'))::date AS today
              FROM res_company c JOIN res_partner p ON p.id = c.partner_id
        ), line AS (
            SELECT l.id, l.order_id, o.company_id, v.commercial_partner_id AS vendor_id,
                   l.product_id, pp.product_tmpl_id, l.product_uom_id, lu.factor AS unit,
                   c.tz, c.currency_id, c.today, c.tolerance, o.user_id, t.warehouse_id,
                   round(l.product_qty::numeric, 6) AS ordered,
                   CASE WHEN c.basis = 'latest' THEN plan.day
                        ELSE COALESCE(l.date_promised_first, plan.day) END AS due,
                   COALESCE(l.date_promised_first, plan.day) AS due_first, plan.day AS due_latest,
                   (COALESCE(o.date_approve, o.date_order)
                     AT TIME ZONE 'UTC' AT TIME ZONE c.tz)::date AS confirmed,
                   l.supply_lead_listed AS lead_listed, l.supply_price_listed AS price_listed,
                   l.price_subtotal / NULLIF(l.product_qty, 0) AS price,
                   o.currency_id AS order_currency, COALESCE(NULLIF(o.currency_rate, 0), 1) AS rate,
                   COALESCE(l.price_unit, 0) * (1 - COALESCE(l.discount, 0) / 100) AS price_net
              FROM purchase_order_line l
              JOIN purchase_order o ON o.id = l.order_id
              JOIN company c ON c.id = o.company_id
              JOIN res_partner v ON v.id = o.partner_id
              JOIN product_product pp ON pp.id = l.product_id
              JOIN product_template pt ON pt.id = pp.product_tmpl_id AND pt.type = 'consu'
              JOIN uom_uom lu ON lu.id = l.product_uom_id
              LEFT JOIN stock_picking_type t ON t.id = o.picking_type_id
              CROSS JOIN LATERAL (SELECT
                  (l.date_planned AT TIME ZONE 'UTC' AT TIME ZONE c.tz)::date AS day) plan
             WHERE o.state = 'purchase' AND l.display_type IS NULL AND l.product_qty > 0
                   %(narrow)s
        ), received AS (
            SELECT l.id,
                   bool_or(m.state NOT IN ('done', 'cancel')) AS is_open,
                   count(DISTINCT m.picking_id) FILTER (WHERE take.kind = 'in') AS receipts,
                   sum(take.quantity) FILTER (WHERE take.kind = 'in') AS received,
                   sum(take.quantity) FILTER (WHERE take.kind = 'out') AS returned,
                   sum(take.quantity) FILTER (
                       WHERE take.kind = 'in' AND take.day <= l.due + l.tolerance) AS on_time,
                   sum(take.quantity * GREATEST(take.day - l.due, 0))
                       FILTER (WHERE take.kind = 'in') AS late,
                   sum(take.quantity * (take.day - l.confirmed))
                       FILTER (WHERE take.kind = 'in') AS lead,
                   max(take.day) FILTER (WHERE take.kind = 'in') AS last_day
              FROM line l
              JOIN stock_move m ON m.purchase_line_id = l.id AND m.product_id = l.product_id
              JOIN uom_uom mu ON mu.id = m.product_uom
              JOIN stock_location src ON src.id = m.location_id
              JOIN stock_location dst ON dst.id = m.location_dest_id
              LEFT JOIN stock_picking pick ON pick.id = m.picking_id
              CROSS JOIN LATERAL (
                  SELECT CASE WHEN m.state != 'done' THEN NULL
                              WHEN src.usage IN ('supplier', 'transit') THEN 'in'
                              WHEN dst.usage = 'supplier' THEN 'out' END AS kind,
                         round((m.quantity * mu.factor / l.unit)::numeric, 6) AS quantity,
                         (COALESCE(pick.date_done, m.date)
                           AT TIME ZONE 'UTC' AT TIME ZONE l.tz)::date AS day
              ) take
             GROUP BY l.id
        ), bill AS (
            SELECT l.id, sum(a.balance) AS billed,
                   sum(q.quantity * l.price * CASE
                       WHEN a.currency_id = l.order_currency AND a.amount_currency != 0
                       THEN a.balance / a.amount_currency ELSE 1 / l.rate END) AS base
              FROM line l
              JOIN account_move_line a ON a.purchase_line_id = l.id AND a.parent_state = 'posted'
              JOIN account_move b ON b.id = a.move_id
               AND b.move_type IN ('in_invoice', 'in_refund')
              LEFT JOIN uom_uom au ON au.id = a.product_uom_id
              CROSS JOIN LATERAL (
                  SELECT a.quantity * COALESCE(au.factor, l.unit) / l.unit
                         * CASE WHEN b.move_type = 'in_refund' THEN -1 ELSE 1 END AS quantity) q
             GROUP BY l.id
        ), sums AS (
            SELECT l.*, r.is_open, COALESCE(r.receipts, 0) AS receipts,
                   COALESCE(r.received, 0) AS received, COALESCE(r.returned, 0) AS returned,
                   COALESCE(r.on_time, 0) AS on_time, COALESCE(r.late, 0) AS late, r.lead,
                   r.last_day, NOT r.is_open OR l.today > l.due + l.tolerance AS judged,
                   CASE WHEN r.is_open THEN GREATEST(l.ordered - COALESCE(r.received, 0), 0)
                        ELSE 0 END AS missing
              FROM line l JOIN received r ON r.id = l.id
        )
        SELECT s.id, s.id AS line_id, s.order_id, s.company_id, s.vendor_id,
               s.product_id, s.product_tmpl_id, s.product_uom_id, s.warehouse_id, s.user_id,
               s.currency_id, s.ordered, s.received, s.returned, s.receipts, s.due AS date_due,
               s.due_first AS date_first, s.due_latest AS date_latest,
               s.confirmed AS date_confirmed, s.last_day AS date_received,
               1 AS lines, CASE WHEN s.judged THEN 1 ELSE 0 END AS lines_due,
               CASE WHEN NOT s.judged THEN 'waiting'
                    WHEN s.is_open AND s.missing > 0 THEN 'overdue'
                    WHEN s.on_time >= s.ordered THEN 'on_time' ELSE 'late' END AS state,
               CASE WHEN s.judged THEN LEAST(s.on_time / s.ordered, 1) END AS on_time_rate,
               late.days AS days_late, late.days AS days_late_median, late.days AS days_late_p90,
               CASE WHEN NOT s.is_open THEN GREATEST(
                   1 - abs(s.received - s.returned - s.ordered) / s.ordered, 0
               ) END AS quantity_rate,
               s.ordered * s.price / s.rate AS amount,
               s.ordered * s.price_listed / s.rate AS list_base,
               s.ordered * (s.price_net - s.price_listed) / s.rate AS list_difference,
               (s.price_net - s.price_listed) / NULLIF(s.price_listed, 0) AS list_rate,
               bill.base AS bill_base, bill.billed - bill.base AS bill_difference,
               (bill.billed - bill.base) / NULLIF(bill.base, 0) AS bill_rate,
               s.lead_listed, needed.days AS lead_days, needed.days AS lead_p90
          FROM sums s
          LEFT JOIN bill ON bill.id = s.id
          CROSS JOIN LATERAL (
              SELECT CASE WHEN s.judged THEN
                  (s.late + s.missing * GREATEST(s.today - s.due, 0))
                  / NULLIF(s.received + s.missing, 0) END AS days) late
          CROSS JOIN LATERAL (
              -- ordered with time to spare and delivered in time tells nothing about the vendor
              SELECT CASE WHEN NOT s.is_open AND s.received > 0 AND (
                  s.lead_listed IS NULL OR s.due_first - s.confirmed <= s.lead_listed
                  OR s.last_day > s.due) THEN s.lead / s.received END AS days) needed
        """,
        now=now,
        narrow=SQL(" ").join(narrow),
    )
