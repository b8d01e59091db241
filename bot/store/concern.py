"""Concerns, disagreements and complaints as they are kept, sealed under the key of whoever wrote
them, and the acts of those who write, read and finish them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.care import complaint, ladder
from bot.care import concern as care
from bot.care import escalation as alerts
from bot.care.circle import STAFF_ROLES, Member, Membership
from bot.care.concern import Concern, Kind, Part
from bot.care.escalation import Cause as Why
from bot.care.escalation import Close, Escalation
from bot.care.outcome import NOBODY, Cause, Message, Outcome
from bot.care.plan import reachable
from bot.care.text import Text
from bot.store import around, circle, named, profile, schema
from bot.store import escalation as escalations
from bot.store import ladder as ladders
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.tools import ERASED, SERVICE, new_id, readable, seal, tools

table = schema.concern

_ONE = select(table).where(table.c.id == bindparam("id"))
_LOCKED = _ONE.with_for_update()
_OPEN = select(table).where(table.c.finished_at.is_(None)).order_by(table.c.at, table.c.id)
_OPEN_ABOUT = _OPEN.where(table.c.person == bindparam("person"))
_ALERT = select(schema.escalation.c.id).where(
    schema.escalation.c.subject == bindparam("id"),
    schema.escalation.c.cause == Why.CONCERN.value,
)


def concern(c: Connection, id: str) -> Concern | None:
    """One of them, or None when there is none of this id."""
    row = c.execute(_ONE, {"id": id}).one_or_none()
    return None if row is None else _concern(c, row)


def due_day(c: Connection, kept: Concern) -> date | None:
    """The day by which something is due, as the service reckons days."""
    return None if kept.due_at is None else kept.due_at.astimezone(tools(c).hours.zone).date()


def whose_care(c: Connection, member: str, now: datetime) -> list[tuple[Member, Membership]]:
    """Whose care this member may write about, and in which role: their own, that of whom they are
    around, or of the people their teams support."""
    held = circle.memberships(c, member)
    found = {m.person or member: m for m in held if m.role not in STAFF_ROLES}
    for team in sorted(around.works_in(c, member, now)):
        staff = [m for m in held if m.role in STAFF_ROLES]
        role = next((m for m in staff if m.team == team), staff[0])  # or standing in for a shift
        found = {**{person.id: role for person in around.people_in(c, team)}, **found}
    return [(_known_as(c, one, found[one.id]), found[one.id]) for one in circle.members(c, found)]


def _known_as(c: Connection, person: Member, held: Membership) -> Member:
    """By the name that this person wants those around them to read."""
    return replace(person, name=profile.called(c, person.id)) if held.person else person


# --- acts: whoever says that something is wrong -------------------------------------------


def raise_(
    c: Connection,
    kind: Kind,
    acting: str,
    person: str | None,
    words: str,
    wants: str | None,
    about: Sequence[str],
    now: datetime,
    cause: Cause = NOBODY,
    *,
    sent_to: Part | None = None,
) -> Outcome:
    """What they wrote is kept word for word and goes on its way. `acting` is the membership in
    which they began: it may have ended since, and what they say is heard all the same."""
    place = circle.membership(c, acting)
    if place is None or (kind is Kind.SAFETY and person is None):
        return Outcome()
    by, team = place.member, place.team if person is None else around.team_of(c, person)
    about_whom: tuple[str, ...] = ()
    if sent_to is None:  # else who it goes to is chosen, whoever is named in it
        about_whom = named.members(c, person, team, (words, wants or ""), about, now)
    fresh = Concern(
        new_id(c),
        kind,
        person,
        team,
        by,
        words,
        wants,
        tuple(about),
        about_whom,
        now,
        sent_to=sent_to,
    )
    shared = profile.profile(c, by).shared_phone
    if kind is not Kind.SAFETY:
        leads = named.leads(c, fresh, now)
        asked = any(member.reachable for member in circle.members(c, leads))
        outcome = complaint.lodge(fresh, leads, tools(c).hours.zone, asked, shared)
        commit(c, outcome, cause, now)
        return outcome
    assert person is not None
    there = ladders.those_around(c, person, care.LADDER, now, fresh.apart)
    elsewhere = any(standing.elsewhere for standing in there.ladder)
    asked = bool(reachable(there.ladder) or there.others or elsewhere)
    outcome = care.raise_(fresh, asked, shared)
    alert = Escalation(
        id=new_id(c),
        person=person,
        team=team,
        cause=Why.CONCERN,
        subject=fresh.id,
        state=alerts.State.OPEN,
        event_at=now,
        opened_at=now,
        rungs=care.LADDER,
        ask_again=care.UNTIL_READ,
        police_at=now,
    )
    outcome += ladder.open_(alert, there, now)
    commit(c, outcome, cause, now)
    return outcome


def in_front_of(c: Connection, by: str, now: datetime) -> list[Concern]:
    """What waits to be finished by this member, the oldest first."""
    rows = c.execute(_OPEN).all()
    return [kept for kept in (_concern(c, row) for row in rows) if _may_see(c, kept, by, now)]


def apart_from(c: Connection, person: str, now: datetime) -> frozenset[str]:
    """Whom the concerns about this person's care name that nobody has finished."""
    rows = c.execute(_OPEN_ABOUT, {"person": person}).all()
    return frozenset[str]().union(*(named.apart(c, _concern(c, row), now) for row in rows))


