"""Where somebody is: when it opens, to whom, and which safe place is nearest."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.care import location as care
from bot.care.agreement import Decision, Effect, Reason
from bot.care.escalation import Cause, Escalation, State
from bot.care.location import Chosen, Opening, Opens, Spot
from bot.care.terms import SafePlace, Terms
from bot.care.text import Text
from bot.i18n import LOCALES, Words
from tests.care.outing import NOON, PLAN, fresh

CAFE = SafePlace("cafe", "Café", "1 High Street", "020 7946 0001", 51.5, -0.1)
LIBRARY = SafePlace("library", "Library", "", "", 51.6, -0.1)
SHOP = SafePlace("shop", "The corner shop", "", "020 7946 0002")
HERE = Spot(51.58, -0.12, NOON)
LET = Decision(Effect.SHARE, Reason.DIRECT_CARE)


def standing(**more: Any) -> Escalation:
    """Jo, the first, has been asked."""
    return replace(fresh(), **{"told": ("jo",), "current": "jo", "rung": 0, **more})


@pytest.mark.parametrize(
    ("so_far", "opens"),
    [
        pytest.param({}, [Opens.FIRST], id="the first is asked"),
        pytest.param({"rung": 1}, [Opens.FIRST, Opens.SECOND], id="the second is asked"),
        pytest.param({"rung": 2}, list(Opens), id="the last is asked"),
        pytest.param({"round": 1}, list(Opens), id="the ladder has begun again"),
        pytest.param({"rung": -1}, list(Opens), id="nobody on it could be asked"),
        pytest.param({"cause": Cause.EMERGENCY}, list(Opens), id="every rung at once"),
        pytest.param({"cause": Cause.DURESS_NOW}, list(Opens), id="every rung, silently"),
        pytest.param({"cause": Cause.DURESS}, [Opens.FIRST], id="one by one, silently"),
        pytest.param({"cause": Cause.SIGN, "rung": 2}, [], id="of no outing"),
        pytest.param({"cause": Cause.DRILL, "rung": 2}, [], id="a practice"),
        pytest.param({"state": State.CLOSED, "rung": 2}, [], id="it is over"),
    ],
)
def test_it_opens_at_the_rung_the_person_chose(so_far: dict[str, Any], opens: list[Opens]) -> None:
    assert [one for one in Opens if care.opened(standing(**so_far), one)] == opens


def test_on_a_short_ladder_the_second_is_the_last() -> None:
    short = standing(rungs=PLAN.rungs[:1])
    assert all(care.opened(short, one) for one in Opens)


def test_it_opens_to_those_who_are_asked_and_to_whoever_has_it() -> None:
    held = standing(holder="priya")
    assert care.opened_to(held, Opens.FIRST, "jo") and care.opened_to(held, Opens.FIRST, "priya")
    assert not care.opened_to(held, Opens.FIRST, "dev")
    assert not care.opened_to(held, Opens.SECOND, "jo")


def test_whoever_looks_is_named_to_the_person_and_where_they_were_to_no_one() -> None:
    outcome = care.look(Opening("opening", "out", "sam", "jo", NOON, "alert"), standing(), LET)
    assert [(tell.to, str(tell.message.text)) for tell in outcome.tells] == [
        ("jo", "location.here"),
        ("sam", "location.looked_at"),
    ]
    (line,) = outcome.logs
    assert (line.kind, line.person, line.actor, line.facts["to"]) == (
        care.LOOKED,
        "sam",
        "jo",
        "jo",
    )


@pytest.mark.parametrize("cause", [Cause.DURESS, Cause.DURESS_NOW])
def test_of_a_silent_alert_the_person_hears_and_reads_nothing(cause: Cause) -> None:
    opening = Opening("opening", "out", "sam", "jo", NOON, "alert")
    outcome = care.look(opening, standing(cause=cause), LET)
    assert [tell.to for tell in outcome.tells] == ["jo"]
    assert [line.person for line in outcome.logs] == [None]


def test_a_new_place_is_told_to_whoever_of_staff_has_the_alert_and_to_no_supporter() -> None:
    (tell,) = care.arrived(standing(holder="dev"), NOON).tells
    assert tell.to == "dev"
    (asked,) = care.arrived(standing(), NOON).tells
    assert asked.to == "jo"
    assert care.arrived(standing(current=None), NOON).tells == ()


def test_choosing_says_when_it_opens_and_turning_it_off_twice_is_one_line() -> None:
    chosen = Chosen("sam", Opens.LAST, NOON)
    outcome = care.choose(chosen)
    assert outcome.records == (chosen,)
    assert [line.facts for line in outcome.logs] == [{"opens": "last"}]
    assert len(care.off("sam", was_on=True).logs) == 1
    assert care.off("sam", was_on=False).logs == ()


# --- safe places --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("near", "nearest"),
    [
        pytest.param(HERE, LIBRARY, id="by the way it is to each"),
        pytest.param(Spot(51.51, -0.1, NOON), CAFE, id="from elsewhere another"),
        pytest.param(None, None, id="nobody knows where"),
    ],
)
def test_the_nearest_marked_place_is_found(near: Spot | None, nearest: SafePlace | None) -> None:
    assert care.nearest((CAFE, LIBRARY, SHOP), near) == nearest


def test_a_degree_along_is_shorter_in_the_north() -> None:
    up = SafePlace("up", "Up", latitude=60.6, longitude=0.0)
    along = SafePlace("along", "Along", latitude=60.0, longitude=1.0)
    assert care.nearest((up, along), Spot(60.0, 0.0, NOON)) == along


def test_where_none_is_marked_none_is_nearest() -> None:
    assert care.nearest((SHOP,), HERE) is None


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180))
def test_of_two_places_the_one_they_stand_at_is_nearest(
    up: float, along: float, other_up: float, other_along: float
) -> None:
    here = SafePlace("here", "Here", latitude=up, longitude=along)
    there = SafePlace("there", "There", latitude=other_up, longitude=other_along)
    found = care.nearest((here, there), Spot(up, along, NOON))
    assert found == here


@pytest.mark.parametrize(
    ("places", "near", "said"),
    [
        pytest.param((CAFE, LIBRARY), HERE, "plan:library", id="the nearest"),
        pytest.param((SHOP,), None, "plan:shop", id="the only one"),
        pytest.param((CAFE, LIBRARY), None, None, id="all of them"),
    ],
)
def test_whoever_is_lost_is_told_where_it_is_safe(
    places: tuple[SafePlace, ...], near: Spot | None, said: str | None
) -> None:
    plan = replace(PLAN, terms=Terms(safe_places=places))
    (tell,) = care.safe_place(plan, near, "key").tells
    assert tell.to == "sam"
    assert tell.message.params.get("safe_place") == said
    assert tell.message.params.get("safe_places") == (None if said else "plan")


def test_a_plan_without_safe_places_offers_none() -> None:
    assert care.safe_place(PLAN, HERE, "key").tells == ()


@pytest.mark.parametrize("locale", LOCALES)
def test_the_promise_to_say_who_looked_names_where_it_ends(locale: str) -> None:
    words = Words.load()
    for text in care.ON.values():
        said = words.label(locale, text)
        assert "your second word" in said and "asked for help" in said
    honest = words.label(locale, Text("words", "second_honest"))
    assert "/my_location" in honest and "here who looked" in honest
