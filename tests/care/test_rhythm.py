"""Planned contact: when staff are reminded, what counts as contact, and the person's good news."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.care import good_news
from bot.care import rhythm as care
from bot.care.agreement import Decision, Effect, Reason
from bot.care.news import Answer, Hearer, News, State, Telling
from bot.care.outcome import About, Lane, Outcome, Topic, Wake
from bot.care.rhythm import AGAIN, DUE, LATER, SOON, How, NoRhythm, Rhythm

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)

WEEKLY = Rhythm("m1", "amira", "sam", 1, NOW, "jo", False)
ASKING = replace(WEEKLY, asks=True)


@pytest.mark.parametrize("asks", [True, False])
def test_a_rhythm_that_is_agreed_has_its_moments(asks: bool) -> None:
    outcome = care.agree(replace(WEEKLY, asks=asks), "jo")
    assert outcome.wakes == (Wake(DUE, "m1", NOW), Wake(SOON, "m1", NOW - DAY if asks else None))
    assert outcome.records == (replace(WEEKLY, asks=asks),)
    assert outcome.logs[0].facts == {"supporter": "m1", "weeks": 1}


def test_an_ended_one_has_none() -> None:
    outcome = care.end("m1", "amira", "sam", "jo")
    assert outcome.records == (NoRhythm("m1"),)
    assert outcome.wakes == (Wake(DUE, "m1", None), Wake(SOON, "m1", None))


@pytest.mark.parametrize(("weeks", "text"), [(1, "due_weekly"), (2, "due_fortnightly")])
def test_staff_are_reminded_at_the_time_and_again_until_they_were_in_touch(
    weeks: int, text: str
) -> None:
    outcome = care.due(replace(WEEKLY, weeks=weeks), ["jo", "dev"], NOW)
    assert [(tell.to, tell.message.text.id, tell.lane) for tell in outcome.tells] == [
        ("jo", text, Lane.REMINDER),
        ("dev", text, Lane.REMINDER),
    ]
    assert outcome.tells[0].about == About("sam", Topic.PLANS_AND_REVIEWS, 2)
    assert outcome.wakes == (Wake(DUE, "m1", NOW + AGAIN),)
    later = care.due(WEEKLY, ["jo"], NOW + AGAIN)
    assert {tell.key for tell in later.tells}.isdisjoint({tell.key for tell in outcome.tells})


def test_nobody_is_reminded_before_the_time() -> None:
    outcome = care.due(WEEKLY, ["jo"], NOW - DAY)
    assert outcome == Outcome(wakes=(Wake(DUE, "m1", NOW),))


def test_later_is_tomorrow_and_an_old_button_means_nothing() -> None:
    assert care.later(WEEKLY, WEEKLY.mark, NOW).wakes == (Wake(DUE, "m1", NOW + LATER),)
    assert care.later(WEEKLY, WEEKLY.mark - 1, NOW) == Outcome()
    assert care.phoned(WEEKLY, WEEKLY.mark - 1, "jo", NOW) == Outcome()


def test_a_call_counts_and_the_next_time_is_counted_from_it() -> None:
    outcome = care.phoned(replace(ASKING, weeks=2), WEEKLY.mark, "jo", NOW + DAY)
    (after,) = outcome.records
    assert isinstance(after, Rhythm)
    assert (after.last_at, after.next_at) == (NOW + DAY, NOW + DAY + 2 * WEEK)
    assert outcome.wakes == (Wake(DUE, "m1", after.next_at), Wake(SOON, "m1", after.next_at - DAY))
    assert outcome.logs[0].facts == {"supporter": "m1", "how": How.PHONE.value}


def test_the_person_is_asked_once_for_each_time() -> None:
    (tell,) = care.ask(ASKING).tells
    assert (tell.to, tell.lane, tell.message.text) == ("sam", Lane.REMINDER, care.GOOD_NEWS)
    assert care.ask(ASKING).tells[0].key == tell.key
    assert care.ask(replace(ASKING, next_at=NOW + WEEK)).tells[0].key != tell.key


# --- good news ----------------------------------------------------------------------------

ITEM = News("n1", "sam", Topic.DAILY_LIFE, 2, "I saw a heron.", "sam", NOW, at=NOW)
SHARED = Decision(Effect.SHARE, Reason.AGREED, ("a1", "r1"))
ASKED = Decision(Effect.ASK, Reason.ASK_FIRST, ("a1", "r1"))
NEVER = Decision(Effect.WITHHOLD, Reason.NEVER, ("a1", "r1"))


@pytest.mark.parametrize("decision", [SHARED, ASKED])
def test_the_persons_own_words_are_their_yes(decision: Decision) -> None:
    outcome = good_news.share(ITEM, Hearer("t1", "amira", "m1", decision), NOW)
    _, telling = outcome.records
    assert isinstance(telling, Telling)
    assert (telling.state, telling.answer, telling.answered_at) == (State.WAITING, Answer.YES, NOW)
    (push,) = outcome.tells
    assert push.to == "amira" and push.about == ITEM.about("m1")
    assert not any("heron" in str(value) for log in outcome.logs for value in log.facts.values())


@pytest.mark.parametrize("decision", [NEVER, None])
def test_where_nothing_of_it_is_shared_nothing_goes_and_they_are_told_so(
    decision: Decision | None,
) -> None:
    outcome = good_news.share(ITEM, Hearer("t1", "amira", "m1", decision), NOW)
    assert outcome.records == () and outcome.tells == () and outcome.logs == ()
    assert outcome.said is not None and outcome.said.text == good_news.CANNOT
