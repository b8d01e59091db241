"""What staff write when they set up a session, and how boxes are ticked."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.care.circle import Membership, Role
from bot.care.education import Need, Session, Subject
from bot.care.text import Text
from bot.flows import education, session_change
from bot.flows.boxes import boxes, kept_boxes, ticked
from bot.flows.education import Facts, read_day, read_languages, read_places, read_time
from bot.flows.flow import Located, Wrote
from bot.store.flow import Talk

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
JO = Membership("m", "jo", Role.STAFF, "oak", None, NOW)
FACTS = Facts(JO, ZoneInfo("Europe/London"), NOW)


def talk(**answers: str) -> Talk:
    return Talk("t", 1, "m", "session_new", "subject", answers)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("12 March", "2026-03-12"),
        ("1/2", "2027-02-01"),
        ("1 May 2028", Text("education", "day_far")),
        ("soon", Text("education", "day_unclear")),
    ],
)
def test_a_day_is_one_that_comes(said: str, read: str | Text) -> None:
    assert read_day(Wrote(said), FACTS, talk()) == read


@pytest.mark.parametrize(
    ("said", "day", "read"),
    [
        ("2", "2026-03-12", "14:00"),
        ("9", "2026-03-12", "09:00"),
        ("6 pm", "2026-03-12", "18:00"),
        ("7 am", "2026-03-12", "07:00"),
        ("10.30", "2026-03-02", Text("education", "time_over")),
        ("13.30", "2026-03-02", "13:30"),
        ("after lunch", "2026-03-12", Text("education", "time_unclear")),
    ],
)
def test_a_time_is_one_that_people_come_at(said: str, day: str, read: str | Text) -> None:
    assert read_time(Wrote(said), FACTS, talk(day=day)) == read


def test_usual_times_that_are_over_today_are_not_offered() -> None:
    offered = [one.id for one in education.times(FACTS, talk(day="2026-03-02"))]
    assert offered == ["1400", "1800"]


def test_places_and_languages_are_read_as_people_write_them() -> None:
    assert read_places(Wrote(" 15 "), FACTS, talk()) == "15"
    for no in ("0", "many", "99999", "-3"):
        assert read_places(Wrote(no), FACTS, talk()) == Text("education", "places_unclear")
    assert read_languages(Wrote("English and polish, Urdu"), FACTS, talk()) == "english,Polish,Urdu"
    for no in ("", "3", "a,b,c,d,e,f", "<b>"):
        assert read_languages(Wrote(no), FACTS, talk()) == Text("education", "languages_unclear")
    here = Located(51.5, -0.1)
    for read in (read_day, read_places, read_languages, education.read_place):
        assert not isinstance(read(here, FACTS, talk()), str)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("zoom.us/j/12?pwd=x", "https://zoom.us/j/12?pwd=x"),
        ("Room 2, or www.meet.example", "Room 2, or https://www.meet.example"),
        ("https://meet.example/a and/or Room 2.1", "https://meet.example/a and/or Room 2.1"),
        ("12/14 St. John Street", "12/14 St. John Street"),
    ],
)
def test_a_link_is_known_as_one_however_it_was_written(said: str, read: str) -> None:
    assert education.read_place(Wrote(said), FACTS, talk()) == read


def test_a_title_of_their_own_goes_when_another_subject_is_chosen() -> None:
    answers = {
        "title": "Sleeping well",
        "day": "2026-03-12",
        "starts": "14:00",
        "minutes": "60",
        "place": "Room 2",
        "notes": "none",
        "leads": "staff",
        "repeats": "no",
        "places": "8",
        "languages": "english",
        "meets": "=",
    }
    own = education.made(FACTS, talk(subject="own", **answers), "s")
    assert own.title == "Sleeping well" and own.room == ""
    assert education.made(FACTS, talk(subject="crisis", **answers), "s").title == ""


def test_one_thing_of_a_session_is_another_and_all_else_stays() -> None:
    answers = {"subject": "own", "title": "Sleeping well", "day": "2026-03-12", "starts": "14:00"}
    answers |= {"minutes": "60", "place": "Room 2", "notes": "none", "leads": "staff"}
    answers |= {"repeats": "no", "places": "8", "languages": "english", "meets": "="}
    before = education.made(FACTS, talk(**answers), "s")

    def changed(**said: str) -> Session:
        return session_change.changed(FACTS, talk(**said), before)

    topic = changed(what="topic", subject="own", title="Resting")
    assert topic == replace(before, title="Resting")
    of_ours = changed(what="topic", subject="crisis", title="left from before")
    assert of_ours == replace(before, subject=Subject.CRISIS, title="")
    assert changed(what="leads", leads="with_carer") == replace(before, facilitators="with_carer")
    two = changed(what="languages", languages="english,Polish")
    assert two == replace(before, languages=("english", "Polish"))
    needs = changed(what="meets", meets=kept_boxes([Need.BSL]))
    assert needs == replace(before, meets=(Need.BSL,))
    moved = changed(what="place", place="The library", room="2")
    assert moved == replace(before, place="The library", room="2")
    assert changed(what="room", room="Garden room") == replace(before, room="Garden room")
    indoors = replace(before, room="2")
    of_old = session_change.changed(FACTS, talk(what="place", place="Park", room="none"), indoors)
    assert of_old == replace(before, place="Park")
    assert changed(what="?") == before


def test_a_box_is_ticked_and_unticked_and_all_of_them_fit_on_a_button() -> None:
    everything = kept_boxes(Need)
    assert ticked(everything) == tuple(Need)
    first = boxes("")[0].id
    assert ticked(first) == (Need.STEP_FREE,)
    again = boxes(first)[0].id
    assert again and ticked(again) == ()
    assert ticked(boxes(again)[-1].id) == () and ticked(boxes(first)[-1].id) == (Need.STEP_FREE,)
    assert ticked(boxes(boxes(first)[-1].id)[1].id) == (Need.STEP_FREE, Need.HEARING_LOOP)
    assert len({one.id for one in boxes(everything)}) == len(Need) + 1
    assert max(len(one.id) for one in boxes(everything)) < 20
