"""Alerts as they are kept, the ladder as it stands now, and the acts of those who answer."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update

from bot.care import escalation as care
from bot.care import ladder, police, practice
from bot.care.agreement import Effect
from bot.care.circle import Member, Role
from bot.care.escalation import Cause as Why
from bot.care.escalation import Close, Escalation, Need, State
from bot.care.ladder import Around
from bot.care.outcome import NOBODY, Cause, Lane, Outcome
from bot.care.plan import Rung, RungKind
from bot.care.spoken import DURESS, OUTING
from bot.care.text import Text
from bot.store import around, schema, spot
from bot.store import ladder as ladders
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.rung import called
from bot.store.schema import escalation as table
from bot.store.tools import new_id

_ONE = select(table).where(table.c.id == bindparam("id"))
_STANDING = (
    select(table)
    .where(
        table.c.person == bindparam("person"),
        table.c.cause.in_(bindparam("causes", expanding=True)),
        table.c.state != State.CLOSED.value,
    )
    .order_by(table.c.opened_at, table.c.id)
)
_LATELY = (
    select(table.c.id)
    .where(
        table.c.person == bindparam("person"),
        table.c.cause.in_(bindparam("causes", expanding=True)),
        or_(table.c.state != State.CLOSED.value, table.c.opened_at > bindparam("since")),
    )
    .limit(1)
)

_WAITING_ON = select(table).where(
    table.c.state != State.CLOSED.value,
    or_(table.c.current == bindparam("member"), table.c.holder == bindparam("member")),
)

NOBODY_FIT = timedelta(hours=1)
"""How soon an alert from which all of the team are kept is tried again."""

Follows = Callable[[Connection, Escalation, Escalation, str, datetime], Outcome]
FOLLOWS: dict[Why, Follows] = {}
"""(c, before, after, by, now): what else follows when an alert of this cause is taken or closed.
Its subject's store module says it at its end; what it answers is kept with the rest."""

READ_FIRST: dict[Why, Callable[[Connection, Escalation], Text | None]] = {}
"""What its holder is told instead of closing it, while there is something in it to be read: the
press shows it to them."""

NOBODY_LEFT: dict[Why, Callable[[Connection, Escalation, datetime], Outcome]] = {}
"""What else follows when an alert of this cause moves on and none of the team can be told."""

Step = Callable[[Connection, Escalation, Outcome, datetime], Outcome]
STEP: dict[Why, Step] = {}
"""(c, before, climbed, now): what becomes of a step up the ladder of an alert of this cause."""


def keep_escalation(c: Connection, escalation: Escalation) -> None:
    keep_row(
        c,
        table,
        id=escalation.id,
        person=escalation.person,
        team=escalation.team,
        cause=escalation.cause.value,
        subject=escalation.subject,
        state=escalation.state.value,
        event_at=escalation.event_at,
        opened_at=escalation.opened_at,
        rungs=pack_rungs(escalation.rungs),
        ask_again=escalation.ask_again,
        police_at=escalation.police_at,
        rung=escalation.rung,
        round=escalation.round,
        told=list(escalation.told),
        current=escalation.current,
        need=escalation.need and escalation.need.value,
        holder=escalation.holder,
        held_at=escalation.held_at,
        asked=escalation.asked,
        answered_at=escalation.answered_at,
        due_at=escalation.due_at,
        outcome=escalation.outcome and escalation.outcome.value,
        closed_at=escalation.closed_at,
        closed_by=escalation.closed_by,
        police_told_at=escalation.police_told_at,
        police_told_by=escalation.police_told_by,
        lost=escalation.lost,
        version=escalation.version,
    )
    if escalation.closed_at is not None:
        spot.over(c, escalation.person, escalation.closed_at)


def escalation(c: Connection, id: str) -> Escalation | None:
    """One alert, or None when there is none of this id."""
    row = c.execute(_ONE, {"id": id}).one_or_none()
    return None if row is None else _escalation(row)


