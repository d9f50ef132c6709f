"""The one place where exposure is computed: one query for any number of accounts.

Raw SQL on purpose: the result must not depend on the reader's record rules, selected
companies or language. Amounts are in the company's currency, tax included.
"""

from odoo.tools import SQL

from .figures import Figures

# Only a line that sells nothing is a down payment, whatever its mark says.
_DOWN_PAYMENT = SQL(
    "(l.is_downpayment IS TRUE AND COALESCE(l.product_uom_qty, 0) = 0"
    " AND COALESCE(l.qty_delivered, 0) = 0)"
)

# "closed": billed on delivery, but each of its moves is done or cancelled, so the rest never
# will be delivered. A quotation that is confirmed (again) gets new moves.
_ORDER_AMOUNTS = SQL(
    """
    order_lines AS (
        SELECT o.id AS order_id,
               CASE WHEN l.product_uom_qty <> 0 THEN l.price_total / l.product_uom_qty
                    ELSE l.price_unit * (1 - COALESCE(l.discount, 0) / 100)
                         * (1 + COALESCE(tax.percent, 0) / 100)
               END AS price,
               COALESCE(l.price_total, 0) AS price_total,
               COALESCE(l.product_uom_qty, 0) AS ordered,
               COALESCE(l.qty_delivered, 0) AS delivered,
               COALESCE(invoiced.quantity, 0) AS invoiced,
               o.confirmed AND COALESCE(moves.total > 0 AND moves.open = 0, FALSE)
                   AND COALESCE(t.invoice_policy, 'order') = 'delivery' AS closed
          FROM orders o
          JOIN sale_order_line l ON l.order_id = o.id
          LEFT JOIN product_product pp ON pp.id = l.product_id
          LEFT JOIN product_template t ON t.id = pp.product_tmpl_id
          LEFT JOIN uom_uom lu ON lu.id = l.product_uom_id
          LEFT JOIN LATERAL (
                SELECT SUM(CASE WHEN m.move_type = 'out_refund' THEN -il.quantity
                                ELSE il.quantity END
                           * CASE WHEN il.product_uom_id IS NULL THEN 1
                                  ELSE iu.factor / lu.factor END) AS quantity
                  FROM sale_order_line_invoice_rel r
                  JOIN account_move_line il ON il.id = r.invoice_line_id
                  JOIN account_move m ON m.id = il.move_id
                  LEFT JOIN uom_uom iu ON iu.id = il.product_uom_id
                 WHERE r.order_line_id = l.id
                   AND m.state = 'posted'
               ) invoiced ON TRUE
          LEFT JOIN LATERAL (
                SELECT COUNT(*) AS total,
                       COUNT(*) FILTER (WHERE sm.state NOT IN ('done', 'cancel')) AS open
                  FROM stock_move sm
                  JOIN stock_location src ON src.id = sm.location_id
                 WHERE sm.sale_line_id = l.id
                   AND src.usage <> 'customer'
               ) moves ON TRUE
          LEFT JOIN LATERAL (
                SELECT SUM(at.amount) AS percent
                  FROM account_tax_sale_order_line_rel tr
                  JOIN account_tax at ON at.id = tr.account_tax_id
                 WHERE tr.sale_order_line_id = l.id
                   AND l.product_uom_qty = 0
                   AND at.amount_type = 'percent'
                   AND COALESCE(at.price_include_override, 'tax_excluded') = 'tax_excluded'
               ) tax ON TRUE
         WHERE l.display_type IS NULL
           AND NOT %(down_payment)s
    ),
    order_sums AS (
        SELECT order_id,
               SUM(price_total) AS price_total,
               SUM(price * GREATEST(0, delivered - invoiced)) AS delivered,
               SUM(CASE WHEN closed THEN 0
                        ELSE price * GREATEST(0, ordered - GREATEST(delivered, invoiced))
                   END) AS remaining
          FROM order_lines
         GROUP BY order_id
    ),
    down_payments AS (
        SELECT o.id AS order_id,
               GREATEST(0, SUM(CASE WHEN m.move_type = 'out_refund' THEN -il.price_total
                                    ELSE il.price_total END
                               * CASE WHEN il.currency_id = o.currency_id THEN 1
                                      ELSE o.rate / COALESCE(NULLIF(m.invoice_currency_rate, 0), 1)
                                 END)) AS amount
          FROM orders o
          JOIN sale_order_line l ON l.order_id = o.id AND %(down_payment)s
          JOIN sale_order_line_invoice_rel r ON r.order_line_id = l.id
          JOIN account_move_line il ON il.id = r.invoice_line_id
          JOIN account_move m ON m.id = il.move_id AND m.state = 'posted'
         GROUP BY o.id
    ),
    order_amounts AS (
        SELECT o.id AS order_id, o.account_id,
               -- what the order's total differs from its lines by rounding of tax, shared out
               GREATEST(0, scale.factor * s.remaining - COALESCE(d.amount, 0)) / o.rate
                   AS remaining,
               GREATEST(0, scale.factor * s.delivered
                           - GREATEST(0, COALESCE(d.amount, 0) - scale.factor * s.remaining))
                   / o.rate AS delivered
          FROM orders o
          JOIN order_sums s ON s.order_id = o.id
          LEFT JOIN down_payments d ON d.order_id = o.id
          CROSS JOIN LATERAL (
                SELECT CASE WHEN s.price_total <> 0 AND ABS(o.amount_total - s.price_total) < 1
                            THEN o.amount_total / s.price_total ELSE 1 END AS factor
               ) scale
    )
    """,
    down_payment=_DOWN_PAYMENT,
)


