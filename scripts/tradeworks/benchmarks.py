"""Benchmarks: ours and the peer in the same run, on the same machine, as ratios.

A benchmark is a module bench_<name>.py. With `run(env) -> dict` it runs inside Odoo on a fresh
database of its own. With `measure(options) -> dict` it runs here, makes its databases itself and
calls :func:`in_odoo` for each piece.
"""

import argparse
import importlib
import json
import subprocess
from pathlib import Path

from . import database, odoo_process, postgres, setup
from .console import ProblemError, say
from .layout import HOME, LOGS, ROOT

MARK = "BENCH-RESULT "
RUNNER = """
import json, sys
sys.path.insert(0, {scripts!r})
from tradeworks.{module} import {function}
result = {function}(env, **json.loads({arguments!r}))
print({mark!r} + json.dumps(result, ensure_ascii=False))
"""


def available():
    return sorted(
        path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py")
    )


def parse(argv):
    """Names of benchmarks and the options that single ones know."""
    parser = argparse.ArgumentParser(
        prog="./scripts/bench",
        description="Run benchmarks; the last line printed is the result as JSON.",
    )
    parser.add_argument("names", metavar="NAME", nargs="*", help=", ".join(available()))
    parser.add_argument(
        "--adventureworks",
        metavar="DIR",
        help="planning: plan a quarter of AdventureWorks too (loads its CSV files, 15 minutes)",
    )
    parser.add_argument(
        "--parts", metavar="PART,…", help="only these parts, to try something quickly"
    )
    options = parser.parse_args(argv)
    unknown = [name for name in options.names if name not in available()]
    if unknown:
        raise ProblemError(
            f"There is no benchmark {', '.join(unknown)}",
            f"There are: {', '.join(available())}.",
            "Name one of them, or none for all: ./scripts/bench",
        )
    return options


def run(argv):
    """Run the benchmarks named (all when none is); the last line printed is the JSON result."""
    options = parse(argv)
    results = {}
    setup.ensure_tools()
    with postgres.session():
        for name in options.names or available():
            say(f"── {name}")
            module = importlib.import_module(f".bench_{name}", __package__)
            own = getattr(module, "measure", None)
            results[name] = own(options) if own else _run_one(name)
    folder = HOME / "bench"
    folder.mkdir(exist_ok=True)
    for name, result in results.items():
        text = json.dumps(result, ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    say(json.dumps(results, ensure_ascii=False))
    return 0


def _run_one(name):
    base = fresh("base")
    try:
        return in_odoo(base, f"bench_{name}", "run")
    finally:
        database.drop(base)


def fresh(kind, part="bench"):
    """A new copy of a template, named after ``part``."""
    name = f"{database.PREFIX}_{part}"
    database.drop(name)
    database.copy(database.template(kind), name)
    return name


def in_odoo(name, module, function, /, *odoo_options, **arguments):
    """Call ``function(env, **arguments)`` of a module of ours in a new Odoo process on a database
    and return what it returns.

    :raise ProblemError: it failed; the log says why
    """
    script = RUNNER.format(
        scripts=str(ROOT / "scripts"),
        module=module,
        function=function,
        arguments=json.dumps(arguments),
        mark=MARK,
    )
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"bench-{name}-{function}.log"
    result = None
    options = ("-d", name, "--no-http", "--max-cron-threads=0", "--log-level=error")
    with open(log, "w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            odoo_process.arguments("shell", *options, *odoo_options),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=odoo_process.environment(),
            text=True,
            cwd=HOME,
        )
        process.stdin.write(script)
        process.stdin.close()
        for line in process.stdout:
            if line.startswith(MARK):
                result = json.loads(line.removeprefix(MARK))
            else:
                print(line, end="", flush=True)
        process.wait()
    if result is None:
        raise ProblemError(f"{module}.{function} failed", "", f"See {log}")
    return result
