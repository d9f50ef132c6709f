"""From a netted plan to the rows of the three tables."""

from collections import defaultdict
from datetime import date

from .dates import NEVER

LINE_CASTS = {
    "product_id": "int4",
    "warehouse_id": "int4",
    "company_id": "int4",
    "action": "varchar",
    "quantity": "numeric",
    "product_uom_id": "int4",
    "vendor_id": "int4",
    "supplierinfo_id": "int4",
    "price_unit": "numeric",
    "currency_id": "int4",
    "order_date": "date",
    "due_date": "date",
    "feasible_date": "date",
    "late_days": "int4",
    "lead_days": "int4",
    "driver_data": "jsonb",
    "free_quantity": "numeric",
    "tentative": "bool",
    "state": "varchar",
    "natural_key": "varchar",
    "signature": "varchar",
    "sale_order_id": "int4",
    "edited": "bool",
}
FIXED_COLUMNS = ("feasible_date", "late_days", "driver_data", "free_quantity", "state")
PEG_KEY_CASTS = {
    "product_id": "int4",
    "warehouse_id": "int4",
    "company_id": "int4",
    "supply": "varchar",
    "safety": "bool",
    "sale_line_id": "int4",
    "plan_line_id": "int4",
    "move_id": "int4",
    "supply_plan_line_id": "int4",
    "supply_purchase_line_id": "int4",
    "supply_move_id": "int4",
}
PEG_VALUE_CASTS = {
    "quantity": "numeric",
    "date": "date",
    "feasible_date": "date",
    "earliest_date": "date",
    "driver_data": "jsonb",
}
MESSAGE_CASTS = {
    "kind": "varchar",
    "purchase_line_id": "int4",
    "product_id": "int4",
    "warehouse_id": "int4",
    "company_id": "int4",
    "quantity_now": "numeric",
    "quantity_needed": "numeric",
    "date_now": "date",
    "date_needed": "date",
    "state": "varchar",
}
DEMAND_COLUMNS = {
    "sale": "sale_line_id",
    "plan": "plan_line_id",
    "move": "move_id",
    "production": "production_id",
}
SUPPLY_COLUMNS = {
    "plan": "supply_plan_line_id",
    "purchase": "supply_purchase_line_id",
    "transfer": "supply_move_id",
    "production": "supply_production_id",
}


def day(ordinal):
    """A day ordinal as a date, 0 as no date."""
    return date.fromordinal(ordinal) if ordinal else None


def line_values(scope, item, order, casts):
    """Stored values of one order of the plan."""
    wid, pid = item.key
    warehouse = scope.warehouses[wid]
    offer = order.offer if order.action == "buy" else None
    start = max(warehouse.today, max(order.date, order.feasible) - order.lead)
    late = max(0, order.feasible - order.date)
    values = {
        "product_id": pid,
        "warehouse_id": wid,
        "company_id": warehouse.company,
        "action": order.action,
        "quantity": scope.quantity(order.qty),
        "product_uom_id": scope.products[pid]["uom"],
        "vendor_id": offer.vendor if offer else None,
        "supplierinfo_id": offer.row if offer else None,
        "price_unit": offer.price if offer else 0.0,
        "currency_id": offer.currency if offer else warehouse.currency,
        "order_date": day(start),
        "due_date": day(order.date),
        "feasible_date": day(order.feasible),
        "late_days": late,
        "lead_days": order.lead,
        "driver_data": list(order.driver) if late or not order.feasible else None,
        "free_quantity": scope.quantity(order.left),
        "tentative": False,
        "state": "rejected" if order.rejected else "proposed",
        "natural_key": order.key,
        "signature": order.signature,
        "sale_order_id": order.order or None,
        "edited": False,
    }
    if "bom_id" in casts:
        values["bom_id"] = order.recipe.bom if order.recipe else None
    return values


def fixed_values(scope, supply, row):
    """What a run may change on an approved or edited line: dates it can keep, surplus.

    An approved line that nothing needs any more is cancelled; an edited one stays the planner's.
    """
    late = max(0, supply.feasible - supply.date)
    gone = not supply.taken and not supply.edited
    return {
        "feasible_date": day(supply.feasible),
        "late_days": late,
        "driver_data": list(supply.driver) if late or not supply.feasible else None,
        "free_quantity": scope.quantity(supply.left),
        "state": "cancelled" if gone else row["state"],
    }


