"""What to do about stock that rests: rules in a fixed order, each with a query for all rows."""

from collections import defaultdict

from odoo import fields
from odoo.tools import format_list

from odoo.addons.suite_base.tools.numbers import format_number

from . import insight_slow

#: Returning goods to a vendor is worth asking for so many days after the receipt.
RETURN_DAYS = 365
SHOWN = 3


def tell(env, rows):
    """``{(product, warehouse): [sentence, …]}``, the cheapest cure first."""
    if not rows:
        return {}
    facts = _read(env, rows.product_id.ids)
    names = _names(env, facts)
    result = {}
    for row in rows:
        key = row.product_id.id, row.warehouse_id.id
        told = (rule(env, row, facts, names, key) for rule in RULES)
        result[key] = [text for text in told if text] or [
            env._("Nobody has bought it: scrap it or write it down.")
        ]
    return result


def incoming_orders(rows):
    """Ids of the purchase orders by which more of these products comes."""
    facts = {}
    for name in ("INCOMING", "REQUESTS"):
        facts[name] = _query(rows.env, name, rows.product_id.ids)
    wanted = {(row.product_id.id, row.warehouse_id.id) for row in rows}
    return sorted(
        {
            order
            for found in facts.values()
            for key, values in found.items()
            if key in wanted
            for order, _quantity, _free in values
        }
    )


def _read(env, products):
    names = ("INCOMING", "REQUESTS", "PLANNED", "BUYERS", "VENDORS", "STANDS_IN", "MINIMUM")
    return {name: _query(env, name, products) for name in names}


def _query(env, name, products):
    env.flush_all()
    params = {"products": products, "now": fields.Datetime.now()}
    env.cr.execute(getattr(insight_slow, name), params)
    found = defaultdict(list)
    for product, warehouse, *values in env.cr.fetchall():
        found[product, warehouse].append(tuple(values))
    return found


def _names(env, facts):
    """Names of all records that the sentences speak of, one read a model."""

    def name(model, numbers, field="display_name"):
        records = env[model].sudo().browse(sorted(set(numbers)))
        return {record.id: record[field] for record in records}

    orders = [row[0] for key in ("INCOMING", "REQUESTS") for v in facts[key].values() for row in v]
    partners = [row[0] for key in ("BUYERS", "VENDORS") for v in facts[key].values() for row in v]
    products = [row[0] for values in facts["STANDS_IN"].values() for row in values]
    return {
        "order": name("purchase.order", orders, "name"),
        "partner": name("res.partner", partners),
        "product": name("product.product", products),
    }


def _amount(env, row, quantity):
    return f"{format_number(env, quantity)} {row.product_uom_id.name}"


def _use_up(env, row, facts, names, key):
    """Part of it is needed: the rest is what to think about."""
    if row.needed <= 0:
        return None
    return env._(
        "The plan uses %(needed)s of it, %(free)s are free.",
        needed=_amount(env, row, row.needed),
        free=_amount(env, row, row.free),
    )


def _stop_buying(env, row, facts, names, key):
    """Only what no order asks for: the plan orders for minimum, safety or full lots."""
    coming = [one for one in facts["INCOMING"][key] + facts["REQUESTS"][key] if one[2] > 0]
    if coming:
        return env._(
            "Stop buying: %(quantity)s that no order needs come with %(orders)s. Cancel or"
            " reduce it.",
            quantity=_amount(env, row, sum(free for _order, _quantity, free in coming)),
            orders=format_list(env, [names["order"][one[0]] for one in coming[:SHOWN]]),
        )
    planned = sum(values[0] for values in facts["PLANNED"][key])
    if planned > 0:
        return env._(
            "Stop buying: the plan wants %(quantity)s that no order needs. Look at minimum and"
            " lot rule.",
            quantity=_amount(env, row, planned),
        )
    return None


def _stand_in(env, row, facts, names, key):
    found = [names["product"][values[0]] for values in facts["STANDS_IN"][key]][:SHOWN]
    if not found:
        return None
    return env._("Use it up instead of %(products)s.", products=format_list(env, found))


def _return(env, row, facts, names, key):
    vendor, day = next(iter(facts["VENDORS"][key]), (None, None))
    if not vendor or (fields.Date.today() - day).days > RETURN_DAYS:
        return None
    return env._("Ask %(vendor)s to take it back.", vendor=names["partner"][vendor])


def _sell_off(env, row, facts, names, key):
    buyers = [names["partner"][values[0]] for values in facts["BUYERS"][key]]
    if not buyers:
        return None
    return env._("Sell it off: %(customers)s bought it last.", customers=format_list(env, buyers))


def _lower_minimum(env, row, facts, names, key):
    safety = row.product_id.supply_safety_stock
    minimum = max([safety or 0, *(values[0] for values in facts["MINIMUM"][key])])
    if not minimum:
        return None
    return env._("Lower the minimum of %(quantity)s.", quantity=_amount(env, row, minimum))


RULES = (_use_up, _stop_buying, _stand_in, _return, _sell_off, _lower_minimum)
