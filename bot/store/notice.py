"""Kith's own news of an outing: who may be told, and what ends with an alert.

These are parts of the acts of an outing: what they answer is kept by whoever calls them.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.care import news as care
from bot.care import notice
from bot.care.escalation import MISSED, Escalation
from bot.care.journey import Journey
from bot.care.news import News, State
from bot.care.outcome import Outcome
from bot.store import around, news
from bot.store.tools import new_id


def opened(c: Connection, alert: Escalation, now: datetime) -> Outcome:
    """A check-in was missed and staff are asked. What the person asked their team is theirs."""
    if alert.cause not in MISSED:
        return Outcome()
    about = {"escalation": alert.id}
    item = notice.notice(new_id(c), alert.person, notice.MISSED, about, at=alert.event_at, now=now)
    return _told(c, item, _supporters(c, alert.person, now), now)


def over(c: Connection, alert: Escalation, now: datetime) -> Outcome:
    """A human has closed it: whoever may have heard of it hears that, and of nothing older."""
    outcome = Outcome()
    called = set()
    for each, item in news.of_alert(c, alert.person, alert.id):
        if item.alert is None:
            outcome += care.outdated(each, alert.person)
            heard = care.was_called(each)
        else:  # whoever was a rung and did not look has nothing to hear
            outcome += care.replaced(each, alert.person)
            heard = each.state is State.READ
        if heard:
            called.add(each.supporter)
    outcome = news.from_where(c, outcome)
    if not called:
        return outcome
    about = {"escalation": alert.id}
    item = notice.notice(new_id(c), alert.person, notice.OVER, about, at=now, now=now)
    return outcome + _told(c, item, called, now)


def home(c: Connection, journey: Journey, now: datetime) -> Outcome:
    """The person is home, and nothing was wrong."""
    about = {"journey": journey.id}
    item = notice.notice(new_id(c), journey.person, notice.HOME, about, at=now, now=now)
    return _told(c, item, _supporters(c, journey.person, now), now)


def _supporters(c: Connection, person: str, now: datetime) -> list[str]:
    """Memberships; one who is also staff of the team is told as staff, or not at all."""
    places = around.circle_of(c, person)
    return [p.id for p in places if not around.works_for(c, p.member, person, now)]


def _told(c: Connection, item: News, supporters: Collection[str], now: datetime) -> Outcome:
    """Told to those of these memberships whom the gate lets know."""
    if not supporters:
        return Outcome()
    return replace(news.offer(c, item, now, supporters), said=None)
