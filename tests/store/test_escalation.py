"""Alerts as they are kept, the ladder as it stands, and who may answer."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from bot.care.circle import Member, Membership, Role, Shift, Support
from bot.care.escalation import KIND, Close, Escalation, Need, State
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.care.plan import LADDERS
from bot.store import (
    around,
    circle,
    escalation,
    journey,
    leaving,
    ledger,
    plan,
    schema,
    seed,
)
from bot.store import ladder as ladders
from bot.store.commit import KEEP, commit
from bot.store.memory import Memory
from bot.store.tools import new_id
from tests.conftest import NOON
from tests.oak import ACCOUNTS, Oak, said

MINUTE = timedelta(minutes=1)
DUE = NOON + 60 * MINUTE
OPENED = DUE + 10 * MINUTE
RUNGS = LADDERS["key_worker"]


def missed(c: Connection, ids: dict[str, str]) -> str:
    """Sam has not come back and Jo has been asked; the alert's id."""
    plan.sample(c, ids["Sam"], ids["Jo"], NOON)
    journey.set_off(c, ids["Sam"], "Café", DUE, NOON)
    running = journey.running(c, ids["Sam"])
    assert running is not None
    journey.tick(c, running.id, DUE, OPENED)
    found = journey.journey(c, running.id)
    assert found is not None and found.escalation is not None
    return found.escalation


@pytest.fixture
def alert(oak: Oak) -> str:
    return missed(oak.c, oak.ids)


def read(c: Connection, id: str) -> Escalation:
    found = escalation.escalation(c, id)
    assert found is not None
    return found


def ladder(oak: Oak, now: datetime = NOON) -> list[str | None]:
    """Who stands on the rungs now: a name, or why nobody does."""
    standings = ladders.those_around(oak.c, oak.sam, RUNGS, now).ladder
    return [circle.name(oak.c, s.member) if s.member else s.why_not for s in standings]


def on_their_way(oak: Oak) -> list[tuple[str, str]]:
    rows = oak.c.execute(select(schema.outbox).order_by(schema.outbox.c.number))
    return [(circle.name(oak.c, row.member), row.text) for row in rows]


def due(oak: Oak) -> list[datetime]:
    moments = select(schema.deadline.c.due_at).where(schema.deadline.c.kind == KIND)
    return list(oak.c.execute(moments).scalars())


def test_an_alert_comes_back_as_it_was_kept(oak: Oak, alert: str) -> None:
    kept = replace(
        read(oak.c, alert),
        need=Need.UPSET,
        holder=oak.jo,
        held_at=OPENED,
        current=None,
        asked=3,
        round=2,
        answered_at=OPENED,
        state=State.ANSWERED,
        version=9,
    )
    KEEP[Escalation](oak.c, kept)
    assert read(oak.c, alert) == kept

    closed = replace(
        kept, state=State.CLOSED, outcome=Close.NEEDED_HELP, closed_at=OPENED, closed_by=oak.jo
    )
    KEEP[Escalation](oak.c, closed)
    assert read(oak.c, alert) == closed


# --- the ladder as it stands --------------------------------------------------------------


def test_each_rung_is_found_at_the_moment_it_is_asked(oak: Oak) -> None:
    assert ladder(oak) == ["Jo", "Dev", "Priya"]
    around = ladders.those_around(oak.c, oak.sam, RUNGS, NOON)
    assert [circle.name(oak.c, id) for id in around.others] == ["Mina"] and around.person


def test_a_gap_in_the_rota_is_no_gap_in_the_ladder(oak: Oak) -> None:
    assert ladder(oak, NOON + timedelta(weeks=60)) == ["Jo", "Dev", "Priya"]
    leaving.leave(oak.c, oak.dev, NOON)
    assert ladder(oak, NOON + timedelta(weeks=60)) == ["Jo", "nobody_on_call", "Priya"]


def test_nobody_stands_on_the_ladder_about_themselves_nor_answers_their_own_alert(
    oak: Oak, alert: str
) -> None:
    also_staff = Membership(new_id(oak.c), oak.sam, Role.MANAGER, oak.team, None, NOON)
    KEEP[Membership](oak.c, also_staff)
    leaving.leave(oak.c, oak.priya, NOON)

    assert ladder(oak) == ["Jo", "Dev", "unreachable"]
    assert oak.sam not in ladders.those_around(oak.c, oak.sam, RUNGS, NOON).others
    assert escalation.take(oak.c, alert, oak.sam, NOON) == Outcome()
    assert read(oak.c, alert).holder is None


