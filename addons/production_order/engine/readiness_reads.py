"""Queries for readiness. One statement a function, whole sets; the caller flushes the ORM first.

A *place* is where a production takes its components from: its warehouse (the stock that the plan
counts, and the area before production), or, outside any warehouse, the location itself as a
negative number (a subcontractor's stock). Quantities are in the product's own unit, days are those
of the company's time zone.
"""

from odoo.tools import SQL

PLACE = SQL("COALESCE(l.warehouse_id, -l.id)")


def products_below(cr, production_ids):
    """The components of these productions, and those of what open productions make of them: what
    their readiness depends on."""
    cr.execute(
        SQL(
            """
            WITH RECURSIVE below(id) AS (
                SELECT product_id FROM stock_move
                 WHERE raw_material_production_id = ANY(%s) AND state NOT IN ('done', 'cancel')
                 UNION
                SELECT part.product_id
                  FROM below b
                  JOIN stock_move made ON made.product_id = b.id AND made.production_id IS NOT NULL
                       AND made.state NOT IN ('done', 'cancel')
                  JOIN stock_move part ON part.raw_material_production_id = made.production_id
                       AND part.state NOT IN ('done', 'cancel')
            )
            SELECT id FROM below
            """,
            list(production_ids),
        )
    )
    return [row[0] for row in cr.fetchall()]


def open_productions(cr, production_ids, product_ids, company_ids=None):
    """Open productions that are asked for (all when ``None``) or that take one of the products,
    most urgent first: id, place, first and last day, quantity still to make in its own unit, that
    unit is counted in whole pieces, it has begun."""
    cr.execute(
        SQL(
            """
            SELECT mo.id, %(place)s,
                   timezone(COALESCE(p.tz, 'UTC'), timezone('UTC', mo.date_start))::date,
                   timezone(COALESCE(p.tz, 'UTC'), timezone('UTC',
                            COALESCE(mo.date_finished, mo.date_start)))::date,
                   (mo.product_qty - COALESCE(made.quantity, 0))::float,
                   split_part(u.parent_path, '/', 1)::int IN (
                       SELECT res_id FROM ir_model_data WHERE module = 'uom'
                          AND name = 'product_uom_unit' AND model = 'uom.uom'),
                   mo.state IN ('progress', 'to_close')
              FROM mrp_production mo
              JOIN stock_location l ON l.id = mo.location_src_id
              JOIN res_company c ON c.id = mo.company_id
              JOIN res_partner p ON p.id = c.partner_id
              JOIN uom_uom u ON u.id = mo.product_uom_id
         LEFT JOIN LATERAL (
                   SELECT sum(f.quantity * fu.factor / u.factor) AS quantity
                     FROM stock_move f
                     JOIN uom_uom fu ON fu.id = f.product_uom
                    WHERE f.production_id = mo.id AND f.product_id = mo.product_id
                      AND f.state = 'done'
                   ) made ON TRUE
             WHERE mo.state NOT IN ('done', 'cancel')
               AND (%(any_company)s OR mo.company_id = ANY(%(companies)s))
               AND (%(all)s OR mo.id = ANY(%(ids)s) OR EXISTS (
                    SELECT 1 FROM stock_move m
                     WHERE m.raw_material_production_id = mo.id AND m.product_id = ANY(%(products)s)
                       AND m.state NOT IN ('done', 'cancel')))
             ORDER BY mo.priority DESC NULLS LAST, mo.date_start, mo.id
            """,
            place=PLACE,
            all=production_ids is None,
            ids=list(production_ids or ()),
            products=list(product_ids or ()),
            any_company=company_ids is None,
            companies=list(company_ids or ()),
        )
    )
    return cr.fetchall()


