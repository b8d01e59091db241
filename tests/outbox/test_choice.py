"""Which messages leave next, and what becomes of one that did not arrive."""

from datetime import datetime, timedelta

import pytest

from bot.care.outcome import Lane
from bot.outbox.budget import Budget, Limits
from bot.outbox.choice import (
    RESERVED,
    SLOTS,
    Later,
    Never,
    after,
    choose,
    moments,
    not_taken,
    unmade,
)
from bot.outbox.verdict import Again, Broken, Refused, Unreachable
from bot.store.outbox import Ready
from bot.waking import Next
from tests.conftest import NOON

SECOND = timedelta(seconds=1)
PLENTY = Limits(per_second=100, reserve=10, burst=9)
LOW = [lane for lane in Lane if lane is not Lane.SAFETY]
BELOW_REPLY = [Lane.NEWS, Lane.REMINDER, Lane.BROADCAST]


def to_many(lane: Lane, how_many: int) -> list[Ready]:
    return [Ready(f"{lane.name} {n}", lane, f"{lane.name} reader {n}") for n in range(how_many)]


# --- what leaves --------------------------------------------------------------------------


def test_twelve_leave_at_once_and_only_safety_takes_the_last_four() -> None:
    news = choose(to_many(Lane.NEWS, 20), [], Budget(PLENTY), NOON)
    alerts = choose(to_many(Lane.SAFETY, 20), [], Budget(PLENTY), NOON)
    assert [each.id for each in news] == [f"NEWS {n}" for n in range(8)]
    assert [each.id for each in alerts] == [f"SAFETY {n}" for n in range(12)]
    assert (SLOTS, RESERVED) == (12, 4)


@pytest.mark.parametrize("lane", LOW)
def test_an_alert_finds_a_slot_whatever_else_is_on_its_way(lane: Lane) -> None:
    ready = [*to_many(Lane.SAFETY, 5), *to_many(lane, 5)]
    chosen = choose(ready, [lane] * 7, Budget(PLENTY), NOON)
    assert [each.id for each in chosen] == [*(f"SAFETY {n}" for n in range(5))]
    chosen = choose(ready, [lane] * 6, Budget(PLENTY), NOON)
    assert [each.id for each in chosen] == [*(f"SAFETY {n}" for n in range(5)), f"{lane.name} 0"]


def test_what_is_on_its_way_takes_a_slot() -> None:
    alerts, news = to_many(Lane.SAFETY, 3), to_many(Lane.NEWS, 3)
    for flying in ([Lane.SAFETY] * 11, [*[Lane.SAFETY] * 4, *[Lane.NEWS] * 7]):
        assert choose([*news, *alerts], flying, Budget(PLENTY), NOON) == news[:1]
        assert choose(alerts, flying, Budget(PLENTY), NOON) == alerts[:1]
    assert choose(alerts, [Lane.SAFETY] * 12, Budget(PLENTY), NOON) == []
    low = [*[Lane.SAFETY] * 2, *[Lane.REPLY] * 8]
    assert choose([*news, *alerts], low, Budget(PLENTY), NOON) == alerts[:2]


def test_a_chat_that_is_held_holds_up_no_other() -> None:
    budget = Budget(PLENTY)
    budget.refused(Lane.NEWS, "jo", NOON, NOON + 5 * SECOND)
    jo, dev = Ready("1", Lane.NEWS, "jo"), Ready("2", Lane.NEWS, "dev")
    assert choose([jo, dev], [], budget, NOON) == [dev]
    assert choose([jo, dev], [], budget, NOON + 5 * SECOND) == [jo, dev]


def test_what_leaves_is_taken_from_the_budget() -> None:
    budget = Budget(Limits(per_second=10, reserve=3, burst=2))
    news = [Ready(str(n), Lane.NEWS, "jo") for n in range(5)]
    assert choose(news, [], budget, NOON) == news[:2]
    assert choose(news[2:], [], budget, NOON) == []
    assert choose(news[2:], [], budget, NOON + SECOND) == news[2:3]


def test_alerts_use_up_nothing_that_other_messages_to_the_same_chat_may_take() -> None:
    budget = Budget(Limits(per_second=10, reserve=3, burst=2))
    alerts = [Ready(str(n), Lane.SAFETY, "jo") for n in range(3)]
    news = Ready("news", Lane.NEWS, "jo")
    assert choose([*alerts, news], [], budget, NOON) == [*alerts[:2], news]


