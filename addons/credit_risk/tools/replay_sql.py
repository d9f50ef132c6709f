"""What happened to some customers, read from the documents by set: one statement a kind of fact.

Raw SQL on purpose, as for the figures of today: the same past for every reader. Moments are UTC.
A fact that has only a date happened at the beginning of that day in the company's time zone,
unless it was recorded on that very day: then when it was recorded.
"""

from odoo.tools import SQL

from .replay_customers_sql import partners_of

# "{date}" and "{made}" of a row, in the time zone "p.tz".
_MOMENT = """
    CASE WHEN (%(made)s AT TIME ZONE 'UTC' AT TIME ZONE p.tz)::date = %(date)s THEN %(made)s
         ELSE (%(date)s::timestamp AT TIME ZONE p.tz) AT TIME ZONE 'UTC' END
"""


def _moment(date, made):
    return SQL(_MOMENT, date=SQL.identifier(*date), made=SQL.identifier(*made))


def orders(env, pairs, start):
    """Orders that were asked for, without those of long ago that are over.

    ``[(key, order id, moment asked, confirmed, currency rate, total, closed, due moment,
    payment term, moment really held, kind of hold)]``
    """
    return env.execute_query(
        SQL(
            """
            WITH %(partners)s
            SELECT p.key, o.id,
                   LEAST(hold.asked, CASE WHEN o.state = 'sale' THEN o.date_order END),
                   o.state = 'sale', COALESCE(NULLIF(o.currency_rate, 0), 1), o.amount_total,
                   COALESCE(o.remainder_closed, FALSE),
                   COALESCE(o.commitment_date, o.date_order), o.payment_term_id, hold.asked
              FROM partners p
              JOIN sale_order o ON o.partner_invoice_id = p.partner_id
                               AND o.company_id = p.company_id
              LEFT JOIN LATERAL (
                    SELECT MIN(h.create_date) AS asked
                      FROM credit_hold h WHERE h.sale_order_id = o.id
                   ) hold ON TRUE
             WHERE (o.state = 'sale' OR (hold.asked IS NOT NULL AND o.state <> 'cancel'))
               AND (o.date_order >= %(start)s
                    OR o.invoice_status IS DISTINCT FROM 'invoiced'
                    OR EXISTS (SELECT 1
                                 FROM sale_order_line l
                                 JOIN sale_order_line_invoice_rel r ON r.order_line_id = l.id
                                 JOIN account_move_line il ON il.id = r.invoice_line_id
                                 JOIN account_move m ON m.id = il.move_id
                                WHERE l.order_id = o.id
                                  AND m.state = 'posted'
                                  AND m.date >= %(start)s::date))
             ORDER BY o.id
            """,
            partners=partners_of(pairs),
            start=start,
        )
    )


def order_lines(env, order_ids):
    """``[(order id, line id, price of one, quantity, price in all, down payment?)]``."""
    return env.execute_query(
        SQL(
            """
            SELECT l.order_id, l.id,
                   CASE WHEN l.product_uom_qty <> 0 THEN l.price_total / l.product_uom_qty
                        ELSE l.price_unit * (1 - COALESCE(l.discount, 0) / 100) END,
                   COALESCE(l.product_uom_qty, 0), COALESCE(l.price_total, 0),
                   l.is_downpayment IS TRUE AND COALESCE(l.product_uom_qty, 0) = 0
                       AND COALESCE(l.qty_delivered, 0) = 0
              FROM sale_order_line l
             WHERE l.order_id = ANY(%s)
               AND l.display_type IS NULL
             ORDER BY l.order_id, l.id
            """,
            list(order_ids),
        )
    )


