from . import (  # isort: skip_file - the mixin first: others inherit from it
    supply_change_mixin,
    product_category,
    product_product,
    product_supplierinfo,
    product_template,
    purchase_order,
    purchase_order_line,
    purchase_requisition,
    purchase_requisition_line,
    res_company,
    res_config_settings,
    res_currency_rate,
    res_partner,
    resource_calendar,
    resource_calendar_attendance,
    resource_calendar_leaves,
    sale_order,
    sale_order_line,
    stock_location,
    stock_move,
    stock_quant,
    stock_rule,
    stock_warehouse,
    stock_warehouse_orderpoint,
    suite_decision,
    suite_outlook,
    supply_change,
    supply_closing,
    supply_forecast,
    supply_message,
    supply_peg,
    supply_plan_line,
    supply_plan_line_answer,
    supply_plan_line_edit,
    supply_plan_line_release,
    supply_planner,
    supply_run,
    supply_run_part,
    supply_substitute,
    uom_uom,
    supply_release,
    supply_release_line,
)
from . import write_back  # isort: skip - before those who count what it writes
from . import promises, run_counts, runs, unplanned  # isort: skip - they extend the planner
from . import insight  # isort: skip - lists for people, on top of the rest
from . import keeping, promises, run_counts, runs, unplanned  # isort: skip - they extend the planner
from . import run_counts, runs, unplanned, promises  # isort: skip - they extend the planner
from . import quoting  # isort: skip - what people see of the promises
from . import picture  # isort: skip - it reads what the others keep
from . import run_counts, runs, unplanned, promises, today  # isort: skip - they extend the planner
