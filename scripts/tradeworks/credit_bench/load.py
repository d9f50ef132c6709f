"""Many processes on few customers. Runs here; the processes are Odoo's."""

import json
import subprocess
import time
from pathlib import Path

from .. import odoo_process
from ..layout import PYTHON

WORKER = Path(__file__).with_name("worker.py")


def run(database, uid, orders, processes=8):
    """Share the orders out among processes that begin at the same moment.

    :return: latencies in seconds, errors, time of the whole
    """
    started = [_start(database) for _number in range(processes)]
    try:
        for process in started:
            json.loads(process.stdout.readline())
        begin = time.perf_counter()
        for number, process in enumerate(started):
            task = {"uid": uid, "orders": orders[number::processes]}
            process.stdin.write(json.dumps(task) + "\n")
            process.stdin.flush()
        results = []
        for process in started:
            results += json.loads(process.stdout.readline())["results"]
        whole = time.perf_counter() - begin
    finally:
        for process in started:
            process.stdin.close()
            process.wait(60)
    found = summary([row[0] for row in results], [row[1] for row in results if row[1]], whole)
    return found | {"run_again_by_odoo": sum(row[2] > 1 for row in results)}


def _start(database):
    return subprocess.Popen(
        [str(PYTHON), str(WORKER), database],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=odoo_process.environment(),
    )


def summary(seconds, errors, whole):
    """p50, p95 and the longest, in seconds."""
    ordered = sorted(seconds)
    return {
        "requests": len(ordered),
        "errors": len(errors),
        "error_examples": sorted(set(errors))[:3],
        "p50": round(ordered[len(ordered) // 2], 3),
        "p95": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], 3),
        "max": round(ordered[-1], 3),
        "whole": round(whole, 1),
        "a_second": round(len(ordered) / whole, 1),
    }
