from . import (
    sale_order,
    sale_order_line,
    stock_move,
    suite_decision,
    supply_cost_part,
    supply_cost_source,
    supply_order_cost,
)
