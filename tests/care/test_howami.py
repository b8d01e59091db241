"""How a carer is: kept at once, never judged."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.care.howami import SAME, HowAmI, say, write
from bot.care.outcome import Outcome
from tests.conftest import NOON

SIX = HowAmI("a", "amira", NOON, 6, "Fine.")
LATER = HowAmI("b", "amira", NOON + SAME, 2)


@pytest.mark.parametrize("number", range(11))
def test_a_number_is_kept_and_nothing_follows_from_it(number: int) -> None:
    fresh = replace(LATER, number=number)
    assert say(SIX, fresh) == say(None, fresh) == Outcome(records=(fresh,))


def test_a_slip_of_the_finger_is_put_right() -> None:
    soon = replace(LATER, at=LATER.at - timedelta(seconds=1))
    assert say(SIX, soon) == Outcome(records=(replace(SIX, number=2),)), "with what was written"


def test_a_clock_that_was_set_back_puts_nothing_over_what_was_said_before() -> None:
    earlier = replace(LATER, at=NOON - SAME)
    assert say(SIX, earlier) == Outcome(records=(earlier,))


@pytest.mark.parametrize("number", [-1, 11])
def test_there_is_no_such_number(number: int) -> None:
    assert say(None, replace(SIX, number=number)) == Outcome()


def test_words_are_added_or_not() -> None:
    assert write(LATER, "Tired.").records == (replace(LATER, words="Tired."),)
    assert write(SIX, None).records == (SIX,)
