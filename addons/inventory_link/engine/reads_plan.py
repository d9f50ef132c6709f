"""Queries for what is stored of the plan: of some products, or of all when they are ``None``."""

from odoo.tools import SQL


def plan_lines(cr, product_ids, warehouse_ids, canonical):
    """Plan lines not yet documents (released and cancelled ones are history): id, product,
    warehouse, action, state, changed by the planner, natural key, signature, order date, needed
    date, tentative, and the whole row as the text that the writer would write."""
    cr.execute(
        SQL(
            "SELECT id, product_id, warehouse_id, action, state, COALESCE(edited, FALSE),"
            " natural_key, signature, order_date, due_date, COALESCE(tentative, FALSE), %s"
            " FROM supply_plan_line WHERE (%s OR product_id = ANY(%s))"
            " AND warehouse_id = ANY(%s) AND state IN ('proposed', 'approved', 'rejected')"
            " ORDER BY id",
            canonical,
            product_ids is None,
            list(product_ids or ()),
            list(warehouse_ids),
        )
    )
    return cr.fetchall()


def kept_lines(cr, line_ids, columns):
    """Values of the lines that the plan works around, as dicts by id."""
    cr.execute(
        SQL(
            "SELECT id, %s FROM supply_plan_line WHERE id = ANY(%s)",
            SQL(", ").join(SQL.identifier(column) for column in columns),
            list(line_ids),
        )
    )
    return {row["id"]: row for row in cr.dictfetchall()}


def pegs(cr, product_ids, warehouse_ids, canonical):
    """Stored pegs of these products: id and the whole row as text."""
    cr.execute(
        SQL(
            "SELECT id, %s FROM supply_peg WHERE (%s OR product_id = ANY(%s))"
            " AND warehouse_id = ANY(%s)",
            canonical,
            product_ids is None,
            list(product_ids or ()),
            list(warehouse_ids),
        )
    )
    return cr.fetchall()


def served_needs(cr, product_ids, warehouse_ids, columns, scale):
    """Pegs of products that have drafts of the plan: product, warehouse, anchor of the need,
    quantity in the need's own product, and the supplying purchase line and production.

    :param columns: peg columns; those of productions are there with ``production_order`` alone
    """
    made = "production_id" in columns
    cr.execute(
        SQL(
            """
            SELECT COALESCE(g.substitute_for_id, g.product_id), g.warehouse_id,
                   CASE WHEN g.sale_line_id IS NOT NULL THEN 'S' || g.sale_line_id
                        WHEN g.plan_line_id IS NOT NULL
                        THEN 'P' || COALESCE(l.natural_key, 'L' || l.id)
                        WHEN %(production)s IS NOT NULL THEN 'O' || %(production)s
                        WHEN g.move_id IS NOT NULL THEN 'M' || g.move_id
                        WHEN g.purchase_line_id IS NOT NULL THEN 'B' || g.purchase_line_id
                        WHEN g.forecast_id IS NOT NULL THEN 'C' || g.forecast_id
                   END,
                   LEAST(GREATEST(round((CASE WHEN g.substitute_for_id IS NULL THEN g.quantity
                               ELSE g.substitute_quantity END) * %(scale)s), -1e15), 1e15)::bigint,
                   g.supply_purchase_line_id, %(made)s
              FROM supply_peg g
         LEFT JOIN supply_plan_line l ON l.id = g.plan_line_id
             WHERE g.product_id = ANY(%(products)s) AND g.warehouse_id = ANY(%(whs)s)
               AND NOT g.safety AND NOT g.tentative
             ORDER BY g.id
            """,
            production=SQL("g.production_id") if made else SQL("NULL::int"),
            made=SQL("g.supply_production_id") if made else SQL("NULL::int"),
            scale=scale,
            products=list(product_ids),
            whs=list(warehouse_ids),
        )
    )
    return cr.fetchall()


def pegged_sale_lines(cr, peg_ids):
    """Sale order lines of these pegs."""
    cr.execute(
        SQL(
            "SELECT DISTINCT sale_line_id FROM supply_peg"
            " WHERE id = ANY(%s) AND sale_line_id IS NOT NULL",
            list(peg_ids),
        )
    )
    return {row[0] for row in cr.fetchall()}


def messages(cr, product_ids, warehouse_ids, columns):
    """Open and dismissed messages of these products, and of vendors, as dicts."""
    cr.execute(
        SQL(
            "SELECT id, %s FROM supply_message"
            " WHERE (%s OR product_id = ANY(%s) OR product_id IS NULL)"
            " AND warehouse_id = ANY(%s) AND state IN ('open', 'dismissed') ORDER BY id",
            SQL(", ").join(SQL.identifier(column) for column in columns),
            product_ids is None,
            list(product_ids or ()),
            list(warehouse_ids),
        )
    )
    return cr.dictfetchall()


def outside_plan_demand(cr, product_ids, warehouse_ids, scale):
    """Components that plan lines of *other* products take of these products.

    Used by a net change: those lines stay as they are, so their stored pegs are the demand. What a
    substitute stands in for counts as demand of the product itself, which is netted again.
    Columns: product, warehouse, plan line, its natural key, quantity, day, sale order, product of
    the line, the line is tentative, for each peg the day its material was possible, why then,
    and the earliest day, and the day of its turn when that is later.
    """
    return _outside(
        cr,
        SQL(
            """
            SELECT g.product_id, g.warehouse_id, l.id, COALESCE(l.natural_key, 'L' || l.id),
                   LEAST(GREATEST(
                       round(sum(g.quantity) * %(scale)s),
                       -1e15), 1e15)::bigint, min(g.date),
                   max(l.sale_order_id), l.product_id, l.tentative,
                   jsonb_agg(jsonb_build_array(g.feasible_date, g.driver_data, g.earliest_date)),
                   min(g.claim_date)
              FROM %(taken)s
             GROUP BY 1, 2, 3, 4, 8, 9
             ORDER BY 3
            """,
            scale=scale,
            taken=_taken_outside(product_ids, warehouse_ids),
        ),
    )


