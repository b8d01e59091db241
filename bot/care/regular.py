"""An outing that comes again, "every Tuesday at 10": a gentle question an hour before.

The rules of this file: only the person's own word begins it; not going is fine, needs no reason
and is told to nobody; no answer means nothing. Where no time is kept yet, they know.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.care.hours import bank_holidays
from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic, Value, Wake
from bot.care.text import Text
from bot.care.wall import moment

KIND, AGAIN = "regular", "regular_again"
"""The kinds of its deadlines: the question, whose key is its id; and once more for whoever said
"later", whose key names the outing, too."""

BEFORE = timedelta(hours=1)
"""So long before they would set off they are asked."""

LATER = timedelta(minutes=30)

DAY = timedelta(days=1)

LATEST = timedelta(minutes=30)
"""Nobody is asked any more so long after they would have set off."""

QUESTION = Text("regular", "would_you_like")

DAYS = (
    Text("regular", "monday"),
    Text("regular", "tuesday"),
    Text("regular", "wednesday"),
    Text("regular", "thursday"),
    Text("regular", "friday"),
    Text("regular", "saturday"),
    Text("regular", "sunday"),
)


@dataclass(frozen=True, slots=True)
class Regular:
    """On `days` (Monday is 0) the person sets off `at` and is back by `back`, on the wall clock of
    the service. `holidays`: on bank holidays, too. `by` thought of it; it begins when the person
    has agreed. `next_at` is the next time they would set off."""

    id: str
    person: str
    place: str
    days: tuple[int, ...]
    at: time
    back: time
    holidays: bool
    by: str
    made_at: datetime
    next_at: datetime
    agreed_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def stands(self) -> bool:
        return self.agreed_at is not None and self.ended_at is None


def next_after(regular: Regular, after: datetime, zone: ZoneInfo) -> datetime:
    """When they would set off next, strictly later than `after`. In UTC."""
    day = after.astimezone(zone).date()
    while True:
        goes = regular.holidays or day not in bank_holidays(day.year)
        if day.weekday() in regular.days and goes:
            starts = moment(day, regular.at, zone)
            if starts > after:
                return starts
        day += DAY


def back_by(regular: Regular, starts: datetime, zone: ZoneInfo) -> datetime:
    """When they are back from the outing that begins then; after midnight when that is earlier on
    the clock. In UTC."""
    day = starts.astimezone(zone).date()
    ends = moment(day if regular.back > regular.at else day + DAY, regular.back, zone)
    if ends > starts:
        return ends
    # Both are in the hour that spring leaves out: they are away for as long as on any other day.
    return starts + (datetime.combine(day, regular.back) - datetime.combine(day, regular.at))


def agree(regular: Regular, by: str, zone: ZoneInfo, now: datetime) -> Outcome:
    """The person's own yes; whoever thought of it hears so."""
    if by != regular.person or regular.agreed_at is not None or regular.ended_at is not None:
        return Outcome()
    fresh = replace(regular, agreed_at=now)
    fresh = replace(fresh, next_at=_first(fresh, zone, now))
    return Outcome(
        said=Message(Text("regular", "agreed"), {"next_at": fresh.next_at}),
        records=(fresh,),
        tells=_to_drafter(fresh, Text("regular", "person_agreed")),
        wakes=(_wake(fresh),),
        logs=(_log("regular_agreed", fresh, by),),
    )


def _first(regular: Regular, zone: ZoneInfo, now: datetime) -> datetime:
    """The first time of which there is still an hour's notice."""
    return next_after(regular, now + BEFORE, zone)


def suggest(regular: Regular) -> Outcome:
    """Staff think of it with the person, who is asked."""
    params: dict[str, Value] = {"regular": regular.id, "by": regular.by}
    ask = Message(Text("regular", "please_agree"), params)
    return Outcome(
        said=Message(Text("regular", "suggested"), {"person": regular.person}),
        records=(regular,),
        tells=(Tell(regular.person, ask, Lane.REPLY, key=f"{regular.id}:please"),),
        logs=(_log("regular_suggested", regular, regular.by),),
    )


def decline(regular: Regular, by: str, now: datetime) -> Outcome:
    if by != regular.person or regular.agreed_at is not None or regular.ended_at is not None:
        return Outcome()
    ended = replace(regular, ended_at=now)
    return Outcome(
        said=Message(Text("regular", "declined")),
        records=(ended,),
        tells=_to_drafter(ended, Text("regular", "person_declined")),
        logs=(_log("regular_declined", ended, by),),
    )