def standing(c: Connection, person: str, causes: Collection[Why]) -> list[Escalation]:
    """The alerts of these causes about this person that nobody has closed, the oldest first."""
    rows = c.execute(_STANDING, {"person": person, "causes": [cause.value for cause in causes]})
    return [_escalation(row) for row in rows]


def lately(c: Connection, person: str, causes: Collection[Why], since: datetime) -> bool:
    """Whether an alert of these causes about this person stands, or one was opened since then."""
    asked = {"person": person, "causes": [cause.value for cause in causes], "since": since}
    return c.execute(_LATELY, asked).first() is not None


def _escalation(row: Any) -> Escalation:
    return Escalation(
        id=row.id,
        person=row.person,
        team=row.team,
        cause=Why(row.cause),
        subject=row.subject,
        state=State(row.state),
        event_at=row.event_at,
        opened_at=row.opened_at,
        rungs=unpack_rungs(row.rungs),
        ask_again=row.ask_again,
        police_at=row.police_at,
        rung=row.rung,
        round=row.round,
        told=tuple(row.told),
        current=row.current,
        need=row.need and Need(row.need),
        holder=row.holder,
        held_at=row.held_at,
        asked=row.asked,
        answered_at=row.answered_at,
        due_at=row.due_at,
        outcome=row.outcome and Close(row.outcome),
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        police_told_at=row.police_told_at,
        police_told_by=row.police_told_by,
        lost=row.lost,
        version=row.version,
    )


def pack_rungs(rungs: Sequence[Rung]) -> list[list[Any]]:
    """As JSON: the kind, the wait; of a supporter, who and through which place besides."""
    return [
        [rung.kind.value, rung.wait, *(v for v in (rung.member, rung.acting) if v is not None)]
        for rung in rungs
    ]


def unpack_rungs(rows: Sequence[Sequence[Any]]) -> tuple[Rung, ...]:
    """The reverse of `pack_rungs`."""
    return tuple(Rung(RungKind(kind), *more) for kind, *more in rows)


# --- acts ---------------------------------------------------------------------------------


