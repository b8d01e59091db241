"""How somebody's outings have gone, read from what stands: no record of its own."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, select

from bot.care import outings as care
from bot.care.escalation import Cause as Why
from bot.care.outcome import NOBODY, Cause, Lane, Message, Outcome, Tell, Value
from bot.care.outings import READING, SPAN, Outing, Outings, Rating
from bot.care.sign import Voice
from bot.care.stepping import State
from bot.store import around, circle, ledger
from bot.store.commit import commit
from bot.store.schema import (
    Moment,
    afterwards,
    escalation,
    journey,
    membership,
    stepping,
    worry,
)
from bot.store.tools import new_id, tools

_OVER = (
    select(
        journey.c.id,
        journey.c.ended_at,
        journey.c.late,
        journey.c.feeling,
        escalation.c.cause,
        escalation.c.id.label("alert"),
        escalation.c.opened_at,
        afterwards.c.worried,
        afterwards.c.shown,
        exists()
        .where(
            stepping.c.person == journey.c.person,
            stepping.c.journey == journey.c.id,
            stepping.c.state == State.FORGOTTEN.value,
        )
        .label("forgotten"),
    )
    .join(escalation, escalation.c.id == journey.c.escalation, isouter=True)
    .join(afterwards, afterwards.c.journey == journey.c.id, isouter=True)
    .where(
        journey.c.person == bindparam("person"),
        journey.c.ended_at >= bindparam("since", type_=Moment),
        journey.c.ended_at <= bindparam("until", type_=Moment),
    )
    .order_by(journey.c.ended_at, journey.c.id)
)
_RATED = (
    select(membership.c.member, worry.c.answered_at, worry.c.worry)
    .join(membership, membership.c.id == worry.c.supporter)
    .where(
        worry.c.person == bindparam("person"),
        worry.c.answered_at >= bindparam("since", type_=Moment),
        worry.c.worry.is_not(None),
    )
    .order_by(worry.c.answered_at, worry.c.id)
)


def over(c: Connection, person: str, until: datetime) -> list[Outing]:
    """The outings of the last weeks that were over by then, the oldest first."""
    rows = c.execute(_OVER, {"person": person, "since": until - SPAN, "until": until}).all()
    opened = min((row.opened_at for row in rows if row.alert is not None), default=until)
    taken = ledger.first(c, "escalation_taken", "escalation", opened, person)
    return [
        Outing(
            journey=row.id,
            at=row.ended_at,
            went=care.went(
                None if row.cause is None else Why(row.cause),
                late=row.late,
                forgotten=bool(row.forgotten),
            ),
            feeling=row.feeling,
            worried=bool(row.worried),
            shown=bool(row.shown),
            taken_after=taken[row.alert] - row.opened_at if row.alert in taken else None,
        )
        for row in rows
    ]


def outings(
    c: Connection, person: str, reader: str, voice: Voice, now: datetime, *, details: bool = True
) -> Outings:
    """As this reader may see them, who reads as one of the three voices."""
    asked = {"person": person, "since": now - SPAN}
    ratings = (Rating(row.member, row.answered_at, row.worry) for row in c.execute(_RATED, asked))
    zone = tools(c).hours.zone
    every = Outings(
        first=(now - SPAN).astimezone(zone).date(),
        last=now.astimezone(zone).date(),
        outings=tuple(over(c, person, now)),
        ratings=tuple(ratings),
    )
    return care.seen_by(every, voice, reader, details=details)


def voice_of(c: Connection, person: str, reader: str, held: str, now: datetime) -> Voice | None:
    """As whom this member reads in that role (a membership); None: not at all."""
    place = circle.membership(c, held)
    if place is None or place.member != reader or place.until is not None:
        return None
    if reader == person:
        return Voice.PERSON
    if place.person == person:
        return Voice.CARER
    return Voice.STAFF if _works_for(c, reader, person, now) else None


def _works_for(c: Connection, reader: str, person: str, now: datetime) -> bool:
    try:
        return around.works_for(c, reader, person, now)
    except LookupError:  # nobody who is supported here
        return False


def look(
    c: Connection, person: str, held: str, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """Somebody wants to see them, in one of their roles: a message leaves by the way out, which
    asks what they may see."""
    if voice_of(c, person, by, held, now) is None:
        return Outcome()
    of: dict[str, Value] = {"of": person, "place": held}
    tell = Tell(by, Message(READING, of), Lane.REPLY, key=f"{new_id(c)}:outings")
    outcome = Outcome(tells=(tell,))
    commit(c, outcome, cause, now)
    return outcome
