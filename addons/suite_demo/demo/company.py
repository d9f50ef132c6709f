"""The company itself: country, chart of accounts, currencies, calendars, switches."""

from odoo import Command

NAME = "浙江澜岫传动有限公司"

# What the company uses of Odoo, given to every internal user as in its Settings.
FEATURES = (
    "crm.group_use_lead",
    "mrp.group_mrp_routings",
    "product.group_product_pricelist",
    "uom.group_uom",
    "sale.group_delivery_address",
)


def make_company(demo):
    """Odoo's first company when it is unused, else a new one, set up for China."""
    env = demo.base_env
    for code in ("en_US", "zh_CN"):
        # weeks begin on Monday in both languages: two people on the phone talk of the same week
        env["res.lang"]._activate_lang(code).week_start = "1"
    company = demo.company
    if not company:
        company = env.ref("base.main_company")
        if env["account.move"].search_count([("company_id", "=", company.id)], limit=1):
            company = env["res.company"].create({"name": NAME})
        _set_up(env, company)
        demo.use_company(company)
        demo.remember([("company", company)])
    env.ref("base.user_admin").write({"company_ids": [Command.link(company.id)]})
    env.user.write({"company_ids": [Command.link(company.id)]})
    demo.use_company(company)
    _make_features(demo)
    _make_currencies(demo)
    _make_calendars(demo)


def _set_up(env, company):
    china, currency = env.ref("base.cn"), env.ref("base.CNY")
    currency.active = True
    company.write({"name": NAME, "country_id": china.id, "currency_id": currency.id})
    company.partner_id.write(
        {
            "ref": "Lanxiu Drives",
            "street": "示例路 88 号",
            "city": "杭州",
            "state_id": env.ref("base.state_cn_ZJ").id,
            "tz": "Asia/Shanghai",
            "lang": "zh_CN",
            "phone": "+86 571 0000 8800",
            "email": "office@lanxiu.example",
        }
    )
    # no text messages on shipping: they would need a paid outside service
    company.write({"stock_text_confirmation": False, "has_received_warning_stock_sms": True})
    company.resource_calendar_id.tz = "Asia/Shanghai"
    # not try_loading(): it warns while addons are being installed, which is when we run
    env["account.chart.template"]._load("cn", company, install_demo=False)
    env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1).name = "杭州总仓"


def _make_features(demo):
    everybody = demo.env.ref("base.group_user")
    groups = [demo.env.ref(name, raise_if_not_found=False) for name in FEATURES]
    everybody.write({"implied_ids": [Command.link(group.id) for group in groups if group]})


def _make_currencies(demo):
    for code, yuan in (("USD", 7.12), ("EUR", 7.86)):
        currency = demo.env.ref(f"base.{code}")
        currency.active = True
        demo.make(
            "res.currency.rate",
            [
                (
                    f"rate_{code}_{days}",
                    {
                        "currency_id": currency.id,
                        "company_id": demo.company.id,
                        "name": demo.day(-days),
                        "inverse_company_rate": yuan * (1 + shift),
                    },
                )
                for days, shift in ((500, 0.02), (180, -0.01), (30, 0.0))
            ],
        )
    _make_pricelists(demo)


def _make_pricelists(demo):
    """The one without conditions comes first: it's for everybody who has no own."""
    discount = Command.create({"compute_price": "percentage", "percent_price": 4.0})
    lists = (
        ("pricelist_cny", "Standard price list", "标准价目表", "CNY", []),
        ("pricelist_usd", "Export price list (USD)", "出口价目表（美元）", "USD", [discount]),
    )
    for sequence, (key, name, chinese, currency, items) in enumerate(lists, 1):
        new = demo.make(
            "product.pricelist",
            [
                (
                    key,
                    {
                        "name": name,
                        "sequence": sequence,
                        "currency_id": demo.env.ref(f"base.{currency}").id,
                        "company_id": demo.company.id,
                        "item_ids": items,
                    },
                )
            ],
        )
        demo.translate(new, "name", [chinese] * len(new))


def _make_calendars(demo):
    shifts = [(str(day), start, end) for day in range(6) for start, end in ((6, 14), (14, 22))]
    demo.make(
        "resource.calendar",
        [
            (
                "calendar_two_shifts",
                {
                    "name": "两班制 Two shifts",
                    "tz": "Asia/Shanghai",
                    "company_id": demo.company.id,
                    "attendance_ids": [
                        Command.clear(),
                        *demo.commands(
                            {
                                "name": f"{start}:00-{end}:00",
                                "dayofweek": day,
                                "hour_from": start,
                                "hour_to": end,
                                "day_period": "morning" if start < 12 else "afternoon",
                            }
                            for day, start, end in shifts
                        ),
                    ],
                },
            )
        ],
    )


def switch_on(demo):
    """The company starts to use planning and credit control; pools it has had all along."""
    company = demo.company
    if company.supply_planning and company.credit_control == "block":
        return
    company.write(
        {
            "supply_planning": True,
            "supply_plan_holds": True,
            "supply_keep_promises": True,
            "supply_capacity": True,
            "supply_reservation_days": 5,
            "credit_control": "block",
            "credit_default_limit_kind": "limited",
            "credit_default_limit": 50000.0,
            "credit_overdue_days": 7,
            "receivable_user_id": demo.user("finance").id,
        }
    )
