from . import (
    test_bill_events,
    test_engine_found,
    test_levels,
    test_net_change,
    test_productions,
    test_property,
    test_property_events,
    test_readiness,
)