def component_needs(cr, production_ids, product_ids):
    """What is still open of the components of these productions: move, production, product,
    quantity, what of it is picked already, the product is kept in stock."""
    cr.execute(
        SQL(
            """
            SELECT m.id, m.raw_material_production_id, m.product_id,
                   COALESCE(m.product_qty, 0)::float,
                   CASE WHEN m.picked
                        THEN LEAST(COALESCE(m.quantity * mu.factor / pu.factor, 0),
                                   COALESCE(m.product_qty, 0))::float
                        ELSE 0 END,
                   t.is_storable IS TRUE
              FROM stock_move m
              JOIN product_product pp ON pp.id = m.product_id
              JOIN product_template t ON t.id = pp.product_tmpl_id
              JOIN uom_uom mu ON mu.id = m.product_uom
              JOIN uom_uom pu ON pu.id = t.uom_id
             WHERE m.raw_material_production_id = ANY(%(ids)s)
               AND (%(all)s OR m.product_id = ANY(%(products)s))
               AND m.state NOT IN ('done', 'cancel')
             ORDER BY m.id
            """,
            ids=list(production_ids),
            all=product_ids is None,
            products=list(product_ids or ()),
        )
    )
    return cr.fetchall()


def brought(cr, move_ids):
    """What transfers have brought to the place of production for these components and no finished
    consumption has taken since: component move, transfer, quantity left of that transfer."""
    cr.execute(
        SQL(
            """
            SELECT r.move_dest_id, o.id,
                   (o.quantity * ou.factor / pu.factor - COALESCE(used.quantity, 0))::float
              FROM stock_move_move_rel r
              JOIN stock_move o ON o.id = r.move_orig_id AND o.state = 'done'
              JOIN stock_move m ON m.id = r.move_dest_id
                   AND m.location_id = o.location_dest_id
              JOIN product_product pp ON pp.id = o.product_id
              JOIN product_template t ON t.id = pp.product_tmpl_id
              JOIN uom_uom ou ON ou.id = o.product_uom
              JOIN uom_uom pu ON pu.id = t.uom_id
         LEFT JOIN LATERAL (
                   SELECT sum(d.quantity * du.factor / pu.factor) AS quantity
                     FROM stock_move_move_rel x
                     JOIN stock_move d ON d.id = x.move_dest_id AND d.state = 'done'
                     JOIN uom_uom du ON du.id = d.product_uom
                    WHERE x.move_orig_id = o.id
                   ) used ON TRUE
             WHERE r.move_dest_id = ANY(%s)
             ORDER BY r.move_dest_id, o.id
            """,
            list(move_ids),
        )
    )
    return cr.fetchall()


def places(cr, keys):
    """Locations that belong to these places, as ``(location, place)``: the stock that the plan
    counts and the area before production of a warehouse; a location outside with all below it.
    Locations that are kept out of planning don't count."""
    cr.execute(
        SQL(
            """
            SELECT DISTINCT l.id, root.place
              FROM (SELECT w.id AS place, unnest(ARRAY[w.lot_stock_id, w.pbm_loc_id]) AS location
                      FROM stock_warehouse w WHERE w.id = ANY(%(warehouses)s)
                     UNION ALL
                    SELECT -id, id FROM unnest(%(locations)s::int[]) AS id) root
              JOIN stock_location s ON s.id = root.location
              JOIN stock_location l ON l.parent_path LIKE s.parent_path || '%%'
             WHERE l.usage = 'internal'
               AND NOT EXISTS (SELECT 1 FROM stock_location x
                                WHERE x.supply_excluded
                                  AND l.parent_path LIKE x.parent_path || '%%')
            """,
            warehouses=[key for key in keys if key > 0],
            locations=[-key for key in keys if key < 0],
        )
    )
    return cr.fetchall()


def on_hand(cr, product_ids, locations):
    """Stock by place: place, product, quantity. Reservations don't matter."""
    cr.execute(
        SQL(
            """
            SELECT loc.place, q.product_id, COALESCE(sum(q.quantity), 0)::float
              FROM stock_quant q
              JOIN unnest(%(ids)s::int[], %(places)s::int[]) AS loc(id, place)
                ON loc.id = q.location_id
             WHERE q.product_id = ANY(%(products)s)
             GROUP BY 1, 2
            """,
            ids=[location for location, _place in locations],
            places=[place for _location, place in locations],
            products=list(product_ids),
        )
    )
    return cr.fetchall()


