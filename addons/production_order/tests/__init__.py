from . import (
    test_guard,
    test_levels,
    test_net_change,
    test_productions,
    test_property,
    test_readiness,
    test_supply_mode,
)
