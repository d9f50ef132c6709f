"""The scripts' own modules are imported as `tradeworks`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))


@pytest.fixture
def script(tmp_path):
    """Run a script of the repository as a user would; returns (code, all that it printed).

    State goes to a folder of the test's own, so nothing is set up or changed.
    """

    def run(name, *arguments, **environment):
        clean = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("PG", "ODOO", "TRADEWORKS", "PYTHONPATH"))
        }
        done = subprocess.run(
            [sys.executable, str(ROOT / "scripts" / name), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
            env={**clean, "TRADEWORKS_HOME": str(tmp_path / "home"), **environment},
        )
        return done.returncode, done.stdout

    return run
