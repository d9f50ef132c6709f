"""One of several processes that confirm orders of the same customers at the same time.

Reads one JSON task ({"uid", "orders"}), confirms the orders one after the other as Odoo serves a
request (a cursor of its own, Odoo's retries), and answers with one JSON line.
"""

import json
import sys
import time
from functools import partial

import odoo
from odoo.api import Environment
from odoo.http import Request  # noqa: F401 - loads what a server has loaded
from odoo.modules.registry import Registry
from odoo.service.model import call_kw, retrying


def confirm(registry, uid, order):
    """Seconds of one request, its error (None if there is none), how often Odoo ran it."""
    start = time.perf_counter()
    error, tries = None, []
    with registry.cursor() as cr:
        env = Environment(cr, uid, {})
        env.transaction.default_env = env
        call = partial(call_kw, env["sale.order"], "action_confirm", [[order]], {})
        try:
            retrying(lambda: tries.append(1) or call(), env)
        except Exception as problem:  # noqa: BLE001 - whatever the user would see
            error = f"{type(problem).__name__}: {problem}"
    return time.perf_counter() - start, error, len(tries)


def main():
    odoo.tools.config.parse_config(["-d", sys.argv[1], "--no-http", "--log-level=critical"])
    registry = Registry(sys.argv[1])
    print(json.dumps({"ready": True}), flush=True)
    task = json.loads(sys.stdin.readline())
    results = [confirm(registry, task["uid"], order) for order in task["orders"]]
    print(json.dumps({"results": results}), flush=True)


main()
