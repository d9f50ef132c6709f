from . import credit_hold_decide
from . import credit_reason
from . import credit_bill_step
from . import account_payment_return
