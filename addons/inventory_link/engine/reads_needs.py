"""Queries for open documents: moves, purchase lines, forecasts, orders that may come."""

from odoo.tools import SQL


def moves(cr, product_ids, locations, scale, columns):
    """Open moves into or out of stock, moves within the stock of one warehouse left out.

    ``columns`` are ``raw`` and ``finished``, which tie a move to a production, ``picked_for``, the
    production that a transfer out of stock brings components to, ``before``, the warehouse whose
    place before production it starts from, and ``resupply``, the purchase
    line whose subcontractor gets the goods; NULL without productions. A production that takes from
    a place before it (two or three steps) takes from the stock of its warehouse as long as no
    transfer brings its components there.
    Columns: move, product, source and destination warehouse, quantity, day, sale line, priority,
    purchase line, raw production, finished production, sale order, resupplied purchase line, bill
    line, day of the promise's claim. The day of a customer's move is the order's delivery date
    when there is one, else what could be promised. The claim of what couldn't be promised at all is
    the last of all days.
    """
    cr.execute(
        SQL(
            """
            WITH loc AS (
                SELECT * FROM unnest(%(ids)s::int[], %(whs)s::int[]) AS loc(id, warehouse)
            )
            SELECT m.id, m.product_id, COALESCE(src.warehouse, pre.warehouse), dst.warehouse,
                   LEAST(GREATEST(round(m.product_qty * %(scale)s), -1e15), 1e15)::bigint,
                   GREATEST(timezone(COALESCE(p.tz, 'UTC'), timezone('UTC', CASE
                       WHEN so.commitment_date IS NULL OR src.warehouse IS NULL THEN m.date
                       ELSE so.commitment_date
                            - make_interval(days => COALESCE(c.security_lead, 0)::int)
                   END))::date,
                       CASE WHEN so.commitment_date IS NULL AND src.warehouse IS NOT NULL
                            THEN sol.promise_claim_date END),
                   m.sale_line_id, m.priority, m.purchase_line_id,
                   COALESCE(%(raw)s, CASE WHEN m.sale_line_id IS NULL AND src.warehouse IS NOT NULL
                                               AND dst.warehouse IS NULL THEN %(picked_for)s END),
                   %(finished)s, so.id,
                   CASE WHEN m.sale_line_id IS NULL AND src.warehouse IS NOT NULL
                             AND dst.warehouse IS NULL AND %(raw)s IS NULL
                        THEN %(resupply)s END,
                   %(bill_line)s,
                   CASE WHEN sol.promised_none THEN DATE '9999-12-31'
                        ELSE sol.promise_claim_date END
              FROM stock_move m
              JOIN res_company c ON c.id = m.company_id
              JOIN res_partner p ON p.id = c.partner_id
         LEFT JOIN loc src ON src.id = m.location_id
         LEFT JOIN loc dst ON dst.id = COALESCE(m.location_final_id, m.location_dest_id)
         LEFT JOIN LATERAL (
                   SELECT %(before)s AS warehouse
                    WHERE src.warehouse IS NULL AND %(raw)s IS NOT NULL
                      AND NOT EXISTS (
                          SELECT 1 FROM stock_move_move_rel r
                            JOIN stock_move o ON o.id = r.move_orig_id AND o.state != 'cancel'
                           WHERE r.move_dest_id = m.id)
                   ) pre ON TRUE
         LEFT JOIN sale_order_line sol ON sol.id = m.sale_line_id
         LEFT JOIN sale_order so ON so.id = sol.order_id
             WHERE m.product_id = ANY(%(products)s)
               AND (m.state NOT IN ('draft', 'done', 'cancel')
                    OR m.state = 'draft' AND COALESCE(%(raw)s, %(finished)s) IS NOT NULL)
               AND COALESCE(src.warehouse, pre.warehouse) IS DISTINCT FROM dst.warehouse
               AND m.product_qty > 0
             ORDER BY m.id
            """,
            ids=[loc for loc, _wh in locations],
            whs=[wh for _loc, wh in locations],
            scale=scale,
            products=list(product_ids),
            **columns,
        )
    )
    return cr.fetchall()


