"""A second gate, written from the words of the specification and never from the first one.

It asks every question, whatever the other answers are, collects all objections and takes the
one that the specification asks first. Slow and plain, so that it can be read beside the text.
"""

from datetime import datetime, timedelta

from bot.care.agreement import (
    Agreement,
    Basis,
    Choice,
    Effect,
    Facts,
    Reason,
    Sharing,
    Situation,
    Standing,
    State,
)
from bot.care.circle import Role
from bot.care.outcome import About, Topic

Verdict = tuple[Effect, Reason]

ORDER = [
    Reason.RECIPIENT_UNKNOWN,
    Reason.RECIPIENT_LEFT,
    Reason.PERSON_LEFT,
    Reason.OTHER_TEAM,
    Reason.ROLE_NOT_NAMED,
    Reason.NOT_IN_CIRCLE,
    Reason.PAUSED,
    Reason.GUARDRAIL,
    Reason.ROLE,
    Reason.NOT_TOLD_IN_PERSON,
    Reason.ERROR,
    Reason.NO_AGREEMENT,
    Reason.LAPSED,
    Reason.NO_ROW,
    Reason.NEVER,
    Reason.BASIS,
    Reason.LEVEL,
    Reason.BEFORE,
    Reason.HELD,
    Reason.SAID_NO,
    Reason.NOT_ASKED,
]

BEATEN_BY_GLASS = set(ORDER[ORDER.index(Reason.NOT_TOLD_IN_PERSON) :])
"""What a break-glass opens: everything the person's agreement says, and nothing else."""

TWO_WEEKS = timedelta(days=14)


def judge(facts: Facts, about: About, now: datetime) -> Verdict:
    """What the gate must answer, and why."""
    try:
        return _judge(facts, about, now)
    except Exception:
        return Effect.WITHHOLD, Reason.ERROR


def _judge(facts: Facts, about: About, now: datetime) -> Verdict:
    if not isinstance(about.topic, Topic) or about.level not in (1, 2, 3):
        return Effect.WITHHOLD, Reason.ERROR
    who = facts.recipient
    if who is None or about.person != facts.person:
        return Effect.WITHHOLD, Reason.RECIPIENT_UNKNOWN
    if who.left:
        return Effect.WITHHOLD, Reason.RECIPIENT_LEFT
    if about.acting is None:
        return _as_themselves_or_staff(facts)
    if facts.person_left:
        return Effect.WITHHOLD, Reason.PERSON_LEFT
    place = [p for p in who.places if p.membership == about.acting]
    if not place:
        return Effect.WITHHOLD, Reason.NOT_IN_CIRCLE
    return _as_supporter(facts, about, place[0], now)


def _as_themselves_or_staff(facts: Facts) -> Verdict:
    assert facts.recipient is not None
    if facts.recipient.member == facts.person:
        return Effect.SHARE, Reason.OWN
    if facts.team in facts.recipient.teams:
        return Effect.SHARE, Reason.DIRECT_CARE  # alerts go on when the person leaves
    if facts.person_left:
        return Effect.WITHHOLD, Reason.PERSON_LEFT
    if facts.recipient.places:
        return Effect.WITHHOLD, Reason.ROLE_NOT_NAMED
    if facts.recipient.teams:
        return Effect.WITHHOLD, Reason.OTHER_TEAM
    return Effect.WITHHOLD, Reason.NOT_IN_CIRCLE


