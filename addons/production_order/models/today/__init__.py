from . import stock_picking, supply_plan_line
