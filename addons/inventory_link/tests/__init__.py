from . import (
    test_access,
    test_dates,
    test_guard,
    test_guard_limits,
    test_lots,
    test_netting,
    test_race,
    test_release,
    test_rerun,
    test_supply_mode,
    test_vendors,
)
