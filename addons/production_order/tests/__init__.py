from . import test_levels, test_productions, test_property, test_readiness
