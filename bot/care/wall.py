"""What clocks on the wall show: the one place where a time of day becomes a moment.

Two that read the same words differently would ask somebody at one time and wait until another.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def moments(day: date, at: time, zone: ZoneInfo) -> list[datetime]:
    """When clocks in `zone` show this time on this day, in UTC and in order.

    Twice in the hour that is repeated in autumn. In the hour that spring leaves out: the first
    moment after it.
    """
    wall = datetime.combine(day, at)
    before, after = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if before <= after:
        return [before] if before == after else [before, after]
    # Left out: by the old offset it is too late, by the new one too early. Walk to the change,
    # which is at a whole minute.
    after = after.replace(second=0, microsecond=0)
    while after.astimezone(zone).replace(tzinfo=None) < wall:
        after += timedelta(minutes=1)
    return [after]


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The first of them: what is to be once a day comes once, and on every day."""
    return moments(day, at, zone)[0]
