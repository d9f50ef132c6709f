"""The peer, OCA's mrp_multi_level, on the same world in a database without our addons.

Everything here runs inside Odoo.
"""

from . import shape, world
from .meter import Meter, load_average


def prepare(env, name):
    """Write the world, and the peer's parameters of its products: lots of one day, as ours."""
    made = world.build(env, shape.WORLDS[name])
    warehouse = env["stock.warehouse"].browse(made["warehouse"])
    area = env["mrp.area"].create(
        {"name": "World", "warehouse_id": warehouse.id, "location_id": warehouse.lot_stock_id.id}
    )
    env["product.mrp.area"].create(
        [
            {"product_id": product, "mrp_area_id": area.id, "mrp_nbr_days": 1}
            for product in made["products"]
        ]
    )
    env.cr.commit()
    return {"products": len(made["products"]), "order_lines": len(made["lines"])}


def run(env):
    """The peer's run, and what came of it by product code: orders, quantity."""
    areas = env["mrp.area"].search([("name", "=", "World")])
    wizard = env["mrp.multi.level"].create({"mrp_area_ids": [(6, 0, areas.ids)]})
    with Meter(env) as cost:
        wizard.run_mrp_multi_level()
        env.flush_all()
    env.cr.commit()
    env.cr.execute(
        "SELECT t.default_code, count(*), sum(o.mrp_qty)::float FROM mrp_planned_order o"
        " JOIN product_mrp_area a ON a.id = o.product_mrp_area_id"
        " JOIN product_product t ON t.id = a.product_id GROUP BY 1"
    )
    totals = {code: [count, quantity] for code, count, quantity in env.cr.fetchall()}
    return cost.result | {
        "planned_orders": sum(count for count, _quantity in totals.values()),
        "totals": totals,
        "load": load_average(),
    }


def ours(env):
    """Our plan by product code, to compare with."""
    env.cr.execute(
        "SELECT p.default_code, count(*), sum(l.quantity)::float FROM supply_plan_line l"
        " JOIN product_product p ON p.id = l.product_id GROUP BY 1"
    )
    return {code: [count, quantity] for code, count, quantity in env.cr.fetchall()}
