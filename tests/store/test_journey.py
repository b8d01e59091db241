"""Outings as they are kept, and their acts: each commits all that follows, or nothing of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.care import escalation as alerts
from bot.care.escalation import Close, Need
from bot.care.journey import KIND, Journey, State
from bot.care.outcome import Cause, Outcome
from bot.store import circle, escalation, heartbeat, inbox, journey, leaving, ledger, plan, schema
from bot.store.commit import KEEP
from tests.conftest import NOON
from tests.oak import Oak, said

MINUTE = timedelta(minutes=1)
DUE = NOON + 60 * MINUTE


@pytest.fixture
def out(oak: Oak) -> Oak:
    """Sam has set off for the café and is due in an hour."""
    plan.sample(oak.c, oak.sam, oak.jo, NOON)
    journey.set_off(oak.c, oak.sam, "Café", DUE, NOON)
    return oak


def running(oak: Oak) -> Journey:
    found = journey.running(oak.c, oak.sam)
    assert found is not None
    return found


def due(oak: Oak) -> dict[str, datetime]:
    """The moments that are due about outings and alerts, by kind."""
    rows = oak.c.execute(select(schema.deadline)).all()
    return {row.kind: row.due_at for row in rows if row.kind in (KIND, alerts.KIND)}


def passes(oak: Oak, minutes: int) -> Outcome:
    """So many minutes after the due time the outing's deadline is acted on."""
    now = DUE + minutes * MINUTE
    return journey.tick(oak.c, running(oak).id, DUE, now, Cause(deadline=(KIND, running(oak).id)))


def on_their_way(oak: Oak) -> list[tuple[str, str]]:
    """To whom, and which text, in the order they were written."""
    rows = oak.c.execute(select(schema.outbox).order_by(schema.outbox.c.number))
    return [(circle.name(oak.c, row.member), row.text) for row in rows]


def test_an_outing_comes_back_as_it_was_kept(out: Oak) -> None:
    kept = replace(
        running(out),
        heard_at=NOON + MINUTE,
        escalation="an-alert",
        late=True,
        off=(NOON, NOON + MINUTE),
        nudges=2,
        version=7,
        state=State.ANSWERED,
    )
    KEEP[Journey](out.c, kept)
    assert journey.journey(out.c, kept.id) == kept

    ended = replace(kept, state=State.HOME, ended_at=DUE, ended_by=out.sam, feeling=4)
    KEEP[Journey](out.c, ended)
    assert journey.journey(out.c, kept.id) == ended
    assert journey.running(out.c, out.sam) is None


def test_where_the_person_goes_cannot_be_read_in_the_database(out: Oak) -> None:
    assert "Café".encode() not in out.c.execute(select(schema.journey.c.place)).scalar_one()


def test_setting_off_keeps_the_outing_its_deadline_and_the_receipt_together(oak: Oak) -> None:
    plan.sample(oak.c, oak.sam, oak.jo, NOON)
    inbox.arrive(oak.c, 7, 1, "{}", NOON)

    journey.set_off(oak.c, oak.sam, "Café", DUE, NOON, Cause(update=7))

    assert running(oak).due_at == DUE and due(oak) == {KIND: DUE}
    assert on_their_way(oak)[-1] == ("Sam", "journey.set_off")
    assert ledger.lines(oak.c)[-1].kind == "journey_set_off"
    row = oak.c.execute(select(schema.inbox)).one()
    assert row.state == "done" and row.body is None


def test_a_missed_check_in_becomes_an_alert_in_one_step(out: Oak) -> None:
    passes(out, 0)
    passes(out, 5)
    assert due(out) == {KIND: DUE + 10 * MINUTE}

    passes(out, 10)

    missed = running(out)
    assert missed.state is State.MISSED and missed.escalation is not None
    alert = escalation.escalation(out.c, missed.escalation)
    assert alert is not None and alert.event_at == DUE and alert.subject == missed.id
    assert due(out) == {alerts.KIND: DUE + 20 * MINUTE}
    assert on_their_way(out)[-3:] == [
        ("Jo", "escalation.alert_missed"),
        ("Sam", "escalation.asked_to_ring"),
        ("Amira", "news.push"),
    ]
    kinds = [line.kind for line in ledger.lines(out.c) if line.kind != "unshared"]
    assert kinds[-4:] == ["journey_missed", "escalation_opened", "escalation_told", "news_written"]


def test_a_deadline_that_is_not_due_any_more_does_nothing(out: Oak) -> None:
    journey.later(out.c, running(out).id, running(out).mark, out.sam, minutes=20, now=NOON)
    before, heard = running(out), on_their_way(out)

    passes(out, 10)

    assert running(out) == before and on_their_way(out) == heard
    assert due(out) == {KIND: DUE + 20 * MINUTE}


