"""The clocks of complaints and disagreements, in working days; nobody lets one lie."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.care.complaint import acknowledge, lodge, remind
from bot.care.concern import Concern, Kind, finish, read
from bot.care.outcome import Outcome

LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
FRIDAY_NIGHT = datetime(2026, 4, 3, 1, tzinfo=UTC)  # Good Friday
COMPLAINT = Concern("c", Kind.COMPLAINT, "sam", "oak", "amira", "Rude.", None, (), (), MONDAY)
DISAGREE = replace(COMPLAINT, kind=Kind.DISAGREE)


def after(outcome: Outcome) -> Concern:
    (kept,) = outcome.records
    assert isinstance(kept, Concern)
    return kept


def next_look(outcome: Outcome) -> str | None:
    (wake,) = outcome.wakes
    return None if wake.at is None else f"{wake.at.astimezone(LONDON):%a %d %b %H:%M}"


def heard(outcome: Outcome) -> list[tuple[str, str]]:
    return [(tell.to, str(tell.message.text)) for tell in outcome.tells]


@pytest.mark.parametrize(
    ("concern", "at", "due"),
    [
        (COMPLAINT, MONDAY, "Thu 05 Mar 17:00"),
        (DISAGREE, MONDAY, "Mon 16 Mar 17:00"),
        (COMPLAINT, FRIDAY_NIGHT, "Thu 09 Apr 17:00"),  # Easter Monday is no working day
        (COMPLAINT, datetime(2026, 3, 26, 12, tzinfo=UTC), "Tue 31 Mar 17:00"),  # clocks go on
        (COMPLAINT, datetime(2026, 12, 24, 12, tzinfo=UTC), "Thu 31 Dec 17:00"),  # two holidays
    ],
)
def test_the_clock_runs_in_working_days(concern: Concern, at: datetime, due: str) -> None:
    kept = after(lodge(replace(concern, at=at), ["priya"], LONDON))
    assert kept.due_at is not None
    assert f"{kept.due_at.astimezone(LONDON):%a %d %b %H:%M}" == due


def test_it_is_acknowledged_at_once_and_put_in_front_of_those_it_is_not_about() -> None:
    lodged = lodge(replace(COMPLAINT, named=("priya",)), ["priya", "mina", "amira"], LONDON)
    assert heard(lodged) == [("amira", "complaint.receipt"), ("mina", "complaint.please_read")]
    assert after(lodged).told == ("mina",)
    nobody = lodge(replace(DISAGREE, named=("priya",)), ["priya"], LONDON)
    assert heard(nobody) == [("amira", "complaint.receipt_nobody")]
    assert next_look(nobody) == "Tue 03 Mar 09:00"
    shared = lodge(COMPLAINT, ["mina"], LONDON, shared=True)
    assert heard(shared)[0] == ("amira", "complaint.receipt_shared")


def test_it_is_asked_about_each_working_day_until_it_is_read_and_from_the_eve_of_its_day() -> None:
    kept = after(lodge(DISAGREE, ["priya"], LONDON))
    thursday = MONDAY + timedelta(days=4)
    asked = remind(kept, ["priya"], thursday, LONDON)
    assert heard(asked) == [("priya", "complaint.please_read_disagree")]
    assert next_look(asked) == "Mon 09 Mar 09:00"

    opened = after(read(kept, "priya", MONDAY))
    quiet = remind(opened, ["priya"], thursday, LONDON)
    assert next_look(quiet) == "Fri 13 Mar 09:00"  # the day it is due is a Monday
    late = remind(opened, ["priya"], MONDAY + timedelta(days=30), LONDON)
    assert heard(late) == [("priya", "complaint.please_finish")]
    assert next_look(late) == "Thu 02 Apr 09:00"


def test_a_lead_who_comes_later_is_asked_too_and_may_read_it() -> None:
    kept = after(lodge(COMPLAINT, ["priya"], LONDON))
    asked = remind(kept, ["mina"], MONDAY + timedelta(days=1), LONDON)
    assert after(asked).told == ("priya", "mina")
    assert [to for to, _ in heard(asked)] == ["mina"]


def test_a_complaint_has_two_clocks_and_a_disagreement_one() -> None:
    kept = after(read(after(lodge(COMPLAINT, ["priya"], LONDON)), "priya", MONDAY))
    assert heard(remind(kept, ["priya"], MONDAY, LONDON)) == [
        ("priya", "complaint.please_acknowledge")
    ]
    spoken = acknowledge(kept, "priya", MONDAY + timedelta(days=1), LONDON)
    kept = after(spoken)
    assert kept.due_at == datetime(2026, 3, 17, 17, tzinfo=UTC)
    assert next_look(spoken) == "Mon 16 Mar 09:00"
    again = acknowledge(kept, "priya", MONDAY, LONDON)
    assert again.records == () and again.said is not None
    assert acknowledge(DISAGREE, "priya", MONDAY, LONDON) == Outcome()

    done = finish(kept, "priya", "Said sorry.", MONDAY)
    assert next_look(done) is None
    over = remind(after(done), ["priya"], MONDAY, LONDON)
    assert over.tells == () and next_look(over) is None
    assert acknowledge(after(done), "priya", MONDAY, LONDON) == Outcome()
