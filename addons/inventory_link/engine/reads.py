"""Queries for what the plan rests on: warehouses, products, stock, vendors, working days.

One statement a function, whole sets, rows as plain tuples. Quantities come back as integers in
rounding units (``scale`` = 10 ** digits of "Product Unit"), days as dates in the company's time
zone. The caller flushes the ORM first. A quantity that no company has (a typing error) is cut at
10 ** 15 units instead of stopping everybody's plan.
"""

from odoo.tools import SQL


def warehouses(cr, warehouse_ids=None):
    """Warehouses of companies that plan: id, company, currency, time zone, security lead days,
    days that a document may stay early before it is reported, frozen days, calendar, orders on
    hold count, least probability of quotations (percent, 0 = none count), promises are kept against
    orders that are wanted earlier."""
    cr.execute(
        SQL(
            """
            SELECT w.id, w.company_id, c.currency_id, COALESCE(p.tz, 'UTC'),
                   COALESCE(c.security_lead, 0)::int, COALESCE(c.supply_dampener_days, 0),
                   COALESCE(c.supply_fence_days, 0), c.supply_calendar_id,
                   COALESCE(c.supply_plan_holds, FALSE),
                   COALESCE(c.supply_quotation_probability, 0),
                   COALESCE(c.supply_keep_promises, FALSE)
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
    """Usable internal locations below each warehouse's stock: location, warehouse.

    Input, quality, packing and output areas are outside: goods there aren't free to promise. So
    are locations that somebody took out of planning (quarantine, scrap cages), with all below.
    """
    cr.execute(
        SQL(
            """
            SELECT l.id, w.id
              FROM stock_warehouse w
              JOIN stock_location s ON s.id = w.lot_stock_id
              JOIN stock_location l ON l.parent_path LIKE s.parent_path || '%%'
             WHERE w.id = ANY(%s) AND l.usage = 'internal'
               AND NOT EXISTS (SELECT 1 FROM stock_location x
                                WHERE x.supply_excluded
                                  AND l.parent_path LIKE x.parent_path || '%%')
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
                   t.supply_safety_stock, t.company_id, t.supply_fence_days,
                   COALESCE(t.supply_allow_surplus, TRUE)
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
            SELECT q.product_id, loc.warehouse,
                   LEAST(GREATEST(
                       round(COALESCE(sum(q.quantity), 0) * %(scale)s),
                       -1e15), 1e15)::bigint
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


def vendor_prices(cr, product_ids, company_ids):
    """Vendor price rows in the product's unit: row, product, vendor, minimum, price, currency,
    lead days, valid from, valid to, sequence, company, units of one whole purchase unit (0 when
    the vendor's unit may be split), percent for freight and duty, the vendor's calendar, line and
    agreement when the price belongs to a purchase agreement."""
    cr.execute(
        SQL(
            """
            SELECT si.id, p.id, si.partner_id,
                   (COALESCE(si.min_qty, 0) * su.factor / pu.factor)::float,
                   (si.price * (1 - COALESCE(si.discount, 0) / 100)
                    * pu.factor / su.factor)::float,
                   si.currency_id, COALESCE(si.delay, 0),
                   GREATEST(si.date_start, ra.date_start), LEAST(si.date_end, ra.date_end),
                   COALESCE(si.sequence, 0), si.company_id,
                   CASE WHEN su.id != pu.id AND su.factor > pu.factor AND root.id = ANY(%(whole)s)
                        THEN (su.factor / pu.factor)::float ELSE 0 END,
                   COALESCE(si.supply_landed_percent, 0)::float,
                   COALESCE(v.supply_calendar_id, cv.supply_calendar_id), rl.id, ra.id
              FROM product_product p
              JOIN product_template t ON t.id = p.product_tmpl_id
              JOIN product_supplierinfo si ON si.product_tmpl_id = t.id
                   AND (si.product_id IS NULL OR si.product_id = p.id)
              JOIN res_partner v ON v.id = si.partner_id AND v.active
         LEFT JOIN res_partner cv ON cv.id = v.commercial_partner_id
              JOIN uom_uom pu ON pu.id = t.uom_id
              JOIN uom_uom su ON su.id = COALESCE(si.product_uom_id, t.uom_id)
         LEFT JOIN uom_uom root ON root.id = split_part(su.parent_path, '/', 1)::int
         LEFT JOIN purchase_requisition_line rl ON rl.id = si.purchase_requisition_line_id
         LEFT JOIN purchase_requisition ra ON ra.id = rl.requisition_id
             WHERE p.id = ANY(%(products)s)
               AND (si.company_id IS NULL OR si.company_id = ANY(%(companies)s))
               AND (ra.id IS NULL OR ra.state = 'confirmed')
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


def agreements(cr, line_ids, warehouse_ids, scale):
    """What is left of purchase agreement lines: line, agreement, quantity in the product's unit.

    Orders and requests made under the agreement count as drawn, and so do the open plan lines
    that this run keeps as they are or doesn't look at (those of other warehouses).
    """
    cr.execute(
        SQL(
            """
            SELECT rl.id, rl.requisition_id,
                   LEAST(GREATEST(round((rl.product_qty * ru.factor / pu.factor
                          - COALESCE(ordered.quantity, 0) - COALESCE(planned.quantity, 0))
                         * %(scale)s), -1e15), 1e15)::bigint
              FROM purchase_requisition_line rl
              JOIN product_product p ON p.id = rl.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
              JOIN uom_uom pu ON pu.id = t.uom_id
              JOIN uom_uom ru ON ru.id = COALESCE(rl.product_uom_id, t.uom_id)
         LEFT JOIN LATERAL (
                   SELECT sum(pol.product_uom_qty) AS quantity
                     FROM purchase_order_line pol
                     JOIN purchase_order po ON po.id = pol.order_id
                    WHERE po.requisition_id = rl.requisition_id
                      AND pol.product_id = rl.product_id AND po.state != 'cancel'
                   ) ordered ON TRUE
         LEFT JOIN LATERAL (
                   SELECT sum(l.quantity) AS quantity
                     FROM supply_plan_line l
                    WHERE l.requisition_id = rl.requisition_id AND l.product_id = rl.product_id
                      AND (l.state = 'approved' OR l.state = 'proposed'
                           AND (l.edited OR NOT l.warehouse_id = ANY(%(whs)s)))
                   ) planned ON TRUE
             WHERE rl.id = ANY(%(lines)s)
            """,
            scale=scale,
            lines=list(line_ids),
            whs=list(warehouse_ids),
        )
    )
    return cr.fetchall()


def calendar_days(cr, calendar_ids):
    """Open weekdays (Monday 0) of working calendars: calendar, weekdays."""
    cr.execute(
        SQL(
            """
            SELECT calendar_id, array_agg(DISTINCT dayofweek::int)
              FROM resource_calendar_attendance
             WHERE calendar_id = ANY(%s) AND display_type IS NULL
             GROUP BY calendar_id
            """,
            list(calendar_ids),
        )
    )
    return cr.fetchall()


def calendar_closings(cr, calendar_ids, vendor_ids):
    """Closed days, first and last: ``(calendar or NULL, vendor or NULL, first, last)``. A day off
    of a calendar, or of a whole company, counts when it covers noon; a vendor's closing days are
    those of his contacts, too."""
    cr.execute(
        SQL(
            """
            SELECT c.id, NULL::int,
                   (timezone(COALESCE(c.tz, 'UTC'), timezone('UTC', l.date_from))
                    + interval '11:59:59')::date,
                   (timezone(COALESCE(c.tz, 'UTC'), timezone('UTC', l.date_to))
                    - interval '12 hours')::date
              FROM resource_calendar_leaves l
              JOIN resource_calendar c ON c.id = l.calendar_id
                   OR l.calendar_id IS NULL
                      AND (l.company_id IS NULL OR c.company_id IS NULL
                           OR l.company_id = c.company_id)
             WHERE c.id = ANY(%(calendars)s) AND l.resource_id IS NULL
             UNION ALL
            SELECT NULL, v.id, s.date_from, s.date_to
              FROM res_partner v
              JOIN supply_closing s ON s.partner_id IN (v.id, v.commercial_partner_id)
             WHERE v.id = ANY(%(vendors)s)
             ORDER BY 1, 2, 3, 4
            """,
            calendars=list(calendar_ids),
            vendors=list(vendor_ids),
        )
    )
    return cr.fetchall()


def substitutes(cr, product_ids):
    """Substitutes between these products, most preferred first: product, substitute, how many of
    it stand in for one, first and last day, company."""
    cr.execute(
        SQL(
            """
            SELECT product_id, substitute_id, ratio::float, date_from, date_to, company_id
              FROM supply_substitute
             WHERE active AND product_id = ANY(%(ids)s) AND substitute_id = ANY(%(ids)s)
             ORDER BY product_id, sequence, id
            """,
            ids=list(product_ids),
        )
    )
    return cr.fetchall()


def unplannable(cr, product_ids):
    """Products in planning mode that the plan must leave out although goods are to move: product,
    warehouse, company, what is wrong (``archived``, ``not_stored``)."""
    cr.execute(
        SQL(
            """
            SELECT DISTINCT p.id, w.id, w.company_id,
                   CASE WHEN p.active THEN 'not_stored' ELSE 'archived' END
              FROM product_product p
              JOIN product_template t ON t.id = p.product_tmpl_id
              JOIN stock_move m ON m.product_id = p.id
              JOIN stock_location l ON l.id = m.location_id
              JOIN stock_warehouse w ON w.id = l.warehouse_id AND w.active
              JOIN res_company c ON c.id = w.company_id AND c.supply_planning
             WHERE t.supply_mode = 'planned' AND NOT (t.is_storable AND p.active)
               AND (%(all)s OR p.id = ANY(%(ids)s))
               AND m.state NOT IN ('draft', 'done', 'cancel')
             ORDER BY 1, 2
            """,
            all=product_ids is None,
            ids=list(product_ids or []),
        )
    )
    return cr.fetchall()


def with_substitutes(cr, product_ids):
    """These products with those that they may stand in for, and that may stand in for them."""
    cr.execute(
        SQL(
            """
            WITH RECURSIVE near(id) AS (
                SELECT unnest(%s::int[])
                 UNION
                SELECT CASE WHEN s.product_id = n.id THEN s.substitute_id ELSE s.product_id END
                  FROM near n
                  JOIN supply_substitute s ON n.id IN (s.product_id, s.substitute_id) AND s.active
            )
            SELECT id FROM near ORDER BY id
            """,
            list(product_ids),
        )
    )
    return [row[0] for row in cr.fetchall()]
