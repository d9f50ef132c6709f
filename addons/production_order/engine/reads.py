"""Queries about bills of materials and productions. One statement a function."""

from odoo.tools import SQL

#: The warehouse whose place before production a move ``m`` starts from.
BEFORE_PRODUCTION = SQL(
    "(SELECT w.id FROM stock_warehouse w"
    " WHERE w.pbm_loc_id = m.location_id AND w.manufacture_steps != 'mrp_one_step')"
)

#: The production that a transfer ``m`` brings components to, where it works in several steps.
PICKED_FOR = SQL(
    """(
    SELECT part.raw_material_production_id
      FROM stock_move_move_rel given
      JOIN stock_move part ON part.id = given.move_dest_id
      JOIN mrp_production mo ON mo.id = part.raw_material_production_id
     WHERE given.move_orig_id = m.id AND mo.subcontractor_id IS NULL
     ORDER BY part.id
     LIMIT 1
    )"""
)


def components_below(cr, product_ids):
    """The products and everything below them over bills of materials and open productions, with
    what may stand in for what."""
    cr.execute(
        SQL(
            """
            WITH RECURSIVE below(id) AS (
                SELECT unnest(%s::int[])
                 UNION
                SELECT c.product_id
                  FROM below b
                 CROSS JOIN LATERAL (
                       SELECT l.product_id
                         FROM product_product p
                         JOIN mrp_bom bom ON bom.product_tmpl_id = p.product_tmpl_id
                              AND bom.active AND (bom.product_id IS NULL OR bom.product_id = p.id)
                         JOIN mrp_bom_line l ON l.bom_id = bom.id
                        WHERE p.id = b.id
                        UNION ALL
                       SELECT m.product_id
                         FROM mrp_production mo
                         JOIN stock_move m ON m.raw_material_production_id = mo.id
                        WHERE mo.product_id = b.id AND mo.state NOT IN ('done', 'cancel')
                        UNION ALL
                       SELECT CASE WHEN s.product_id = b.id THEN s.substitute_id
                                   ELSE s.product_id END
                         FROM supply_substitute s
                        WHERE s.active AND b.id IN (s.product_id, s.substitute_id)
                       ) c
            )
            SELECT id FROM below
            """,
            list(product_ids),
        )
    )
    return [row[0] for row in cr.fetchall()]


def boms(cr, product_ids):
    """Bills of materials of these products (all when ``None``), the first that fits wins:
    bill, type, template, variant, company, lead days, quantity, its unit's factor, the product
    unit's factor, percent of the made units that are lost, largest batch in the product's unit, the
    only warehouse it is for."""
    cr.execute(
        SQL(
            """
            SELECT b.id, b.type, b.product_tmpl_id, b.product_id, b.company_id,
                   COALESCE(b.produce_delay, 0), b.product_qty, bu.factor, pu.factor,
                   COALESCE(b.supply_loss_percent, 0),
                   CASE WHEN b.enable_batch_size
                        THEN (b.batch_size * bu.factor / pu.factor)::float ELSE 0 END,
                   pt.warehouse_id
              FROM mrp_bom b
         LEFT JOIN stock_picking_type pt ON pt.id = b.picking_type_id
              JOIN product_template t ON t.id = b.product_tmpl_id
              JOIN uom_uom bu ON bu.id = b.product_uom_id
              JOIN uom_uom pu ON pu.id = t.uom_id
             WHERE b.active AND b.product_qty > 0
               AND (%(all)s OR b.product_tmpl_id IN (
                    SELECT product_tmpl_id FROM product_product WHERE id = ANY(%(ids)s)))
             ORDER BY b.sequence, b.product_id NULLS LAST, b.id
            """,
            all=product_ids is None,
            ids=list(product_ids or []),
        )
    )
    return cr.fetchall()


def bom_lines(cr, bom_ids):
    """Lines of these bills: bill, component, quantity, factors of its unit and of the component's
    unit, percent of scrap, the component is archived although planned, and the variant values it
    is limited to as ``[[attribute line, value], …]`` or NULL."""
    cr.execute(
        SQL(
            """
            SELECT l.bom_id, l.product_id, l.product_qty, lu.factor, cu.factor,
                   COALESCE(l.supply_scrap_percent, 0),
                   NOT c.active AND t.supply_mode = 'planned',
                   (SELECT array_agg(ARRAY[v.attribute_line_id, v.id])
                      FROM mrp_bom_line_product_template_attribute_value_rel r
                      JOIN product_template_attribute_value v
                        ON v.id = r.product_template_attribute_value_id
                     WHERE r.mrp_bom_line_id = l.id)
              FROM mrp_bom_line l
              JOIN product_product c ON c.id = l.product_id
              JOIN product_template t ON t.id = c.product_tmpl_id
              JOIN uom_uom lu ON lu.id = l.product_uom_id
              JOIN uom_uom cu ON cu.id = t.uom_id
             WHERE l.bom_id = ANY(%s) AND l.product_qty > 0
             ORDER BY l.bom_id, l.sequence, l.id
            """,
            list(bom_ids),
        )
    )
    return cr.fetchall()


