from . import (
    ir_actions_report,
    res_config_settings,
    suite_decision,
    suite_decision_mixin,
    suite_ledger_entry,
    suite_ledger_head,
    suite_outlook,
)