def take(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    def rule(alert: Escalation) -> Outcome:
        supporter = alert.acting(by) is not None
        keepers = around.keepers(c, alert.person, now) if supporter else ()
        taken = care.take(alert, by, now, keepers)
        late = alert.holder not in (None, by) and alert.state is not State.CLOSED
        if late and not taken.records:
            return taken + Outcome(logs=(care.log("escalation_already_held", alert, by),))
        return taken

    return _act(c, id, by, rule, cause, now)


def vouch(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """A supporter who has it says: safe and well."""

    def rule(alert: Escalation) -> Outcome:
        if alert.acting(by) is None:
            return Outcome()
        return ladder.vouch(alert, by, ladders.around_it(c, alert, now), now)

    return _act(c, id, by, rule, cause, now)


def pass_on(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    def rule(alert: Escalation) -> Outcome:
        passed = ladder.pass_on(alert, by, ladders.around_it(c, alert, now), now)
        return passed + _open_again(alert, passed)

    return _act(c, id, by, rule, cause, now)


def _open_again(before: Escalation, after: Outcome) -> Outcome:
    """Nobody of staff has it any more, and a supporter alone is asked: staff who read that they
    need do nothing hear that it is open, at once."""
    freed = [one for one in after.records if isinstance(one, Escalation) and one.holder is None]
    if before.holder is None or not freed or freed[-1].current is None:
        return Outcome()
    alert, had, asked = freed[-1], before.holder, freed[-1].current
    if alert.acting(asked) is None:
        return Outcome()
    others = [m for m in before.told if m not in (had, asked) and alert.acting(m) is None]
    again = Text("escalation", "open_again")
    return Outcome(tells=tuple(care.to_told(alert, to, again, before=had) for to in others))


def not_reached(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    def rule(alert: Escalation) -> Outcome:
        theirs = alert.spoken.person and alert.acting(by) is None
        return care.not_reached(alert, by, now) if theirs else Outcome()

    return _act(c, id, by, rule, cause, now)


def police_told(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`I have rung 101 or 999`: of staff, whether they have it or not."""

    def rule(alert: Escalation) -> Outcome:
        if alert.spoken not in (OUTING, DURESS) or alert.acting(by) is not None:
            return Outcome()
        apart = {alert.person, *ladders.unfit(c, alert, now)}
        managers = [one.id for one in around.staff_of(c, alert.team, Role.MANAGER)]
        return police.told(alert, by, now, [one for one in managers if one not in apart])

    return _act(c, id, by, rule, cause, now)


def close(
    c: Connection, id: str, by: str, how: Close, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """Close an alert that is about no outing; `journey.close` closes those."""

    def rule(alert: Escalation) -> Outcome:
        closed = Outcome() if alert.spoken.person else care.close(alert, by, how, now)
        first = READ_FIRST.get(alert.cause)
        said = None if first is None or not closed.records else first(c, alert)
        return closed if said is None else _held_still(alert, said, by, now)

    return _act(c, id, by, rule, cause, now)


def _held_still(alert: Escalation, said: Text, by: str, now: datetime) -> Outcome:
    """It stays with them; what they are told comes after what they are shown."""
    still = care.take(alert, by, now)
    tells = (care.to_told(alert, by, said, Lane.REPLY),)
    return replace(still, said=None, tells=tells)


def tick(
    c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """A moment of this alert is due: the next rung, or a question to whoever carries it."""
    alert = escalation(c, id)
    outcome = Outcome()
    if alert is not None:
        there = ladders.around_it(c, alert, now)
        climbed = ladder.tick(alert, there, now)
        outcome = _rarely(c, alert, climbed + _open_again(alert, climbed), now)
        outcome = _stepped(c, alert, outcome, now) + _nobody_left(c, alert, there, now)
    commit(c, called(c, outcome, now), cause, now)
    return outcome


def _rarely(c: Connection, alert: Escalation, outcome: Outcome, now: datetime) -> Outcome:
    """Where all of the team are kept from it, only somebody new can be asked: it is tried again
    each hour, and the ledger says so once."""
    tried = [record for record in outcome.records if isinstance(record, Escalation)]
    if not tried or tried[-1].holder or tried[-1].current:
        return outcome
    if not ladders.kept_from_all(c, alert, now):
        return outcome
    later = replace(tried[-1], due_at=now + NOBODY_FIT)
    logs = outcome.logs if alert.current or not alert.asked else ()
    return replace(outcome, records=(later,), wakes=(care.wake(later),), logs=logs)


def _stepped(c: Connection, before: Escalation, climbed: Outcome, now: datetime) -> Outcome:
    step = STEP.get(before.cause)
    return climbed if step is None else step(c, before, climbed, now)


def _nobody_left(c: Connection, alert: Escalation, there: Around, now: datetime) -> Outcome:
    says = NOBODY_LEFT.get(alert.cause)
    if says is None or alert.state is State.CLOSED or not ladders.nobody(there):
        return Outcome()
    return says(c, alert, now)


def undeliverable(c: Connection, member: str, now: datetime, alert: str | None = None) -> Outcome:
    """This member cannot be told of an alert: if it waits on them it moves on at once.

    Without `alert` they can be told nothing: all that wait on them move on.
    """
    waiting = [each for each in _waiting_on(c, member) if alert in (None, each.id)]
    return _move_on(c, member, waiting, now)


def shut_out(c: Connection, member: str, now: datetime) -> Outcome:
    """This member has blocked Kith: whoever counts on them hears of it, and alerts move on."""
    return around.mark_unreachable(c, member, now) + undeliverable(c, member, now)


def left(c: Connection, member: str, now: datetime) -> Outcome:
    """A role of this member has ended, or what somebody shares with them: alerts about people
    they work for no more, or may not hear of any more, move on."""
    waiting = _waiting_on(c, member)
    theirs = [alert for alert in waiting if not may_answer(c, alert, member, now)]
    return _move_on(c, member, theirs, now)


def fewer(c: Connection, person: str, now: datetime) -> Outcome:
    """Somebody around this person may hear less than before: alerts that wait on them move on."""
    moved = Outcome()
    for member in around.supporters(c, person):
        moved += left(c, member, now)
    return moved


def may_answer(c: Connection, alert: Escalation, member: str, now: datetime) -> bool:
    """Staff of the person; or a supporter who was asked, while the person lets them hear of it."""
    if member in ladders.unfit(c, alert, now):
        return False
    if around.works_for(c, member, alert.person, now):
        return True
    mine = [rung for rung in alert.rungs if rung.member == member and member in alert.told]
    return any(ladders.may_hear(c, alert.person, rung, now).effect is Effect.SHARE for rung in mine)


def _move_on(c: Connection, member: str, alerts: list[Escalation], now: datetime) -> Outcome:
    moved = Outcome()
    for alert in alerts:
        standing = ladders.around_it(c, alert, now)
        moved += _stepped(c, alert, ladder.unreachable(alert, member, standing, now), now)
        moved += _nobody_left(c, alert, standing, now)
    commit(c, called(c, moved, now), NOBODY, now)
    return moved


def _waiting_on(c: Connection, member: str) -> list[Escalation]:
    rows = c.execute(_WAITING_ON, {"member": member}).all()
    return [_escalation(row) for row in rows]


def colleagues(c: Connection, member: str, now: datetime) -> list[Member]:
    """Everybody else who works in this member's teams."""
    return [m for m in _near(c, member, now) if m.id != member]


def _near(c: Connection, member: str, now: datetime) -> list[Member]:
    """Everybody who works in this member's teams; nobody for one who is no staff."""
    teams = around.works_in(c, member, now)
    return list({m.id: m for team in sorted(teams) for m in around.staff_of(c, team)}.values())


def practise(c: Connection, to: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """A marked practice alert to oneself or a colleague."""
    near = {m.id: m for m in _near(c, by, now)}
    if to not in near:
        return Outcome()
    outcome = practice.send(to, by, near[to].reachable, new_id(c))
    commit(c, outcome, cause, now)
    return outcome


def practised(
    c: Connection, asked_by: str, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """`I've got this` on a practice alert: whoever sent it hears that it arrived."""
    if asked_by not in {m.id for m in _near(c, by, now)}:
        return Outcome()
    outcome = practice.seen(asked_by, by, new_id(c))
    seen = update(schema.member).where(schema.member.c.id == by)
    c.execute(seen.values(alert_seen_at=now))
    commit(c, outcome, cause, now)
    return outcome


def _act(
    c: Connection,
    id: str,
    by: str,
    rule: Callable[[Escalation], Outcome],
    cause: Cause,
    now: datetime,
) -> Outcome:
    """A tap of somebody who is asked about this person; anybody else's changes nothing."""
    alert = escalation(c, id)
    if alert is None or alert.cause is Why.DRILL or not may_answer(c, alert, by, now):
        return Outcome()
    outcome = followed(c, alert, rule(alert), by, now)
    commit(c, called(c, outcome, now), cause, now)
    return outcome


def followed(
    c: Connection, before: Escalation, outcome: Outcome, by: str, now: datetime
) -> Outcome:
    """What somebody's act on an alert comes to, with what else follows from it."""
    says = FOLLOWS.get(before.cause)
    acted = [record for record in outcome.records if isinstance(record, Escalation)]
    if says is None or not acted:
        return outcome
    after = says(c, before, acted[-1], by, now)
    # What they are shown comes before what they are told; what follows has the last word on how
    # it is kept.
    records, wakes = outcome.records + after.records, outcome.wakes + after.wakes
    return replace(after + outcome, records=records, wakes=wakes)


KEEP[Escalation] = keep_escalation
