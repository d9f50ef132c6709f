"""The races and random walks of the default run once more, far longer."""

import os

from . import checks

#: What the tests read; the default run leaves them out, so that it stays short.
LONG = {
    "TRADEWORKS_RACE_RUNS": "100",
    "TRADEWORKS_RACE_REPEATS": "100",
    "TRADEWORKS_PROPERTY_STEPS": "1000",
}
PATHS = (
    "addons/credit_risk/tests/test_concurrency.py",
    "addons/credit_risk/tests/test_races.py",
    "addons/credit_risk/tests/test_property_exposure.py",
    "tests/e2e/test_race.py",
)


def run():
    """0 when all passed; values given in the environment stay as they are."""
    for name, value in LONG.items():
        os.environ.setdefault(name, value)
    return checks.run(list(PATHS))
