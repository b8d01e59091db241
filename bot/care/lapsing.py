"""When an agreement is looked at again by the person, and when it ends by itself.

The person hears of it a week before, on the day, and then every week, until they have looked at it
or it has ended. What staff hear is said in their morning (`review`).
"""

from datetime import datetime, timedelta

from bot.care.agreement import Agreement, State
from bot.care.outcome import Lane, Message, Outcome, Tell, Value, Wake
from bot.care.text import Text

KIND = "agreement_review"
"""The kind of the deadline; its key is the agreement's id."""

WEEK = timedelta(weeks=1)

SOON = Text("review", "soon")
TODAY = Text("review", "today")
WAITS = Text("review", "waits")
LAPSED = Text("review", "lapsed")


def begins(agreement: Agreement) -> Wake:
    """It is in force from now on: the first moment at which somebody is reminded."""
    return Wake(KIND, agreement.id, agreement.review_at - WEEK)


def over(agreement: Agreement) -> Wake:
    """It is in force no more, so there is nothing to be looked at."""
    return Wake(KIND, agreement.id, None)


def due(agreement: Agreement, now: datetime) -> Outcome:
    """One of its moments has come.

    After a long silence there is one reminder, that of the last moment; the next one follows.
    """
    if agreement.state is not State.ACTIVE:
        return Outcome()
    moments = _moments(agreement)
    ahead = [moment for moment in moments if moment > now]
    wakes = (Wake(KIND, agreement.id, ahead[0]),) if ahead else ()
    passed = len(moments) - len(ahead)
    if passed == 0:
        return Outcome(wakes=wakes)
    key = f"{agreement.id}:review:{passed}"
    of: dict[str, Value] = {"agreement": agreement.id, "version": agreement.version}
    yours = Message(_text(agreement, passed, now), of)
    return Outcome(tells=(Tell(agreement.person, yours, Lane.REMINDER, key=key),), wakes=wakes)


def _moments(agreement: Agreement) -> list[datetime]:
    """In order; the last is that at which it ends by itself."""
    found = [agreement.review_at - WEEK]
    while found[-1] + WEEK < agreement.lapses_at:
        found.append(found[-1] + WEEK)
    return [*found, agreement.lapses_at]


def _text(agreement: Agreement, passed: int, now: datetime) -> Text:
    if now >= agreement.lapses_at:
        return LAPSED
    return {1: SOON, 2: TODAY}.get(passed, WAITS)
