"""Sessions: told once to each, moved across the clock change, gone on with by themselves."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.care import arranging, booking
from bot.care.booking import Booking, Place
from bot.care.circle import Membership, Role
from bot.care.education import Change, Repeats, Session, State, Subject, may_arrange
from bot.care.hours import working_day
from bot.care.outcome import Outcome
from bot.care.round import AT_ONCE, SPREAD, Round, What, still_true, tell_next

LONGEST_KEY = 40
"""Characters that a deadline takes."""

LONDON = ZoneInfo("Europe/London")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def at(day: date, hour: int = 14) -> datetime:
    return datetime.combine(day, time(hour), LONDON).astimezone(UTC)


def a_session(day: date = date(2026, 3, 16), **other: Any) -> Session:
    made = Session(
        id="s",
        series="s",
        team="oak",
        by="jo",
        subject=Subject.CRISIS,
        starts_at=at(day),
        minutes=90,
        made_at=NOON,
        rule_day=day,
        places=2,
        state=State.PUBLISHED,
        version=1,
    )
    return replace(made, **other)


def rounds(outcome: Outcome) -> list[What]:
    return [Round.read(wake.key).what for wake in outcome.wakes if wake.kind == SPREAD]


def looked_at(outcome: Outcome) -> datetime | None:
    return next(wake.at for wake in outcome.wakes if wake.kind == arranging.KIND)


# --- what staff do ------------------------------------------------------------------------


def test_staff_of_its_team_arrange_it_and_of_any_team_what_is_the_services() -> None:
    def held(role: Role, team: str) -> list[Membership]:
        return [Membership("m", "x", role, team, None, NOON)]

    assert may_arrange(held(Role.STAFF, "oak"), a_session())
    assert not may_arrange(held(Role.STAFF, "elm"), a_session())
    assert not may_arrange(held(Role.CARER, "oak"), a_session())
    assert may_arrange(held(Role.STAFF, "elm"), a_session(team=None))
    assert not may_arrange(held(Role.PERSON, "oak"), a_session(team=None))


def test_a_draft_is_published_once_and_not_for_a_day_that_is_over() -> None:
    draft = a_session(state=State.DRAFT)
    outcome = arranging.publish(draft, "jo", NOON, LONDON)
    assert rounds(outcome) == [What.NEW]
    assert looked_at(outcome) == at(date(2026, 3, 9), 9)
    assert arranging.publish(a_session(), "jo", NOON, LONDON) == Outcome()
    late = arranging.publish(draft, "jo", draft.starts_at, LONDON)
    assert not late.records and late.said is not None and late.said.text.id == "too_late"


def test_what_those_who_booked_need_not_know_is_told_to_nobody() -> None:
    before = a_session()
    outcome = arranging.change(before, replace(before, places=9), "jo", NOON, LONDON)
    assert rounds(outcome) == [] and outcome.records == (replace(before, places=9),)
    assert arranging.change(before, before, "jo", NOON, LONDON) == Outcome()
    over = a_session(state=State.OVER)
    assert arranging.change(over, replace(over, place="B"), "jo", NOON, LONDON) == Outcome()


def test_moved_across_the_clock_change_it_keeps_its_time_on_the_clock() -> None:
    before = a_session()
    after = replace(before, starts_at=at(date(2026, 3, 30)), place="Room 3")
    outcome = arranging.change(before, after, "jo", NOON, LONDON)
    (kept,) = outcome.records
    assert isinstance(kept, Session)
    assert kept.changed == (Change.WHEN, Change.PLACE) and kept.was_at == before.starts_at
    assert kept.version == 2 and kept.starts_at.hour == 13  # two in the afternoon, in summer
    assert rounds(outcome) == [What.CHANGED]
    assert looked_at(outcome) == datetime(2026, 3, 23, 9, tzinfo=UTC)
    later = arranging.next_look(kept, datetime(2026, 3, 23, 9, tzinfo=UTC), LONDON)
    assert later.at == datetime(2026, 3, 29, 8, tzinfo=UTC)  # nine, the morning clocks change


def test_cancelled_it_is_told_and_its_series_goes_on_when_its_day_is_over() -> None:
    outcome = arranging.cancel(a_session(), "jo", NOON)
    assert rounds(outcome) == [What.CANCELLED]
    (gone,) = outcome.records
    assert isinstance(gone, Session) and looked_at(outcome) == gone.ends_at
    assert arranging.cancel(gone, "jo", NOON) == Outcome()
    after = arranging.tick(gone, "t", ["jo"], gone.ends_at, gone.ends_at, LONDON)
    assert [tell.message.text.id for tell in after.tells] == ["next_one"]
    once = arranging.cancel(a_session(repeats=Repeats.NO), "jo", NOON)
    assert looked_at(once) is None
    unseen = arranging.cancel(a_session(state=State.DRAFT), "jo", NOON)
    assert rounds(unseen) == [] and unseen.said is not None and unseen.said.text.id == "dropped"


# --- time ---------------------------------------------------------------------------------


def test_reminders_come_a_week_and_a_day_before_and_one_after_a_stop() -> None:
    session = a_session()
    week, day, end = (moment for moment, _ in arranging.stages(session, LONDON))
    first = arranging.tick(session, "t", [], week, week, LONDON)
    assert rounds(first) == [What.WEEK] and looked_at(first) == day
    second = arranging.tick(session, "t", [], day, day, LONDON)
    assert rounds(second) == [What.DAY] and looked_at(second) == end
    stopped = arranging.tick(session, "t", [], week, day + timedelta(hours=1), LONDON)
    assert rounds(stopped) == [What.DAY]
    begun = arranging.tick(session, "t", [], week, session.starts_at, LONDON)
    assert rounds(begun) == [] and looked_at(begun) == end


@pytest.mark.parametrize("repeats", [Repeats.MONTHLY, Repeats.QUARTERLY])
def test_a_series_goes_on_to_2040_on_working_days_at_its_time_of_day(repeats: Repeats) -> None:
    session: Session | None = a_session(date(2026, 1, 31), repeats=repeats)
    months = 1 if repeats is Repeats.MONTHLY else 3
    passed = 0
    while session is not None and session.rule_day.year < 2040:
        after = arranging.following(session, "t", session.ends_at, LONDON, date(2026, 1, 31))
        assert after is not None and after.state is State.DRAFT and after.version == 0
        wall = after.starts_at.astimezone(LONDON)
        assert wall.time() == time(14)
        assert working_day(wall.date() - timedelta(days=1), 1) == wall.date()
        assert after.rule_day.weekday() == 5 and (after.rule_day + timedelta(7)).day <= 7
        between = (after.rule_day.year - session.rule_day.year) * 12
        assert between + after.rule_day.month - session.rule_day.month == months
        session, passed = after, passed + 1
    assert passed == 14 * 12 // months


def test_what_takes_place_once_has_no_next_one() -> None:
    session = a_session(repeats=Repeats.NO)
    outcome = arranging.tick(session, "t", ["jo"], session.ends_at, session.ends_at, LONDON)
    assert outcome.records == (replace(session, state=State.OVER),) and not outcome.tells


def test_staff_are_asked_about_a_draft_until_it_is_published_and_of_no_day_that_is_over() -> None:
    draft = a_session(state=State.DRAFT)
    asked = arranging.tick(draft, "t", ["jo"], NOON, NOON, LONDON)
    assert asked.records == (draft,) and [tell.to for tell in asked.tells] == ["jo"]
    assert looked_at(asked) == NOON + arranging.AGAIN
    late = arranging.tick(draft, "t", ["jo"], NOON, draft.starts_at, LONDON)
    (moved,) = late.records
    assert isinstance(moved, Session) and moved.id == draft.id
    assert moved.rule_day == date(2026, 6, 15), "the third Monday, as in March"


# --- telling many -------------------------------------------------------------------------


def test_a_round_goes_on_after_the_last_who_was_told_and_ends() -> None:
    this, session = Round("s", What.NEW, 0), a_session()
    many = [f"m{number:03}" for number in range(AT_ONCE)]
    first = tell_next(this, session, many, (), NOON)
    assert len({tell.key for tell in first.tells}) == AT_ONCE
    (more,) = first.wakes
    assert more.at == NOON and Round.read(more.key) == replace(this, after=many[-1])
    assert tell_next(this, session, ["n"], (), NOON).wakes == ()


def test_the_key_of_a_round_fits_into_a_deadline_and_says_all_of_it() -> None:
    for what, mark in ((What.NEW, 0), (What.CANCELLED, 0xFFFF), (What.WEEK, 0x7FFF)):
        this = Round("s" * 16, what, mark, "m" * 16)
        assert Round.read(this.key) == this
        assert len(this.key) <= LONGEST_KEY


def test_only_who_has_a_place_has_it_put_right_in_the_calendar() -> None:
    this = Round("s", What.CHANGED, 1)
    told = tell_next(this, a_session(), ["amira", "leo"], {"amira"}, NOON).tells
    assert ["entry" in tell.message.params for tell in told] == [True, False]
    new = tell_next(Round("s", What.NEW, 0), a_session(), ["amira"], {"amira"}, NOON).tells
    assert "entry" not in new[0].message.params


def test_a_round_that_is_true_no_more_ends() -> None:
    session = a_session()
    moved = replace(session, starts_at=session.starts_at + timedelta(days=1), version=2)
    gone = replace(session, state=State.CANCELLED, version=2)
    mark = int(session.starts_at.timestamp()) // 86_400
    for this, still in (
        (Round("s", What.NEW, 0), [True, True, False]),
        (Round("s", What.CHANGED, 1), [True, False, False]),
        (Round("s", What.WEEK, mark), [True, False, False]),
        (Round("s", What.CANCELLED, 2), [False, False, True]),
    ):
        assert [still_true(this, one, NOON) for one in (session, moved, gone)] == still
    assert not still_true(Round("s", What.NEW, 0), session, session.starts_at)


# --- places -------------------------------------------------------------------------------


def line(*placed: tuple[str, Place]) -> list[Booking]:
    return [
        Booking("s", member, place, number, NOON)
        for number, (member, place) in enumerate(placed, start=1)
    ]


def text(outcome: Outcome) -> str | None:
    return None if outcome.said is None else outcome.said.text.id


def test_whoever_comes_first_has_a_place_and_the_next_waits() -> None:
    first = booking.book(a_session(), [], "amira", NOON)
    assert text(first) == "booked" and [tell.to for tell in first.tells] == ["amira"]
    full = line(("amira", Place.BOOKED), ("leo", Place.BOOKED))
    third = booking.book(a_session(), full, "ruth", NOON)
    assert third.records == (Booking("s", "ruth", Place.WAITING, 3, NOON),) and not third.tells
    assert text(booking.book(a_session(), full, "leo", NOON)) == "booked_already"
    assert text(booking.book(a_session(places=None), full, "ruth", NOON)) == "booked"
    for closed in (a_session(state=State.DRAFT), a_session(state=State.CANCELLED)):
        assert text(booking.book(closed, [], "amira", NOON)) == "closed"
    assert text(booking.book(a_session(), [], "amira", a_session().starts_at)) == "closed"


def test_what_somebody_books_is_written_down_without_their_name() -> None:
    full = line(("amira", Place.BOOKED), ("leo", Place.WAITING))
    for outcome in (
        booking.book(a_session(), [], "amira", NOON),
        booking.give_back(a_session(places=1), full, "amira", NOON),
    ):
        assert outcome.logs
        for log in outcome.logs:
            assert log.person is None and log.actor is None and log.facts == {"session": "s"}


def test_a_place_given_back_goes_to_whoever_waited_longest() -> None:
    full = line(
        ("amira", Place.BOOKED),
        ("leo", Place.GIVEN_BACK),
        ("ruth", Place.WAITING),
        ("sam", Place.WAITING),
    )
    one = a_session(places=1)
    outcome = booking.give_back(one, full, "amira", NOON)
    assert outcome.records == (
        Booking("s", "amira", Place.GIVEN_BACK, 1, NOON),
        Booking("s", "ruth", Place.BOOKED, 3, NOON),
    )
    told = [(tell.to, tell.message.text.id) for tell in outcome.tells]
    assert told == [("amira", "calendar_gone"), ("ruth", "place")]
    back = booking.give_back(one, full, "ruth", NOON)
    assert len(back.records) == 1 and not back.tells  # nobody gains by one who only waited
    assert text(booking.give_back(one, full, "leo", NOON)) == "no_place"
    assert booking.ahead(full, "sam") == 1


def test_nobody_goes_past_those_who_wait_and_who_comes_back_is_last() -> None:
    held = line(("amira", Place.GIVEN_BACK), ("leo", Place.BOOKED), ("ruth", Place.WAITING))
    (again,) = booking.book(a_session(places=1), held, "amira", NOON).records
    assert again == Booking("s", "amira", Place.WAITING, 4, NOON)


def test_whoever_cannot_be_told_of_a_place_keeps_theirs_in_the_line_and_holds_up_nobody() -> None:
    gone = Booking("s", "leo", Place.WAITING, 2, NOON, reachable=False)
    full = [*line(("amira", Place.BOOKED)), gone, Booking("s", "ruth", Place.WAITING, 3, NOON)]
    one = a_session(places=1)
    told = [tell.to for tell in booking.give_back(one, full, "amira", NOON).tells]
    assert told == ["amira", "ruth"]
    free = [gone]
    assert text(booking.book(one, free, "sam", NOON)) == "booked"
    back = booking.book(one, [replace(gone, reachable=True)], "sam", NOON)
    assert text(back) == "waiting" and [tell.to for tell in back.tells] == ["leo"]


def test_more_places_move_the_line_and_fewer_take_none_away() -> None:
    full = line(("amira", Place.BOOKED), ("leo", Place.WAITING), ("ruth", Place.WAITING))
    moved = booking.move_up(a_session(places=2), full, NOON)
    assert [tell.to for tell in moved.tells] == ["leo"]
    assert len(booking.move_up(a_session(places=None), full, NOON).records) == 2
    assert booking.move_up(a_session(places=0), full, NOON) == Outcome()
    assert booking.move_up(a_session(state=State.CANCELLED), full, NOON) == Outcome()
