"""Alerts as they are kept, the ladder as it stands now, and the acts of those who answer."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update

from bot.care import escalation as care
from bot.care import ladder, practice
from bot.care.agreement import Decision, Effect
from bot.care.circle import Member, Role
from bot.care.escalation import Cause as Why
from bot.care.escalation import Close, Escalation, Need, State
from bot.care.ladder import Around
from bot.care.outcome import NOBODY, About, Cause, Outcome, Topic
from bot.care.plan import Rung, RungKind, Standing
from bot.store import agreement, around, circle, contact, schema
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

Follows = Callable[[Connection, Escalation, Escalation, str, datetime], Outcome]
FOLLOWS: dict[Why, Follows] = {}
"""(c, before, after, by, now): what else follows when an alert of this cause is taken or closed.
Its subject's store module says it at its end; what it answers is kept with the rest."""

Unfit = Callable[[Connection, str], Collection[str]]
UNFIT: dict[Why, Unfit] = {}
"""(c, subject): who must never hear of an alert of this cause about this subject. None is asked
or told of it, nor may they answer it; its subject's store module says who."""


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
        version=escalation.version,
    )


def escalation(c: Connection, id: str) -> Escalation | None:
    """One alert, or None when there is none of this id."""
    row = c.execute(_ONE, {"id": id}).one_or_none()
    return None if row is None else _escalation(row)


def standing(c: Connection, person: str, causes: Collection[Why]) -> list[Escalation]:
    """The alerts of these causes about this person that nobody has closed, the oldest first."""
    rows = c.execute(_STANDING, {"person": person, "causes": [cause.value for cause in causes]})
    return [_escalation(row) for row in rows]


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


# --- the ladder as it stands --------------------------------------------------------------


def those_around(
    c: Connection,
    person: str,
    rungs: tuple[Rung, ...],
    now: datetime,
    unfit: Collection[str] = (),
) -> Around:
    """Who is on each rung at this moment, and who else of the team could be told; never those
    who are `unfit`."""
    team = around.team_of(c, person)
    staff = [(role, m) for role, m in around.staff_by_role(c, team) if m.id not in unfit]
    standings = tuple(_standing(c, person, team, rung, staff, now, unfit) for rung in rungs)
    on_it = {person, *(standing.member for standing in standings)}
    on_it |= {member for standing in standings for member in standing.elsewhere}
    rest = [member for _, member in staff if member.id not in on_it]
    # Whom only another way reaches is told too: what Telegram cannot deliver goes there.
    others = [m.id for m in rest if m.reachable] + [*contact.reaches(c, rest)]
    about = circle.member(c, person)
    reachable = about is not None and about.reachable
    return Around(standings, tuple(dict.fromkeys(others)), reachable)


def around_it(c: Connection, alert: Escalation, now: datetime) -> Around:
    """The same for an alert that stands."""
    return those_around(c, alert.person, alert.rungs, now, unfit(c, alert))


def unfit(c: Connection, alert: Escalation) -> Collection[str]:
    """Who must never hear of this alert."""
    says = UNFIT.get(alert.cause)
    return () if says is None else says(c, alert.subject)


def _standing(
    c: Connection,
    person: str,
    team: str,
    rung: Rung,
    staff: Sequence[tuple[Role, Member]],
    now: datetime,
    unfit: Collection[str],
) -> Standing:
    match rung.kind:
        case RungKind.SUPPORTER:
            return _supporter(c, person, rung, now)
        case RungKind.KEY_WORKER:
            found, empty = around.key_workers(c, person), "no_key_worker"
        case RungKind.ON_CALL:
            # A gap in the rota must not be a gap in the ladder.
            leads = [m for role, m in staff if role is Role.ON_CALL_LEAD]
            found, empty = around.on_call(c, team, now) or leads, "nobody_on_call"
        case RungKind.MANAGER:
            found, empty = [m for role, m in staff if role is Role.MANAGER], "no_manager"
        case RungKind.SAFEGUARDING_LEAD:
            leads = [m for role, m in staff if role is Role.SAFEGUARDING_LEAD]
            found, empty = leads, "no_safeguarding_lead"
    others = [member for member in found if member.id not in (person, *unfit)]
    first = next((n for n, member in enumerate(others) if member.reachable), len(others))
    elsewhere = contact.reaches(c, others[:first])
    if first < len(others):
        return Standing(rung, others[first].id, elsewhere=elsewhere)
    return Standing(rung, None, "unreachable" if found else empty, elsewhere)


def _supporter(c: Connection, person: str, rung: Rung, now: datetime) -> Standing:
    """They stand on it only while the person lets them hear that much, at this moment."""
    member = None if rung.member is None else circle.member(c, rung.member)
    if member is None or around.works_for(c, member.id, person, now):
        return Standing(rung, None, "is_staff")
    decided = _asked(c, person, rung, now)
    if decided.effect is not Effect.SHARE:
        return Standing(rung, None, decided.reason.value)
    return Standing(rung, member.id) if member.reachable else Standing(rung, None, "unreachable")


