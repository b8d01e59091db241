"""When the next message may go."""

import pickle
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.care.outcome import Lane
from bot.outbox.budget import Budget, Limits
from tests.conftest import NOON

SECOND = timedelta(seconds=1)
LIMITS = Limits(per_second=10, reserve=3, burst=2)


def test_by_default_thirty_leave_in_a_second_eight_of_them_safety_and_five_to_one_chat() -> None:
    budget = Budget(Limits())
    assert _send(budget, Lane.NEWS, "jo", NOON, 9) == 5
    assert sum(_send(budget, Lane.NEWS, f"chat {n}", NOON, 1) for n in range(40)) == 17
    assert sum(_send(budget, Lane.SAFETY, f"chat {n}", NOON, 1) for n in range(40)) == 8


def test_one_chat_gets_a_burst_and_then_one_message_a_second() -> None:
    budget = Budget(LIMITS)
    assert _send(budget, Lane.REPLY, "jo", NOON, 5) == 2
    assert budget.opens(Lane.REPLY, "jo", NOON) == NOON + SECOND
    assert budget.opens(Lane.REPLY, "dev", NOON) == NOON
    assert _send(budget, Lane.REPLY, "jo", NOON + SECOND, 5) == 1
    assert _send(budget, Lane.REPLY, "jo", NOON + 10 * SECOND, 5) == 2


def test_all_chats_together_leave_the_reserve_to_safety() -> None:
    budget = Budget(LIMITS)
    assert sum(_send(budget, Lane.BROADCAST, f"chat {n}", NOON, 1) for n in range(20)) == 7
    assert budget.opens(Lane.REPLY, "jo", NOON) == NOON + SECOND
    assert sum(_send(budget, Lane.SAFETY, f"chat {n}", NOON, 1) for n in range(20)) == 3
    assert budget.opens(Lane.SAFETY, "jo", NOON) == NOON + SECOND
    assert budget.opens(Lane.SAFETY, "jo", NOON + SECOND) == NOON + SECOND


def test_the_next_message_leaves_a_second_after_the_first_of_a_full_second() -> None:
    budget = Budget(LIMITS)
    for tenth in range(7):
        budget.spend(Lane.NEWS, f"chat {tenth}", NOON + tenth * SECOND / 10)
    for tenth in range(7, 10):
        budget.spend(Lane.SAFETY, f"chat {tenth}", NOON + tenth * SECOND / 10)
    last = NOON + 9 * SECOND / 10
    assert budget.opens(Lane.SAFETY, "jo", last) == NOON + SECOND
    assert budget.opens(Lane.NEWS, "jo", last) == NOON + SECOND
    budget.spend(Lane.SAFETY, "jo", NOON + SECOND)
    assert budget.opens(Lane.SAFETY, "dev", NOON + SECOND) == NOON + SECOND + SECOND / 10


def test_safety_does_not_wait_behind_what_else_a_chat_was_sent() -> None:
    budget = Budget(LIMITS)
    _send(budget, Lane.NEWS, "jo", NOON, 5)
    assert budget.opens(Lane.NEWS, "jo", NOON) > NOON
    assert budget.opens(Lane.SAFETY, "jo", NOON) == NOON


def test_a_refusal_on_a_low_lane_holds_its_chat_and_every_broadcast_but_not_safety() -> None:
    budget = Budget(LIMITS)
    until = NOON + 40 * SECOND
    budget.refused(Lane.NEWS, "jo", NOON, until)
    assert budget.opens(Lane.NEWS, "jo", NOON) == until
    assert budget.opens(Lane.BROADCAST, "dev", NOON) == until
    assert budget.opens(Lane.NEWS, "dev", NOON) == NOON
    assert budget.opens(Lane.SAFETY, "jo", NOON) == NOON


