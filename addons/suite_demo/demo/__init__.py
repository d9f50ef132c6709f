import logging
import time

from . import (
    activities,
    company,
    credit,
    crm,
    customers,
    delivery,
    history,
    orders,
    products,
    stock,
    supply,
    users,
)
from .demo import Demo

_logger = logging.getLogger(__name__)

# Masters, then the past with the switches still off (a company that starts to use the suite),
# then the switches, then the present.
STEPS = (
    company.make_company,
    users.make_users,
    products.make_products,
    products.make_boms,
    products.make_vendors,
    customers.make_customers,
    customers.start_pools,
    stock.make_opening_stock,
    crm.make_past_deals,
    history.make_invoices,
    history.make_bills,
    orders.make_past_orders,
    company.switch_on,
    customers.make_limits,
    crm.make_deals,
    orders.make_quotations,
    orders.make_confirmed,
    orders.make_holds,
    credit.make_credit,
    supply.work_on_plan,
    delivery.make_punctuality,
    delivery.reserve_goods,
    delivery.look_at_risk,
    activities.make_activities,
)


def load(env):
    """Make the demo company. Safe to call again: nothing is doubled.

    Every record has an external id under ``__demo__`` (not under this addon, so that removing
    the addon doesn't try to delete posted documents); what exists is left as it is.
    """
    demo = Demo(env)
    for step in STEPS:
        start = time.monotonic()
        step(demo)
        demo.env.flush_all()
        _logger.info("demo: %s %.1f s", step.__name__, time.monotonic() - start)
    return demo.company
