"""The gate and its twin, which was written apart from it, answer alike."""

from collections import Counter
from random import Random

import pytest

from bot.care.agreement import Reason, decide
from bot.care.gate_proof import CASES, NOW, Case
from tests.care.naive_gate import judge
from tests.care.sharing import question

ROUNDS = 10
THROWN = 12_000
"""In each round; together well over a hundred thousand."""


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_the_gate_and_its_twin_answer_alike(seed: int) -> None:
    seen: Counter[Reason] = Counter()
    dice = Random(seed)
    for _ in range(THROWN):
        asked = question(dice)
        decision = decide(asked.facts, asked.about, asked.now)
        assert (decision.effect, decision.reason) == judge(asked.facts, asked.about, asked.now), (
            asked
        )
        seen[decision.reason] += 1
    assert set(seen) == set(Reason), "the dice leave a reason out"
    told = seen[Reason.AGREED] + seen[Reason.SAID_YES] + seen[Reason.ASK_FIRST]
    assert told > THROWN / 8, "the dice hardly ever come near a yes"


@pytest.mark.parametrize(
    "case", [case for cases in CASES.values() for case in cases], ids=lambda case: case.says
)
def test_the_twin_gets_the_table_right(case: Case) -> None:
    assert judge(case.facts, case.about, NOW) == (case.right.effect, case.right.reason)
