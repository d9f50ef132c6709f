from . import supply_mode_wizard
