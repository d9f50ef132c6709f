"""Small helpers without state."""

from datetime import datetime, time
from zoneinfo import ZoneInfo


def at_noon(day, tz):
    """Noon of a day in a time zone as naive UTC: the same day for whoever reads it nearby."""
    local = datetime.combine(day, time(12), tzinfo=ZoneInfo(tz or "UTC"))
    return local.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
