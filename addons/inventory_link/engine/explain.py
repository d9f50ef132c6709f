"""Reasons are stored as ``[code, product_id, argument]`` and told in the reader's language."""

from odoo.tools.translate import LazyTranslate

from odoo.addons.suite_base.tools.explanation import pack_explanation, render_explanation

from . import explain_problems

_lt = LazyTranslate(__name__)

#: Reasons whose argument is a purchase line.
NAMED = ("purchase", "sooner_purchase")
#: Reasons whose argument is a work centre and its first free day.
CENTRED = ("capacity", "sooner_capacity")
NO_DATE = ("no_vendor", "bom_loop", "rejected")


def reason(code, product_id=None, argument=None, via=()):
    """The lazy text of one reason: ``via`` are the products that wait for it, the last one first
    in need. “FG ← SA ← RM: the vendor delivers in 30 days”."""
    text = _root(code, product_id, argument)
    for waiting in reversed(via or ()):
        text = _lt(
            "%(product)s ← %(reason)s",
            product={"model": "product.product", "id": waiting},
            reason=text,
        )
    return text


def late(days, stored):
    """Why something is late, with the days."""
    if not days:
        return reason(*stored)
    return _lt("late %(days)s days: %(reason)s", days=days, reason=reason(*stored))


def _root(code, product_id=None, argument=None):
    product = {"model": "product.product", "id": product_id} if product_id else ""
    texts = {
        "stock": lambda: _lt("From stock"),
        "vendor_lead": lambda: _lt(
            "%(product)s: the vendor delivers in %(days)s days", product=product, days=argument
        ),
        "make_lead": lambda: _lt(
            "%(product)s: production takes %(days)s days", product=product, days=argument
        ),
        "purchase": lambda: _lt(
            "%(product)s: arrives with %(order)s",
            product=product,
            order={"model": "purchase.order", "id": argument} if argument else "",
        ),
        "transfer": lambda: _lt("%(product)s: arrives with an open receipt", product=product),
        "no_vendor": lambda: _lt("%(product)s: no valid vendor", product=product),
        "bom_loop": lambda: _lt(
            "%(product)s: the bill of materials contains itself", product=product
        ),
        "rejected": lambda: _lt("%(product)s: the plan line was rejected", product=product),
        "rules": lambda: _lt(
            "%(product)s isn't planned: delivery lead time of the product", product=product
        ),
        "capacity": lambda: _capacity(product, argument),
        "sooner_purchase": lambda: _lt(
            "if %(order)s brings %(product)s as soon as the vendor can",
            product=product,
            order={"model": "purchase.order", "id": argument} if argument else "",
        ),
        "sooner_production": lambda: _lt(
            "if open orders for %(product)s are brought forward", product=product
        ),
        "sooner_transfer": lambda: _lt(
            "if the open receipt of %(product)s is brought forward", product=product
        ),
        "sooner_capacity": lambda: _lt(
            "if work centre %(centre)s had time", centre=argument[0] if argument else ""
        ),
        "sooner_goods": lambda: _lt("if %(product)s were here today", product=product),
        "documents": lambda: _lt("if open orders are moved as the plan's messages ask"),
        "none": lambda: _lt("Not planned yet"),
    }
    return texts.get(code, texts["none"])()


def _capacity(product, argument):
    """``argument`` is the work centre and its first free day; ``None`` when it is free, but the
    work takes longer than the time of the bill."""
    centre, day = argument
    if day:
        return _lt(
            "%(product)s: %(workcenter)s is full until %(day)s",
            product=product,
            workcenter=centre,
            day={"date": day},
        )
    return _lt(
        "%(product)s: the work at %(workcenter)s takes longer than the lead time",
        product=product,
        workcenter=centre,
    )


def tell(env, reasons):
    """One text for each stored reason (or empty)."""
    named = _with_orders(env, reasons)
    packed = [pack_explanation(reason(*data) if data else "") for data in named]
    return render_explanation(env, packed)


def tell_late(env, lines):
    """One text for each plan line: how late it is, and why."""
    named = _with_orders(env, [line.driver_data for line in lines])
    packed = [
        pack_explanation(late(line.late_days, data) if data else "")
        for line, data in zip(lines, named, strict=True)
    ]
    return render_explanation(env, packed)


def _with_orders(env, reasons):
    """Reasons that name a purchase line name its order instead: that is what people know; those of
    capacity tell the name of the work centre to everyone, whoever may open it."""
    reasons = _with_work_centres(env, reasons)
    numbers = {data[2] for data in reasons if data and data[0] in NAMED}
    lines = env["purchase.order.line"].sudo().browse(numbers).exists()
    orders = {line.id: line.order_id.id for line in lines}
    return [
        [*data[:2], orders.get(data[2]), *data[3:]] if data and data[0] in NAMED else data
        for data in reasons
    ]


def _with_work_centres(env, reasons):
    numbers = {data[2][0] for data in reasons if data and data[0] in CENTRED}
    if not numbers:
        return reasons
    centres = env["mrp.workcenter"].sudo().browse(numbers).exists()
    names = {centre.id: centre.name for centre in centres}
    return [
        [*data[:2], [names.get(data[2][0], str(data[2][0])), data[2][1]], *data[3:]]
        if data and data[0] in CENTRED
        else data
        for data in reasons
    ]