def deliveries(env, order_ids):
    """``[(order id, line id, moment, quantity in the line's unit, picking id)]``; returns are
    negative."""
    return env.execute_query(
        SQL(
            """
            SELECT l.order_id, l.id, m.date,
                   CASE WHEN src.usage = 'customer' THEN -1 ELSE 1 END
                       * m.quantity * mu.factor / lu.factor,
                   m.picking_id
              FROM sale_order_line l
              JOIN stock_move m ON m.sale_line_id = l.id
              JOIN stock_location src ON src.id = m.location_id
              JOIN stock_location dest ON dest.id = m.location_dest_id
              JOIN uom_uom mu ON mu.id = m.product_uom
              JOIN uom_uom lu ON lu.id = l.product_uom_id
             WHERE l.order_id = ANY(%s)
               AND m.state = 'done'
               AND (src.usage = 'customer') <> (dest.usage = 'customer')
               AND m.product_id = l.product_id
             ORDER BY m.date, m.id
            """,
            list(order_ids),
        )
    )


def closed_orders(env, order_ids):
    """Lines billed on delivery whose moves are all over: what is left will never come.

    ``[(line id, moment of the last move)]``
    """
    return env.execute_query(
        SQL(
            """
            SELECT l.id, MAX(COALESCE(CASE WHEN m.state = 'done' THEN m.date END, m.write_date))
              FROM sale_order_line l
              JOIN product_product pp ON pp.id = l.product_id
              JOIN product_template t ON t.id = pp.product_tmpl_id
              JOIN stock_move m ON m.sale_line_id = l.id
              JOIN stock_location src ON src.id = m.location_id
             WHERE l.order_id = ANY(%s)
               AND src.usage <> 'customer'
               AND COALESCE(t.invoice_policy, 'order') = 'delivery'
             GROUP BY l.id
            HAVING COUNT(*) FILTER (WHERE m.state NOT IN ('done', 'cancel')) = 0
            """,
            list(order_ids),
        )
    )


def invoiced(env, order_ids):
    """``[(order id, line id, entry id, moment, quantity, amount)]`` of posted invoices; amounts
    in the company's currency, credit notes negative."""
    return env.execute_query(
        SQL(
            """
            SELECT l.order_id, l.id, m.id, %(moment)s,
                   CASE WHEN m.move_type = 'out_refund' THEN -1 ELSE 1 END * il.quantity
                       * CASE WHEN il.product_uom_id IS NULL THEN 1
                              ELSE iu.factor / lu.factor END,
                   CASE WHEN m.move_type = 'out_refund' THEN -1 ELSE 1 END * il.price_total
                       / COALESCE(NULLIF(m.invoice_currency_rate, 0), 1)
              FROM sale_order_line l
              JOIN sale_order_line_invoice_rel r ON r.order_line_id = l.id
              JOIN account_move_line il ON il.id = r.invoice_line_id
              JOIN account_move m ON m.id = il.move_id AND m.state = 'posted'
              JOIN res_company c ON c.id = m.company_id
              JOIN res_partner cp ON cp.id = c.partner_id
              CROSS JOIN LATERAL (SELECT COALESCE(NULLIF(cp.tz, ''), 'UTC') AS tz) p
              LEFT JOIN uom_uom iu ON iu.id = il.product_uom_id
              LEFT JOIN uom_uom lu ON lu.id = l.product_uom_id
             WHERE l.order_id = ANY(%(orders)s)
             ORDER BY m.date, m.id, il.id
            """,
            orders=list(order_ids),
            moment=_moment(("m", "date"), ("m", "create_date")),
        )
    )


def invoice_totals(env, move_ids):
    """``{entry id: amount of its lines without those of down payments}``, company currency."""
    rows = env.execute_query(
        SQL(
            """
            SELECT m.id,
                   SUM(CASE WHEN m.move_type = 'out_refund' THEN -1 ELSE 1 END * il.price_total
                       / COALESCE(NULLIF(m.invoice_currency_rate, 0), 1))
              FROM account_move m
              JOIN account_move_line il ON il.move_id = m.id AND il.display_type = 'product'
             WHERE m.id = ANY(%s)
               AND NOT EXISTS (SELECT 1
                                 FROM sale_order_line_invoice_rel r
                                 JOIN sale_order_line l ON l.id = r.order_line_id
                                WHERE r.invoice_line_id = il.id
                                  AND l.is_downpayment IS TRUE)
             GROUP BY m.id
            """,
            list(move_ids),
        )
    )
    return {move: float(amount) for move, amount in rows}


