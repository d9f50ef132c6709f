from . import (
    test_changes,
    test_levels,
    test_net_change,
    test_productions,
    test_property,
    test_readiness,
)
