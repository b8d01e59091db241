"""Until when a pause is to be, in the words people use."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.care.terms import Pattern, Terms
from bot.care.text import Text
from bot.flows.flow import Located, Wrote
from bot.flows.pause import Facts, read_until, spans
from bot.i18n import Phrase
from bot.store.flow import Talk
from tests.care.outing import DUE, NOON, PLAN, outing

LONDON = ZoneInfo("Europe/London")
PLAN_OF_PAUSES = replace(PLAN, terms=Terms(pattern=Pattern.EVERY, every=20, pause=60))
OUT = outing(plan=PLAN_OF_PAUSES, due_at=NOON + timedelta(minutes=20), back_at=DUE)
FACTS = Facts("sam", OUT, LONDON, NOON)  # at one by the clock in London
TALK = Talk("talk", 1, None, "pause", "time")


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("13:45", 45),
        ("until 13.30", 30),
        ("1:45", 45),
        ("2 pm", 60),
        ("20 minutes", 20),
        ("in 60 min", 60),
    ],
)
def test_a_time_or_a_span_within_the_longest_pause_is_read(words: str, until: int) -> None:
    said = read_until(Wrote(words), FACTS, TALK)
    assert isinstance(said, str) and not isinstance(said, Text)
    assert datetime.fromisoformat(said) == NOON + timedelta(minutes=until)


@pytest.mark.parametrize("words", ["14:01", "3 pm", "90 minutes", "12:59"])
def test_a_longer_pause_is_said_to_be_too_long(words: str) -> None:
    said = read_until(Wrote(words), FACTS, TALK)
    assert isinstance(said, Phrase) and said.text == Text("pause", "not_so_long")
    assert said.params["longest"] == NOON + timedelta(minutes=60)


@pytest.mark.parametrize("said", [Wrote("a while"), Wrote("0 minutes"), Located(51.5, 0.1)])
def test_what_is_no_time_is_asked_for_again(said: Wrote | Located) -> None:
    assert read_until(said, FACTS, TALK) == Text("journey", "time_unclear")


def test_only_the_spans_that_fit_are_offered() -> None:
    assert [one.id for one in spans(FACTS, TALK)] == ["30", "60"]
