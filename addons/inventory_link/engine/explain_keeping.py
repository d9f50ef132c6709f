"""Slips, deliveries and their causes in words, stored as lazy texts."""

from odoo.tools.translate import LazyTranslate

from .explain import reason

_lt = LazyTranslate(__name__)


def slip(lines, broken):
    """Why an order's promise is broken, or that it isn't any more: for its decision."""
    if not broken:
        return _lt("All promises of this order can be kept again.")
    parts = [_slipped_line(line) for line in lines]
    return _lt("The order can't be delivered as promised. %(lines)s", lines=parts)


def _slipped_line(line):
    values = {
        "product": {"model": "product.product", "id": line.product_id.id},
        "promised": {"date": str(line.promised_date)},
        "reason": reason(*_named(line)),
    }
    if line.promise_date:
        values["now"] = {"date": str(line.promise_date)}
        return _lt("%(product)s: promised %(promised)s, now %(now)s (%(reason)s)", **values)
    return _lt("%(product)s: promised %(promised)s, now without date (%(reason)s)", **values)


def _named(line):
    """The stored reason, with the purchase order in place of its line."""
    data = line.promise_data or ["none", None, None]
    if data[0] == "purchase" and data[2]:
        order = line.env["purchase.order.line"].sudo().browse(data[2]).exists().order_id
        return [*data[:2], order.id, *data[3:]]
    return data


def cause(code, facts):
    """Why a delivery was late, from the facts that the cause was found by."""
    values = {"late": facts["late_days"]}
    texts = {
        "credit": lambda: _lt(
            "%(late)s days late. Goods were locked for credit on %(held)s days after the promised"
            " day.",
            held=facts["held_days"],
            **values,
        ),
        "customer": lambda: _lt(
            "%(late)s days after the promised day, but the customer wanted the goods later: on"
            " %(wanted)s.",
            wanted={"date": facts["wanted_date"]},
            **values,
        ),
        "capacity": lambda: _lt("%(late)s days late: work centres were full.", **values),
        "vendor": lambda: _lt(
            "%(late)s days late. A purchase came after its planned day: %(reason)s",
            reason=_driver(facts),
            **values,
        ),
        "material": lambda: _lt(
            "%(late)s days late, for want of material: %(reason)s", reason=_driver(facts), **values
        ),
    }
    other = lambda: _lt(  # noqa: E731 - like those above
        "%(late)s days late, though nothing was missing: the goods left late.", **values
    )
    return texts.get(code, other)()


def _driver(facts):
    if facts.get("receipt"):
        order, days = facts["receipt"]
        return _lt(
            "%(order)s came %(days)s days late",
            order={"model": "purchase.order", "id": order},
            days=days,
        )
    return reason(*(facts.get("driver") or ["none", None, None]))
