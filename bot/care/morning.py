"""What a team hears of its reviews: one message each, when the service opens on a working day.

The day on which something comes up, the day on which it is due, and then every week; what was put
off comes back. Once a week the managers hear what is late, all of it in one message.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.care import review, reviewing
from bot.care.hours import DAYS, Hours, working_day
from bot.care.outcome import Lane, Message, Outcome, Tell, Value, Wake
from bot.care.review import Invited, Item
from bot.care.text import Text
from bot.care.wall import moment

KIND = "reviews"
"""The kind of the deadline; its key is the team."""

AT_ONCE = 50
"""So many members are told in one act; then others are let through, and it goes on."""

EARLIEST, NINE = time(7), time(9)
"""Where the service opens before the first of these, staff are told at the second."""

FIRST = timedelta(weeks=1)
"""A team that has never been told hears of what came up since then: of all that is late."""


@dataclass(frozen=True, slots=True)
class Count:
    """What one member of staff hears: how many reviews need them, whether one of them has come to
    its moment, and, of a manager, how many of the team's are late."""

    up: int = 0
    asked: bool = False
    late: int = 0

    def __add__(self, other: "Count") -> "Count":
        late = self.late + other.late
        return Count(self.up + other.up, self.asked or other.asked, late)


Counts = Mapping[str, Count]
"""By member."""


@dataclass(frozen=True, slots=True)
class Morning:
    """How far a team has been told: of all that came up by `told_until`.

    While it is told, since `began_at`, first everybody who is supported is looked through, up to
    `after`, and counted; then, `telling`, staff hear, up to `after`. `managers_at`: when managers
    last heard what is late.
    """

    team: str
    told_until: datetime
    began_at: datetime | None = None
    after: str | None = None
    telling: bool = False
    counts: Counts = field(default_factory=dict)
    managers_at: datetime | None = None


def count(
    up: Sequence[Item],
    who: Mapping[Item, Sequence[str]],
    managers: Sequence[str],
    since: datetime,
    now: datetime,
    limit: timedelta,
) -> dict[str, Count]:
    """What each of staff would hear of these."""
    found: dict[str, Count] = {}
    for item in up:
        one = Count(int(item.up(now)), review.reminds(item, since, now))
        for to in who[item]:
            found[to] = found.get(to, Count()) + one
        if item.late(limit, now):
            for to in managers:
                if item.may_see(to) and item.person != to:
                    found[to] = found.get(to, Count()) + Count(late=1)
    return found


def added(one: Counts, other: Counts) -> dict[str, Count]:
    """Both together."""
    return {to: one.get(to, Count()) + other.get(to, Count()) for to in one.keys() | other.keys()}


def to_invite(up: Iterable[Item], asked: Iterable[tuple[str, str, datetime]]) -> dict[str, Item]:
    """Each person's next review to which they have not been asked: one a morning is enough."""
    known = set(asked)
    found: dict[str, Item] = {}
    for item in up:
        private = item.hidden or item.kind in review.FOR_STAFF
        if not private and (item.kind, item.of, item.due_at) not in known:
            found.setdefault(item.person, item)
    return found


def next_at(hours: Hours, now: datetime) -> datetime:
    """When staff are told next: as the service opens, and in no case at night."""
    today = _nine(hours, now)
    if _night(hours, now) and hours.is_open(now) and hours.is_open(today):
        return today
    opens = hours.opens_after(now)
    later = _nine(hours, opens)
    return later if _night(hours, opens) and hours.is_open(later) else opens


def may_begin(hours: Hours, now: datetime) -> bool:
    """Whether it is a morning on which staff are told. A service that opens on weekends alone is
    told on those."""
    day = now.astimezone(hours.zone).date()
    works = working_day(day - timedelta(days=1), 1) == day or not any(
        hours.week[: DAYS.index("sat")]
    )
    waits = _night(hours, now) and hours.is_open(_nine(hours, now))
    return works and hours.is_open(now) and not waits


def _night(hours: Hours, at: datetime) -> bool:
    return at.astimezone(hours.zone).time() < EARLIEST


def _nine(hours: Hours, at: datetime) -> datetime:
    return moment(at.astimezone(hours.zone).date(), NINE, hours.zone)


def managers_hear(state: Morning, now: datetime, zone: ZoneInfo) -> bool:
    """On the first working morning of each week."""
    if state.managers_at is None:
        return True
    return _week(state.managers_at, zone) != _week(now, zone)


def to_staff(
    team: str, to: str, one: Count, unheard: int, limit: timedelta, stamp: str
) -> Tell | None:
    """The one message of this morning; None: there is nothing to say. `unheard`: how many were
    done lately without anybody's words, for a manager on their morning."""
    needs = one.up if one.asked else 0
    said: dict[str, Value] = {"count": needs}
    text = Text("morning", "one") if needs == 1 else Text("morning", "several")
    key = f"reviews:{stamp}:{to}"
    if one.late or unheard:
        key += f":{team}"  # each team's list, to whoever manages two
        said |= {"late": one.late, "unheard": unheard, "days": limit.days}
        text = Text("morning", "late_and_yours") if needs else Text("morning", "late")
    elif not needs:
        return None
    return Tell(to, Message(text, said), Lane.REMINDER, key=key)


def looked_through(state: Morning, people: Sequence[str], counts: Counts) -> Morning:
    """With the next of those who are supported; after the last of them staff are told."""
    whole = added(state.counts, counts)
    if len(people) < AT_ONCE:
        return replace(state, counts=whole, after=None, telling=True)
    return replace(state, counts=whole, after=people[-1])


def look_on(state: Morning, invited: Iterable[Invited], now: datetime) -> Outcome:
    """These are invited, and it goes on."""
    outcome = Outcome(records=(state,), wakes=(Wake(KIND, state.team, now),))
    for one in invited:
        outcome += reviewing.invite(one)
    return outcome


def tell(
    state: Morning, theirs: Mapping[str, Tell], next_at: datetime, now: datetime, *, managers: bool
) -> Outcome:
    """The next of those who are to hear something this morning; when all have, the next one."""
    left = [one for one in sorted(theirs) if state.after is None or one > state.after]
    tells = tuple(theirs[one] for one in left[:AT_ONCE])
    if len(left) > AT_ONCE:
        after = replace(state, after=left[AT_ONCE - 1])
        return Outcome(records=(after,), tells=tells, wakes=(Wake(KIND, state.team, now),))
    began = state.began_at or now
    over = Morning(state.team, began, managers_at=began if managers else state.managers_at)
    return Outcome(records=(over,), tells=tells, wakes=(Wake(KIND, state.team, next_at),))


def stamp(began: datetime, zone: ZoneInfo) -> str:
    """Which morning it is: nobody is told twice on the same day."""
    return f"{began.astimezone(zone):%Y%m%d}"


def _week(at: datetime, zone: ZoneInfo) -> tuple[int, int]:
    year, week, _ = at.astimezone(zone).isocalendar()
    return year, week