def stop(regular: Regular, by: str, now: datetime) -> Outcome:
    """The person is not asked any more."""
    if by != regular.person or not regular.stands:
        return Outcome()
    ended = replace(regular, ended_at=now)
    return Outcome(
        said=Message(Text("regular", "stopped")),
        records=(ended,),
        wakes=(Wake(KIND, regular.id, None),),
        logs=(_log("regular_stopped", ended, by),),
    )


def due(regular: Regular, out: bool, zone: ZoneInfo, now: datetime) -> Outcome:
    """An hour before: would they like to go? Whoever is out already is not asked."""
    if not regular.stands:
        return Outcome(wakes=(Wake(KIND, regular.id, None),))
    starts = regular.next_at
    if now < starts - BEFORE:
        return Outcome(wakes=(_wake(regular),))
    after = replace(regular, next_at=next_after(regular, max(starts, now), zone))
    asks = Outcome(records=(after,), wakes=(_wake(after),))
    return asks if out else asks + _ask(regular, starts, Lane.REMINDER, zone, now)


def again(regular: Regular, starts: datetime, zone: ZoneInfo, now: datetime) -> Outcome:
    """Once more, at the moment that they were told: it waits for nothing."""
    return _ask(regular, starts, Lane.REPLY, zone, now)


def _ask(regular: Regular, starts: datetime, lane: Lane, zone: ZoneInfo, now: datetime) -> Outcome:
    """The question, about the outing that begins at `starts`, while it is not too late for it."""
    if not regular.stands or now > starts + LATEST:
        return Outcome()
    params: dict[str, Value] = {
        "regular": regular.id,
        "mark": int(starts.timestamp()),
        "starts": starts,
        "back": back_by(regular, starts, zone),
    }
    once = f"{regular.id}:{int(starts.timestamp())}:{int(now.timestamp())}"
    asks = Tell(regular.person, Message(QUESTION, params), lane, key=once)
    return Outcome(tells=(asks,))


def later(regular: Regular, mark: int, by: str, now: datetime) -> Outcome:
    """They would like to be asked again in a while."""
    if by != regular.person or not regular.stands or now + LATER > _starts(mark) + LATEST:
        return Outcome()
    return Outcome(
        said=Message(Text("regular", "later_said"), {"at": now + LATER}),
        wakes=(Wake(AGAIN, key(regular, mark), now + LATER),),
    )


def early(regular: Regular, starts: datetime, longest: int, zone: ZoneInfo, now: datetime) -> bool:
    """Whether it is too soon to keep time: `longest` minutes from now, they would not be back."""
    return now < starts and back_by(regular, starts, zone) > now + timedelta(minutes=longest)


def wait(regular: Regular, mark: int, by: str) -> Outcome:
    """They are going, and no time is kept before they set off: they are told so, and asked then."""
    if by != regular.person or not regular.stands:
        return Outcome()
    starts = _starts(mark)
    return Outcome(
        said=Message(Text("regular", "wait_said"), {"at": starts}),
        wakes=(Wake(AGAIN, key(regular, mark), starts),),
    )


def not_today(regular: Regular, mark: int, by: str) -> Outcome:
    """That is fine. Nobody is told, and nothing is kept."""
    if by != regular.person:
        return Outcome()
    return Outcome(
        said=Message(Text("regular", "fine")),
        wakes=(Wake(AGAIN, key(regular, mark), None),),
    )


def key(regular: Regular, mark: int) -> str:
    """Names one outing of it, by the mark that its buttons carry."""
    return f"{regular.id}:{mark}"


def _starts(mark: int) -> datetime:
    return datetime.fromtimestamp(mark, UTC)


def _to_drafter(regular: Regular, text: Text) -> tuple[Tell, ...]:
    if regular.by == regular.person:
        return ()
    said = Message(text, {"person": regular.person, "regular": regular.id})
    about = About(regular.person, Topic.JOURNEYS, 2)
    return (Tell(regular.by, said, Lane.NEWS, about, f"{regular.id}:{text.id}"),)


def _wake(regular: Regular) -> Wake:
    return Wake(KIND, regular.id, regular.next_at - BEFORE)


def _log(kind: str, regular: Regular, by: str) -> Log:
    return Log(kind, regular.person, by, {"regular": regular.id})
