from . import test_credit_supply, test_demo_company, test_demo_roles
