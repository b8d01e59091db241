"""Practice of a ladder as it is kept, and the acts of those who want, allow and answer it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from bot.care import drill as care
from bot.care import escalation as alerts
from bot.care.agreement import Effect
from bot.care.drill import Asked, Drill
from bot.care.drill import Why as Over
from bot.care.escalation import Cause as Why
from bot.care.escalation import Escalation
from bot.care.ladder import Around
from bot.care.news import replaced
from bot.care.outcome import NOBODY, Cause, Log, Message, Outcome
from bot.care.plan import Plan, reachable
from bot.care.spoken import OUTING
from bot.care.text import Text
from bot.store import around, circle, journey, news, plan
from bot.store import escalation as escalations
from bot.store import ladder as ladders
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.rung import called
from bot.store.schema import drill as table
from bot.store.schema import practises
from bot.store.tools import insert, new_id

_ONE = select(table).where(table.c.id == bindparam("id"))
_NEWEST = (
    select(table)
    .where(table.c.person == bindparam("person"))
    .order_by(table.c.asked_at.desc(), table.c.id)
    .limit(1)
)

REAL = frozenset(why for why in Why if alerts.SPOKEN.get(why, OUTING).person)
"""The causes for which no practice begins or goes on. Of any other the person may not know, and
must not learn it by a practice that is refused."""


def drill(c: Connection, id: str) -> Drill | None:
    """One practice, or None when there is none of this id."""
    row = c.execute(_ONE, {"id": id}).one_or_none()
    return None if row is None else _drill(row)


def newest(c: Connection, person: str) -> Drill | None:
    """The latest practice of this person's ladder, whatever became of it."""
    row = c.execute(_NEWEST, {"person": person}).one_or_none()
    return None if row is None else _drill(row)


@dataclass(frozen=True, slots=True)
class Place:
    """A supporter's place as a rung of somebody's plan; `willing`: they take part in practice."""

    membership: str
    person: str
    willing: bool


def places(c: Connection, member: str, now: datetime) -> list[Place]:
    """Where this member is a rung of a plan in force, as a supporter, and the person lets them
    hear of outings at this moment: to any other there is no plan."""
    found = []
    for held in circle.memberships(c, member):
        person = held.person
        agreed = None if person is None else plan.in_force(c, person)
        rungs = () if agreed is None else agreed.rungs
        rung = next((rung for rung in rungs if rung.acting == held.id), None)
        if person is None or rung is None:
            continue
        if ladders.may_hear(c, person, rung, now).effect is Effect.SHARE:
            found.append(Place(held.id, person, held.id in willing(c, [held.id])))
    return found


def willing(c: Connection, memberships: Sequence[str]) -> list[str]:
    """Those of these places whose supporters said yes to practice."""
    said_yes = select(practises.c.membership).where(practises.c.membership.in_(memberships))
    return list(c.execute(said_yes).scalars())


# --- acts ---------------------------------------------------------------------------------


