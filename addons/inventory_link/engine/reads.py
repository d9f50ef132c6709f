"""Every query of the planner. One statement a function, whole sets, rows as plain tuples.

Quantities come back as integers in rounding units (``scale`` = 10 ** digits of "Product Unit"),
days as dates in the company's time zone. The caller flushes the ORM first.
"""

from odoo.tools import SQL


def warehouses(cr, warehouse_ids=None):
    """Warehouses of companies that plan: id, company, currency, time zone, security lead days,
    days that a document may stay early before it is reported."""
    cr.execute(
        SQL(
            """
            SELECT w.id, w.company_id, c.currency_id, COALESCE(p.tz, 'UTC'),
                   COALESCE(c.security_lead, 0)::int, COALESCE(c.supply_dampener_days, 0)
              FROM stock_warehouse w
              JOIN res_company c ON c.id = w.company_id AND c.supply_planning
              JOIN res_partner p ON p.id = c.partner_id
             WHERE w.active AND (%(all)s OR w.id = ANY(%(ids)s))
             ORDER BY w.id
            """,
            all=warehouse_ids is None,
            ids=list(warehouse_ids or []),
        )
    )
    return cr.fetchall()


def stock_locations(cr, warehouse_ids):
    """Internal locations below each warehouse's stock: location, warehouse.

    Input, quality, packing and output areas are outside: goods there aren't free to promise.
    """
    cr.execute(
        SQL(
            """
            SELECT l.id, w.id
              FROM stock_warehouse w
              JOIN stock_location s ON s.id = w.lot_stock_id
              JOIN stock_location l ON l.parent_path LIKE s.parent_path || '%%'
             WHERE w.id = ANY(%s) AND l.usage = 'internal'
            """,
            list(warehouse_ids),
        )
    )
    return cr.fetchall()


def planned_products(cr, product_ids=None):
    """Planned products with their lot rules; all of them when no ids are given."""
    cr.execute(
        SQL(
            """
            SELECT p.id, t.id, t.uom_id, t.supply_policy, t.supply_bucket_days,
                   t.supply_multiple, t.supply_max_lot, t.supply_lot_rounding,
                   t.supply_safety_stock, t.company_id
              FROM product_product p
              JOIN product_template t ON t.id = p.product_tmpl_id
             WHERE t.supply_mode = 'planned' AND t.is_storable AND p.active
               AND (%(all)s OR p.id = ANY(%(ids)s))
             ORDER BY p.id
            """,
            all=product_ids is None,
            ids=list(product_ids or []),
        )
    )
    return cr.fetchall()


def stock(cr, product_ids, locations, scale):
    """On hand in the stock locations: product, warehouse, quantity. Reservations don't matter:
    what is reserved is wanted by a demand that is netted as well."""
    cr.execute(
        SQL(
            """
            SELECT q.product_id, loc.warehouse, round(sum(q.quantity) * %(scale)s)::bigint
              FROM stock_quant q
              JOIN unnest(%(ids)s::int[], %(whs)s::int[]) AS loc(id, warehouse)
                ON loc.id = q.location_id
             WHERE q.product_id = ANY(%(products)s)
             GROUP BY 1, 2
            """,
            scale=scale,
            ids=[loc for loc, _wh in locations],
            whs=[wh for _loc, wh in locations],
            products=list(product_ids),
        )
    )
    return cr.fetchall()


