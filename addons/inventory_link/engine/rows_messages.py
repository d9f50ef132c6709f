"""From a netted plan to messages: on open documents, on vendors' minimums, on bad data."""

from .rows_lines import day_or_none

MESSAGE_COLUMNS = {
    "kind": "varchar",
    "purchase_line_id": "int4",
    "product_id": "int4",
    "warehouse_id": "int4",
    "company_id": "int4",
    "vendor_id": "int4",
    "quantity_now": "numeric",
    "quantity_needed": "numeric",
    "date_now": "date",
    "date_needed": "date",
    "date_wanted": "date",
    "problem": "varchar",
    "problem_data": "jsonb",
    "state": "varchar",
}
#: What makes two messages the same one.
MESSAGE_IDENTITY = (
    "kind",
    "purchase_line_id",
    "product_id",
    "warehouse_id",
    "vendor_id",
    "problem",
)
TOLERANCE = 0.005  # of a vendor's minimum, in company currency


def document_messages(scope, columns):
    """Values of the messages on open documents."""
    for item in scope.items.values():
        plan = scope.plans.get(item.key[0])
        for supply in item.supplies:
            if supply.kind in ("purchase", "production"):
                for kind in _kinds(plan, supply):
                    yield _document_values(scope, item, supply, kind, columns)


def _kinds(plan, supply):
    if not supply.needed_qty and not supply.done:
        yield "cancel"
        return
    if supply.needed_qty < supply.qty:
        yield "decrease"
    elif supply.needed_qty > supply.qty:
        yield "increase"
    moved = plan.date_moves(supply)
    if moved == "postpone" or (moved and supply.earliest < max(supply.date, plan.today)):
        yield moved


def _document_values(scope, item, supply, kind, columns):
    wid, pid = item.key
    column = "purchase_line_id" if supply.kind == "purchase" else "production_id"
    needed = supply.date
    if kind in ("expedite", "postpone"):
        # never ask for a day that vendor or material can't make
        needed = max(supply.needed, supply.earliest if kind == "expedite" else 0)
    usable, total = supply.good
    return dict.fromkeys(columns) | {
        "kind": kind,
        column: supply.ref,
        "product_id": pid,
        "warehouse_id": wid,
        "company_id": scope.warehouses[wid].company,
        "quantity_now": scope.quantity(supply.size + supply.done),
        "quantity_needed": scope.quantity(-(-supply.needed_qty * total // usable) + supply.done),
        "date_now": day_or_none(supply.date),
        "date_needed": day_or_none(needed),
        "date_wanted": day_or_none(min(supply.needed or needed, needed)),
        "state": "open",
    }


def problem_messages(scope, columns):
    """Values of the messages on bad data: code, product and what is wrong."""
    for (code, wid, pid), argument in sorted(
        scope.problems.items(), key=lambda entry: tuple(map(str, entry[0]))
    ):
        yield dict.fromkeys(columns) | {
            "kind": "problem",
            "product_id": pid,
            "warehouse_id": wid,
            "company_id": scope.warehouses[wid].company,
            "problem": code,
            "problem_data": [code, pid, argument],
            "state": "open",
        }


def minimum_messages(rows, window, columns):
    """Values of the messages on requests that would stay below a vendor's minimum order value.

    :param list rows: of :func:`reads_needs.minimum_orders`, by vendor, warehouse and day
    :param dict window: days that go into one request, by company
    """
    requests = {}
    for vendor, wid, company, currency, minimum, due, amount in rows:
        open_ones = requests.setdefault((vendor, wid, company, currency, minimum), [])
        days = window.get(company, 0)
        if not open_ones or (days and (due - open_ones[-1][0]).days >= days):
            open_ones.append([due, 0.0])
        open_ones[-1][1] += amount
    for (vendor, wid, company, currency, minimum), found in requests.items():
        for first, amount in found:
            if amount < minimum - TOLERANCE:
                yield dict.fromkeys(columns) | {
                    "kind": "minimum",
                    "vendor_id": vendor,
                    "warehouse_id": wid,
                    "company_id": company,
                    "date_needed": first,
                    "problem": f"minimum {first}",
                    "problem_data": ["minimum", vendor, [round(amount, 2), minimum, currency]],
                    "state": "open",
                }
