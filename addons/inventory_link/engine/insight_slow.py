"""SQL of dead and slow stock: one row for each product and warehouse with own stock on hand.

Use is what left for customers, productions and other warehouses; scrap, corrections and returns
to vendors aren't. Stock rests since the later of its last use and the day when the oldest of
it came: what has just been received isn't dead, however long the product wasn't sold.
"""

from odoo.tools import SQL

#: An average month in days.
MONTH = 30.4375

#: Of a move from l to d: something was used.
USED = """(d.usage IN ('customer', 'production') OR d.usage IN ('internal', 'transit')
           AND d.warehouse_id IS DISTINCT FROM l.warehouse_id)"""

#: First used so long ago that its use tells something.
LONG_USED = f"""EXISTS (
    SELECT FROM stock_move m
      JOIN stock_location l ON l.id = m.location_id AND l.usage = 'internal'
           AND l.warehouse_id = f.warehouse_id
      JOIN stock_location d ON d.id = m.location_dest_id AND {USED}
     WHERE m.product_id = f.product_id AND m.state = 'done' AND m.quantity > 0
       AND m.date < (f.today - f.days + 1)::timestamp AT TIME ZONE f.tz AT TIME ZONE 'UTC')"""


def query(now):
    """:param now: the moment as naive UTC, days are those of the company's time zone"""
    return SQL(
        """
        WITH place AS (
            SELECT l.id, l.warehouse_id, w.company_id, COALESCE(p.tz, 'UTC') AS tz,
                   c.currency_id, COALESCE(c.supply_slow_days, 180) AS days,
                   COALESCE(c.supply_slow_months, 6) AS months,
                   (%(now)s::timestamp AT TIME ZONE 'UTC'
                     AT TIME ZONE COALESCE(p.tz, 'UTC'))::date AS today
              FROM stock_location l
              JOIN stock_warehouse w ON w.id = l.warehouse_id AND w.active
              JOIN res_company c ON c.id = w.company_id
              JOIN res_partner p ON p.id = c.partner_id
             WHERE l.usage = 'internal'
        ), stock AS (
            SELECT q.product_id, pl.warehouse_id, min(pl.company_id) AS company_id,
                   min(pl.currency_id) AS currency_id, min(pl.tz) AS tz, min(pl.days) AS days,
                   min(pl.months) AS months, min(pl.today) AS today, sum(q.quantity) AS on_hand,
                   min(q.in_date) AS came
              FROM stock_quant q JOIN place pl ON pl.id = q.location_id
             WHERE q.owner_id IS NULL OR q.owner_id IN (SELECT partner_id FROM res_company)
             GROUP BY q.product_id, pl.warehouse_id
            HAVING sum(q.quantity) > 0.000001
        ), moved AS (
            -- first by unit: converting each move is what would take the time
            SELECT m.product_id, m.product_uom, l.warehouse_id, max(m.date) AS last_use,
                   sum(m.quantity) AS quantity
              FROM stock_move m
              JOIN stock_location l ON l.id = m.location_id AND l.usage = 'internal'
              JOIN stock_location d ON d.id = m.location_dest_id AND %(used)s
              JOIN res_company c ON c.id = m.company_id
             WHERE m.state = 'done' AND m.quantity > 0
               AND m.date >= (SELECT %(now)s::timestamp - make_interval(
                       days => max(COALESCE(supply_slow_days, 180))) FROM res_company)
               AND m.date >= %(now)s::timestamp
                             - make_interval(days => COALESCE(c.supply_slow_days, 180))
             GROUP BY m.product_id, m.product_uom, l.warehouse_id
        ), recent AS (
            SELECT m.product_id, m.warehouse_id, max(m.last_use) AS last_use, sum(m.quantity * CASE
                       WHEN m.product_uom = pt.uom_id THEN 1 ELSE mu.factor / pu.factor END
                   ) AS quantity
              FROM moved m
              JOIN product_product pp ON pp.id = m.product_id
              JOIN product_template pt ON pt.id = pp.product_tmpl_id
              JOIN uom_uom mu ON mu.id = m.product_uom
              JOIN uom_uom pu ON pu.id = pt.uom_id
             GROUP BY m.product_id, m.warehouse_id
        ), used AS (
            -- the older history only of what rests (it has few moves): when it was used last
            SELECT s.*, r.quantity AS used,
                   COALESCE(r.last_use, old.last_use) AS last_use
              FROM stock s
              LEFT JOIN recent r ON r.product_id = s.product_id
                   AND r.warehouse_id = s.warehouse_id
              LEFT JOIN LATERAL (
                  SELECT max(m.date) AS last_use
                    FROM stock_move m
                    JOIN stock_location l ON l.id = m.location_id AND l.usage = 'internal'
                         AND l.warehouse_id = s.warehouse_id
                    JOIN stock_location d ON d.id = m.location_dest_id AND %(used)s
                   WHERE m.product_id = s.product_id AND m.state = 'done' AND m.quantity > 0
                     AND r.last_use IS NULL
              ) old ON TRUE
        ), needed AS (
            SELECT g.product_id, g.warehouse_id, sum(g.quantity) AS quantity
              FROM supply_peg g WHERE g.supply = 'stock' AND NOT g.safety
             GROUP BY g.product_id, g.warehouse_id
        ), facts AS (
            SELECT s.product_id, s.warehouse_id, s.company_id, s.currency_id, s.tz, s.days,
                   s.months, s.today, s.on_hand, pt.id AS product_tmpl_id, pt.categ_id,
                   COALESCE((pp.standard_price->>s.company_id::text)::numeric, 0) AS cost,
                   (s.last_use AT TIME ZONE 'UTC' AT TIME ZONE s.tz)::date AS last_use,
                   COALESCE(s.used, 0) AS used, COALESCE(n.quantity, 0) AS needed,
                   (s.came AT TIME ZONE 'UTC' AT TIME ZONE s.tz)::date AS stock_since,
                   (GREATEST(s.last_use, s.came) AT TIME ZONE 'UTC' AT TIME ZONE s.tz)::date
                       AS idle_since
              FROM used s
              JOIN product_product pp ON pp.id = s.product_id
              JOIN product_template pt ON pt.id = pp.product_tmpl_id AND pt.is_storable
              LEFT JOIN needed n ON n.product_id = s.product_id
                   AND n.warehouse_id = s.warehouse_id
        )
        SELECT f.warehouse_id::bigint * %(base)s + f.product_id AS id, f.product_id,
               f.product_tmpl_id, f.categ_id, f.warehouse_id, f.company_id, f.currency_id,
               f.on_hand, f.on_hand * f.cost AS value, f.needed,
               GREATEST(f.on_hand - f.needed, 0) AS free,
               GREATEST(f.on_hand - f.needed, 0) * f.cost AS free_value,
               f.last_use, f.stock_since, f.idle_since, f.today - f.idle_since AS idle_days,
               f.used * %(month)s / f.days AS used_month,
               CASE WHEN f.used > 0 THEN f.on_hand * f.days / f.used / %(month)s END AS cover,
               CASE WHEN f.needed >= f.on_hand THEN 'active'
                    WHEN f.today - f.idle_since >= f.days
                    THEN CASE WHEN f.needed > 0 THEN 'slow' ELSE 'dead' END
                    WHEN f.used > 0
                     AND (f.on_hand - f.needed) * f.days / f.used / %(month)s > f.months
                     AND %(long_used)s
                    THEN 'slow' ELSE 'active' END AS state
          FROM facts f
        """,
        now=now,
        used=SQL(USED),
        long_used=SQL(LONG_USED),
        month=SQL(str(MONTH)),
        base=SQL(str(BASE)),
    )


