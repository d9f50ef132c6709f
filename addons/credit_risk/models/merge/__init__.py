from . import credit_account
from . import base_partner_merge_automatic_wizard
from . import res_partner
from . import suite_decision
