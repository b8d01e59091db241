"""News as they are kept, what the gate says of them, and how they end.

Staff tell them (`tell`), the person is asked first (`ask_first`), and then they are read
(`reading`).
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, case, select

from bot.care import news as care
from bot.care import notice
from bot.care.agreement import Decision, Effect
from bot.care.escalation import State as Alert
from bot.care.news import KEPT, Answer, Hearer, News, State, Telling
from bot.care.outcome import NOBODY, About, Cause, Outcome, Tell, Topic
from bot.store import agreement, around, circle, schema
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.schema import Moment
from bot.store.tools import new_id, pack, readable, seal, unpack

table = schema.telling

_ONE = select(table).where(table.c.id == bindparam("id"))
_NEWS = select(schema.news).where(schema.news.c.id == bindparam("id"))
_GLASS = select(schema.glass.c.id).where(schema.glass.c.news == bindparam("news"))
_OPEN = select(table).where(
    table.c.supporter.in_(bindparam("supporters", expanding=True)),
    table.c.state != State.OVER.value,
)
_OF_ALERT = (
    select(table.c.id)
    .join(schema.news, schema.news.c.id == table.c.news)
    .where(
        schema.news.c.person == bindparam("person"),
        schema.news.c.by.is_(None),
        schema.news.c.params["escalation"].as_string() == bindparam("alert"),
    )
    .order_by(table.c.made_at, table.c.id)
)


_OF = schema.news.c.params["escalation"].as_string()
_STANDS = (
    select(schema.escalation.c.id)
    .where(schema.escalation.c.id == _OF, schema.escalation.c.state != Alert.CLOSED.value)
    .exists()
)
_HOW_IT_STANDS = (
    select(table.c.id)
    .join(schema.news, schema.news.c.id == table.c.news)
    .where(
        table.c.supporter == bindparam("supporter"),
        table.c.state != State.OVER.value,
        schema.news.c.text.in_(sorted(map(str, notice.HOW_IT_STANDS))),
    )
    .order_by(table.c.made_at, table.c.id)
)
_OLDER = _HOW_IT_STANDS.where(
    table.c.id != bindparam("this"),
    table.c.made_at <= bindparam("made_at", type_=Moment),
    ~_STANDS,
)
_ANOTHER = _HOW_IT_STANDS.where(_STANDS, _OF.is_distinct_from(bindparam("alert"))).limit(1)

_ASKED_FOR = sorted(map(str, notice.ASKED_FOR))


def _mine(state: State) -> Select[Any]:
    """What this member may read through a place they still have."""
    place = schema.membership
    return (
        select(table)
        .join(place, place.c.id == table.c.supporter)
        .join(schema.news, schema.news.c.id == table.c.news)
        .where(
            table.c.member == bindparam("member"),
            table.c.state == state.value,
            table.c.made_at > bindparam("since", type_=Moment),
            place.c.until.is_(None),
            schema.news.c.text.is_(None) | schema.news.c.text.not_in(_ASKED_FOR),
        )
    )


_URGENT = case(
    (schema.news.c.text.like("escalation.%"), 0),
    (schema.news.c.text == str(notice.MISSED), 1),
    else_=2,
)
_UNREAD = _mine(State.WAITING).order_by(_URGENT, table.c.made_at, table.c.id)
_READ = _mine(State.READ).order_by(table.c.read_at, table.c.id)


# --- what is asked ------------------------------------------------------------------------


def news(c: Connection, id: str) -> News | None:
    """One item, or None when there is none of this id."""
    row = c.execute(_NEWS, {"id": id}).one_or_none()
    if row is None:
        return None
    return News(
        id=row.id,
        person=row.person,
        topic=None if row.topic is None else Topic(row.topic),
        level=row.level,
        words=None if row.words is None else readable(c, row.person, row.words),
        by=row.by,
        made_at=row.made_at,
        at=row.at,
        harm=row.harm,
        told_by=row.told_by,
        told_at=row.told_at,
        text=None if row.text is None else notice.TEXTS[row.text],
        params=unpack(row.params),
    )


def telling(c: Connection, id: str) -> Telling | None:
    """One item on its way to one supporter, or None when there is none of this id."""
    row = c.execute(_ONE, {"id": id}).one_or_none()
    return None if row is None else _telling(row)


def unread(c: Connection, member: str, now: datetime, *, again: bool) -> list[Telling]:
    """What waits to be read: alerts first, then the oldest; `again`: then what was read."""
    asked = {"member": member, "since": now - KEPT}
    rows = list(c.execute(_UNREAD, asked))
    if again:
        rows += c.execute(_READ, asked)
    return [_telling(row) for row in rows]


def of_alert(c: Connection, person: str, alert: str) -> list[tuple[Telling, News]]:
    """All that Kith has told those around the person of this alert, oldest first."""
    asked = {"person": person, "alert": alert}
    found = [both(c, id) for id in c.execute(_OF_ALERT, asked).scalars().all()]
    return [each for each in found if each is not None]


def overtaken(c: Connection, by: Telling, item: News) -> Outcome:
    """What else this supporter was told of how it stands gives way to a newer item of that kind;
    what an alert says that nobody has closed stays. Not kept yet."""
    outcome = Outcome()
    if item.text not in notice.HOW_IT_STANDS:
        return outcome
    asked = {"supporter": by.supporter, "this": by.id, "made_at": by.made_at}
    for id in c.execute(_OLDER, asked).scalars().all():
        before = telling(c, id)
        assert before is not None  # it has just been found
        outcome += care.replaced(before, item.person)
    return from_where(c, outcome)


def of_another(c: Connection, supporter: str, alert: str) -> bool:
    """Whether this supporter was told of another alert that nobody has closed."""
    return c.execute(_ANOTHER, {"supporter": supporter, "alert": alert}).first() is not None


def decision(c: Connection, item: News, to: Telling, now: datetime) -> Decision | None:
    """What the gate says of it at this moment; None where no gate is asked."""
    about = item.about(to.supporter)
    return None if about is None else agreement.ask(c, to.member, about, now)


def told(decision: Decision | None) -> bool:
    """Whether that lets it through."""
    return decision is None or decision.effect is Effect.SHARE


def hearers(
    c: Connection,
    person: str,
    topic: Topic | None,
    level: int,
    item: str,
    at: datetime | None,
    now: datetime,
) -> list[Hearer]:
    """Everybody around the person, and what the gate says to each of this item; writes nothing."""
    found = []
    for place in around.circle_of(c, person):
        decided = None
        if topic is not None:
            about = About(person, topic, level, place.id, item, at)
            decided = agreement.ask(c, place.member, about, now)
        found.append(Hearer("", place.member, place.id, decided))
    return found


# --- who is told, and what ends -----------------------------------------------------------


def offer(
    c: Connection, item: News, now: datetime, supporters: Collection[str] | None = None
) -> Outcome:
    """What follows when it is told to those around the person, or to these memberships of them.

    The caller keeps it.
    """
    _keep_news(c, item)  # the gate is asked about an item that is there
    asked = hearers(c, item.person, item.topic, item.level, item.id, item.at, now)
    named = [
        replace(hearer, telling=new_id(c))
        for hearer in asked
        if supporters is None or hearer.supporter in supporters
    ]
    return care.send(item, named, now)


def withdrawn(
    c: Connection, supporters: Collection[str], by: str, now: datetime, *, exceptions: bool = True
) -> Outcome:
    """Nothing more of it to these supporters (memberships): what waits for them is over, and what
    is still shown is taken away. Kept already when it returns; the cause stays open.

    `exceptions`: also what a senior has told against the choices, which never rested on them.
    """
    outcome = Outcome()
    for row in c.execute(_OPEN, {"supporters": list(supporters)}).all():
        if not exceptions and c.execute(_GLASS, {"news": row.news}).first() is not None:
            continue
        item = news(c, row.news)
        assert item is not None  # a foreign key says so
        if item.topic is not None:  # general information is about nobody
            outcome += care.withdrawn(_telling(row), item, by)
    return did(c, from_where(c, outcome), NOBODY, now)


# --- what the acts share ------------------------------------------------------------------


def done(c: Connection, outcome: Outcome, cause: Cause, now: datetime) -> Outcome:
    """Keep it, and answer it."""
    commit(c, outcome, cause, now)
    return outcome


def did(c: Connection, outcome: Outcome, cause: Cause, now: datetime) -> Outcome:
    """A stray tap is nothing to keep."""
    return outcome if outcome == Outcome() else done(c, outcome, cause, now)


def called(outcome: Outcome) -> list[str]:
    """The memberships whose holders are called by it to read something."""
    tellings = (record for record in outcome.records if isinstance(record, Telling))
    return [telling.supporter for telling in tellings if telling.state is State.WAITING]


def both(c: Connection, id: str) -> tuple[Telling, News] | None:
    """A telling and its item, or None when there is none of this id."""
    found = telling(c, id)
    if found is None:
        return None
    item = news(c, found.news)
    assert item is not None  # a foreign key says so
    return found, item


def from_where(c: Connection, outcome: Outcome, chat: int | None = None) -> Outcome:
    """A message is taken out of the chat it is in, also when its reader is here no more."""

    def placed(tell: Tell) -> Tell:
        member = circle.member(c, tell.to)
        there = chat or (None if member is None else member.telegram)
        if tell.message.text != care.REMOVE or there is None:
            return tell
        params = {**tell.message.params, "chat": there}
        return replace(tell, message=replace(tell.message, params=params))

    return replace(outcome, tells=tuple(map(placed, outcome.tells)))


# --- rows ---------------------------------------------------------------------------------


def _keep_news(c: Connection, kept: News) -> None:
    keep_row(
        c,
        schema.news,
        id=kept.id,
        person=kept.person,
        topic=None if kept.topic is None else kept.topic.value,
        level=kept.level,
        words=None if kept.words is None else seal(c, kept.person, kept.words),
        text=None if kept.text is None else str(kept.text),
        params=pack(kept.params),
        by=kept.by,
        made_at=kept.made_at,
        at=kept.at,
        harm=kept.harm,
        told_by=kept.told_by,
        told_at=kept.told_at,
    )


def _keep_telling(c: Connection, kept: Telling) -> None:
    keep_row(
        c,
        table,
        id=kept.id,
        news=kept.news,
        member=kept.member,
        supporter=kept.supporter,
        state=kept.state.value,
        made_at=kept.made_at,
        ask_until=kept.ask_until,
        answer=None if kept.answer is None else kept.answer.value,
        answered_at=kept.answered_at,
        read_at=kept.read_at,
        message=kept.message,
        hide_at=kept.hide_at,
        version=kept.version,
    )


def _telling(row: Any) -> Telling:
    return Telling(
        id=row.id,
        news=row.news,
        member=row.member,
        supporter=row.supporter,
        state=State(row.state),
        made_at=row.made_at,
        ask_until=row.ask_until,
        answer=None if row.answer is None else Answer(row.answer),
        answered_at=row.answered_at,
        read_at=row.read_at,
        message=row.message,
        hide_at=row.hide_at,
        version=row.version,
    )


KEEP[News] = _keep_news
KEEP[Telling] = _keep_telling
