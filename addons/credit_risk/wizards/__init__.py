from . import credit_hold_decide
from . import credit_reason
