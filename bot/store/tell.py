"""What staff tell those around a person."""

from datetime import datetime

from sqlalchemy import Connection

from bot.care.news import News
from bot.care.outcome import NOBODY, Cause, Outcome, Topic
from bot.store import around, candour, news, rhythm
from bot.store.tools import new_id


def send(
    c: Connection,
    person: str,
    topic: Topic | None,
    level: int,
    words: str,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
    *,
    at: datetime | None = None,
    harm: bool = False,
    told_by: str | None = None,
    told_at: datetime | None = None,
    under: str | None = None,
) -> Outcome:
    """Tell it to those who may know. `harm`: the person has heard it face to face, from `told_by`
    (the writer) at `told_at` (now), or as the list says that it stands `under`."""
    if not around.works_for(c, by, person, now):
        return Outcome()
    stands = candour.of(c, person, under) if harm else None
    if stands is not None and stands.told_at is not None:
        told_by, told_at = stands.told_by, stands.told_at
    if harm:
        told_by, told_at = told_by or by, told_at or now
    item = News(
        id=new_id(c),
        person=person,
        topic=topic,
        level=level,
        words=words,
        by=by,
        made_at=now,
        at=at,
        harm=harm,
        told_by=told_by,
        told_at=told_at,
    )
    outcome = news.offer(c, item, now)
    if harm:
        outcome += candour.told(c, item, by, now, stands)
    if topic is not None:  # general information is no contact about the person
        outcome += rhythm.told(c, news.called(outcome), by, now)
    return news.done(c, outcome, cause, now)
