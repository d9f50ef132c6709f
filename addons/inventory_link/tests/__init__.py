from . import (
    test_access,
    test_dates,
    test_lots,
    test_netting,
    test_race,
    test_release,
    test_rerun,
    test_scenarios_a,
    test_scenarios_d,
    test_scenarios_e,
    test_scenarios_lots,
    test_vendors,
)
