"""Quiet hours: what can wait waits until they are over. Safety and answers never wait."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.care.outcome import Lane
from bot.care.wall import moments
from bot.store.profile import Quiet

WAITS = frozenset({Lane.NEWS, Lane.REMINDER, Lane.BROADCAST})


def over_at(hours: Quiet, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When these hours are over, in UTC; None when it is not one of them."""
    local = now.astimezone(zone)
    minute = local.hour * 60 + local.minute
    overnight = hours.since > hours.until
    begun, still = minute >= hours.since, minute < hours.until
    if not (begun or still if overnight else begun and still):
        return None
    day = local.date() + timedelta(days=0 if still else 1)
    # In the hour that comes twice in autumn the first may be over already.
    ends = moments(day, time(*divmod(hours.until, 60)), zone)
    return next((moment for moment in ends if moment > now), None)
