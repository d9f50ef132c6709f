"""The chain once through, each person at their own screen, on the demo company.

The tests run in this order and hand the same order on, as the people do.
"""

import pytest

from e2e.conftest import ServerError

STORY = {}


def find_one(desk, model, domain, fields, order="id"):
    rows = desk.call(model, "search_read", [domain, fields], limit=1, order=order)
    assert rows, f"the demo company has a {model} with {domain}"
    return rows[0]


def credit_account(desk, fits):
    """A customer's account by its figures, which are computed and can't be searched for."""
    names = ["partner_id", "limit_kind", "available", "overdue_amount"]
    rows = desk.call("credit.account", "search_read", [[], names])
    found = [row for row in rows if not row["overdue_amount"] and fits(row)]
    assert found, "the demo company has such a customer"
    return max(found, key=lambda row: row["available"])


def click_button(desk, name):
    """Click a header button by its method's name and wait for the server."""
    desk.page.locator(f"button[name='{name}']:visible").first.click()
    desk.page.wait_for_function(
        "() => !document.querySelector('.o_loading_indicator, .o_blockUI')", timeout=60000
    )
    desk.page.wait_for_timeout(500)


def quotation(desk, account, product, quantity, price=None):
    """A salesperson's quotation for the customer of a credit account."""
    line = {"product_id": product["id"], "product_uom_qty": quantity}
    if price is not None:
        line["price_unit"] = price
    values = {"partner_id": account["partner_id"][0], "order_line": [[0, 0, line]]}
    return desk.call("sale.order", "create", [[values]])[0]


def made_product(desk):
    """A reducer: what is sold is made, what it is made of is made or bought."""
    return find_one(
        desk,
        "product.product",
        [["supply_mode", "=", "planned"], ["sale_ok", "=", True], ["bom_ids", "!=", False]],
        ["name", "qty_available"],
        order="list_price desc",
    )


def test_salesperson_confirms_and_the_plan_is_there(desk):
    """Quote → confirm in the browser: delivery, plan lines and pegs down to raw material."""
    sales = desk("sales")
    account = credit_account(sales, lambda row: row["available"] > 100000)
    product = made_product(sales)
    order = quotation(sales, account, product, product["qty_available"] + 40, price=100.0)
    sales.open(f"sales/{order}", wait=".o_form_view")
    sales.shot("sales-quotation")
    click_button(sales, "action_confirm")
    sales.page.wait_for_selector("button[name='action_confirm']:visible", state="detached")
    sales.shot("sales-order-confirmed")
    found = find_one(
        sales, "sale.order", [["id", "=", order]], ["state", "credit_state", "picking_ids", "name"]
    )
    assert (found["state"], len(found["picking_ids"])) == ("sale", 1)
    line = find_one(
        sales, "sale.order.line", [["order_id", "=", order]], ["supply_peg_ids", "promise_date"]
    )
    assert line["supply_peg_ids"]
    assert line["promise_date"]
    STORY.update(order=order, name=found["name"], product=product["id"])


def test_salesperson_over_the_limit_gets_a_hold(desk):
    """No error, no confirmation: a hold with its reason and cure, and no way around it."""
    sales = desk("sales")
    account = credit_account(
        sales, lambda row: row["limit_kind"] == "limited" and 0 < row["available"] < 10**7
    )
    order = quotation(sales, account, made_product(sales), 1, price=account["available"] + 5000)
    sales.open(f"sales/{order}", wait=".o_form_view")
    click_button(sales, "action_confirm")
    sales.shot("sales-order-hold")
    found = find_one(
        sales, "sale.order", [["id", "=", order]], ["state", "credit_state", "picking_ids"]
    )
    assert found["state"] in ("draft", "sent")
    assert (found["credit_state"], found["picking_ids"]) == ("hold", [])
    hold = find_one(
        sales, "credit.hold", [["sale_order_id", "=", order]], ["state", "reason_codes", "cure"]
    )
    assert (hold["state"], hold["reason_codes"]) == ("open", "LIMIT")
    assert hold["cure"]
    for model, method, arguments in (
        ("credit.hold", "action_release", [[hold["id"]], "please"]),
        ("sale.order", "write", [[order], {"state": "sale"}]),
        ("credit.hold", "write", [[hold["id"]], {"state": "released"}]),
    ):
        with pytest.raises(ServerError):
            sales.call(model, method, arguments)
    STORY.update(held=order, hold=hold["id"])


