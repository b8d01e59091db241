"""Outings as they are kept, and the acts both doors call: load, rule, commit in one transaction."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select

from bot.care import answer, ladder, lateness, pause, police, setting_off
from bot.care import escalation as alerts
from bot.care import journey as care
from bot.care.escalation import MISSED, Close, Escalation, Need
from bot.care.escalation import Cause as Why
from bot.care.journey import Journey, State
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.store import around, circle, heartbeat, notice, spot
from bot.store import escalation as escalations
from bot.store import ladder as ladders
from bot.store import plan as plans
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.rung import called
from bot.store.schema import Moment
from bot.store.schema import journey as table
from bot.store.schema import plan as agreed
from bot.store.tools import ERASED, new_id, readable, seal

Follows = Callable[[Connection, Journey, datetime], Outcome]
FOLLOWS: list[Follows] = []
"""(c, journey, now): what else follows when an outing begins, moves or ends, of subjects that rest
on it; their store modules say it at their end."""

# Every tap asks these: made once. An outing's plan is read with it.
_WITH_PLAN = select(table, *plans.COLUMNS).join(agreed, agreed.c.id == table.c.plan)
_OWN = len(table.c)
_ONE = _WITH_PLAN.where(table.c.id == bindparam("id"))
_RUNNING = (
    _WITH_PLAN.where(table.c.person == bindparam("person"), table.c.ended_at.is_(None))
    .order_by(table.c.started_at.desc())
    .limit(1)
)
_HEARD = select(table.c.id).where(
    table.c.id == bindparam("id"),
    or_(table.c.ended_at.is_not(None), table.c.heard_at > bindparam("since", type_=Moment)),
)
_LAST = (
    _WITH_PLAN.where(table.c.person == bindparam("person"), table.c.ended_at.is_not(None))
    .order_by(table.c.ended_at.desc())
    .limit(1)
)


def keep_journey(c: Connection, journey: Journey) -> None:
    off = journey.off and [moment.isoformat() for moment in journey.off]
    keep_row(
        c,
        table,
        id=journey.id,
        person=journey.person,
        plan=journey.plan.id,
        **_place(c, journey),
        state=journey.state.value,
        started_at=journey.started_at,
        due_at=journey.due_at,
        limit_at=journey.limit_at,
        nudges=journey.nudges,
        heard_at=journey.heard_at,
        escalation=journey.escalation,
        late=journey.late,
        off=off,
        ended_at=journey.ended_at,
        ended_by=journey.ended_by,
        feeling=journey.feeling,
        back_at=journey.back_at,
        point=journey.point,
        slack=journey.slack,
        stretches=list(journey.stretches) or None,
        extends=journey.extends,
        phone_low=journey.phone_low,
        set_off_by=journey.set_off_by,
        said_home=journey.said_home,
        version=journey.version,
    )
    if journey.ended_at is not None:
        spot.over(c, journey.person, journey.ended_at)


def _place(c: Connection, journey: Journey) -> dict[str, bytes]:
    """Where to; what could not be read is left as it is."""
    if journey.place == ERASED:
        return {}
    return {"place": seal(c, journey.person, journey.place)}


def journey(c: Connection, id: str) -> Journey | None:
    """One outing, or None when there is none of this id."""
    row = c.execute(_ONE, {"id": id}).one_or_none()
    return None if row is None else _journey(c, row)


def running(c: Connection, person: str) -> Journey | None:
    """The outing this person is on now, if any."""
    row = c.execute(_RUNNING, {"person": person}).one_or_none()
    return None if row is None else _journey(c, row)


def last(c: Connection, person: str) -> Journey | None:
    """The outing of this person that was over last."""
    row = c.execute(_LAST, {"person": person}).one_or_none()
    return None if row is None else _journey(c, row)


def heard_since(c: Connection, id: str, since: datetime) -> bool:
    """Whether they have given a sign of life on this outing since then, or are back."""
    return c.execute(_HEARD, {"id": id, "since": since}).first() is not None


def out_now(c: Connection, staff: str, now: datetime) -> list[Journey]:
    """Everyone out now whom this member supports, soonest due first.

    Somebody who left while out is still on their way home: their whole team sees them.
    """
    rows = c.execute(_WITH_PLAN.where(table.c.ended_at.is_(None)).order_by(table.c.due_at))
    supported = {person.id for person in around.people_supported(c, staff)}
    return [
        _journey(c, row)
        for row in rows
        if around.works_for(c, staff, row.person, now)
        and (row.person in supported or circle.has_left(c, row.person))
    ]


def _journey(c: Connection, row: Any) -> Journey:
    plan = plans.read(c, plans.Row(*row[_OWN:]))
    off = row.off and (datetime.fromisoformat(row.off[0]), datetime.fromisoformat(row.off[1]))
    place = readable(c, row.person, row.place)
    return Journey(
        id=row.id,
        person=row.person,
        plan=plan.at(place),
        place=place,
        state=State(row.state),
        started_at=row.started_at,
        due_at=row.due_at,
        limit_at=row.limit_at,
        nudges=row.nudges,
        heard_at=row.heard_at,
        escalation=row.escalation,
        late=row.late,
        off=off or None,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        feeling=row.feeling,
        back_at=row.back_at,
        point=row.point,
        slack=row.slack,
        stretches=tuple(row.stretches or ()),
        extends=row.extends,
        phone_low=row.phone_low,
        set_off_by=row.set_off_by,
        said_home=row.said_home,
        version=row.version,
    )


# --- acts: the person ---------------------------------------------------------------------


def set_off(
    c: Connection,
    person: str,
    place: str,
    due_at: datetime,
    now: datetime,
    cause: Cause = NOBODY,
    *,
    by: str | None = None,
    arranged: bool | None = None,
) -> Outcome:
    """Start to keep time for an outing, or say kindly why Kith cannot; `by` staff, when the person
    has rung them. `arranged`: that somebody is there too, where the plan says so."""
    id = new_id(c)
    plan = plans.in_force(c, person)
    if plan is None:
        return without_plan(c, person, now, cause)
    there = ladders.those_around(c, person, plan.staff, now)
    fresh = Journey(
        id=id,
        person=person,
        plan=plan.at(place),
        place=place,
        state=State.OUT,
        started_at=now,
        due_at=due_at,
        limit_at=due_at + timedelta(minutes=plan.extra),
        set_off_by=by,
    )
    outcome = setting_off.set_off(
        fresh,
        running(c, person),
        there.ladder,
        there.others,
        _key_worker(c, person),
        now,
        arranged,
    )
    return _done(c, outcome, cause, now)


def without_plan(c: Connection, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The person would like to go out and nothing has been agreed yet."""
    keepers = around.keepers(c, by, now)
    outcome = setting_off.no_plan(by, keepers, _key_worker(c, by), new_id(c))
    return _done(c, outcome, cause, now)


