from . import (
    test_levels,
    test_net_change,
    test_productions,
    test_property,
    test_readiness,
    test_scenarios_b,
    test_scenarios_f,
    test_scenarios_g,
    test_scenarios_o,
    test_scenarios_od,
    test_scenarios_p,
)