def scrap_rules(cr):
    """How each company adds what is lost: company, ``divide`` or ``add``."""
    cr.execute(SQL("SELECT id, COALESCE(supply_scrap_rule, 'divide') FROM res_company"))
    return dict(cr.fetchall())


def scrapped_lines(cr, line_ids):
    """Percent of scrap of these lines of bills, where there is any."""
    cr.execute(
        SQL(
            "SELECT id, supply_scrap_percent FROM mrp_bom_line"
            " WHERE id = ANY(%s) AND supply_scrap_percent > 0",
            list(line_ids),
        )
    )
    return dict(cr.fetchall())


def subcontractors(cr, bom_ids, vendor_ids):
    """Which vendor works by which bill: bill, vendor; a contact works for his company."""
    cr.execute(
        SQL(
            """
            SELECT r.mrp_bom_id, v.id
              FROM mrp_bom_subcontractor r
              JOIN res_partner v ON r.res_partner_id IN (v.id, v.commercial_partner_id)
             WHERE r.mrp_bom_id = ANY(%s) AND v.id = ANY(%s)
             ORDER BY 1, 2
            """,
            list(bom_ids),
            list(vendor_ids),
        )
    )
    return cr.fetchall()


def standard_costs(cr, product_ids, company_ids):
    """Standard cost of one unit: ``{(product, company): cost}``."""
    cr.execute(
        SQL(
            """
            SELECT p.id, c.id, COALESCE((p.standard_price ->> c.id::text)::float, 0)
              FROM product_product p, res_company c
             WHERE p.id = ANY(%s) AND c.id = ANY(%s)
            """,
            list(product_ids),
            list(company_ids),
        )
    )
    return {(product, company): cost for product, company, cost in cr.fetchall()}


def variants(cr, template_ids):
    """Variants of these templates with their values: product, template, value ids or NULL."""
    cr.execute(
        SQL(
            """
            SELECT p.id, p.product_tmpl_id, array_agg(c.product_template_attribute_value_id)
                   FILTER (WHERE c.product_template_attribute_value_id IS NOT NULL)
              FROM product_product p
         LEFT JOIN product_variant_combination c ON c.product_product_id = p.id
             WHERE p.product_tmpl_id = ANY(%s) AND p.active
             GROUP BY p.id
             ORDER BY p.id
            """,
            list(template_ids),
        )
    )
    return cr.fetchall()


def bought_templates(cr, template_ids):
    """Templates whose own routes buy and don't manufacture: bought although they have a bill."""
    cr.execute(
        SQL(
            """
            SELECT r.product_id
              FROM stock_route_product r
              JOIN stock_rule u ON u.route_id = r.route_id AND u.active
             WHERE r.product_id = ANY(%s)
             GROUP BY r.product_id
            HAVING bool_or(u.action = 'buy') AND NOT bool_or(u.action = 'manufacture')
            """,
            list(template_ids),
        )
    )
    return {row[0] for row in cr.fetchall()}


def productions(cr, production_ids):
    """Open productions by id: product, state, first and last day, lead days of the bill, the
    product is planned in a company that plans, percent lost by the bill, company, its date is
    fixed, a draft of the plan that nobody touched, sales order that it was planned for."""
    cr.execute(
        SQL(
            """
            SELECT mo.id, mo.product_id, mo.state,
                   timezone(COALESCE(p.tz, 'UTC'), timezone('UTC', mo.date_start))::date,
                   timezone(COALESCE(p.tz, 'UTC'), timezone('UTC',
                            COALESCE(mo.date_finished, mo.date_start)))::date,
                   b.produce_delay,
                   t.supply_mode = 'planned' AND t.is_storable AND pp.active
                   AND c.supply_planning IS TRUE,
                   COALESCE(b.supply_loss_percent, 0), mo.company_id,
                   COALESCE(mo.supply_locked, FALSE),
                   mo.state = 'draft' AND pl.id IS NOT NULL
                   AND abs(pl.quantity - mo.product_uom_qty) < 0.000001,
                   pl.sale_order_id
              FROM mrp_production mo
              JOIN res_company c ON c.id = mo.company_id
              JOIN res_partner p ON p.id = c.partner_id
              JOIN product_product pp ON pp.id = mo.product_id
              JOIN product_template t ON t.id = pp.product_tmpl_id
         LEFT JOIN mrp_bom b ON b.id = mo.bom_id
         LEFT JOIN supply_plan_line pl ON pl.id = mo.plan_line_id
             WHERE mo.id = ANY(%s)
            """,
            list(production_ids),
        )
    )
    names = (
        "product", "state", "start", "end", "lead", "planned", "loss", "company", "locked",
        "draft", "order",
    )  # fmt: skip
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in cr.fetchall()}


