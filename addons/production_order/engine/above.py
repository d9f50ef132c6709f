"""Where products are used. One statement a function."""

from odoo.tools import SQL


def products_above(cr, product_ids):
    """Products whose bills of materials or open productions consume these; a kit on the way is no
    product of its own, so what contains the kit counts."""
    cr.execute(
        SQL(
            """
            WITH RECURSIVE above(id, through) AS (
                SELECT unnest(%(ids)s::int[]), TRUE
                 UNION
                SELECT p.id, b.type = 'phantom'
                  FROM above a
                  JOIN mrp_bom_line l ON l.product_id = a.id
                  JOIN mrp_bom b ON b.id = l.bom_id AND b.active
                  JOIN product_product p ON p.product_tmpl_id = b.product_tmpl_id
                       AND (b.product_id IS NULL OR b.product_id = p.id)
                 WHERE a.through
            )
            SELECT id FROM above WHERE NOT id = ANY(%(ids)s)
             UNION
            SELECT mo.product_id
              FROM stock_move m
              JOIN mrp_production mo ON mo.id = m.raw_material_production_id
             WHERE m.product_id = ANY(%(ids)s) AND m.state NOT IN ('done', 'cancel')
            """,
            ids=list(product_ids),
        )
    )
    return [row[0] for row in cr.fetchall()]
