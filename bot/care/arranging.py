"""A session as staff arrange it: published, changed, cancelled; and what its days bring by
themselves: reminders, its end, the next of its series.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.care import cadence
from bot.care.education import CADENCES, Change, Session, State
from bot.care.outcome import Lane, Log, Message, Outcome, Tell, Wake
from bot.care.round import What, spread
from bot.care.text import Text
from bot.care.wall import moment

KIND = "session"
"""The kind of the deadline at which a session is looked at next; its key is the session's id."""

AGAIN = timedelta(weeks=2)
"""Staff are asked again after it whether a draft is published."""

MORNING = time(9)
"""When people are reminded, where the service is."""

WEEK, DAY = timedelta(days=7), timedelta(days=1)


# --- what staff do ------------------------------------------------------------------------


def publish(session: Session, by: str | None, now: datetime, zone: ZoneInfo) -> Outcome:
    """From now on it can be booked, and whoever wants to hear of dates hears of it."""
    if session.state is not State.DRAFT:
        return Outcome()
    if session.starts_at <= now:
        return Outcome(said=Message(Text("education", "too_late"), {"session": session.id}))
    kept = replace(
        session,
        state=State.PUBLISHED,
        version=session.version + 1,
        changed_at=now,
        changed=(),
        was_at=None,
    )
    return Outcome(
        said=Message(Text("education", "published"), {"session": kept.id}),
        records=(kept,),
        wakes=(next_look(kept, now, zone), spread(kept, What.NEW, now)),
        logs=(_log("session_published", kept, by),),
    )


def change(
    before: Session, after: Session, by: str | None, now: datetime, zone: ZoneInfo
) -> Outcome:
    """What is another than before is told to those who booked or wait."""
    if before.state not in (State.DRAFT, State.PUBLISHED) or after == before:
        return Outcome()
    if after.starts_at <= now:
        return Outcome(said=Message(Text("education", "too_late"), {"session": before.id}))
    changed = what_changed(before, after)
    kept = _told_as_one(before, after, changed, now) if changed else after
    outcome = Outcome(
        said=Message(Text("education", "change_kept"), {"session": kept.id}),
        records=(kept,),
        logs=(_log("session_changed", kept, by),),
    )
    if kept.state is State.DRAFT:
        return outcome
    tells = (spread(kept, What.CHANGED, now),) if changed else ()
    return outcome + Outcome(wakes=(next_look(kept, now, zone), *tells))


def cancel(session: Session, by: str | None, now: datetime) -> Outcome:
    """It does not take place. Whoever booked or waits is told, and offered another date. Its
    series goes on when its day is over."""
    if session.state not in (State.DRAFT, State.PUBLISHED):
        return Outcome()
    kept = replace(session, state=State.CANCELLED, version=session.version + 1, changed_at=now)
    told = session.state is State.PUBLISHED
    said = Text("education", "cancel_kept") if told else Text("education", "dropped")
    return Outcome(
        said=Message(said, {"session": kept.id}),
        records=(kept,),
        wakes=(
            Wake(KIND, kept.id, kept.ends_at if kept.repeats in CADENCES else None),
            *((spread(kept, What.CANCELLED, now),) if told else ()),
        ),
        logs=(_log("session_cancelled", kept, by),),
    )


def drop(session: Session, by: str | None, now: datetime) -> Outcome:
    """A draft is not held. What people may have booked meanwhile is cancelled only when asked once
    more: an old button does not."""
    return cancel(session, by, now) if session.state is State.DRAFT else Outcome()


def _told_as_one(
    before: Session, after: Session, changed: tuple[Change, ...], now: datetime
) -> Session:
    """The changes of one day add up: whoever sleeps hears of them all in the last message."""
    was_at = before.starts_at if Change.WHEN in changed else None
    if before.changed_at is not None and now - before.changed_at < DAY:
        changed = tuple(one for one in Change if one in (*before.changed, *changed))
        if before.was_at not in (None, after.starts_at):
            was_at = before.was_at
    version = before.version + 1
    return replace(after, changed=changed, was_at=was_at, version=version, changed_at=now)


