from . import supply_message_dismiss, supply_mode_wizard, supply_plan_reject
from . import supply_plan_split
from . import sale_promise_accept
from . import sale_promise_accept_line
from . import supply_plan_approve, supply_plan_approve_line, supply_plan_change
from . import supply_delivery_correct
