"""What credit control has in everyday use: matrix, group, temporary limits, bills, milestones."""

MILESTONES = (
    ("预付款 30% Before production", "before_supply", 30.0, 0),
    ("发货前 60% Before shipment", "before_shipment", 60.0, 0),
    ("质保金 10% After delivery", "days_after_delivery", 10.0, 90),
)


def make_credit(demo):
    """Who may release how much, a shared limit, limits that end, bills, a request."""
    _make_matrix(demo)
    _make_shared_limit(demo)
    _make_limit_lines(demo)
    _make_bills(demo)
    _make_milestones(demo)
    _ask(demo)
    for key, days in (("K01", -9), ("K02", -3), ("K05", -4)):
        demo.backdate(demo.ref(f"order_{key}").credit_hold_ids, days, "create_date")
    demo.env["credit.hold"]._refresh_age()


def _account(demo, code):
    return demo.env["credit.account"]._for(demo.ref(f"customer_{code}"), demo.company)


def _make_matrix(demo):
    """Releases: up to 10 % over by sales managers, 30 % by controllers, the rest by managers."""
    groups = (
        ("sales", "sales_team.group_sale_manager", 10.0),
        ("controller", "credit_risk.group_credit_controller", 30.0),
        ("manager", "credit_risk.group_credit_manager", 0.0),
    )
    demo.make(
        "credit.approval",
        [
            (
                f"approval_{key}",
                {
                    "company_id": demo.company.id,
                    "kind": "release",
                    "sequence": 10 * number,
                    "max_percent": percent,
                    "group_id": demo.env.ref(group).id,
                },
            )
            for number, (key, group, percent) in enumerate(groups, 1)
        ],
    )


def _make_shared_limit(demo):
    """Two customers of one owner share a limit beside their own."""
    made = demo.make(
        "credit.group",
        [
            (
                "group_heavy",
                {
                    "name": "Northern Heavy Industries",
                    "company_id": demo.company.id,
                    "currency_id": demo.company.currency_id.id,
                    "limit_amount": 650000.0,
                },
            )
        ],
    )
    if made:
        demo.translate(made, "name", ["北方重工集团"])
        for code in ("C26", "C28"):
            _account(demo, code).group_id = made


def _make_limit_lines(demo):
    """A temporary raise for the season, an insurance, a deposit."""
    rows = (
        ("season", "C05", {"kind": "temporary_add", "amount": 50000.0,
                           "date_from": demo.day(-5), "date_to": demo.day(25),
                           "reference": "旺季临时额度"}),
        ("insured", "C12", {"kind": "insured", "amount": 200000.0, "percent": 80.0,
                            "date_from": demo.day(-60), "date_to": demo.day(305),
                            "reference": "中国信保 SC-2026-0117"}),
        ("deposit", "C11", {"kind": "deposit", "amount": 30000.0, "reference": "履约保证金"}),
    )  # fmt: skip
    demo.make(
        "credit.limit.line",
        [
            (f"limit_line_{key}", {"account_id": _account(demo, code).id, **values})
            for key, code, values in rows
        ],
    )


def _make_bills(demo):
    """Bills of exchange: two received, one not yet handed in."""
    rows = (
        ("1", "C01", "1302610000017320261018", 30000.0, 45, True),
        ("2", "C12", "2301220000094520261102", 48000.0, 80, True),
        ("3", "C26", "1305510000062120261120", 60000.0, 120, False),
    )
    bills = demo.make(
        "credit.bill",
        [
            (
                f"bill_{key}",
                {
                    "name": number,
                    "kind": "bank",
                    "partner_id": demo.ref(f"customer_{code}").id,
                    "company_id": demo.company.id,
                    "currency_id": demo.company.currency_id.id,
                    "amount": amount,
                    "drawer": demo.ref(f"customer_{code}").name,
                    "acceptor": "招商银行",
                    "issue_date": demo.day(-10),
                    "maturity_date": demo.day(days),
                },
            )
            for key, code, number, amount, days, __ in rows
        ],
    )
    if bills:
        demo.acting(bills[:2], "finance").action_receive()


def _make_milestones(demo):
    """A quotation that is paid in three steps."""
    order = demo.ref("order_Q05")
    demo.make(
        "sale.payment.milestone",
        [
            (
                f"milestone_{number}",
                {
                    "order_id": order.id,
                    "name": name,
                    "trigger": trigger,
                    "percent": percent,
                    "days": days,
                },
            )
            for number, (name, trigger, percent, days) in enumerate(MILESTONES, 1)
        ],
    )


def _ask(demo):
    """A salesperson asks for a release, finance for a higher limit."""
    hold = demo.ref("order_K03").credit_hold_ids.filtered(lambda rec: rec.state == "open")[:1]
    if hold and not hold.ask_reason:
        order = demo.acting(hold.sale_order_id, "sales2")
        order.action_ask_release("客户产线等货，承诺本周五付清上月货款")
    if demo.ref("limit_request_1"):
        return
    request = demo.acting(demo.env["credit.limit.request"], "finance").create(
        {
            "account_id": _account(demo, "C03").id,
            "new_limit_kind": "limited",
            "new_limit_amount": 150000.0,
            "reason": "全年采购计划增加 40%，历史付款准时",
        }
    )
    demo.remember([("limit_request_1", request)])
    request.action_submit()
