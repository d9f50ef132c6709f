"""A database with all our addons, for the checks that can only be made in one."""

import os
import subprocess

import pytest
from quality import tree


def run_script(*arguments, text=None, timeout=600):
    """Run one of the repository's commands; its output is in the result, errors included."""
    return subprocess.run(
        [str(tree.ROOT / "scripts" / arguments[0]), *arguments[1:]],
        input=text,
        cwd=tree.ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout,
        check=False,
    )


@pytest.fixture(scope="session")
def command():
    return run_script


@pytest.fixture(scope="session")
def database():
    """A fresh database of this run: a copy of the template takes two seconds."""
    name = f"quality_{os.getpid()}"
    made = run_script("db", name)
    assert made.returncode == 0, made.stdout
    yield name
    run_script("db", name, "--drop")
