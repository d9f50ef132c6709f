from . import (
    customer_pool,
    customer_pool_move,
    customer_pool_rule,
    account_move,
    crm_lead,
    res_company,
    res_config_settings,
    res_partner,
    sale_order,
    sale_order_line,
    suite_outlook,
)
