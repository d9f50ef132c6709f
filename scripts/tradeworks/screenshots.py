"""Starts a fresh demo company and has :mod:`screen_camera` take the pictures of its screens."""

import json
import os
import socket
import subprocess

from . import database, machine, postgres, python_env, serve, setup
from .console import ProblemError
from .layout import PYTHON, ROOT

NAME = f"{database.PREFIX}_screenshots"
FOLDER = ROOT / "docs" / "images"


def run(names):
    """Take the pictures; ``names`` chooses some of :data:`screen_list.SCREENS`."""
    setup.ensure_tools()
    python_env.ensure_test_tools()
    machine.install_packages(machine.TEST_PACKAGES, "Debian packages of the browser")
    with postgres.session():
        database.drop(NAME)
        database.copy(database.template("demo"), NAME)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            number = probe.getsockname()[1]
        process = serve.start(NAME, number, "screenshots.log", "--workers=0")
        try:
            serve.wait_until_up(process, number, "screenshots.log")
            return _take(f"http://127.0.0.1:{number}", names)
        finally:
            serve.stop(process)
            database.drop(NAME)


def _take(address, names):
    order = json.dumps({"address": address, "names": names, "folder": str(FOLDER)})
    done = subprocess.run(
        [str(PYTHON), "-m", "tradeworks.screen_camera", order],
        cwd=ROOT / "scripts",
        env={**os.environ, "PYTHONPATH": str(ROOT / "scripts")},
        check=False,
    )
    if done.returncode:
        raise ProblemError("Some pictures couldn't be taken", "", "Their names stand above.")
    return 0
