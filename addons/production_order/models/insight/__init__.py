from . import supply_shortage
