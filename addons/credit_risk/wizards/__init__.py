from . import credit_hold_decide
from . import credit_limit_import
from . import credit_limit_import_line
from . import credit_limit_refuse
from . import credit_reason
from . import credit_bill_step
from . import account_payment_return
