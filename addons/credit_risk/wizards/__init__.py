from . import credit_hold_decide
from . import credit_limit_import
from . import credit_limit_import_line
from . import credit_limit_refuse
