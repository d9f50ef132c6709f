"""The company, its places, products, bills of materials, vendors and stock."""

from odoo.fields import Command

from .catalogue import UNITS
from .progress import Bar

COMPANY = "AdventureWorks Cycles"
WEEK_DAYS = 5


def load_company(session):
    """A company of its own in US dollars: what is in the database before stays untouched."""
    env = session.env
    if not session.has("company"):
        dollar = env.ref("base.USD")
        dollar.active = True
        company = env["res.company"].create(
            {"name": COMPANY, "currency_id": dollar.id, "country_id": env.ref("base.us").id}
        )
        session.register([("company", company)])
        admin = env.ref("base.user_admin", raise_if_not_found=False)
        if admin:
            admin.company_ids = [Command.link(company.id)]
        session.enter(company)
        chart = session.env["account.chart.template"]
        chart.try_loading("generic_coa", company, install_demo=False)
        session.commit()
    _load_warehouse(session)


def _load_warehouse(session):
    """Odoo gives only the first company of a database a warehouse by itself."""
    values = {"name": COMPANY, "code": "AW", "company_id": session.company.id}
    session.load("Warehouse", "stock.warehouse", [("warehouse", values)])
    session.warehouse = session.get("stock.warehouse", "warehouse")
    if not session.state("reservation"):
        # 1,400 open orders that reserve in the order of their creation would tie up what earlier
        # needs are planned to take (and double the time of the load).
        session.warehouse.manu_type_id.reservation_method = "manual"
        session.set_state("reservation", "manual")
        session.commit()


def load_places(session, catalogue):
    """Every location is a shelf of the warehouse; those with an hourly rate are work centres."""
    shelf = session.warehouse.lot_stock_id.id
    company = session.company.id
    session.load(
        "Stock locations",
        "stock.location",
        [
            (f"place_{key}", {"name": name, "location_id": shelf, "company_id": company})
            for key, (name, _rate, _hours) in catalogue.places.items()
        ],
    )
    working = {key: place for key, place in catalogue.places.items() if place[1] > 0}
    session.load(
        "Working times",
        "resource.calendar",
        [
            (f"calendar_{hours:g}", _calendar(session, hours))
            for hours in sorted({hours for _name, _rate, hours in working.values()})
        ],
    )
    session.load(
        "Work centres",
        "mrp.workcenter",
        [
            (
                f"workcentre_{key}",
                {
                    "name": name,
                    "costs_hour": rate,
                    "resource_calendar_id": session.id(f"calendar_{hours:g}"),
                    "company_id": company,
                },
            )
            for key, (name, rate, hours) in working.items()
        ],
    )


def _calendar(session, hours):
    daily = min(hours / WEEK_DAYS, 24.0)
    days = [
        {"name": "Shift", "dayofweek": str(day), "hour_from": 0.0, "hour_to": daily}
        | {"day_period": "morning"}
        for day in range(WEEK_DAYS)
    ]
    return {
        "name": f"{hours:g} hours a week",
        "company_id": session.company.id,
        "attendance_ids": [Command.create(day) for day in days],
    }


def load_products(session, catalogue, window, skips):
    """All products; those whose sale ended by the window's end stay, but aren't offered."""
    _load_categories(session, catalogue)
    buy = session.env.ref("purchase_stock.route_warehouse0_buy").id
    make = session.env.ref("mrp.route_warehouse0_manufacture").id
    items = []
    for product in catalogue.products.values():
        ended = product.sold_until is not None and product.sold_until <= window.end
        values = {
            "name": product.name,
            "default_code": product.number,
            "type": "consu",
            "is_storable": True,
            "uom_id": session.env.ref(UNITS[product.unit]).id,
            "categ_id": session.id(_category_key(product)),
            "list_price": product.price,
            "standard_price": product.cost,
            "weight": product.weight,
            "sale_ok": product.finished and not ended,
            "purchase_ok": not product.make,
            "route_ids": [Command.set([make if product.make else buy])],
            "taxes_id": [Command.clear()],
            "supplier_taxes_id": [Command.clear()],
            "company_id": session.company.id,
            **session.fill(
                "product.product",
                supply_mode="planned",
                # Nothing is made or bought for stock any more once its sale has ended.
                supply_safety_stock=0.0 if ended else product.safety,
            ),
        }
        items.append((f"product_{product.id}", values))
    session.load("Products", "product.product", items, chunk=252)
    session.load(
        "Freight",
        "product.product",
        [
            (
                "product_freight",
                {
                    "name": "Freight",
                    "type": "service",
                    "purchase_ok": False,
                    "invoice_policy": "order",
                    "taxes_id": [Command.clear()],
                    "company_id": session.company.id,
                },
            )
        ],
    )
    _count_products(catalogue, window, skips)


def _count_products(catalogue, window, skips):
    products = catalogue.products.values()
    ended = [p for p in products if p.sold_until is not None and p.sold_until <= window.end]
    skips.add(
        "sale of products", "sale ended before the window's end: loaded, not offered", len(ended)
    )
    free = [product for product in products if not product.cost]
    skips.add("product costs", "cost is 0 in the data and stays 0", len(free))