def test_a_deadline_of_an_outing_that_is_over_does_nothing(out: Oak) -> None:
    id = running(out).id
    journey.home(out.c, id, out.sam, NOON)
    heard = on_their_way(out)

    journey.tick(out.c, id, DUE, DUE + 10 * MINUTE, Cause(deadline=(KIND, id)))
    journey.tick(out.c, "gone", DUE, DUE, Cause(deadline=(KIND, "gone")))

    assert due(out) == {} and on_their_way(out) == heard


def test_a_moment_of_an_outing_that_has_become_an_alert_tells_nobody_again(out: Oak) -> None:
    passes(out, 10)
    heard, moments = on_their_way(out), due(out)

    passes(out, 15)

    assert on_their_way(out) == heard and due(out) == moments


def test_what_was_due_while_kith_was_off_is_acted_on_and_said(out: Oak) -> None:
    heartbeat.beat(out.c, DUE - 10 * MINUTE)
    assert heartbeat.woke(out.c, DUE + 20 * MINUTE, heartbeat.alive(out.c)) is not None

    passes(out, 20)

    assert running(out).off == (DUE - 10 * MINUTE, DUE + 20 * MINUTE)
    texts = [text for name, text in on_their_way(out) if name in ("Sam", "Jo")]
    assert texts[-4:] == [
        "journey.were_off",
        "journey.nudge_after_off",
        "escalation.alert_missed_off",
        "escalation.asked_to_ring",
    ]
    journey.ok(out.c, running(out).id, out.sam, DUE + 21 * MINUTE)
    assert not running(out).late


def test_a_late_answer_is_kept_on_the_outing_and_told_with_the_alert(out: Oak) -> None:
    passes(out, 10)

    journey.ok(out.c, running(out).id, out.sam, DUE + 12 * MINUTE)

    assert running(out).state is State.ANSWERED and running(out).late
    assert on_their_way(out)[-2:] == [
        ("Sam", "journey.ok_after_alert"),
        ("Jo", "escalation.person_ok"),
    ]


def test_asking_for_help_opens_an_alert_and_asking_again_does_not_open_another(out: Oak) -> None:
    id = running(out).id
    journey.help_wanted(out.c, id, out.sam, NOON)
    first = running(out).escalation
    journey.emergency(out.c, id, out.sam, NOON + 2 * MINUTE)

    assert running(out).escalation == first
    assert len(out.c.execute(select(schema.escalation)).all()) == 1
    assert {name for name, text in on_their_way(out) if text == "escalation.alert_emergency"} == {
        "Jo",
        "Dev",
        "Priya",
    }
    journey.need(out.c, id, out.sam, Need.LOST, NOON + 3 * MINUTE)
    journey.mistake(out.c, id, out.sam, NOON + 4 * MINUTE)
    assert ("Priya", "escalation.mistake") in on_their_way(out)


def test_closing_the_alert_ends_the_outing_it_is_about(out: Oak) -> None:
    passes(out, 10)
    alert = running(out).escalation
    assert alert is not None
    escalation.take(out.c, alert, out.jo, DUE + 11 * MINUTE)

    id = running(out).id
    journey.close(out.c, alert, out.jo, Close.SAFE_AND_WELL, DUE + 12 * MINUTE)

    ended = journey.journey(out.c, id)
    assert ended is not None and ended.ended_by == out.jo and ended.state is State.HOME
    assert due(out) == {} and journey.running(out.c, out.sam) is None


Tap = Callable[[Oak, str, str], Outcome]
TAPS: dict[str, Tap] = {
    "ok": lambda oak, id, by: journey.ok(oak.c, id, by, NOON),
    "late": lambda oak, id, by: journey.late(oak.c, id, by, NOON),
    "later": lambda oak, id, by: journey.later(oak.c, id, 0, by, minutes=10, now=NOON),
    "home in": lambda oak, id, by: journey.home_in(oak.c, id, 0, by, minutes=10, now=NOON),
    "longer": lambda oak, id, by: journey.ask_longer(oak.c, id, by, NOON),
    "home": lambda oak, id, by: journey.home(oak.c, id, by, NOON),
    "help": lambda oak, id, by: journey.help_wanted(oak.c, id, by, NOON),
    "emergency": lambda oak, id, by: journey.emergency(oak.c, id, by, NOON),
    "need": lambda oak, id, by: journey.need(oak.c, id, by, Need.LOST, NOON),
    "mistake": lambda oak, id, by: journey.mistake(oak.c, id, by, NOON),
    "felt": lambda oak, id, by: journey.felt(oak.c, id, by, 3, NOON),
}


@pytest.mark.parametrize("tap", TAPS)
@pytest.mark.parametrize("name", ["Jo", "Amira", "Alex"])
def test_somebody_elses_button_and_one_of_no_outing_change_nothing(
    out: Oak, tap: str, name: str
) -> None:
    before, heard = running(out), on_their_way(out)

    assert TAPS[tap](out, before.id, out.ids[name]) == Outcome()
    assert TAPS[tap](out, "no-such-outing", out.sam) == Outcome()

    assert running(out) == before and on_their_way(out) == heard


