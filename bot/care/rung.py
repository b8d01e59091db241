"""A supporter who is a rung of an alert: called like anybody around the person, told in no words.

Whatever the ladder says to them is news on its way: the constant sentence in the alert's own lane,
and what it is about behind their tap, where the gate is asked again.
"""

from datetime import datetime

from bot.care.news import PUSH, News, Telling, look, pushed_as
from bot.care.notice import OF_A_RUNG
from bot.care.outcome import Lane, Message, Outcome, Tell
from bot.care.text import Text

OVER = Text("escalation", "supporter_over")
"""That it is over is told with the notice that says so."""


def is_called(tell: Tell) -> bool:
    """Whether this goes to a supporter who is a rung."""
    through = None if tell.about is None else tell.about.acting
    return through is not None and tell.message.text in OF_A_RUNG


def item(id: str, tell: Tell, now: datetime) -> News:
    """What they read, as an item of Kith's own."""
    assert tell.about is not None
    of, text, params = tell.about, tell.message.text, tell.message.params
    return News(id, of.person, of.topic, of.level, None, None, now, of.at, text=text, params=params)


def call(telling: Telling, of: News, lane: Lane) -> Outcome:
    """Their own press is answered at once; else they are called to read."""
    kept = Outcome(records=(of, telling))
    if lane is Lane.REPLY:
        return kept + look(telling.member, telling)
    params = {"escalation": of.alert or ""}
    about, key = of.about(telling.supporter), pushed_as(telling)[-1]
    return kept + Outcome(tells=(Tell(telling.member, Message(PUSH, params), lane, about, key),))
