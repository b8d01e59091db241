"""What an alert says to a supporter who is a rung: kept as news, and read like any other."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.care import news as care
from bot.care import rung
from bot.care.news import News, State, Telling
from bot.care.outcome import Outcome, Tell
from bot.store import news, outbox
from bot.store.tools import new_id


def called(c: Connection, outcome: Outcome, now: datetime) -> Outcome:
    """What follows from an alert, with each word to a supporter behind the constant call."""
    made = replace(outcome, tells=())
    for tell in outcome.tells:
        made += _call(c, tell, now) if rung.is_called(tell) else Outcome(tells=(tell,))
    return made


def _call(c: Connection, tell: Tell, now: datetime) -> Outcome:
    assert tell.about is not None and tell.about.acting is not None
    if tell.message.text == rung.OVER:
        return Outcome()
    item = rung.item(new_id(c), tell, now)
    fresh = Telling(new_id(c), item.id, tell.to, tell.about.acting, State.WAITING, now)
    outcome = Outcome()
    for before, of in _told(c, item, fresh):
        if of.alert is not None:
            outcome += care.outdated(before, item.person)
    outcome += news.overtaken(c, fresh, item)
    return outcome + rung.call(fresh, item, tell.lane)


def read(c: Connection, item: News, telling: Telling) -> Outcome:
    """They have read how it stands: what they were told of it before is nothing to read now, and
    they need no call to it."""
    assert item.alert is not None
    outcome = Outcome()
    before = [one for one, _ in _told(c, item, telling) if one.made_at <= telling.made_at]
    for one in before:
        outcome += care.replaced(one, item.person)
    keys = [key for one in before for key in care.pushed_as(one)]
    calls = outbox.sent_as(c, keys)
    return outcome + Outcome(tells=tuple(care.remove(telling.member, call) for call in calls))


def _told(c: Connection, item: News, to: Telling) -> list[tuple[Telling, News]]:
    """What else this supporter was told of the same alert."""
    found = news.of_alert(c, item.person, item.alert or "")
    return [each for each in found if each[0].supporter == to.supporter and each[0].id != to.id]