def peg_rows(scope, columns):
    """All takes as ``{key: values}``; two takes of one pair are one peg."""
    takes = defaultdict(lambda: [0, None, 0, 0, ()])
    for item in scope.items.values():
        for demand in item.demands:
            for supply, units in demand.takes:
                entry = takes[_peg_key(scope, item, demand, supply, columns)]
                entry[0] += units
                entry[1] = min(entry[1] or demand.wanted, demand.wanted)
                early = 0 if supply.earliest == NEVER else supply.earliest
                entry[2:] = supply.feasible, early, supply.driver
    return {
        key: (scope.quantity(units), day(wanted), day(feasible), day(early), list(driver) or None)
        for key, (units, wanted, feasible, early, driver) in takes.items()
    }


def _peg_key(scope, item, demand, supply, columns):
    wid, pid = item.key
    key = dict.fromkeys(columns)
    key.update(
        product_id=pid,
        warehouse_id=wid,
        company_id=scope.warehouses[wid].company,
        supply=supply.kind,
        safety=demand.kind == "safety",
    )
    if demand.kind in DEMAND_COLUMNS:
        key[DEMAND_COLUMNS[demand.kind]] = demand_ref(demand)
    if supply.kind in SUPPLY_COLUMNS:
        key[SUPPLY_COLUMNS[supply.kind]] = supply.ref
    return tuple(key[column] for column in columns)


def demand_ref(demand):
    """Id of the record that demands; a plan line's is known once it is stored."""
    return demand.owner.ref if demand.owner is not None else demand.ref


def message_rows(scope, plan_of, casts, identity):
    """Messages on open documents as ``{identity: values}``."""
    result = {}
    for item in scope.items.values():
        plan = plan_of(item.key[0])
        for supply in item.supplies:
            if supply.kind in ("purchase", "production"):
                for kind in _message_kinds(plan, supply):
                    values = _message_values(scope, item, supply, kind, casts)
                    result[tuple(values[column] for column in identity)] = values
    return result


def _message_kinds(plan, supply):
    if not supply.needed_qty and not supply.done:
        yield "cancel"
        return
    if supply.needed_qty < supply.qty:
        yield "decrease"
    moved = plan.date_moves(supply)
    if moved == "postpone" or (moved and supply.earliest < max(supply.date, plan.today)):
        yield moved


def _message_values(scope, item, supply, kind, casts):
    wid, pid = item.key
    values = dict.fromkeys(casts)
    column = "purchase_line_id" if supply.kind == "purchase" else "production_id"
    needed = supply.date
    if kind in ("expedite", "postpone"):
        # never ask for a day that vendor or material can't make
        needed = max(supply.needed, supply.earliest if kind == "expedite" else 0)
    values.update(
        {
            "kind": kind,
            column: supply.ref,
            "product_id": pid,
            "warehouse_id": wid,
            "company_id": scope.warehouses[wid].company,
            "quantity_now": scope.quantity(supply.qty + supply.done),
            "quantity_needed": scope.quantity(supply.needed_qty + supply.done),
            "date_now": day(supply.date),
            "date_needed": day(needed),
            "state": "open",
        }
    )
    return values


def promise_rows(stored):
    """Changed promises of sale order lines from :func:`reads.sale_line_dates`."""
    for row in stored:
        line, wanted, feasible, driver, security, old_date, old_late, old_reason, cancelled = row
        if wanted is None:
            if not cancelled or old_date is None:
                continue
            new = (None, 0, None)
        elif feasible is None:
            new = (None, 0, driver or ["none", None, None])
        else:
            late = max(0, (feasible - wanted).days)
            shown = date.fromordinal(max(wanted, feasible).toordinal() + security)
            new = (shown, late, (driver if late else None) or ["stock", None, None])
            if not late and driver:
                new = (shown, 0, driver)
        if new != (old_date, old_late or 0, old_reason):
            yield (line, *new)
