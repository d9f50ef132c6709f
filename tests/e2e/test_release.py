"""G08: the release of 100 production orders dies in the middle, in a real process."""

import json
import signal
import subprocess
from pathlib import Path

import pytest

from tradeworks import database, layout, odoo_process, postgres

DATABASE = f"{database.PREFIX}_release"
WORKER = Path(__file__).with_name("release_worker.py")
SECONDS = 300

PREPARE = """
from datetime import timedelta
from odoo import Command, fields
company = env.company
company.supply_planning = True
planner = env["res.users"].create({
    "name": "Release planner", "login": "release_planner", "company_id": company.id,
    "company_ids": [Command.set(company.ids)],
    "group_ids": [Command.link(env.ref("inventory_link.group_supply_planner").id)],
})
warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
vendor = env["res.partner"].create({"name": "Release vendor"})
values = {"is_storable": True, "supply_mode": "planned"}
part = env["product.product"].create({"name": "Release part", **values})
env["product.supplierinfo"].create({
    "partner_id": vendor.id, "product_tmpl_id": part.product_tmpl_id.id, "price": 1.0, "delay": 2,
})
made = env["product.product"].create({"name": "Release made", **values})
env["mrp.bom"].create({
    "product_tmpl_id": made.product_tmpl_id.id, "produce_delay": 1,
    "bom_line_ids": [Command.create({"product_id": part.id, "product_qty": 2})],
})
now = fields.Datetime.now()
env["sale.order"].create([{
    "partner_id": vendor.id, "warehouse_id": warehouse.id,
    "commitment_date": now + timedelta(days=20 + number),
    "order_line": [Command.create({"product_id": made.id, "product_uom_qty": 1 + number})],
} for number in range(100)]).action_confirm()
lines = env["supply.plan.line"].search([("product_id", "=", made.id)])
assert len(lines) == 100, len(lines)
lines.action_approve()
action = lines.with_user(planner).action_start_release()
env.cr.commit()
print("RELEASE %d" % action["params"]["release_id"])
"""


@pytest.fixture(scope="module")
def release():
    """A database with a release of 100 approved lines that nobody has worked on."""
    database.drop(DATABASE)
    database.copy(database.template("base"), DATABASE)
    text = odoo_process.run(
        *("shell", "-d", DATABASE, "--no-http", "--log-level=error"),
        log="release.log",
        script=PREPARE,
    )
    yield int(next(row for row in text.splitlines() if "RELEASE " in row).split("RELEASE ")[1])
    database.drop(DATABASE)


def start(release, mode):
    return subprocess.Popen(
        [str(layout.PYTHON), str(WORKER), DATABASE, str(release), mode],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=odoo_process.environment(),
    )


def counts():
    """Productions, plan lines released, lines of the release done."""
    return [
        int(postgres.psql(DATABASE, statement)[0])
        for statement in (
            "SELECT count(*) FROM mrp_production WHERE plan_line_id IS NOT NULL",
            "SELECT count(*) FROM supply_plan_line WHERE state = 'released'",
            "SELECT count(*) FROM supply_release_line WHERE state = 'done'",
        )
    ]


def test_g08_crash_and_restart(release):
    """Killed inside the third chunk: 50 are there, not 75, none half. Then browser and server go
    on at once: the other 50 are made, each once, and the release is done."""
    worker = start(release, "crash")
    output, _errors = worker.communicate(timeout=SECONDS)
    assert worker.returncode == -signal.SIGKILL
    assert [json.loads(row)["done"] for row in output.splitlines()] == [25, 50]
    assert counts() == [50, 50, 50]
    assert postgres.psql(DATABASE, "SELECT state FROM supply_release") == ["running"]

    workers = [start(release, mode) for mode in ("drive", "cron", "drive")]
    for worker in workers:
        worker.communicate(timeout=SECONDS)
        assert worker.returncode == 0
    assert counts() == [100, 100, 100]
    assert postgres.psql(DATABASE, "SELECT state FROM supply_release") == ["done"]
    made = postgres.psql(
        DATABASE, "SELECT count(DISTINCT product_qty), sum(product_qty)::int FROM mrp_production"
    )
    assert made == ["100|5050"]
