"""The words a person has chosen, as they are kept, and what follows when one of them is heard."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from bot.care import escalation as alerts
from bot.care import ladder, police
from bot.care import words as care
from bot.care.escalation import Cause as Why
from bot.care.escalation import Escalation, Need
from bot.care.journey import Journey
from bot.care.outcome import NOBODY, Cause, Lane, Log, Message, Outcome, Wake
from bot.care.plan import LADDERS
from bot.care.text import Text
from bot.care.words import Hashed, How, Kind, Word
from bot.store import around, circle, concern, inbox, outbox, schema
from bot.store import escalation as escalations
from bot.store import journey as journeys
from bot.store import ladder as ladders
from bot.store import plan as plans
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.schema import flow
from bot.store.tools import KeyErased, new_id, readable, seal, unseal

table = schema.word

TALKS = {
    "word_code": timedelta(minutes=10),
    "word_second": timedelta(minutes=10),
    "word_practise": timedelta(minutes=2),
}
"""The talks in which a word is written that calls nobody, and for how long after it was asked for:
choosing takes its time; but later, or on the way, it may be meant."""

WRITTEN = frozenset({"word", "question"})
"""Their steps at which it is; what is written there is taken out of the chat."""

WHY = {How.QUIETLY: Why.DURESS, How.AT_ONCE: Why.DURESS_NOW}

ASK_AGAIN, POLICE_AFTER = 15, timedelta(minutes=60)
"""Where no plan says: minutes, and when a human is to think of 101 or 999."""

REPLY_FIRST = timedelta(seconds=2)
"""So long a silent alert waits at most for the reply to the message that raised it: were the reply
the last to leave, how long it takes would tell."""

_OF = (
    select(table)
    .where(table.c.person == bindparam("person"), table.c.ended_at.is_(None))
    .order_by(table.c.kind)
)
_ONE = select(table).where(table.c.id == bindparam("id"))
_TALK = (
    select(flow.c.id, flow.c.name, flow.c.step, flow.c.screen, flow.c.updated_at)
    .where(flow.c.chat == bindparam("chat"))
    .order_by(flow.c.updated_at.desc(), flow.c.screen.desc().nulls_last(), flow.c.id)
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Listening:
    """What a message of this person may be: one of `words`; or, in the talk `asks`, the answer to
    a question about them, which stands in the message `screen`; `fresh`: it has just been asked,
    of somebody who is not out."""

    words: tuple[Word, ...]
    asks: str | None = None
    screen: int | None = None
    fresh: bool = False


def listening(c: Connection, person: str, chat: int, now: datetime) -> Listening:
    """What to listen for in what this person writes now."""
    found = of(c, person)
    talk = c.execute(_TALK, {"chat": chat}).one_or_none()
    if talk is None or talk.name not in TALKS or talk.step not in WRITTEN:
        return Listening(found)
    lately = now - talk.updated_at <= TALKS[talk.name]
    return Listening(found, talk.id, talk.screen, lately and not out(c, person))


def out(c: Connection, person: str) -> bool:
    """Whether they are out: every word is meant then, and none is chosen."""
    return journeys.running(c, person) is not None


def of(c: Connection, person: str) -> tuple[Word, ...]:
    """The words of this person that can still be heard."""
    rows = c.execute(_OF, {"person": person})
    return tuple(found for row in rows if (found := _word(c, row)) is not None)


def word(c: Connection, id: str) -> Word | None:
    """One of anybody's, ended or not; None when there is none of this id."""
    row = c.execute(_ONE, {"id": id}).one_or_none()
    return None if row is None else _word(c, row)


def whose(c: Connection, id: str) -> str | None:
    """Whose word this is, even where nobody can read it any more."""
    row = c.execute(_ONE, {"id": id}).one_or_none()
    return None if row is None else str(row.person)


def taken(c: Connection, person: str) -> tuple[str, ...]:
    """The names and places that this person may well write: none of them can be a word."""
    plan = plans.in_force(c, person)
    places: list[str] = []
    if plan is not None:
        places += [one.name for one in plan.places]
        places += [one.name for one in plan.terms.safe_places]
        places += [one.name for one in plan.terms.points]
        places += [one.name for own in plan.terms.at_places for one in own.points]
    near = [place.member for place in around.circle_of(c, person)]
    near += [one.id for one in around.staff_of(c, around.team_of(c, person))]
    named = circle.members(c, {person, *near})
    return (*places, *(one.name for one in named))


