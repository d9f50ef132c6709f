"""Open productions as supply of what they make and demand of what they take."""

from collections import defaultdict

from odoo.addons.inventory_link.engine.objects import Supply

from . import reads
from .losses import surcharge, usable_share

STARTED = ("progress", "to_close")


def load(scope, moves, full):
    """Add open productions.

    A production of a product in this run is a supply whose components follow its recommended
    quantity and day. One of a planned product outside a net change keeps the need it was last
    seen with: none when nothing needs it. Its product joins the run when that can't be right any
    more. Any other production takes what its moves say.
    """
    ids = {row[0] for row in moves["raw"]} | {row[0] for row in moves["finished"]}
    if not ids:
        return
    known = reads.productions(scope.env.cr, ids)
    rules = reads.scrap_rules(scope.env.cr)
    raw = _components(scope, moves["raw"], known, rules)
    supplies = _supplies(scope, moves["finished"], known, rules)
    others = {p: parts for p, parts in raw.items() if p not in supplies}
    for production in raw.keys() - others.keys():
        supplies[production].components = [
            (key, units) for key, (units, _when) in raw[production].items()
        ]
    closure = set(scope.closure or ())
    seen, unneeded = ({}, set()) if full else _outside(scope, others)
    for production, parts in others.items():
        row = known.get(production)
        kept = not full and row and row["planned"] and row["product"] not in closure
        for key, (units, when) in parts.items():
            if key not in scope.items:
                continue
            if not kept:
                anchor = f"O{production}"
                scope.demand("production", production, anchor, key, when, units)
            elif (production, key) in seen:
                _keep_need(scope, production, row, key, units, seen[production, key])
            elif production not in unneeded:
                scope.stale.add(row["product"])


def _components(scope, moves, known, rules):
    """What each production takes, by component: quantity with scrap, first day."""
    scrap = reads.scrapped_lines(scope.env.cr, {row[5] for row in moves if row[5]})
    result = defaultdict(dict)
    for production, key, units, when, _move, bill_line in moves:
        percent = scrap.get(bill_line)
        if percent:
            rule = rules.get(known[production]["company"] if production in known else None)
            share = surcharge(percent, rule)
            units = -(-units * share.numerator // share.denominator)
        total, first = result[production].get(key, (0, when))
        result[production][key] = total + units, min(first, when)
    return result


def _supplies(scope, finished, known, rules):
    result = {}
    for production, key, units, when, move, _bill_line in finished:
        item = scope.items.get(key)
        row = known.get(production)
        if item is None or row is None:
            continue
        if row["product"] != key[1] or production in result:
            item.supplies.append(Supply("transfer", move, when, units))
            continue
        warehouse = scope.warehouses[key[0]]
        good = usable_share(row["loss"], rules.get(row["company"]))
        supply = Supply(
            "production",
            production,
            row["end"].toordinal(),
            units * good[0] // good[1],
            size=units,
            good=good,
            action="make",
            start=row["start"].toordinal(),
            lead=row["lead"] if row["lead"] is not None else (row["end"] - row["start"]).days,
            calendar=scope.calendars.get(("calendar", warehouse.calendar)),
            started=row["state"] in STARTED,
            locked=row["locked"],
            draft=bool(row["draft"]),
            order=(row["order"] or 0) if item.by_order else 0,
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


def _keep_need(scope, production, row, key, units, seen):
    """The stored need of a production whose product isn't netted in this run."""
    quantity, day, pegs, claim = seen
    started = row["state"] in STARTED
    if (quantity > units and not row["draft"]) or (started and quantity != units):
        scope.stale.add(row["product"])
    demand = scope.demand(
        "production",
        production,
        f"O{production}",
        key,
        day.toordinal(),
        quantity if row["draft"] else min(quantity, units),
        claim=claim.toordinal() if claim else 0,
    )
    if demand:
        scope.add_outside(demand, row["product"], pegs)
