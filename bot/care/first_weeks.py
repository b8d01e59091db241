"""The first 12 weeks with somebody new: the same short questions every Friday.

They go to the person, to those around them if the person wants that, and to each shift. What they
say is `week_answer`.
"""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from zlib import crc32
from zoneinfo import ZoneInfo

from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic, Value, Wake
from bot.care.text import Text
from bot.care.wall import moment

KIND = "first_weeks"
"""The kind of the deadline at which a week is asked about; its key is the id of the first weeks."""

WEEKS = 12
"""So many times it is asked; a week after the last it is over."""

FRIDAY, AT = 4, time(10)
"""From when it is asked, where the service is."""

SPREAD = 30 * 60
"""Seconds over which all that comes at one time is spread."""

LOOKS = (6, 12)
"""After so many weeks staff look at it together."""

OFFER = Text("first_weeks", "offer")
BEGUN = Text("first_weeks", "begun")


class State(StrEnum):
    """Kept, never renamed."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class FirstWeeks:
    """`week`: how often it was asked so far; `first_at`: when first, had it never been paused.

    `around`: whether the person wants those around them asked too, None until they say so.
    `no_more`: the members who want no more questions.
    """

    id: str
    person: str
    state: State
    started_by: str
    started_at: datetime
    first_at: datetime
    next_at: datetime
    week: int = 0
    around: bool | None = None
    no_more: frozenset[str] = frozenset()
    paused_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def stands(self) -> bool:
        return self.state in (State.RUNNING, State.PAUSED)

    def look_at(self, weeks: int) -> datetime:
        """When staff look at it, after so many weeks."""
        return self.first_at + timedelta(weeks=weeks)


# --- when ---------------------------------------------------------------------------------


def spread(id: str) -> timedelta:
    """So much later it is with these: hundreds at one instant would hold up what cannot wait."""
    return timedelta(seconds=crc32(id.encode()) % SPREAD)


def next_friday(now: datetime, id: str, zone: ZoneInfo) -> datetime:
    """The next Friday morning of the first weeks with this id, strictly later."""
    before = now - spread(id)
    today = before.astimezone(zone).date()
    day = today + timedelta(days=(FRIDAY - today.weekday()) % 7)
    at = moment(day, AT, zone)
    if at <= before:
        at = moment(day + timedelta(weeks=1), AT, zone)
    return at + spread(id)


# --- staff start, pause and stop it -------------------------------------------------------


def offer(person: str, to: str, key: str) -> Tell:
    """Somebody new is in: staff may start it."""
    return Tell(to, Message(OFFER, {"person": person}), Lane.NEWS, _about(person), f"{key}:weeks")


def start(fresh: FirstWeeks, before: FirstWeeks | None) -> Outcome:
    """From the next Friday on; the person hears first, and says who may be asked besides. Begun
    anew, those around who wanted no more questions get none; the person is asked anew."""
    if before is not None and before.stands:
        return Outcome(said=_of(Text("first_weeks", "runs_already"), before))
    if before is not None:
        fresh = replace(fresh, no_more=before.no_more - {fresh.person})
    begun = Message(BEGUN, {"weeks": fresh.id, "on": fresh.next_at})
    return Outcome(
        said=_of(Text("first_weeks", "started"), fresh, on=fresh.next_at),
        records=(fresh,),
        tells=(Tell(fresh.person, begun, Lane.NEWS, key=f"{fresh.id}:begun"),),
        wakes=(wake(fresh),),
        logs=(_log("first_weeks_started", fresh, fresh.started_by),),
    )


def pause(weeks: FirstWeeks, by: str, now: datetime) -> Outcome:
    if weeks.state is not State.RUNNING:
        return Outcome()
    after = replace(weeks, state=State.PAUSED, paused_at=now)
    return _changed(after, Text("first_weeks", "paused"), "first_weeks_paused", by)


def go_on(weeks: FirstWeeks, by: str, next_at: datetime) -> Outcome:
    """On from where it was: as many weeks later as it was not asked."""
    if weeks.state is not State.PAUSED:
        return Outcome()
    missed = max(timedelta(0), next_at - weeks.next_at)
    after = replace(
        weeks,
        state=State.RUNNING,
        paused_at=None,
        next_at=next_at,
        first_at=weeks.first_at + missed,
    )
    return _changed(after, Text("first_weeks", "goes_on"), "first_weeks_gone_on", by)


def stop(weeks: FirstWeeks, by: str, now: datetime) -> Outcome:
    if not weeks.stands:
        return Outcome()
    after = replace(weeks, state=State.STOPPED, ended_at=now)
    told = Message(Text("first_weeks", "stopped_you"))
    tells = (Tell(weeks.person, told, Lane.NEWS, key=f"{weeks.id}:stopped"),)
    outcome = _changed(after, Text("first_weeks", "stopped"), "first_weeks_stopped", by)
    return outcome if weeks.person in weeks.no_more else outcome + Outcome(tells=tells)


def over(weeks: FirstWeeks, now: datetime) -> Outcome:
    """All was asked, or the person has left: it ends by itself."""
    if not weeks.stands:
        return Outcome(wakes=(Wake(KIND, weeks.id, None),))
    after = replace(weeks, state=State.OVER, ended_at=now)
    return Outcome(
        records=(after,),
        wakes=(Wake(KIND, weeks.id, None),),
        logs=(_log("first_weeks_over", weeks, None),),
    )


def thanks(weeks: FirstWeeks) -> Outcome:
    """To the person, when the last week is over."""
    told = Message(Text("first_weeks", "over_you"))
    tells = (Tell(weeks.person, told, Lane.NEWS, key=f"{weeks.id}:over"),)
    return Outcome() if weeks.person in weeks.no_more else Outcome(tells=tells)


# --- the person's word, and that of those around them -------------------------------------


def may_ask(weeks: FirstWeeks, yes: bool, by: str) -> Outcome:
    """The person says whether those around them are asked too."""
    if by != weeks.person or not weeks.stands:
        return Outcome()
    text = Text("first_weeks", "around_yes") if yes else Text("first_weeks", "around_no")
    after = replace(weeks, around=yes)
    return Outcome(
        said=Message(text),
        records=(after,),
        logs=(_log("first_weeks_around", weeks, by, yes=int(yes)),),
    )


def no_more(weeks: FirstWeeks, by: str) -> Outcome:
    after = replace(weeks, no_more=weeks.no_more | {by})
    return Outcome(
        said=_of_id(Text("first_weeks", "no_more"), weeks),
        records=(after,),
        logs=(Log("first_weeks_no_more", None, by, {"weeks": weeks.id}),),
    )


def ask_me(weeks: FirstWeeks, by: str) -> Outcome:
    """They want to be asked again; whether these weeks go on still is not theirs to hear by it."""
    after = replace(weeks, no_more=weeks.no_more - {by})
    return Outcome(
        said=_of_id(Text("first_weeks", "asked_again"), weeks),
        records=(after,),
        logs=(Log("first_weeks_ask_me", None, by, {"weeks": weeks.id}),),
    )


# ------------------------------------------------------------------------------------------


def _changed(weeks: FirstWeeks, said: Text, kind: str, by: str) -> Outcome:
    return Outcome(
        said=_of(said, weeks, on=weeks.next_at),
        records=(weeks,),
        wakes=(wake(weeks),),
        logs=(_log(kind, weeks, by),),
    )


def wake(weeks: FirstWeeks) -> Wake:
    """When it is asked next; not while it is paused, or over."""
    return Wake(KIND, weeks.id, weeks.next_at if weeks.state is State.RUNNING else None)


def _about(person: str) -> About:
    return About(person, Topic.PLANS_AND_REVIEWS, 1)


def _of(text: Text, weeks: FirstWeeks, **more: Value) -> Message:
    return Message(text, {"person": weeks.person, "weeks": weeks.id, **more})


def _of_id(text: Text, weeks: FirstWeeks) -> Message:
    return Message(text, {"weeks": weeks.id})


def _log(kind: str, weeks: FirstWeeks, by: str | None, **facts: Value) -> Log:
    return Log(kind, weeks.person, by, {"weeks": weeks.id, **facts})
