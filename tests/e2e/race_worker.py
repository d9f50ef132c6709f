"""One of several processes that act at the same moment on one database.

Started by test_race.py: reads one JSON task a line ({"at": epoch, "model", "id", "method",
"login"}), waits for its moment, calls the method as Odoo serves a request (with its retries), and
answers with one JSON line.
"""

import json
import sys
import time

import odoo
from odoo.api import Environment
from odoo.modules.registry import Registry
from odoo.service.model import retrying


def act(registry, task):
    with registry.cursor() as cr:
        uid = (
            Environment(cr, odoo.SUPERUSER_ID, {})["res.users"]
            .search([("login", "=", task["login"])])
            .id
        )
    time.sleep(max(0.0, task["at"] - time.time()))
    with registry.cursor() as cr:
        env = Environment(cr, uid, {})
        record = env[task["model"]].browse(task["id"])
        try:
            retrying(lambda: getattr(record, task["method"])() and None, env)
        except Exception as error:  # noqa: BLE001 - the test wants to see whatever came out
            return {"error": f"{type(error).__name__}: {error}"}
    return {"error": None}


def main():
    odoo.tools.config.parse_config(["-d", sys.argv[1], "--no-http", "--log-level=critical"])
    registry = Registry(sys.argv[1])
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        print(json.dumps(act(registry, json.loads(line))), flush=True)


main()
