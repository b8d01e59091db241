"""An outing is always somebody's: what happens to it when a time on call ends."""

from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import Connection, select

from bot.care import escalation as alerts
from bot.care.circle import Shift
from bot.care.escalation import Cause as Why
from bot.care.escalation import Escalation, State
from bot.care.outcome import Cause
from bot.store import (
    around,
    cover,
    deadlines,
    escalation,
    handover,
    journey,
    plan,
    rota,
    schema,
)
from bot.store.commit import KEEP
from bot.store.tools import new_id
from tests.conftest import NOON
from tests.oak import Oak, said, told, unreachable

MINUTE = timedelta(minutes=1)
ENDS = NOON + 60 * MINUTE
"""Dev's time on call."""


@pytest.fixture
def out(oak: Oak) -> Oak:
    """Dev is on call until one, then Jo; Sam sets off at noon and is back by two."""
    oak.c.execute(schema.shift.delete())
    shift(oak, oak.dev, NOON - 60 * MINUTE, ENDS)
    shift(oak, oak.jo, ENDS, ENDS + 480 * MINUTE)
    plan.sample(oak.c, oak.sam, oak.jo, NOON)
    journey.set_off(oak.c, oak.sam, "Café", NOON + 120 * MINUTE, NOON)
    return oak


def shift(oak: Oak, member: str, starts: datetime, ends: datetime) -> None:
    KEEP[Shift](oak.c, Shift(new_id(oak.c), oak.team, member, starts, ends))


def out_id(oak: Oak) -> str:
    found = journey.running(oak.c, oak.sam)
    assert found is not None
    return found.id


def due(c: Connection, kind: str = "handover") -> datetime | None:
    found = select(schema.deadline.c.due_at).where(schema.deadline.c.kind == kind)
    moment: datetime | None = c.execute(found).scalar_one_or_none()
    return moment


def comes(oak: Oak, now: datetime) -> None:
    """The deadline of handing over, acted on at this moment."""
    id = out_id(oak)
    handover.tick(oak.c, id, now, now, Cause(deadline=("handover", id)))


def climbs(oak: Oak, now: datetime) -> None:
    alert = asked(oak)
    escalation.tick(oak.c, alert.id, now, now, Cause(deadline=(alerts.KIND, alert.id)))


def asked(oak: Oak) -> Escalation:
    (alert,) = escalation.standing(oak.c, oak.sam, [Why.HANDOVER])
    return alert


def test_whoever_is_on_call_hears_before_it_ends_and_the_next_is_asked_at_the_end(
    out: Oak,
) -> None:
    assert due(out.c) == ENDS - 15 * MINUTE
    comes(out, ENDS - 15 * MINUTE)
    assert told(out.c, "handover.soon") == ["Dev"] and told(out.c, "handover.ask") == []
    assert due(out.c) == ENDS
    comes(out, ENDS)
    assert told(out.c, "handover.ended") == ["Dev"] and told(out.c, "handover.ask") == ["Jo"]
    assert due(out.c) is None

    standing = journey.running(out.c, out.sam)
    assert standing is not None and standing.escalation is None
    assert due(out.c, "journey") == NOON + 120 * MINUTE


def test_not_taken_it_climbs_to_the_manager_and_goes_on(out: Oak) -> None:
    comes(out, ENDS)
    climbs(out, ENDS + 10 * MINUTE)
    assert told(out.c, "handover.ask") == ["Jo", "Priya"]
    assert due(out.c, alerts.KIND) == ENDS + 20 * MINUTE


def test_whoever_has_it_is_there_for_it_until_their_own_time_ends(out: Oak) -> None:
    comes(out, ENDS)
    for outsider in (out.alex, out.amira, out.leo, out.sam):
        assert said(escalation.take(out.c, asked(out).id, outsider, ENDS)) is None
    id = asked(out).id
    escalation.take(out.c, id, out.jo, ENDS + MINUTE)
    taken = escalation.escalation(out.c, id)
    assert taken is not None and (taken.state, taken.closed_by) == (State.CLOSED, out.jo)
    assert due(out.c, alerts.KIND) is None
    assert told(out.c, "handover.has_it") == ["Dev"]
    found = handover.duty(out.c, out_id(out))
    assert found is not None and (found.member, found.ends_at) == (out.jo, ENDS + 480 * MINUTE)
    assert due(out.c) == ENDS + 465 * MINUTE


def test_who_is_back_before_it_ends_is_nobodys_worry_yet(out: Oak) -> None:
    later = NOON + 130 * MINUTE
    out.c.execute(
        schema.shift.update().where(schema.shift.c.member == out.dev).values(ends_at=later)
    )
    comes(out, later - 15 * MINUTE)
    assert told(out.c, "handover.soon") == [] and due(out.c) == later
    comes(out, later)
    assert told(out.c, "handover.ended") == ["Dev"] and told(out.c, "handover.ask") == ["Jo"]


