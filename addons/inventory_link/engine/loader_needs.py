"""Turns open documents and what is stored of the plan into demands and supplies of a run."""

from collections import defaultdict
from datetime import date

from . import reads_needs, reads_plan
from .netting import TENTATIVE
from .objects import Supply
from .rows_lines import KEPT_COLUMNS


def load_moves(scope, columns):
    """Demand and supply from open moves; ``(raw, finished, purchased)`` for the documents.

    Purchase receipts come back by line, production moves by production, the rest becomes
    demand of sale lines, of other moves, or supply by transfer.
    """
    productions = {"raw": [], "finished": []}
    purchased = defaultdict(list)
    sales = {}
    for move in reads_needs.moves(
        scope.env.cr, scope.product_ids, scope.locations, scope.scale, columns
    ):
        mid, pid, src, dst, units, day, sale_line, priority, po_line, raw_id, made_id = move[:11]
        when = day.toordinal()
        if raw_id or made_id:
            kind = "raw" if raw_id else "finished"
            productions[kind].append(
                (raw_id or made_id, (src or dst, pid), units, when, mid, move[13])
            )
            continue
        if dst and po_line:
            purchased[po_line, dst, pid].append((mid, when, units))
        elif dst and (dst, pid) in scope.items:
            scope.items[dst, pid].supplies.append(Supply("transfer", mid, when, units))
        if src and sale_line:
            known = sales.setdefault((sale_line, src, pid), [0, when, priority, move[11], move[14]])
            known[0] += units
            known[1] = min(known[1], when)
        elif src:
            demand = scope.demand(
                "move", mid, f"M{mid}", (src, pid), when, units, priority=_rank(priority)
            )
            if demand and move[12]:
                demand.purchase = move[12]
    for (sale_line, wid, pid), (units, when, priority, order, promised) in sales.items():
        scope.sale_lines.add(sale_line)
        scope.demand(
            "sale",
            sale_line,
            f"S{sale_line}",
            (wid, pid),
            when,
            units,
            priority=_rank(priority),
            order=order or 0,
            claim=promised.toordinal() if promised and scope.warehouses[wid].keeps else 0,
        )
    return productions, purchased


def _rank(priority):
    """Urgent moves first among those of one day."""
    return -int(priority or 0)


def load_purchases(scope, purchased):
    """Requests and orders as supply on the day the purchase line promises; what was received no
    longer counts."""
    rows = reads_needs.purchase_lines(
        scope.env.cr,
        scope.product_ids,
        scope.warehouse_ids,
        {line for line, _wid, _pid in purchased},
        scope.scale,
    )
    receipts = defaultdict(list)
    for (line, wid, pid), moves in purchased.items():
        receipts[line, pid].append((wid, sum(units for _move, _when, units in moves)))
    _load_parts_of_kits(scope, purchased, {(row[0], row[1]) for row in rows})
    terms = {}
    for pol, pid, wid, ordered, received, planned, locked, vendor, request, draft, order in rows:
        parts = [(wid, ordered)] if request else receipts[pol, pid]
        for target, units in parts:
            item = scope.items.get((target, pid))
            if item is None:
                continue
            minimum, lead, calendar, unit, prices = _vendor_terms(terms, item, vendor)
            item.supplies.append(
                Supply(
                    "purchase",
                    pol,
                    planned.toordinal(),
                    units,
                    size=units,
                    action="subcontract" if item.subcontract.get(vendor) else "buy",
                    locked=locked,
                    done=0 if request else received,
                    minimum=minimum,
                    unit=unit,
                    prices=prices,
                    lead=lead,
                    calendar=calendar,
                    draft=bool(draft),
                    order=(order or 0) if item.by_order else 0,
                    recipe=item.subcontract.get(vendor) if request else None,
                )
            )


def _load_parts_of_kits(scope, purchased, known):
    """A kit that is bought is received as its parts: each receipt is supply by itself."""
    for (line, wid, pid), moves in purchased.items():
        item = scope.items.get((wid, pid))
        if item is not None and (line, pid) not in known:
            item.supplies += [Supply("transfer", move, when, units) for move, when, units in moves]


