"""Open productions as supply of what they make and demand of what they take."""

from collections import defaultdict

from odoo.addons.inventory_link.engine.netting import Supply

from . import reads


def load(scope, moves, full):
    """Add open productions.

    A production of a product in this run is a supply whose components follow its recommended
    quantity and day. One of a planned product outside a net change keeps the need it was last
    seen with: none when nothing needs it. Its product joins the run when that can't be right any
    more. Any other production takes what its moves say.
    """
    raw = defaultdict(list)
    for production, key, units, when, _move in moves["raw"]:
        raw[production].append((key, units, when))
    ids = set(raw) | {row[0] for row in moves["finished"]}
    if not ids:
        return
    known = {row[0]: row for row in reads.productions(scope.env.cr, ids)}
    supplies = _supplies(scope, moves["finished"], known)
    others = {p: parts for p, parts in raw.items() if p not in supplies}
    for production in raw.keys() - others.keys():
        supplies[production].components = [(key, units) for key, units, _when in raw[production]]
    closure = set(scope.closure or ())
    seen, unneeded = ({}, set()) if full else _outside(scope, others)
    for production, parts in others.items():
        row = known.get(production)
        kept = not full and row and row[6] and row[1] not in closure
        for key, units, when in _merged(parts):
            if key not in scope.items:
                continue
            if not kept:
                anchor = f"O{production}"
                scope.demand("production", production, anchor, key, when, units)
            elif (production, key) in seen:
                _keep_need(scope, row, key, units, seen[production, key])
            elif production not in unneeded:
                scope.stale.add(row[1])


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


def _outside(scope, productions):
    """What these productions were last seen to need, ``{(production, item key): values}``, and
    those that the plan does without. A production that is in neither is new to the plan."""
    cr = scope.env.cr
    rows = reads.outside_production_demand(cr, scope.product_ids, scope.warehouse_ids, scope.scale)
    seen = {(production, (wid, pid)): values for production, pid, wid, *values in rows}
    return seen, reads.unneeded_productions(cr, productions)


def _keep_need(scope, row, key, units, seen):
    """The stored need of a production whose product isn't netted in this run."""
    production, owner, state = row[:3]
    quantity, day, pegs = seen
    started = state in ("progress", "to_close")
    if quantity > units or (started and quantity != units):
        scope.stale.add(owner)
    demand = scope.demand(
        "production", production, f"O{production}", key, day.toordinal(), min(quantity, units)
    )
    if demand:
        scope.add_outside(demand, owner, pegs)
