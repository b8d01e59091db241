"""Check-ins on the way, as they are kept: whatever happens and dies halfway, whoever is out is
asked, or somebody is."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select

from bot.care import escalation as alerts
from bot.care import journey as outings
from bot.care.journey import Journey, State
from bot.care.outcome import Outcome
from bot.care.terms import Pattern, Point, Stretch, Terms
from bot.store import deadlines, escalation, journey, ledger, plan, schema
from bot.store.commit import KEEP
from bot.store.tools import tools
from tests.conftest import NOON
from tests.oak import Oak
from tests.store.signs import queued

MINUTE = timedelta(minutes=1)
DUE = NOON + 60 * MINUTE
HILL = Stretch("hill", "The hill", 15)
EVERY = Terms(pattern=Pattern.EVERY, every=20, pause=45, extends=2, stretches=(HILL,))
POINTS = Terms(
    pattern=Pattern.POINTS,
    points=(Point("On the bus", 15), Point("At the café", 25)),
    pause=30,
    stretches=(HILL,),
)


def goes(oak: Oak, terms: Terms) -> Journey:
    """Sam sets off under a plan with these terms, and is back in an hour."""
    plan.sample(oak.c, oak.sam, oak.jo, NOON)
    agreed = plan.in_force(oak.c, oak.sam)
    assert agreed is not None
    plan.keep_plan(oak.c, replace(agreed, terms=terms))
    journey.set_off(oak.c, oak.sam, "Café", DUE, NOON)
    return out(oak)


def out(oak: Oak) -> Journey:
    found = journey.running(oak.c, oak.sam)
    assert found is not None
    return found


def waits(oak: Oak) -> dict[tuple[str, str], datetime]:
    rows = oak.c.execute(select(schema.deadline)).all()
    return {(row.kind, row.key): row.due_at for row in rows}


def test_an_outing_on_the_way_comes_back_as_it_was_kept(oak: Oak) -> None:
    going = goes(oak, EVERY)
    assert (going.due_at, going.back_at) == (NOON + 20 * MINUTE, DUE)
    kept = replace(
        going,
        point=2,
        slack=15,
        stretches=("hill", "bus"),
        extends=3,
        phone_low=True,
        set_off_by=oak.jo,
        version=9,
    )
    KEEP[Journey](oak.c, kept)
    assert journey.journey(oak.c, kept.id) == kept


def test_each_tap_on_the_way_keeps_its_deadline_its_line_and_its_answer_together(oak: Oak) -> None:
    id = goes(oak, POINTS).id
    journey.point(oak.c, id, 0, oak.sam, NOON + 5 * MINUTE)
    assert waits(oak)[outings.KIND, id] == NOON + 30 * MINUTE
    journey.pause_for(oak.c, id, oak.sam, NOON + 35 * MINUTE, NOON + 6 * MINUTE)
    assert waits(oak)[outings.KIND, id] == NOON + 35 * MINUTE
    journey.slow_here(oak.c, id, 0, oak.sam, NOON + 7 * MINUTE)
    journey.phone_low(oak.c, id, oak.sam, NOON + 8 * MINUTE)
    kinds = [line.kind for line in ledger.lines(oak.c) if line.kind.startswith("journey_")]
    assert kinds == [
        "journey_set_off",
        "journey_point",
        "journey_paused",
        "journey_slow_here",
        "journey_ok",
        "journey_phone_low",
    ]
    assert [one for one in queued(oak) if one[0] == "Jo"] == [("Jo", "pause.phone_told")]


@pytest.mark.parametrize("who", ["jo", "alex", "leo", "amira"])
def test_nobody_else_says_anything_on_the_way(oak: Oak, who: str) -> None:
    going, by = goes(oak, EVERY), getattr(oak, who)
    now = NOON + MINUTE
    assert journey.point(oak.c, going.id, 0, by, now) == Outcome()
    assert journey.pause_for(oak.c, going.id, by, now + MINUTE, now) == Outcome()
    assert journey.slow_here(oak.c, going.id, 0, by, now) == Outcome()
    assert journey.phone_low(oak.c, going.id, by, now) == Outcome()
    assert out(oak) == going


def test_an_erased_key_loses_no_check_in_on_the_way(oak: Oak) -> None:
    going = goes(oak, POINTS)
    tools(oak.c).vault.erase(oak.c, oak.sam)
    now = going.due_at
    for minutes in (0, 5, 10):
        journey.tick(oak.c, going.id, now, now + minutes * MINUTE)
    missed = out(oak)
    assert missed.state is State.MISSED and missed.escalation is not None
    assert (alerts.KIND, missed.escalation) in waits(oak)


@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_pressed_and_dies_halfway_whoever_is_out_is_asked_in_time(
    oak: Oak, seed: int
) -> None:
    goes(oak, (EVERY, POINTS)[seed % 2])
    dice, now = Random(seed), NOON
    for _ in range(40):
        now += dice.choice((MINUTE, 4 * MINUTE, 13 * MINUTE))
        what = dice.random()
        if dice.random() < 0.3:
            dying = oak.c.begin_nested()
            _something(oak, Random(what), now)
            dying.rollback()  # the process dies before its commit, and what came comes again
        _something(oak, Random(what), now)
        _whoever_is_out_is_asked(oak)


def _something(oak: Oak, dice: Random, now: datetime) -> None:
    """Sam presses something, staff do, or time acts."""
    going, sam = journey.running(oak.c, oak.sam), oak.sam
    match dice.randrange(11):
        case 0 if going is None:
            journey.set_off(oak.c, sam, "Café", now + 50 * MINUTE, now)
        case 1 | 2 if going is not None:
            journey.pause_for(oak.c, going.id, sam, now + dice.randrange(60) * MINUTE, now)
        case 3 if going is not None:
            journey.point(oak.c, going.id, going.point, sam, now)
        case 4 if going is not None:
            journey.slow_here(oak.c, going.id, 0, sam, now)
        case 5 if going is not None:
            journey.phone_low(oak.c, going.id, sam, now)
        case 6 if going is not None:
            journey.later(oak.c, going.id, going.mark, sam, minutes=10, now=now)
        case 7 if going is not None:
            journey.give_longer(oak.c, going.id, going.mark, oak.jo, minutes=30, now=now)
        case 8 if going is not None and going.escalation is not None:
            escalation.take(oak.c, going.escalation, oak.jo, now)
            journey.close(oak.c, going.escalation, oak.jo, alerts.Close.SAFE_AND_WELL, now)
        case 9 if going is not None:
            journey.ok(oak.c, going.id, sam, now)
        case _:
            acts = {outings.KIND: journey.tick, alerts.KIND: escalation.tick}
            for moment in deadlines.due(oak.c, now, 20):
                if moment.kind in acts and deadlines.take(oak.c, moment):
                    acts[moment.kind](oak.c, moment.key, moment.due_at, now)


def _whoever_is_out_is_asked(oak: Oak) -> None:
    """An outing has its own moment, no later than its grace; or an alert that has one."""
    coming = waits(oak)
    for id in oak.c.execute(select(schema.journey.c.id)).scalars():
        one = journey.journey(oak.c, id)
        assert one is not None
        if one.state is State.HOME:
            assert (outings.KIND, id) not in coming
        elif one.state in outings.ALERTED:
            assert (alerts.KIND, one.escalation) in coming
        else:
            assert coming[outings.KIND, id] <= one.due_at + one.grace * MINUTE
            assert one.due_at <= one.back <= max(one.limit_at, one.due_at)
            heard = one.heard_at or one.started_at
            assert one.phone_low or one.due_at <= heard + 60 * MINUTE