def purchase_lines(cr, product_ids, warehouse_ids, moved_line_ids, scale):
    """Purchase lines that are supply: all requests, and orders with open receipts.

    Columns: line, product, warehouse, quantity ordered, received, planned day, locked by the
    vendor, vendor, is a request, a draft of the plan that nobody touched, sales order that it was
    planned for.
    """
    cr.execute(
        SQL(
            """
            SELECT pol.id, pol.product_id, pt.warehouse_id,
                   LEAST(GREATEST(round(pol.product_uom_qty * %(scale)s), -1e15), 1e15)::bigint,
                   LEAST(GREATEST(
                       round(COALESCE(pol.qty_received, 0) * u.factor / pu.factor * %(scale)s),
                       -1e15), 1e15)::bigint,
                   timezone(COALESCE(p.tz, 'UTC'), timezone('UTC', pol.date_planned))::date,
                   COALESCE(pol.supply_locked, FALSE), po.partner_id,
                   po.state IN ('draft', 'sent', 'to approve'),
                   po.state = 'draft' AND pl.vendor_id = po.partner_id
                       AND abs(pl.quantity - pol.product_uom_qty) * %(scale)s < 0.5,
                   pl.sale_order_id
              FROM purchase_order_line pol
              JOIN purchase_order po ON po.id = pol.order_id
              JOIN stock_picking_type pt ON pt.id = po.picking_type_id AND pt.code = 'incoming'
              JOIN res_company c ON c.id = po.company_id
              JOIN res_partner p ON p.id = c.partner_id
              JOIN uom_uom u ON u.id = pol.product_uom_id
              JOIN product_product pp ON pp.id = pol.product_id
              JOIN product_template t ON t.id = pp.product_tmpl_id
              JOIN uom_uom pu ON pu.id = t.uom_id
         LEFT JOIN supply_plan_line pl ON pl.id = pol.plan_line_id
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


def forecasts(cr, product_ids, warehouse_ids, today, scale):
    """Forecasts whose time isn't over, less what customers ordered for the same time (what
    leaves the stock for them, whatever steps follow): forecast, product, warehouse, first day,
    last day, quantity left."""
    cr.execute(
        SQL(
            """
            SELECT f.id, f.product_id, f.warehouse_id, f.date_from, f.date_to,
                   LEAST(GREATEST(
                       round((f.quantity - COALESCE(sold.quantity, 0)) * %(scale)s),
                       -1e15), 1e15)::bigint
              FROM supply_forecast f
              JOIN stock_warehouse w ON w.id = f.warehouse_id
              JOIN stock_location stock ON stock.id = w.lot_stock_id
              JOIN res_company c ON c.id = w.company_id
              JOIN res_partner p ON p.id = c.partner_id
         LEFT JOIN LATERAL (
                   SELECT sum(CASE WHEN d.usage = 'customer' THEN m.product_qty
                                   ELSE -m.product_qty END) AS quantity
                     FROM stock_move m
                     JOIN stock_location s ON s.id = m.location_id
                     JOIN stock_location d
                       ON d.id = COALESCE(m.location_final_id, m.location_dest_id)
                     JOIN sale_order_line sol ON sol.id = m.sale_line_id
                     JOIN sale_order so ON so.id = sol.order_id
                    WHERE m.product_id = f.product_id AND m.state != 'cancel'
                      AND (s.parent_path LIKE stock.parent_path || '%%' AND d.usage = 'customer'
                           OR s.usage = 'customer'
                              AND d.parent_path LIKE stock.parent_path || '%%')
                      AND timezone(COALESCE(p.tz, 'UTC'), timezone('UTC', CASE
                              WHEN so.commitment_date IS NULL THEN m.date
                              ELSE so.commitment_date
                                   - make_interval(days => COALESCE(c.security_lead, 0)::int)
                          END))::date BETWEEN f.date_from AND f.date_to
                   ) sold ON TRUE
             WHERE f.active AND f.product_id = ANY(%(products)s)
               AND f.warehouse_id = ANY(%(whs)s)
               AND f.date_to >= %(today)s
             ORDER BY f.id
            """,
            scale=scale,
            today=today,
            products=list(product_ids),
            whs=list(warehouse_ids),
        )
    )
    return cr.fetchall()


def minimum_orders(cr, warehouse_ids):
    """Open purchase proposals of vendors who want a minimum order value: vendor, warehouse,
    company, its currency, the minimum in company currency, needed day, amount in it."""
    cr.execute(
        SQL(
            """
            SELECT l.vendor_id, l.warehouse_id, l.company_id, c.currency_id,
                   v.supply_min_order_value::float, l.due_date, sum(l.amount_company)::float
              FROM supply_plan_line l
              JOIN res_company c ON c.id = l.company_id
              JOIN res_partner v ON v.id = l.vendor_id AND v.supply_min_order_value > 0
             WHERE l.state IN ('proposed', 'approved') AND NOT l.tentative
               AND l.warehouse_id = ANY(%s)
             GROUP BY 1, 2, 3, 4, 5, 6
             ORDER BY 1, 2, 6
            """,
            list(warehouse_ids),
        )
    )
    return cr.fetchall()
