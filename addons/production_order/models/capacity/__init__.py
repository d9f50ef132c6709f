from . import supply_capacity_mixin  # isort: skip - the others inherit from it
from . import (
    mrp_production,
    mrp_workcenter,
    res_company,
    res_config_settings,
    sale_order_line,
    supply_job,
    supply_load,
    supply_load_part,
    supply_plan_line,
    supply_planner,
)
