from . import recorder, supply_planner
