"""When an agreement is looked at again: what each moment says, and what follows it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.care import lapsing
from bot.care.agreement import State
from bot.care.outcome import Lane, Outcome, Wake
from tests.care.outing import NOON
from tests.care.test_agreeing import ACTIVE

DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
REVIEW_AT, LAPSES_AT = ACTIVE.review_at, ACTIVE.lapses_at


def due(days: float) -> Outcome:
    """So many days after the review was due."""
    return lapsing.due(ACTIVE, REVIEW_AT + days * DAY)


def test_the_first_look_is_a_week_before() -> None:
    assert lapsing.begins(ACTIVE) == Wake("agreement_review", ACTIVE.id, REVIEW_AT - 7 * DAY)
    assert lapsing.over(ACTIVE) == Wake("agreement_review", ACTIVE.id, None)


@pytest.mark.parametrize(
    ("days", "text", "after"),
    [
        (-7, "review.soon", 0),
        (-0.01, "review.soon", 0),
        (0, "review.today", 7),
        (7, "review.waits", 14),
        (14, "review.waits", 21),
        (21, "review.waits", 28),
        (27.9, "review.waits", 28),
    ],
)
def test_each_moment_has_its_words_and_names_the_next(days: float, text: str, after: int) -> None:
    outcome = due(days)
    (person,) = outcome.tells
    assert (person.to, str(person.message.text)) == ("sam", text)
    assert person.lane is Lane.REMINDER
    assert outcome.wakes == (Wake(lapsing.KIND, ACTIVE.id, REVIEW_AT + after * DAY),)


@pytest.mark.parametrize("days", [28, 300])
def test_when_it_has_ended_by_itself_that_is_said_and_no_more(days: float) -> None:
    outcome = due(days)
    assert [str(tell.message.text) for tell in outcome.tells] == ["review.lapsed"]
    assert outcome.wakes == ()


def test_too_early_nobody_is_reminded_and_it_is_looked_at_again() -> None:
    early = lapsing.due(ACTIVE, REVIEW_AT - 7 * DAY - TICK)
    assert early == Outcome(wakes=(lapsing.begins(ACTIVE),))


def test_each_moment_reminds_once() -> None:
    keys = [tell.key for days in (-7, -6, 0, 6, 7) for tell in due(days).tells]
    assert len(set(keys)) == 3 and None not in keys


@pytest.mark.parametrize("state", [State.DRAFT, State.ENDED])
def test_what_is_not_in_force_is_not_looked_at(state: State) -> None:
    assert lapsing.due(replace(ACTIVE, state=state), NOON + 200 * DAY) == Outcome()
