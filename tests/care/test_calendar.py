"""Who may see what was noticed, and on which days it stands."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from bot.care.calendar import Mark, calendar, counted, may_see
from bot.care.sign import Observation, Sign, SignPlan, Stage, State, Voice

LONDON = ZoneInfo("Europe/London")
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)

OF_SAM = Observation("a", "sam", "p", "night", 0, 1, None, "sam", None, Voice.PERSON, NOON)
OF_AMIRA = replace(OF_SAM, id="b", by="amira", voice=Voice.CARER)
NAMED = replace(OF_AMIRA, id="c", named=True)
OF_JO = replace(OF_SAM, id="d", by="jo", voice=Voice.STAFF)
ALL = (OF_SAM, OF_AMIRA, NAMED, OF_JO)

READERS = {
    ("dev", Voice.STAFF, False): ALL,
    ("sam", Voice.PERSON, False): (OF_SAM, NAMED, OF_JO),
    ("amira", Voice.CARER, False): (OF_AMIRA, NAMED),
    ("amira", Voice.CARER, True): ALL,
    ("leo", Voice.CARER, False): (),
    ("leo", Voice.CARER, True): (OF_SAM, OF_JO),
}


@pytest.mark.parametrize(("reader", "sees"), READERS.items())
def test_each_sees_what_is_theirs_and_no_carer_learns_of_another(
    reader: tuple[str, Voice, bool], sees: tuple[Observation, ...]
) -> None:
    assert tuple(one for one in ALL if may_see(one, *reader)) == sees


def test_what_was_taken_back_is_seen_by_nobody() -> None:
    for one, reader in product(ALL, READERS):
        assert not may_see(replace(one, withdrawn_at=NOON), *reader)


def plan(*signs: tuple[str, Stage]) -> SignPlan:
    cards = tuple(Sign(id, stage, id.title(), "jo", NOON) for id, stage in signs)
    return SignPlan("p", "sam", 1, State.ACTIVE, "jo", NOON, NOON, cards)


def test_a_mark_stands_on_the_days_it_speaks_of() -> None:
    week = replace(OF_AMIRA, since=7, sign="flat")
    made = calendar(
        plan(("flat", Stage.LATE), ("fast", Stage.MIDDLE), ("night", Stage.EARLY)),
        {},
        [OF_JO, week],
        "Else",
        NOON,
        LONDON,
    )
    today = date(2026, 3, 4)
    assert (made.first, made.last) == (date(2026, 2, 5), today)
    assert made.rows == (("night", "Night"), ("flat", "Flat")), "early signs come first"
    assert made.marks == (
        Mark(1, Voice.CARER, date(2026, 2, 26), today),
        Mark(0, Voice.STAFF, today, today),
    )
    assert made.of(0, Voice.STAFF) == [made.marks[1]] and made.of(0, Voice.CARER) == []


def test_four_weeks_are_shown_and_what_reaches_into_them() -> None:
    first = NOON - timedelta(days=27)
    old = replace(OF_JO, id="old", at=first - timedelta(days=1))
    edge = replace(OF_JO, id="edge", at=first, since=3)
    made = calendar(plan(("night", Stage.EARLY)), {}, [old, edge], "Else", NOON, LONDON)
    assert made.marks == (Mark(0, Voice.STAFF, made.first, made.first),)


def test_cards_that_the_plan_has_no_more_keep_their_names() -> None:
    gone, lost, other = (replace(OF_JO, id=id, sign=id) for id in ("gone", "lost", "other"))
    other = replace(other, sign=None)
    made = calendar(
        None, {"gone": "A card of last year"}, [other, lost, gone], "Else", NOON, LONDON
    )
    assert made.rows == (("gone", "A card of last year"), ("lost", "Else"), (None, "Else"))


def test_a_clock_that_was_set_back_shows_nothing_of_tomorrow() -> None:
    ahead = replace(OF_JO, at=NOON + timedelta(days=2))
    made = calendar(plan(("night", Stage.EARLY)), {}, [ahead], "Else", NOON, LONDON)
    assert made.marks == (Mark(0, Voice.STAFF, made.last, made.last),)


def test_three_voices_are_counted_side_by_side() -> None:
    later = replace(OF_JO, id="e", at=NOON + timedelta(hours=2))
    assert counted([*ALL, later], LONDON) == {
        "night": {Voice.PERSON: (1, 1), Voice.CARER: (2, 1), Voice.STAFF: (2, 1)}
    }
