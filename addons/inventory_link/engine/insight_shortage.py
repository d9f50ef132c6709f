"""SQL of the shortage list: which pegs are the roots of what comes too late.

A need is short where the plan's reason names the needed product itself: the vendor's or the
production's time, an order that arrives late, missing data. What only waits for a component
isn't listed, its component is. A late need below which nothing late is found is listed, too, so
that no lateness is lost. What lies in stock and is only due isn't short.
"""

from odoo.tools import SQL

LATE = "(%(a)s.feasible_date IS NULL OR %(a)s.feasible_date > %(a)s.date)"


def query(chain, documents, todo):
    """:param chain: pairs (demand column, supply column) that tie pegs together
    :param documents: pairs (column of plan messages, supply column of pegs)
    :param todo: ``WHEN … THEN …`` of what to do, first match first
    """
    return SQL(
        """
        SELECT g.id, g.product_id, pp.product_tmpl_id, g.warehouse_id, w.company_id, g.quantity,
               g.date, g.feasible_date, g.earliest_date,
               g.feasible_date - g.date AS late_days, g.feasible_date IS NULL AS no_date,
               g.driver_data, g.tentative, g.sale_line_id, sol.order_id AS sale_order_id,
               so.partner_id, g.plan_line_id, g.purchase_line_id, g.move_id, g.forecast_id,
               g.safety, g.supply, g.supply_plan_line_id, g.supply_purchase_line_id,
               pol.order_id AS purchase_order_id, g.supply_move_id, msg.id AS message_id,
               prob.id AS problem_id, %(extra)s
               CASE %(todo)s ELSE 'look' END AS todo
          FROM supply_peg g
          JOIN product_product pp ON pp.id = g.product_id
          JOIN stock_warehouse w ON w.id = g.warehouse_id
          LEFT JOIN sale_order_line sol ON sol.id = g.sale_line_id
          LEFT JOIN sale_order so ON so.id = sol.order_id
          LEFT JOIN purchase_order_line pol ON pol.id = g.supply_purchase_line_id
          LEFT JOIN supply_plan_line line ON line.id = g.supply_plan_line_id
          LEFT JOIN LATERAL (
              SELECT m.id FROM supply_message m
               WHERE m.state = 'open' AND m.kind = 'expedite' AND (%(documents)s) LIMIT 1
          ) msg ON TRUE
          LEFT JOIN LATERAL (
              SELECT m.id FROM supply_message m
               WHERE m.state = 'open' AND m.kind = 'problem' AND g.feasible_date IS NULL
                 AND m.product_id = g.product_id AND m.warehouse_id = g.warehouse_id LIMIT 1
          ) prob ON TRUE
         WHERE %(late)s AND g.supply != 'stock'
           AND ((g.driver_data->>1)::int = g.product_id OR NOT (%(below)s))
        """,
        todo=SQL(" ").join(todo),
        extra=SQL("").join(
            SQL("g.%s, ", SQL.identifier(column))
            for pair in chain
            for column in pair
            if column not in KNOWN
        ),
        documents=SQL(" OR ").join(
            SQL("m.%s = g.%s", SQL.identifier(column), SQL.identifier(supply))
            for column, supply in documents
        ),
        late=SQL(LATE % {"a": "g"}),
        below=SQL(" OR ").join(
            SQL(
                "EXISTS (SELECT FROM supply_peg c"
                " WHERE c.%s = g.%s AND %s AND c.supply != 'stock')",
                SQL.identifier(demand),
                SQL.identifier(supply),
                SQL(LATE % {"a": "c"}),
            )
            for demand, supply in chain
        ),
    )


#: Chain columns that the query selects in any case.
KNOWN = {"plan_line_id", "supply_plan_line_id", "purchase_line_id", "supply_purchase_line_id"}


def todo_cases():
    """What to do about a shortage, most helpful first."""
    return [
        SQL("WHEN msg.id IS NOT NULL THEN 'expedite'"),
        SQL("WHEN g.supply = 'purchase' THEN 'chase'"),
        SQL("WHEN g.supply = 'transfer' THEN 'receipt'"),
        SQL("WHEN g.driver_data->>0 = 'rejected' THEN 'decide'"),
        SQL("WHEN prob.id IS NOT NULL THEN 'data'"),
        SQL("WHEN line.action IN ('buy', 'subcontract') AND line.vendor_id IS NULL THEN 'vendor'"),
        SQL("WHEN line.state = 'proposed' THEN 'approve'"),
        SQL("WHEN line.state = 'approved' THEN 'release'"),
    ]


NEXT_RECEIPT = """
    SELECT DISTINCT ON (m.product_id, d.warehouse_id) m.product_id, d.warehouse_id,
           (m.date AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(p.tz, 'UTC'))::date, m.picking_id
      FROM stock_move m
      JOIN stock_location s ON s.id = m.location_id
      JOIN stock_location d ON d.id = COALESCE(m.location_final_id, m.location_dest_id)
      JOIN res_company c ON c.id = m.company_id
      JOIN res_partner p ON p.id = c.partner_id
     WHERE m.product_id = ANY(%(products)s) AND d.warehouse_id = ANY(%(warehouses)s)
       AND m.state NOT IN ('draft', 'done', 'cancel')
       AND s.usage NOT IN ('internal', 'view') AND d.usage = 'internal'
     ORDER BY m.product_id, d.warehouse_id, m.date, m.id
"""
