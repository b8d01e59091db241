"""Setting off: Kith keeps time, or says why not; it forbids nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.care import setting_off
from bot.care.journey import Journey, State
from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic, Value
from bot.care.plan import Ladder
from bot.care.terms import ACCOMPANIED, Support, Terms
from bot.care.text import Text
from tests.care.outing import (
    DUE,
    MINUTE,
    NOON,
    around,
    outing,
    said,
    told,
)

LADDER = around().ladder
NOBODY = around(None, None, None).ladder


def setting(due: timedelta = 60 * MINUTE) -> Journey:
    return outing(due_at=NOON + due, limit_at=NOON + due + 30 * MINUTE)


def not_kept(member: str, text: str, about: str, **more: Value) -> Tell:
    """Word to this member of staff that Kith keeps no time, the first thing to leave, once."""
    message = Message(Text("journey", text), {"person": "sam", **more})
    key = f"{about}:not_kept:{member}"
    return Tell(member, message, Lane.SAFETY, About("sam", Topic.JOURNEYS, 2), key)


def test_kith_keeps_time_from_the_moment_the_person_sets_off() -> None:
    outcome = setting_off.set_off(setting(), None, LADDER, ("mina",), "jo", NOON)

    assert told(outcome) == [("sam", "set_off")]
    assert [wake.at for wake in outcome.wakes] == [DUE]
    assert outcome.records == (setting(),)
    assert outcome.logs == (Log("journey_set_off", "sam", "sam", {"journey": "out"}),)


def test_kith_keeps_time_up_to_the_last_minute_of_the_plan() -> None:
    longest = setting(timedelta(minutes=setting().plan.longest))
    outcome = setting_off.set_off(longest, None, LADDER, (), "jo", NOON)
    assert told(outcome) == [("sam", "set_off")] and outcome.records == (longest,)


@pytest.mark.parametrize(
    ("due", "ladder", "others", "answer", "hears", "why"),
    [
        pytest.param(
            180 * MINUTE,
            LADDER,
            ("mina",),
            "cannot_keep_longer",
            [("jo", "not_kept_longer")],
            "longer_than_plan",
            id="longer than the plan: the first rung hears why",
        ),
        pytest.param(
            60 * MINUTE,
            NOBODY,
            ("mina", "kim"),
            "cannot_keep_time",
            [("mina", "not_kept_nobody"), ("kim", "not_kept_nobody")],
            "nobody_reachable",
            id="no rung can be reached: the rest of the team hears why",
        ),
        pytest.param(
            60 * MINUTE,
            NOBODY,
            (),
            "cannot_keep_time_alone",
            [],
            "nobody_reachable",
            id="nobody at all can be reached: Kith does not say it has told them",
        ),
    ],
)
def test_what_kith_cannot_keep_time_for_is_never_forbidden(
    due: timedelta,
    ladder: Ladder,
    others: tuple[str, ...],
    answer: str,
    hears: list[tuple[str, str]],
    why: str,
) -> None:
    outcome = setting_off.set_off(setting(due), None, ladder, others, "jo", NOON)

    assert said(outcome) == answer
    assert told(outcome) == hears
    assert outcome.tells == tuple(
        not_kept(member, text, "out", due=NOON + due) for member, text in hears
    )
    assert not outcome.records and not outcome.wakes
    assert outcome.logs == (Log("journey_not_kept", "sam", "sam", {"journey": "out", "why": why}),)


def test_who_goes_where_kith_cannot_keep_time_reads_whom_to_ring_and_how_long_it_could() -> None:
    outcome = setting_off.set_off(setting(180 * MINUTE), None, LADDER, ("mina",), "jo", NOON)
    assert outcome.said == Message(
        Text("journey", "cannot_keep_longer"), {"member": "jo", "until": NOON + 120 * MINUTE}
    )


@pytest.mark.parametrize("support", Support)
def test_where_somebody_else_has_to_be_there_the_first_rung_hears_of_it_once(
    support: Support,
) -> None:
    plan = replace(setting().plan, terms=Terms(support=support))
    going = replace(setting(), plan=plan)
    alone = [("sam", "set_off")]
    if support not in ACCOMPANIED:
        assert told(setting_off.set_off(going, None, LADDER, (), "jo", NOON, False)) == alone
        return
    for arranged, text in ((True, "off_with"), (None, "off_with"), (False, "off_without")):
        outcome = setting_off.set_off(going, None, LADDER, (), "jo", NOON, arranged)
        assert told(outcome) == [*alone, ("jo", text)] and said(outcome) == "off_told"
        assert outcome.records and outcome.wakes, "whatever was arranged, Kith keeps time"
        tell = outcome.tells[1]
        assert (tell.lane, tell.key) == (Lane.REPLY, f"{going.id}:support")
        assert tell.about == About("sam", Topic.JOURNEYS, 3)
        assert tell.message.params["person"] == "sam"
        assert outcome.said is not None and outcome.said.params == {"member": "jo"}
    by_jo = replace(going, set_off_by="jo")
    assert told(setting_off.set_off(by_jo, None, LADDER, (), "jo", NOON, False)) == alone


def test_without_a_key_worker_the_person_is_asked_to_ring_the_team() -> None:
    outcome = setting_off.set_off(setting(180 * MINUTE), None, LADDER, (), None, NOON)
    assert said(outcome) == "cannot_keep_longer_team"
    assert outcome.said is not None and outcome.said.params["until"] == NOON + 120 * MINUTE
    nobody = setting_off.set_off(setting(60 * MINUTE), None, NOBODY, ("mina",), None, NOON)
    assert said(nobody) == "cannot_keep_time_team"


def test_without_a_plan_staff_hear_that_the_person_wanted_to_go() -> None:
    outcome = setting_off.no_plan("sam", ("jo", "mina"), "jo", "tap")
    assert outcome == Outcome(
        said=Message(Text("journey", "no_plan"), {"member": "jo"}),
        tells=(
            not_kept("jo", "not_kept_no_plan", "tap"),
            not_kept("mina", "not_kept_no_plan", "tap"),
        ),
        logs=(Log("journey_not_kept", "sam", "sam", {"why": "no_plan"}),),
    )
    assert said(setting_off.no_plan("sam", (), "jo", "tap")) == "cannot_keep_time_alone"
    to_the_team = setting_off.no_plan("sam", ("mina",), None, "tap")
    assert to_the_team.said == Message(Text("journey", "no_plan_team"))


def test_a_time_that_has_passed_meanwhile_starts_nothing() -> None:
    outcome = setting_off.set_off(setting(), None, LADDER, (), "jo", DUE)
    assert outcome == Outcome(said=outcome.said) and said(outcome) == "time_passed"


@pytest.mark.parametrize(
    ("state", "answer"),
    [
        pytest.param(State.OUT, "already_out", id="two outings at once are one"),
        pytest.param(State.NUDGED, "already_out", id="also while Kith is asking"),
        pytest.param(State.MISSED, "alert_stands", id="an alert is closed before the next"),
        pytest.param(State.ANSWERED, "alert_stands", id="also when the person has answered"),
        pytest.param(State.HELP, "alert_stands", id="also when they asked for help"),
    ],
)
def test_a_second_outing_changes_nothing_and_is_answered(state: State, answer: str) -> None:
    outcome = setting_off.set_off(setting(), outing(state), LADDER, (), "jo", NOON)
    assert outcome == Outcome(said=outcome.said) and said(outcome) == answer