# --- acts: the person ---------------------------------------------------------------------


def choose(
    c: Connection,
    kind: Kind,
    hashed: Hashed,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
    *,
    how: How | None = None,
    question: str = "",
) -> Outcome:
    """This is their word from now on; one chosen before is none any more."""
    _end(c, by, (kind,), now)
    fresh = Word(new_id(c), by, kind, hashed, now, how, question)
    outcome = Outcome(records=(fresh,), logs=(Log("words_changed", None, by),))
    commit(c, outcome, cause, now)
    return outcome


def forget(c: Connection, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """They have no words any more."""
    _end(c, by, Kind, now)
    outcome = Outcome(
        said=Message(Text("words", "forgotten")), logs=(Log("words_changed", None, by),)
    )
    commit(c, outcome, cause, now)
    return outcome


def _end(c: Connection, person: str, kinds: Iterable[Kind], now: datetime) -> None:
    """No words of theirs from now on. Whoever has the phone may do it: an alert that stands goes by
    what was agreed when it was raised, and that is kept until it is closed."""
    needed = [one.subject for one in escalations.standing(c, person, WHY.values())]
    theirs = (table.c.person == person) & table.c.kind.in_([kind.value for kind in kinds])
    c.execute(delete(table).where(theirs, table.c.id.not_in(needed)))
    c.execute(update(table).where(theirs, table.c.ended_at.is_(None)).values(ended_at=now))


def ring_me(c: Connection, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The code word: staff are asked at once to ring this person, out or not."""
    out = journeys.running(c, by)
    if out is not None:
        outcome = journeys.help_wanted(c, out.id, by, now, cause, Need.RING_ME)
    else:
        outcome = _open(c, by, by, Why.CALL, None, now)
        commit(c, outcome, cause, now)
    heard = any(tell.to == by for tell in outcome.tells)
    return replace(outcome, said=None if heard else Message(Text("words", "told_already")))


def signalled(
    c: Connection, id: str, by: str, now: datetime, into: int | None = None, read_as: str = ""
) -> Outcome:
    """The second word: staff are asked in silence, once the reply has left. The update in which it
    came is left open, and is from now on `read_as` (JSON): what the person reads follows from that
    alone."""
    chosen = word(c, id)
    if chosen is None or chosen.person != by or chosen.how is None or chosen.ended_at is not None:
        return Outcome()
    outcome = _open(c, by, id, WHY[chosen.how], journeys.running(c, by), now)
    commit(c, outcome, NOBODY, now)
    if into is not None:
        inbox.reword(c, into, read_as)
        _let_go(c, by, now + REPLY_FIRST)
    return outcome


def replied(c: Connection, by: str, now: datetime) -> None:
    """They have their reply, and staff may be asked; or it is on its way, and they are once it has
    left."""
    if not outbox.on_its_way(c, by, now):
        _let_go(c, by, now)


def _left(c: Connection, row: outbox.Row, now: datetime) -> None:
    """A reply about their outing has left for them: such is what answers a check-in."""
    if row.about is None and row.text.subject == "journey" and row.lane is Lane.REPLY:
        _let_go(c, row.member, now)


def _let_go(c: Connection, person: str, at: datetime) -> None:
    """What staff are asked in silence may leave then."""
    for alert in escalations.standing(c, person, WHY.values()):
        outbox.hold(c, alert.id, at)


def _open(
    c: Connection, person: str, subject: str, why: Why, out: Journey | None, now: datetime
) -> Outcome:
    """Ask the staff of the plan, or of the team where there is none; or ask anew those who are
    asked already. Supporters who are rungs are there for outings, and not for this."""
    same = WHY.values() if why in WHY.values() else (why,)
    standing = next(iter(escalations.standing(c, person, same)), None)
    if standing is not None:
        return ladder.raise_(standing, why, ladders.around_it(c, standing, now), now)
    plan = plans.in_force(c, person) if out is None else out.plan
    rungs = LADDERS["key_worker"] if plan is None else plan.staff
    fresh = Escalation(
        id=new_id(c),
        person=person,
        team=around.team_of(c, person),
        cause=why,
        subject=subject,
        state=alerts.State.OPEN,
        event_at=now,
        opened_at=now,
        rungs=rungs,
        ask_again=ASK_AGAIN if plan is None else plan.ask_again,
        police_at=now + (POLICE_AFTER if plan is None else timedelta(minutes=plan.police_after)),
    )
    apart = ladders.unfit(c, fresh, now)
    opened = ladder.open_(fresh, ladders.those_around(c, person, rungs, now, apart), now)
    silent = why in WHY.values()
    return opened + Outcome(wakes=(police.wake(fresh),) if silent else ())


# --- the alert ----------------------------------------------------------------------------


def _apart(c: Connection, subject: str, now: datetime) -> frozenset[str]:
    """Staff whom an open concern about this person's care names: the second word may be about
    them. Not if that is everybody: an alert that nobody hears is worse."""
    person = whose(c, subject) or subject
    if circle.member(c, person) is None:  # a word that went with its alert
        return frozenset()
    staff = {one.id for one in around.staff_of(c, around.team_of(c, person))}
    named = concern.apart_from(c, person, now)
    return named if staff - named else frozenset()


def _closed(
    c: Connection, _before: Escalation, after: Escalation, _by: str, now: datetime
) -> Outcome:
    """What was kept for this alert alone goes with it; a word that is theirs still is looked at
    again."""
    if after.state is not alerts.State.CLOSED:
        return Outcome()
    c.execute(delete(table).where(table.c.id == after.subject, table.c.ended_at.is_not(None)))
    return Outcome(wakes=(Wake(care.UNCHANGED, after.subject, now + care.CHANGED_BY),))


def unchanged(
    c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """A second word that was used should be another by now."""
    used, outcome = word(c, id), Outcome()
    if used is not None and _still(c, used):
        outcome = care.unchanged(used, _keepers(c, used, now), now)
    commit(c, outcome, cause, now)
    return outcome


def _still(c: Connection, used: Word) -> bool:
    """Whether it is the word of somebody who is here, and no silent alert stands: that one's end
    sets the time anew."""
    person = circle.member(c, used.person)
    here = person is not None and person.left_at is None and used.ended_at is None
    return here and not escalations.standing(c, used.person, WHY.values())


def _keepers(c: Connection, used: Word, now: datetime) -> list[str]:
    """The key worker, or whoever is there instead; never those an open concern names."""
    apart = {used.person, *_apart(c, used.id, now)}
    team = [one.id for one in around.staff_of(c, around.team_of(c, used.person))]
    groups = (around.keepers(c, used.person, now), team)
    fit = ([one for one in group if one not in apart] for group in groups)
    return next(filter(None, fit), [])


# --- rows ---------------------------------------------------------------------------------


def pack(hashed: Hashed) -> dict[str, Any]:
    """As JSON, all of it in hex."""
    return {
        "salt": hashed.salt.hex(),
        "pepper": hashed.pepper.hex(),
        "digests": _digests(hashed),
    }


def unpack(kept: dict[str, Any]) -> Hashed:
    """The reverse of `pack`."""
    digests = [bytes.fromhex(one) for one in kept["digests"]]
    salt, pepper = bytes.fromhex(kept["salt"]), bytes.fromhex(kept["pepper"])
    return Hashed(salt, pepper, digests[0], frozenset(digests))


def _digests(hashed: Hashed) -> list[str]:
    return [one.hex() for one in (hashed.exact, *sorted(hashed.slips - {hashed.exact}))]


def _keep(c: Connection, kept: Word) -> None:
    keep_row(
        c,
        table,
        id=kept.id,
        person=kept.person,
        kind=kept.kind.value,
        salt=kept.hashed.salt,
        pepper=seal(c, kept.person, kept.hashed.pepper.hex()),
        digests=_digests(kept.hashed),
        chosen_at=kept.chosen_at,
        how=None if kept.how is None else kept.how.value,
        question=seal(c, kept.person, kept.question) if kept.question else None,
        ended_at=kept.ended_at,
    )


def _word(c: Connection, row: Any) -> Word | None:
    """None once nobody can try it any more."""
    try:
        pepper = unseal(c, row.person, row.pepper)
    except KeyErased:
        return None
    hashed = unpack({"salt": row.salt.hex(), "pepper": pepper, "digests": row.digests})
    return Word(
        id=row.id,
        person=row.person,
        kind=Kind(row.kind),
        hashed=hashed,
        chosen_at=row.chosen_at,
        how=None if row.how is None else How(row.how),
        question="" if row.question is None else readable(c, row.person, row.question),
        ended_at=row.ended_at,
    )


KEEP[Word] = _keep
outbox.LEFT.append(_left)
for _why in WHY.values():
    ladders.UNFIT[_why] = _apart
    escalations.FOLLOWS[_why] = _closed
ladders.UNFIT[Why.CALL] = _apart