# --- acts: whoever it is put in front of --------------------------------------------------


def read(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """It is opened by somebody it was put in front of; what they read is `opened`."""

    def rule(kept: Concern) -> Outcome:
        outcome = care.read(kept, by, now)
        if kept.kind is Kind.SAFETY:
            return outcome + _has_read(c, kept, by, now)
        after = outcome.records[0] if outcome.records else kept
        if not isinstance(after, Concern) or after.due_at is None:
            return outcome
        return outcome + Outcome(wakes=(complaint.wake(after, now, tools(c).hours.zone),))

    return _act(c, id, by, rule, now, cause)


def _has_read(c: Connection, kept: Concern, by: str, now: datetime) -> Outcome:
    """Whoever holds it is on it, and asked less often from now on."""
    alert = _alert(c, kept)
    if alert is None or alert.holder != by or _unread(c, alert) is None:
        return Outcome()
    still = alerts.take(replace(alert, ask_again=care.ASK_AGAIN), by, now)
    return replace(still, said=None)


def read_first(c: Connection, kept: Concern) -> Message | None:
    """What whoever has it is told instead of finishing it: they have not read it."""
    alert = _alert(c, kept)
    said = None if alert is None else _unread(c, alert)
    return None if alert is None or said is None else alerts.message(said, alert)


def opened(c: Connection, id: str, by: str, now: datetime) -> Concern | None:
    """The words, for those alone it was put in front of."""
    kept = concern(c, id)
    return kept if kept is not None and _may_see(c, kept, by, now) else None


def acknowledge(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The lead has been in touch with whoever complained."""
    zone = tools(c).hours.zone
    return _act(c, id, by, lambda kept: complaint.acknowledge(kept, by, now, zone), now, cause)


def finish(
    c: Connection, id: str, found: str, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """It is finished: what was done, and why. Of a concern for safety the alert closes with it.

    Whoever has it no more, since they were long in writing, hears that their words are not kept.
    """
    lost = _lost(c, id, by, now)
    if lost is not None:
        commit(c, Outcome(said=lost), cause, now)
        return Outcome(said=lost)

    def rule(kept: Concern) -> Outcome:
        alert = _alert(c, kept)
        if alert is None or alert.state is alerts.State.CLOSED:
            return care.finish(kept, by, found, now)
        first = read_first(c, kept)
        if first is not None:
            return Outcome(said=first)
        closed = alerts.close(alert, by, Close.SEEN_TO, now)
        return closed + care.finish(kept, by, found, now) if closed.records else closed

    return _act(c, id, by, rule, now, cause)


def _lost(c: Connection, id: str, by: str, now: datetime) -> Message | None:
    """What somebody is told who was asked about it, and in whose hands it is not."""
    kept = concern(c, id)
    if kept is None or by in named.apart(c, kept, now) or _may_see(c, kept, by, now):
        return None
    alert = _answers(c, kept, by, now)
    if alert is None or by not in alert.told:
        return None
    if kept.finished_at is not None:
        return Message(Text("concern", "finished_already"))
    return alerts.message(Text("concern", "not_kept"), alert)


def _act(
    c: Connection,
    id: str,
    by: str,
    rule: Callable[[Concern], Outcome],
    now: datetime,
    cause: Cause,
) -> Outcome:
    row = c.execute(_LOCKED, {"id": id}).one_or_none()
    kept = None if row is None else _concern(c, row)
    if kept is None:
        return Outcome()
    outcome = rule(kept) if _may_see(c, kept, by, now) else Outcome()
    commit(c, outcome, cause, now)
    return outcome


def _may_see(c: Connection, kept: Concern, by: str, now: datetime) -> bool:
    """Only those who must know: of a concern for safety whoever has taken it on."""
    if kept.kind is not Kind.SAFETY:
        before = by in kept.told and kept.team in around.works_in(c, by, now)
    else:
        alert = _answers(c, kept, by, now)
        before = alert is not None and by in (alert.holder, alert.closed_by)
    return before and by not in named.apart(c, kept, now)


def _answers(c: Connection, kept: Concern, by: str, now: datetime) -> Escalation | None:
    """The alert of a concern, if this member works for the person as they are supported now."""
    if kept.person is None or not around.works_for(c, by, kept.person, now):
        return None
    return _alert(c, kept)


def _alert(c: Connection, kept: Concern) -> Escalation | None:
    id = c.execute(_ALERT, {"id": kept.id}).scalar_one_or_none()
    return None if id is None else escalations.escalation(c, id)


# --- acts: time ---------------------------------------------------------------------------


def due(c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """A disagreement or a complaint waits: its leads are asked again."""
    kept = concern(c, id)
    outcome = (
        Outcome()
        if kept is None
        else complaint.remind(kept, named.leads(c, kept, now), now, tools(c).hours.zone)
    )
    commit(c, outcome, cause, now)
    return outcome


# --- with the alert -----------------------------------------------------------------------


def unfit(c: Connection, subject: str, now: datetime) -> frozenset[str]:
    """Who must never hear of this one's alert."""
    kept = concern(c, subject)
    return frozenset() if kept is None else named.apart(c, kept, now)


def follows(
    c: Connection, before: Escalation, after: Escalation, by: str, now: datetime
) -> Outcome:
    """Whoever takes it on has to read it, whoever has read it before. However its alert is closed,
    whoever wrote it hears that it is finished."""
    if after.state is alerts.State.CLOSED:
        kept = concern(c, after.subject)
        return Outcome() if kept is None else care.finish(kept, by, None, now)
    if after.holder in (None, before.holder):
        return Outcome()
    soon = now + timedelta(minutes=care.UNTIL_READ)
    fresh = replace(after, ask_again=care.UNTIL_READ, due_at=soon)
    return Outcome(records=(fresh,), wakes=(alerts.wake(fresh),))


def _unread(_c: Connection, alert: Escalation) -> Text | None:
    """What its holder is told who would close it and has not read it."""
    if alert.state is alerts.State.CLOSED or alert.ask_again != care.UNTIL_READ:
        return None
    return Text("concern", "read_first")


def _nobody(c: Connection, alert: Escalation, _now: datetime) -> Outcome:
    """Whoever wrote it read that somebody is asked: they hear, once, that it is nobody now."""
    kept = concern(c, alert.subject)
    if kept is None or kept.read_at is not None or not alert.told:
        return Outcome()
    text = care.RECEIPTS[False, profile.profile(c, kept.by).shared_phone]
    return Outcome(tells=(care.to_writer(kept, text),))


# --- rows ---------------------------------------------------------------------------------


def _keep(c: Connection, kept: Concern) -> None:
    """What was written never changes: only what became of it."""
    written: dict[str, object] = {}
    if c.execute(_ONE, {"id": kept.id}).first() is None:
        words = {"words": kept.words, "wants": kept.wants, "about": kept.about}
        written = {
            "kind": kept.kind.value,
            "person": kept.person,
            "team": kept.team,
            "by": kept.by,
            "words": seal(c, kept.by, json.dumps(words)),
            "named": list(kept.named),
            "at": kept.at,
            "sent_to": None if kept.sent_to is None else kept.sent_to.value,
        }
    keep_row(
        c,
        table,
        id=kept.id,
        **written,
        told=list(kept.told),
        due_at=kept.due_at,
        read_by=kept.read_by,
        read_at=kept.read_at,
        acknowledged_by=kept.acknowledged_by,
        acknowledged_at=kept.acknowledged_at,
        finished_by=kept.finished_by,
        finished_at=kept.finished_at,
        found=None if kept.found is None else seal(c, SERVICE, kept.found),
    )


def _concern(c: Connection, row: Any) -> Concern:
    sealed = readable(c, row.by, row.words)
    words: dict[str, Any] = {"words": ERASED, "wants": None, "about": ()}
    if sealed != ERASED:
        words = json.loads(sealed)
    return Concern(
        id=row.id,
        kind=Kind(row.kind),
        person=row.person,
        team=row.team,
        by=row.by,
        words=words["words"],
        wants=words["wants"],
        about=tuple(words["about"]),
        named=tuple(row.named),
        at=row.at,
        told=tuple(row.told),
        due_at=row.due_at,
        read_by=row.read_by,
        read_at=row.read_at,
        acknowledged_by=row.acknowledged_by,
        acknowledged_at=row.acknowledged_at,
        finished_by=row.finished_by,
        finished_at=row.finished_at,
        found=None if row.found is None else readable(c, SERVICE, row.found),
        sent_to=None if row.sent_to is None else Part(row.sent_to),
    )


KEEP[Concern] = _keep
ladders.UNFIT[Why.CONCERN] = unfit
escalations.FOLLOWS[Why.CONCERN] = follows
escalations.READ_FIRST[Why.CONCERN] = _unread
escalations.NOBODY_LEFT[Why.CONCERN] = _nobody