def test_a_rung_says_why_nobody_is_on_it(oak: Oak) -> None:
    around.mark_unreachable(oak.c, oak.jo, NOON)
    around.mark_unreachable(oak.c, oak.sam, NOON)
    leaving.leave(oak.c, oak.priya, NOON)
    assert ladder(oak) == ["unreachable", "Dev", "no_manager"]
    assert not ladders.those_around(oak.c, oak.sam, RUNGS, NOON).person


def test_whoever_came_on_call_last_is_asked_and_another_when_they_cannot_be(oak: Oak) -> None:
    begins = NOON + MINUTE
    shift = Shift(new_id(oak.c), oak.team, oak.jo, begins, begins + timedelta(hours=8))
    commit(oak.c, Outcome(records=(shift,)), NOBODY, NOON)
    assert ladder(oak, begins) == ["Jo", "Jo", "Priya"]
    around.mark_unreachable(oak.c, oak.jo, NOON)
    assert ladder(oak, begins) == ["unreachable", "Dev", "Priya"]


def test_somebody_of_another_team_is_never_on_it(oak: Oak) -> None:
    for member in around.staff_of(oak.c, oak.team):
        around.mark_unreachable(oak.c, member.id, NOON)
    there = ladders.those_around(oak.c, oak.sam, RUNGS, NOON)
    assert there.others == () and all(s.member is None for s in there.ladder)


# --- who answers --------------------------------------------------------------------------


def test_taking_it_on_is_kept_told_and_asked_about_together(oak: Oak, alert: str) -> None:
    escalation.take(oak.c, alert, oak.dev, OPENED + MINUTE)

    assert read(oak.c, alert).holder == oak.dev
    assert due(oak) == [OPENED + 16 * MINUTE]
    assert on_their_way(oak)[-3:] == [
        ("Dev", "escalation.yours"),
        ("Jo", "escalation.has_it"),
        ("Sam", "escalation.seen_by"),
    ]
    assert ledger.lines(oak.c)[-1].kind == "escalation_taken"


Tap = Callable[[Connection, str, str], Outcome]
TAPS: dict[str, Tap] = {
    "take": lambda c, id, by: escalation.take(c, id, by, OPENED),
    "pass on": lambda c, id, by: escalation.pass_on(c, id, by, OPENED),
    "not reached": lambda c, id, by: escalation.not_reached(c, id, by, OPENED),
    "close": lambda c, id, by: journey.close(c, id, by, Close.SAFE_AND_WELL, OPENED),
}


@pytest.mark.parametrize("tap", TAPS)
@pytest.mark.parametrize("name", ["Sam", "Amira", "Ruth", "Alex"])
def test_nobody_outside_the_team_answers_an_alert_or_learns_of_it(
    oak: Oak, alert: str, tap: str, name: str
) -> None:
    before, heard = read(oak.c, alert), on_their_way(oak)

    assert TAPS[tap](oak.c, alert, oak.ids[name]) == Outcome()
    assert TAPS[tap](oak.c, "no-such-alert", oak.ids[name]) == Outcome()

    assert read(oak.c, alert) == before and on_their_way(oak) == heard


def test_staff_who_have_left_the_team_do_not_answer_any_more(oak: Oak, alert: str) -> None:
    leaving.leave(oak.c, oak.jo, OPENED)
    assert escalation.take(oak.c, alert, oak.jo, OPENED) == Outcome()


async def test_of_two_who_press_at_once_one_has_it_and_the_other_learns_who(
    memory: Memory,
) -> None:
    ids = await memory.write(seed.seed_sample, NOON, ACCOUNTS)
    alert = await memory.write(missed, ids)

    outcomes = await asyncio.gather(
        *(memory.write(escalation.take, alert, ids[name], OPENED) for name in ("Jo", "Dev"))
    )

    winners = [outcome for outcome in outcomes if outcome.records]
    others = [outcome for outcome in outcomes if not outcome.records]
    assert len(winners) == 1 and [said(other) for other in others] == ["escalation.held_already"]
    held = await memory.read(read, alert)
    assert others[0].said is not None and others[0].said.params["holder"] == held.holder


