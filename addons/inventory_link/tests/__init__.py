from . import (
    test_access,
    test_approval,
    test_dates,
    test_edit,
    test_lots,
    test_netting,
    test_race,
    test_release,
    test_release_job,
    test_rerun,
    test_vendors,
    test_windows,
)