def ok(
    c: Connection,
    id: str,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
    wrote: str | None = None,
) -> Outcome:
    """`wrote`: to whom of staff they said it."""
    return _answer(c, id, by, lambda found: care.ok(found, now), cause, now, wrote)


def late(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`I'm late`: the person is there; how much later is asked after."""
    return _answer(c, id, by, lambda found: lateness.late(found, now), cause, now)


def later(
    c: Connection,
    id: str,
    mark: int,
    by: str,
    minutes: int,
    now: datetime,
    cause: Cause = NOBODY,
) -> Outcome:
    """So many minutes more; `mark` is that of the time the button was made for."""
    return _answer(c, id, by, lambda found: lateness.later(found, minutes, mark, now), cause, now)


def home_in(
    c: Connection,
    id: str,
    mark: int,
    by: str,
    minutes: int,
    now: datetime,
    cause: Cause = NOBODY,
) -> Outcome:
    """Home in so many minutes from now."""
    return _answer(c, id, by, lambda found: lateness.home_in(found, minutes, mark, now), cause, now)


def home(
    c: Connection,
    id: str,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
    wrote: str | None = None,
) -> Outcome:
    """`wrote`: to whom of staff they said it."""
    return _answer(c, id, by, lambda found: care.home(found, now), cause, now, wrote)


def felt(
    c: Connection, id: str, by: str, feeling: int | None, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    return _answer(c, id, by, lambda found: care.felt(found, feeling), cause, now)


def ask_longer(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    def act(found: Journey) -> Outcome:
        there = ladders.those_around(c, found.person, found.plan.staff, now)
        return lateness.ask_longer(found, there.ladder, now)

    return _answer(c, id, by, act, cause, now)


def point(
    c: Connection, id: str, number: int, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """At a point on the way; `number` is that of the point the button was made for."""
    return _answer(c, id, by, lambda found: care.reached(found, number, now), cause, now)


def pause_for(
    c: Connection, id: str, by: str, until: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """Nothing is asked until then, within what the plan allows."""
    return _answer(c, id, by, lambda found: pause.pause(found, until, now), cause, now)


def slow_here(
    c: Connection, id: str, number: int, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """On a stretch of the plan, the one of this number, that is known to be slow."""
    return _answer(c, id, by, lambda found: pause.slow_here(found, number, now), cause, now)


def phone_low(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`Phone nearly empty`: staff hear it once."""

    def act(found: Journey) -> Outcome:
        there = ladders.those_around(c, found.person, found.plan.staff, now)
        return pause.phone_low(found, there.ladder, now)

    return _answer(c, id, by, act, cause, now)


def help_wanted(
    c: Connection,
    id: str,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
    need: Need | None = None,
) -> Outcome:
    """`I need help`: the first rung at once; what kind of help is asked after, if not known."""
    found = journey(c, id)
    if found is None or found.person != by:
        return Outcome()
    outcome = care.help_wanted(found, new_id(c), now)
    if outcome.records:
        outcome += _alert(c, found, outcome, Why.HELP, now, now, need)
    return _done(c, outcome, cause, now)


def emergency(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`Emergency`: every rung at once. Kith cannot ring 999 and says so."""
    found = journey(c, id)
    if found is None or found.person != by:
        return Outcome()
    outcome = care.help_wanted(found, new_id(c), now)
    if outcome.records:
        outcome += _alert(c, found, outcome, Why.EMERGENCY, now, now)
        outcome = replace(outcome, said=None)  # the answer is "Ring 999 now", by the safety lane
    return _done(c, outcome, cause, now)


def need(
    c: Connection, id: str, by: str, need: Need, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """What kind of help: whoever was told hears it too."""

    def rule(alert: Escalation) -> Outcome:
        out = journey(c, id)
        place = out is not None and bool(out.plan.terms.safe_places)
        return answer.needs(alert, need, place=place)

    return _word(c, id, by, rule, cause, now)


def mistake(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`I pressed it by mistake`: staff hear it; nothing closes."""
    return _word(c, id, by, answer.mistake, cause, now)


# --- acts: staff --------------------------------------------------------------------------


def give_longer(
    c: Connection,
    id: str,
    mark: int,
    by: str,
    minutes: int,
    now: datetime,
    cause: Cause = NOBODY,
) -> Outcome:
    """Staff who support the person give more time than the plan does."""
    found = journey(c, id)
    if found is None or not around.works_for(c, by, found.person, now):
        return Outcome()
    return _done(c, lateness.give_longer(found, by, minutes, mark, now), cause, now)


def close(
    c: Connection, id: str, by: str, how: Close, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """Close an alert (its id) with an outcome; the outing it is about ends with it."""
    alert = escalations.escalation(c, id)
    if alert is None or not around.works_for(c, by, alert.person, now):
        return Outcome()
    outcome = alerts.close(alert, by, how, now)
    found = journey(c, alert.subject)
    if outcome.records and found is not None:
        outcome += care.closed(found, by, now)
    if outcome.records:
        outcome += notice.over(c, alert, how, now)
    return _done(c, outcome, cause, now)


# --- acts: time ---------------------------------------------------------------------------


def tick(
    c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """A moment of this outing is due: see what it calls for now."""
    found = journey(c, id)
    if found is None:
        return _done(c, Outcome(), cause, now)
    outcome = care.tick(found, heartbeat.last_off(c), new_id(c), now)
    why = Why.MISSED if _after(outcome, found).off is None else Why.MISSED_WHILE_OFF
    outcome += _alert(c, found, outcome, why, found.due_at, now)
    return _done(c, outcome, cause, now)


# --- what the acts share ------------------------------------------------------------------


def _done(c: Connection, outcome: Outcome, cause: Cause, now: datetime) -> Outcome:
    for journey in [record for record in outcome.records if isinstance(record, Journey)][-1:]:
        for follows in FOLLOWS:
            outcome += follows(c, journey, now)
    commit(c, called(c, outcome, now), cause, now)
    return outcome


def _answer(
    c: Connection,
    id: str,
    by: str,
    rule: Callable[[Journey], Outcome],
    cause: Cause,
    now: datetime,
    wrote: str | None = None,
) -> Outcome:
    """A tap of the person's on their own outing; anybody else's changes nothing.

    Hearing from them while an alert stands is told to whoever was told of the alert, save who of
    staff heard it themselves, and `wrote` it down.
    """
    found = journey(c, id)
    if found is None or found.person != by:
        return Outcome()
    outcome = rule(found)
    after = _after(outcome, found)
    if found.escalation is not None and after.heard_at != found.heard_at:
        alert = escalations.escalation(c, found.escalation)
        assert alert is not None  # a journey names the alert it opened
        was_home = any(log.facts.get("event") == "home" for log in outcome.logs)
        alert = police.answered(alert, timedelta(minutes=found.plan.police_after), now)
        said = answer.answered(alert, now, home=was_home)
        said = replace(said, tells=tuple(one for one in said.tells if one.to != wrote))
        outcome += said + Outcome(wakes=(police.wake(alert),) if said.records else ())
    if after.ended_at is not None and found.ended_at is None:
        outcome += notice.home(c, after, now)
    return _done(c, outcome, cause, now)


def _word(
    c: Connection,
    id: str,
    by: str,
    rule: Callable[[Escalation], Outcome],
    cause: Cause,
    now: datetime,
) -> Outcome:
    found = journey(c, id)
    if found is None or found.person != by or found.escalation is None:
        return Outcome()
    alert = escalations.escalation(c, found.escalation)
    return Outcome() if alert is None else _done(c, rule(alert), cause, now)


def _key_worker(c: Connection, person: str) -> str | None:
    return next((member.id for member in around.key_workers(c, person)), None)


def _after(outcome: Outcome, before: Journey) -> Journey:
    """The journey as the rule leaves it."""
    journeys = [record for record in outcome.records if isinstance(record, Journey)]
    return journeys[-1] if journeys else before


def _alert(
    c: Connection,
    before: Journey,
    outcome: Outcome,
    why: Why,
    event_at: datetime,
    now: datetime,
    need: Need | None = None,
) -> Outcome:
    """Open the alert the journey has just gained, or raise the one it has."""
    after = _after(outcome, before)
    if after.escalation is None or (why in MISSED and before.escalation is not None):
        return Outcome()
    plan = after.plan
    after_word = timedelta(minutes=plan.police_after)
    if before.escalation is not None:
        standing = escalations.escalation(c, before.escalation)
        assert standing is not None  # a journey names the alert it opened
        there = ladders.those_around(c, after.person, standing.rungs, now)
        again = police.anew(standing, why, after_word, now)
        raised = ladder.raise_(replace(again, need=need or again.need), why, there, now)
        return raised + Outcome(wakes=(police.wake(again),))
    slow = timedelta(minutes=after.slack if why in MISSED else 0)
    rungs = ladders.at_the_start(c, after.person, plan.rungs, now)
    there = ladders.those_around(c, after.person, rungs, now)
    fresh = Escalation(
        id=after.escalation,
        person=after.person,
        team=around.team_of(c, after.person),
        cause=why,
        subject=after.id,
        state=alerts.State.OPEN,
        event_at=event_at,
        opened_at=now,
        rungs=rungs,
        ask_again=plan.ask_again,
        police_at=event_at + slow + after_word,
        need=need,
    )
    opened = ladder.open_(fresh, there, now) + Outcome(wakes=(police.wake(fresh),))
    return opened + notice.opened(c, fresh, now)


KEEP[Journey] = keep_journey
