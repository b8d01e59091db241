"""What Kith itself tells of an outing or an alert: that something happened, and no word more.

It is news without a writer, on the same way as any other: without a choice of the person's it
goes to nobody.
"""

from collections.abc import Mapping
from datetime import datetime

from bot.care import calendar, sign_plan
from bot.care.for_supporters import FOR_SUPPORTERS
from bot.care.news import News
from bot.care.outcome import Topic, Value
from bot.care.text import Text

MISSED = Text("notice", "missed")
OVER = Text("notice", "over")
HOME = Text("notice", "home")

OF_A_RUNG = frozenset({*FOR_SUPPORTERS.values(), Text("escalation", "supporter_help")})
"""What a supporter who is a rung of an alert reads of it."""

ASKED_FOR = frozenset({sign_plan.READING, calendar.READING})
"""What somebody has asked to see: it was shown then, and `/news` does not bring it back."""

TEXTS = {str(text): text for text in (MISSED, OVER, HOME, *OF_A_RUNG, *ASKED_FOR)}
"""Each by the name it is kept under."""


def notice(
    id: str, person: str, text: Text, params: Mapping[str, Value], at: datetime, now: datetime
) -> News:
    """An item of Kith's own, of the time `at`."""
    return News(id, person, Topic.JOURNEYS, 1, None, None, now, at, text=text, params=params)
