from . import supply_message_dismiss, supply_mode_wizard, supply_plan_reject
from . import supply_plan_split
from . import supply_delivery_correct
