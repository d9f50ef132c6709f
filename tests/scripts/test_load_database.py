"""`./scripts/load` into a real database: what stands there, twice, after a kill, confirmed."""

import os
import subprocess
import sys

import load_data
import pytest
from conftest import ROOT

from tradeworks import database, postgres

COUNTS = """
    SELECT 'products', count(*) FROM product_template WHERE company_id = {company}
    UNION ALL SELECT 'boms', count(*) FROM mrp_bom WHERE company_id = {company}
    UNION ALL SELECT 'bom lines', count(*) FROM mrp_bom_line WHERE company_id = {company}
    UNION ALL SELECT 'prices', count(*) FROM product_supplierinfo WHERE company_id = {company}
    UNION ALL SELECT 'orders', count(*) FROM sale_order WHERE company_id = {company}
    UNION ALL SELECT 'purchases', count(*) FROM purchase_order WHERE company_id = {company}
    UNION ALL SELECT 'works', count(*) FROM mrp_production WHERE company_id = {company}
    UNION ALL SELECT 'users', count(*) FROM res_users WHERE company_id = {company}
    UNION ALL SELECT 'partners', count(*) FROM res_partner WHERE company_id = {company}
    UNION ALL SELECT 'external ids', count(*) FROM ir_model_data
              WHERE module = '__adventureworks__'
"""


def run(*arguments):
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "load"), *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )
    return done.returncode, done.stdout


def ask(name, statement):
    return [line.split("|") for line in postgres.psql(name, statement)]


def counts(name):
    company = ask(
        name,
        "SELECT res_id FROM ir_model_data WHERE module = '__adventureworks__' AND name = 'company'",
    )[0][0]
    return {title: int(count) for title, count in ask(name, COUNTS.format(company=company))}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return load_data.write(tmp_path_factory.mktemp("load") / "data")


@pytest.fixture(scope="module")
def loaded(folder):
    """A database with the small company, and what the command printed."""
    name = f"load_{os.getpid()}"
    database.create(name)
    code, text = run("adventureworks", folder, "-d", name)
    assert code == 0, text
    yield name, text
    database.drop(name)


def test_everything_is_there_once(loaded):
    name, text = loaded
    assert counts(name) == {
        "products": 7,
        "boms": 2,
        "bom lines": 3,
        "prices": 3,
        "orders": 2,
        "purchases": 1,
        "works": 1,
        "users": 1,
        "partners": 6,
        "external ids": 39,
    }
    assert "ended revision (EndDate)" in text
    assert "Levels of bills of materials: 2" in text


def test_totals_are_those_of_the_files(loaded):
    """380 + 8 % + 9.60 freight and 200 + 8 % + 5: 641.00 in the files."""
    name, text = loaded
    assert "Total of the orders: 641.00 USD; in the files 641.00 (+0.000 %)" in text
    rows = ask(name, "SELECT name, amount_total FROM sale_order WHERE name LIKE 'SO1_' ORDER BY 1")
    assert [(order, float(total)) for order, total in rows] == [("SO11", 420.0), ("SO12", 221.0)]


def test_stock_open_orders_and_days(loaded):
    name, _text = loaded
    quants = ask(
        name,
        "SELECT sum(quantity) FROM stock_quant q JOIN stock_location l ON l.id = q.location_id "
        "WHERE l.usage = 'internal'",
    )
    assert float(quants[0][0]) == 120.0
    # The window's end is today, so the purchase due nine days after it comes in nine days.
    days = ask(name, "SELECT date_planned::date - CURRENT_DATE FROM purchase_order_line")
    assert days == [["9"]]
    assert ask(name, "SELECT state FROM purchase_order") == [["purchase"]]
    assert ask(name, "SELECT state FROM mrp_production") == [["confirmed"]]
    # A delivery day that has passed is asked for again with the order's own lead (12 days).
    wanted = ask(name, "SELECT DISTINCT commitment_date::date - CURRENT_DATE FROM sale_order")
    assert wanted == [["12"]]


def test_salespeople_have_no_password(loaded):
    name, _text = loaded
    rows = ask(name, "SELECT login, password IS NULL FROM res_users WHERE login LIKE 'tsvi0%'")
    assert rows == [["tsvi0@adventure-works.example", "t"]]


