"""Small helpers without state."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

#: Value of the context key ``supply_by_plan``: the planner itself changes the document and plans
#: afterwards, once. An object, so that no call from outside can carry it.
BY_PLAN = object()


def is_by_plan(env):
    """Whether the planner itself is at work on the document."""
    return env.context.get("supply_by_plan") is BY_PLAN


def at_noon(day, tz):
    """Noon of a day in a time zone as naive UTC: the same day for whoever reads it nearby."""
    local = datetime.combine(day, time(12), tzinfo=ZoneInfo(tz or "UTC"))
    return local.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
