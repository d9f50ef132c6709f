from . import (
    mrp_production,
    res_company,
    res_config_settings,
    sale_order,
    sale_order_line,
    stock_rule,
    supply_message,
    supply_peg,
    supply_plan_line,
    supply_planner,
)