def test_finance_sees_everything_and_changes_nothing(desk):
    """Orders and receivables are open to read; the server refuses every change."""
    finance = desk("finance")
    finance.open("action-credit_risk.receivable_item_action")
    finance.shot("finance-receivables")
    finance.open("action-credit_risk.sale_order_action")
    finance.shot("finance-orders")
    line = find_one(finance, "sale.order.line", [["order_id", "=", STORY["order"]]], ["price_unit"])
    for model, method, arguments in (
        ("sale.order.line", "write", [[line["id"]], {"price_unit": 1.0}]),
        ("sale.order", "write", [[STORY["order"]], {"client_order_ref": "x"}]),
        ("sale.order", "create", [[{"partner_id": 1}]]),
        ("sale.order", "action_confirm", [[STORY["held"]]]),
        ("credit.hold", "action_release", [[STORY["hold"]], "I want it"]),
    ):
        with pytest.raises(ServerError):
            finance.call(model, method, arguments)


def test_credit_controller_releases_with_a_reason(desk):
    """The queue, the hold, a reason: the order confirms itself and the ledger knows."""
    credit = desk("credit")
    credit.open("action-credit_risk.credit_hold_action")
    credit.shot("credit-hold-queue")
    credit.open(f"action-credit_risk.credit_hold_action/{STORY['hold']}", wait=".o_form_view")
    credit.shot("credit-hold")
    with pytest.raises(ServerError):
        credit.call("credit.hold", "action_release", [[STORY["hold"]], ""])
    credit.page.get_by_role("button", name="放行", exact=True).first.click()
    credit.page.wait_for_selector(".modal textarea")
    credit.page.locator(".modal textarea").first.fill("老客户,货款在途")
    credit.shot("credit-release")
    credit.page.locator(".modal-footer button[name='action_apply']:visible").first.click()
    credit.page.wait_for_selector(".modal", state="detached", timeout=60000)
    found = find_one(credit, "sale.order", [["id", "=", STORY["held"]]], ["state", "credit_state"])
    assert (found["state"], found["credit_state"]) == ("sale", "released")


def test_planner_approves_and_releases(desk):
    """The plan of the confirmed order becomes documents, each line once."""
    planner = desk("planner")
    planner.open("action-inventory_link.supply_plan_line_action_buy")
    planner.shot("planner-purchase-plan")
    planner.open("action-production_order.supply_plan_line_action_make")
    planner.shot("planner-production-plan")
    make = find_one(
        planner,
        "supply.plan.line",
        [
            ["product_id", "=", STORY["product"]],
            ["action", "=", "make"],
            ["state", "=", "proposed"],
        ],
        ["quantity"],
        order="id desc",
    )
    planner.open(
        f"action-production_order.supply_plan_line_action_make/{make['id']}", wait=".o_form_view"
    )
    planner.shot("planner-plan-line")
    planner.call("supply.plan.line", "action_approve", [[make["id"]]])
    planner.call("supply.plan.line", "action_release", [[make["id"]]])
    production = find_one(
        planner, "mrp.production", [["plan_line_id", "=", make["id"]]], ["product_qty", "state"]
    )
    assert production["product_qty"] == make["quantity"]
    planner.call("supply.plan.line", "action_release", [[make["id"]]])
    count = planner.call("mrp.production", "search_count", [[["plan_line_id", "=", make["id"]]]])
    assert count == 1
    planner.open("action-inventory_link.supply_message_action")
    planner.shot("planner-messages")


def test_warehouse_cannot_ship_what_is_locked(desk):
    """The lock says why; the button, the move and a context key are all refused."""
    warehouse = desk("warehouse")
    locked = find_one(
        warehouse,
        "stock.picking",
        [["shipment_locked", "=", True], ["state", "=", "assigned"]],
        ["name"],
    )
    warehouse.open(f"action-stock.stock_picking_type_action/{locked['id']}", wait=".o_action")
    warehouse.open(f"action-stock.action_picking_tree_all/{locked['id']}", wait=".o_form_view")
    warehouse.shot("warehouse-locked-shipment")
    for context in ({}, {"skip_credit": True, "button_validate_picking_ids": [locked["id"]]}):
        with pytest.raises(ServerError):
            warehouse.call("stock.picking", "button_validate", [[locked["id"]]], context=context)
    after = find_one(warehouse, "stock.picking", [["id", "=", locked["id"]]], ["state"])
    assert after["state"] == "assigned"