def plan_line_decision(line):
    """The decision record of one plan line."""
    return {
        "kind": "supply.line",
        "res_model": line._name,
        "res_id": line.id,
        "company_id": line.company_id.id,
        "partner_id": line.vendor_id.id,
        "outcome": "cancelled" if line.state == "cancelled" else "planned",
        "explanation": plan_line(line),
        "rule": f"product.product:{line.product_id.id}",
        "rule_version": "1",
        "inputs": _plan_line_inputs(line),
    }


def _plan_line_inputs(line):
    values = [
        ("sale.order.line", peg.sale_line_id.id, "product_uom_qty", peg.quantity)
        for peg in line.peg_ids
        if peg.sale_line_id
    ]
    price = line.supplierinfo_id
    if price:
        values += [
            ("product.supplierinfo", price.id, name, price[name])
            for name in ("price", "min_qty", "delay")
        ]
    product = line.product_id
    values += [
        ("product.template", product.product_tmpl_id.id, name, product[name])
        for name in ("supply_safety_stock", "supply_multiple", "supply_max_lot")
        if product[name]
    ]
    return [
        {"model": model, "id": number, "field": name, "value": value}
        for model, number, name, value in values
    ]


def plan_line(line):
    """A plan line in one sentence, for its decision."""
    values = {
        "quantity": {"quantity": line.quantity, "uom_id": line.product_uom_id.id},
        "product": {"model": "product.product", "id": line.product_id.id},
        "due": {"date": str(line.due_date)},
        "order": {"date": str(line.order_date)},
    }
    if line.state == "cancelled":
        return _lt(
            "No order needs %(product)s any more: the approved line was cancelled.", **values
        )
    if line.action == "make":
        return _lt(
            "Make %(quantity)s of %(product)s: needed on %(due)s and covered neither by stock"
            " nor by open orders. Start by %(order)s.",
            **values,
        )
    if not line.vendor_id:
        return _lt(
            "%(quantity)s of %(product)s are needed on %(due)s, but no vendor has a valid price.",
            **values,
        )
    values["vendor"] = {"model": "res.partner", "id": line.vendor_id.id}
    values["price"] = {"amount": line.price_unit, "currency_id": line.currency_id.id}
    return _bought(line, values)


def _bought(line, values):
    if line.edited:
        return _lt(
            "%(quantity)s of %(product)s from %(vendor)s at %(price)s, needed on %(due)s: changed"
            " by a planner. Order by %(order)s.",
            **values,
        )
    if line.action == "subcontract":
        return _lt(
            "Have %(quantity)s of %(product)s made by %(vendor)s at %(price)s from what is sent to"
            " him: needed on %(due)s, compared with its material. Order by %(order)s.",
            **values,
        )
    if line.requisition_id:
        values["agreement"] = {"model": "purchase.requisition", "id": line.requisition_id.id}
        return _lt(
            "Buy %(quantity)s of %(product)s from %(vendor)s at %(price)s under %(agreement)s:"
            " needed on %(due)s. Order by %(order)s.",
            **values,
        )
    if line.late_days:
        return _lt(
            "Buy %(quantity)s of %(product)s from %(vendor)s at %(price)s: needed on %(due)s;"
            " no vendor can make that, this one is the earliest. Order by %(order)s.",
            **values,
        )
    return _lt(
        "Buy %(quantity)s of %(product)s from %(vendor)s at %(price)s: needed on %(due)s;"
        " the cheapest total among vendors on time. Order by %(order)s.",
        **values,
    )


def message(record):
    """A plan message in one sentence, for its decision."""
    if record.kind in ("minimum", "problem"):
        return explain_problems.problem(*record.problem_data)
    unit = record.product_uom_id.id
    values = {
        "document": {"model": record._document()._name, "id": record._document().id},
        "product": {"model": "product.product", "id": record.product_id.id},
        "now": {"quantity": record.quantity_now, "uom_id": unit},
        "needed": {"quantity": record.quantity_needed, "uom_id": unit},
        "date_now": {"date": str(record.date_now)},
        "date_needed": {"date": str(record.date_needed)},
    }
    if record.kind == "expedite":
        return _lt(
            "%(document)s, %(product)s: planned for %(date_now)s, needed on %(date_needed)s.",
            **values,
        )
    if record.kind == "postpone":
        return _lt(
            "%(document)s, %(product)s: planned for %(date_now)s, not needed before"
            " %(date_needed)s.",
            **values,
        )
    if record.kind == "cancel":
        return _lt("%(document)s, %(product)s: no demand needs it any more.", **values)
    return _lt("%(document)s, %(product)s: %(now)s are open, %(needed)s are needed.", **values)


def tell_messages(env, messages):
    """One text for each plan message: what is wrong with the document or the data."""
    packed = [pack_explanation(message(record) if record.kind else "") for record in messages]
    return render_explanation(env, packed)