def test_it_is_asked_for_once_however_often_the_rota_is_looked_at(out: Oak) -> None:
    comes(out, ENDS)
    rota.tick(out.c, out.team, ENDS, ENDS)
    comes(out, ENDS)
    assert told(out.c, "handover.ask") == ["Jo"] and told(out.c, "handover.ended") == ["Dev"]


def test_once_home_there_is_nothing_to_take_over(out: Oak) -> None:
    comes(out, ENDS)
    id, alert = out_id(out), asked(out).id
    journey.home(out.c, id, out.sam, ENDS + MINUTE)
    assert escalation.standing(out.c, out.sam, [Why.HANDOVER]) == []
    assert told(out.c, "handover.not_needed") == ["Jo"]
    assert handover.duty(out.c, id) is None and due(out.c) is None
    assert due(out.c, alerts.KIND) is None
    for staff in (out.jo, out.dev):  # the old button is answered
        late = escalation.take(out.c, alert, staff, ENDS + 2 * MINUTE)
        assert said(late) == "handover.not_needed"


def test_shifts_of_one_member_that_follow_each_other_are_one_time(out: Oak) -> None:
    out.c.execute(schema.shift.update().values(member=out.dev))
    comes(out, ENDS - 15 * MINUTE)
    assert told(out.c, "handover.soon") == []
    assert due(out.c) == ENDS + 465 * MINUTE


def test_a_shift_taken_back_hands_over_at_once(out: Oak) -> None:
    running = next(s for s in out.c.execute(select(schema.shift)) if s.member == out.dev)
    now = NOON + 10 * MINUTE
    rota.cancel(out.c, running.id, out.priya, now)
    rota.tick(out.c, out.team, now, now)
    assert due(out.c) == now
    comes(out, now)
    assert told(out.c, "handover.ended_nobody") == ["Dev"]
    assert told(out.c, "handover.ask") == ["Jo"]  # the key worker, before who has just gone


def test_a_colleague_who_takes_a_running_shift_is_asked_to_have_the_outing(out: Oak) -> None:
    running = next(s for s in out.c.execute(select(schema.shift)) if s.member == out.dev)
    now = NOON + 10 * MINUTE
    cover.ask(out.c, running.id, out.dev, now)
    asked_for = cover.asked_for(out.c, running.id)
    assert asked_for is not None
    assert said(cover.take(out.c, asked_for.id, out.alex, now)) is None
    cover.take(out.c, asked_for.id, out.mina, now)
    assert said(cover.take(out.c, asked_for.id, out.priya, now)) == "cover.taken_already"
    rota.tick(out.c, out.team, now, now)
    comes(out, now)
    assert told(out.c, "handover.ask") == ["Mina"]


def test_a_rung_that_cannot_be_reached_is_passed_at_once(out: Oak) -> None:
    unreachable(out, "Jo")
    comes(out, ENDS)
    assert told(out.c, "handover.ask") == ["Priya"]


def in_a_gap(oak: Oak, *shifts: tuple[str, int, int]) -> None:
    """Sam sets off while nobody is on call; those who will be, in minutes from noon."""
    oak.c.execute(schema.shift.delete())
    for member, starts, ends in shifts:
        shift(oak, member, NOON + starts * MINUTE, NOON + ends * MINUTE)
    plan.sample(oak.c, oak.sam, oak.jo, NOON)
    journey.set_off(oak.c, oak.sam, "Café", NOON + 120 * MINUTE, NOON)


def test_with_nobody_on_call_there_is_nothing_to_hand_over(oak: Oak) -> None:
    in_a_gap(oak)
    assert due(oak.c) is None
    comes(oak, NOON + MINUTE)
    assert due(oak.c) is None and handover.duty(oak.c, out_id(oak)) is None


def test_an_outing_begun_in_a_gap_is_theirs_who_are_on_call_next(oak: Oak) -> None:
    in_a_gap(oak, (oak.dev, 10, 60), (oak.jo, 60, 600))
    assert due(oak.c) == NOON + 10 * MINUTE
    comes(oak, NOON + 10 * MINUTE)
    found = handover.duty(oak.c, out_id(oak))
    assert found is not None and (found.member, found.ends_at) == (oak.dev, ENDS)
    assert due(oak.c) == ENDS - 15 * MINUTE
    comes(oak, ENDS)
    assert told(oak.c, "handover.ask") == ["Jo"]


def test_a_shift_planned_into_the_gap_is_there_for_whoever_is_out(oak: Oak) -> None:
    in_a_gap(oak)
    rota.plan(oak.c, oak.team, oak.dev, NOON, ENDS, oak.priya, NOON + MINUTE)
    rota.tick(oak.c, oak.team, NOON + MINUTE, NOON + MINUTE)
    found = handover.duty(oak.c, out_id(oak))
    assert found is not None and found.member == oak.dev