def supplies(cr, product_ids, locations):
    """What comes, by day: place, product, day, quantity, kind, document, production that makes it.

    Dated supply is what somebody has decided on:

    * ``purchase``: open receipts of orders, and requests for quotation (document: the order);
    * ``production``: what open productions make, drafts and by-products included;
    * ``transfer``: other open moves into the place (document: the picking, may be empty);
    * ``plan``: approved plan lines that have no document yet, when they are possible.

    Proposed plan lines don't count: nobody has ordered them.
    """
    cr.execute(
        SQL(
            """
            WITH loc AS (
                SELECT * FROM unnest(%(ids)s::int[], %(places)s::int[]) AS loc(id, place)
            ), moved AS (
                SELECT dst.place, m.product_id,
                       COALESCE(CASE WHEN m.production_id IS NULL THEN pol.date_planned END, m.date)
                           AS moment,
                       m.product_qty AS quantity,
                       CASE WHEN m.production_id IS NOT NULL THEN 'production'
                            WHEN pol.id IS NOT NULL THEN 'purchase' ELSE 'transfer' END AS kind,
                       COALESCE(m.production_id, pol.order_id, m.picking_id) AS document,
                       m.production_id, m.company_id
                  FROM stock_move m
                  JOIN loc dst ON dst.id = COALESCE(m.location_final_id, m.location_dest_id)
             LEFT JOIN loc src ON src.id = m.location_id
             LEFT JOIN purchase_order_line pol ON pol.id = m.purchase_line_id
             LEFT JOIN mrp_production maker ON maker.id = m.production_id
                 WHERE m.product_id = ANY(%(products)s)
                   AND src.place IS DISTINCT FROM dst.place
                   AND (m.state NOT IN ('draft', 'done', 'cancel')
                        OR m.state = 'draft' AND m.production_id IS NOT NULL)
                   -- what a subcontractor makes comes with its purchase
                   AND maker.subcontractor_id IS NULL
                 UNION ALL
                SELECT loc.place, pol.product_id, pol.date_planned,
                       pol.product_uom_qty, 'purchase', pol.order_id, NULL, po.company_id
                  FROM purchase_order_line pol
                  JOIN purchase_order po ON po.id = pol.order_id
                       AND po.state IN ('draft', 'sent', 'to approve')
                  JOIN stock_picking_type pt ON pt.id = po.picking_type_id
                       AND pt.code = 'incoming'
                  JOIN stock_warehouse w ON w.id = pt.warehouse_id
                  JOIN loc ON loc.id = w.lot_stock_id
                 WHERE pol.product_id = ANY(%(products)s) AND pol.product_uom_qty > 0
            )
            SELECT v.place, v.product_id,
                   timezone(COALESCE(p.tz, 'UTC'), timezone('UTC', v.moment))::date AS day,
                   v.quantity::float, v.kind, v.document, v.production_id
              FROM moved v
              JOIN res_company c ON c.id = v.company_id
              JOIN res_partner p ON p.id = c.partner_id
             WHERE v.quantity > 0
             UNION ALL
            SELECT loc.place, pl.product_id, COALESCE(pl.feasible_date, pl.due_date),
                   pl.quantity::float, 'plan', pl.id, NULL
              FROM supply_plan_line pl
              JOIN stock_warehouse w ON w.id = pl.warehouse_id
              JOIN loc ON loc.id = w.lot_stock_id
             WHERE pl.product_id = ANY(%(products)s) AND pl.state = 'approved'
               AND pl.quantity > 0
             ORDER BY 3, 5, 6
            """,
            ids=[location for location, _place in locations],
            places=[place for _location, place in locations],
            products=list(product_ids),
        )
    )
    return cr.fetchall()
