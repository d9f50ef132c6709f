"""Forward dates of a netted plan: what is possible from today, and why not sooner.

Two days are kept for everything: ``feasible``, as documents stand, and ``earliest``, if open
documents move as the messages ask. Goods that come by the day they are needed don't matter to
what waits for them; so only lateness travels upwards, and a change that makes nothing late ends
at its own product.
"""

NEVER = 10**7  # a day beyond all calendars


def date_demand(demand):
    """The day a demand can be met: the latest of its supplies, 0 when one has no date."""
    takes = demand.takes
    if len(takes) == 1:
        supply = takes[0][0]
        demand.feasible, demand.driver = supply.feasible, supply.driver
        demand.earliest = supply.earliest
        return
    demand.feasible, demand.driver, demand.earliest = 0, (), NEVER
    if not takes:
        return
    demand.earliest = max(supply.earliest for supply, _qty in takes)
    demand.feasible, demand.driver = latest([(s.feasible, s.driver) for s, _qty in takes])


def latest(dated):
    """Of pairs ``(day, reason)`` the one that decides: one without a day, else the last day.

    Of equal days the reason decides, so that takes and stored pegs give the same answer whatever
    their order.
    """
    day = 0 if any(not day for day, _reason in dated) else max(day for day, _reason in dated)
    reasons = {reason for other, reason in dated if other == day}
    return day, min(reasons, key=lambda reason: tuple(map(str, reason)))


def lateness(day, due):
    """A day as far as it matters to who waits: itself when late, -1 for never, else 0."""
    if not day or day >= NEVER:
        return -1
    return day if day > due else 0


def date_supply(supply, product, today, looped=False):
    """Forward dates: what is possible from today, whatever was asked. 0 means no date."""
    if supply.kind == "stock":
        supply.feasible = supply.earliest = today
        return
    if supply.rejected:
        supply.feasible, supply.earliest, supply.driver = 0, NEVER, ("rejected", product, None)
        return
    if supply.kind in ("purchase", "transfer"):
        _date_open(supply, product, today)
    elif supply.action == "make":
        _date_production(supply, product, today)
    else:
        _date_purchase(supply, product, today, looped)


def _date_open(supply, product, today):
    supply.feasible = max(supply.date, today)
    supply.driver = (supply.kind, product, supply.ref)
    supply.earliest = supply.feasible
    if supply.kind == "purchase" and not supply.locked and supply.needed < supply.feasible:
        supply.earliest = max(supply.needed, today, min(supply.feasible, supply.end(today)))
    if supply.demands:
        _wait_for_material(supply, product, today)


def _wait_for_material(supply, product, today):
    """A request to a subcontractor waits for the components that are sent to him."""
    blocked = next((d for d in supply.demands if not d.feasible), None)
    begin, last = _material(supply.demands, today)
    if blocked:
        supply.feasible, supply.earliest = 0, NEVER
        supply.driver = _through(product, blocked.driver)
    elif last is not None:
        supply.feasible = max(supply.feasible, supply.end(begin))
        supply.earliest = max(supply.earliest, supply.end(max(d.earliest for d in supply.demands)))
        supply.driver = _through(product, last.driver)


def _date_purchase(supply, product, today, looped):
    if not supply.offer:
        code = "bom_loop" if looped else "no_vendor"
        supply.feasible, supply.earliest, supply.driver = 0, NEVER, (code, product, None)
        return
    if not supply.demands:
        supply.feasible = max(supply.date, supply.end(today))
        supply.driver = ("vendor_lead", product, supply.lead)
        supply.earliest = supply.feasible
        return
    _date_production(supply, product, today, code="vendor_lead")


def _date_production(supply, product, today, code="make_lead"):
    """Material that is late moves the end; a production under way keeps its day."""
    blocked = next((d for d in supply.demands if not d.feasible), None)
    if blocked:
        supply.feasible, supply.earliest = 0, NEVER
        supply.driver = _through(product, blocked.driver)
        return
    begin, last = _material(supply.demands, today)
    if supply.started and last is None:
        supply.feasible = supply.earliest = max(supply.date, today)
        supply.driver = (code, product, supply.lead)
        return
    supply.feasible = max(supply.date, supply.end(begin))
    supply.driver = (code, product, supply.lead) if last is None else _through(product, last.driver)
    reach = today
    for demand in supply.demands:
        if demand.earliest > demand.due and demand.earliest > reach:
            reach = demand.earliest
    moved = supply.kind == "production" and not supply.started and not supply.locked
    goal = min(supply.needed or supply.date, supply.date) if moved else supply.date
    supply.earliest = max(goal, supply.end(reach))


def _material(demands, today):
    """The day when late material is there, and the demand that comes last; today without one."""
    begin, last = today, None
    for demand in demands:
        if demand.feasible <= demand.due or demand.feasible < begin:
            continue
        if last is None or demand.feasible > begin or _text(demand) < _text(last):
            begin, last = demand.feasible, demand
    return begin, last


def _text(demand):
    return tuple(map(str, demand.driver))


def _through(product, reason):
    """The reason of a component, with the product that waits for it in front of the chain."""
    if not reason:
        return reason
    code, root, argument, *via = reason
    chain = (product, *(via[0] if via else ()))
    return code, root, argument, chain