def test_of_whoever_is_home_before_the_gap_ends_nobody_has_to_be_there(oak: Oak) -> None:
    in_a_gap(oak, (oak.dev, 10, 60))
    id = out_id(oak)
    journey.home(oak.c, id, oak.sam, NOON + MINUTE)
    assert due(oak.c) is None
    handover.tick(oak.c, id, NOON, NOON + 11 * MINUTE)
    rota.tick(oak.c, oak.team, NOON, NOON + 11 * MINUTE)
    assert handover.duty(oak.c, id) is None and due(oak.c) is None


def test_another_teams_rota_is_there_for_nobody_of_this_team(oak: Oak) -> None:
    in_a_gap(oak, (oak.dev, 10, 60))
    oak.c.execute(schema.deadline.delete().where(schema.deadline.c.kind == "handover"))
    other = oak.c.execute(select(schema.team.c.id).where(schema.team.c.id != oak.team)).scalar()
    assert other is not None
    rota.tick(oak.c, other, NOON, NOON + 11 * MINUTE)
    assert due(oak.c) is None


def test_the_person_and_those_around_them_hear_nothing_of_it(out: Oak) -> None:
    comes(out, ENDS - 15 * MINUTE)
    comes(out, ENDS)
    escalation.take(out.c, asked(out).id, out.jo, ENDS + MINUTE)
    heard = {"handover.soon", "handover.ended", "handover.ask", "handover.has_it", "handover.yours"}
    rows = out.c.execute(select(schema.outbox.c.member, schema.outbox.c.text)).all()
    assert {row.text for row in rows} >= heard
    theirs = [r.text for r in rows if r.member in (out.sam, out.amira, out.leo, out.alex)]
    assert [text for text in theirs if "handover" in text] == []


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_and_dies_halfway_an_outing_is_somebodys(out: Oak, seed: int) -> None:
    dice = Random(seed)
    now, handed = NOON, 0
    for _ in range(60):
        now += dice.choice((MINUTE, 9 * MINUTE, 40 * MINUTE))
        what = dice.random()
        if dice.random() < 0.3:
            dying = out.c.begin_nested()
            _something(out, Random(what), now)
            dying.rollback()  # the process dies before its commit, and what came comes again
        _something(out, Random(what), now)
        handed += _is_somebodys(out)
    assert handed > 0


def _something(oak: Oak, dice: Random, now: datetime) -> None:
    """Somebody goes off call or comes on, presses, sets off or is home; or time acts."""
    one = oak.ids[dice.choice(("Jo", "Dev", "Priya", "Mina"))]
    running = journey.running(oak.c, oak.sam)
    standing = escalation.standing(oak.c, oak.sam, [Why.HANDOVER])
    shifts = [s for s in around.shifts(oak.c, oak.team, now) if s.starts_at <= now]
    match dice.randrange(8):
        case 0:
            shift(oak, one, now, now + dice.choice((10, 30, 90)) * MINUTE)
        case 1 if shifts:
            rota.cancel(oak.c, dice.choice(shifts).id, oak.priya, now)
        case 2 if shifts:
            mine = dice.choice(shifts)
            cover.ask(oak.c, mine.id, mine.member, now)
            asked_for = cover.asked_for(oak.c, mine.id)
            assert asked_for is not None
            cover.take(oak.c, asked_for.id, one, now)
        case 3 if standing:
            escalation.take(oak.c, standing[0].id, one, now)
        case 4 if running is None:
            journey.set_off(oak.c, oak.sam, "Café", now + 60 * MINUTE, now)
        case 5 if running is not None and dice.random() < 0.4:
            journey.home(oak.c, running.id, oak.sam, now)
        case _:
            acts = {"rota": rota.tick, "handover": handover.tick, alerts.KIND: escalation.tick}
            for moment in deadlines.due(oak.c, now, 20):
                if moment.kind in acts and deadlines.take(oak.c, moment):
                    acts[moment.kind](oak.c, moment.key, moment.due_at, now)


def _is_somebodys(oak: Oak) -> bool:
    """Whether somebody is being asked; in any case it is in hands, or a moment comes for it."""
    waits = {(row.kind, row.key) for row in oak.c.execute(select(schema.deadline)).all()}
    standing = escalation.standing(oak.c, oak.sam, [Why.HANDOVER])
    assert all((alerts.KIND, alert.id) in waits for alert in standing)
    running = journey.running(oak.c, oak.sam)
    subjects = [alert.subject for alert in standing]
    assert subjects in ([], [running.id] if running is not None else [])
    found = None if running is None else handover.duty(oak.c, running.id)
    if found is not None and found.ends_at is not None:
        assert ("handover", found.journey) in waits
    return bool(standing)
