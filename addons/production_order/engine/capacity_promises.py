"""What capacity does to the promises of order lines. One statement a function."""

from odoo.tools import SQL


def delayed_lines(cr, delayed):
    """Order lines that delayed jobs serve: order line, and the plan line, production or purchase
    line of the job.

    :param list delayed: keys of jobs
    """
    kinds = {
        kind: [ref for other, ref in delayed if other == kind]
        for kind in ("line", "production", "purchase")
    }
    cr.execute(
        SQL(
            """
            SELECT DISTINCT sale_line_id, supply_plan_line_id, supply_production_id,
                   supply_purchase_line_id
              FROM supply_peg
             WHERE sale_line_id IS NOT NULL
               AND (supply_plan_line_id = ANY(%s) OR supply_production_id = ANY(%s)
                    OR supply_purchase_line_id = ANY(%s))
             ORDER BY 1, 2, 3, 4
            """,
            kinds["line"],
            kinds["production"],
            kinds["purchase"],
        )
    )
    return cr.fetchall()


def told_lines(cr, company_id):
    """Order lines of a company whose promise is later by capacity, by the index on just those."""
    cr.execute(
        SQL(
            "SELECT id FROM sale_order_line WHERE company_id = %s"
            " AND promise_data ->> 0 = 'capacity'",
            company_id,
        )
    )
    return {row[0] for row in cr.fetchall()}