def test_warehouse_receives(desk):
    """A receipt of a released purchase goes in as in stock Odoo."""
    warehouse = desk("warehouse")
    receipt = find_one(
        warehouse,
        "stock.picking",
        [["picking_type_code", "=", "incoming"], ["state", "=", "assigned"]],
        ["name"],
    )
    warehouse.call("stock.picking", "button_validate", [[receipt["id"]]])
    after = find_one(warehouse, "stock.picking", [["id", "=", receipt["id"]]], ["state"])
    assert after["state"] == "done"
    warehouse.open("action-stock.action_picking_tree_all")
    warehouse.shot("warehouse-transfers")


def test_production_sees_what_can_start(desk):
    production = desk("production")
    production.open("action-mrp.mrp_production_action")
    production.shot("production-orders")
    rows = production.call(
        "mrp.production",
        "search_read",
        [[["state", "in", ["confirmed", "progress"]]], ["kit_rate", "buildable_quantity"]],
    )
    assert rows
    assert all(0 <= row["kit_rate"] <= 1 for row in rows)


def test_sales_manager_sees_the_pools(desk):
    manager = desk("manager")
    manager.open("action-crm_ext.res_partner_action_pool")
    manager.shot("manager-pools")
    counts = manager.call(
        "res.partner",
        "formatted_read_group",
        [[["customer_pool", "!=", False], ["parent_id", "=", False]]],
        groupby=["customer_pool"],
        aggregates=["__count"],
    )
    assert {row["customer_pool"] for row in counts} == {"nurture", "target", "won"}


def test_owner_asks_why(desk):
    """Decisions with their values, and a ledger that verifies."""
    owner = desk("owner")
    owner.open("action-suite_base.suite_decision_action")
    owner.shot("owner-decisions")
    owner.open(f"sales/{STORY['held']}", wait=".o_form_view")
    click_button(owner, "action_why")
    owner.page.wait_for_selector(".modal .modal-body")
    owner.shot("owner-why")
    owner.open("action-suite_base.suite_ledger_entry_action")
    owner.shot("owner-ledger")
    result = owner.call("suite.ledger.entry", "verify", [])
    assert result["ok"] is True
    assert result["entries"] > 0


#: Pages that every role opens all day; each in both languages.
PAGES = [
    ("sales", "sales", "quotations"),
    ("sales", "crm", "pipeline"),
    ("manager", "action-crm_ext.res_partner_action_pool", "pools"),
    ("manager", "action-crm_ext.customer_pool_move_action", "pool-history"),
    ("finance", "action-credit_risk.receivable_item_action", "receivables"),
    ("finance", "action-credit_risk.credit_account_action", "credit-accounts"),
    ("credit", "action-credit_risk.credit_hold_action", "holds"),
    ("planner", "action-inventory_link.supply_plan_line_action_buy", "purchase-plan"),
    ("planner", "action-inventory_link.supply_peg_action", "pegs"),
    ("production", "action-mrp.mrp_production_action", "production-orders"),
    ("owner", "action-suite_base.suite_decision_action", "decisions"),
]


@pytest.mark.parametrize("lang", ["zh_CN", "en_US"])
def test_every_page_opens_in_both_languages(desk, lang):
    """Each role's pages open without an error, have content, and speak the reader's language."""
    empty, english, desks = [], [], {}
    for login, path, name in PAGES:
        if login not in desks:
            desks[login] = desk(login, lang)
        one = desks[login]
        one.open(path)
        one.shot(f"page-{login}-{name}")
        if one.page.query_selector(".o_view_nocontent"):
            empty.append(f"{login} {name}")
        title = one.page.inner_text(".o_breadcrumb, .o_last_breadcrumb_item")
        if lang == "zh_CN" and title.isascii():
            english.append(f"{login} {name}: {title}")
    assert (empty, english) == ([], [])
