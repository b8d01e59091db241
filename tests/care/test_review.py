"""What is looked at again: when it is due, when staff hear of it, and what is theatre."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.care import review, reviewing
from bot.care.meeting import Meeting, begins, held
from bot.care.outcome import Outcome
from bot.care.review import (
    Came,
    Coming,
    Invited,
    Item,
    Kind,
    Round,
    Rules,
    Snooze,
    Words,
    due,
    outings,
    own,
    reminds,
    stable,
)

LONDON = ZoneInfo("Europe/London")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
DUE = NOON + 28 * DAY
ITEM = Item(Kind.SIGN_PLAN, "p1", "sam", DUE)
LOOK = Round("r1", Kind.SIGN_PLAN, "p1", "sam", DUE, DUE, "jo", Came.STAYS, DUE + 91 * DAY)
SNOOZE = Snooze("s1", Kind.SIGN_PLAN, "p1", "sam", DUE, "jo", DUE, DUE + WEEK, "In hospital.")


def said(outcome: Outcome) -> str | None:
    return None if outcome.said is None else outcome.said.text.id


@pytest.mark.parametrize(
    ("base", "last", "event", "at"),
    [
        (DUE, None, None, DUE),
        (DUE, LOOK, None, LOOK.next_at),
        (DUE, replace(LOOK, next_at=None), None, None),  # ended: never again
        (DUE, None, NOON, NOON),  # something has happened
        (DUE, None, DUE + DAY, DUE),  # it is late already
        (DUE, LOOK, DUE - DAY, LOOK.next_at),  # it was looked at since
        (DUE, LOOK, DUE + DAY, DUE + DAY),
        (None, replace(LOOK, next_at=None), DUE + DAY, DUE + DAY),
        (None, None, None, None),
        (DUE, replace(LOOK, due_at=NOON, at=NOON), None, DUE),  # its own day has yet to come
        (DUE, replace(LOOK, due_at=NOON, next_at=None), None, None),
    ],
)
def test_when_it_is_due(
    base: datetime | None, last: Round | None, event: datetime | None, at: datetime | None
) -> None:
    assert due(base, last, event) == at


def test_a_plan_for_outings_is_monthly_until_it_is_stable_and_monthly_again_after_an_alert() -> (
    None
):
    looks = [replace(LOOK, kind=Kind.OUTINGS, at=NOON + n * 28 * DAY) for n in range(3)]
    assert not stable(looks[:2], None) and stable(looks, None)
    assert stable(looks, NOON - DAY) and not stable(looks, NOON + DAY)
    assert not stable([*looks, replace(LOOK, came=Came.CHANGED)], None)
    assert stable([replace(LOOK, came=Came.CHANGED), *looks], None)

    assert outings(NOON, None, None, LONDON) == datetime(2026, 4, 2, 8, tzinfo=UTC)
    quarterly = replace(LOOK, at=NOON, next_at=NOON + 91 * DAY)
    assert outings(NOON, quarterly, None, LONDON) == quarterly.next_at
    assert outings(NOON, quarterly, NOON - DAY, LONDON) == quarterly.next_at
    assert outings(NOON, quarterly, NOON + DAY, LONDON) == NOON + DAY, "at once"
    assert outings(NOON, None, NOON + DAY, LONDON) == NOON + DAY


@pytest.mark.parametrize(
    ("item", "days"),
    [
        (ITEM, [-7, 0, 7, 14, 21]),
        (replace(ITEM, kind=Kind.GLASS), [-2, 0, 1, 2, 3]),
        (replace(ITEM, early=True), [0, 7, 14]),
        (replace(ITEM, snoozed=(SNOOZE,)), [7, 14, 21]),
        (replace(ITEM, snoozed=(SNOOZE, replace(SNOOZE, until=DUE + 3 * WEEK))), [21, 28]),
    ],
)
def test_its_moments(item: Item, days: list[int]) -> None:
    moments = [DUE + day * DAY for day in days]
    found = [
        at
        for hours in range(-10 * 24, days[-1] * 24 + 1)
        for at in [DUE + timedelta(hours=hours)]
        if reminds(item, at - timedelta(hours=1), at)
    ]
    assert found == moments


@given(
    st.lists(st.integers(1, 30 * 24), min_size=1, max_size=40),
    st.integers(-20, 20),
)
def test_no_moment_is_said_twice_and_none_is_passed_over(steps: list[int], start: int) -> None:
    """However long the time between two mornings, each hears of what came up since the last."""
    since = DUE + start * DAY
    for hours in steps:
        until = since + timedelta(hours=hours)
        moments = [DUE - WEEK, *(DUE + n * WEEK for n in range(200))]
        assert reminds(ITEM, since, until) is any(since < one <= until for one in moments)
        since = until


def test_it_is_put_off_twice_and_nothing_gets_less_late_by_it() -> None:
    once = replace(ITEM, snoozed=(SNOOZE,))
    twice = replace(ITEM, snoozed=(SNOOZE, SNOOZE))
    assert said(reviewing.put_off(ITEM, SNOOZE)) == "snoozed"
    assert said(reviewing.put_off(once, SNOOZE)) == "snoozed_last"
    refused = reviewing.put_off(twice, SNOOZE)
    assert said(refused) == "no_more_snoozes" and refused.records == ()
    assert not once.up(DUE + DAY) and once.up(DUE + WEEK)
    assert once.late(14 * DAY, DUE + 14 * DAY) and not once.late(14 * DAY, DUE + 13 * DAY)


@pytest.mark.parametrize(
    ("look", "theatre"),
    [
        (LOOK, True),
        (replace(LOOK, words=Words(person="I like it.")), False),
        (replace(LOOK, words=Words(around="Amira: it helps.")), False),
        (replace(LOOK, data=True), False),
        (replace(LOOK, came=Came.ASKED), False),
    ],
)
def test_what_nobody_was_heard_in_is_theatre(look: Round, theatre: bool) -> None:
    assert look.theatre is theatre
    if look.came is not Came.ASKED:
        assert (said(reviewing.done(ITEM, look)) == "done_unheard") is theatre


def test_what_staff_alone_know_leaves_the_person_no_line() -> None:
    early, outing = replace(ITEM, early=True), replace(ITEM, early=True, kind=Kind.OUTINGS)
    assert [log.person for log in reviewing.done(outing, LOOK).logs] == ["sam"], "Sam was there"
    assert [log.person for log in reviewing.done(ITEM, LOOK).logs] == ["sam"]
    assert [log.person for log in reviewing.done(early, LOOK).logs] == [None]
    assert [log.person for log in reviewing.put_off(early, SNOOZE).logs] == [None]


ASKED = Invited("i1", Kind.SIGN_PLAN, "p1", "sam", DUE, NOON)


def told(outcome: Outcome) -> list[tuple[str, str]]:
    return [(tell.to, tell.message.text.id) for tell in outcome.tells]


def answered(asked: Invited, coming: Coming, up: Item | None, now: datetime) -> Outcome:
    return reviewing.answer(asked, coming, up, ["jo"], now)


def test_an_answer_reaches_whoever_sees_to_it_and_may_be_changed() -> None:
    assert told(answered(ASKED, Coming.TALK, ITEM, NOON)) == [("jo", "would_talk")]
    assert told(answered(ASKED, Coming.YES, ITEM, NOON)) == [], "it stands on the page"
    near = DUE - DAY
    for coming, text in ((Coming.YES, "would_come"), (Coming.NO, "would_not_come")):
        outcome = answered(ASKED, coming, ITEM, near)
        assert told(outcome) == [("jo", text)] and outcome.tells[0].about is not None
        (after,) = outcome.records
        assert isinstance(after, Invited) and after.answer is coming
        assert told(answered(after, coming, ITEM, near)) == [], "said already"
        assert told(answered(after, Coming.TALK, ITEM, near)) == [("jo", "would_talk")]
    later = replace(ITEM, snoozed=(replace(SNOOZE, until=near + 2 * WEEK),))
    assert told(answered(ASKED, Coming.YES, later, near)) == []


def test_a_button_of_what_is_over_promises_nothing() -> None:
    for coming in Coming:
        outcome = answered(ASKED, coming, None, DUE)
        assert said(outcome) == "over_already" and not outcome.records and not outcome.tells


@pytest.mark.parametrize(
    ("coming", "who", "hears"),
    [
        (None, (), "was_looked_at"),
        (Coming.YES, ("ruth",), "done_without_you"),
        (Coming.TALK, (), "done_without_you"),
        (Coming.YES, ("sam",), None),
        (Coming.NO, (), None),
    ],
)
def test_whoever_was_asked_to_come_is_not_left_standing(
    coming: Coming | None, who: tuple[str, ...], hears: str | None
) -> None:
    asked, look = replace(ASKED, answer=coming), replace(LOOK, who=who)
    assert told(reviewing.done(ITEM, look, asked)) == ([] if hears is None else [("sam", hears)])
    later = [] if coming is Coming.NO else [("sam", "put_off_you")]
    assert told(reviewing.put_off(ITEM, SNOOZE, asked)) == later
    assert told(reviewing.done(ITEM, look)) == told(reviewing.put_off(ITEM, SNOOZE)) == []


def test_what_ends_without_words_promises_no_next_time() -> None:
    over = replace(LOOK, came=Came.ENDED, next_at=None)
    assert said(reviewing.done(ITEM, over)) == "ended_unheard"


def test_nobody_puts_it_further_off_than_twice_its_rule() -> None:
    today, rule = date(2026, 3, 2), date(2026, 4, 2)
    assert review.furthest(today, rule) == date(2026, 5, 3)


def test_what_a_service_adds_has_a_name_and_a_rule() -> None:
    medication, fire = own("Medication: every 6 months; Fire plan: every year;")
    assert (medication.name, medication.cadence.count) == ("Medication", 6)
    assert fire.kind.startswith(review.OWN) and len(fire.kind) <= 16
    rules = Rules((medication, fire))
    assert rules.name(fire.kind) == "Fire plan" and rules.cadence(fire.kind) == fire.cadence
    assert rules.name(Kind.PROFILE) is None and rules.cadence(Kind.FIRST_WEEKS) is None
    assert own("") == ()


@pytest.mark.parametrize(
    "wrong", ["Medication", ": every year", "Fire: often", "A: every year; a: every week"]
)
def test_what_has_no_name_or_no_rule_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="must"):
        own(wrong)


def test_only_what_has_no_record_of_its_own_ends_with_a_press() -> None:
    assert {kind for kind in Kind if review.ends(kind)} == {Kind.RESTRICTIVE}
    assert review.ends(review.own("Fire plan: every year")[0].kind)


MEETS = DUE - 14 * DAY
ASKED_FOR = replace(LOOK, due_at=NOON, at=NOON, came=Came.ASKED, next_at=NOON)


@pytest.mark.parametrize(
    ("last", "meeting", "at", "early"),
    [
        (None, None, DUE, False),
        (None, MEETS, MEETS, False),
        (None, DUE + DAY, DUE, False),  # after its own date: that is no less late by it
        (LOOK, DUE + 7 * DAY, DUE + 7 * DAY, False),  # looked at, and the team meets in a week
        (LOOK, LOOK.next_at, LOOK.next_at, False),
        (ASKED_FOR, None, NOON, True),
        (ASKED_FOR, MEETS, NOON, True),  # an alert does not wait for the meeting
        (ASKED_FOR, NOON - DAY, NOON - DAY, False),  # nor does it make one less late
    ],
)
def test_an_early_warning_plan_comes_up_when_the_team_meets(
    last: Round | None, meeting: datetime | None, at: datetime, early: bool
) -> None:
    assert review.sign_plan(DUE, last, meeting) == (at, early)


def test_a_meeting_is_over_once_the_plan_was_looked_at_for_it_or_since() -> None:
    known = Meeting("sam", MEETS, "jo", NOON)
    assert held(None, DUE, DUE) is None and held(replace(known, at=None), DUE, DUE) is None
    assert held(known, NOON, MEETS - DAY) is None, "another look, before it"
    for due_at, now in ((MEETS, MEETS - 3 * DAY), (NOON, MEETS), (DUE, DUE)):
        over = held(known, due_at, now)
        assert over is not None and over.at is None


def test_a_meeting_begins_in_the_morning_of_its_day_whatever_day_that_is() -> None:
    for day in (date(2026, 1, 1) + n * DAY for n in range(365 * 15)):
        local = begins(day, LONDON).astimezone(LONDON)
        assert (local.date(), local.hour, local.minute) == (day, 9, 0)