def what_changed(before: Session, after: Session) -> tuple[Change, ...]:
    """What those who booked must know."""
    parts = {
        Change.TITLE: (before.subject, before.title) != (after.subject, after.title),
        Change.WHEN: before.starts_at != after.starts_at,
        Change.LENGTH: before.minutes != after.minutes,
        Change.PLACE: before.place != after.place,
        Change.ROOM: before.room != after.room,
        Change.NOTES: before.notes != after.notes,
        Change.LEADS: before.facilitators != after.facilitators,
        Change.LANGUAGES: before.languages != after.languages,
        Change.MEETS: before.meets != after.meets,
    }
    return tuple(part for part, other in parts.items() if other)


# --- time ---------------------------------------------------------------------------------


def stages(session: Session, zone: ZoneInfo) -> list[tuple[datetime, What | None]]:
    """What comes when: a week before, the day before, and None at its end."""
    day = session.starts_at.astimezone(zone).date()

    def morning(before: timedelta) -> datetime:
        return moment(day - before, MORNING, zone)

    return [(morning(WEEK), What.WEEK), (morning(DAY), What.DAY), (session.ends_at, None)]


def next_look(session: Session, now: datetime, zone: ZoneInfo) -> Wake:
    later = (at for at, _ in stages(session, zone) if at > now)
    return Wake(KIND, session.id, min(later, default=now))


def tick(
    session: Session,
    fresh: str,
    hear: Iterable[str],
    due_at: datetime,
    now: datetime,
    zone: ZoneInfo,
    began: date | None = None,
) -> Outcome:
    """A moment of it has come. `fresh` is the id of the next of its series, `hear` are the staff
    who are asked about that; the series `began` on that day (None: with this one). After a stop
    only the latest reminder goes, and none once it began."""
    if session.state is State.DRAFT:
        over = session.starts_at <= now  # nobody has confirmed it: asked again, of a later date
        again = following(session, session.id, now, zone, began) if over else session
        return _please_confirm(again, hear, now)
    if session.state not in (State.PUBLISHED, State.CANCELLED):
        return Outcome()
    if now >= session.ends_at:  # a series goes on, whether or not this one took place
        draft = following(session, fresh, now, zone, began)
        return _over(session) + _please_confirm(draft, hear, now)
    if session.state is State.CANCELLED:
        return Outcome()
    come = [what for at, what in stages(session, zone) if due_at <= at <= now]
    told = [what for what in come if what is not None and now < session.starts_at]
    rounds = (spread(session, told[-1], now),) if told else ()
    return Outcome(wakes=(next_look(session, now, zone), *rounds))


def _over(session: Session) -> Outcome:
    if session.state is not State.PUBLISHED:
        return Outcome()
    return Outcome(
        records=(replace(session, state=State.OVER),),
        logs=(_log("session_over", session, None),),
    )


def _please_confirm(draft: Session | None, hear: Iterable[str], now: datetime) -> Outcome:
    if draft is None:
        return Outcome()
    asks = Message(Text("education", "next_one"), {"session": draft.id})
    key = f"{draft.id}:draft:{now:%Y%m%d}"
    return Outcome(
        records=(draft,),
        tells=tuple(Tell(to, asks, Lane.REMINDER, key=f"{key}:{to}") for to in hear),
        wakes=(Wake(KIND, draft.id, now + AGAIN),),
    )


def following(
    session: Session, id: str, now: datetime, zone: ZoneInfo, began: date | None = None
) -> Session | None:
    """The next of its series, on the same weekday of the month as it `began`, at the same time of
    day, still to be confirmed."""
    rule = CADENCES.get(session.repeats)
    if rule is None:
        return None
    began = began or session.rule_day
    day = cadence.by_weekday(rule, began, session.rule_day)
    wall = session.starts_at.astimezone(zone).time()
    while (starts_at := moment(cadence.on_working_day(day), wall, zone)) <= now:
        day = cadence.by_weekday(rule, began, day)
    return replace(
        session,
        id=id,
        starts_at=starts_at,
        rule_day=day,
        state=State.DRAFT,
        version=0,
        made_at=now,
        changed_at=None,
        changed=(),
        was_at=None,
        uid=None,
    )


def _log(kind: str, session: Session, by: str | None) -> Log:
    return Log(kind, None, by, {"session": session.id, "version": session.version})
