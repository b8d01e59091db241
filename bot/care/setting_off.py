"""Setting off: Kith keeps time for the outing, or says kindly why it cannot. It forbids nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.care import pattern
from bot.care.journey import ALERTED, Journey, asked_at, log, say, to_person, wake
from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic, Value
from bot.care.plan import Ladder, reachable
from bot.care.terms import ACCOMPANIED
from bot.care.text import Text


def set_off(
    journey: Journey,
    running: Journey | None,
    ladder: Ladder,
    others: Sequence[str],
    ring: str | None,
    now: datetime,
    arranged: bool | None = None,
) -> Outcome:
    """Start to keep time for this outing, or not, and why. Its `due_at` is when to be back.

    `others` are staff of the person's team beside the ladder, for when no rung is reachable;
    `ring` is whom the person is asked to ring before they go, their key worker. `arranged`:
    whether somebody is there for the step of support that was agreed, as far as it was said.
    """
    if running is not None:
        return Outcome(said=already_out(running))
    if journey.due_at <= now:
        return Outcome(said=Message(Text("journey", "time_passed")))
    can_hear = reachable(ladder)
    until = now + timedelta(minutes=journey.plan.longest)
    asks = Text("journey", "cannot_keep_time"), Text("journey", "cannot_keep_time_team")
    if not can_hear:
        text, why, staff = Text("journey", "not_kept_nobody"), "nobody_reachable", others
    elif journey.due_at > until:
        text, why, staff = Text("journey", "not_kept_longer"), "longer_than_plan", can_hear[:1]
        asks = Text("journey", "cannot_keep_longer"), Text("journey", "cannot_keep_longer_team")
    else:
        off = asked_at(journey, pattern.next_check_in(journey.plan, 0, journey.due_at, now))
        return Outcome(
            records=(off,),
            tells=(to_person(off, Text("journey", "set_off")),),
            wakes=(wake(off),),
            logs=(log("journey_set_off", off, journey.person),),
        ) + _with_support(off, can_hear[0], arranged)
    return Outcome(
        said=_ring_first(*asks, staff, ring, until=until),
        tells=_tell_staff(journey.person, text, staff, journey.id, due=journey.due_at),
        logs=(log("journey_not_kept", journey, journey.person, why=why),),
    )


def _with_support(journey: Journey, first: str, arranged: bool | None) -> Outcome:
    """Where somebody else has to be there too, the first rung hears that they are on their way;
    not whoever has written it down for them."""
    if journey.plan.terms.support not in ACCOMPANIED or first == journey.set_off_by:
        return Outcome()
    text = Text("journey", "off_with") if arranged is not False else Text("journey", "off_without")
    about = About(journey.person, Topic.JOURNEYS, 3)
    told = say(text, journey, person=journey.person)
    return Outcome(
        said=Message(Text("journey", "off_told"), {"member": first}),
        tells=(Tell(first, told, Lane.REPLY, about, f"{journey.id}:support"),),
    )


def no_plan(person: str, staff: Sequence[str], ring: str | None, key: str) -> Outcome:
    """Nothing has been agreed yet: the person may still go; staff hear that they wanted to."""
    return Outcome(
        said=_ring_first(Text("journey", "no_plan"), Text("journey", "no_plan_team"), staff, ring),
        tells=_tell_staff(person, Text("journey", "not_kept_no_plan"), staff, key),
        logs=(Log("journey_not_kept", person, person, {"why": "no_plan"}),),
    )


def already_out(running: Journey) -> Message:
    """Two outings at once are one; after an alert staff speak to the person before the next."""
    if running.state in ALERTED:
        return say(Text("journey", "alert_stands"), running)
    return say(Text("journey", "already_out"), running)


def _ring_first(
    text: Text, without_key_worker: Text, staff: Sequence[str], ring: str | None, **more: Value
) -> Message:
    """What Kith says of the team is true: with nobody to tell, it says that."""
    if not staff:
        return Message(Text("journey", "cannot_keep_time_alone"))
    if ring is None:
        return Message(without_key_worker, more)
    return Message(text, {"member": ring, **more})


def _tell_staff(
    person: str, text: Text, staff: Sequence[str], key: str, **more: Value
) -> tuple[Tell, ...]:
    said = Message(text, {"person": person, **more})
    about = About(person, Topic.JOURNEYS, 2)
    return tuple(
        Tell(member, said, Lane.SAFETY, about, f"{key}:not_kept:{member}") for member in staff
    )
