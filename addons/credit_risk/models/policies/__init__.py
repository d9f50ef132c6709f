from . import credit_rule
from . import credit_policy