def outside_plan_days(cr, product_ids, warehouse_ids, by_order_ids, scale):
    """The same by day, for a run that isn't stored: product, warehouse, quantity, day, sale order
    (of products planned by order), tentative, day of the turn."""
    return _outside(
        cr,
        SQL(
            """
            SELECT g.product_id, g.warehouse_id,
                   LEAST(GREATEST(round(sum(g.quantity) * %(scale)s), -1e15), 1e15)::bigint,
                   g.date,
                   CASE WHEN g.product_id = ANY(%(by_order)s) THEN l.sale_order_id END,
                   l.tentative, g.claim_date
              FROM %(taken)s
             GROUP BY 1, 2, 4, 5, 6, 7
             ORDER BY 1, 2, 4, 5, 6, 7
            """,
            scale=scale,
            taken=_taken_outside(product_ids, warehouse_ids),
            by_order=list(by_order_ids),
        ),
    )


def _taken_outside(product_ids, warehouse_ids):
    """Pegs ``g`` of open plan lines ``l`` of other products, with the rest of a ``FROM``."""
    return SQL(
        """
                   (
                   SELECT COALESCE(substitute_for_id, product_id) AS product_id, warehouse_id,
                          plan_line_id, date, feasible_date, driver_data, earliest_date,
                          claim_date,
                          CASE WHEN substitute_for_id IS NULL THEN quantity
                               ELSE substitute_quantity END AS quantity
                     FROM supply_peg
                    WHERE product_id = ANY(%(products)s) AND plan_line_id IS NOT NULL
                   ) g
              JOIN supply_plan_line l ON l.id = g.plan_line_id
              JOIN product_product p ON p.id = l.product_id AND p.active
              JOIN product_template t ON t.id = p.product_tmpl_id
                   AND t.supply_mode = 'planned' AND t.is_storable
             WHERE g.product_id = ANY(%(products)s) AND g.warehouse_id = ANY(%(whs)s)
               AND NOT l.product_id = ANY(%(products)s)
               AND l.state IN ('proposed', 'approved')
        """,
        products=list(product_ids),
        whs=list(warehouse_ids),
    )


def outside_purchase_demand(cr, product_ids, warehouse_ids, scale):
    """Components that requests to subcontractors for *other* products take of these products:
    product, warehouse, purchase line, quantity, day, product of the line, for each peg the day its
    material was possible, why then, and the earliest day, and the day of its turn."""
    return _outside(
        cr,
        SQL(
            """
            SELECT g.product_id, g.warehouse_id, pol.id,
                   LEAST(GREATEST(
                       round(sum(g.quantity) * %(scale)s),
                       -1e15), 1e15)::bigint, min(g.date), pol.product_id,
                   jsonb_agg(jsonb_build_array(g.feasible_date, g.driver_data, g.earliest_date)),
                   min(g.claim_date)
              FROM supply_peg g
              JOIN purchase_order_line pol ON pol.id = g.purchase_line_id
              JOIN purchase_order po ON po.id = pol.order_id
                   AND po.state IN ('draft', 'sent', 'to approve')
             WHERE g.product_id = ANY(%(products)s) AND g.warehouse_id = ANY(%(whs)s)
               AND g.move_id IS NULL AND NOT pol.product_id = ANY(%(products)s)
             GROUP BY 1, 2, 3, 6
             ORDER BY 3
            """,
            scale=scale,
            products=list(product_ids),
            whs=list(warehouse_ids),
        ),
    )


def _outside(cr, query):
    cr.execute(query)
    return cr.fetchall()


def sale_line_dates(cr, sale_line_ids):
    """What the pegs say of whole sale order lines, for their promise: sale line, day wanted,
    latest feasible day (NULL when a part has no date), reason of that part, security lead days,
    stored promise date, late days and reason, the order is cancelled."""
    cr.execute(
        SQL(
            """
            SELECT sol.id, g.wanted,
                   CASE WHEN g.dated = g.pegs THEN g.feasible END, g.driver,
                   COALESCE(c.security_lead, 0)::int,
                   sol.promise_date, sol.promise_late_days, sol.promise_data,
                   so.state = 'cancel'
              FROM sale_order_line sol
              JOIN sale_order so ON so.id = sol.order_id AND so.state IN ('sale', 'cancel')
              JOIN res_company c ON c.id = sol.company_id
         LEFT JOIN LATERAL (
                   SELECT min(p.date) AS wanted, max(p.feasible_date) AS feasible,
                          count(*) AS pegs, count(p.feasible_date) AS dated,
                          (array_agg(p.driver_data
                                     ORDER BY p.feasible_date DESC NULLS FIRST,
                                              p.driver_data::text))[1] AS driver
                     FROM supply_peg p
                    WHERE p.sale_line_id = sol.id
                   HAVING count(*) > 0
                   ) g ON TRUE
             WHERE sol.id = ANY(%s)
             ORDER BY sol.id
            """,
            list(sale_line_ids),
        )
    )
    return cr.fetchall()
