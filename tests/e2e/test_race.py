"""Two people act in the same instant, in two real processes: nothing is given away twice."""

import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from tradeworks import database, layout, odoo_process, postgres

DATABASE = f"{database.PREFIX}_race"
REPEATS = int(os.environ.get("TRADEWORKS_RACE_REPEATS", "20"))
WORKER = Path(__file__).with_name("race_worker.py")

PREPARE_ORDERS = """
import json
company = env["res.users"].search([("login", "=", "sales")]).company_id
env = env(context=dict(env.context, allowed_company_ids=company.ids))
product = env["product.product"].create(
    {"name": "Race part", "type": "consu", "is_storable": True, "taxes_id": False}
)
pairs = []
seller = env["res.users"].search([("login", "=", "sales")])
for number in range(%(repeats)d):
    customer = env["res.partner"].create({"name": f"竞态客户{number}", "is_company": True})
    account = env["credit.account"]._for(customer, company)
    account.write({"limit_kind": "limited", "limit_amount": 100.0})
    orders = env["sale.order"].create([{
        "partner_id": customer.id, "user_id": seller.id, "company_id": company.id,
        "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 1,
                               "price_unit": 60.0, "tax_ids": False})],
    } for _each in range(2)])
    pairs.append(orders.ids)
env.cr.commit()
print("PAIRS " + json.dumps(pairs))
"""


@pytest.fixture(scope="module")
def workers():
    """Two processes with the registry loaded, waiting for tasks."""
    database.drop(DATABASE)
    database.copy(database.template("demo"), DATABASE)
    started = [
        subprocess.Popen(
            [str(layout.PYTHON), str(WORKER), DATABASE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=odoo_process.environment(),
        )
        for _each in range(2)
    ]
    for process in started:
        assert json.loads(process.stdout.readline()) == {"ready": True}
    yield started
    for process in started:
        process.stdin.close()
        process.wait(30)
    database.drop(DATABASE)


def prepare(script, mark):
    text = odoo_process.run(
        *("shell", "-d", DATABASE, "--no-http", "--log-level=error"), log="race.log", script=script
    )
    line = next(row for row in text.splitlines() if mark in row)
    return json.loads(line.split(mark, 1)[1])


def together(workers, tasks):
    """Give each worker its task for the same moment; returns their answers."""
    moment = time.time() + 0.15
    for process, task in zip(workers, tasks, strict=True):
        process.stdin.write(json.dumps({"at": moment, **task}) + "\n")
        process.stdin.flush()
    return [json.loads(process.stdout.readline()) for process in workers]


def query(statement):
    return postgres.psql(DATABASE, statement)


def test_two_orders_of_60_against_a_limit_of_100(workers):
    """Exactly one is confirmed and the other is on hold, every time; nobody sees an error."""
    pairs = prepare(PREPARE_ORDERS % {"repeats": REPEATS}, "PAIRS ")
    results = []
    for pair in pairs:
        tasks = [
            {"model": "sale.order", "id": order, "method": "action_confirm", "login": "sales"}
            for order in pair
        ]
        answers = together(workers, tasks)
        assert [answer["error"] for answer in answers] == [None, None]
        ids = ", ".join(map(str, pair))
        confirmed = query(f"SELECT count(*) FROM sale_order WHERE id IN ({ids}) AND state = 'sale'")
        held = query(
            "SELECT count(*) FROM credit_hold "
            f"WHERE sale_order_id IN ({ids}) AND state = 'open' AND reason_codes = 'LIMIT'"
        )
        results.append((confirmed[0], held[0]))
    assert results == [("1", "1")] * REPEATS


def test_two_planners_release_the_same_line(workers):
    """One plan line gives one document, however many people release it at once."""
    rows = query(
        "SELECT id FROM supply_plan_line WHERE state IN ('proposed', 'approved') "
        "AND action = 'buy' AND vendor_id IS NOT NULL ORDER BY id LIMIT 8"
    )
    assert rows, "the demo company has a plan that waits"
    released = []
    for line in map(int, rows):
        query(f"UPDATE supply_plan_line SET state = 'approved' WHERE id = {line}")
        task = {
            "model": "supply.plan.line",
            "id": line,
            "method": "action_release",
            "login": "planner",
        }
        together(workers, [task, task])
        released += query(f"SELECT count(*) FROM purchase_order_line WHERE plan_line_id = {line}")
    assert released == ["1"] * len(rows)