def test_one_refusal_stops_the_broadcasts_and_lets_the_rest_go() -> None:
    budget = Budget(PLENTY)
    budget.refused(Lane.BROADCAST, "jo", NOON, NOON + 5 * SECOND)
    ready = [Ready(lane.name, lane, "dev") for lane in Lane]
    assert choose(ready, [], budget, NOON) == ready[:-1]


def test_the_next_moment_is_when_a_hold_ends_or_when_there_is_more_to_do() -> None:
    budget = Budget(PLENTY)
    budget.refused(Lane.NEWS, "jo", NOON, NOON + 5 * SECOND)
    ready = [Ready("1", Lane.NEWS, "jo"), Ready("2", Lane.SAFETY, "jo")]
    pauses = [Next(NOON + 5 * SECOND, pause=True), Next(NOON, pause=True)]
    later: datetime = NOON + 60 * SECOND
    assert moments(ready, None, budget, NOON) == pauses
    assert moments(ready, later, budget, NOON) == [*pauses, Next(later, pause=False)]


# --- what did not arrive ------------------------------------------------------------------


@pytest.mark.parametrize("lane", Lane)
def test_what_never_left_goes_again_however_often_it_fails(lane: Lane) -> None:
    waits = [after(Again("no_network", False), lane, attempts) for attempts in range(1, 11)]
    seconds = [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert waits == [Later(n * SECOND, "no_network", maybe_sent=False) for n in seconds]


def test_a_message_that_may_have_arrived_goes_again_but_a_broadcast_does_not() -> None:
    for lane in Lane:
        step = after(Again("timeout", True), lane, 2)
        again = Later(2 * SECOND, "timeout", maybe_sent=True)
        assert step == (Never("ambiguous") if lane is Lane.BROADCAST else again)


@pytest.mark.parametrize("lane", Lane)
def test_what_telegram_refuses_for_now_waits_as_long_as_it_says(lane: Lane) -> None:
    assert after(Refused(41 * SECOND), lane, 9) == Later(41 * SECOND, "too_many", False)


@pytest.mark.parametrize("lane", Lane)
def test_a_reader_who_has_blocked_kith_is_given_up_for_every_message(lane: Lane) -> None:
    assert after(Unreachable("blocked"), lane, 1) == Never("blocked", nothing_arrives=True)


@pytest.mark.parametrize("lane", Lane)
def test_a_message_telegram_never_takes_says_nothing_of_its_reader(lane: Lane) -> None:
    assert after(Broken("bad_request"), lane, 1) == Never("bad_request", nothing_arrives=False)


@pytest.mark.parametrize("lane", [Lane.SAFETY, Lane.REPLY])
def test_an_alert_or_an_answer_that_cannot_be_made_is_never_given_up(lane: Lane) -> None:
    assert unmade(lane, 1) == Later(SECOND, "not_made", maybe_sent=False)
    assert unmade(lane, 99) == Later(60 * SECOND, "not_made", maybe_sent=False)


@pytest.mark.parametrize("lane", BELOW_REPLY)
def test_any_other_message_that_cannot_be_made_is_given_up_after_five_tries(lane: Lane) -> None:
    assert unmade(lane, 4) == Later(8 * SECOND, "not_made", maybe_sent=False)
    assert unmade(lane, 5) == Never("not_made", nothing_arrives=False)
    assert unmade(lane, 6) == Never("not_made", nothing_arrives=False)


def test_a_call_that_a_channel_does_not_take_goes_again_for_half_an_hour() -> None:
    waits = [not_taken(attempts, test=False) for attempts in range(1, 12)]
    seconds = [10, 20, 40, 80, 160, 300, 300, 300, 300, 300, 300]
    assert waits == [Later(n * SECOND, "not_taken", maybe_sent=False) for n in seconds]
    for attempts in (12, 13):
        assert not_taken(attempts, test=False) == Never("not_taken", nothing_arrives=False)


def test_a_test_of_a_channel_is_given_up_when_somebody_who_waits_for_it_would_give_up() -> None:
    waits = [not_taken(attempts, test=True) for attempts in range(1, 4)]
    assert waits == [Later(n * SECOND, "not_taken", maybe_sent=False) for n in (10, 20, 40)]
    for attempts in (4, 5):
        assert not_taken(attempts, test=True) == Never("not_taken", nothing_arrives=False)