def ask(c: Connection, person: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """Staff who are there for the person would like to practise; the person is asked first."""
    if person not in {one.id for one in around.people_supported(c, by)}:
        return Outcome()
    if plan.in_force(c, person) is None:
        return _done(c, Outcome(said=Message(Text("drill", "no_plan"))), cause, now)
    return _done(c, care.ask(Drill(new_id(c), person, by, now), _open(c, person)), cause, now)


def begin_own(c: Connection, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The person wants to practise, now."""
    running = _open(c, by)
    if running is not None and running.state is care.State.RUNNING:
        said = Message(Text("drill", "runs_already"), {"person": by})
        return _done(c, Outcome(said=said), cause, now)
    return _begin(c, Drill(new_id(c), by, by, now), by, now, cause)


def agree(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The person says: yes, now."""
    found = drill(c, id)
    if found is None or found.person != by:
        return Outcome()
    return _begin(c, found, by, now, cause)


def decline(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    found = drill(c, id)
    return Outcome() if found is None else _done(c, care.decline(found, by), cause, now)


def _begin(c: Connection, asked: Drill, by: str, now: datetime, cause: Cause) -> Outcome:
    agreed = plan.in_force(c, asked.person)
    if agreed is None:
        return _done(c, Outcome(said=Message(Text("drill", "no_plan"))), cause, now)
    out = journey.running(c, asked.person) is not None
    real = bool(escalations.standing(c, asked.person, REAL))
    no = care.why_not(asked, by, out, real, now)
    if no is not None:
        return _done(c, Outcome(said=Message(no)), cause, now)
    alert = _alert(c, asked, agreed, now)
    there = ladders.around_it(c, alert, now)
    if not reachable(there.ladder) and not any(one.elsewhere for one in there.ladder):
        return _done(c, Outcome(said=Message(Text("drill", "nobody"))), cause, now)
    return _done(c, care.begin(asked, alert, there, now), cause, now)


def _alert(c: Connection, asked: Drill, agreed: Plan, now: datetime) -> Escalation:
    return Escalation(
        id=asked.id,
        person=asked.person,
        team=around.team_of(c, asked.person),
        cause=Why.DRILL,
        subject=asked.id,
        state=alerts.State.OPEN,
        event_at=now,
        opened_at=now,
        rungs=ladders.at_the_start(c, asked.person, agreed.rungs, now),
        ask_again=agreed.ask_again,
        police_at=now,  # no word of a practice speaks of the police
    )


def answer(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`I've got this` in a practice, by one who was asked in it."""
    found, alert = drill(c, id), escalations.escalation(c, id)
    if found is None or alert is None or not escalations.may_answer(c, alert, by, now):
        return Outcome()
    there = ladders.around_it(c, alert, now)
    outcome = care.answer(found, alert, by, there, now)
    return _done(c, _made_way(c, alert, outcome, now), cause, now)


def stop(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The person ends it."""
    found, alert = drill(c, id), escalations.escalation(c, id)
    if found is None or alert is None:
        return Outcome()
    return _done(c, _over(c, care.stop(found, alert, by, now)), cause, now)


def take_part(
    c: Connection, membership: str, by: str, yes: bool, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """A supporter who is a rung says whether practice may reach them."""
    place = next((one for one in places(c, by, now) if one.membership == membership), None)
    if place is None:
        return Outcome()
    if yes:
        fresh = insert(c, practises).values(membership=membership, since=now)
        c.execute(fresh.on_conflict_do_nothing(index_elements=["membership"]))
    else:
        c.execute(delete(practises).where(practises.c.membership == membership))
    text = Text("drill", "takes_part") if yes else Text("drill", "takes_no_part")
    log = Log("drill_takes_part", place.person, by, {"supporter": membership, "yes": int(yes)})
    return _done(c, Outcome(said=Message(text), logs=(log,)), cause, now)


# --- with the ladder ----------------------------------------------------------------------


def _narrowed(c: Connection, alert: Escalation, there: Around) -> Around:
    known = [rung.acting for rung in alert.rungs if rung.acting is not None]
    return care.only(there, willing(c, known))


def _step(c: Connection, before: Escalation, climbed: Outcome, now: datetime) -> Outcome:
    found = drill(c, before.id)
    if found is None:
        return climbed
    return _made_way(c, before, care.step(found, before, climbed, now), now)


def _made_way(c: Connection, before: Escalation, outcome: Outcome, now: datetime) -> Outcome:
    """While an alert stands nobody is asked to practise: it ends here instead."""
    found = drill(c, before.id)
    running = found is not None and found.state is care.State.RUNNING
    if found is None or not running or not escalations.standing(c, before.person, REAL):
        return _over(c, outcome)
    return _over(c, care.end(found, before, Over.ALERT, now))


def _open(c: Connection, person: str) -> Drill | None:
    found = newest(c, person)
    waits = found is not None and found.state in (care.State.ASKED, care.State.RUNNING)
    return found if waits else None


def _done(c: Connection, outcome: Outcome, cause: Cause, now: datetime) -> Outcome:
    commit(c, called(c, outcome, now), cause, now)
    return outcome


def _over(c: Connection, outcome: Outcome) -> Outcome:
    """What supporters were asked in a practice that is over is nothing to read now."""
    gone = Outcome()
    for over in outcome.records:
        if isinstance(over, Drill) and over.state is care.State.ENDED:
            for telling, _ in news.of_alert(c, over.person, over.id):
                gone += replaced(telling, over.person)
    return outcome + news.from_where(c, gone)


# --- rows ---------------------------------------------------------------------------------


def _keep(c: Connection, kept: Drill) -> None:
    asked = [
        [one.member, one.at.isoformat(), one.answered_at and one.answered_at.isoformat()]
        for one in kept.asked
    ]
    keep_row(
        c,
        table,
        id=kept.id,
        person=kept.person,
        by=kept.by,
        asked_at=kept.asked_at,
        state=kept.state.value,
        began_at=kept.began_at,
        ended_at=kept.ended_at,
        why=kept.why and kept.why.value,
        asked=asked,
        empty=kept.empty,
    )


def _drill(row: Any) -> Drill:
    return Drill(
        id=row.id,
        person=row.person,
        by=row.by,
        asked_at=row.asked_at,
        state=care.State(row.state),
        began_at=row.began_at,
        ended_at=row.ended_at,
        why=row.why and Over(row.why),
        asked=tuple(Asked(member, _moment(at), _moment(then)) for member, at, then in row.asked),
        empty=row.empty,
    )


def _moment(said: str | None) -> Any:
    return said and datetime.fromisoformat(said)


KEEP[Drill] = _keep
ladders.NARROWED[Why.DRILL] = _narrowed
escalations.STEP[Why.DRILL] = _step
