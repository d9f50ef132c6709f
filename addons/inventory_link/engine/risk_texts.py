"""Causes of a delivery risk, and what would help, as lazy texts."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


def _named(arguments):
    models = {
        "product": "product.product",
        "purchase": "purchase.order",
        "vendor": "res.partner",
        "production": "mrp.production",
    }
    return {
        name: {"model": models[name], "id": value} if name in models and value else value or 0
        for name, value in arguments.items()
    }


CAUSES = {
    "no_date": lambda v: _lt("%(product)s has no possible day.", **v),
    "overdue": lambda v: _lt("%(product)s was promised %(days)s days ago.", **v),
    "late": lambda v: _lt("%(product)s can come %(days)s days after the promised day.", **v),
    "capacity": lambda v: _lt("%(product)s: full work centres decide the day.", **v),
    "purchase_overdue": lambda v: _lt(
        "%(purchase)s with %(product)s should have come %(days)s days ago.", **v
    ),
    "expedite": lambda v: _lt("%(product)s is needed before %(purchase)s brings it.", **v),
    "unconfirmed": lambda v: (
        _lt(
            "%(purchase)s with %(product)s isn't confirmed, and may slip by %(days)s days only.",
            **v,
        )
        if v["days"]
        else _lt("%(purchase)s with %(product)s isn't confirmed, and may not slip.", **v)
    ),
    "order_now": lambda v: (
        _lt("%(product)s must be started today.", **v)
        if v["make"]
        else _lt("%(product)s must be ordered today.", **v)
    ),
    "vendor": lambda v: (
        _lt(
            "%(product)s from %(vendor)s: %(later)s of %(known)s receipts came more than %(days)s"
            " days late, and that is all it may slip.",
            **v,
        )
        if v["days"]
        else _lt(
            "%(product)s from %(vendor)s: %(later)s of %(known)s receipts came late, and it may"
            " not slip.",
            **v,
        )
    ),
    "production_behind": lambda v: _lt("%(production)s should have begun %(days)s days ago.", **v),
    "production_waits": lambda v: _lt("%(production)s waits for material beyond its start.", **v),
    "production_expedite": lambda v: _lt("%(product)s is needed before %(production)s ends.", **v),
    "production": lambda v: (
        _lt(
            "%(product)s: %(later)s of %(known)s productions ended more than %(days)s days after"
            " their plan, and that is all it may slip.",
            **v,
        )
        if v["days"]
        else _lt(
            "%(product)s: %(later)s of %(known)s productions ended after their plan, and it may"
            " not slip.",
            **v,
        )
    ),
}

FIXES = {
    "no_date": lambda v: _lt("Give %(product)s a vendor, or approve its plan line.", **v),
    "overdue": lambda v: _lt("Deliver %(product)s, or agree another day with the customer.", **v),
    "late": lambda v: _lt(
        "Bring forward what %(product)s waits for, or agree another day with the customer.", **v
    ),
    "capacity": lambda v: _lt("Add hours, or move other work behind %(product)s.", **v),
    "purchase_overdue": lambda v: _lt("Ask %(vendor)s for a day for %(purchase)s.", **v),
    "expedite": lambda v: _lt("Ask %(vendor)s to bring %(purchase)s forward.", **v),
    "unconfirmed": lambda v: _lt("Confirm %(purchase)s with %(vendor)s.", **v),
    "order_now": lambda v: _lt("Release the plan line of %(product)s today.", **v),
    "vendor": lambda v: (
        _lt("Have %(vendor)s confirm the day of %(purchase)s.", **v)
        if v["purchase"]
        else _lt("Buy %(product)s elsewhere, or order earlier than %(vendor)s asks.", **v)
    ),
    "production_behind": lambda v: _lt("Start %(production)s.", **v),
    "production_waits": lambda v: _lt("Bring the material of %(production)s forward.", **v),
    "production_expedite": lambda v: _lt("Move %(production)s forward.", **v),
    "production": lambda v: _lt("Start %(product)s earlier than its plan says.", **v),
}


def cause(code, arguments):
    return CAUSES[code](_named(arguments))


def fix(code, arguments):
    return FIXES[code](_named(arguments))
