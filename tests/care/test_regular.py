"""An outing that comes again: when it is next, and what each answer leads to."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.care import regular
from bot.care.hours import bank_holidays
from bot.care.outcome import Lane, Outcome
from bot.care.regular import AGAIN, KIND, Regular

LONDON = ZoneInfo("Europe/London")
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)  # a bank holiday Monday
HOUR = timedelta(hours=1)

TUESDAYS = Regular(
    id="tuesdays",
    person="sam",
    place="Café",
    days=(1,),
    at=time(10),
    back=time(12),
    holidays=False,
    by="sam",
    made_at=NOON,
    next_at=datetime(2026, 5, 5, 9, 0, tzinfo=UTC),
    agreed_at=NOON,
)
STARTS = TUESDAYS.next_at
MARK = int(STARTS.timestamp())

TIMES = st.times(min_value=time(0), max_value=time(23, 59)).map(
    lambda at: at.replace(second=0, microsecond=0)
)
MOMENTS = st.integers(0, 2 * 366 * 24 * 60).map(lambda n: NOON + timedelta(minutes=n))
SETS = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))


@settings(deadline=None)  # whoever asks first for a year waits for its bank holidays
@given(SETS, TIMES, TIMES, st.booleans(), MOMENTS)
def test_the_next_one_is_the_first_of_its_days_at_its_time(
    days: tuple[int, ...], at: time, back: time, holidays: bool, after: datetime
) -> None:
    one = replace(TUESDAYS, days=days, at=at, back=back, holidays=holidays)
    found = regular.next_after(one, after, LONDON)
    day = found.astimezone(LONDON).date()

    def fits(day: date) -> bool:
        return day.weekday() in days and (holidays or day not in bank_holidays(day.year))

    assert found > after and found == datetime.combine(day, at, LONDON).astimezone(UTC)
    before = after.astimezone(LONDON).date() + timedelta(days=1)
    assert not any(fits(before + timedelta(n)) for n in range((day - before).days))
    length = regular.back_by(one, found, LONDON) - found
    assert timedelta(0) <= length <= 25 * HOUR


def test_its_time_is_the_clock_on_the_wall_before_and_after_the_clocks_change() -> None:
    sundays = replace(TUESDAYS, days=(6,))
    spring = regular.next_after(sundays, datetime(2026, 3, 22, 12, tzinfo=UTC), LONDON)
    assert spring == datetime(2026, 3, 29, 9, 0, tzinfo=UTC)
    assert regular.next_after(sundays, spring - timedelta(days=8), LONDON).hour == 10


def test_a_bank_holiday_is_left_out_where_that_was_chosen() -> None:
    mondays = replace(TUESDAYS, days=(0,))
    sunday = NOON - timedelta(days=1)
    assert regular.next_after(mondays, sunday, LONDON).day == 11
    assert regular.next_after(replace(mondays, holidays=True), sunday, LONDON).day == 4


def test_only_the_persons_own_yes_begins_it() -> None:
    idea = replace(TUESDAYS, by="jo", agreed_at=None)
    assert regular.suggest(idea).wakes == ()
    assert regular.agree(idea, "jo", LONDON, NOON) == Outcome()
    begun = regular.agree(idea, "sam", LONDON, NOON)
    assert [wake.at for wake in begun.wakes] == [STARTS - HOUR]
    assert [tell.to for tell in begun.tells] == ["jo"]
    assert regular.decline(idea, "jo", NOON) == Outcome()
    declined = regular.decline(idea, "sam", NOON)
    assert declined.wakes == () and [tell.to for tell in declined.tells] == ["jo"]
    (ended,) = declined.records
    assert isinstance(ended, Regular)
    assert regular.agree(ended, "sam", LONDON, NOON) == Outcome()
    assert regular.due(ended, False, LONDON, STARTS).tells == ()


def test_the_person_is_asked_once_an_hour_before_and_the_next_one_is_set() -> None:
    early = regular.due(TUESDAYS, False, LONDON, STARTS - HOUR - timedelta(minutes=1))
    assert early.tells == () and early.wakes[0].at == STARTS - HOUR
    asked = regular.due(TUESDAYS, False, LONDON, STARTS - HOUR)
    (tell,) = asked.tells
    assert (tell.to, tell.lane) == ("sam", Lane.REMINDER)
    assert [(w.kind, w.at) for w in asked.wakes] == [(KIND, STARTS - HOUR + timedelta(weeks=1))]


def test_nobody_is_asked_who_is_out_already_or_when_it_is_too_late() -> None:
    for outcome in (
        regular.due(TUESDAYS, True, LONDON, STARTS - HOUR),
        regular.due(TUESDAYS, False, LONDON, STARTS + timedelta(minutes=31)),
    ):
        assert outcome.tells == () and outcome.wakes[0].at == STARTS - HOUR + timedelta(weeks=1)


def test_not_today_is_told_to_nobody_and_leaves_no_trace() -> None:
    no = regular.not_today(TUESDAYS, MARK, "sam")
    assert (no.tells, no.records, no.logs) == ((), (), ())
    assert regular.not_today(TUESDAYS, MARK, "amira") == Outcome()


def test_later_asks_once_more_while_there_is_time() -> None:
    now = STARTS - HOUR
    later = regular.later(TUESDAYS, MARK, "sam", now)
    assert [(w.kind, w.key, w.at) for w in later.wakes] == [
        (AGAIN, f"tuesdays:{MARK}", now + HOUR / 2)
    ]
    assert later.tells == ()
    assert regular.later(TUESDAYS, MARK, "sam", STARTS + timedelta(minutes=1)) == Outcome()
    assert regular.later(TUESDAYS, MARK, "jo", now) == Outcome()


def test_who_goes_too_early_for_the_plan_is_asked_again_when_it_is_time() -> None:
    assert regular.early(TUESDAYS, STARTS, 120, LONDON, STARTS - HOUR)
    assert not regular.early(TUESDAYS, STARTS, 180, LONDON, STARTS - HOUR)
    assert not regular.early(TUESDAYS, STARTS, 60, LONDON, STARTS)
    assert [wake.at for wake in regular.wait(TUESDAYS, MARK, "sam").wakes] == [STARTS]
    assert regular.wait(TUESDAYS, MARK, "jo") == Outcome()


def test_who_was_told_when_they_are_asked_again_is_asked_then_quiet_hours_or_not() -> None:
    (tell,) = regular.again(TUESDAYS, STARTS, LONDON, STARTS).tells
    assert (tell.message.text, tell.lane) == (regular.QUESTION, Lane.REPLY)
    assert regular.again(TUESDAYS, STARTS, LONDON, STARTS + timedelta(minutes=31)) == Outcome()


def test_only_the_person_stops_it() -> None:
    assert regular.stop(TUESDAYS, "jo", NOON) == Outcome()
    stopped = regular.stop(TUESDAYS, "sam", NOON)
    assert [wake.at for wake in stopped.wakes] == [None] and stopped.tells == ()