def _as_supporter(facts: Facts, about: About, place: Standing, now: datetime) -> Verdict:
    objections: list[Reason] = []
    if place.paused:
        objections.append(Reason.PAUSED)
    if any(g.supporter == place.membership and g.topic == about.topic for g in facts.guardrails):
        objections.append(Reason.GUARDRAIL)
    if place.role in (
        Role.PERSON,
        Role.STAFF,
        Role.ON_CALL_LEAD,
        Role.MANAGER,
        Role.SAFEGUARDING_LEAD,
    ):
        objections.append(Reason.ROLE)
    if facts.untold:
        objections.append(Reason.NOT_TOLD_IN_PERSON)

    agreements = [a for a in facts.agreements if _begun(a, facts, place, now)]
    if len(agreements) > 1:
        agreements = []
        objections.append(Reason.ERROR)
    in_date = [a for a in agreements if now < a.lapses_at]
    if not agreements:
        objections.append(Reason.NO_AGREEMENT)
    elif not in_date:
        objections.append(Reason.LAPSED)
    rows = [row for a in in_date for row in _chosen(a, facts, about, now)]
    if in_date and not rows:
        objections.append(Reason.NO_ROW)
    asking = False
    for row in rows:
        objections += _against(row, facts, about, now)
        asking = asking or row.choice is Choice.ASK
    said = {a.yes for a in facts.answers if (a.supporter, a.item) == (place.membership, about.item)}
    if asking and any(_held(a, facts, about, now) for a in in_date):
        objections.append(Reason.HELD)
    if asking and False in said:
        objections.append(Reason.SAID_NO)
    if asking and about.item is None:
        objections.append(Reason.NOT_ASKED)

    broken = about.item is not None and any(
        (g.supporter, g.item) == (place.membership, about.item) for g in facts.glasses
    )
    if broken and not set(objections) - BEATEN_BY_GLASS:
        return Effect.SHARE, Reason.BREAK_GLASS
    if objections:
        return Effect.WITHHOLD, _first(objections)
    if not asking:
        return Effect.SHARE, Reason.AGREED
    return (Effect.SHARE, Reason.SAID_YES) if said else (Effect.ASK, Reason.ASK_FIRST)


def _begun(agreement: Agreement, facts: Facts, place: Standing, now: datetime) -> bool:
    """Whether it is this person's with this supporter, pressed `Agree` on and not ended."""
    if (agreement.person, agreement.supporter) != (facts.person, place.membership):
        return False
    if agreement.state is State.DRAFT or agreement.activated_at is None:
        return False
    if agreement.state is State.ENDED and agreement.ended_at is None:
        return False
    return agreement.activated_at <= now and not (
        agreement.ended_at is not None and agreement.ended_at <= now
    )


def _chosen(agreement: Agreement, facts: Facts, about: About, now: datetime) -> list[Sharing]:
    """The rows that speak of this topic now: the gravest situation that has one."""
    on = {s.situation for s in facts.switches if s.since <= now and not s.until <= now}
    for situation in (Situation.EMERGENCY, Situation.UNWELL, Situation.EVERYDAY):
        if situation is not Situation.EVERYDAY and situation not in on:
            continue
        rows = [
            row
            for row in agreement.rows
            if row.topic == about.topic
            and row.situation is situation
            and row.since <= now
            and not (row.until is not None and row.until <= now)
        ]
        if rows:
            return rows
    return []


def _against(row: Sharing, facts: Facts, about: About, now: datetime) -> list[Reason]:
    """All that is to be said against telling it on the strength of this row."""
    found: list[Reason] = []
    if row.level not in (1, 2, 3):
        found.append(Reason.ERROR)
    if row.choice not in (Choice.SHARE, Choice.ASK):
        found.append(Reason.NEVER)
    if row.basis is Basis.CONSENT:
        stands = row.ground is None
    else:
        stands = any(
            g.id == row.ground
            and g.basis is row.basis
            and about.topic in g.topics
            and g.since <= now
            and not g.until <= now
            for g in facts.grounds
        )
    if not stands:
        found.append(Reason.BASIS)
    if about.level > row.level:
        found.append(Reason.LEVEL)
    if row.data_from is not None and (about.at is None or about.at < row.data_from):
        found.append(Reason.BEFORE)
    return found


def _held(agreement: Agreement, facts: Facts, about: About, now: datetime) -> bool:
    """Whether nobody may be asked: a capacity concern, or a review past its grace."""
    return agreement.review_at + TWO_WEEKS <= now or any(
        h.topic == about.topic and h.since <= now and not (h.until is not None and h.until <= now)
        for h in facts.holds
    )


def _first(objections: list[Reason]) -> Reason:
    return min(objections, key=ORDER.index)