async def test_a_crash_in_the_middle_leaves_nothing(memory: Memory) -> None:
    ids = await memory.write(seed.seed_sample, NOON, ACCOUNTS)
    alert = await memory.write(missed, ids)
    before = await memory.read(read, alert)

    class Crash(Exception):
        pass

    def take_and_crash(c: Connection) -> None:
        escalation.take(c, alert, ids["Jo"], OPENED)
        raise Crash

    with pytest.raises(Crash):
        await memory.write(take_and_crash)

    def texts(c: Connection) -> list[str]:
        return list(c.execute(select(schema.outbox.c.text)).scalars())

    assert await memory.read(read, alert) == before
    assert "escalation.yours" not in await memory.read(texts)


# --- time, and phones that cannot be reached ----------------------------------------------


def test_a_moment_that_is_due_asks_the_next_rung_and_sets_the_next_moment(
    oak: Oak, alert: str
) -> None:
    now = OPENED + 10 * MINUTE
    escalation.tick(oak.c, alert, now, now, Cause(deadline=(KIND, alert)))

    assert read(oak.c, alert).current == oak.dev and due(oak) == [now + 10 * MINUTE]
    assert on_their_way(oak)[-2:] == [
        ("Dev", "escalation.alert_missed"),
        ("Sam", "escalation.asking_next"),
    ]


def test_a_moment_that_is_not_due_any_more_asks_nobody(oak: Oak, alert: str) -> None:
    escalation.take(oak.c, alert, oak.jo, OPENED + 9 * MINUTE)
    heard = on_their_way(oak)
    at = OPENED + 10 * MINUTE

    escalation.tick(oak.c, alert, at, at, Cause(deadline=(KIND, alert)))
    escalation.tick(oak.c, "gone", at, at, Cause(deadline=(KIND, "gone")))

    assert on_their_way(oak) == heard and due(oak) == [OPENED + 24 * MINUTE]


@pytest.mark.parametrize("held", [False, True])
def test_what_cannot_be_delivered_moves_on_at_once(oak: Oak, alert: str, held: bool) -> None:
    if held:
        escalation.take(oak.c, alert, oak.jo, OPENED)
    around.mark_unreachable(oak.c, oak.jo, OPENED)

    escalation.undeliverable(oak.c, oak.jo, OPENED)

    moved = read(oak.c, alert)
    assert (moved.state, moved.current, moved.holder) == (State.OPEN, oak.dev, None)
    assert due(oak) == [OPENED + 10 * MINUTE]
    assert on_their_way(oak)[-2:] == [
        ("Dev", "escalation.alert_missed"),
        ("Sam", "escalation.asking_now"),
    ]
    escalation.undeliverable(oak.c, oak.jo, OPENED)
    assert read(oak.c, alert) == moved, "a second time nothing waits on them"


def test_one_alert_that_cannot_be_told_moves_alone(oak: Oak, alert: str) -> None:
    before = read(oak.c, alert)
    escalation.undeliverable(oak.c, oak.jo, OPENED, "another alert")
    assert read(oak.c, alert) == before
    escalation.undeliverable(oak.c, oak.jo, OPENED, alert)
    assert read(oak.c, alert).current == oak.dev


def test_every_alert_that_waits_on_them_moves_on(oak: Oak, alert: str) -> None:
    kim = Member(new_id(oak.c), 77, "Kim", None, "en_GB", NOON)
    role = Membership(new_id(oak.c), kim.id, Role.PERSON, oak.team, None, NOON)
    support = Support(new_id(oak.c), oak.jo, kim.id, True, NOON)
    commit(oak.c, Outcome(records=(kim, role, support)), NOBODY, NOON)
    other = missed(oak.c, {"Sam": kim.id, "Jo": oak.jo})

    escalation.shut_out(oak.c, oak.jo, OPENED)

    assert [read(oak.c, id).current for id in (alert, other)] == [oak.dev, oak.dev]
    assert on_their_way(oak).count(("Dev", "escalation.alert_missed")) == 2


