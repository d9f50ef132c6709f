from . import supply_planner
