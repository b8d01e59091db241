"""When an agreement is looked at again: whom each moment reminds, and what follows it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.care import review
from bot.care.agreement import State
from bot.care.outcome import Lane, Outcome, Wake
from tests.care.outing import NOON
from tests.care.test_agreeing import ACTIVE

DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
REVIEW_AT, LAPSES_AT = ACTIVE.review_at, ACTIVE.lapses_at


def due(days: float, *staff: str) -> Outcome:
    """So many days after the review was due."""
    return review.due(ACTIVE, "amira", staff, REVIEW_AT + days * DAY)


def test_the_first_look_is_a_week_before() -> None:
    assert review.begins(ACTIVE) == Wake("agreement_review", ACTIVE.id, REVIEW_AT - 7 * DAY)
    assert review.over(ACTIVE) == Wake("agreement_review", ACTIVE.id, None)


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
    outcome = due(days, "jo")
    person, staff = outcome.tells
    assert (person.to, str(person.message.text)) == ("sam", text)
    assert (staff.to, str(staff.message.text)) == ("jo", "review.for_staff")
    assert staff.about is not None and (staff.about.person, staff.about.level) == ("sam", 1)
    assert {person.lane, staff.lane} == {Lane.REMINDER}
    assert outcome.wakes == (Wake(review.KIND, ACTIVE.id, REVIEW_AT + after * DAY),)


@pytest.mark.parametrize("days", [28, 300])
def test_when_it_has_ended_by_itself_that_is_said_and_no_more(days: float) -> None:
    outcome = due(days)
    assert [str(tell.message.text) for tell in outcome.tells] == ["review.lapsed"]
    assert outcome.wakes == ()


def test_too_early_nobody_is_reminded_and_it_is_looked_at_again() -> None:
    early = review.due(ACTIVE, "amira", ["jo"], REVIEW_AT - 7 * DAY - TICK)
    assert early == Outcome(wakes=(review.begins(ACTIVE),))


def test_each_moment_reminds_once() -> None:
    keys = [tell.key for days in (-7, -6, 0, 6, 7) for tell in due(days, "jo").tells]
    assert len(set(keys)) == 6 and None not in keys


@pytest.mark.parametrize("state", [State.DRAFT, State.ENDED])
def test_what_is_not_in_force_is_not_looked_at(state: State) -> None:
    assert review.due(replace(ACTIVE, state=state), "amira", ["jo"], NOON + 200 * DAY) == Outcome()
