from . import sale_order, sale_order_line, supply_planner
