"""Benchmark of credit: exposure of many customers, the decision, many clerks at the same time.

Stock Odoo and OCA's financial risk run on the same world in databases of their own. A part that
fails says so in the result, the others go on. The result has one row a goal: what, goal,
measured, ok. The environment variable TRADEWORKS_BENCH_SCALE makes all worlds smaller, to try
something quickly.
"""

import os
from dataclasses import asdict

from . import benchmarks, database, odoo_process
from .console import ProblemError, say
from .credit_bench import goals, load, shape
from .layout import ADDONS, HOME, PYTHON
from .planning_bench import peer_wheels

MODULE = "credit_bench.measure"
PEER = "credit_bench.peer"
WHEELS = ("odoo-addon-account-financial-risk", "odoo-addon-sale-financial-risk")
PROCESSES, ORDERS, CUSTOMERS = 8, 500, 20


def measure(options):
    """Run the parts and hold them against the goals."""
    wanted = options.parts.split(",") if options.parts else list(PARTS)
    unknown = [part for part in wanted if part not in PARTS]
    if unknown:
        raise ProblemError(
            f"The credit benchmark has no part {', '.join(unknown)}",
            f"There are: {', '.join(PARTS)}.",
            "For example: ./scripts/bench credit --parts search,confirm",
        )
    results = {}
    for part in wanted:
        say(f"   {part} …")
        try:
            results[part] = PARTS[part]()
        except (ProblemError, OSError) as problem:
            say(f"   {part}: {problem}")
            results[part] = {"failed": str(problem)}
        finally:
            database.drop(f"{database.PREFIX}_credit_{part}")
    table = goals.table(results)
    for row in table:
        say(f"   {'✓' if row['ok'] else '✗'} {row['what']}: {row['measured']} (goal {row['goal']})")
    return {"goals": table, "parts": results}


def _sizes(world):
    """The world's sizes and a summary of them."""
    sizes = shape.WORLDS[world].scaled(float(os.environ.get("TRADEWORKS_BENCH_SCALE", "1")))
    return asdict(sizes), {"customers": sizes.customers, "open_lines": sizes.lines}


def _search():
    name = benchmarks.fresh("base", "credit_search")
    sizes, summary = _sizes("search")
    benchmarks.in_odoo(name, MODULE, "build", sizes=sizes)
    return {
        "world": summary,
        "search": benchmarks.in_odoo(name, MODULE, "search"),
        "listing": benchmarks.in_odoo(name, MODULE, "listing"),
    }


def _large():
    name = benchmarks.fresh("base", "credit_large")
    sizes, summary = _sizes("large")
    benchmarks.in_odoo(name, MODULE, "build", sizes=sizes)
    return {
        "world": summary,
        "search": benchmarks.in_odoo(name, MODULE, "search"),
        "listing": benchmarks.in_odoo(name, MODULE, "listing"),
    }


def _confirm():
    name = benchmarks.fresh("base", "credit_confirm")
    benchmarks.in_odoo(name, MODULE, "build", sizes=_sizes("confirm")[0])
    return benchmarks.in_odoo(name, MODULE, "confirm")


def _load():
    name = benchmarks.fresh("base", "credit_load")
    benchmarks.in_odoo(name, MODULE, "build", sizes=_sizes("search")[0])
    made = benchmarks.in_odoo(name, MODULE, "prepare_load", orders=ORDERS, customers=CUSTOMERS)
    result = load.run(name, made["uid"], made["orders"], PROCESSES)
    judged = benchmarks.in_odoo(
        name, MODULE, "judge_load", orders=made["orders"], accounts=made["accounts"]
    )
    return {"processes": PROCESSES} | result | judged


def _oca():
    folder = HOME / "bench" / "peer-credit"
    packages = peer_wheels.fetch(PYTHON, folder, WHEELS)
    name = benchmarks.fresh("stock", "credit_oca")
    path = f"--addons-path={folder / 'odoo' / 'addons'},{ADDONS}"
    stop = ("--stop-after-init", "--no-http", "--max-cron-threads=0")
    odoo_process.run("-d", name, path, "-i", "sale_financial_risk", *stop, log="bench-peer.log")
    benchmarks.in_odoo(name, PEER, "build", path, sizes=_sizes("search")[0])
    return {"packages": packages} | benchmarks.in_odoo(name, PEER, "oca", path)


def _stock():
    name = benchmarks.fresh("stock", "credit_stock")
    benchmarks.in_odoo(name, PEER, "build", sizes=_sizes("search")[0])
    return benchmarks.in_odoo(name, PEER, "stock")


PARTS = {
    "search": _search,
    "oca": _oca,
    "stock": _stock,
    "large": _large,
    "confirm": _confirm,
    "load": _load,
}
