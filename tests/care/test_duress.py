"""What follows from a word: a call like any other, or an alert of which the person sees nothing."""

import pytest

from bot.care import contact, escalation, ladder
from bot.care.escalation import (
    AT_ONCE,
    CLOSES,
    OF_OUTINGS,
    SPOKEN,
    Cause,
    Close,
    State,
)
from bot.care.outcome import Lane, Topic
from bot.care.text import Text
from tests.care.outing import (
    CATALOGUE,
    GRACE_OVER,
    MINUTE,
    alert_of,
    around,
    fresh,
    logged,
    opened,
    taken,
    told,
)

LATER = GRACE_OVER + 10 * MINUTE
SILENT = (Cause.DURESS, Cause.DURESS_NOW)


def test_quietly_it_climbs_one_by_one() -> None:
    first = ladder.open_(fresh(Cause.DURESS), around(), GRACE_OVER)
    assert told(first) == [("jo", "alert")]
    assert told(ladder.tick(alert_of(first), around(), LATER)) == [("dev", "alert")]
    (tell,) = first.tells
    assert tell.message.text == Text("words", "alert") and tell.lane is Lane.SAFETY
    assert tell.message.params["duress"] == "out"
    assert tell.about is not None and tell.about.topic is Topic.JOURNEYS


def test_at_once_it_is_told_to_every_rung_and_then_climbs_again() -> None:
    assert set(AT_ONCE) == {Cause.EMERGENCY, Cause.DURESS_NOW}
    first = ladder.open_(fresh(Cause.DURESS_NOW), around(), GRACE_OVER)
    assert told(first) == [(member, "alert") for member in ("jo", "dev", "priya")]
    assert told(ladder.tick(alert_of(first), around(), LATER)) == [("dev", "alert")]


@pytest.mark.parametrize("cause", SILENT)
def test_with_nobody_on_the_ladder_the_team_is_asked(cause: Cause) -> None:
    first = ladder.open_(fresh(cause), around(None, None, None), GRACE_OVER)
    assert told(first) == [("mina", "alert_nobody")]
    assert told(ladder.open_(fresh(cause), around(None, None, None, others=()), LATER)) == []


def test_used_again_it_is_told_again_after_a_minute_and_a_graver_one_at_once() -> None:
    alert = alert_of(ladder.open_(fresh(Cause.DURESS, fresh().rungs), around(), GRACE_OVER))
    soon, later = alert.event_at + MINUTE / 2, alert.event_at + MINUTE
    assert told(ladder.raise_(alert, Cause.DURESS, around(), soon)) == []
    again = ladder.raise_(alert, Cause.DURESS, around(), later)
    assert told(again) == [("jo", "alert")]
    assert {line.person for line in again.logs} == {None}
    assert {line.actor for line in again.logs if line.kind == "escalation_raised"} == {None}
    graver = ladder.raise_(alert, Cause.DURESS_NOW, around(), soon)
    assert told(graver) == [(member, "alert") for member in ("jo", "dev", "priya")]
    assert alert_of(graver).cause is Cause.DURESS_NOW
    alert = alert_of(graver)
    assert told(ladder.raise_(alert, Cause.DURESS_NOW, around(), soon)) == []
    assert alert_of(ladder.raise_(alert, Cause.DURESS, around(), soon)).cause is Cause.DURESS_NOW


@pytest.mark.parametrize("cause", SILENT)
def test_it_is_closed_as_seen_to_and_in_no_way_that_ends_an_outing(cause: Cause) -> None:
    held = taken(cause=cause)
    assert CLOSES[cause] == (Close.SEEN_TO,)
    for how in OF_OUTINGS:
        assert not escalation.close(held, "jo", how, LATER).records
    closed = escalation.close(held, "jo", Close.SEEN_TO, LATER)
    assert alert_of(closed).state is State.CLOSED
    assert closed.said is not None and closed.said.text == Text("words", "closed")
    assert "sam" not in {tell.to for tell in closed.tells}
    assert {line.person for line in closed.logs} == {None}


def test_every_step_of_it_has_words_that_speak_of_no_check_in() -> None:
    own = SPOKEN[Cause.DURESS].words
    assert set(own) | set(own.values()) <= CATALOGUE
    first = alert_of(ladder.open_(fresh(Cause.DURESS), around(), GRACE_OVER))
    second = alert_of(ladder.tick(first, around(), LATER))
    has_it = escalation.take(second, "dev", LATER)
    held = alert_of(has_it)
    assert held.due_at is not None
    asked = ladder.tick(held, around(), held.due_at)
    after = alert_of(asked)
    assert after.due_at is not None
    steps = [has_it, asked, ladder.tick(after, around(), after.due_at)]
    steps.append(escalation.close(held, "dev", Close.SEEN_TO, LATER))
    texts = {tell.message.text for outcome in steps for tell in outcome.tells}
    assert texts <= set(own.values())
    assert own[Text("escalation", "has_it")] in contact.CALM
    assert own[Text("escalation", "alert_missed")] not in contact.CALM
    assert "escalation_taken" in logged(has_it)


def test_a_call_by_the_code_word_is_heard_by_the_person_too() -> None:
    first = ladder.open_(fresh(Cause.CALL), around(), GRACE_OVER)
    assert told(first) == [("jo", "ring_me"), ("sam", "asked_to_ring")]
    assert first.tells[0].message.params["caller"] == "out"
    assert told(ladder.tick(alert_of(first), around(), LATER))[0] == ("dev", "ring_me")
    again = ladder.raise_(alert_of(first), Cause.CALL, around(), LATER + MINUTE)
    assert told(again) == [("jo", "ring_me"), ("sam", "asked_to_ring")]
    held = taken(cause=Cause.CALL)
    assert CLOSES[Cause.CALL] == OF_OUTINGS
    closed = escalation.close(held, "jo", Close.SAFE_AND_WELL, LATER)
    assert ("sam", "finished") in told(closed)
    assert closed.tells[-1].message.text == Text("words", "finished")
    own = SPOKEN[Cause.CALL].words
    assert set(own) | set(own.values()) <= CATALOGUE
    assert opened().spoken is not held.spoken


def test_a_later_cause_is_graver() -> None:
    order = list(Cause)
    graver = (Cause.CONCERN, Cause.CALL, *SILENT, Cause.MISSED, Cause.HELP, Cause.EMERGENCY)
    assert [cause for cause in order if cause in graver] == list(graver)