#: Ids of rows are warehouse times this, plus product: they must survive a change of the stock.
#: Ids in a browser are exact up to 2^53.
BASE = 10_000_000

#: What still comes, and how much of it nothing but the safety stock asks for.
INCOMING = """
    SELECT m.product_id, d.warehouse_id, l.order_id,
           sum(m.quantity), sum(GREATEST(m.quantity - m.pegged, 0))
      FROM (
        SELECT m.product_id, m.purchase_line_id AS line_id,
               min(COALESCE(m.location_final_id, m.location_dest_id)) AS place_id,
               sum(m.product_qty) AS quantity, COALESCE((
                   SELECT sum(g.quantity) FROM supply_peg g
                    WHERE g.supply_purchase_line_id = m.purchase_line_id AND NOT g.safety
               ), 0) AS pegged
          FROM stock_move m
          JOIN stock_location s ON s.id = m.location_id AND s.usage IN ('supplier', 'transit')
         WHERE m.product_id = ANY(%(products)s) AND m.purchase_line_id IS NOT NULL
           AND m.state NOT IN ('draft', 'done', 'cancel')
         GROUP BY m.product_id, m.purchase_line_id
      ) m
      JOIN purchase_order_line l ON l.id = m.line_id
      JOIN stock_location d ON d.id = m.place_id
     GROUP BY m.product_id, d.warehouse_id, l.order_id
"""
REQUESTS = """
    SELECT l.product_id, t.warehouse_id, l.order_id, sum(l.product_uom_qty),
           sum(GREATEST(l.product_uom_qty - COALESCE((
               SELECT sum(g.quantity) FROM supply_peg g
                WHERE g.supply_purchase_line_id = l.id AND NOT g.safety), 0), 0))
      FROM purchase_order_line l
      JOIN purchase_order o ON o.id = l.order_id AND o.state IN ('draft', 'sent', 'to approve')
      JOIN stock_picking_type t ON t.id = o.picking_type_id
     WHERE l.product_id = ANY(%(products)s)
     GROUP BY l.product_id, t.warehouse_id, l.order_id
"""
PLANNED = """
    SELECT p.product_id, p.warehouse_id, sum(GREATEST(p.quantity - COALESCE((
               SELECT sum(g.quantity) FROM supply_peg g
                WHERE g.supply_plan_line_id = p.id AND NOT g.safety), 0), 0))
      FROM supply_plan_line p
     WHERE p.product_id = ANY(%(products)s) AND p.state IN ('proposed', 'approved')
     GROUP BY p.product_id, p.warehouse_id
"""
#: The customers who bought it last, three a product.
BUYERS = """
    SELECT product_id, warehouse_id, partner_id FROM (
        SELECT b.*, row_number() OVER (
            PARTITION BY product_id, warehouse_id ORDER BY day DESC, partner_id) AS place
          FROM (
            SELECT l.product_id, o.warehouse_id, p.commercial_partner_id AS partner_id,
                   max(o.date_order) AS day
              FROM sale_order_line l
              JOIN sale_order o ON o.id = l.order_id AND o.state = 'sale'
              JOIN res_partner p ON p.id = o.partner_id
             WHERE l.product_id = ANY(%(products)s)
             GROUP BY l.product_id, o.warehouse_id, p.commercial_partner_id
          ) b
    ) ranked WHERE place <= 3 ORDER BY product_id, warehouse_id, place
"""
#: The last receipt from a vendor.
VENDORS = """
    SELECT DISTINCT ON (m.product_id, d.warehouse_id) m.product_id, d.warehouse_id,
           o.partner_id, m.date::date
      FROM stock_move m
      JOIN purchase_order_line l ON l.id = m.purchase_line_id
      JOIN purchase_order o ON o.id = l.order_id
      JOIN stock_location d ON d.id = m.location_dest_id AND d.usage = 'internal'
     WHERE m.product_id = ANY(%(products)s) AND m.state = 'done'
     ORDER BY m.product_id, d.warehouse_id, m.date DESC, m.id DESC
"""
#: Products that this one may stand in for, and that the plan needs.
STANDS_IN = """
    SELECT s.substitute_id, g.warehouse_id, s.product_id
      FROM supply_substitute s
      JOIN supply_peg g ON g.product_id = s.product_id AND g.supply != 'stock'
      JOIN stock_warehouse w ON w.id = g.warehouse_id
     WHERE s.substitute_id = ANY(%(products)s) AND s.active
       AND (s.company_id IS NULL OR s.company_id = w.company_id)
       AND (s.date_from IS NULL OR s.date_from <= %(now)s::date)
       AND (s.date_to IS NULL OR s.date_to >= %(now)s::date)
     GROUP BY s.substitute_id, g.warehouse_id, s.product_id
     ORDER BY 1, 2, 3
"""
MINIMUM = """
    SELECT product_id, warehouse_id, max(product_min_qty) FROM stock_warehouse_orderpoint
     WHERE product_id = ANY(%(products)s) AND active AND product_min_qty > 0
     GROUP BY product_id, warehouse_id
"""
