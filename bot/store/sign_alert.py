"""Alerts of the early-warning plan as they are kept, and what opens, takes and closes them.

They climb, are held and are closed as every alert is, by `escalation`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.care import digest as reading
from bot.care import ladder, noticing
from bot.care import sign_alert as care
from bot.care.digest import Noticed
from bot.care.escalation import AGAIN, Close, Escalation, State, also, log, to_told, wake
from bot.care.escalation import Cause as Why
from bot.care.ladder import Around
from bot.care.outcome import NOBODY, Cause, Outcome, Wake
from bot.care.plan import Rung, reachable
from bot.care.sign import LADDER, SignPlan, Stage
from bot.care.sign_alert import CAUSES, SignAlert
from bot.care.text import Text
from bot.care.threshold import Fired
from bot.store import around, circle, digest, ledger, observation, schema, sign, sign_plan
from bot.store import escalation as escalations
from bot.store import ladder as ladders
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.schema import sign_alert as table
from bot.store.tools import ERASED, new_id, readable, seal, tools

_ONE = select(table).where(table.c.id == bindparam("id"))
_OF = (
    select(table, schema.escalation.c.opened_at)
    .join(schema.escalation, schema.escalation.c.id == table.c.id)
    .where(table.c.person == bindparam("person"))
    .order_by(schema.escalation.c.opened_at, table.c.id)
)

SIGNS_UNREAD = Text("sign_alert", "read_first")
VERY = 3
"""How worried somebody is who is very worried."""

UNREAD_STILL = Text("digest", "still_unread")
"""What somebody hears who would close an alert with something in it that nobody has read."""


def sign_alert(c: Connection, id: str) -> SignAlert | None:
    """What this alert is about, or None when it is about something else."""
    row = c.execute(_ONE, {"id": id}).one_or_none()
    return None if row is None else _alert(c, row)


@dataclass(frozen=True, slots=True)
class Followed:
    """One alert, what it was about, and how it went; `signs` are the cards behind it, `taken_at`
    is when somebody first took it on."""

    alert: Escalation
    about: SignAlert
    signs: tuple[str, ...]
    taken_at: datetime | None


def of(c: Connection, person: str, since: datetime) -> list[Followed]:
    """The alerts of thresholds about this person that were opened since then, oldest first."""
    found = []
    taken = ledger.first(c, "escalation_taken", "escalation", since)
    for row in c.execute(_OF, {"person": person}):
        alert = escalations.escalation(c, row.id)
        assert alert is not None  # a foreign key says so
        if alert.opened_at >= since and alert.cause in CAUSES:
            about = _alert(c, row)
            found.append(Followed(alert, about, _signs(c, about), taken.get(alert.id)))
    return found


def usefulness(c: Connection, person: str, since: datetime) -> Mapping[str, Mapping[Close, int]]:
    """How alerts ended, counted for each card that was behind them; never added up."""
    counts: dict[str, dict[Close, int]] = {}
    for one in of(c, person, since):
        if one.alert.outcome is not None:
            for card in one.signs:
                ends = counts.setdefault(card, {})
                ends[one.alert.outcome] = ends.get(one.alert.outcome, 0) + 1
    return counts


def _signs(c: Connection, alert: SignAlert) -> tuple[str, ...]:
    behind = digest.noticed(c, alert.observations)
    return tuple(dict.fromkeys(one.sign for one in behind if one.sign is not None))


# --- parts of other acts ------------------------------------------------------------------


def open_(c: Connection, person: str, fired: Sequence[Fired], now: datetime) -> Outcome:
    """What noticing has reached: staff are asked, or the alert that stands grows by it.

    A part of the act of noticing, beside `digest.queue`; what it answers is kept by the caller,
    after the observation.
    """
    plan = sign.active(c, person)
    if plan is None or not fired:
        return Outcome()
    observations = dict.fromkeys(id for one in fired for id in one.observations)
    fresh = SignAlert(
        id=new_id(c),
        person=person,
        stage=care.gravest([one.stage for one in fired]),
        plan=plan.id,
        thresholds=tuple(one.threshold.id for one in fired),
        observations=tuple(observations),
    )
    return _join_or_open(c, fresh, plan, care.cause(fresh.stage), CAUSES, now)


def reaches_nobody(c: Connection, person: str, opened: Outcome, now: datetime) -> bool:
    """Whether none of the team can be told now of what stands, or has just been `opened`."""
    alerts = [record for record in opened.records if isinstance(record, Escalation)]
    alerts = alerts or escalations.standing(c, person, CAUSES)
    return bool(alerts) and ladders.nobody(ladders.around_it(c, alerts[-1], now))


def _join_or_open(
    c: Connection,
    fresh: SignAlert,
    plan: SignPlan | None,
    why: Why,
    joins: Sequence[Why],
    now: datetime,
) -> Outcome:
    found = escalations.standing(c, fresh.person, joins)
    if found:
        return _join(c, found[0], fresh, plan, why, now)
    alert = Escalation(
        id=fresh.id,
        person=fresh.person,
        team=around.team_of(c, fresh.person),
        cause=why,
        subject=fresh.id,
        state=State.OPEN,
        event_at=now,
        opened_at=now,
        rungs=_rungs(plan, fresh.stage),
        ask_again=care.ASK_AGAIN,
        police_at=now,  # no plan of signs speaks of the police, and no text of theirs does
    )
    standing = ladders.around_it(c, alert, now)
    return ladder.open_(alert, standing, now) + Outcome(records=(fresh,))


def _rungs(plan: SignPlan | None, stage: Stage) -> tuple[Rung, ...]:
    """As the plan says for this stage, staff alone: what was said was said to the team."""
    agreed = LADDER if plan is None else plan.response(stage).rungs
    return tuple(rung for rung in agreed if rung.member is None) or LADDER


def _join(
    c: Connection,
    standing: Escalation,
    fresh: SignAlert,
    plan: SignPlan | None,
    why: Why,
    now: datetime,
) -> Outcome:
    """What is new goes to whoever has it; a graver stage or another sentence to all, at once, and
    a graver stage to the first of its own ladder."""
    before = sign_alert(c, standing.id)
    assert before is not None  # it is opened with what it is about
    after = care.joined(before, fresh)
    grown = Outcome(records=(after,))
    if care.asks_anew(before, fresh):
        alert = replace(standing, event_at=min(standing.event_at, now - AGAIN))  # it is no echo
        graver = after.stage is not before.stage
        if graver:
            alert = replace(alert, rungs=_rungs(plan, after.stage), rung=-1)
        around_it = ladders.around_it(c, alert, now)
        raised = ladder.raise_(alert, why, around_it, now)
        return grown + raised + (_first(raised, around_it, now) if graver else Outcome())
    # What was read may wait for the morning: there is more to read.
    if not unread(c, standing.id) and not care.climbs(standing, now):
        soon = timedelta(minutes=0 if standing.holder is None else standing.ask_again)
        woken = replace(standing, due_at=now + soon, asked=0, version=standing.version + 1)
        grown += Outcome(records=(woken,), wakes=(wake(woken),))
    if standing.holder is None:
        return grown
    added = [id for id in fresh.observations if id not in before.observations]
    grown += reading.show(added, standing.holder, standing.id)
    if why is not Why.UNREAD:  # whoever noticed it reads that staff are being asked now
        again = to_told(standing, standing.holder, Text("escalation", "alert_help"))
        key = f"{standing.id}:again:{fresh.id}:{standing.holder}"
        grown += Outcome(tells=(replace(again, key=key),))
    return grown


def _first(raised: Outcome, around_it: Around, now: datetime) -> Outcome:
    """The first who can be reached on the new ladder, at once too, unless they were told before.

    Whoever holds it keeps it, and the others hear who does when they press.
    """
    (*_, alert) = (record for record in raised.records if isinstance(record, Escalation))
    first = next(iter(reachable(around_it.ladder)), None)
    if first is None or first in alert.told:
        return Outcome()
    if alert.holder is None:
        return ladder.tick(replace(alert, due_at=now), around_it, now)
    told = replace(alert, told=also(alert.told, first))
    return Outcome(
        records=(told,), tells=(to_told(told, first, Text("escalation", "alert_missed")),)
    )


def _follows(
    c: Connection, _before: Escalation, after: Escalation, by: str, now: datetime
) -> Outcome:
    """Whoever has it has what was noticed before them, whoever had it first, and so has read it;
    once it is closed the team has finished with what was read, and the plan is to be looked at
    again."""
    alert = sign_alert(c, after.id)
    assert alert is not None  # it is opened with what it is about
    behind = [one for one in digest.noticed(c, alert.observations) if not one.gone]
    outcome = Outcome()
    if after.state is State.CLOSED:
        if after.cause in CAUSES:
            sign_plan.review_after(c, after.person, now)
        for one in behind:
            if one.read_at is not None:
                outcome += digest.finished(c, one, by, now)
    elif after.holder == by:
        fresh = [one for one in behind if one.unread][: digest.MOST]
        read = [one for one in behind if not one.unread]
        outcome += reading.show([one.id for one in (*read, *fresh)], by, after.id)
        for one in fresh:
            outcome += digest.read(c, one, by, now)
    return replace(outcome, said=None)


def unread(c: Connection, id: str) -> bool:
    """Whether something that this alert is about has not been read."""
    about = sign_alert(c, id)
    behind = () if about is None else digest.noticed(c, about.observations)
    return any(one.unread for one in behind)


def _read_first(c: Connection, alert: Escalation) -> Text | None:
    """What its holder hears who would close it while something in it has not been read."""
    if not unread(c, alert.id):
        return None
    return UNREAD_STILL if alert.cause is Why.UNREAD else SIGNS_UNREAD


def _only_unread_climbs(
    c: Connection, before: Escalation, climbed: Outcome, now: datetime
) -> Outcome:
    """Once all of it is read nobody is asked to read it: whoever read it is asked in the morning
    to finish with it, and the alert ends with that. What may be about a risk is asked on."""
    steps = any(isinstance(record, Escalation) for record in climbed.records)
    about = sign_alert(c, before.id)
    if not steps or about is None or unread(c, before.id):
        return climbed
    behind = [one for one in digest.noticed(c, about.observations) if not one.gone]
    if not behind or any(_grave(c, one) for one in behind):
        return climbed
    if any(one.unfinished for one in behind):
        after = replace(before, due_at=tools(c).hours.opens_after(now), version=before.version + 1)
        return Outcome(records=(after,), wakes=(wake(after),))
    last = max(behind, key=lambda one: one.finished_at or now)
    after = replace(
        before,
        state=State.CLOSED,
        outcome=Close.SEEN_TO,
        closed_at=now,
        closed_by=last.finished_by,
        due_at=None,
        version=before.version + 1,
    )
    line = log("escalation_closed", after, None, outcome=Close.SEEN_TO.value)
    return Outcome(records=(after,), wakes=(wake(after),), logs=(line,))


def _grave(c: Connection, noticed: Noticed) -> bool:
    """Whether it may be about a risk: a late sign, or somebody is very worried."""
    seen = observation.observation(c, noticed.id)
    plan = None if seen is None or seen.plan is None else sign.of_version(c, seen.plan)
    card = None if plan is None or noticed.sign is None else plan.sign(noticed.sign)
    late = card is not None and card.stage is Stage.LATE
    return late or (seen is not None and seen.worry >= VERY)


def _nobody(c: Connection, alert: Escalation, _now: datetime) -> Outcome:
    """Those who read that staff are being asked hear that it is nobody now; what others have
    brought about they are not told of."""
    about = sign_alert(c, alert.id)
    outcome = Outcome()
    for one in digest.noticed(c, () if about is None else about.observations):
        seen = observation.observation(c, one.id)
        if alert.told and seen is not None and one.unread and digest.expected(c, one):
            outcome += noticing.nobody_now(seen)
    return outcome


# --- acts ---------------------------------------------------------------------------------


def read_by(
    c: Connection, id: str, due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """One that was noticed is to be read by now, or to be finished with."""
    found = next(iter(digest.noticed(c, [id])), None)
    outcome = Outcome()
    if found is not None and not found.gone and found.finished_at is None:
        hours = tools(c).hours
        if found.read_at is not None:
            staff = _who_finishes(c, found, now)
            outcome = reading.unfinished(found, staff, due_at, hours.opens_after(now))
        else:
            wakes = (Wake(reading.READ_BY, id, hours.by_day(now, reading.WORKING_DAYS)),)
            outcome = _unread(c, found, due_at, now) + Outcome(wakes=wakes)
    commit(c, outcome, cause, now)
    return outcome


def _who_finishes(c: Connection, noticed: Noticed, now: datetime) -> list[str]:
    """Whoever has read it, while they work for the person; else, or when they have been asked
    before, who keeps an eye on things."""
    keepers = around.keepers(c, noticed.person, now)
    reader = None if noticed.read_by is None else circle.member(c, noticed.read_by)
    if reader is None or not around.works_for(c, reader.id, noticed.person, now):
        return keepers
    if not reader.reachable or noticed.read_at is None:
        return keepers
    second = tools(c).hours.by_day(noticed.read_at, reading.WORKING_DAYS)
    return [reader.id] if now < second else list(dict.fromkeys((reader.id, *keepers)))


def _unread(c: Connection, noticed: Noticed, due_at: datetime, now: datetime) -> Outcome:
    """Nobody has read it in time: staff are asked, unless they are being asked already.

    Good things are no alert: whoever keeps an eye on things is reminded.
    """
    if _good(c, noticed):
        keepers = around.keepers(c, noticed.person, now)
        return reading.tell(noticed.person, digest.unread(c, noticed.person), keepers, due_at)
    for standing in escalations.standing(c, noticed.person, (*CAUSES, Why.UNREAD)):
        about = sign_alert(c, standing.id)
        if about is not None and noticed.id in about.observations:
            return Outcome()
    fresh = SignAlert(new_id(c), noticed.person, Stage.EARLY, None, (), (noticed.id,))
    plan = sign.active(c, noticed.person)
    return _join_or_open(c, fresh, plan, Why.UNREAD, (Why.UNREAD,), now)


def _good(c: Connection, noticed: Noticed) -> bool:
    seen = observation.observation(c, noticed.id)
    plan = None if seen is None or seen.plan is None else sign.of_version(c, seen.plan)
    card = None if plan is None or noticed.sign is None else plan.sign(noticed.sign)
    return card is not None and card.stage is Stage.GOOD


def did(
    c: Connection, id: str, words: str, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """What staff did about it, in their own words."""
    alert = sign_alert(c, id)
    outcome = Outcome()
    if alert is not None and around.works_for(c, by, alert.person, now):
        outcome = care.did(alert, words, by, now)
    commit(c, outcome, cause, now)
    return outcome


# --- rows ---------------------------------------------------------------------------------


def keep_alert(c: Connection, kept: SignAlert) -> None:
    done = {} if kept.done == ERASED else {"done": _sealed(c, kept)}
    keep_row(
        c,
        table,
        id=kept.id,
        person=kept.person,
        stage=kept.stage.value,
        plan=kept.plan,
        thresholds=list(kept.thresholds),
        observations=list(kept.observations),
        done_by=kept.done_by,
        done_at=kept.done_at,
        **done,
    )


def _sealed(c: Connection, alert: SignAlert) -> bytes | None:
    return None if alert.done is None else seal(c, alert.person, alert.done)


def _alert(c: Connection, row: Any) -> SignAlert:
    return SignAlert(
        id=row.id,
        person=row.person,
        stage=Stage(row.stage),
        plan=row.plan,
        thresholds=tuple(row.thresholds),
        observations=tuple(row.observations),
        done=None if row.done is None else readable(c, row.person, row.done),
        done_by=row.done_by,
        done_at=row.done_at,
    )


KEEP[SignAlert] = keep_alert
for _cause in (*CAUSES, Why.UNREAD):
    escalations.FOLLOWS[_cause] = _follows
    escalations.READ_FIRST[_cause] = _read_first
escalations.STEP[Why.UNREAD] = _only_unread_climbs
for _cause in CAUSES:
    escalations.NOBODY_LEFT[_cause] = _nobody
