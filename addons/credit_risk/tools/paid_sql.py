"""What customers have paid for their orders: one query for any number of them.

Raw SQL on purpose: the result must not depend on the reader's record rules, selected companies
or language. Two kinds of money count, each piece once:

* *billed*: the paid share of the order's posted invoices (down payments, final ones), less credit
  notes. An invoice of several orders is shared by the totals of their lines.
* *unapplied*: money meant for the order that isn't matched with anything yet: what is left of
  posted payments linked to it, and online transactions that have no posted payment yet.

**How to judge with it.** An unapplied posted payment lowers the receivable, so it is in the
exposure already: the limit is asked with the full amount that the order adds (the exposure plus
``sale.order._credit_amounts``), never with that less the money; it would count twice. What the
money does is answer one question: is the order prepaid, so that it raises no risk at all?
:func:`net_new` is 0 then, and nothing but a hold by hand or an open milestone stops it. An order
that adds nothing because it was billed in advance but not paid has ``net_new`` above 0: it isn't
prepaid and has to fit.

With a limit of 100 and 500 owed: an order of 50 with 50 paid for it is prepaid. One with 15 paid
has a net new of 35; with the payment the receivable is 485, so that it would stand at
485 + 50 = 535, over by 435. It gets free by a payment of the smaller of the two, 35.
"""

from dataclasses import dataclass

from odoo.tools import SQL, float_round


@dataclass(frozen=True)
class Money:
    """What was paid for one order, in the order's currency, tax included.

    :param total: what the order is about
    :param billed_paid: paid part of its posted invoices, net of credit notes
    :param billed_open: the other part of them
    :param unapplied: meant for it and not matched yet
    :param rate: units of the order's currency for one of its company's, as of the order
    """

    total: float = 0.0
    billed_paid: float = 0.0
    billed_open: float = 0.0
    unapplied: float = 0.0
    rate: float = 1.0

    @property
    def moved(self):
        """Whether anything was paid or invoiced."""
        return bool(self.billed_paid or self.billed_open or self.unapplied)

    @property
    def paid(self):
        """Never more than the total, never less than nothing."""
        return max(0.0, min(self.total, self.billed_paid + self.unapplied))


def paid_amounts(env, orders):
    """``{order id: what is paid for it}``, in its company's currency at the order's rate.

    Also for quotations. At most the order's total: what is more isn't for this order.
    """
    every = order_money(env, orders)
    paid = {}
    for order in orders.sudo():
        money = every[order.id]
        paid[order.id] = order.company_id.currency_id.round(money.paid / money.rate)
    return paid


def net_new(env, orders, amounts, every=None):
    """``{order id: its value that no money was received for}``: 0 says that it is prepaid.

    What it adds to the exposure and what is unpaid of its posted invoices, less unapplied money
    meant for it. In the company's currency at today's rate, as the amounts are.

    :param amounts: ``{order id: amount}`` as of ``sale.order._credit_amounts``
    :param every: what :func:`order_money` says, if it was asked already
    """
    every = every or order_money(env, orders)
    found = {}
    for order in orders.sudo():
        money, company = every[order.id], order.company_id
        rate = env["res.currency"]._get_conversion_rate(
            from_currency=company.currency_id,
            to_currency=order.currency_id,
            company=company,
            date=company._credit_today(),
        )
        net = amounts[order.id] + (money.billed_open - money.unapplied) / rate
        # the amount is rounded: less than its smallest unit is nothing
        rounding = company.currency_id.rounding
        found[order.id] = (
            float_round(net, precision_rounding=rounding) if net > rounding / 2 else 0.0
        )
    return found


def order_money(env, orders):
    """``{order id: Money}`` of all the orders."""
    if not orders:
        return {}
    env.flush_all()
    rows = env.execute_query(SQL(_MONEY, ids=list(orders.ids)))
    found = {row[0]: Money(*(float(value) for value in row[1:])) for row in rows}
    return {order.id: found.get(order.id) or Money() for order in orders}


