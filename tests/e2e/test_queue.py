"""Events of one process are planned by the worker of another; a killed worker loses nothing."""

import json
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tradeworks import database, layout, odoo_process, postgres, serve

DATABASE = f"{database.PREFIX}_queue"
WORKER = Path(__file__).with_name("race_worker.py")
EVENTS = 6
#: Seconds from the commit of an event to the commit of its plan.
LIMIT = 5.0

PREPARE = """
import json
from datetime import timedelta
company = env.ref("base.main_company")
company.supply_planning = True
warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
vendor, customer = env["res.partner"].create([{"name": "供应商"}, {"name": "客户"}])
products = env["product.product"].create([
    {"name": f"队列{number}", "is_storable": True, "supply_mode": "planned"}
    for number in range(%(events)d)
])
env["product.supplierinfo"].create([
    {"partner_id": vendor.id, "product_tmpl_id": product.product_tmpl_id.id, "price": 1, "delay": 3}
    for product in products
])
env["sale.order"].create({
    "partner_id": customer.id, "warehouse_id": warehouse.id,
    "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 10})
                   for product in products],
}).action_confirm()
quants = env["stock.quant"].with_context(inventory_mode=True).create([
    {"product_id": product.id, "location_id": warehouse.lot_stock_id.id, "inventory_quantity": 4}
    for product in products
])
env.cr.commit()
env["supply.planner"]._cron_changes()
env.cr.commit()
print("EVENTS " + json.dumps(list(zip(products.ids, quants.ids))))
"""
KILLED = """
import os, signal
env["supply.planner"]._plan_changes()
env.flush_all()
os.kill(os.getpid(), signal.SIGKILL)
"""
WORK = """
env["supply.planner"]._cron_changes()
"""


def shell(script):
    """Run a script in a process of its own; its exit code."""
    return subprocess.run(
        odoo_process.arguments("shell", "-d", DATABASE, "--no-http", "--log-level=error"),
        input=script.encode(),
        capture_output=True,
        env=odoo_process.environment(),
        check=False,
    )


@pytest.fixture(scope="module")
def events():
    """Products with an order of 10 and a stock count of 4 that nobody applied yet."""
    database.drop(DATABASE)
    database.copy(database.template("base"), DATABASE)
    done = shell(PREPARE % {"events": EVENTS})
    text = done.stdout.decode()
    assert "EVENTS " in text, done.stderr.decode()[-2000:]
    yield json.loads(text.split("EVENTS ", 1)[1].splitlines()[0])
    database.drop(DATABASE)


@pytest.fixture(scope="module")
def clerk(events):
    """Another process, which applies stock counts and commits."""
    process = subprocess.Popen(
        [str(layout.PYTHON), str(WORKER), DATABASE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=odoo_process.environment(),
    )
    assert json.loads(process.stdout.readline()) == {"ready": True}

    def count(quant):
        task = {"model": "stock.quant", "id": quant, "method": "action_apply_inventory"}
        process.stdin.write(json.dumps({"at": 0, "login": "admin", **task}) + "\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline()) == {"error": None}
        return time.monotonic()

    yield count
    process.stdin.close()
    process.wait(30)


def query(statement):
    return postgres.psql(DATABASE, statement)


def planned(product):
    return query(
        "SELECT quantity::int FROM supply_plan_line"
        f" WHERE state = 'proposed' AND product_id = {product}"
    )


def wait_for(product, quantity, since, limit):
    while time.monotonic() - since < limit:
        if planned(product) == [quantity]:
            return time.monotonic() - since
        time.sleep(0.05)
    return None


def test_a_killed_worker_loses_nothing(events, clerk):
    """The count is in the queue; the worker dies before its commit; the next one plans it."""
    product, quant = events[0]
    assert planned(product) == ["10"]
    clerk(quant)
    waiting = query("SELECT count(*) FROM supply_change")
    assert waiting != ["0"]
    assert shell(KILLED).returncode != 0
    assert planned(product) == ["10"]
    assert query("SELECT count(*) FROM supply_change") == waiting
    assert shell(WORK).returncode == 0
    assert planned(product) == ["6"]
    assert query("SELECT count(*) FROM supply_change") == ["0"]


def test_an_event_is_planned_within_seconds(events, clerk):
    """A server with Odoo's own number of scheduler threads plans each event at once."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = serve.start(DATABASE, port, "queue.log", "--max-cron-threads=2")
    try:
        serve.wait_until_up(server, port, "queue.log")
        took = []
        for product, quant in events[1:]:
            took.append(wait_for(product, "6", clerk(quant), 4 * LIMIT))
        print("seconds from event to plan:", [second and round(second, 2) for second in took])
        assert all(second is not None and second <= LIMIT for second in took), took
    finally:
        serve.stop(server)
    assert query("SELECT count(*) FROM supply_change") == ["0"]
    failed = query("SELECT count(*) FROM ir_cron WHERE failure_count > 0")
    assert failed == ["0"]
