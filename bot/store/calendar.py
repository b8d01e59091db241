"""What was noticed, as far as one reader may see it; without anybody's words."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.care import calendar as care
from bot.care.calendar import READING, Calendar
from bot.care.outcome import NOBODY, Cause, Lane, Message, Outcome, Tell, Value
from bot.care.sign import Sign, Voice
from bot.store import circle, noticing, observation, sign, sign_plan
from bot.store.commit import commit
from bot.store.tools import new_id, tools

_EARLIER = timedelta(days=8)
"""One that speaks of a week was said so much later at most."""


def look(
    c: Connection, person: str, held: str, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """Somebody wants to see it, in one of their roles (a membership): a message leaves by the way
    out, which asks what they may see."""
    place = circle.membership(c, held)
    if place is None or place.member != by or place.until is not None:
        return Outcome()
    of: dict[str, Value] = {"of": person, "place": held}
    tell = Tell(by, Message(READING, of), Lane.REPLY, key=f"{new_id(c)}:signs")
    outcome = Outcome(tells=(tell,))
    commit(c, outcome, cause, now)
    return outcome


def calendar(
    c: Connection,
    person: str,
    reader: str,
    voice: Voice,
    something_else: str,
    now: datetime,
    *,
    shared: bool,
) -> Calendar:
    """The last four weeks as this reader may see them, who reads as one of the three voices.

    `shared`: what the gate says to somebody around the person.
    """
    noticed = observation.of(c, person, now - care.SPAN - _EARLIER, words=False)
    seen = [one for one in noticed if care.may_see(one, reader, voice, shared)]
    plan = sign.active(c, person)
    if plan is not None and voice is Voice.CARER and not shared:  # by the names they were shown
        plan = replace(plan, signs=_known(c, person, reader, now))
    names: dict[str, str] = {}
    for id, version in {one.sign: one.plan for one in seen if one.sign is not None}.items():
        if plan is not None and plan.sign(id) is not None:
            continue
        before = None if version is None else sign.of_version(c, version)
        card = None if before is None else before.sign(id)
        if card is not None:
            names[id] = card.name
    return care.calendar(plan, names, seen, something_else, now, tools(c).hours.zone)


def _known(c: Connection, person: str, reader: str, now: datetime) -> tuple[Sign, ...]:
    """The cards in force that somebody around the person is shown anyway."""
    places = [one for one in circle.memberships(c, reader) if one.person == person]
    return tuple(card for place in places for card in noticing.cards(c, place, person, now))


def voice_of(c: Connection, person: str, reader: str, held: str, now: datetime) -> Voice | None:
    """As whom this member reads in that role; None: not at all."""
    place = circle.membership(c, held)
    if place is None or place.member != reader or place.until is not None:
        return None
    if place.person == person:
        return Voice.CARER
    return sign_plan.writes(c, person, reader, now)
