from . import res_company
from . import res_config_settings
from . import credit_hold
from . import credit_hold_cron
from . import stock_move
from . import stock_picking
from . import suite_decision
