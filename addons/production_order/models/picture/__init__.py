from . import mrp_production, supply_peg
