from . import credit_hold_decide
