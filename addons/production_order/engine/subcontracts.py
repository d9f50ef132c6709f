"""What subcontractors are sent: the link from a delivery of components to the purchase line, and
the components that nobody delivers by itself."""

from odoo.tools import SQL

#: The purchase line that a delivery of components to a subcontractor serves (of move ``m``).
RESUPPLIED_LINE = SQL(
    """(
    SELECT receipt.purchase_line_id
      FROM stock_move_move_rel sent
      JOIN stock_move part ON part.id = sent.move_dest_id
      JOIN stock_move made ON made.production_id = part.raw_material_production_id
      JOIN stock_move_move_rel given ON given.move_orig_id = made.id
      JOIN stock_move receipt ON receipt.id = given.move_dest_id
     WHERE sent.move_orig_id = m.id AND receipt.purchase_line_id IS NOT NULL
     LIMIT 1
    )"""
)


def unsent_components(cr, product_ids, warehouse_ids, scale):
    """Components of ordered subcontracting that no delivery brings to the subcontractor, less
    what is reserved at his place: move, product, warehouse, quantity, day, production, purchase
    line."""
    cr.execute(
        SQL(
            """
            SELECT m.id, m.product_id, pt.warehouse_id,
                   LEAST(GREATEST(
                       round((m.product_qty - COALESCE(reserved.quantity, 0)) * %(scale)s),
                       -1e15), 1e15)::bigint,
                   timezone(COALESCE(p.tz, 'UTC'), timezone('UTC', m.date))::date,
                   mo.id, receipt.purchase_line_id
              FROM mrp_production mo
              JOIN stock_picking_type pt ON pt.id = mo.picking_type_id
              JOIN res_company c ON c.id = mo.company_id AND c.supply_planning
              JOIN res_partner p ON p.id = c.partner_id
              JOIN stock_move m ON m.raw_material_production_id = mo.id
         LEFT JOIN LATERAL (
                   SELECT sum(ml.quantity_product_uom) AS quantity
                     FROM stock_move_line ml WHERE ml.move_id = m.id
                   ) reserved ON TRUE
         LEFT JOIN LATERAL (
                   SELECT r.purchase_line_id
                     FROM stock_move made
                     JOIN stock_move_move_rel given ON given.move_orig_id = made.id
                     JOIN stock_move r ON r.id = given.move_dest_id
                    WHERE made.production_id = mo.id AND r.purchase_line_id IS NOT NULL
                    LIMIT 1
                   ) receipt ON TRUE
             WHERE mo.subcontractor_id IS NOT NULL AND mo.state NOT IN ('done', 'cancel')
               AND m.state NOT IN ('done', 'cancel')
               AND m.product_id = ANY(%(products)s) AND pt.warehouse_id = ANY(%(whs)s)
               AND NOT EXISTS (SELECT 1 FROM stock_move_move_rel sent
                                 JOIN stock_move s ON s.id = sent.move_orig_id
                                WHERE sent.move_dest_id = m.id AND s.state != 'cancel')
             ORDER BY m.id
            """,
            scale=scale,
            products=list(product_ids),
            whs=list(warehouse_ids),
        )
    )
    return cr.fetchall()


def load(scope):
    """Add them as demand of the warehouse that orders: somebody has to send them."""
    for move, pid, wid, units, day, _production, line in unsent_components(
        scope.env.cr, scope.product_ids, scope.warehouse_ids, scope.scale
    ):
        demand = scope.demand("move", move, f"M{move}", (wid, pid), day.toordinal(), units)
        if demand and line:
            demand.purchase = line
