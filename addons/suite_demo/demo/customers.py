"""Thirty customers: at home and abroad, in every pool and every credit situation."""

TERMS = {
    "now": "account.account_payment_term_immediate",
    "15": "account.account_payment_term_15days",
    "30": "account.account_payment_term_30days",
    "45": "account.account_payment_term_45days",
    "eom": "account.account_payment_term_end_following_month",
}


def make_customers(demo):
    """Customers with a contact each."""
    rows = [row for row in demo.table("customer") if not demo.ref(f"customer_{row['code']}")]
    demo.make("res.partner", [(f"customer_{row['code']}", _customer(demo, row)) for row in rows])
    demo.make(
        "res.partner",
        [
            (
                f"contact_{row['code']}",
                {
                    "name": row["contact"],
                    "function": row["function"],
                    "parent_id": demo.ref(f"customer_{row['code']}").id,
                    "company_id": demo.company.id,
                    "email": f"{row['code'].lower()}.contact@customer.example",
                    "lang": "zh_CN" if row["country"] == "cn" else "en_US",
                    "tz": "Asia/Shanghai",
                },
            )
            for row in rows
        ],
    )


def start_pools(demo):
    """Pools are on from the beginning: everybody starts in Nurture, thirteen months ago."""
    if demo.company.customer_pools:
        return
    demo.company.customer_pools = True
    moves = demo.env["customer.pool.move"].search([("partner_id.company_id", "=", demo.company.id)])
    demo.backdate(moves, -400, "date")
    demo.backdate(moves.partner_id | moves.partner_id.child_ids, -400, "customer_pool_since")


def _customer(demo, row):
    at_home = row["country"] == "cn"
    number = int(row["code"][1:])
    values = {
        "name": row["name"],
        "ref": f"{row['code']} {row['english']}",
        "is_company": True,
        "customer_rank": 1,
        "company_id": demo.company.id,
        "country_id": demo.env.ref(f"base.{row['country']}").id,
        "city": row["city"],
        "street": f"示例大道 {number * 7} 号" if at_home else f"{number * 7} Sample Road",
        "phone": f"+86 500 0000 {number:04}" if at_home else "",
        "email": f"{row['code'].lower()}@customer.example",
        "lang": "zh_CN" if at_home else "en_US",
        "user_id": demo.user(row["user"]).id if row["user"] else False,
        "property_payment_term_id": demo.env.ref(TERMS[row["terms"]]).id,
    }
    if not at_home:
        values["property_product_pricelist"] = demo.ref("pricelist_usd").id
    return values


def make_limits(demo):
    """Own limits; who has none lives by the company's default."""
    for row in demo.table("customer"):
        if row["limit_kind"] == "default":
            continue
        partner = demo.ref(f"customer_{row['code']}")
        account = demo.env["credit.account"]._for(partner, demo.company)
        if account.limit_kind == "default":
            account.write({"limit_kind": row["limit_kind"], "limit_amount": float(row["limit"])})