def test_second_run_adds_nothing(loaded, folder):
    name, _text = loaded
    before = counts(name)
    code, text = run("adventureworks", folder, "-d", name)
    assert code == 0, text
    assert counts(name) == before
    assert "Sales orders (quotations)               0 new       2 there before" in text


def test_records_that_vanished_come_back(loaded, folder):
    """What a killed load didn't write, the next one writes: here, one order is taken away."""
    name, _text = loaded
    before = counts(name)
    postgres.psql(
        name,
        "DELETE FROM sale_order_line WHERE order_id IN (SELECT id FROM sale_order "
        "WHERE name = 'SO12'); "
        "DELETE FROM ir_model_data WHERE module = '__adventureworks__' AND name = 'order_12'; "
        "DELETE FROM sale_order WHERE name = 'SO12'",
    )
    assert counts(name)["orders"] == 1
    code, text = run("adventureworks", folder, "-d", name)
    assert code == 0, text
    assert counts(name) == before


def test_another_window_is_refused(loaded, folder):
    name, _text = loaded
    options = ["--from", "2013-07-01", "--to", "2013-09-30"]
    code, text = run("adventureworks", folder, "-d", name, *options)
    assert code == 1
    assert "holds the window 2013-10-01 to 2013-12-31" in text
    assert "another database" in text


def test_two_loads_at_once_are_refused(loaded, folder):
    """The lock of the running one is a session's: held here from outside."""
    name, _text = loaded
    holder = subprocess.Popen(
        ["psql", "-X", "-q", "-d", name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **postgres.environment()},
    )
    holder.stdin.write(
        "SELECT pg_advisory_lock(hashtext('tradeworks.adventureworks.'));\n\\echo locked\n"
    )
    holder.stdin.flush()
    while "locked" not in holder.stdout.readline():
        continue
    code, text = run("adventureworks", folder, "-d", name)
    holder.communicate()
    assert code == 1
    assert "Another load is running" in text


def test_confirming_gives_plan_holds_and_pools(loaded, folder):
    """Both orders are within their limits: 420 of 1,000 and 221 of 5,000."""
    name, _text = loaded
    code, text = run("adventureworks", folder, "-d", name, "--confirm")
    assert code == 0, text
    assert "Confirmed 2 orders" in text
    states = ask(name, "SELECT name, state FROM sale_order WHERE name LIKE 'SO1_' ORDER BY 1")
    assert states == [["SO11", "sale"], ["SO12", "sale"]]
    pools = ask(
        name,
        "SELECT p.name, p.customer_pool FROM res_partner p JOIN ir_model_data d ON d.res_id = p.id "
        "AND d.module = '__adventureworks__' AND d.name = 'store_300'",
    )
    assert pools == [["Riders & Sons, 自行车", "target"]], "an order that isn't delivered yet"
    # 3 bikes are ordered for day 12 and none is in stock; 5 more are the safety stock. Nothing is
    # planned for the bike whose sale has ended, though its safety stock in the data is 5 too.
    planned = ask(
        name,
        "SELECT t.default_code, l.action, l.quantity::int, l.due_date - CURRENT_DATE "
        "FROM supply_plan_line l JOIN product_product p ON p.id = l.product_id "
        "JOIN product_template t ON t.id = p.product_tmpl_id "
        "WHERE t.default_code IN ('BI-5', 'OB-6') ORDER BY 4",
    )
    assert planned == [["BI-5", "make", "5", "0"], ["BI-5", "make", "3", "12"]]
    code, text = run("adventureworks", folder, "-d", name, "--confirm")
    assert code == 0, text
    assert "Confirmed 0 orders" in text


def test_unknown_database_is_explained(folder):
    code, text = run("adventureworks", folder, "-d", "load_nothing_of_this_name")
    assert code == 1
    assert "There is no database load_nothing_of_this_name" in text
    assert "./scripts/db load_nothing_of_this_name" in text


def test_database_that_is_not_odoos(folder):
    name = f"load_plain_{os.getpid()}"
    postgres.psql("postgres", f'CREATE DATABASE "{name}"')
    try:
        code, text = run("adventureworks", folder, "-d", name)
    finally:
        database.drop(name)
    assert code == 1
    assert f"Database {name} isn't an Odoo database" in text
