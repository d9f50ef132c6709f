"""The text of the one query for figures; see ``figures_sql`` for who asks it."""

from odoo.tools import SQL

# Items later than today with what unapplied credits leave uncovered (they cover the oldest).
LATE = SQL(
    """
    late_items AS (
        SELECT i.account_id, a.today - i.due AS days,
               LEAST(i.residual,
                     SUM(i.residual) OVER (PARTITION BY i.account_id ORDER BY i.due, i.id
                                           ROWS UNBOUNDED PRECEDING)
                     + b.credits) AS uncovered
          FROM items i
          JOIN accounts a ON a.id = i.account_id
          JOIN balances b ON b.account_id = i.account_id
         WHERE i.residual > 0
           AND i.due < a.today
    ),
    late_by_day AS (
        SELECT account_id, days, SUM(uncovered) AS amount
          FROM late_items
         WHERE uncovered > 0.000001
         GROUP BY account_id, days
    ),
    late AS (
        SELECT account_id, array_agg(days) AS days, array_agg(amount) AS amounts
          FROM late_by_day
         GROUP BY account_id
    )
    """
)
NO_LATE = SQL(
    "late AS (SELECT NULL::integer AS account_id, NULL::integer[] AS days,"
    " NULL::numeric[] AS amounts WHERE FALSE)"
)