def order_amounts(env, orders, rates):
    """What each order would add to the exposure if it were confirmed now.

    :param rates: units of the order's currency for one of its company's, by order id
    :return: ``{order id: amount in the company's currency}``, not rounded
    """
    if not orders:
        return {}
    env.flush_all()
    given = SQL(", ").join(SQL("(%s, %s)", order.id, rates[order.id]) for order in orders)
    rows = env.execute_query(
        SQL(
            """
            WITH given (id, rate) AS (VALUES %(given)s),
            orders AS (
                SELECT o.id, 0 AS account_id, FALSE AS confirmed, o.currency_id, o.amount_total,
                       given.rate::numeric AS rate
                  FROM given JOIN sale_order o ON o.id = given.id
            ),
            %(amounts)s
            SELECT order_id, remaining + delivered FROM order_amounts
            """,
            given=given,
            amounts=_ORDER_AMOUNTS,
        )
    )
    found = dict(rows)
    return {order.id: float(found.get(order.id) or 0.0) for order in orders}


def account_figures(env, todays, account_ids=None):
    """The figures of the accounts, or of all.

    :param todays: today in each company's time zone, by company id
    :return: ``{account id: Figures}``
    """
    if not todays or (account_ids is not None and not account_ids):
        return {}
    env.flush_all()
    chosen = SQL("a.id = ANY(%s)", list(account_ids)) if account_ids is not None else SQL("TRUE")
    rows = env.execute_query(
        SQL(
            _FIGURES,
            chosen=chosen,
            todays=SQL(", ").join(SQL("(%s, %s::date)", *item) for item in todays.items()),
            receivable_accounts=_receivable_accounts(env),
            order_amounts=_ORDER_AMOUNTS,
        )
    )
    return {row[0]: _figures(row) for row in rows}


def _receivable_accounts(env):
    """Ids of every receivable account: given as constants, the index on open items is used."""
    rows = env.execute_query(
        SQL("SELECT id FROM account_account WHERE account_type = 'asset_receivable'")
    )
    return [row[0] for row in rows]


def _figures(row):
    """The row with its parts rounded to the currency and added up."""
    value = dict(zip(_COLUMNS, row, strict=True))
    decimals = value["decimals"]

    def amount(*names):
        return round(sum(float(value[name]) for name in names), decimals)

    parts = {
        "receivable": amount("receivable"),
        "delivered_not_invoiced": amount("shipped", "shipped_without_order"),
        "open_orders": amount("remaining"),
    }
    drafts = amount("drafts")
    counted = [*parts.values(), drafts if value["count_drafts"] else 0.0]
    return Figures(
        **parts,
        account_id=value["account_id"],
        draft_invoices=drafts,
        exposure=round(sum(counted), decimals) + 0.0,
        overdue_amount=amount("overdue"),
        overdue_days=value["overdue_days"] or 0,
        overdue_blocking=amount("overdue_blocking"),
        limit=float(value["limit"]),
        unlimited=value["unlimited"],
        valid_to=value["valid_to"],
        expired=value["expired"],
        overdue_tolerance=float(value["tolerance"]),
        decimals=decimals,
    )


_COLUMNS = (
    "account_id",
    "decimals",
    "limit",
    "unlimited",
    "valid_to",
    "expired",
    "tolerance",
    "count_drafts",
    "receivable",
    "shipped",
    "shipped_without_order",
    "remaining",
    "drafts",
    "overdue",
    "overdue_blocking",
    "overdue_days",
)

