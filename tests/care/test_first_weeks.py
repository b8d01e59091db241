"""The first 12 weeks: when it is asked and of whom, who is told what, what stands side by side."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.care import first_weeks as care
from bot.care import week_answer as saying
from bot.care.first_weeks import FirstWeeks, State
from bot.care.outcome import Lane, Outcome, Wake
from bot.care.sign import Voice
from bot.care.week_answer import Answer, Asked, Said, Shift

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)  # a Monday
FIRST = datetime(2026, 5, 8, 9, 0, tzinfo=UTC) + care.spread("w1")
LONDON = ZoneInfo("Europe/London")
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)

WEEKS = FirstWeeks("w1", "sam", State.RUNNING, "jo", NOW, FIRST, FIRST)
SAM = Asked("sam", Voice.PERSON)
AMIRA = Asked("amira", Voice.CARER, "m1")
JO = Asked("jo", Voice.STAFF, None, Shift.DAY)
DEV = Asked("dev", Voice.STAFF, None, Shift.NIGHT)


def heard(id: str, to: Asked, said: Said, week: int = 1) -> Answer:
    return Answer(id, "w1", week, to, FIRST + (week - 1) * WEEK, said)


def test_it_is_asked_on_every_friday_at_ten_on_the_clocks_of_the_service() -> None:
    at, fridays = NOW, []
    for _ in range(800):
        at = care.next_friday(at, "w1", LONDON)
        fridays.append((at - care.spread("w1")).astimezone(LONDON))
    assert {(one.weekday(), one.hour, one.minute) for one in fridays} == {(4, 10, 0)}
    assert {b.date() - a.date() for a, b in pairwise(fridays)} == {WEEK}
    assert len({one.utcoffset() for one in fridays}) == 2


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_the_next_friday_is_always_later(seconds: int) -> None:
    found = care.next_friday(FIRST + timedelta(seconds=seconds), "w1", LONDON)
    assert found == (FIRST if seconds < 0 else FIRST + WEEK)


def test_hundreds_do_not_come_at_one_instant() -> None:
    found = {care.spread(f"id{number}") for number in range(500)}
    assert len(found) > 400 and max(found) < timedelta(minutes=30)


@pytest.mark.parametrize(
    ("hours", "shift"),
    [
        ([], Shift.NONE),
        ([6], Shift.DAY),
        ([13], Shift.DAY),
        ([14], Shift.EVENING),
        ([20], Shift.EVENING),
        ([21], Shift.NIGHT),
        ([0], Shift.NIGHT),
        ([5], Shift.NIGHT),
        ([8, 22], Shift.NIGHT),
        ([8, 8, 22], Shift.DAY),
    ],
)
def test_a_shift_is_named_by_when_it_begins(hours: list[int], shift: Shift) -> None:
    begins = [datetime(2026, 5, 4, hour, tzinfo=LONDON) for hour in hours]
    assert saying.shift_of(begins, LONDON) is shift


def test_it_begins_once_and_the_person_hears_first() -> None:
    outcome = care.start(WEEKS, None)
    assert outcome.records == (WEEKS,) and outcome.wakes == (Wake(care.KIND, "w1", FIRST),)
    assert [(tell.to, tell.message.text) for tell in outcome.tells] == [("sam", care.BEGUN)]
    for state in State:
        again = care.start(replace(WEEKS, id="w2"), replace(WEEKS, state=state))
        assert bool(again.records) is (state in (State.STOPPED, State.OVER))


def test_a_week_asks_each_in_their_own_message_and_staff_in_one_that_names_nobody() -> None:
    asked = [("a1", SAM), ("a2", AMIRA), ("a3", JO)]
    outcome = saying.ask(WEEKS, asked, FIRST + WEEK, FIRST)
    assert outcome.records[0] == replace(WEEKS, week=1, next_at=FIRST + WEEK)
    assert [one.said for one in outcome.records[1:] if isinstance(one, Answer)] == [
        Said.NOT_HEARD
    ] * 3
    assert outcome.wakes == (Wake(care.KIND, "w1", FIRST + WEEK),)
    sam, amira, jo = outcome.tells
    assert {tell.lane for tell in outcome.tells} == {Lane.REMINDER}
    assert (sam.to, sam.message.text) == ("sam", saying.QUESTION)
    assert (amira.to, amira.message.text) == ("amira", saying.QUESTION_AROUND)
    assert "week" not in amira.message.params
    assert (jo.message.text, jo.message.params) == (saying.TO_SAY, {})
    other = saying.ask(replace(WEEKS, id="w2"), [("a9", JO)], FIRST + WEEK, FIRST)
    assert other.tells[0].key == jo.key, "one message a day, about everybody"


def test_what_it_misses_while_it_is_paused_comes_later() -> None:
    paused = replace(WEEKS, state=State.PAUSED, week=2, next_at=FIRST + 2 * WEEK)
    assert care.pause(paused, "jo", NOW) == Outcome() == care.go_on(WEEKS, "jo", FIRST)
    (after,) = care.go_on(paused, "jo", FIRST + 5 * WEEK).records
    assert isinstance(after, FirstWeeks)
    assert after.look_at(6) == FIRST + 9 * WEEK and after.next_at == FIRST + 5 * WEEK
    (soon,) = care.go_on(paused, "jo", FIRST + 2 * WEEK).records
    assert isinstance(soon, FirstWeeks) and soon.first_at == FIRST
    (stands,) = care.pause(WEEKS, "jo", NOW).wakes
    assert stands == Wake(care.KIND, "w1", None)


def test_whoever_wants_no_more_is_not_told_that_it_ends() -> None:
    quiet = replace(WEEKS, no_more=frozenset({"sam"}))
    assert [tell.to for tell in care.stop(WEEKS, "jo", NOW).tells] == ["sam"]
    assert care.stop(quiet, "jo", NOW).tells == ()
    assert care.thanks(quiet) == Outcome() != care.thanks(WEEKS)
    for state in (State.STOPPED, State.OVER):
        assert care.stop(replace(WEEKS, state=state), "jo", NOW) == Outcome()


def test_only_the_person_says_who_is_asked_besides() -> None:
    for yes in (True, False):
        (after,) = care.may_ask(WEEKS, yes, "sam").records
        assert after == replace(WEEKS, around=yes)
        for other in ("jo", "amira"):
            assert care.may_ask(WEEKS, yes, other) == Outcome()


@pytest.mark.parametrize("said", list(Said))
def test_what_is_put_off_comes_again_only_while_it_is_silent(said: Said) -> None:
    answer, weeks = heard("a1", SAM, said), replace(WEEKS, week=1)
    silent = said is Said.NOT_HEARD
    assert bool(saying.later(weeks, answer, NOW).wakes) is silent
    assert bool(saying.ask_again(weeks, answer, NOW).tells) is silent
    for changed in (
        replace(weeks, state=State.PAUSED),
        replace(weeks, week=2),
        replace(weeks, no_more=frozenset({"sam"})),
    ):
        assert saying.ask_again(changed, answer, NOW) == Outcome()


@pytest.mark.parametrize("to", [SAM, AMIRA, JO])
def test_what_is_said_waits_to_be_read_but_not_what_staff_say(to: Asked) -> None:
    silent = heard("a1", to, Said.NOT_HEARD)
    outcome = saying.hear(silent, Said.HARD, NOW, NOW + DAY)
    (after,) = outcome.records
    assert after == replace(silent, said=Said.HARD, answered_at=NOW)
    waits = Wake(saying.READ, "w1", NOW + DAY) in outcome.wakes
    assert waits is (to is not JO)
    assert isinstance(after, Answer) and after.to_read is waits
    assert not replace(after, read_at=NOW).to_read
    # Changed after it was read: it is to be read again.
    (again,) = saying.hear(replace(after, read_at=NOW), Said.GOOD, NOW, NOW + DAY).records
    assert isinstance(again, Answer) and again.to_read is waits
    (left,) = saying.hear(silent, Said.NOT_THIS_WEEK, NOW, NOW + DAY).records
    assert isinstance(left, Answer) and not left.to_read


def test_words_that_are_not_said_anew_stay() -> None:
    answer = replace(
        heard("a1", SAM, Said.GOOD), well="Singing.", different="More trips.", spoke=True
    )
    (after,) = saying.say(answer, None, "Less noise.", NOW, NOW + DAY).records
    assert after == replace(answer, different="Less noise.", answered_at=NOW)
    silent = heard("a1", SAM, Said.NOT_THIS_WEEK)
    (usual,) = saying.say(silent, None, None, NOW, NOW + DAY, "I sing.").records
    assert usual == replace(silent, usual="I sing.", answered_at=NOW, spoke=True)
    (same,) = saying.say(usual, None, None, NOW, NOW + DAY).records
    assert same == usual


def test_what_is_unread_is_asked_about_each_morning_until_it_is_read() -> None:
    outcome = saying.remind(WEEKS, 2, ["jo"], NOW + DAY, NOW)
    assert [tell.to for tell in outcome.tells] == ["jo"]
    assert outcome.wakes == (Wake(saying.READ, "w1", NOW + DAY),)
    assert saying.remind(WEEKS, 0, ["jo"], NOW + DAY, NOW) == Outcome()
    unread, own = heard("a1", SAM, Said.GOOD), heard("a2", JO, Said.GOOD)
    assert saying.read([unread, own], "jo", NOW).records == (saying.Opened(("a1",), NOW),)
    assert saying.read([own], "jo", NOW) == Outcome()


def test_voices_and_shifts_stand_side_by_side_and_are_never_merged() -> None:
    said = [
        heard("a5", DEV, Said.HARD),
        heard("a1", SAM, Said.GOOD),
        heard("a2", AMIRA, Said.HARD),
        heard("a4", JO, Said.GOOD),
        heard("a6", SAM, Said.NOT_HEARD, 2),
        heard("a7", JO, Said.SO_SO, 2),
        heard("a8", DEV, Said.SO_SO, 2),
    ]
    rows = saying.rows(said)
    assert list(rows) == [
        (Voice.PERSON, "sam"),
        (Voice.CARER, "amira"),
        (Voice.STAFF, "day"),
        (Voice.STAFF, "night"),
    ]
    assert [one.said for one in rows[Voice.PERSON, "sam"][2]] == [Said.NOT_HEARD]
    assert saying.shifts_differ(said) == {1: {Shift.DAY: [Said.GOOD], Shift.NIGHT: [Said.HARD]}}
    two = [heard("a4", JO, Said.GOOD), heard("a9", replace(JO, member="kit"), Said.HARD)]
    assert saying.shifts_differ(two) == {}, "both were on the same shift"
    assert len(saying.rows(two)[Voice.STAFF, "day"][1]) == 2
