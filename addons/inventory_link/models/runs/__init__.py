from . import supply_message, supply_planner
