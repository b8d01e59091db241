"""The gate's decision table comes out right, is whole, and a gate that is broken shows there."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import pytest

from bot.care import gate_proof
from bot.care.agreement import (
    CEILING,
    LEVELS,
    Agreement,
    Basis,
    Choice,
    Decision,
    Effect,
    Facts,
    Reason,
    Situation,
    Standing,
    State,
    decide,
)
from bot.care.circle import SUPPORTERS, Role
from bot.care.gate_proof import CASES, NOW, Case
from bot.care.outcome import About

LINES = [case for cases in CASES.values() for case in cases]


@pytest.mark.parametrize("case", LINES, ids=lambda case: case.says)
def test_each_line_of_the_table_comes_out_right(case: Case) -> None:
    assert decide(case.facts, case.about, NOW) == case.right


def test_no_line_stands_there_twice() -> None:
    assert len({case.says for case in LINES}) == len(LINES)


def test_every_reason_has_a_line() -> None:
    assert {case.right.reason for case in LINES} == set(Reason)


def test_the_gate_that_stands_gets_every_line_right() -> None:
    assert gate_proof.wrong() is None


def _raises(facts: Facts, about: About, now: datetime) -> Decision:
    raise ValueError("broken")


def _tells_everything(facts: Facts, about: About, now: datetime) -> Decision:
    return replace(decide(facts, about, now), effect=Effect.SHARE)


def _tells_nothing(facts: Facts, about: About, now: datetime) -> Decision:
    return Decision(Effect.WITHHOLD, Reason.ERROR)


def _gives_no_rows(facts: Facts, about: About, now: datetime) -> Decision:
    return replace(decide(facts, about, now), rows=())


def _answers_nothing(facts: Facts, about: About, now: datetime) -> Any:
    return None


@pytest.mark.parametrize(
    "gate", [_raises, _tells_everything, _tells_nothing, _gives_no_rows, _answers_nothing]
)
def test_a_gate_that_is_broken_gets_a_line_wrong(gate: gate_proof.Gate) -> None:
    assert gate_proof.wrong(gate) in {case.says for case in LINES}


@pytest.mark.parametrize("kept", [Effect, Reason, Situation, Choice, Basis, State])
def test_what_is_kept_is_never_renamed(kept: type[StrEnum]) -> None:
    assert [each.value for each in kept] == [each.name.lower() for each in kept]


def test_what_is_not_said_of_a_record_is_nothing() -> None:
    draft = Agreement("a", "sam", "amira", 1, State.DRAFT, (), NOW, NOW, "jo", NOW)
    assert (draft.activated_at, draft.ended_at, draft.ended_by) == (None, None, None)
    assert Standing("amira", Role.CARER).paused is False
    nothing = Facts("sam", False, "oak", None)
    assert (nothing.agreements, nothing.untold) == ((), False)
    assert LEVELS == (1, 2, 3)
    assert set(CEILING) == set(SUPPORTERS) and set(CEILING.values()) == {3}