def _vendor_terms(known, item, vendor):
    """Smallest minimum, shortest lead time, working days, whole unit and prices of a vendor."""
    key = item.key, vendor
    if key not in known:
        rows = [offer for offer in item.offers if offer.vendor == vendor]
        known[key] = (
            min((offer.min_qty for offer in rows), default=0),
            min((offer.delay for offer in rows), default=0),
            rows[0].calendar if rows else None,
            rows[0].unit if rows else 0,
            tuple(offer for offer in rows if offer.agreement is None) if len(rows) > 1 else (),
        )
    return known[key]


def load_forecasts(scope):
    """What is expected beyond the orders: due on the first day of its time."""
    today = date.fromordinal(scope.today)
    for number, pid, wid, first, last, units in reads_needs.forecasts(
        scope.env.cr, scope.product_ids, scope.warehouse_ids, today, scope.scale
    ):
        if last.toordinal() >= scope.warehouses[wid].today:
            wanted = max(first.toordinal(), scope.warehouses[wid].today)
            scope.demand("forecast", number, f"C{number}", (wid, pid), wanted, units)


def load_tentative(scope, needs):
    """Orders that may come: ``(sale line, order, warehouse, product, day, quantity)``, with the
    quantity in the product's unit. Planned behind everything confirmed, never released."""
    for line, order, wid, pid, day, quantity in needs:
        scope.demand(
            "sale",
            line,
            f"T{line}",
            (wid, pid),
            day.toordinal(),
            scope.units(quantity),
            order=order,
            rank=TENTATIVE,
        )


def load_reservations(scope, needs):
    """What the plan keeps for quotations: rows as for :func:`load_tentative`. They take their turn
    among confirmed needs, by the day that the customer was told."""
    for line, order, wid, pid, day, quantity in needs:
        scope.demand(
            "sale",
            line,
            f"R{line}",
            (wid, pid),
            day.toordinal(),
            scope.units(quantity),
            order=order,
            claim=day.toordinal(),
            soft=True,
        )


def load_lines(scope, canonical, columns):
    """Stored plan lines: those that are kept are supply, rejections are remembered."""
    cr = scope.env.cr
    scope.lines = reads_plan.plan_lines(cr, scope.stored_products, scope.warehouse_ids, canonical)
    kept = []
    for row in scope.lines:
        item = scope.items.get((row[2], row[1]))
        if item is None:
            continue
        if row[4] == "rejected":
            item.rejected[row[6]] = row[7]
        elif is_kept(scope, row):
            kept.append(row)
    if not kept:
        return
    scope.kept = reads_plan.kept_lines(cr, [row[0] for row in kept], (*columns, *KEPT_COLUMNS))
    for row in kept:
        item = scope.items[row[2], row[1]]
        item.supplies.append(kept_supply(scope, item, scope.kept[row[0]]))


def is_kept(scope, row):
    """Approved, changed by a person, or inside the frozen time: the plan works around it."""
    state, edited, order_date, tentative = row[4], row[5], row[8], row[10]
    if state == "approved" or (state == "proposed" and edited):
        return True
    if state != "proposed" or tentative:
        return False
    return is_frozen(scope, row[1], row[2], order_date)


def is_frozen(scope, product, warehouse, order_date):
    """To be ordered or started within the frozen days: a run no longer changes it."""
    place = scope.warehouses[warehouse]
    fence = scope.products[product]["fence"] or place.fence
    return bool(fence and order_date) and order_date.toordinal() < place.today + fence


def kept_supply(scope, item, row):
    size = scope.units(row["quantity"])
    due = row["due_date"].toordinal()
    since = row["wanted_date"].toordinal() if row["wanted_date"] else due
    recipe, calendar = None, None
    if row["action"] == "make":
        recipe = _own_recipe(item, row.get("bom_id"))
    elif row["action"] == "subcontract":
        recipe = item.subcontract.get(row["vendor_id"])
    if row["requisition_id"] and row["state"] == "proposed" and not row["edited"]:
        _draw_agreement(item, row["requisition_id"], size)
    if row["vendor_id"]:
        calendar = scope.calendars.get(("vendor", row["vendor_id"]))
    elif recipe:
        calendar = recipe.calendar
    return Supply(
        "plan",
        row["id"],
        due,
        recipe.usable(size) if recipe and row["action"] == "make" else size,
        size=size,
        key=row["natural_key"] or f"L{row['id']}",
        action=row["action"],
        lead=row["lead_days"] or 0,
        calendar=calendar,
        since=min(since, due),
        behind=row["claim_date"].toordinal() if row["claim_date"] else 0,
        fixed=True,
        kept=row["state"] == "proposed",
        tentative=row["tentative"],
        order=row["sale_order_id"] or 0 if item.by_order else 0,
        offer=row["vendor_id"],
        recipe=recipe,
    )