# Parts: accounts chosen, with their limit lines; their partners (contacts roll up to the company
# they belong to); open items (see ``items_sql``); orders; goods shipped without an order less
# what was invoiced for them; bills of exchange not yet matured; drafts that come from no order.
# A temporary limit takes the place of one that has expired.
FIGURES = """
    WITH todays (company_id, today) AS (VALUES %(todays)s),
    accounts AS (
        SELECT a.*, t.today, COALESCE(NULLIF(cp.tz, ''), 'UTC') AS tz,
               c.currency_id AS company_currency_id, cur.decimal_places AS decimals,
               c.credit_default_limit_kind AS company_kind,
               c.credit_default_limit AS company_amount,
               c.credit_insurance_mode AS insurance_mode,
               g.member_limit_kind AS member_kind, g.member_limit_amount AS member_amount,
               g.currency_id AS group_currency_id,
               COALESCE(c.credit_overdue_days, 0) AS overdue_days,
               COALESCE(c.credit_overdue_amount, 0) AS overdue_amount,
               COALESCE(c.credit_limit_grace_days, 0) AS grace_days,
               COALESCE(c.credit_count_drafts, FALSE) AS count_drafts,
               policy.id AS used_policy_id, COALESCE(policy.horizon_days, 0) AS horizon_days
          FROM credit_account a
          JOIN res_company c ON c.id = a.company_id
          JOIN res_partner cp ON cp.id = c.partner_id
          JOIN todays t ON t.company_id = c.id
          JOIN res_currency cur ON cur.id = a.currency_id
          LEFT JOIN credit_group g ON g.id = a.group_id AND g.active
          LEFT JOIN credit_policy policy
            ON policy.id = COALESCE(a.policy_id, g.policy_id, c.credit_policy_id)
         WHERE %(chosen)s
    ),
    limit_lines AS (
        SELECT a.id AS account_id,
               MAX(l.amount) FILTER (WHERE l.kind = 'temporary_set') AS temporary_set,
               SUM(l.amount) FILTER (WHERE l.kind = 'temporary_add') AS temporary_add,
               SUM(l.amount * l.percent / 100) FILTER (WHERE l.kind = 'insured') AS insured,
               SUM(l.amount) FILTER (WHERE l.kind = 'deposit') AS deposit
          FROM accounts a
          JOIN credit_limit_line l ON l.account_id = a.id
         WHERE COALESCE(l.date_from, a.today) <= a.today
           AND COALESCE(l.date_to, a.today) >= a.today
         GROUP BY a.id
    ),
    partners AS (
        SELECT a.id AS account_id, a.company_id, a.today, a.horizon_days, a.tz,
               p.id AS partner_id
          FROM accounts a
          JOIN res_partner p ON p.commercial_partner_id = a.partner_id
    ),
    %(open_items)s,
    balances AS (
        SELECT account_id, SUM(residual) AS receivable,
               COALESCE(SUM(residual) FILTER (WHERE residual < 0), 0) AS credits
          FROM items
         GROUP BY account_id
    ),
    %(late)s,
    orders AS (
        SELECT o.id, p.account_id, TRUE AS confirmed, o.currency_id, o.amount_total,
               COALESCE(o.remainder_closed, FALSE) AS closed,
               COALESCE(NULLIF(o.currency_rate, 0), 1) AS rate,
               p.horizon_days > 0
                   AND (COALESCE(o.commitment_date, o.date_order)
                        AT TIME ZONE 'UTC' AT TIME ZONE p.tz)::date
                       > p.today + p.horizon_days AS beyond_horizon
          FROM partners p
          JOIN sale_order o ON o.partner_invoice_id = p.partner_id
                           AND o.company_id = p.company_id
         WHERE o.state = 'sale'
    ),
    %(order_amounts)s,
    ordered AS (
        SELECT oa.account_id, SUM(oa.delivered) AS delivered, SUM(oa.remaining) AS remaining,
               COALESCE(SUM(oa.remaining) FILTER (WHERE o.beyond_horizon), 0) AS beyond_horizon
          FROM order_amounts oa
          JOIN orders o ON o.id = oa.order_id
         GROUP BY oa.account_id
    ),
    manual_moves AS (
        SELECT m.credit_account_id AS account_id, m.product_id,
               (MIN(m.date) AT TIME ZONE 'UTC' AT TIME ZONE MIN(a.tz))::date AS since,
               SUM(signed.quantity) AS quantity,
               SUM(signed.quantity * m.credit_price) AS amount
          FROM accounts a
          JOIN stock_move m ON m.credit_account_id = a.id
          JOIN stock_location src ON src.id = m.location_id
          JOIN stock_location dst ON dst.id = m.location_dest_id
          JOIN uom_uom mu ON mu.id = m.product_uom
          JOIN product_product pp ON pp.id = m.product_id
          JOIN product_template t ON t.id = pp.product_tmpl_id
          JOIN uom_uom tu ON tu.id = t.uom_id
          CROSS JOIN LATERAL (
                SELECT CASE WHEN src.usage = 'customer'
                              OR (m.origin_returned_move_id IS NOT NULL
                                  AND src.usage <> 'internal' AND dst.usage = 'internal')
                            THEN -m.quantity ELSE m.quantity END
                       * mu.factor / tu.factor AS quantity
               ) signed
         WHERE m.state = 'done'
           AND m.sale_line_id IS NULL
         GROUP BY m.credit_account_id, m.product_id
    ),
    manual AS (
        SELECT mm.account_id,
               SUM(mm.amount / mm.quantity
                   * GREATEST(0, mm.quantity - COALESCE(billed.quantity, 0))) AS amount
          FROM manual_moves mm
          JOIN accounts a ON a.id = mm.account_id
          LEFT JOIN LATERAL (
                SELECT SUM(CASE WHEN m.move_type = 'out_refund' THEN -il.quantity
                                ELSE il.quantity END
                           * CASE WHEN il.product_uom_id IS NULL THEN 1
                                  ELSE iu.factor / tu.factor END) AS quantity
                  FROM account_move m
                  JOIN account_move_line il ON il.move_id = m.id
                  JOIN product_product pp ON pp.id = il.product_id
                  JOIN product_template t ON t.id = pp.product_tmpl_id
                  JOIN uom_uom tu ON tu.id = t.uom_id
                  LEFT JOIN uom_uom iu ON iu.id = il.product_uom_id
                 WHERE m.commercial_partner_id = a.partner_id
                   AND m.company_id = a.company_id
                   AND m.state = 'posted'
                   AND m.move_type IN ('out_invoice', 'out_refund')
                   AND il.display_type = 'product'
                   AND il.product_id = mm.product_id
                   AND m.invoice_date >= mm.since
                   AND NOT EXISTS (SELECT 1 FROM sale_order_line_invoice_rel r
                                    WHERE r.invoice_line_id = il.id)
               ) billed ON TRUE
         WHERE mm.quantity > 0
         GROUP BY mm.account_id
    ),
    bills AS (
        SELECT p.account_id, SUM(b.booked_amount) AS amount
          FROM partners p
          JOIN credit_bill b ON b.partner_id = p.partner_id AND b.company_id = p.company_id
         WHERE b.state IN ('received', 'endorsed', 'discounted')
         GROUP BY p.account_id
    ),
    drafts AS (
        SELECT a.id AS account_id,
               SUM(il.price_total / COALESCE(NULLIF(m.invoice_currency_rate, 0), 1)) AS amount
          FROM accounts a
          JOIN account_move m ON m.commercial_partner_id = a.partner_id
                             AND m.company_id = a.company_id
          JOIN account_move_line il ON il.move_id = m.id
         WHERE m.state = 'draft'
           AND m.move_type = 'out_invoice'
           AND il.display_type = 'product'
           AND NOT EXISTS (SELECT 1 FROM sale_order_line_invoice_rel r
                            WHERE r.invoice_line_id = il.id)
         GROUP BY a.id
    )
    SELECT a.id, a.partner_id, a.company_id, a.currency_id, a.company_currency_id, a.decimals,
           a.group_id, a.rating, a.manual_hold, a.used_policy_id,
           a.horizon_days,
           a.limit_kind, a.limit_amount, a.member_kind, a.member_amount, a.group_currency_id,
           a.company_kind, a.company_amount,
           a.limit_valid_to,
           CASE WHEN a.limit_kind <> 'default' AND a.limit_valid_to < a.today
                     AND limit_lines.temporary_set IS NULL
                THEN a.today - a.limit_valid_to END,
           limit_lines.temporary_set, COALESCE(limit_lines.temporary_add, 0),
           COALESCE(limit_lines.insured, 0), COALESCE(limit_lines.deposit, 0),
           a.insurance_mode, a.count_drafts, a.overdue_days, a.overdue_amount, a.grace_days,
           COALESCE(balances.receivable, 0),
           COALESCE(ordered.delivered, 0), COALESCE(manual.amount, 0),
           COALESCE(ordered.remaining, 0), COALESCE(ordered.beyond_horizon, 0),
           COALESCE(bills.amount, 0), COALESCE(drafts.amount, 0),
           late.days, late.amounts
      FROM accounts a
      LEFT JOIN limit_lines ON limit_lines.account_id = a.id
      LEFT JOIN balances ON balances.account_id = a.id
      LEFT JOIN late ON late.account_id = a.id
      LEFT JOIN ordered ON ordered.account_id = a.id
      LEFT JOIN manual ON manual.account_id = a.id
      LEFT JOIN bills ON bills.account_id = a.id
      LEFT JOIN drafts ON drafts.account_id = a.id
     WHERE %(wanted)s
"""
