"""What staff write of a plan is read as they write it, or refused kindly; nothing is guessed."""

import pytest

from bot.care.plan import LADDERS, Plan, PlanState
from bot.care.terms import Pattern, Point, Support
from bot.care.text import Text
from bot.flows import saying, terms
from bot.flows.flow import Located, Wrote
from bot.flows.plan import read_longest
from bot.flows.saying import spoken
from bot.flows.view import read_words
from bot.store.flow import Talk
from tests.care.outing import NOON, PLAN

WRITTEN = Plan(
    "new", "sam", 2, PlanState.PREPARING, PLAN.places, 120, LADDERS["on_call"], "Ring.", "jo", NOON
)
FACTS = saying.Facts("jo", WRITTEN, "Sam")
TALK = Talk("t", 1, "m", "plan_asks", "points")
UNCLEAR = Text("terms", "lines_unclear")


def lines(words: str) -> str | Text:
    return saying.read_spans(Wrote(words), FACTS, TALK)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("On the bus 20", [("On the bus", 20)]),
        ("On the bus: 20 min", [("On the bus", 20)]),
        (" The   bus - 5 minutes.\n\nCafé, 30", [("The bus", 5), ("Café", 30)]),
        ("Bus 42 15", [("Bus 42", 15)]),
    ],
)
def test_points_and_delays_are_names_with_their_minutes(
    words: str, meant: list[tuple[str, int]]
) -> None:
    kept = lines(words)
    assert isinstance(kept, str) and spoken(kept) == meant


@pytest.mark.parametrize(
    "words",
    [
        "On the bus",
        "20",
        "On the bus 0",
        "On the bus 241",
        "Bus 5\nbus 10",
        "\n".join(f"Stop {n} 5" for n in range(7)),
        f"{'x' * 41} 5",
        "",
    ],
)
def test_what_is_not_clear_is_asked_again(words: str) -> None:
    assert lines(words) == UNCLEAR


def test_a_place_on_the_map_is_no_words_and_words_are_no_place() -> None:
    here = Located(51.5, -0.1)
    assert saying.read_spans(here, FACTS, TALK) == UNCLEAR
    assert saying.read_minutes(here, FACTS, TALK) == Text("terms", "no_minutes")
    assert saying.read_spot(here, FACTS, TALK) == "51.5 -0.1"
    assert saying.read_spot(Wrote("there"), FACTS, TALK) == Text("terms", "send_a_place")
    assert saying.read_name(here, FACTS, TALK) == Text("terms", "short_name")
    assert isinstance(read_words(here, None, TALK), Text)
    assert read_words(Wrote(" Good.\nYes. "), None, TALK) == "Good.\nYes."


@pytest.mark.parametrize(("words", "meant"), [("45", "45"), ("45 minutes", "45"), ("007 min", "7")])
def test_minutes_as_people_write_them(words: str, meant: str) -> None:
    assert saying.read_minutes(Wrote(words), FACTS, TALK) == meant


@pytest.mark.parametrize("words", ["0", "241", "soon", "1 hour"])
def test_what_is_no_number_of_minutes_is_asked_again(words: str) -> None:
    assert saying.read_minutes(Wrote(words), FACTS, TALK) == Text("terms", "no_minutes")


def answered(change: saying.Change, **answers: str) -> Plan:
    ids = iter("abcdef")
    return change(WRITTEN, Talk("t", 1, "m", "plan", "kept", answers), lambda: next(ids))


@pytest.mark.parametrize(("times", "nudges"), [("1", (0,)), ("2", (0, 5)), ("3", (0, 3, 6))])
def test_the_person_is_asked_within_the_time_they_have(times: str, nudges: tuple[int, ...]) -> None:
    plan = answered(terms._asks, pattern="back_by", grace="10", nudges=times)
    assert plan.nudges == nudges and all(n < plan.grace for n in plan.nudges)
    assert plan.terms.pattern is Pattern.BACK_BY and plan.terms.points == ()


def test_what_a_talk_says_is_all_that_changes() -> None:
    points = answered(terms._asks, pattern="points", grace="5", nudges="1", points="20 The bus")
    assert points.terms.points == (Point("The bus", 20),) and points.grace == 5
    every = answered(terms._asks, pattern="every", grace="5", nudges="1", every="15")
    assert (every.terms.pattern, every.terms.every) == (Pattern.EVERY, 15)
    support = answered(terms._support, support="alone", good="after_3").terms
    assert (support.support, support.good) == (Support.ALONE, 3)
    later = answered(terms._later, extra="15", often="2", pause="30")
    assert (later.extra, later.terms.extends, later.terms.pause) == (15, 2, 30)
    any_time = answered(terms._later, extra="60", often="any", pause="0")
    assert (any_time.extra, any_time.terms.extends, any_time.terms.pause) == (60, None, 0)
    never = answered(terms._later, extra="0", pause="0")
    assert (never.extra, never.terms.extends) == (0, None)
    delays = answered(terms._delays, delays="10 The bus\n5 The lift").terms.stretches
    assert [(one.id, one.name, one.extra) for one in delays] == [
        ("a", "The bus", 10),
        ("b", "The lift", 5),
    ]
    assert answered(terms._delays, delays="none").terms.stretches == ()


def test_a_place_that_keeps_its_name_keeps_its_id() -> None:
    plan = answered(terms._basics, places="Café\nPark", longest="60")
    assert [(place.id, place.name) for place in plan.places] == [("cafe", "Café"), ("a", "Park")]


def test_a_safe_place_says_what_is_known_of_it() -> None:
    skipped = answered(terms._add_safe, name="Library", address="skip", phone="skip", spot="skip")
    (place,) = skipped.terms.safe_places
    assert (place.name, place.address, place.phone, place.latitude) == ("Library", "", "", None)
    marked = answered(terms._add_safe, name="Café", address="1 High Street", spot="51.5 -0.1")
    (place,) = marked.terms.safe_places
    assert (place.address, place.latitude, place.longitude) == ("1 High Street", 51.5, -0.1)


@pytest.mark.parametrize(
    ("words", "kept"),
    [("90 minutes", "90"), ("5 hours", "300"), ("24 hours", "1440"), ("2", None), ("25 h", None)],
)
def test_any_length_of_an_outing_is_taken_that_can_be_meant(words: str, kept: str | None) -> None:
    said = read_longest(Wrote(words), FACTS, TALK)
    assert said == (kept or Text("terms", "no_length"))


@pytest.mark.parametrize("words", ["call them", "12345", "020 79"])
def test_a_safe_places_phone_is_a_number_or_asked_again(words: str) -> None:
    read = terms.SAFE.flow.readers[terms.SAFE.flow.steps["phone"].reads or ""]
    assert read(Wrote(words), FACTS, TALK) == Text("profile", "no_number")
    assert read(Wrote("020 7946 0001"), FACTS, TALK) == "020 7946 0001"