# bills: lines of posted invoices that come from the orders' lines, each invoice once an order.
# txs: online transactions of the orders, a payment of several orders is shared by their totals;
# captures of a part are children of theirs and carry no order.
# given: posted payments, linked by hand or memo, else through their transaction. Without a
# journal entry (no account for outstanding money) the payment itself is what is left, until an
# invoice of it is settled.
_MONEY = """
    WITH orders AS (
        SELECT o.id, o.currency_id, o.company_id, c.currency_id AS company_currency_id,
               split_part(c.parent_path, '/', 1)::integer AS root_company_id,
               GREATEST(0, COALESCE(o.amount_total, 0)) AS total,
               COALESCE(NULLIF(o.currency_rate, 0), 1) AS rate
          FROM sale_order o
          JOIN res_company c ON c.id = o.company_id
         WHERE o.id = ANY(%(ids)s)
    ),
    bill_lines AS (
        SELECT DISTINCT o.id AS order_id, il.id, il.move_id, il.price_total
          FROM orders o
          JOIN sale_order_line l ON l.order_id = o.id
          JOIN sale_order_line_invoice_rel r ON r.order_line_id = l.id
          JOIN account_move_line il ON il.id = r.invoice_line_id
    ),
    shares AS (
        SELECT bl.order_id, bl.move_id, SUM(bl.price_total) AS amount
          FROM bill_lines bl
         GROUP BY bl.order_id, bl.move_id
    ),
    bills AS (
        SELECT s.order_id, share.amount,
               share.amount * CASE WHEN m.amount_total <> 0
                                   THEN 1 - m.amount_residual / m.amount_total ELSE 1
                              END AS settled
          FROM shares s
          JOIN orders o ON o.id = s.order_id
          JOIN account_move m ON m.id = s.move_id
          CROSS JOIN LATERAL (
                SELECT SUM(il.price_total) AS amount
                  FROM account_move_line il
                 WHERE il.move_id = m.id
                   AND il.display_type = 'product'
               ) lines
          CROSS JOIN LATERAL (
                SELECT CASE WHEN lines.amount <> 0
                            THEN s.amount / lines.amount * m.amount_total ELSE s.amount END
                       * CASE WHEN m.move_type = 'out_refund' THEN -1 ELSE 1 END
                       * CASE WHEN m.currency_id = o.currency_id THEN 1
                              ELSE o.rate / COALESCE(NULLIF(m.invoice_currency_rate, 0), 1)
                         END AS amount
               ) share
         WHERE m.state = 'posted'
           AND m.move_type IN ('out_invoice', 'out_refund')
    ),
    billed AS (
        SELECT order_id, SUM(amount) AS amount,
               -- a credit note takes away what isn't paid first
               GREATEST(0, LEAST(SUM(settled), SUM(amount))) AS paid
          FROM bills
         GROUP BY order_id
    ),
    roots AS (
        SELECT o.id AS order_id, r.transaction_id,
               CASE WHEN every.total > 0 THEN o.total / every.total ELSE 1 END AS weight
          FROM orders o
          JOIN sale_order_transaction_rel r ON r.sale_order_id = o.id
          CROSS JOIN LATERAL (
                SELECT SUM(GREATEST(0, other.amount_total)) AS total
                  FROM sale_order_transaction_rel r2
                  JOIN sale_order other ON other.id = r2.sale_order_id
                 WHERE r2.transaction_id = r.transaction_id
               ) every
    ),
    txs AS (
        SELECT order_id, transaction_id, weight FROM roots
         UNION
        SELECT roots.order_id, child.id, roots.weight
          FROM roots
          JOIN payment_transaction child ON child.source_transaction_id = roots.transaction_id
         WHERE NOT EXISTS (SELECT 1 FROM sale_order_transaction_rel own
                            WHERE own.transaction_id = child.id)
    ),
    pending AS (
        SELECT txs.order_id,
               txs.weight * (t.amount - COALESCE(captured.amount, 0)) AS amount,
               t.currency_id, CURRENT_DATE AS date
          FROM txs
          JOIN payment_transaction t ON t.id = txs.transaction_id
          LEFT JOIN account_payment p ON p.id = t.payment_id
          LEFT JOIN LATERAL (
                SELECT SUM(part.amount) AS amount
                  FROM payment_transaction part
                 WHERE part.source_transaction_id = t.id
                   AND COALESCE(part.operation, '') <> 'refund'
                   AND part.state IN ('done', 'cancel')
               ) captured ON TRUE
         WHERE t.state IN ('done', 'authorized')
           AND COALESCE(t.operation, '') <> 'validation'
           AND COALESCE(p.state, 'draft') = 'draft'
    ),
    given AS (
        SELECT p.prepaid_order_id AS order_id, p.id AS payment_id, 1.0 AS weight
          FROM account_payment p
          JOIN orders o ON o.id = p.prepaid_order_id
         UNION
        SELECT txs.order_id, p.id, txs.weight
          FROM txs
          JOIN payment_transaction t ON t.id = txs.transaction_id
          JOIN account_payment p ON p.id = t.payment_id
         WHERE p.prepaid_order_id IS NULL
    ),
    unmatched AS (
        SELECT g.order_id,
               -g.weight * CASE WHEN l.currency_id = o.currency_id THEN l.amount_residual_currency
                                ELSE l.amount_residual * o.rate END AS amount
          FROM given g
          JOIN orders o ON o.id = g.order_id
          JOIN account_payment p ON p.id = g.payment_id
          JOIN account_move_line l ON l.move_id = p.move_id
          JOIN account_account a ON a.id = l.account_id
         WHERE p.state IN ('in_process', 'paid')
           AND p.partner_type = 'customer'
           AND p.company_id = o.company_id
           AND l.parent_state = 'posted'
           AND a.account_type = 'asset_receivable'
    ),
    without_entry AS (
        SELECT g.order_id,
               g.weight * CASE WHEN p.payment_type = 'inbound' THEN p.amount ELSE -p.amount
                          END AS amount,
               p.currency_id, p.date
          FROM given g
          JOIN orders o ON o.id = g.order_id
          JOIN account_payment p ON p.id = g.payment_id
         WHERE p.move_id IS NULL
           AND p.state IN ('in_process', 'paid')
           AND p.partner_type = 'customer'
           AND p.company_id = o.company_id
           AND NOT EXISTS (
                SELECT 1
                  FROM account_move__account_payment mp
                  JOIN account_move m ON m.id = mp.invoice_id
                 WHERE mp.payment_id = p.id
                   AND m.state = 'posted'
                   AND m.amount_residual = 0)
    ),
    foreign_money AS (
        SELECT x.order_id,
               CASE WHEN x.currency_id = o.currency_id THEN x.amount
                    WHEN x.currency_id = o.company_currency_id THEN x.amount * o.rate
                    ELSE x.amount / COALESCE(latest.rate, 1) * o.rate END AS amount
          FROM (SELECT * FROM pending UNION ALL SELECT * FROM without_entry) x
          JOIN orders o ON o.id = x.order_id
          LEFT JOIN LATERAL (
                SELECT r.rate
                  FROM res_currency_rate r
                 WHERE r.currency_id = x.currency_id
                   AND (r.company_id IS NULL OR r.company_id = o.root_company_id)
                   AND r.name <= x.date
                 ORDER BY r.company_id, r.name DESC
                 LIMIT 1
               ) latest ON TRUE
    ),
    unapplied AS (
        SELECT order_id, GREATEST(0, SUM(amount)) AS amount
          FROM (SELECT * FROM unmatched UNION ALL SELECT * FROM foreign_money) every
         GROUP BY order_id
    )
    SELECT o.id, o.total, COALESCE(billed.paid, 0),
           GREATEST(0, COALESCE(billed.amount - billed.paid, 0)),
           COALESCE(unapplied.amount, 0), o.rate
      FROM orders o
      LEFT JOIN billed ON billed.order_id = o.id
      LEFT JOIN unapplied ON unapplied.order_id = o.id
"""