def _asked(c: Connection, person: str, rung: Rung, now: datetime) -> Decision:
    assert rung.member is not None  # a supporter's rung names one
    about = About(person, Topic.JOURNEYS, 1, rung.acting, at=now)
    return agreement.ask(c, rung.member, about, now)


def at_the_start(
    c: Connection, person: str, rungs: Sequence[Rung], now: datetime
) -> tuple[Rung, ...]:
    """The rungs of a plan as an alert takes them: a supporter who is staff by now is asked as
    staff, or not at all."""
    return tuple(
        rung
        for rung in rungs
        if rung.member is None or not around.works_for(c, rung.member, person, now)
    )


def tried(c: Connection, person: str, rungs: tuple[Rung, ...], now: datetime) -> bool:
    """Whether anybody on this ladder is known to hear an alert, here or by another way."""
    ladder = those_around(c, person, rungs, now).ladder
    on_it = [standing.member for standing in ladder if standing.member is not None]
    return any(contact.tried(c, member) for member in on_it) or any(s.elsewhere for s in ladder)


# --- acts ---------------------------------------------------------------------------------


def take(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    def rule(alert: Escalation) -> Outcome:
        supporter = alert.acting(by) is not None
        keepers = around.keepers(c, alert.person, now) if supporter else ()
        return care.take(alert, by, now, keepers)

    return _act(c, id, by, rule, cause, now)


def vouch(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """A supporter who has it says: safe and well."""

    def rule(alert: Escalation) -> Outcome:
        if alert.acting(by) is None:
            return Outcome()
        return ladder.vouch(alert, by, around_it(c, alert, now), now)

    return _act(c, id, by, rule, cause, now)


def pass_on(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    def rule(alert: Escalation) -> Outcome:
        return ladder.pass_on(alert, by, around_it(c, alert, now), now)

    return _act(c, id, by, rule, cause, now)


def not_reached(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    def rule(alert: Escalation) -> Outcome:
        theirs = alert.spoken.person and alert.acting(by) is None
        return care.not_reached(alert, by, now) if theirs else Outcome()

    return _act(c, id, by, rule, cause, now)


def close(
    c: Connection, id: str, by: str, how: Close, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """Close an alert that is about no outing; `journey.close` closes those."""

    def rule(alert: Escalation) -> Outcome:
        return Outcome() if alert.spoken.person else care.close(alert, by, how, now)

    return _act(c, id, by, rule, cause, now)


def tick(
    c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """A moment of this alert is due: the next rung, or a question to whoever carries it."""
    alert = escalation(c, id)
    outcome = Outcome() if alert is None else ladder.tick(alert, around_it(c, alert, now), now)
    commit(c, called(c, outcome, now), cause, now)
    return outcome


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
    theirs = [alert for alert in waiting if not _may_answer(c, alert, member, now)]
    return _move_on(c, member, theirs, now)


def fewer(c: Connection, person: str, now: datetime) -> Outcome:
    """Somebody around this person may hear less than before: alerts that wait on them move on."""
    moved = Outcome()
    for member in around.supporters(c, person):
        moved += left(c, member, now)
    return moved


def _may_answer(c: Connection, alert: Escalation, member: str, now: datetime) -> bool:
    """Staff of the person; or a supporter who was asked, while the person lets them hear of it."""
    if member in unfit(c, alert):
        return False
    if around.works_for(c, member, alert.person, now):
        return True
    mine = [rung for rung in alert.rungs if rung.member == member and member in alert.told]
    return any(_asked(c, alert.person, rung, now).effect is Effect.SHARE for rung in mine)


def _move_on(c: Connection, member: str, alerts: list[Escalation], now: datetime) -> Outcome:
    moved = Outcome()
    for alert in alerts:
        standing = around_it(c, alert, now)
        moved += ladder.unreachable(alert, member, standing, now)
    commit(c, called(c, moved, now), NOBODY, now)
    return moved


def _waiting_on(c: Connection, member: str) -> list[Escalation]:
    rows = c.execute(
        select(table).where(
            table.c.state != State.CLOSED.value,
            or_(table.c.current == member, table.c.holder == member),
        )
    ).all()
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
    if alert is None or not _may_answer(c, alert, by, now):
        return Outcome()
    outcome = rule(alert)
    outcome = _follows(c, alert, outcome, by, now) + outcome
    commit(c, called(c, outcome, now), cause, now)
    return outcome


def _follows(
    c: Connection, before: Escalation, outcome: Outcome, by: str, now: datetime
) -> Outcome:
    says = FOLLOWS.get(before.cause)
    after = [record for record in outcome.records if isinstance(record, Escalation)]
    return Outcome() if says is None or not after else says(c, before, after[-1], by, now)


KEEP[Escalation] = keep_escalation
