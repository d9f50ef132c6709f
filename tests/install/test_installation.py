"""The addons install alone and in any order, upgrade quietly, and leave without a trace."""

import pytest

from tradeworks.layout import SUITE_ADDONS

ALL = sorted(SUITE_ADDONS)
#: Each line is one database. The first addon of a line, and each whose dependencies are the only
#: others there, is installed alone; at the end of the long ones all are there.
ORDERS = (
    ("credit_risk", "crm_ext", "production_order"),
    ("suite_base", "inventory_link", "production_order"),
    ("crm_ext",),
)
NEEDS = {
    "suite_base": set(),
    "crm_ext": {"suite_base"},
    "inventory_link": {"suite_base"},
    "credit_risk": {"suite_base"},
    "production_order": {"suite_base", "inventory_link"},
}
#: A little work with everything switched on: one order passes, one is held.
WORK = """
env.company.write(
    {"supply_planning": True, "credit_control": "block", "customer_pools": True}
)
product = env["product.product"].create({"name": "Gear", "is_storable": True, "list_price": 1.0})
customer = env["res.partner"].create({"name": "Worked with"})
account = env["credit.account"]._for(customer, env.company)
account.write({"limit_kind": "limited", "limit_amount": 100.0})
for quantity in (50, 5000):
    order = env["sale.order"].create(
        {
            "partner_id": customer.id,
            "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": quantity})],
        }
    )
    order.action_confirm()
    print("WORKED", order.state, len(order.credit_hold_ids))
env.cr.commit()
"""
AFTERWARDS = """
orders = env["sale.order"].search([("partner_id.name", "=", "Worked with")], order="id")
print("ORDERS", orders.mapped("state"))
orders[1].action_confirm()
print("CONFIRMED", orders[1].state, len(orders[1].picking_ids))
"""
SALE = """
product = env["product.product"].create({"name": "Shaft", "is_storable": True})
customer = env["res.partner"].create({"name": "Customer"})
order = env["sale.order"].create(
    {"partner_id": customer.id, "order_line": [(0, 0, {"product_id": product.id})]}
)
order.action_confirm()
print("RESULT", order.state, len(order.picking_ids), order.picking_ids.state)
finance = env["res.users"].create(
    {
        "name": "Finance",
        "login": "finance.of.the.test",
        "group_ids": [(6, 0, [env.ref("account.group_account_invoice").id])],
    }
)
print("ACCESS", order.with_user(finance).has_access("write"))
"""


def installed(lab, database):
    return {name for name, state in lab.states(database).items() if state == "installed"}


def differences(before, after):
    """Rows that came or went, with the name of the picture they are in."""
    found = []
    for name, rows in before.items():
        found += [f"{name}: gone: {row}" for row in sorted(set(rows) - set(after[name]))]
        found += [f"{name}: new: {row}" for row in sorted(set(after[name]) - set(rows))]
    return found


def shown(rows, limit=40):
    more = [f"… and {len(rows) - limit} more"] if len(rows) > limit else []
    return "\n  " + "\n  ".join([*rows[:limit], *more])


@pytest.fixture(scope="module")
def stock(lab, schema_queries, record_queries):
    """A database of Odoo's own modules, with the pictures of it."""
    name = lab.database("--stock")
    return name, lab.picture(name, schema_queries), lab.picture(name, record_queries)


@pytest.fixture(scope="module")
def together(lab, schema_queries):
    """All addons installed in one go: the template of ./scripts/db."""
    name = lab.database()
    return name, lab.picture(name, schema_queries)


def test_all_install_together(lab, together):
    name, _schema = together
    assert installed(lab, name) == set(ALL)


@pytest.mark.parametrize("order", ORDERS, ids=" then ".join)
def test_each_installs_alone_and_in_another_order(lab, together, schema_queries, order):
    """Nothing else is drawn in, no warning is written, and the end is always the same."""
    name = lab.database("--stock")
    expected = set()
    for addon in order:
        said = lab.install(name, addon)
        assert not said, f"installing {addon}:{shown(said)}"
        expected |= {addon} | NEEDS[addon]
        assert installed(lab, name) == expected
    if expected == set(ALL):
        found = differences(together[1], lab.picture(name, schema_queries))
        assert not found, f"another schema than when installed together:{shown(found)}"


def test_an_upgrade_is_quiet_and_changes_nothing(lab, together, schema_queries):
    name, schema = together
    said = lab.upgrade(name, "suite_base")
    assert not said, shown(said)
    assert installed(lab, name) == set(ALL)
    found = differences(schema, lab.picture(name, schema_queries))
    assert not found, f"the upgrade changed the schema:{shown(found)}"


@pytest.fixture(scope="module")
def left(lab, together):
    """The database after everything of ours was uninstalled, and what was said meanwhile."""
    name = lab.database()
    worked = [line for line in lab.shell(name, WORK).splitlines() if "WORKED" in line]
    assert [line.split()[-2:] for line in worked] == [["sale", "0"], ["draft", "1"]]
    said = lab.uninstall(name, "suite_base")
    return name, said


def test_uninstalling_removes_all_of_them(lab, left):
    name, said = left
    assert not said, shown(said)
    assert installed(lab, name) == set()


def test_uninstalling_leaves_the_schema_of_odoo(lab, stock, left, schema_queries):
    """No table, column, index, trigger or function of ours stays behind."""
    found = differences(stock[1], lab.picture(left[0], schema_queries))
    assert not found, shown(found)


def test_uninstalling_leaves_the_records_of_odoo(lab, stock, left, record_queries):
    """Access rights, rules, groups, views, crons and menus of Odoo are as they were."""
    found = differences(stock[2], lab.picture(left[0], record_queries))
    assert not found, shown(found)


def test_odoo_works_as_before_after_uninstalling(lab, stock, left):
    """An order is confirmed and gets its delivery; finance may write orders again, as in Odoo."""
    before, after = lab.shell(stock[0], SALE), lab.shell(left[0], SALE)
    assert "RESULT sale 1 " in after, after
    assert after.splitlines()[-2:] == before.splitlines()[-2:]


def test_orders_made_with_the_suite_go_on_without_it(lab, left):
    """A held order is a quotation again, which anyone with the right to may confirm."""
    said = lab.shell(left[0], AFTERWARDS)
    assert "ORDERS ['sale', 'draft']" in said, said
    assert "CONFIRMED sale 1" in said, said


def test_they_install_again_after_uninstalling(lab, together, left, schema_queries):
    name = left[0]
    said = lab.install(name, *ALL)
    assert not said, shown(said)
    assert installed(lab, name) == set(ALL)
    found = differences(together[1], lab.picture(name, schema_queries))
    assert not found, shown(found)