def _category_key(product):
    return f"subcategory_{product.category}" if product.category else "category_parts"


def _load_categories(session, catalogue):
    model = "product.category"
    session.load("Product category of all", model, [("category_root", {"name": COMPANY})])
    root = session.id("category_root")
    parts = ("category_parts", {"name": "Manufacturing Parts", "parent_id": root})
    named = [
        (f"category_{key}", {"name": name, "parent_id": root})
        for key, name in catalogue.categories.items()
    ]
    session.load("Product categories", model, [parts, *named])
    session.load(
        "Product subcategories",
        model,
        [
            (
                f"subcategory_{key}",
                {"name": name, "parent_id": session.id(f"category_{parent}") or root},
            )
            for key, (parent, name) in catalogue.subcategories.items()
        ],
    )


def load_boms(session, catalogue):
    """One bill of materials a product made in-house, with its operations."""
    rate = session.env.ref
    items = [
        (f"bom_{key}", _bom(session, catalogue, key, parts, rate))
        for key, parts in catalogue.boms.items()
    ]
    session.load("Bills of materials", "mrp.bom", items, chunk=120)


def _bom(session, catalogue, key, parts, ref):
    product = catalogue.products[key]

    def values():
        own = session.get("product.product", f"product_{key}")
        return {
            "product_tmpl_id": own.product_tmpl_id.id,
            "product_qty": 1.0,
            "product_uom_id": own.uom_id.id,
            "produce_delay": product.days,
            "company_id": session.company.id,
            "bom_line_ids": [
                Command.create(
                    {
                        "product_id": session.id(f"product_{component}"),
                        "product_qty": quantity,
                        "product_uom_id": ref(UNITS[catalogue.products[component].unit]).id,
                    }
                )
                for component, quantity in parts
            ],
            "operation_ids": [
                Command.create(
                    {
                        "name": catalogue.places[step.place][0],
                        "workcenter_id": session.id(f"workcentre_{step.place}"),
                        "sequence": step.sequence,
                        "time_mode": "manual",
                        "time_cycle_manual": step.minutes,
                    }
                )
                for step in catalogue.operations.get(key, ())
                if session.has(f"workcentre_{step.place}")
            ],
        }

    return values


def load_offers(session, catalogue):
    """Vendors' prices with lead time, minimum and the unit they sell by."""
    sizes = {
        (catalogue.products[offer.product].unit, offer.unit)
        for offer in catalogue.offers
        if not isinstance(offer.unit, str)
    }
    session.load(
        "Pack units",
        "uom.uom",
        [
            (f"unit_{code}_{size:g}", _pack(session, code, size))
            for code, size in sorted(sizes, key=str)
        ],
    )
    dollar = session.company.currency_id.id
    items = []
    for offer in catalogue.offers:
        product = catalogue.products[offer.product]
        unit = offer.unit
        if not isinstance(unit, str):
            unit = session.id(f"unit_{product.unit}_{unit:g}")
        else:
            unit = session.env.ref(unit).id
        items.append((offer.key, _offer(session, offer, unit, dollar)))
    session.load("Vendor prices", "product.supplierinfo", items)


def _pack(session, code, size):
    base = session.env.ref(UNITS[code])
    return {"name": f"Pack of {size:g} {base.name}", "relative_factor": size} | {
        "relative_uom_id": base.id
    }


def _offer(session, offer, unit, currency):
    def values():
        product = session.get("product.product", f"product_{offer.product}")
        return {
            "partner_id": session.id(f"vendor_{offer.vendor}"),
            "product_tmpl_id": product.product_tmpl_id.id,
            "product_uom_id": unit,
            "price": offer.price,
            "min_qty": offer.minimum,
            "delay": offer.delay,
            "sequence": offer.sequence,
            "currency_id": currency,
            "company_id": session.company.id,
        }

    return values


def load_stock(session, catalogue):
    """Quantities by inventory adjustment, so that every piece has a stock move behind it."""
    todo = [row for row in catalogue.stock if not session.has(f"stock_{row[0]}_{row[1]}")]
    bar = Bar("Stock quantities", len(todo), len(catalogue.stock) - len(todo))
    for start in range(0, len(todo), 300):
        part = todo[start : start + 300]
        with session.chunk("Stock quantities"):
            _count_stock(session, part)
        bar.advance(len(part))
    bar.done()
    session.made["Stock quantities"] = (len(todo), len(catalogue.stock) - len(todo))


def _count_stock(session, part):
    quants = session.env["stock.quant"].with_context(inventory_mode=True)
    counted = quants.create(
        [
            {
                "product_id": session.id(f"product_{product}"),
                "location_id": session.id(f"place_{place}"),
                "inventory_quantity": quantity,
            }
            for product, place, quantity in part
        ]
    )
    counted.action_apply_inventory()
    # The product carries the mark: a quant may vanish when it's used up.
    session.register(
        [
            (f"stock_{product}_{place}", session.get("product.product", f"product_{product}"))
            for product, place, _quantity in part
        ]
    )
