"""Queries for what work centres have to do. One statement a function, whole sets."""

from odoo.tools import SQL


def productions(cr, company_id):
    """Open productions of a company, drafts included, as the plan counts them: production, product,
    warehouse, state, urgent, first and last day, lead days, quantity and unit of the product,
    bill, latest day that the plan finds possible."""
    cr.execute(
        SQL(
            """
            SELECT mo.id, mo.product_id, pt.warehouse_id, mo.state,
                   COALESCE(mo.priority, '0') = '1',
                   timezone(COALESCE(p.tz, 'UTC'), timezone('UTC', mo.date_start))::date,
                   timezone(COALESCE(p.tz, 'UTC'), timezone('UTC',
                            COALESCE(mo.date_finished, mo.date_start)))::date,
                   COALESCE(b.produce_delay, 0), mo.product_uom_qty, t.uom_id, mo.bom_id,
                   g.feasible
              FROM mrp_production mo
              JOIN res_company c ON c.id = mo.company_id
              JOIN res_partner p ON p.id = c.partner_id
              JOIN product_product pp ON pp.id = mo.product_id
              JOIN product_template t ON t.id = pp.product_tmpl_id
              JOIN stock_picking_type pt ON pt.id = mo.picking_type_id
         LEFT JOIN mrp_bom b ON b.id = mo.bom_id
         LEFT JOIN (SELECT supply_production_id AS id, max(feasible_date) AS feasible
                      FROM supply_peg WHERE supply_production_id IS NOT NULL GROUP BY 1
                   ) g ON g.id = mo.id
             WHERE mo.company_id = %s AND mo.subcontractor_id IS NULL
               AND mo.state NOT IN ('done', 'cancel')
             ORDER BY mo.id
            """,
            company_id,
        )
    )
    return cr.fetchall()


def work_orders(cr, company_id):
    """Work orders of these productions: production, work order, work centre, name, state, expected
    minutes less those already booked. Blocked ones count: they have to be worked as well."""
    cr.execute(
        SQL(
            """
            SELECT wo.production_id, wo.id, wo.workcenter_id, wo.name, wo.state,
                   GREATEST(round((COALESCE(wo.duration_expected, 0)
                                   - COALESCE(wo.duration, 0))::numeric), 0)::int
              FROM mrp_workorder wo
              JOIN mrp_production mo ON mo.id = wo.production_id
             WHERE mo.company_id = %s AND mo.state NOT IN ('done', 'cancel')
             ORDER BY wo.production_id, wo.sequence, wo.id
            """,
            company_id,
        )
    )
    return cr.fetchall()


def plan_lines(cr, company_id):
    """Lines to make, and those of subcontractors, who may wait for what is made: line, product,
    warehouse, action, start, needed, possible, lead days, quantity, unit, bill, tentative."""
    cr.execute(
        SQL(
            """
            SELECT id, product_id, warehouse_id, action, order_date, due_date,
                   COALESCE(feasible_date, due_date), COALESCE(lead_days, 0), quantity,
                   product_uom_id, bom_id, COALESCE(tentative, FALSE)
              FROM supply_plan_line
             WHERE company_id = %s AND state IN ('proposed', 'approved')
               AND action IN ('make', 'subcontract')
             ORDER BY id
            """,
            company_id,
        )
    )
    return cr.fetchall()


def materials(cr, warehouse_ids):
    """The day when what isn't made in the house is there: plan line, production, day."""
    cr.execute(
        SQL(
            """
            SELECT g.plan_line_id, g.production_id, max(g.feasible_date)
              FROM supply_peg g
         LEFT JOIN supply_plan_line s ON s.id = g.supply_plan_line_id
             WHERE g.warehouse_id = ANY(%s) AND g.supply_production_id IS NULL
               AND (s.id IS NULL OR s.action = 'buy')
               AND (g.plan_line_id IS NOT NULL OR g.production_id IS NOT NULL)
               AND g.feasible_date IS NOT NULL
             GROUP BY 1, 2
            """,
            list(warehouse_ids),
        )
    )
    return cr.fetchall()


def chains(cr, warehouse_ids):
    """Who waits for whom: plan line, production and purchase line that take, plan line, production
    and purchase line that give, day when the plan finds it possible."""
    cr.execute(
        SQL(
            """
            SELECT g.plan_line_id, g.production_id, g.purchase_line_id,
                   g.supply_plan_line_id, g.supply_production_id, g.supply_purchase_line_id,
                   max(g.feasible_date)
              FROM supply_peg g
         LEFT JOIN supply_plan_line s ON s.id = g.supply_plan_line_id
             WHERE g.warehouse_id = ANY(%s)
               AND (g.plan_line_id IS NOT NULL OR g.production_id IS NOT NULL
                    OR g.purchase_line_id IS NOT NULL)
               AND (g.supply_production_id IS NOT NULL OR s.action IN ('make', 'subcontract')
                    OR g.supply_purchase_line_id IN (
                       SELECT purchase_line_id FROM supply_peg WHERE purchase_line_id IS NOT NULL))
             GROUP BY 1, 2, 3, 4, 5, 6
            """,
            list(warehouse_ids),
        )
    )
    return cr.fetchall()


