"""Products in four categories, bills of materials over three levels, vendors with prices."""

from collections import defaultdict

from odoo import Command

UNITS = {
    "unit": "uom.product_uom_unit",
    "kg": "uom.product_uom_kgm",
    "l": "uom.product_uom_litre",
}
PRODUCE_DAYS = {"FG": 3, "SF": 2}
# Lot rules that make the plan worth looking at.
LOTS = {
    "SF-B": {"supply_multiple": 10},
    "SF-WS": {"supply_multiple": 5},
    "RM-ST": {"supply_multiple": 50, "supply_safety_stock": 200},
    "RM-PLATE": {"supply_safety_stock": 200},
    "TR-6204": {"supply_safety_stock": 100},
    "TR-6206": {"supply_safety_stock": 100},
}


def make_products(demo):
    """Categories and products."""
    rows = demo.table("product_category")
    new = demo.make(
        "product.category", [(f"category_{row['key']}", {"name": row["name_en"]}) for row in rows]
    )
    if new and new._fields["name"].translate:
        demo.translate(new, "name", [row["name_zh"] for row in rows])
    rows = [row for row in demo.table("product") if not demo.product(row["code"])]
    new = demo.make(
        "product.product", [(f"product_{row['code']}", _product(demo, row)) for row in rows]
    )
    demo.translate(new.product_tmpl_id, "name", [row["name_zh"] for row in rows])


def _product(demo, row):
    code, kind = row["code"], row["kind"]
    unit = demo.env.ref(UNITS[row["uom"]])
    values = {
        "name": row["name_en"],
        "default_code": code,
        "categ_id": demo.ref(f"category_{row['category']}").id,
        "type": "consu",
        "is_storable": kind != "kit",
        "uom_id": unit.id,
        "list_price": float(row["price"]),
        "standard_price": float(row["cost"]),
        "invoice_policy": "delivery",
        "sale_ok": row["category"] in ("finished", "traded"),
        "purchase_ok": kind == "buy",
        "company_id": demo.company.id,
        "supply_mode": "rules" if kind == "kit" else "planned",
        "supply_policy": row["policy"],
        "route_ids": [Command.set(_routes(demo, kind).ids)],
    }
    for start, lots in LOTS.items():
        if code.startswith(start):
            values.update(lots)
    return values


def _routes(demo, kind):
    name = {"buy": "purchase_stock.route_warehouse0_buy"}.get(
        kind, "mrp.route_warehouse0_manufacture"
    )
    return demo.env.ref(name, raise_if_not_found=False) or demo.env["stock.route"]


def make_boms(demo):
    """Work centres, bills of materials and their operations."""
    for row in demo.table("workcenter"):
        two_shifts = row["calendar"] == "two_shifts"
        calendar = demo.ref("calendar_two_shifts") if two_shifts else None
        demo.make(
            "mrp.workcenter",
            [
                (
                    f"workcenter_{row['key']}",
                    {
                        "name": row["name"],
                        "code": row["code"],
                        "company_id": demo.company.id,
                        "resource_calendar_id": (calendar or demo.company.resource_calendar_id).id,
                        "costs_hour": float(row["cost_hour"]),
                        "time_efficiency": float(row["efficiency"]),
                    },
                )
            ],
        )
    components = defaultdict(list)
    for row in demo.table("bom"):
        components[row["product"]].append((row["component"], float(row["quantity"])))
    operations = demo.table("operation")
    demo.make(
        "mrp.bom",
        [
            (f"bom_{code}", _bom(demo, code, parts, operations))
            for code, parts in components.items()
        ],
    )


def _bom(demo, code, parts, operations):
    product = demo.product(code)
    return {
        "product_tmpl_id": product.product_tmpl_id.id,
        "product_qty": 1,
        "type": "phantom" if code.startswith("KIT") else "normal",
        "code": f"{code}/A",
        "company_id": demo.company.id,
        "produce_delay": PRODUCE_DAYS.get(code[:2], 0),
        "bom_line_ids": demo.commands(
            {"product_id": demo.product(part).id, "product_qty": quantity}
            for part, quantity in parts
        ),
        "operation_ids": demo.commands(
            {
                "name": row["name"],
                "workcenter_id": demo.ref(f"workcenter_{row['workcenter']}").id,
                "time_mode": "manual",
                "time_cycle_manual": float(row["minutes"]),
                "sequence": sequence,
            }
            for sequence, row in enumerate(operations)
            if code.startswith(row["prefix"])
        ),
    }


def make_vendors(demo):
    """Vendors and their prices with minimums and lead times; one in another currency."""
    demo.make(
        "res.partner",
        [
            (
                f"vendor_{row['code']}",
                {
                    "name": row["name"],
                    "ref": f"{row['code']} {row['english']}",
                    "is_company": True,
                    "supplier_rank": 1,
                    "company_id": demo.company.id,
                    "country_id": demo.env.ref(f"base.{row['country']}").id,
                    "city": row["city"],
                    "phone": f"+86 570 0000 {row['code'][1:]}00" if row["country"] == "cn" else "",
                    "email": f"{row['code'].lower()}@vendor.example",
                    "lang": "zh_CN" if row["country"] == "cn" else "en_US",
                    "property_purchase_currency_id": row["currency"]
                    and demo.env.ref(f"base.{row['currency']}").id,
                    "property_supplier_payment_term_id": demo.env.ref(
                        "account.account_payment_term_30days"
                    ).id,
                },
            )
            for row in demo.table("vendor")
        ],
    )
    currencies = {row["code"]: row["currency"] or "CNY" for row in demo.table("vendor")}
    demo.make(
        "product.supplierinfo",
        [
            (
                f"price_{row['vendor']}_{row['product']}_{row['minimum']}",
                {
                    "partner_id": demo.ref(f"vendor_{row['vendor']}").id,
                    "product_tmpl_id": demo.product(row["product"]).product_tmpl_id.id,
                    "min_qty": float(row["minimum"]),
                    "price": float(row["price"]),
                    "delay": int(row["lead"]),
                    "currency_id": demo.env.ref(f"base.{currencies[row['vendor']]}").id,
                    "company_id": demo.company.id,
                    "sequence": sequence,
                },
            )
            for sequence, row in enumerate(demo.table("supplierinfo"), 1)
        ],
    )
