from . import credit_account
from . import partner_merge
from . import res_partner
from . import suite_decision