def test_only_staff_of_the_team_give_more_time(out: Oak) -> None:
    id, mark = running(out).id, running(out).mark
    for name in ("Sam", "Amira", "Alex"):
        refused = journey.give_longer(out.c, id, mark, out.ids[name], minutes=30, now=NOON)
        assert refused == Outcome()

    journey.give_longer(out.c, id, mark, out.jo, minutes=30, now=NOON)
    assert running(out).due_at == DUE + 30 * MINUTE


def test_without_a_plan_the_key_worker_hears_that_the_person_wanted_to_go(oak: Oak) -> None:
    outcome = journey.set_off(oak.c, oak.sam, "Café", DUE, NOON)

    assert said(outcome) == "journey.no_plan"
    assert on_their_way(oak)[-1:] == [("Jo", "journey.not_kept_no_plan")]
    assert journey.running(oak.c, oak.sam) is None


def test_who_is_out_is_seen_by_those_who_support_them_and_by_nobody_else(out: Oak) -> None:
    for staff in (out.jo, out.dev, out.priya, out.ids["Mina"]):
        assert journey.out_now(out.c, staff, NOON) == [running(out)]
    for other in (out.ids["Alex"], out.ids["Amira"], out.ids["Ruth"], out.sam):
        assert journey.out_now(out.c, other, NOON) == []


def test_somebody_who_left_while_out_is_still_seen_by_their_team(out: Oak) -> None:
    before = running(out)
    leaving.leave(out.c, out.sam, NOON)

    assert journey.out_now(out.c, out.jo, NOON) == [before]
    assert journey.out_now(out.c, out.ids["Alex"], NOON) == []


def test_a_crash_in_the_middle_leaves_nothing(out: Oak) -> None:
    before, heard, moments = running(out), on_their_way(out), due(out)

    class Crash(Exception):
        pass

    def act() -> None:
        with out.c.begin_nested():
            passes(out, 10)
            raise Crash

    with pytest.raises(Crash):
        act()

    assert running(out) == before and on_their_way(out) == heard and due(out) == moments
    assert out.c.execute(select(schema.escalation)).all() == []


def test_the_plan_is_frozen_onto_the_outing(out: Oak) -> None:
    frozen = running(out).plan
    proposed = plan.draft(
        out.c, out.sam, out.jo, ("Park",), 60, frozen.rungs[::-1], "Ring the park.", NOON
    )
    draft: Any = proposed.records[-1]
    plan.agree(out.c, draft.id, out.sam, NOON)

    assert running(out).plan.places == frozen.places
    assert running(out).plan.rungs == frozen.rungs


def woke(oak: Oak, now: datetime) -> object:
    return heartbeat.woke(oak.c, now, heartbeat.alive(oak.c))


def test_when_kith_last_ran_is_told_from_a_short_pause(oak: Oak) -> None:
    assert woke(oak, NOON) is None, "the first start has no before"
    heartbeat.beat(oak.c, NOON + MINUTE)
    assert woke(oak, NOON + 1.5 * MINUTE) is None
    heartbeat.beat(oak.c, NOON + 1.5 * MINUTE)
    assert heartbeat.last_off(oak.c) is None
    assert woke(oak, NOON + 30 * MINUTE) == (
        NOON + 1.5 * MINUTE,
        NOON + 30 * MINUTE,
    )
    assert heartbeat.last_off(oak.c) == (NOON + 1.5 * MINUTE, NOON + 30 * MINUTE)
    heartbeat.beat(oak.c, NOON + 30 * MINUTE)
    assert woke(oak, NOON + 30.5 * MINUTE) is None


def test_a_kith_that_dies_at_every_start_was_off_all_the_while(oak: Oak) -> None:
    heartbeat.beat(oak.c, NOON)
    for seconds in range(10, 1200, 10):
        woke(oak, NOON + timedelta(seconds=seconds))

    assert woke(oak, NOON + 20 * MINUTE) == (
        NOON,
        NOON + 20 * MINUTE,
    )


def test_a_moment_of_running_between_two_spans_makes_them_one(oak: Oak) -> None:
    heartbeat.beat(oak.c, NOON)
    woke(oak, NOON + 10 * MINUTE)
    heartbeat.beat(oak.c, NOON + 10.2 * MINUTE)

    assert woke(oak, NOON + 20 * MINUTE) == (
        NOON,
        NOON + 20 * MINUTE,
    )


def test_an_update_that_changes_nothing_else_is_still_closed(out: Oak) -> None:
    row = {"update": 9, "state": "open", "received_at": NOON, "attempts": 0}
    out.c.execute(insert(schema.inbox).values(**row))
    journey.home(out.c, running(out).id, out.sam, NOON, Cause(update=9))
    assert out.c.execute(select(schema.inbox.c.state)).scalar_one() == "done"
