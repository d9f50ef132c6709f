from . import credit_self_check
from . import credit_self_check_mark
from . import credit_account
