"""Faults planted in words and practice: see `bugs`."""

from dataclasses import replace
from typing import Any

from bot.care import escalation, spoken
from bot.care.escalation import Cause as Why
from bot.care.outcome import Outcome
from bot.care.text import Text
from bot.care.words import Kind
from bot.outbox import gate
from bot.outbox.render import render
from bot.store import words
from tests.simulation.planting import Bug, swap
from tests.simulation.quietly import WORDS

_signalled = words.signalled


def _without_alert(*said: Any, **more: Any) -> Outcome:
    """The update is reworded all the same."""
    asks, words._open = words._open, lambda *_: Outcome()
    try:
        return _signalled(*said, **more)
    finally:
        words._open = asks


_HEARD = replace(spoken.DURESS, person=True)
_ALERT = Text("escalation", "alert_missed")
_UNMARKED = replace(spoken.DRILL, words={**spoken.DRILL.words, _ALERT: Text("general", "not_done")})


def _with_the_word(*args: Any, **more: Any) -> Any:
    shown = render(*args, **more)
    return replace(shown, text=f"{shown.text} {WORDS[Kind.CODE]}")


BUGS: dict[str, Bug] = {
    "word_in_vain": Bug(
        "The second word is read as a check-in, and nobody is asked.",
        swap(words, "signalled", _without_alert),
        by="a word calls somebody",
    ),
    "silent_alert_is_heard": Bug(
        "Of a silent alert the person hears who has it.",
        swap(escalation, "SPOKEN", escalation.SPOKEN | dict.fromkeys(words.WHY.values(), _HEARD)),
        by="nobody learns what another said",
    ),
    "practice_unmarked": Bug(
        "A practice looks like an alert.",
        swap(escalation, "SPOKEN", escalation.SPOKEN | {Why.DRILL: _UNMARKED}),
        by="practice says so and nothing else does",
    ),
    "word_repeated": Bug(
        "A message says the word that was heard.",
        swap(gate, "render", _with_the_word),
        by="no word is repeated",
    ),
}