_ITEMS = """
    items AS (
        SELECT p.key, l.id, l.move_id, %(moment)s AS moment, l.balance,
               COALESCE(l.date_maturity, l.date) AS due, p.tz
          FROM partners p
          JOIN account_move_line l ON l.partner_id = p.partner_id
                                  AND l.company_id = p.company_id
          JOIN account_move m ON m.id = l.move_id
         WHERE l.account_id = ANY(%(accounts)s)
           AND l.parent_state = 'posted'
           AND l.balance <> 0
           AND (l.reconciled IS NOT TRUE
                OR l.date >= %(start)s::date
                OR EXISTS (SELECT 1 FROM account_partial_reconcile pr
                            WHERE pr.debit_move_id = l.id AND pr.max_date >= %(start)s::date)
                OR EXISTS (SELECT 1 FROM account_partial_reconcile pr
                            WHERE pr.credit_move_id = l.id AND pr.max_date >= %(start)s::date))
    )
"""


def items(env, pairs, start):
    """``[(key, item id, entry id, moment, balance, due date)]`` of receivable accounts, without
    those that were settled before ``start``."""
    return env.execute_query(
        SQL(
            "WITH %(partners)s, %(items)s"
            " SELECT key, id, move_id, moment, balance, due FROM items ORDER BY moment, id",
            partners=partners_of(pairs),
            items=_items(env, start),
        )
    )


def settlements(env, pairs, start):
    """``[(debit item, credit item, moment, amount)]`` of what was matched with these items."""
    return env.execute_query(
        SQL(
            """
            WITH %(partners)s, %(items)s
            SELECT pr.debit_move_id, pr.credit_move_id, %(moment)s, pr.amount
              FROM account_partial_reconcile pr
              JOIN (SELECT DISTINCT ON (partial_id) partial_id, tz
                      FROM (SELECT pr.id AS partial_id, items.tz
                              FROM items
                              JOIN account_partial_reconcile pr ON pr.debit_move_id = items.id
                             UNION ALL
                            SELECT pr.id, items.tz
                              FROM items
                              JOIN account_partial_reconcile pr ON pr.credit_move_id = items.id
                           ) each
                     ORDER BY partial_id) p ON p.partial_id = pr.id
             ORDER BY pr.max_date, pr.id
            """,
            partners=partners_of(pairs),
            items=_items(env, start),
            moment=_moment(("pr", "max_date"), ("pr", "create_date")),
        )
    )


def _items(env, start):
    receivable = env.execute_query(
        SQL("SELECT id FROM account_account WHERE account_type = 'asset_receivable'")
    )
    return SQL(
        _ITEMS,
        moment=_moment(("l", "date"), ("m", "create_date")),
        accounts=[row[0] for row in receivable],
        start=start,
    )


def bills(env, pairs):
    """``[(key, moment received, day it was over or None, amount)]`` of bills of exchange."""
    return env.execute_query(
        SQL(
            """
            WITH %(partners)s
            SELECT p.key, %(moment)s,
                   CASE WHEN b.state NOT IN ('received', 'endorsed', 'discounted')
                        THEN COALESCE(b.closed_date, b.maturity_date) END,
                   b.booked_amount
              FROM partners p
              JOIN credit_bill b ON b.partner_id = p.partner_id AND b.company_id = p.company_id
              JOIN account_move m ON m.id = b.receipt_move_id
             WHERE b.state <> 'draft'
               AND b.booked_amount <> 0
            """,
            partners=partners_of(pairs),
            moment=_moment(("m", "date"), ("m", "create_date")),
        )
    )