def _draw_agreement(item, requisition, size):
    """A frozen line has its part of an agreement; approved and changed ones are counted with the
    orders (:func:`reads.agreements`)."""
    for offer in item.offers:
        if offer.agreement is not None and offer.agreement.requisition == requisition:
            offer.agreement.left = max(offer.agreement.left - size, 0)
            return


def _own_recipe(item, bom):
    """The bill that the line was planned or changed to; the first one when it is gone."""
    for recipe in item.recipes:
        if recipe.bom == bom:
            return recipe
    return item.recipe


def load_served(scope, columns, touched):
    """What drafts of the plan serve; those that a person ``touched`` aren't drafts of the plan."""
    drafts = defaultdict(list)
    for key, item in scope.items.items():
        for supply in item.supplies:
            supply.draft = supply.draft and (supply.kind, supply.ref) not in touched
            if supply.draft:
                drafts[key].append(supply)
    if not drafts:
        return
    anchors = defaultdict(set)
    totals = defaultdict(lambda: defaultdict(int))
    products = sorted({pid for _wid, pid in drafts})
    for pid, wid, anchor, units, purchase, production in reads_plan.served_needs(
        scope.env.cr, products, scope.warehouse_ids, columns, scope.scale
    ):
        totals[wid, pid][anchor] += units
        document = ("purchase", purchase) if purchase else ("production", production)
        anchors[document].add(anchor)
    for key, supplies in drafts.items():
        item = scope.items[key]
        for supply in supplies:
            supply.served = frozenset(anchors[supply.kind, supply.ref])
            item.served.update({anchor: totals[key][anchor] for anchor in supply.served})


def load_outside(scope, by_day=False):
    """Component demand of plan lines and requests whose product isn't part of this run.

    :param bool by_day: needs of one day together: enough where nothing is stored
    """
    cr, ids, places, scale = scope.env.cr, scope.product_ids, scope.warehouse_ids, scope.scale
    if by_day:
        _load_outside_days(scope)
    else:
        _load_outside_lines(scope)
    for row in reads_plan.outside_purchase_demand(cr, ids, places, scale):
        pid, wid, line, units, day, owner, pegs, claim = row
        demand = scope.demand(
            "purchase",
            line,
            f"B{line}",
            (wid, pid),
            day.toordinal(),
            units,
            claim=claim.toordinal() if claim else 0,
        )
        if demand:
            scope.add_outside(demand, owner, pegs)


def _load_outside_lines(scope):
    for row in reads_plan.outside_plan_demand(
        scope.env.cr, scope.product_ids, scope.warehouse_ids, scope.scale
    ):
        _pid, _wid, line, key, _units, day, order, owner, tentative, pegs, claim = row
        demand = _outside_need(scope, line, f"P{key}", row, day, order, tentative, claim)
        if demand:
            scope.add_outside(demand, owner, pegs)


def _load_outside_days(scope):
    by_order = {pid for (_wid, pid), item in scope.items.items() if item.by_order}
    for number, row in enumerate(
        reads_plan.outside_plan_days(
            scope.env.cr, scope.product_ids, scope.warehouse_ids, by_order, scope.scale
        )
    ):
        pid, wid, units, day, order, tentative, claim = row
        place = pid, wid, None, None, units
        _outside_need(scope, 0, f"P{number}", place, day, order, tentative, claim)


def _outside_need(scope, line, anchor, row, day, order, tentative, claim):
    return scope.demand(
        "plan",
        line,
        anchor,
        (row[1], row[0]),
        day.toordinal(),
        row[4],
        order=order or 0,
        # a reservation takes as if confirmed, and has its turn written down
        rank=TENTATIVE if tentative and not claim else 0,
        claim=claim.toordinal() if claim else 0,
        soft=bool(tentative and claim),
    )
