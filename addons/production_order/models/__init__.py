from . import (
    costs,
    capacity,
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
from . import today  # isort: skip

from . import floor  # isort: skip
from . import picture
from . import insight  # isort: skip - lists for people, on top of the rest
from . import keeping  # isort: skip - a theme
