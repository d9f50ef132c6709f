"""All checks of ./scripts/test, stage after stage, with one summary.

Every stage runs even when an earlier one failed: one run shows everything that is wrong.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from . import database, machine, odoo_process, postgres, python_env, setup
from .console import ProblemError, say
from .layout import ADDONS, DEMO_ADDONS, HOME, LOGS, PYTHON, ROOT, VENV

COUNT = re.compile(r"(\d+) (passed|failed|error|errors|skipped)\b")


class Stage:
    """One line of the summary: a name, what it runs, the folders that it is responsible for."""

    def __init__(self, name, folders, prepare):
        self.name, self.folders, self.prepare = name, folders, prepare
        self.code, self.seconds = None, 0.0
        self.counts = {}

    def owns(self, path):
        return any(path == folder or folder in path.parents for folder in self.folders)


def _plain(paths, options):
    return [PYTHON, "-m", "pytest", "-p", "no:odoo", *options, *paths]


def _in_odoo(name, paths, options):
    return [
        *(PYTHON, "-m", "pytest", "--odoo-http", f"--odoo-database={name}"),
        # The suite is tested without the rest of the machine's configuration.
        *("--odoo-log-level=error", *options, *paths),
    ]


def _suite_tests():
    folders = sorted(path for path in ADDONS.iterdir() if (path / "__manifest__.py").exists())
    return [path for path in folders if path.name not in DEMO_ADDONS]


def _addon_command(paths, options):
    name = f"{database.PREFIX}_test"
    _fresh_copy("base", name)
    return _in_odoo(name, paths or _suite_tests(), options)


def _demo_command(paths, options):
    name = f"{database.PREFIX}_demotest"
    _fresh_copy("demo", name)
    return _in_odoo(name, paths or [ADDONS / addon for addon in DEMO_ADDONS], options)


def _fresh_copy(kind, name):
    source = database.template(kind)
    database.drop(name)
    database.copy(source, name)


def _stages():
    tests = ROOT / "tests"
    return [
        Stage("lint", [], lambda _paths, _options: [sys.executable, ROOT / "scripts" / "lint"]),
        Stage("repository", [tests / "quality", tests / "scripts"], _plain),
        Stage("addons", _suite_tests(), _addon_command),
        Stage("demo company", [ADDONS / addon for addon in DEMO_ADDONS], _demo_command),
        Stage("whole chain", [tests / "e2e"], _plain),
        Stage("installation", [tests / "install"], _plain),
    ]


def split_arguments(argv):
    """Paths and options of a pytest command line; a path may carry `::test`."""
    paths, options = [], []
    for argument in argv:
        path = Path(argument.split("::")[0])
        if not argument.startswith("-") and path.exists():
            paths.append((path.resolve(), argument))
        else:
            options.append(argument)
    return paths, options


def run(argv):
    """Set up, run the stages that the arguments ask for, print the summary; 0 when all passed."""
    paths, options = split_arguments(argv)
    started = time.monotonic()
    _setup()
    with postgres.session():
        stages = _stages()
        chosen = []
        for stage in stages:
            own = [argument for path, argument in paths if stage.owns(path)]
            # A folder above the stage's own (`./scripts/test tests`) means the whole stage.
            above = any(
                path in folder.parents for path, _argument in paths for folder in stage.folders
            )
            if own or above or not argv or (not paths and stage.folders):
                chosen.append((stage, own))
        if not chosen:
            raise ProblemError(
                "No test is there", f"Nothing is tested under {', '.join(argv)}.", "Check the path."
            )
        for stage, own in chosen:
            _run_stage(stage, own, options)
    return _summary([stage for stage, _own in chosen], time.monotonic() - started)


def _setup():
    setup.ensure_tools()
    python_env.ensure_test_tools()
    machine.install_packages(machine.TEST_PACKAGES, "Debian packages of the tests")


def environment():
    """Tests get no colour, no outside network settings, and find our modules and server."""
    return {
        **odoo_process.environment(),
        "PATH": f"{VENV / 'bin'}:/usr/lib/postgresql/15/bin:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "scripts"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TRADEWORKS_TEST_DB": database.template_name("base"),
        "TRADEWORKS_SCREENSHOTS": str(HOME / "screenshots"),
        "TZ": "UTC",
    }


def _run_stage(stage, paths, options):
    say(f"\n── {stage.name} " + "─" * (70 - len(stage.name)))
    began = time.monotonic()
    log = LOGS / f"test-{stage.name.replace(' ', '-')}.log"
    LOGS.mkdir(parents=True, exist_ok=True)
    base = ["-q", "-rfEs", "--durations=5", "-o", f"cache_dir={HOME / 'pytest-cache'}"]
    try:
        command = stage.prepare(paths or stage.folders, [*base, *options])
    except ProblemError as problem:
        say(str(problem))
        stage.code = 1
        return
    child_environment = environment()
    with open(log, "w", encoding="utf-8") as output:
        process = subprocess.Popen(
            list(map(str, command)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=child_environment,
            cwd=ROOT,
            text=True,
            errors="replace",
        )
        for line in process.stdout:
            output.write(line)
            print(line, end="", flush=True)
        stage.code = process.wait()
    stage.seconds = time.monotonic() - began
    stage.counts = _counts(log.read_text(encoding="utf-8"))
    if stage.code == 5 and options:  # noqa: PLR2004 - pytest: nothing matched the options here
        stage.code = 0


def _counts(text):
    """Passed, failed and skipped of pytest's last line."""
    for line in reversed(text.splitlines()):
        found = COUNT.findall(line)
        if found:
            counts = {}
            for number, word in found:
                key = "failed" if word.startswith("error") else word
                counts[key] = counts.get(key, 0) + int(number)
            return counts
    return {}


def _summary(stages, seconds):
    say("\n══ Summary " + "═" * 61)
    total = {"passed": 0, "failed": 0, "skipped": 0}
    for stage in stages:
        bad = stage.code != 0
        if bad and not stage.counts.get("failed"):
            stage.counts["failed"] = 1
        if not bad and not stage.counts:
            stage.counts["passed"] = 1
        for key in total:
            total[key] += stage.counts.get(key, 0)
        parts = ", ".join(f"{n} {key}" for key, n in stage.counts.items())
        say(f"  {'✗' if bad else '✓'} {stage.name:<14}{stage.seconds:7.0f} s   {parts}")
    say(f"  in {seconds / 60:.1f} minutes; pictures: {HOME / 'screenshots'}, logs: {LOGS}")
    skipped = f", {total['skipped']} skipped" if total["skipped"] else ""
    say(f"{total['passed']} passed, {total['failed']} failed{skipped}")
    return 1 if any(stage.code for stage in stages) else 0
