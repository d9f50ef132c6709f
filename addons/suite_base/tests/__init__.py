from . import (
    test_decision,
    test_decision_access,
    test_explanation,
    test_guard,
    test_ledger,
    test_ledger_race,
    test_pdf,
    test_settings,
    test_why,
)
