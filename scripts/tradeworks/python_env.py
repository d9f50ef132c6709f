"""The Python environment: locked versions with hashes, Odoo reached through a .pth file."""

import os
import shutil
import subprocess
import sys

from . import odoo_tree
from .console import ProblemError, step
from .layout import CONFIG, HOME, LOGS, PYTHON, VENV, digest, put_stamp, stamped
from .machine import last_lines


def ensure():
    lock = (CONFIG / "requirements.txt").read_text(encoding="utf-8")
    key = digest(lock, sys.version, VENV)
    if not (stamped(VENV, key) and PYTHON.exists()):
        with step("Python packages of Odoo and the suite") as this:
            make(VENV, CONFIG / "requirements.txt")
            put_stamp(VENV, key)
            this.note(f"{lock.count('==')} locked packages")
    _link_odoo()


def ensure_test_tools():
    lock = (CONFIG / "requirements-test.txt").read_text(encoding="utf-8")
    stamp = VENV / "test-tools"
    stamp.mkdir(exist_ok=True)
    if not stamped(stamp, digest(lock)):
        with step("Python packages of the tests"):
            _install(VENV, CONFIG / "requirements-test.txt")
            put_stamp(stamp, digest(lock))


def make(folder, requirements):
    """Build from nothing; without its stamp a half-built environment is built again."""
    shutil.rmtree(folder, ignore_errors=True)
    log = LOGS / "python.log"
    LOGS.mkdir(parents=True, exist_ok=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(folder)], capture_output=True, text=True, check=False
    )
    if made.returncode:
        log.write_text(made.stdout + made.stderr, encoding="utf-8")
        raise ProblemError(
            "The Python environment could not be made",
            last_lines(log),
            "Install Debian's python3-venv and run again.",
        )
    _install(folder, requirements)


def _install(folder, requirements):
    log = LOGS / "python.log"
    LOGS.mkdir(parents=True, exist_ok=True)
    command = [
        str(folder / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--require-hashes",
        "-r",
        str(requirements),
    ]
    environment = dict(os.environ, PIP_CACHE_DIR=str(HOME / "pip-cache"))
    with open(log, "ab") as output:
        code = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=environment,
            check=False,
        ).returncode
    if code:
        raise ProblemError(
            "The Python packages could not be installed",
            last_lines(log),
            f"Check that this machine reaches its Python package index and run again. Log: {log}",
        )


def _link_odoo():
    """Name Odoo's folder in a .pth file; a symlink would let pip write into Odoo's tree."""
    folder = next(VENV.glob("lib/python3*/site-packages"))
    line = f"{odoo_tree.packages_folder()}\n"
    link = folder / "tradeworks-odoo.pth"
    if not link.exists() or link.read_text(encoding="utf-8") != line:
        link.write_text(line, encoding="utf-8")
