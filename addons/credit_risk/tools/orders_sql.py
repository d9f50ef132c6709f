"""What orders add to the exposure: one query for any number of them.

Raw SQL on purpose: the result must not depend on the reader's record rules, selected companies
or language. The same fragment serves one quotation and the open orders of all customers.
"""

from odoo.tools import SQL

# Only a line that sells nothing is a down payment, whatever its mark says.
_DOWN_PAYMENT = SQL(
    "(l.is_downpayment IS TRUE AND COALESCE(l.product_uom_qty, 0) = 0"
    " AND COALESCE(l.qty_delivered, 0) = 0)"
)

# "closed": billed on delivery, but each of its moves is done or cancelled, so the rest never
# will be delivered (moves of other lines aren't even looked at). A quotation that is confirmed
# (again) gets new moves. "written off": the order was closed short by hand, so nothing of it
# will be delivered or billed any more.
ORDER_AMOUNTS = SQL(
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
               o.closed OR COALESCE(moves.total > 0 AND moves.open = 0, FALSE) AS closed,
               o.closed AS written_off
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
                       -- goods that went elsewhere were handed over and never billed
                       COUNT(*) FILTER (
                           WHERE sm.state NOT IN ('done', 'cancel')
                              OR (sm.state = 'done' AND sm.scrap_id IS NULL
                                  AND dst.usage IN ('transit', 'supplier', 'inventory',
                                                    'production'))) AS open
                  FROM stock_move sm
                  JOIN stock_location src ON src.id = sm.location_id
                  JOIN stock_location dst ON dst.id = sm.location_dest_id
                 WHERE o.confirmed
                   AND t.invoice_policy = 'delivery'
                   AND sm.sale_line_id = l.id
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
               SUM(CASE WHEN written_off THEN 0
                        ELSE price * GREATEST(0, delivered - invoiced) END) AS delivered,
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
                SELECT o.id, 0 AS account_id, FALSE AS confirmed, FALSE AS closed,
                       o.currency_id, o.amount_total,
                       given.rate::numeric AS rate
                  FROM given JOIN sale_order o ON o.id = given.id
            ),
            %(amounts)s
            SELECT order_id, remaining + delivered FROM order_amounts
            """,
            given=given,
            amounts=ORDER_AMOUNTS,
        )
    )
    found = dict(rows)
    return {order.id: float(found.get(order.id) or 0.0) for order in orders}
