"""What Kith itself tells of an outing or an alert: that something happened, and no word more.

It is news without a writer, on the same way as any other: without a choice of the person's it
goes to nobody.
"""

from collections.abc import Mapping
from datetime import datetime

from bot.care import calendar, outings, planning, review_voice, sign_plan
from bot.care.escalation import Close
from bot.care.for_supporters import FOR_SUPPORTERS
from bot.care.news import News
from bot.care.outcome import Topic, Value
from bot.care.text import Text

MISSED = Text("notice", "missed")
OVER = Text("notice", "over")
HOME = Text("notice", "home")

MAIN_POINT = 2
"""From this level on somebody hears of an alert's end how the person is."""

OVER_AND = {
    Close.SAFE_AND_WELL: Text("notice", "over_safe"),
    Close.NEEDED_HELP: Text("notice", "over_helped"),
}
"""By how staff closed it."""

OF_A_RUNG = frozenset(
    {
        *FOR_SUPPORTERS.values(),
        Text("escalation", "supporter_help"),
        Text("escalation", "supporter_practice"),
    }
)
"""What a supporter who is a rung of an alert reads of it."""

ASKED_FOR = frozenset({sign_plan.READING, calendar.READING, outings.READING})
"""What somebody has asked to see: it was shown then, and `/news` does not bring it back."""

HOW_IT_STANDS = frozenset({MISSED, OVER, *OVER_AND.values(), HOME, *OF_A_RUNG})
"""Whether all is well with somebody: each says how it is now, so a newer one takes the place of
what is older."""

PLAN = frozenset({*planning.ASKS.values(), planning.ON_LADDER})
"""The person asks somebody around them what they think of their plan for outings, or has agreed
that they are on its ladder."""

REVIEW = frozenset(review_voice.SAYS.values())
"""One of the person's own plans is looked at again: somebody around them may say something."""

TEXTS = {str(text): text for text in (*HOW_IT_STANDS, *ASKED_FOR, *PLAN, *REVIEW)}
"""Each by the name it is kept under."""


def notice(
    id: str,
    person: str,
    text: Text,
    params: Mapping[str, Value],
    at: datetime,
    now: datetime,
    level: int = 1,
) -> News:
    """An item of Kith's own, of the time `at`."""
    return News(id, person, Topic.JOURNEYS, level, None, None, now, at, text=text, params=params)
