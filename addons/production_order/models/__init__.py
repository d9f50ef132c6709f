from . import (
    mrp_bom,
    mrp_bom_line,
    mrp_production,
    product_product,
    res_company,
    res_config_settings,
    sale_order,
    sale_order_line,
    stock_move,
    stock_rule,
    supply_message,
    supply_peg,
    supply_plan_line,
    supply_planner,
)
from . import capacity, costs, floor, insight, keeping, picture, today  # isort: skip - on top
