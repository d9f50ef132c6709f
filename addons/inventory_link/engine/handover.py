"""Queries for products that leave the plan. One statement a function, whole sets."""

from odoo.tools import SQL


def planned_warehouses(cr, product_ids):
    """Warehouses whose plan knows these products."""
    cr.execute(
        SQL(
            """
            SELECT warehouse_id FROM supply_plan_line
             WHERE product_id = ANY(%(ids)s) AND state IN ('proposed', 'approved')
             UNION
            SELECT warehouse_id FROM supply_peg WHERE product_id = ANY(%(ids)s)
             UNION
            SELECT warehouse_id FROM supply_message
             WHERE product_id = ANY(%(ids)s) AND state != 'applied'
            """,
            ids=list(product_ids),
        )
    )
    return [row[0] for row in cr.fetchall()]


def pegged_sale_lines(cr, product_ids):
    """Sale order lines that these products' pegs serve."""
    cr.execute(
        SQL(
            "SELECT DISTINCT sale_line_id FROM supply_peg"
            " WHERE product_id = ANY(%s) AND sale_line_id IS NOT NULL",
            list(product_ids),
        )
    )
    return [row[0] for row in cr.fetchall()]


def neighbours(cr, product_ids, chain):
    """Other products one level above and below, by the stored pegs.

    ``chain`` is a list of (column of the need, column of the supply) that name the same document.
    """
    levels = []
    for need, supply in chain:
        need, supply = SQL.identifier("below", need), SQL.identifier("above", supply)
        levels.append(
            SQL(
                """
                SELECT above.product_id AS above, below.product_id AS below
                  FROM supply_peg above
                  JOIN supply_peg below ON %s = %s
                 WHERE above.product_id = ANY(%s) OR below.product_id = ANY(%s)
                """,
                *(need, supply, list(product_ids), list(product_ids)),
            )
        )
    cr.execute(
        SQL(
            "SELECT above FROM (%(levels)s) AS pair WHERE NOT above = ANY(%(ids)s)"
            " UNION SELECT below FROM (%(levels)s) AS pair WHERE NOT below = ANY(%(ids)s)",
            levels=SQL(" UNION ALL ").join(levels),
            ids=list(product_ids),
        )
    )
    return [row[0] for row in cr.fetchall()]


def delete_plan(cr, product_ids):
    """Open plan lines (with the component pegs under them), pegs and messages of these products.
    Released, rejected and cancelled lines are history and stay."""
    for table, still_open in (
        ("supply_message", "state != 'applied'"),
        ("supply_peg", "TRUE"),
        ("supply_plan_line", "state IN ('proposed', 'approved')"),
    ):
        cr.execute(
            SQL(
                "DELETE FROM %s WHERE product_id = ANY(%s) AND %s",
                SQL.identifier(table),
                list(product_ids),
                SQL(still_open),
            )
        )


def clear_promises(cr, sale_line_ids):
    """Order lines that nothing in the plan serves any more have no promise date."""
    cr.execute(
        SQL(
            """
            UPDATE sale_order_line AS t
               SET promise_date = NULL, promise_late_days = 0, promise_data = NULL
             WHERE t.id = ANY(%s)
               AND NOT EXISTS (SELECT 1 FROM supply_peg g WHERE g.sale_line_id = t.id)
            """,
            list(sale_line_ids),
        )
    )
