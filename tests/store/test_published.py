"""Sessions out of a calendar that a service publishes: new, changed, cancelled, gone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.care.education import Session, State
from bot.care.published import AHEAD, FILE, Dated, file_of, takes_over
from bot.store import booking, education, published, schema, session
from bot.store.published import Taken
from tests.conftest import NOON
from tests.oak import LATER, Oak, told

STARTS = NOON + timedelta(days=20)
DATED = Dated(
    "a@trust", STARTS, STARTS + timedelta(hours=2), "Carers’ evening", "Hall", "Tea", False
)
OTHER = replace(DATED, key="b" * 300, starts=STARTS + timedelta(days=1), ends=STARTS + AHEAD)


def takes(oak: Oak, *dates: Dated, source: str = "trust", whole: bool = True) -> Taken:
    return published.take(oak.c, dates, source, whole, LATER)


def kept(oak: Oak, dated: Dated = DATED) -> Session:
    found = session.by_uid(oak.c, dated.uid)
    assert found is not None
    return found


def spread(oak: Oak) -> None:
    """Whatever is to be told of sessions is told."""
    keys = select(schema.deadline.c.key).where(schema.deadline.c.kind == "session_told")
    for key in list(oak.c.execute(keys).scalars()):
        education.spread(oak.c, key, LATER, LATER)


def test_a_date_comes_quietly_and_goes_on_under_its_name(oak: Oak) -> None:
    assert takes(oak, DATED, OTHER) == Taken(new=2)
    first = kept(oak)
    assert (first.title, first.place, first.minutes) == ("Carers’ evening", "Hall", 120)
    assert first in session.coming(oak.c, LATER) and kept(oak, OTHER).minutes <= 366 * 24 * 60
    assert takes(oak, DATED, OTHER) == Taken(), "the same again is nothing"
    spread(oak)
    assert told(oak.c, "education.new") == []

    booking.book(oak.c, first.id, oak.ruth, LATER)
    later = replace(DATED, starts=STARTS + timedelta(hours=1))
    assert takes(oak, later, OTHER) == Taken(changed=1)
    assert kept(oak).starts_at == later.starts and kept(oak).version == first.version + 1
    spread(oak)
    assert told(oak.c, "education.changed") == ["Ruth"]

    assert takes(oak, replace(later, cancelled=True), OTHER) == Taken(cancelled=1)
    assert kept(oak).state is State.CANCELLED
    spread(oak)
    assert told(oak.c, "education.cancelled") == ["Ruth"]
    assert takes(oak, replace(later, cancelled=True), OTHER) == Taken()
    assert takes(oak, replace(DATED, key="never", cancelled=True), OTHER) == Taken()


def test_what_is_gone_is_cancelled_where_all_of_it_was_given(oak: Oak) -> None:
    takes(oak, DATED, OTHER)
    assert takes(oak, OTHER, whole=False) == Taken(gone=1)
    assert takes(oak, source="another") == Taken(), "another calendar says nothing of these"
    assert kept(oak).state is State.PUBLISHED
    made_here = next(one for one in session.coming(oak.c, LATER) if one.uid is None)
    assert takes(oak, OTHER) == Taken(cancelled=1)
    assert kept(oak).state is State.CANCELLED
    assert session.session(oak.c, made_here.id) == made_here


def test_a_calendar_that_came_in_half_cancels_nothing(oak: Oak) -> None:
    third = replace(DATED, key="c", starts=STARTS + timedelta(days=2))
    takes(oak, DATED, OTHER, third)
    half = published.take(oak.c, [DATED], "trust", True, LATER, sure=False)
    assert half == Taken(gone=2) and kept(oak, third).state is State.PUBLISHED
    assert takes(oak, DATED) == Taken(cancelled=2)
    assert takes(oak, DATED, OTHER, third) == Taken(back=2), "which is said, not passed over"


def test_of_two_calendars_that_have_the_same_date_one_says_how_it_is(oak: Oak) -> None:
    later = replace(DATED, starts=STARTS + timedelta(hours=1))

    def again(dated: Dated, source: str, *, sure: bool = False) -> Taken:
        return published.take(oak.c, [dated], source, False, LATER, sure=sure)

    assert again(DATED, "file") == Taken(new=1)
    assert again(later, "trust") == Taken(changed=1), "an address is known again, a file is not"
    for other in ("file", "hospital"):
        assert again(DATED, other) == Taken(elsewhere=1)
        assert kept(oak).starts_at == later.starts
    assert again(replace(DATED, cancelled=True), "hospital") == Taken(elsewhere=1)
    assert again(DATED, "hospital", sure=True) == Taken(changed=1)
    assert again(later, "trust") == Taken(elsewhere=1)


def test_two_files_with_one_name_for_a_date_do_not_undo_each_other(oak: Oak) -> None:
    trust, college = file_of("Trust sessions"), file_of("Recovery college")
    assert len({trust, college, FILE}) == 3 and max(map(len, (trust, college))) <= 16
    theirs = replace(DATED, summary="Sleep", starts=STARTS + timedelta(hours=3))
    theirs = replace(theirs, ends=theirs.starts + timedelta(hours=1))

    def again(dated: Dated, source: str, *, whole: bool = False) -> Taken:
        return published.take(oak.c, [dated], source, whole, LATER, sure=whole)

    assert again(DATED, trust) == Taken(new=1)
    for _ in range(2):
        assert again(theirs, college) == Taken(elsewhere=1), "which is said"
        assert again(replace(theirs, cancelled=True), college) == Taken(elsewhere=1)
        assert again(DATED, trust) == Taken(), "it is as it was"
    assert again(OTHER, college, whole=True) == Taken(new=1), (
        "all of the college's, not the trust's"
    )
    assert kept(oak).state is State.PUBLISHED and kept(oak).title == "Carers’ evening"
    assert again(replace(DATED, cancelled=True), trust) == Taken(cancelled=1)


@pytest.mark.parametrize(
    ("first", "source", "says"),
    [
        (None, "address", True),
        ("address", "address", True),
        ("address", "other", False),
        ("address", file_of("a"), False),
        ("address", FILE, False),
        (file_of("a"), "address", True),
        (file_of("a"), file_of("a"), True),
        (file_of("a"), file_of("b"), False),
        (file_of("a"), FILE, False),
        (FILE, file_of("a"), True),
        (FILE, FILE, True),
        (FILE, "address", True),
    ],
)
def test_which_of_two_calendars_says_how_a_date_is(
    first: str | None, source: str, says: bool
) -> None:
    assert takes_over(first, source) is says


def test_what_repeats_by_now_is_still_what_people_booked(oak: Oak) -> None:
    takes(oak, DATED)
    first = replace(DATED, key="a@trust 20261003", series="a@trust")
    second = replace(first, key="a@trust 20270103", starts=STARTS + timedelta(days=90))
    second = replace(second, ends=second.starts + timedelta(hours=1))
    for taken in (Taken(new=1), Taken()):
        assert takes(oak, first, second) == taken
        assert kept(oak).state is State.PUBLISHED


def test_what_was_made_here_does_not_come_back_as_another(oak: Oak) -> None:
    made_here = session.coming(oak.c, LATER)[0]
    assert takes(oak, replace(DATED, key=f"session-{made_here.id}@kith")) == Taken()
    assert takes(oak, replace(DATED, key="session-unknown@kith")) == Taken(new=1)
