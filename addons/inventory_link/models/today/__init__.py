from . import (
    stock_picking,
    stock_warehouse,
    stock_warehouse_cards,
    supply_plan_line,
    supply_plan_line_approve,
    supply_plan_line_consequence,
    supply_plan_line_preview,
    supply_planner,
)
