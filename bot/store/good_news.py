"""The person's own words for one supporter, as they are kept and sent."""

from datetime import datetime

from sqlalchemy import Connection

from bot.care import good_news as care
from bot.care.agreement import LEVELS, Decision, Effect
from bot.care.circle import SUPPORTERS, Membership
from bot.care.news import Hearer, News
from bot.care.outcome import NOBODY, About, Cause, Outcome, Topic
from bot.store import agreement, circle
from bot.store.commit import commit
from bot.store.tools import new_id

TOPIC = Topic.DAILY_LIFE
"""What good news is about."""


def could_hear(
    c: Connection, place: Membership, person: str, now: datetime
) -> tuple[int, Decision] | None:
    """The most of it this supporter may hear, and what the gate says; None when it is nothing."""
    for level in sorted(LEVELS, reverse=True):
        about = About(person, TOPIC, level, place.id, new_id(c), now)
        decided = agreement.ask(c, place.member, about, now)
        if decided.effect is not Effect.WITHHOLD:
            return level, decided
    return None


def share(
    c: Connection, supporter: str, words: str, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """The person tells one of their supporters (a membership) something in their own words."""
    place = circle.membership(c, supporter)
    if place is None or place.role not in SUPPORTERS or place.person != by:
        return Outcome()
    level, hearer = 1, None
    if place.until is None:
        level, decided = could_hear(c, place, by, now) or (1, None)
        hearer = Hearer(new_id(c), place.member, place.id, decided)
    item = News(new_id(c), by, TOPIC, level, words, by, now, now)
    outcome = care.share(item, hearer, now)
    commit(c, outcome, cause, now)
    return outcome
