from . import (
    test_access,
    test_dates,
    test_lots,
    test_netting,
    test_queue,
    test_race,
    test_release,
    test_rerun,
    test_runs,
    test_vendors,
)
