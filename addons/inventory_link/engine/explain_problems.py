"""Bad data and vendors' minimums in words: what is wrong, what the plan does, what to do.

Stored as ``[code, product or vendor id, argument]`` and told in the reader's language.
"""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


def problem(code, number, argument=None):
    """The lazy text of one problem."""
    product = {"model": "product.product", "id": number}
    texts = {
        "bom_loop": lambda: _lt(
            "%(product)s: the bill of materials contains itself, over one or more levels. Nothing"
            " is planned below it. Correct the bill.",
            product=product,
        ),
        "no_vendor": lambda: _lt(
            "%(product)s: no vendor has a valid price, and there is no bill of materials. It is"
            " planned, but can't be ordered. Add a vendor price or a bill.",
            product=product,
        ),
        "no_price": lambda: _lt(
            "%(product)s: the vendor's price is 0. Check the vendor price.", product=product
        ),
        "vendor_lead": lambda: _lt(
            "%(product)s: a vendor's lead time is %(days)s days. Check the vendor price.",
            product=product,
            days=argument,
        ),
        "make_lead": lambda: _lt(
            "%(product)s: the production time is %(days)s days. Check the bill of materials.",
            product=product,
            days=argument,
        ),
        "archived": lambda: _lt(
            "%(product)s is archived but has open transfers. It isn't planned. Unarchive it or"
            " cancel the transfers.",
            product=product,
        ),
        "not_stored": lambda: _lt(
            "%(product)s isn't tracked in stock. It isn't planned. Turn on “Track Inventory”, or"
            " let Odoo's rules replenish it.",
            product=product,
        ),
        "archived_component": lambda: _lt(
            "%(product)s: the component %(component)s is archived and isn't planned. Change the"
            " bill of materials or unarchive it.",
            product=product,
            component={"model": "product.product", "id": argument},
        ),
        "minimum": lambda: _lt(
            "%(vendor)s wants at least %(minimum)s an order; what is planned for this time comes"
            " to %(amount)s. Order more, later, or elsewhere.",
            vendor={"model": "res.partner", "id": number},
            minimum={"amount": argument[1], "currency_id": argument[2]},
            amount={"amount": argument[0], "currency_id": argument[2]},
        ),
    }
    known = texts.get(code)
    return known() if known else code