def test_what_a_chat_is_sent_meanwhile_does_not_end_its_hold() -> None:
    budget = Budget(LIMITS)
    until = NOON + 40 * SECOND
    budget.refused(Lane.NEWS, "jo", NOON, until)
    budget.spend(Lane.SAFETY, "jo", NOON + SECOND)
    assert budget.opens(Lane.NEWS, "jo", NOON + 2 * SECOND) == until


def test_a_shorter_refusal_does_not_let_the_broadcasts_go_sooner() -> None:
    budget = Budget(LIMITS)
    until = NOON + 40 * SECOND
    budget.refused(Lane.BROADCAST, "jo", NOON, until)
    budget.refused(Lane.BROADCAST, "dev", NOON, NOON + SECOND)
    assert budget.opens(Lane.BROADCAST, "priya", NOON) == until


def test_a_refused_safety_message_holds_its_own_chat_whole() -> None:
    budget = Budget(LIMITS)
    until = NOON + 5 * SECOND
    budget.refused(Lane.SAFETY, "jo", NOON, until)
    assert budget.opens(Lane.SAFETY, "jo", NOON) == until
    assert budget.opens(Lane.REPLY, "jo", NOON) == until
    assert budget.opens(Lane.SAFETY, "dev", NOON) == NOON
    assert budget.opens(Lane.SAFETY, "jo", until) == until


def test_a_clock_set_back_holds_nothing_for_long() -> None:
    budget = Budget(LIMITS)
    _send(budget, Lane.SAFETY, "jo", NOON, 5)
    budget.refused(Lane.SAFETY, "jo", NOON, NOON + SECOND)
    before = NOON - timedelta(hours=1)
    assert budget.opens(Lane.SAFETY, "jo", before) == before


def test_a_refusal_after_the_clock_was_set_back_holds_the_broadcasts() -> None:
    budget = Budget(LIMITS)
    budget.refused(Lane.BROADCAST, "jo", NOON, NOON + 40 * SECOND)
    before = NOON - timedelta(hours=1)
    budget.refused(Lane.BROADCAST, "dev", before, before + 5 * SECOND)
    assert budget.opens(Lane.BROADCAST, "priya", before) == before + 5 * SECOND


def test_nothing_is_kept_of_chats_that_may_be_sent_anything_again() -> None:
    budget, now = Budget(LIMITS), NOON
    size = 0
    for n in range(300):
        budget.refused(Lane.NEWS, f"chat {n}", now, now + SECOND)
        now = budget.opens(Lane.SAFETY, f"chat {n}", now + SECOND)
        budget.spend(Lane.SAFETY, f"chat {n}", now)
        size = size if n > 30 else len(pickle.dumps(budget))
    assert len(pickle.dumps(budget)) < 2 * size


@given(
    st.lists(
        st.tuples(
            st.sampled_from(Lane),
            st.sampled_from(["jo", "dev", "priya"]),
            st.integers(0, 700),
        ),
        max_size=120,
    )
)
def test_no_second_ever_holds_more_than_its_share(wishes: list[tuple[Lane, str, int]]) -> None:
    """Whoever waits until a message may go never breaks a limit, and always gets to send."""
    budget, now, sent = Budget(LIMITS), NOON, list[tuple[datetime, Lane]]()
    for lane, chat, later in wishes:
        now += timedelta(milliseconds=later)
        now = budget.opens(lane, chat, now)
        assert budget.opens(lane, chat, now) == now
        budget.spend(lane, chat, now)
        sent.append((now, lane))
        second = [one for at, one in sent if now - SECOND < at]
        assert len(second) <= LIMITS.per_second
        others = [one for one in second if one is not Lane.SAFETY]
        assert len(others) <= LIMITS.per_second - LIMITS.reserve


def _send(budget: Budget, lane: Lane, chat: str, now: datetime, wanted: int) -> int:
    """How many of these messages may go at once."""
    for sent in range(wanted):
        if budget.opens(lane, chat, now) > now:
            return sent
        budget.spend(lane, chat, now)
    return wanted
