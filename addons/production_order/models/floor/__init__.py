from . import (
    mrp_production,
    mrp_production_chain,
    mrp_production_notice,
    mrp_production_start,
    mrp_production_tree,
    stock_move,
    suite_decision,
)
