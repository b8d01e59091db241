"""How outings have gone: what counts, in whose eyes, and what in a row."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.care.escalation import Cause
from bot.care.outings import (
    Outing,
    Outings,
    Rating,
    Went,
    hard_lately,
    in_a_row,
    low_twice,
    seen_by,
    went,
)
from bot.care.sign import Voice
from tests.care.outing import NOON


def outing(went: Went = Went.ON_TIME, feeling: int | None = None, day: int = 0) -> Outing:
    return Outing(f"out{day}", NOON + timedelta(days=day), went, feeling)


@pytest.mark.parametrize(
    ("cause", "late", "expected"),
    [
        (None, False, Went.ON_TIME),
        (Cause.MISSED, False, Went.MISSED),
        (Cause.MISSED, True, Went.LATE),
        (Cause.MISSED_WHILE_OFF, False, Went.NOT_COUNTED),
        (Cause.MISSED_WHILE_OFF, True, Went.NOT_COUNTED),
        (Cause.HELP, False, Went.HELP),
        (Cause.EMERGENCY, True, Went.HELP),
    ],
)
def test_how_one_went(cause: Cause | None, late: bool, expected: Went) -> None:
    assert went(cause, late=late) is expected


def test_what_was_only_forgotten_is_that_and_nothing_more() -> None:
    assert went(Cause.MISSED, late=False, forgotten=True) is Went.FORGOTTEN
    assert went(Cause.MISSED, late=True, forgotten=True) is Went.LATE


@pytest.mark.parametrize(
    ("found", "count"),
    [
        ([], 0),
        ([outing(), outing()], 2),
        ([outing(), outing(Went.LATE), outing()], 1),
        ([outing(), outing(Went.MISSED)], 0),
        ([outing(), outing(Went.FORGOTTEN), outing()], 2),
        ([outing(), outing(Went.FORGOTTEN, 1), outing()], 1),  # it was hard besides
        ([outing(), outing(Went.NOT_COUNTED), outing()], 2),
        ([outing(), outing(Went.HELP)], 0),
        ([outing(), outing(feeling=2)], 0),
        ([outing(feeling=2), outing(feeling=3)], 1),
        ([outing(), Outing("o", NOON, Went.ON_TIME, worried=True, shown=True)], 0),
        ([outing(), Outing("o", NOON, Went.ON_TIME, worried=True)], 2),  # theirs alone
    ],
)
def test_how_many_good_ones_in_a_row(found: list[Outing], count: int) -> None:
    assert in_a_row(found) == count


@pytest.mark.parametrize(
    ("feelings", "low"),
    [([2], False), ([2, 2], True), ([1, 3], False), ([2, None, 1], True), ([2, 2, 3], False)],
)
def test_two_hard_ones_running(feelings: list[int | None], low: bool) -> None:
    assert low_twice(outing(feeling=one) for one in feelings) is low


EVERY = Outings(
    date(2026, 5, 1),
    date(2026, 5, 4),
    (
        Outing("a", NOON, Went.ON_TIME, 2, worried=True),
        Outing("b", NOON, Went.LATE, 4, worried=True, shown=True),
    ),
    (Rating("amira", NOON, 4), Rating("leo", NOON, 1)),
)


def test_each_sees_their_part_and_nobody_more() -> None:
    sam = seen_by(EVERY, Voice.PERSON, "sam")
    assert sam.outings == EVERY.outings and sam.ratings == ()

    jo = seen_by(EVERY, Voice.STAFF, "jo")
    assert [one.worried for one in jo.outings] == [False, True], "what Sam kept is Sam's"
    assert jo.ratings == EVERY.ratings

    amira = seen_by(EVERY, Voice.CARER, "amira")
    assert [(one.worried, one.shown, one.feeling) for one in amira.outings] == [
        (False, False, 2),
        (False, False, 4),
    ]
    assert amira.ratings == EVERY.ratings[:1]
    less = seen_by(EVERY, Voice.CARER, "amira", details=False)
    assert [one.feeling for one in less.outings] == [None, None]
    assert less.count(Went.LATE) == 1


def test_how_soon_alerts_were_taken_on_is_said_of_all_together_in_whole_minutes() -> None:
    def taken(*seconds: int | None) -> Outings:
        spans = (None if one is None else timedelta(seconds=one) for one in seconds)
        found = (replace(outing(Went.MISSED), taken_after=span) for span in spans)
        return replace(EVERY, outings=tuple(found))

    def minutes(*number: int) -> tuple[timedelta, ...]:
        return tuple(timedelta(minutes=one) for one in number)

    assert taken().taken is None and taken(None).taken is None
    assert taken(0).taken == minutes(1, 1)
    assert taken(60, None, 61).taken == minutes(2, 2), "never sooner than it was"
    assert taken(480, 30, None, 180).taken == minutes(3, 8)
    for voice in (Voice.PERSON, Voice.STAFF):
        assert seen_by(taken(60), voice, "sam").taken == minutes(1, 1)
    assert seen_by(taken(60), Voice.CARER, "amira").taken is None


def test_the_last_five_that_count_say_how_it_has_gone_lately() -> None:
    older = [outing(Went.MISSED), outing(Went.HELP)]
    newer = [
        outing(Went.MISSED),
        outing(Went.NOT_COUNTED),
        outing(Went.HELP),
        outing(Went.LATE),
        outing(),
        outing(Went.MISSED),
    ]
    assert hard_lately([]) == (0, 0, 0)
    assert hard_lately([outing(), *older]) == (3, 1, 1)
    assert hard_lately([*older, *newer]) == (5, 2, 1)