# Parts: accounts chosen; their partners (contacts roll up to the company they belong to);
# open items with what unapplied credits leave uncovered, oldest first; orders; goods shipped
# without an order less what was invoiced for them; drafts that come from no order.
_FIGURES = """
    WITH todays (company_id, today) AS (VALUES %(todays)s),
    accounts AS (
        SELECT a.id, a.partner_id, a.company_id, t.today,
               COALESCE(NULLIF(cp.tz, ''), 'UTC') AS tz,
               cur.decimal_places AS decimals,
               CASE WHEN a.limit_kind = 'limited' THEN COALESCE(a.limit_amount, 0)
                    ELSE COALESCE(c.credit_default_limit, 0) END AS limit_amount,
               a.limit_kind = 'unlimited' OR (a.limit_kind = 'default'
                    AND c.credit_default_limit_kind = 'unlimited') AS unlimited,
               a.limit_valid_to,
               COALESCE(a.limit_kind <> 'default' AND a.limit_valid_to
                        + COALESCE(c.credit_limit_grace_days, 0) < t.today, FALSE) AS expired,
               COALESCE(c.credit_overdue_days, 0) AS tolerance_days,
               COALESCE(c.credit_overdue_amount, 0) AS tolerance_amount,
               COALESCE(c.credit_count_drafts, FALSE) AS count_drafts
          FROM credit_account a
          JOIN res_company c ON c.id = a.company_id
          JOIN res_partner cp ON cp.id = c.partner_id
          JOIN todays t ON t.company_id = c.id
          JOIN res_currency cur ON cur.id = c.currency_id
         WHERE %(chosen)s
    ),
    partners AS (
        SELECT a.id AS account_id, a.company_id, a.today, a.tolerance_days, p.id AS partner_id
          FROM accounts a
          JOIN res_partner p ON p.commercial_partner_id = a.partner_id
    ),
    items AS (
        SELECT p.account_id, l.id, l.amount_residual AS residual,
               COALESCE(l.date_maturity, l.date) AS due, p.today, p.tolerance_days
          FROM partners p
          JOIN account_move_line l ON l.partner_id = p.partner_id
                                  AND l.company_id = p.company_id
         WHERE l.account_id = ANY(%(receivable_accounts)s)
           AND l.reconciled IS NOT TRUE
           AND l.parent_state = 'posted'
           AND l.amount_residual <> 0
    ),
    balances AS (
        SELECT account_id, SUM(residual) AS receivable,
               COALESCE(SUM(residual) FILTER (WHERE residual < 0), 0) AS credits
          FROM items
         GROUP BY account_id
    ),
    late_items AS (
        SELECT i.account_id, i.due, i.today, i.tolerance_days,
               LEAST(i.residual,
                     SUM(i.residual) OVER (PARTITION BY i.account_id ORDER BY i.due, i.id)
                     + b.credits) AS uncovered
          FROM items i
          JOIN balances b ON b.account_id = i.account_id
         WHERE i.residual > 0
           AND i.due < i.today
    ),
    late AS (
        SELECT account_id, SUM(uncovered) AS amount,
               COALESCE(SUM(uncovered) FILTER (WHERE today - due > tolerance_days), 0) AS blocking,
               MAX(today - due) AS days
          FROM late_items
         WHERE uncovered > 0.000001
         GROUP BY account_id
    ),
    orders AS (
        SELECT o.id, p.account_id, TRUE AS confirmed, o.currency_id, o.amount_total,
               COALESCE(NULLIF(o.currency_rate, 0), 1) AS rate
          FROM partners p
          JOIN sale_order o ON o.partner_invoice_id = p.partner_id
                           AND o.company_id = p.company_id
         WHERE o.state = 'sale'
    ),
    %(order_amounts)s,
    ordered AS (
        SELECT account_id, SUM(delivered) AS delivered, SUM(remaining) AS remaining
          FROM order_amounts
         GROUP BY account_id
    ),
    manual_moves AS (
        SELECT m.credit_account_id AS account_id, m.product_id,
               (MIN(m.date) AT TIME ZONE 'UTC' AT TIME ZONE MIN(a.tz))::date AS since,
               SUM(signed.quantity) AS quantity,
               SUM(signed.quantity * m.credit_price) AS amount
          FROM accounts a
          JOIN stock_move m ON m.credit_account_id = a.id
          JOIN stock_location src ON src.id = m.location_id
          JOIN uom_uom mu ON mu.id = m.product_uom
          JOIN product_product pp ON pp.id = m.product_id
          JOIN product_template t ON t.id = pp.product_tmpl_id
          JOIN uom_uom tu ON tu.id = t.uom_id
          CROSS JOIN LATERAL (
                SELECT CASE WHEN src.usage = 'customer' THEN -m.quantity ELSE m.quantity END
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
    SELECT a.id, a.decimals, a.limit_amount, a.unlimited, a.limit_valid_to, a.expired,
           a.tolerance_amount, a.count_drafts,
           COALESCE(balances.receivable, 0),
           COALESCE(ordered.delivered, 0), COALESCE(manual.amount, 0),
           COALESCE(ordered.remaining, 0),
           COALESCE(drafts.amount, 0),
           COALESCE(late.amount, 0), COALESCE(late.blocking, 0), late.days
      FROM accounts a
      LEFT JOIN balances ON balances.account_id = a.id
      LEFT JOIN late ON late.account_id = a.id
      LEFT JOIN ordered ON ordered.account_id = a.id
      LEFT JOIN manual ON manual.account_id = a.id
      LEFT JOIN drafts ON drafts.account_id = a.id
"""
