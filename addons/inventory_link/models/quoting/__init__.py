from . import (  # isort: skip_file - the order's themes build on each other
    res_company,
    res_config_settings,
    sale_order_line,
    sale_order_line_reservation,
    sale_order,
    sale_order_told,
    sale_order_reservation,
    sale_order_reservation_cron,
    suite_decision,
)
