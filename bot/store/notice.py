"""Kith's own news of an outing: who may be told, and what ends with an alert.

These are parts of the acts of an outing: what they answer is kept by whoever calls them.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.care import news as care
from bot.care import notice
from bot.care.agreement import Effect
from bot.care.escalation import MISSED, Close, Escalation
from bot.care.journey import Journey
from bot.care.news import News, State, Telling
from bot.care.outcome import About, Outcome, Topic
from bot.store import agreement, around, news
from bot.store.tools import new_id


def opened(c: Connection, alert: Escalation, now: datetime) -> Outcome:
    """A check-in was missed and staff are asked. What the person asked their team is theirs."""
    if alert.cause not in MISSED:
        return Outcome()
    about = {"escalation": alert.id}
    item = notice.notice(new_id(c), alert.person, notice.MISSED, about, at=alert.event_at, now=now)
    return _told(c, item, _supporters(c, alert.person, now), now)


def over(c: Connection, alert: Escalation, how: Close, now: datetime) -> Outcome:
    """A human has closed it: whoever may have heard of it hears that, and of nothing older; not
    while they read of another alert that runs. Whom the person lets know the main point hears how
    they are, too."""
    outcome = Outcome()
    called = set()
    for each, item in news.of_alert(c, alert.person, alert.id):
        if item.alert is None:
            outcome += care.outdated(each, alert.person)
            heard = care.was_called(each)
        else:  # whoever was a rung and did not look has nothing to hear
            outcome += care.replaced(each, alert.person)
            heard = each.state is State.READ
        if heard and not news.of_another(c, each.supporter, alert.id):
            called.add(each.supporter)
    outcome = news.from_where(c, outcome)
    of = {"escalation": alert.id}
    more = {id for id in called if _hears_how(c, alert.person, id, now)}
    if more:
        text, level = notice.OVER_AND[how], notice.MAIN_POINT
        item = notice.notice(new_id(c), alert.person, text, of, at=now, now=now, level=level)
        outcome += _told(c, item, more, now)
    if called - more:
        item = notice.notice(new_id(c), alert.person, notice.OVER, of, at=now, now=now)
        outcome += _told(c, item, called - more, now)
    return outcome


def _hears_how(c: Connection, person: str, supporter: str, now: datetime) -> bool:
    """Whether the gate lets this supporter know the main point of how an outing went, unasked."""
    member = next((p.member for p in around.circle_of(c, person) if p.id == supporter), None)
    about = About(person, Topic.JOURNEYS, notice.MAIN_POINT, supporter, None, now)
    return member is not None and agreement.ask(c, member, about, now).effect is Effect.SHARE


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
    """Told to those of these memberships whom the gate lets know; to them it takes the place of
    what they were told before."""
    if not supporters:
        return Outcome()
    told = replace(news.offer(c, item, now, supporters), said=None)
    for record in told.records:
        if isinstance(record, Telling) and record.state is State.WAITING:
            told += news.overtaken(c, record, item)
    return told
