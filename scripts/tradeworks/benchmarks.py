"""Benchmarks: ours and the peer in the same run, on the same machine, as ratios.

A benchmark is a module bench_<name>.py with `run(env) -> dict`; it runs inside Odoo on a fresh
database of its own.
"""

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
from tradeworks.bench_{name} import run
print({mark!r} + json.dumps(run(env), ensure_ascii=False))
"""


def available():
    return sorted(
        path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py")
    )


def run(names):
    """Run the benchmarks named (all when none is); the last line printed is the JSON result."""
    unknown = [name for name in names if name not in available()]
    if unknown:
        raise ProblemError(
            f"There is no benchmark {', '.join(unknown)}",
            f"There are: {', '.join(available())}.",
            "Name one of them, or none for all: ./scripts/bench",
        )
    results = {}
    setup.ensure_tools()
    with postgres.session():
        for name in names or available():
            say(f"── {name}")
            results[name] = _run_one(name)
    folder = HOME / "bench"
    folder.mkdir(exist_ok=True)
    for name, result in results.items():
        text = json.dumps(result, ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    say(json.dumps(results, ensure_ascii=False))
    return 0


def _run_one(name):
    base = f"{database.PREFIX}_bench"
    database.drop(base)
    database.copy(database.template("base"), base)
    script = RUNNER.format(scripts=str(ROOT / "scripts"), name=name, mark=MARK)
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"bench-{name}.log"
    result = None
    with open(log, "w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            odoo_process.arguments("shell", "-d", base, "--no-http", "--log-level=error"),
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
    database.drop(base)
    if result is None:
        raise ProblemError(f"Benchmark {name} failed", "", f"See {log}")
    return result
