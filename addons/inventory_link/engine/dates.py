"""Forward dates of a netted plan: what is possible from today, and why not sooner."""

NEVER = 10**7  # a day beyond all calendars


def date_demand(demand):
    """The day a demand can be met: the latest of its supplies, 0 when one has no date."""
    demand.feasible, demand.driver, demand.earliest = 0, (), NEVER
    if not demand.takes:
        return
    demand.earliest = max(supply.earliest for supply, _qty in demand.takes)
    demand.feasible, demand.driver = latest([(s.feasible, s.driver) for s, _qty in demand.takes])


def latest(dated):
    """Of pairs ``(day, reason)`` the one that decides: one without a day, else the last day.

    Of equal days the reason decides, so that takes and stored pegs give the same answer whatever
    their order.
    """
    day = 0 if any(not day for day, _reason in dated) else max(day for day, _reason in dated)
    reasons = {reason for other, reason in dated if other == day}
    return day, min(reasons, key=lambda reason: tuple(map(str, reason)))


def date_supply(supply, product, today, looped=False):
    """Forward dates: what is possible from today, whatever was asked. 0 means no date."""
    if supply.kind == "stock":
        supply.feasible = today
        return
    if supply.rejected:
        supply.feasible, supply.driver = 0, ("rejected", product)
        return
    if supply.kind in ("purchase", "transfer"):
        supply.feasible = max(supply.date, today)
        supply.driver = (supply.kind, product, supply.ref)
        return
    if supply.action == "buy":
        _date_purchase(supply, product, today, looped)
    else:
        _date_production(supply, product, today)


def _date_purchase(supply, product, today, looped):
    if not supply.offer:
        supply.feasible, supply.driver = 0, ("bom_loop" if looped else "no_vendor", product)
        return
    supply.feasible = max(supply.date, today + supply.lead)
    supply.driver = ("vendor_lead", product, supply.lead)


def _date_production(supply, product, today):
    blocked = next((d for d in supply.demands if not d.feasible), None)
    if blocked:
        supply.feasible, supply.driver = 0, blocked.driver
        return
    last = max(supply.demands, key=lambda d: d.feasible, default=None)
    material = max(today, last.feasible if last else today)
    if supply.started and material <= today:
        supply.feasible = max(supply.date, today)
    else:
        supply.feasible = max(supply.date, material + supply.lead)
    waits = last is not None and material > today
    supply.driver = last.driver if waits else ("make_lead", product, supply.lead)


def earliest_day(supply, today):
    """The day to which a supply could be brought forward: vendor and production times stay."""
    if not supply.feasible:
        return NEVER
    if supply.kind in ("stock", "transfer"):
        return supply.feasible
    if supply.action != "make":
        return min(supply.feasible, today + supply.lead)
    material = max((demand.earliest for demand in supply.demands), default=today)
    return min(supply.feasible, max(material, today) + supply.lead)
