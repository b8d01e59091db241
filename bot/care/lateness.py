"""Being later than said: within the plan at once, beyond it when staff say yes.

Each of these taps is a sign of life. A button that moves the time carries the time it was
made for (`mark`), so that one pressed twice moves it once.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.care import pattern
from bot.care.journey import (
    ALERTED,
    Event,
    Journey,
    State,
    alive,
    heard_after_alert,
    log,
    moved,
    ok,
    say,
    to_person,
    wake,
)
from bot.care.outcome import About, Lane, Message, Outcome, Tell, Topic
from bot.care.plan import Ladder, reachable
from bot.care.text import Text

STEPS = (10, 20, 30)
"""Minutes the person can choose from."""


def minutes_left(journey: Journey, now: datetime) -> tuple[int, ...]:
    """Which of the steps the plan still allows."""
    if often(journey):
        return ()
    start = max(journey.back, now)
    return tuple(m for m in STEPS if start + timedelta(minutes=m) <= journey.limit_at)


def often(journey: Journey) -> bool:
    """Whether they have been later as often as the plan allows."""
    extends = journey.plan.terms.extends
    return extends is not None and journey.extends >= extends


def late(journey: Journey, now: datetime) -> Outcome:
    """ "I'm late", before the person has said how much: the choice is not cut short by grace."""
    if _too_late(journey):
        return _not_any_more(journey, now)
    heard = alive(journey, Event.OK, now)
    return Outcome(
        records=(heard,), wakes=(wake(heard),), logs=(log("journey_late", heard, journey.person),)
    )


def later(journey: Journey, minutes: int, mark: int, now: datetime) -> Outcome:
    """So many minutes after the time that stands, or after now when that has passed."""
    back = max(journey.back, now) + timedelta(minutes=minutes)
    return _until(journey, back, minutes, mark, now)


def home_in(journey: Journey, minutes: int, mark: int, now: datetime) -> Outcome:
    """Home so many minutes from now: the answer to "When will you be home?"."""
    return _until(journey, now + timedelta(minutes=minutes), minutes, mark, now)


def _until(journey: Journey, back: datetime, minutes: int, mark: int, now: datetime) -> Outcome:
    if _too_late(journey):
        return _not_any_more(journey, now)
    if mark != journey.mark:
        return ok(journey, now)
    heard = alive(journey, Event.LATER, now)
    if back > journey.limit_at or often(journey):
        too_often = often(journey)
        text = Text("pattern", "later_often") if too_often else Text("journey", "later_than_plan")
        return Outcome(
            said=say(text, heard),
            records=(heard,),
            wakes=(wake(heard),),
            logs=(log("journey_ok", heard, journey.person),),
        )
    stood = journey.due_at, journey.back_at
    due, back_at = pattern.later(journey.going, journey.point, stood, back, minutes, now)
    later = replace(heard, due_at=due, back_at=back_at, extends=journey.extends + 1)
    more = int((back - journey.back).total_seconds()) // 60
    text = Text("journey", "later") if back_at is None else Text("pattern", "later")
    return Outcome(
        records=(later,),
        tells=(to_person(later, text),),
        wakes=(wake(later),),
        logs=(log("journey_later", later, journey.person, minutes=more),),
    )


def ask_longer(journey: Journey, ladder: Ladder, now: datetime) -> Outcome:
    """More than the plan allows: the first rung that can be reached is asked. The time stands."""
    if _too_late(journey):
        return _not_any_more(journey, now)
    heard = alive(journey, Event.LATER, now)
    waits = Outcome(
        records=(heard,),
        wakes=(wake(heard),),
        logs=(log("journey_asks_longer", heard, journey.person),),
    )
    first = next(iter(reachable(ladder)), None)
    if first is None:
        return waits + Outcome(said=say(Text("journey", "longer_nobody"), heard))
    ask = say(Text("journey", "asks_longer"), heard, person=journey.person)
    told = say(Text("journey", "longer_asked"), heard, member=first)
    about = About(journey.person, Topic.JOURNEYS, 3)
    key = f"{journey.id}:longer:{heard.version}"
    return waits + Outcome(
        tells=(
            Tell(first, ask, Lane.SAFETY, about, key),
            Tell(journey.person, told, Lane.REPLY, key=f"{key}:person"),
        )
    )


def give_longer(journey: Journey, by: str, minutes: int, mark: int, now: datetime) -> Outcome:
    """Staff give so many minutes more than stood when they were asked, while nobody is alerted."""
    # A button can be forged: none gives more than this beyond the latest time there has been.
    latest = max(journey.due_at, journey.limit_at)
    stood = latest if mark > latest.timestamp() else datetime.fromtimestamp(mark, UTC)
    back = stood + timedelta(minutes=minutes)
    if _too_late(journey) or back <= now:
        return Outcome(said=say(Text("journey", "longer_too_late"), journey))
    if back <= journey.back:
        return Outcome(said=_saved(journey))
    given = replace(_longer(journey, back), limit_at=max(back, journey.limit_at))
    on_the_way = given.back_at is not None
    text = Text("pattern", "longer_given") if on_the_way else Text("journey", "longer_given")
    told = say(text, given, member=by)
    key = f"{given.id}:longer_given:{given.version}"
    return Outcome(
        said=_saved(given),
        records=(given,),
        tells=(Tell(journey.person, told, Lane.REPLY, key=key),),
        wakes=(wake(given),),
        logs=(log("journey_longer_given", given, by, minutes=minutes),),
    )


def _longer(journey: Journey, back: datetime) -> Journey:
    """A check-in on the way stands, asked for or not: only the person answers that."""
    way = journey.going, journey.point
    if journey.back_at is not None or pattern.asks_on_the_way(*way):
        due, back_at = pattern.between(journey.due_at, back)
        return replace(journey, due_at=due, back_at=back_at, version=journey.version + 1)
    return replace(moved(journey, Event.LATER), due_at=back, nudges=0, off=None)


def _saved(journey: Journey) -> Message:
    return Message(
        Text("journey", "longer_saved"), {"person": journey.person, "due": journey.due_at}
    )


def _too_late(journey: Journey) -> bool:
    return journey.state is State.HOME or journey.state in ALERTED


def _not_any_more(journey: Journey, now: datetime) -> Outcome:
    """The time cannot move any more; what was pressed is still an answer."""
    if journey.state is State.HOME:
        return ok(journey, now)
    return heard_after_alert(journey, Event.LATER, now, Text("journey", "ok_after_alert"))