def moves(cr, product_ids, locations, scale, raw, finished):
    """Open moves into or out of stock, moves within the stock of one warehouse left out.

    ``raw`` and ``finished`` are the columns that tie a move to a production, or NULL.
    Columns: move, product, source and destination warehouse, quantity, day, sale line, priority,
    purchase line, raw production, finished production, sale order.
    The day of a customer's move follows the order's promised date when there is one.
    """
    cr.execute(
        SQL(
            """
            WITH loc AS (
                SELECT * FROM unnest(%(ids)s::int[], %(whs)s::int[]) AS loc(id, warehouse)
            )
            SELECT m.id, m.product_id, src.warehouse, dst.warehouse,
                   round(m.product_qty * %(scale)s)::bigint,
                   timezone(COALESCE(p.tz, 'UTC'), timezone('UTC', CASE
                       WHEN so.commitment_date IS NULL OR src.warehouse IS NULL THEN m.date
                       ELSE so.commitment_date
                            - make_interval(days => COALESCE(c.security_lead, 0)::int)
                   END))::date,
                   m.sale_line_id, m.priority, m.purchase_line_id, %(raw)s, %(finished)s, so.id
              FROM stock_move m
              JOIN res_company c ON c.id = m.company_id
              JOIN res_partner p ON p.id = c.partner_id
         LEFT JOIN loc src ON src.id = m.location_id
         LEFT JOIN loc dst ON dst.id = COALESCE(m.location_final_id, m.location_dest_id)
         LEFT JOIN sale_order_line sol ON sol.id = m.sale_line_id
         LEFT JOIN sale_order so ON so.id = sol.order_id
             WHERE m.product_id = ANY(%(products)s)
               AND (m.state NOT IN ('draft', 'done', 'cancel')
                    OR m.state = 'draft' AND COALESCE(%(raw)s, %(finished)s) IS NOT NULL)
               AND src.warehouse IS DISTINCT FROM dst.warehouse
               AND m.product_qty > 0
             ORDER BY m.id
            """,
            ids=[loc for loc, _wh in locations],
            whs=[wh for _loc, wh in locations],
            scale=scale,
            raw=raw,
            finished=finished,
            products=list(product_ids),
        )
    )
    return cr.fetchall()


def purchase_lines(cr, product_ids, warehouse_ids, moved_line_ids, scale):
    """Purchase lines that are supply: all requests, and orders with open receipts.

    Columns: line, product, warehouse, quantity ordered, received, planned day, locked by the
    vendor, vendor, is a request, plan line.
    """
    cr.execute(
        SQL(
            """
            SELECT pol.id, pol.product_id, pt.warehouse_id,
                   round(pol.product_uom_qty * %(scale)s)::bigint,
                   round(COALESCE(pol.qty_received, 0) * u.factor / pu.factor * %(scale)s)::bigint,
                   timezone(COALESCE(p.tz, 'UTC'), timezone('UTC', pol.date_planned))::date,
                   COALESCE(pol.supply_locked, FALSE), po.partner_id,
                   po.state IN ('draft', 'sent', 'to approve'), pol.plan_line_id
              FROM purchase_order_line pol
              JOIN purchase_order po ON po.id = pol.order_id
              JOIN stock_picking_type pt ON pt.id = po.picking_type_id AND pt.code = 'incoming'
              JOIN res_company c ON c.id = po.company_id
              JOIN res_partner p ON p.id = c.partner_id
              JOIN uom_uom u ON u.id = pol.product_uom_id
              JOIN product_product pp ON pp.id = pol.product_id
              JOIN product_template t ON t.id = pp.product_tmpl_id
              JOIN uom_uom pu ON pu.id = t.uom_id
             WHERE pol.product_id = ANY(%(products)s) AND pt.warehouse_id = ANY(%(whs)s)
               AND (po.state IN ('draft', 'sent', 'to approve') OR pol.id = ANY(%(moved)s))
               AND pol.product_uom_qty > 0
             ORDER BY pol.id
            """,
            scale=scale,
            products=list(product_ids),
            whs=list(warehouse_ids),
            moved=list(moved_line_ids),
        )
    )
    return cr.fetchall()


def vendor_prices(cr, product_ids, company_ids):
    """Vendor price rows in the product's unit: row, product, vendor, minimum, price, currency,
    lead days, valid from, valid to, sequence, company, units of one whole purchase unit (0 when
    the vendor's unit may be split)."""
    cr.execute(
        SQL(
            """
            SELECT si.id, p.id, si.partner_id,
                   (COALESCE(si.min_qty, 0) * su.factor / pu.factor)::float,
                   (si.price * (1 - COALESCE(si.discount, 0) / 100)
                    * pu.factor / su.factor)::float,
                   si.currency_id, COALESCE(si.delay, 0), si.date_start, si.date_end,
                   COALESCE(si.sequence, 0), si.company_id,
                   CASE WHEN su.id != pu.id AND su.factor > pu.factor AND root.id = ANY(%(whole)s)
                        THEN (su.factor / pu.factor)::float ELSE 0 END
              FROM product_product p
              JOIN product_template t ON t.id = p.product_tmpl_id
              JOIN product_supplierinfo si ON si.product_tmpl_id = t.id
                   AND (si.product_id IS NULL OR si.product_id = p.id)
              JOIN res_partner v ON v.id = si.partner_id AND v.active
              JOIN uom_uom pu ON pu.id = t.uom_id
              JOIN uom_uom su ON su.id = COALESCE(si.product_uom_id, t.uom_id)
         LEFT JOIN uom_uom root ON root.id = split_part(su.parent_path, '/', 1)::int
             WHERE p.id = ANY(%(products)s)
               AND (si.company_id IS NULL OR si.company_id = ANY(%(companies)s))
             ORDER BY p.id, si.sequence, si.min_qty DESC, si.price, si.id
            """,
            products=list(product_ids),
            companies=list(company_ids),
            whole=whole_units(cr),
        )
    )
    return cr.fetchall()