def purchases_made_for(cr, warehouse_ids):
    """Purchase lines that take goods themselves (what a subcontractor is sent), with the day on
    which they come: purchase line, day."""
    cr.execute(
        SQL(
            """
            SELECT need.purchase_line_id, max(g.feasible_date)
              FROM (SELECT DISTINCT purchase_line_id FROM supply_peg
                     WHERE purchase_line_id IS NOT NULL AND warehouse_id = ANY(%(whs)s)) need
              JOIN supply_peg g ON g.supply_purchase_line_id = need.purchase_line_id
             WHERE g.feasible_date IS NOT NULL
             GROUP BY 1
             ORDER BY 1
            """,
            whs=list(warehouse_ids),
        )
    )
    return cr.fetchall()


def operations(cr, bom_ids):
    """Operations of these bills, those of their kits included, in the order of Odoo's work orders
    (kits first): bill, operation, name, work centre, its time is computed, minutes of one cycle,
    work orders that a computed time rests on, quantity of the bill, variant values it is limited
    to."""
    cr.execute(
        SQL(
            """
            WITH RECURSIVE kit(root, bom, depth, path) AS (
                SELECT id, id, 0, ARRAY[0] FROM unnest(%s::int[]) AS id
                 UNION ALL
                SELECT kit.root, part.id, kit.depth + 1, kit.path || line.sequence || line.id
                  FROM kit
                  JOIN mrp_bom_line line ON line.bom_id = kit.bom
                  JOIN mrp_bom above ON above.id = kit.bom
                  JOIN product_product p ON p.id = line.product_id
                  JOIN LATERAL (
                       SELECT b.id, b.type FROM mrp_bom b
                        WHERE b.active AND b.product_tmpl_id = p.product_tmpl_id
                          AND (b.product_id IS NULL OR b.product_id = p.id)
                          AND (b.company_id IS NULL OR above.company_id IS NULL
                               OR b.company_id = above.company_id)
                          AND b.type = 'phantom'
                        ORDER BY b.sequence, b.product_id NULLS LAST, b.id
                        LIMIT 1
                       ) part ON TRUE
                 WHERE kit.depth < 10
            )
            SELECT kit.root, o.id, o.name, o.workcenter_id, o.time_mode = 'auto',
                   COALESCE(o.time_cycle_manual, 0), COALESCE(o.time_mode_batch, 10),
                   root.product_qty,
                   (SELECT array_agg(ARRAY[v.attribute_line_id, v.id])
                      FROM mrp_routing_workcenter_product_template_attribute_value_rel r
                      JOIN product_template_attribute_value v
                        ON v.id = r.product_template_attribute_value_id
                     WHERE r.mrp_routing_workcenter_id = o.id)
              FROM kit
              JOIN mrp_bom root ON root.id = kit.root
              JOIN mrp_routing_workcenter o ON o.bom_id = kit.bom AND o.active
             ORDER BY kit.root, kit.depth = 0, kit.path, o.sequence, o.id
            """,
            list(bom_ids),
        )
    )
    return cr.fetchall()


def finished_work(cr, operation_ids):
    """The last finished work orders of operations whose time is computed: operation, real minutes,
    quantity made, work centre, product and unit."""
    cr.execute(
        SQL(
            """
            SELECT o.id, w.duration, w.qty_produced, w.workcenter_id, w.product_id, w.uom_id
              FROM mrp_routing_workcenter o
              JOIN LATERAL (
                   SELECT wo.duration, wo.qty_produced, wo.workcenter_id, mo.product_id,
                          mo.product_uom_id AS uom_id
                     FROM mrp_workorder wo
                     JOIN mrp_production mo ON mo.id = wo.production_id
                    WHERE wo.operation_id = o.id AND wo.qty_produced > 0 AND wo.state = 'done'
                    ORDER BY wo.date_finished DESC, wo.id DESC
                    LIMIT o.time_mode_batch
                   ) w ON TRUE
             WHERE o.id = ANY(%s)
            """,
            list(operation_ids),
        )
    )
    return cr.fetchall()


def centre_times(cr, centre_ids):
    """Setup and cleanup minutes and efficiency (percent) of work centres."""
    cr.execute(
        SQL(
            "SELECT id, COALESCE(time_start, 0), COALESCE(time_stop, 0), time_efficiency"
            " FROM mrp_workcenter WHERE id = ANY(%s)",
            list(centre_ids),
        )
    )
    return cr.fetchall()


def centre_capacities(cr, centre_ids):
    """What work centres make at once: work centre, product, unit, its factor, quantity, setup and
    cleanup minutes."""
    cr.execute(
        SQL(
            """
            SELECT k.workcenter_id, k.product_id, k.product_uom_id, u.factor, k.capacity,
                   COALESCE(k.time_start, 0), COALESCE(k.time_stop, 0)
              FROM mrp_workcenter_capacity k
              JOIN uom_uom u ON u.id = k.product_uom_id
             WHERE k.workcenter_id = ANY(%s)
             ORDER BY k.id
            """,
            list(centre_ids),
        )
    )
    return cr.fetchall()


def units(cr, product_ids):
    """Unit of each product, the factor of that unit, and its variant values."""
    cr.execute(
        SQL(
            """
            SELECT p.id, t.uom_id, u.factor,
                   (SELECT array_agg(c.product_template_attribute_value_id)
                      FROM product_variant_combination c WHERE c.product_product_id = p.id)
              FROM product_product p
              JOIN product_template t ON t.id = p.product_tmpl_id
              JOIN uom_uom u ON u.id = t.uom_id
             WHERE p.id = ANY(%s)
            """,
            list(product_ids),
        )
    )
    return cr.fetchall()
