"""Benchmark of the planning engine on synthetic worlds, with stock Odoo and OCA beside it.

Each part has databases of its own and each measurement a process of its own. A part that fails
says so in the result, the others go on. The result has one row a goal: what, goal, measured, ok.
"""

import json
import subprocess
from pathlib import Path

from . import benchmarks, database, odoo_process
from .console import ProblemError, say
from .layout import ADDONS, HOME, PYTHON, ROOT
from .planning_bench import goals, peer_wheels

MODULE = "planning_bench.measure"
PEER = "planning_bench.peer"
QUARTER = "planning_bench.quarter"


def measure(options):
    """Run the parts and hold them against the goals."""
    wanted = options.parts.split(",") if options.parts else list(PARTS)
    unknown = [part for part in wanted if part not in PARTS]
    if unknown:
        raise ProblemError(
            f"The planning benchmark has no part {', '.join(unknown)}",
            f"There are: {', '.join(PARTS)}.",
            "For example: ./scripts/bench planning --parts small,tiny",
        )
    if options.adventureworks:
        wanted.append("adventureworks")
    results = {}
    for part in wanted:
        say(f"   {part} …")
        try:
            results[part] = (PARTS | OPTIONAL)[part](options)
        except (ProblemError, OSError) as problem:
            say(f"   {part}: {problem}")
            results[part] = {"failed": str(problem)}
        finally:
            _drop(part)
    table = goals.table(results)
    for row in table:
        say(f"   {'✓' if row['ok'] else '✗'} {row['what']}: {row['measured']} (goal {row['goal']})")
    return {"goals": table, "parts": results}


def _drop(part):
    for name in (f"planning_{part}", f"planning_{part}_ours"):
        database.drop(f"{database.PREFIX}_{name}")


def _small(_options):
    name = benchmarks.fresh("base", "planning_small")
    return {
        "world": benchmarks.in_odoo(name, MODULE, "build", name="small"),
        "full": benchmarks.in_odoo(name, MODULE, "full"),
        "again": benchmarks.in_odoo(name, MODULE, "again"),
    }


def _tiny(_options):
    name = benchmarks.fresh("base", "planning_tiny")
    return {
        "world": benchmarks.in_odoo(name, MODULE, "build", name="small", products=80),
        "full": benchmarks.in_odoo(name, MODULE, "full", repeat=1),
    }


def _large(_options):
    name = benchmarks.fresh("base", "planning_large")
    return {
        "world": benchmarks.in_odoo(name, MODULE, "build", name="large"),
        "full": benchmarks.in_odoo(name, MODULE, "full", repeat=1),
        "again": benchmarks.in_odoo(name, MODULE, "again", repeat=2),
        "changes": benchmarks.in_odoo(name, MODULE, "changes"),
        "promises": benchmarks.in_odoo(name, MODULE, "promises"),
    }


def _chain(_options):
    return benchmarks.in_odoo(benchmarks.fresh("base", "planning_chain"), MODULE, "chain")


def _release(_options):
    name = benchmarks.fresh("base", "planning_release")
    benchmarks.in_odoo(name, MODULE, "build", name="small")
    return benchmarks.in_odoo(name, MODULE, "release")


def _peer(_options):
    """OCA's planner on the small world, and our plan of it to compare product by product."""
    folder = HOME / "bench" / "peer"
    packages = peer_wheels.fetch(PYTHON, folder)
    name = benchmarks.fresh("stock", "planning_peer")
    path = f"--addons-path={folder / 'odoo' / 'addons'},{ADDONS}"
    stop = ("--stop-after-init", "--no-http", "--max-cron-threads=0")
    odoo_process.run("-d", name, path, "-i", "mrp_multi_level", *stop, log="bench-peer.log")
    benchmarks.in_odoo(name, PEER, "prepare", path, name="small")
    theirs = benchmarks.in_odoo(name, PEER, "run", path)
    other = benchmarks.fresh("base", "planning_peer_ours")
    benchmarks.in_odoo(other, MODULE, "build", name="small")
    full = benchmarks.in_odoo(other, MODULE, "full", repeat=1)
    ours = benchmarks.in_odoo(other, PEER, "ours")
    return {
        "packages": packages,
        "theirs": {key: value for key, value in theirs.items() if key != "totals"},
        "ours": {key: value for key, value in full.items() if key != "slowest_sql"},
        "times_faster_wall": round(theirs["seconds"] / full["seconds"], 1),
        "times_less_cpu": round(_cpu(theirs) / _cpu(full), 1),
        "difference": difference(theirs["totals"], ours),
    }


def _cpu(cost):
    return cost["cpu_python"] + cost["cpu_database"]


def difference(theirs, ours):
    """Products whose number of orders or total quantity differs, with examples of each."""
    codes = sorted(theirs.keys() | ours.keys())
    count, quantity = [], []
    for code in codes:
        their, our = theirs.get(code, [0, 0.0]), ours.get(code, [0, 0.0])
        if their[0] != our[0]:
            count.append([code, their[0], our[0]])
        if abs(their[1] - our[1]) > 1e-6:  # noqa: PLR2004 - floats of the database
            quantity.append([code, their[1], our[1]])
    return {
        "products": len(codes),
        "other_number_of_orders": len(count),
        "other_quantity": len(quantity),
        "examples_number": count[:5],
        "examples_quantity": quantity[:5],
    }


def _adventureworks(options):
    """The last quarter of AdventureWorks: loaded, all orders confirmed, then planned afresh."""
    name = benchmarks.fresh("base", "planning_adventureworks")
    folder = str(Path(options.adventureworks).resolve())
    task = {"folder": folder, "database": name, "first": None, "last": None, "confirm": False}
    done = subprocess.run(
        [str(PYTHON), "-m", "tradeworks.adventureworks.runner", json.dumps(task)],
        stdout=subprocess.DEVNULL,
        env=odoo_process.environment() | {"PYTHONPATH": str(ROOT / "scripts")},
        check=False,
    )
    if done.returncode:
        raise ProblemError("AdventureWorks couldn't be loaded", folder, "Run ./scripts/load alone.")
    confirmed = benchmarks.in_odoo(name, QUARTER, "confirm")
    full = benchmarks.in_odoo(name, QUARTER, "full")
    return {
        "confirmed": confirmed,
        "full": full,
        "again": benchmarks.in_odoo(name, MODULE, "again"),
    }


PARTS = {
    "small": _small,
    "tiny": _tiny,
    "large": _large,
    "chain": _chain,
    "release": _release,
    "peer": _peer,
}
OPTIONAL = {"adventureworks": _adventureworks}