def whole_units(cr):
    """The unit of pieces: a vendor who sells boxes of it sells whole boxes only."""
    cr.execute(
        SQL(
            "SELECT res_id FROM ir_model_data"
            " WHERE module = 'uom' AND name = 'product_uom_unit' AND model = 'uom.uom'"
        )
    )
    return [row[0] for row in cr.fetchall()]


def plan_lines(cr, product_ids, warehouse_ids, columns):
    """Plan lines not yet documents (released and cancelled ones are history), as dicts."""
    cr.execute(
        SQL(
            "SELECT id, %s FROM supply_plan_line WHERE product_id = ANY(%s)"
            " AND warehouse_id = ANY(%s) AND state IN ('proposed', 'approved', 'rejected')"
            " ORDER BY id",
            SQL(", ").join(SQL.identifier(column) for column in columns),
            list(product_ids),
            list(warehouse_ids),
        )
    )
    return cr.dictfetchall()


def pegs(cr, product_ids, warehouse_ids, columns):
    """Stored pegs of these products: id and the given columns."""
    cr.execute(
        SQL(
            "SELECT id, %s FROM supply_peg WHERE product_id = ANY(%s)"
            " AND warehouse_id = ANY(%s) ORDER BY id",
            SQL(", ").join(SQL.identifier(column) for column in columns),
            list(product_ids),
            list(warehouse_ids),
        )
    )
    return cr.fetchall()


def messages(cr, product_ids, warehouse_ids, columns):
    """Open and dismissed messages of these products, as dicts."""
    cr.execute(
        SQL(
            "SELECT id, %s FROM supply_message WHERE product_id = ANY(%s)"
            " AND warehouse_id = ANY(%s) AND state IN ('open', 'dismissed') ORDER BY id",
            SQL(", ").join(SQL.identifier(column) for column in columns),
            list(product_ids),
            list(warehouse_ids),
        )
    )
    return cr.dictfetchall()


def outside_plan_demand(cr, product_ids, warehouse_ids, scale):
    """Components that plan lines of *other* products take of these products.

    Used by a net change: those lines stay as they are, so their stored pegs are the demand.
    Columns: product, warehouse, plan line, its natural key, quantity, day, sale order, product of
    the line, and for each peg the day its material was possible, why then, and the earliest day.
    """
    cr.execute(
        SQL(
            """
            SELECT g.product_id, g.warehouse_id, l.id, COALESCE(l.natural_key, 'L' || l.id),
                   round(sum(g.quantity) * %(scale)s)::bigint, min(g.date),
                   max(l.sale_order_id), l.product_id,
                   jsonb_agg(jsonb_build_array(g.feasible_date, g.driver_data, g.earliest_date))
              FROM supply_peg g
              JOIN supply_plan_line l ON l.id = g.plan_line_id
              JOIN product_product p ON p.id = l.product_id AND p.active
              JOIN product_template t ON t.id = p.product_tmpl_id
                   AND t.supply_mode = 'planned' AND t.is_storable
             WHERE g.product_id = ANY(%(products)s) AND g.warehouse_id = ANY(%(whs)s)
               AND NOT l.product_id = ANY(%(products)s)
               AND l.state IN ('proposed', 'approved')
             GROUP BY 1, 2, 3, 4, 8
             ORDER BY 3
            """,
            scale=scale,
            products=list(product_ids),
            whs=list(warehouse_ids),
        )
    )
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
              JOIN sale_order so ON so.id = sol.order_id
              JOIN res_company c ON c.id = sol.company_id
         LEFT JOIN LATERAL (
                   SELECT min(p.date) AS wanted, max(p.feasible_date) AS feasible,
                          count(*) AS pegs, count(p.feasible_date) AS dated,
                          (array_agg(p.driver_data
                                     ORDER BY p.feasible_date DESC NULLS FIRST, p.id))[1] AS driver
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
