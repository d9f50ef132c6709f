"""Open productions as supply of what they make and demand of what they take."""

from collections import defaultdict

from odoo.addons.inventory_link.engine.netting import Supply

from . import reads


def load(scope, moves, full):
    """Add open productions.

    A production of a product in this run is a supply whose components follow its recommended
    quantity and day. One of a planned product outside a net change keeps the need it was last
    seen with, never more than what it still takes. Any other production takes what its moves say.
    """
    raw = defaultdict(list)
    for production, key, units, when, _move in moves["raw"]:
        raw[production].append((key, units, when))
    ids = set(raw) | {row[0] for row in moves["finished"]}
    if not ids:
        return
    known = {row[0]: row for row in reads.productions(scope.env.cr, ids)}
    supplies = _supplies(scope, moves["finished"], known)
    outside = {} if full else _outside(scope)
    for production, parts in raw.items():
        supply = supplies.get(production)
        if supply is not None:
            supply.components = [(key, units) for key, units, _when in parts]
            continue
        planned = production in known and known[production][6] and not full
        for key, units, when in _merged(parts):
            _take_outside(scope, production, key, units, when, outside if planned else {})


def _merged(parts):
    totals = {}
    for key, units, when in parts:
        old = totals.get(key, (0, when))
        totals[key] = old[0] + units, min(old[1], when)
    return [(key, units, when) for key, (units, when) in totals.items()]


def _supplies(scope, finished, known):
    result = {}
    for production, key, units, when, move in finished:
        item = scope.items.get(key)
        row = known.get(production)
        if item is None or row is None:
            continue
        if row[1] != key[1] or production in result:
            item.supplies.append(Supply("transfer", move, when, units))
            continue
        _mo, _product, state, start, end, lead, _planned = row
        supply = Supply(
            "production",
            production,
            end.toordinal(),
            units,
            action="make",
            start=start.toordinal(),
            lead=lead if lead is not None else (end - start).days,
            started=state in ("progress", "to_close"),
        )
        item.supplies.append(supply)
        result[production] = supply
    return result


def _outside(scope):
    rows = reads.outside_production_demand(
        scope.env.cr, scope.product_ids, scope.warehouse_ids, scope.scale
    )
    return {(production, (wid, pid)): values for production, pid, wid, *values in rows}


def _take_outside(scope, production, key, units, when, outside):
    anchor = f"O{production}"
    if (production, key) not in outside:
        scope.demand("production", production, anchor, key, when, units)
        return
    seen, day, owner, feasible, driver = outside[production, key]
    demand = scope.demand("production", production, anchor, key, day.toordinal(), min(seen, units))
    if demand:
        scope.add_outside(demand, owner, feasible, driver)
