"""What whoever is told reads, and when it is hidden again."""

from datetime import datetime

from sqlalchemy import Connection

from bot.care import news as care
from bot.care.agreement import Decision, Effect
from bot.care.circle import SUPPORTERS
from bot.care.news import Telling
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.store import circle, news, outbox, rung


def look(
    c: Connection, by: str, now: datetime, cause: Cause = NOBODY, *, again: bool = False
) -> Outcome:
    """The reader wants to read: the first item that the gate lets through now, or nothing.

    Either way a message leaves by the same way; what it shows is asked again then.
    """
    if not any(held.role in SUPPORTERS for held in circle.memberships(c, by)):
        return Outcome()
    outcome = Outcome()
    chosen: Telling | None = None
    for waiting in news.unread(c, by, now, again=again):
        item = news.news(c, waiting.news)
        assert item is not None  # a foreign key says so
        decided = news.decision(c, item, waiting, now)
        if news.told(decided):
            chosen = waiting
            break
        if decided is not None and decided.effect is Effect.ASK and item.alert is None:
            outcome += care.ask_first(waiting, item, now)
        elif decided is not None:
            outcome += Outcome(logs=(care.passed_over(item, waiting, decided),))
    return news.done(c, outcome + care.look(by, chosen), cause, now)


def hide(
    c: Connection, id: str, pressed: int | None, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """`Hide now`; `pressed` is the message that carries the button."""
    found = news.telling(c, id)
    if found is None or found.member != by:
        return Outcome()
    return news.did(c, news.from_where(c, care.hide(found, pressed)), cause, now)


def shown(
    c: Connection,
    id: str,
    decided: Decision | None,
    message: int,
    now: datetime,
    words: str | None = None,
    chat: int | None = None,
) -> Outcome:
    """The words have left as this message, because the gate said so; `chat`: where to, because
    whoever has left meanwhile has none any more."""
    found = news.both(c, id)
    if found is None:
        return Outcome()
    outcome = care.read(*found, decided, message, now, words)
    calls = outbox.sent_as(c, care.pushed_as(found[0]))  # read, it needs no call any more
    outcome += Outcome(tells=tuple(care.remove(found[0].member, call) for call in calls))
    if found[1].alert is not None:
        outcome += rung.read(c, found[1], found[0])
    else:
        outcome += news.overtaken(c, *found)
    return news.done(c, news.from_where(c, outcome, chat), NOBODY, now)


def not_shown(
    c: Connection, id: str, decided: Decision | None, now: datetime, *, maybe: bool = False
) -> Outcome:
    """At the last moment the gate said no, or that the person is to be asked first."""
    found = news.both(c, id)
    if found is None or decided is None or found[1].topic is None:
        return Outcome()
    to, item = found
    if decided.effect is Effect.ASK and item.alert is None and not maybe:
        return news.did(c, care.ask_first(to, item, now), NOBODY, now)
    kept_back = care.kept_back(item, to, decided, maybe=maybe)
    return news.done(c, Outcome(logs=(kept_back,)), NOBODY, now)


def hide_due(
    c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """A text has been in its reader's chat long enough."""
    found = news.telling(c, id)
    outcome = Outcome() if found is None else care.due_to_hide(found, now)
    return news.done(c, news.from_where(c, outcome), cause, now)
