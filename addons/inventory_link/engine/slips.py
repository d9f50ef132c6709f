"""Which confirmed promises can't be kept any more, or can again: one statement to find them.

``slip_told`` on the order line is what its owner was told last: the reason and the day. Goods that
are there and haven't left are told without a day, which would only be today's, every day anew.
"""

from odoo.tools import SQL

#: Between the reason and the day in ``slip_told``.
DAY = "@"

_OPEN = SQL("so.state = 'sale' AND sol.product_uom_qty - COALESCE(sol.qty_delivered, 0) > 0.000001")


def find(cr, line_ids, company=None):
    """Of these order lines (with ``None`` all, or all of a company's id) those of which something
    else has to be told.

    A line without any reason isn't planned; that there is no promise for it says nothing.

    :return: rows of order line, order, told before, to be told now, the line is still open
    """
    cr.execute(
        SQL(
            """
            SELECT * FROM (
                SELECT sol.id, sol.order_id, sol.slip_told,
                       CASE WHEN NOT (%(open)s AND c.supply_planning) THEN NULL
                            WHEN sol.promised_date IS NULL OR sol.promise_data IS NULL THEN NULL
                            WHEN sol.promise_date <= sol.promised_date THEN NULL
                            ELSE sol.promise_data::text || %(day)s
                                 || CASE WHEN sol.promise_data->>0 = 'stock' THEN ''
                                         ELSE COALESCE(sol.promise_date::text, '') END
                       END AS now,
                       %(open)s AS open
                  FROM sale_order_line sol
                  JOIN sale_order so ON so.id = sol.order_id
                  JOIN res_company c ON c.id = sol.company_id
                 WHERE %(which)s AND %(whose)s
                   AND (sol.promised_date IS NOT NULL OR sol.slip_told IS NOT NULL)
            ) x
             WHERE slip_told IS DISTINCT FROM now
             ORDER BY order_id, id
            """,
            open=_OPEN,
            day=DAY,
            whose=SQL("so.company_id = %s", company) if company else SQL("TRUE"),
            which=SQL("sol.id = ANY(%s)", list(line_ids))
            if line_ids is not None
            else SQL("(so.state = 'sale' OR sol.slip_told IS NOT NULL)"),
        )
    )
    return cr.fetchall()


def keep(cr, rows):
    """Store what is told now. The reason of lateness stays with the line: when goods have come the
    plan only knows that they are there, and on-time delivery asks why they came late."""
    cr.execute_values(
        """
        UPDATE sale_order_line sol
           SET slip_told = v.now,
               late_driver = CASE
                   WHEN v.now IS NULL AND v.open THEN NULL
                   WHEN v.now IS NULL OR sol.promise_data->>0 IN ('stock', 'none')
                   THEN sol.late_driver
                   ELSE sol.promise_data END
          FROM (VALUES %s) AS v (id, now, open)
         WHERE sol.id = v.id
        """,
        [(line, now, is_open) for line, _order, _was, now, is_open in rows],
        template="(%s::int, %s::varchar, %s::bool)",
        page_size=len(rows),
    )


def reason_of(told):
    """The reason in what was told, without the day."""
    return (told or "").rpartition(DAY)[0]
