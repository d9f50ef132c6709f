from . import credit_group
from . import credit_limit_line