def outside_production_demand(cr, product_ids, warehouse_ids, scale):
    """Components that open productions of *other* products were last seen to need: production,
    product, warehouse, quantity, day, for each peg the day the material was possible, why then,
    and the earliest day, and the day of its turn."""
    cr.execute(
        SQL(
            """
            SELECT g.production_id, g.product_id, g.warehouse_id,
                   LEAST(GREATEST(
                       round(sum(g.quantity) * %(scale)s),
                       -1e15), 1e15)::bigint, min(g.date),
                   jsonb_agg(jsonb_build_array(g.feasible_date, g.driver_data, g.earliest_date)),
                   min(g.claim_date)
              FROM supply_peg g
              JOIN mrp_production mo ON mo.id = g.production_id
             WHERE g.product_id = ANY(%(products)s) AND g.warehouse_id = ANY(%(whs)s)
               AND NOT mo.product_id = ANY(%(products)s)
             GROUP BY 1, 2, 3
            """,
            scale=scale,
            products=list(product_ids),
            whs=list(warehouse_ids),
        )
    )
    return cr.fetchall()


def unneeded_productions(cr, production_ids):
    """Those of these productions that the last plan did without: it asked to cancel them."""
    cr.execute(
        SQL(
            "SELECT production_id FROM supply_message WHERE kind = 'cancel'"
            " AND state IN ('open', 'dismissed') AND production_id = ANY(%s)",
            list(production_ids),
        )
    )
    return {row[0] for row in cr.fetchall()}


def component_needs(cr, product_ids, warehouse_ids):
    """What all open productions still take of these products: production, warehouse, product,
    quantity in the product's unit; most urgent production first."""
    cr.execute(
        SQL(
            """
            SELECT mo.id, l.warehouse_id, m.product_id, COALESCE(sum(m.product_qty), 0)::float
              FROM mrp_production mo
              JOIN stock_location l ON l.id = mo.location_src_id
              JOIN stock_move m ON m.raw_material_production_id = mo.id
             WHERE m.product_id = ANY(%s) AND l.warehouse_id = ANY(%s)
               AND mo.state NOT IN ('done', 'cancel') AND m.state NOT IN ('done', 'cancel')
             GROUP BY mo.id, l.warehouse_id, m.product_id
             ORDER BY mo.priority DESC NULLS LAST, mo.date_start, mo.id, m.product_id
            """,
            list(product_ids),
            list(warehouse_ids),
        )
    )
    return cr.fetchall()


def on_hand(cr, product_ids, warehouse_ids):
    """Stock in the internal places of each warehouse that planning counts: warehouse, product,
    quantity."""
    cr.execute(
        SQL(
            """
            SELECT l.warehouse_id, q.product_id, COALESCE(sum(q.quantity), 0)::float
              FROM stock_quant q
              JOIN stock_location l ON l.id = q.location_id AND l.usage = 'internal'
             WHERE q.product_id = ANY(%s) AND l.warehouse_id = ANY(%s)
               AND NOT EXISTS (SELECT 1 FROM stock_location x
                                WHERE x.supply_excluded
                                  AND l.parent_path LIKE x.parent_path || '%%')
             GROUP BY 1, 2
            """,
            list(product_ids),
            list(warehouse_ids),
        )
    )
    return cr.fetchall()


def receipts(cr, product_ids, warehouse_ids):
    """Open moves that bring these products into a warehouse from outside: warehouse, product,
    day, quantity; by day."""
    cr.execute(
        SQL(
            """
            SELECT d.warehouse_id, m.product_id,
                   timezone(COALESCE(p.tz, 'UTC'), timezone('UTC', m.date))::date AS day,
                   COALESCE(sum(m.product_qty), 0)::float
              FROM stock_move m
              JOIN stock_location s ON s.id = m.location_id
              JOIN stock_location d ON d.id = COALESCE(m.location_final_id, m.location_dest_id)
              JOIN res_company c ON c.id = m.company_id
              JOIN res_partner p ON p.id = c.partner_id
             WHERE m.product_id = ANY(%s) AND d.warehouse_id = ANY(%s)
               AND d.usage = 'internal' AND s.warehouse_id IS DISTINCT FROM d.warehouse_id
               AND m.state NOT IN ('draft', 'done', 'cancel')
             GROUP BY 1, 2, 3
             ORDER BY 3
            """,
            list(product_ids),
            list(warehouse_ids),
        )
    )
    return cr.fetchall()