def test_whoever_blocks_kith_is_passed_at_once(oak: Oak, alert: str) -> None:
    escalation.shut_out(oak.c, oak.jo, OPENED)
    assert read(oak.c, alert).current == oak.dev
    assert ladder(oak) == ["unreachable", "Dev", "Priya"]


def test_an_alert_does_not_wait_for_somebody_who_has_left_the_team(oak: Oak, alert: str) -> None:
    escalation.take(oak.c, alert, oak.jo, OPENED)
    leaving.leave(oak.c, oak.jo, OPENED + MINUTE)

    moved = read(oak.c, alert)
    assert (moved.holder, moved.current) == (None, oak.dev)
    assert due(oak) == [OPENED + 11 * MINUTE]


def test_an_alert_goes_on_when_the_person_leaves_kith(oak: Oak, alert: str) -> None:
    """Anyone could be holding the phone."""
    leaving.leave(oak.c, oak.sam, OPENED)

    escalation.tick(oak.c, alert, OPENED, OPENED + 10 * MINUTE)

    assert read(oak.c, alert).current == oak.dev
    assert ("Dev", "escalation.alert_missed_unreached") in on_their_way(oak)


def test_staff_learn_that_the_persons_phone_could_not_be_reached(oak: Oak) -> None:
    around.mark_unreachable(oak.c, oak.sam, NOON)
    missed(oak.c, oak.ids)
    assert ("Jo", "escalation.alert_missed_unreached") in on_their_way(oak)


# --- practice -----------------------------------------------------------------------------


def test_a_practice_alert_goes_to_colleagues_and_oneself_only(oak: Oak) -> None:
    assert said(escalation.practise(oak.c, oak.dev, oak.priya, NOON)) == "escalation.practice_sent"
    assert said(escalation.practise(oak.c, oak.priya, oak.priya, NOON)) is not None
    for to, by in (("Alex", "Priya"), ("Dev", "Amira"), ("Amira", "Amira"), ("Dev", "Alex")):
        assert escalation.practise(oak.c, oak.ids[to], oak.ids[by], NOON) == Outcome()
    around.mark_unreachable(oak.c, oak.dev, NOON)
    unreachable = escalation.practise(oak.c, oak.dev, oak.priya, NOON)
    assert said(unreachable) == "escalation.practice_unreachable"


def test_only_colleagues_answer_a_practice_alert(oak: Oak) -> None:
    escalation.practised(oak.c, oak.priya, oak.dev, NOON)
    assert on_their_way(oak)[-1] == ("Priya", "escalation.practice_seen")
    assert escalation.practised(oak.c, oak.priya, oak.ids["Alex"], NOON) == Outcome()


def test_colleagues_are_those_who_work_in_the_same_team(oak: Oak) -> None:
    colleagues = {m.name for m in escalation.colleagues(oak.c, oak.jo, NOON)}
    assert colleagues == {"Dev", "Priya", "Mina"}
    assert escalation.colleagues(oak.c, oak.ids["Amira"], NOON) == []


def test_whoever_presses_second_changes_nothing_and_is_in_the_ledger(oak: Oak, alert: str) -> None:
    def late() -> list[tuple[str | None, str | None]]:
        kind = "escalation_already_held"
        return [(one.person, one.actor) for one in ledger.lines(oak.c) if one.kind == kind]

    escalation.take(oak.c, alert, oak.ids["Dev"], OPENED)
    held = read(oak.c, alert)
    escalation.take(oak.c, alert, oak.ids["Dev"], OPENED)
    for stranger in ("Alex", "Amira"):
        assert escalation.take(oak.c, alert, oak.ids[stranger], OPENED) == Outcome()
    assert late() == [], "neither whoever has it, nor who may not answer"
    for _ in range(2):
        outcome = escalation.take(oak.c, alert, oak.jo, OPENED + MINUTE)
        assert said(outcome) == "escalation.held_already" and not outcome.records
    assert late() == [(oak.sam, oak.jo)] * 2 and read(oak.c, alert).holder == held.holder
    journey.close(oak.c, alert, oak.ids["Dev"], Close.SAFE_AND_WELL, OPENED + MINUTE)
    escalation.take(oak.c, alert, oak.jo, OPENED + MINUTE)
    assert len(late()) == 2
