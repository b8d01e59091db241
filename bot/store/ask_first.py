"""The person is asked first: what they answer, and what it is when they do not."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.care import news as care
from bot.care.news import News, Telling
from bot.care.outcome import NOBODY, Cause, Message, Outcome
from bot.care.text import Text
from bot.store import around, circle, news, rhythm
from bot.store.decision import held

_YES_HELD = Text("decision", "yes_held")
"""A yes while a worry about this topic stands: it is kept, and opens nothing until then."""


def yes(
    c: Connection, id: str, version: int, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    found = _asked(c, id, by)
    if found is None:
        return Outcome()
    outcome = care.yes(*found, version, now)
    if outcome.said is not None and found[1].topic in held(c, by):
        outcome = replace(outcome, said=Message(_YES_HELD, outcome.said.params))
    if found[1].by is not None:
        outcome += rhythm.told(c, news.called(outcome), found[1].by, now)
    return news.did(c, outcome, cause, now)


def no(
    c: Connection, id: str, version: int, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    found = _asked(c, id, by)
    if found is None:
        return Outcome()
    return news.did(c, care.no(*found, version, _writers(c, found[1], now), now), cause, now)


def change(
    c: Connection, id: str, version: int, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    found = _asked(c, id, by)
    if found is None:
        return Outcome()
    return news.did(c, care.change(*found, version, _writers(c, found[1], now), now), cause, now)


def _asked(c: Connection, id: str, by: str) -> tuple[Telling, News] | None:
    """What the person is asked about; nobody else answers for them."""
    found = news.both(c, id)
    return None if found is None or found[1].person != by else found


def silence(
    c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """The time to answer is over."""
    found = news.both(c, id)
    if found is None:
        return news.done(c, Outcome(), cause, now)
    outcome = care.silence(*found, _writers(c, found[1], now), now)
    return news.done(c, outcome, cause, now)


def _writers(c: Connection, item: News, now: datetime) -> list[str]:
    """Whoever wrote it, or who is there for the person instead; nobody for Kith's own."""
    if item.by is None:
        return []
    writer = circle.member(c, item.by)
    if writer is not None and writer.reachable and around.works_for(c, item.by, item.person, now):
        return [item.by]
    return around.keepers(c, item.person, now)
