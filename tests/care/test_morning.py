"""The morning: one message each, in parts, and once a week what is late."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.care import morning
from bot.care.hours import read
from bot.care.morning import AT_ONCE, KIND, Count, Morning
from bot.care.outcome import Tell, Wake
from bot.care.review import Invited, Item, Kind
from tests.care.test_review import DAY, DUE, ITEM, LONDON, NOON

STATE = Morning("oak", NOON - DAY, NOON)
LIMIT = timedelta(days=14)
NEXT = NOON + DAY


def message(count: Count, unheard: int = 0) -> Tell | None:
    return morning.to_staff("oak", "jo", count, unheard, LIMIT, "20260302")


def test_everybody_is_looked_through_a_hundred_at_a_time_and_then_told() -> None:
    people = [f"p{n:03}" for n in range(AT_ONCE + 1)]
    invited = Invited("i1", Kind.PROFILE, "p1", "p1", DUE, NOON)
    one = {"jo": Count(1, False), "dev": Count(2, True)}
    state = morning.looked_through(STATE, people[:AT_ONCE], one)
    assert state.after == people[AT_ONCE - 1] and not state.telling
    first = morning.look_on(state, [invited], NOON)
    assert [tell.to for tell in first.tells] == ["p1"] and first.records == (state, invited)
    assert first.wakes == (Wake(KIND, "oak", NOON),)
    state = morning.looked_through(state, people[AT_ONCE:], {"jo": Count(1, True, 1)})
    assert state.telling and state.after is None
    assert state.counts == {"jo": Count(2, True, 1), "dev": Count(2, True)}


def test_staff_are_told_once_some_at_a_time() -> None:
    said = message(Count(2, True))
    assert said is not None
    everybody = {f"m{n:03}": replace(said, to=f"m{n:03}") for n in range(2 * AT_ONCE + 1)}
    told: list[str] = []
    state = replace(STATE, telling=True)
    for part in (AT_ONCE, AT_ONCE, 1):
        outcome = morning.tell(state, everybody, NEXT, NOON, managers=True)
        told += [tell.to for tell in outcome.tells]
        assert len(outcome.tells) == part
        (kept,) = outcome.records
        assert isinstance(kept, Morning)
        state = kept
        assert outcome.wakes == (Wake(KIND, "oak", NEXT if part == 1 else NOON),)
    assert told == sorted(everybody)
    assert state == Morning("oak", NOON, managers_at=NOON), "the next one goes on from here"


def test_one_message_says_how_many_and_to_managers_what_is_late() -> None:
    texts = {
        (1, 0, 0): "one",
        (2, 0, 0): "several",
        (0, 3, 0): "late",
        (0, 0, 1): "late",
        (2, 3, 1): "late_and_yours",
    }
    for (up, late, unheard), text in texts.items():
        said = message(Count(up, up > 0, late), unheard)
        assert said is not None and said.message.text.id == text
        key = "reviews:20260302:jo" + (":oak" if text.startswith("late") else "")
        assert said.key == key, "one message in a morning, and each team's list"
    assert message(Count(3, False)) is None, "nothing has come to its moment"


def test_whoever_hears_of_one_is_told_how_many_need_them() -> None:
    now = DUE
    late = replace(ITEM, of="p2", due_at=DUE - 17 * DAY)
    up = [ITEM, late, replace(ITEM, of="p3", due_at=DUE + 30 * DAY)]
    who = {one: ["jo"] for one in up} | {late: ["jo", "dev"]}
    found = morning.count(up, who, ["priya", "sam"], now - DAY, now, LIMIT)
    assert found["jo"] == Count(2, True) and found["dev"] == Count(1, False)
    assert found["priya"] == Count(late=1) and "sam" not in found, "nobody hears of themselves"


def test_the_person_is_invited_to_one_a_morning_and_to_nothing_that_is_not_theirs_to_know() -> None:
    first, second = ITEM, replace(ITEM, of="p2")
    private = [
        Item(Kind.GLASS, "g1", "leo", DUE),
        Item(Kind.AGREEMENT, "a1", "leo", DUE),
        replace(ITEM, person="leo", early=True),
    ]
    assert morning.to_invite([first, second, *private], []) == {"sam": first}
    known = [(first.kind, first.of, first.due_at)]
    assert morning.to_invite([first, second], known) == {"sam": second}


def test_managers_hear_on_the_first_morning_of_a_week() -> None:
    assert morning.managers_hear(STATE, NOON, LONDON)
    monday = replace(STATE, managers_at=NOON)
    assert not morning.managers_hear(monday, NOON + 4 * DAY, LONDON)
    assert morning.managers_hear(monday, NOON + 7 * DAY, LONDON)


@pytest.mark.parametrize(
    ("hours", "now", "then"),
    [
        ("Mon-Sun 00:00-24:00, Holidays 00:00-24:00", "02 09:00", "03 09:00"),
        ("Mon-Sun 00:00-24:00, Holidays 00:00-24:00", "02 00:30", "02 09:00"),
        ("Mon-Sun 00:00-24:00, Holidays 00:00-24:00", "02 23:30", "03 09:00"),
        ("Mon-Fri 06:00-20:00", "02 06:00", "02 09:00"),
        ("Mon-Fri 08:00-20:00", "02 07:00", "02 08:00"),
        ("Mon-Fri 08:00-20:00", "02 08:00", "03 08:00"),
        ("Mon-Fri 00:00-06:00", "02 05:00", "03 00:00"),
        ("Sat 10:00-12:00", "02 09:00", "07 10:00"),
    ],
)
def test_nobody_is_told_at_night_where_it_is_always_open(hours: str, now: str, then: str) -> None:
    here = read(hours, ZoneInfo("Europe/London"))
    at = datetime.strptime(f"2026-03-{now}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    found = morning.next_at(here, at)
    assert f"{found:%d %H:%M}" == then
    assert morning.may_begin(here, found), "and then they are told"
