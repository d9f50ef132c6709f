"""A process that works on the release of many plan lines; started by test_release.py.

    release_worker.py DATABASE RELEASE drive|cron|crash

``drive`` calls the release chunk by chunk as the browser does, ``cron`` runs the scheduled job,
``crash`` drives and dies by SIGKILL inside the third chunk, its documents made and not committed.
Each answer is a JSON line.
"""

import json
import os
import signal
import sys

import odoo
from odoo.api import Environment
from odoo.modules.registry import Registry
from odoo.service.model import retrying

CRASH_IN = 3


def die_in_chunk(model, number):
    """Kill this process when the plan is to be run for the n-th time: the documents are made."""
    original, calls = model._replan, []

    def replan(lines):
        calls.append(1)
        if len(calls) == number:
            lines.env.flush_all()
            os.kill(os.getpid(), signal.SIGKILL)
        return original(lines)

    model._replan = replan


def drive(registry, number):
    state = "running"
    while state == "running":
        with registry.cursor() as cr:
            user = Environment(cr, odoo.SUPERUSER_ID, {})["supply.release"].browse(number).user_id
            release = Environment(cr, user.id, {})["supply.release"].browse(number)
            context = {"allowed_company_ids": release.sudo().company_id.ids}
            release = release.with_context(**context)
            answer = retrying(release.action_next, release.env)
        state = answer["state"]
        print(json.dumps(answer), flush=True)


def main():
    name, number, mode = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    odoo.tools.config.parse_config(["-d", name, "--no-http", "--log-level=critical"])
    registry = Registry(name)
    if mode == "cron":
        with registry.cursor() as cr:
            Environment(cr, odoo.SUPERUSER_ID, {})["supply.release"]._cron_continue()
        return
    if mode == "crash":
        die_in_chunk(registry["supply.plan.line"], CRASH_IN)
    drive(registry, number)


main()
