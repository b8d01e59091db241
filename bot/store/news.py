"""News as they are kept, and the acts: send, ask first, answer, look, read, hide, withdraw."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from bot.care import news as care
from bot.care import notice
from bot.care.agreement import Decision, Effect
from bot.care.circle import SUPPORTERS
from bot.care.news import KEPT, Answer, Hearer, News, State, Telling
from bot.care.outcome import NOBODY, About, Cause, Message, Outcome, Tell, Topic
from bot.care.text import Text
from bot.store import agreement, around, candour, circle, outbox, rhythm, schema
from bot.store.commit import KEEP, commit
from bot.store.decision import held
from bot.store.rows import keep_row
from bot.store.schema import Moment
from bot.store.tools import new_id, pack, readable, seal, unpack

table = schema.telling

_YES_HELD = Text("decision", "yes_held")
"""A yes while a worry about this topic stands: it is kept, and opens nothing until then."""

_ONE = select(table).where(table.c.id == bindparam("id"))
_NEWS = select(schema.news).where(schema.news.c.id == bindparam("id"))
_GLASS = select(schema.glass.c.id).where(schema.glass.c.news == bindparam("news"))
_OPEN = select(table).where(
    table.c.supporter.in_(bindparam("supporters", expanding=True)),
    table.c.state != State.OVER.value,
)


def _mine(state: State) -> Select[Any]:
    """What this member may read through a place they still have."""
    place = schema.membership
    return (
        select(table)
        .join(place, place.c.id == table.c.supporter)
        .where(
            table.c.member == bindparam("member"),
            table.c.state == state.value,
            table.c.made_at > bindparam("since", type_=Moment),
            place.c.until.is_(None),
        )
    )


_UNREAD = _mine(State.WAITING).order_by(table.c.made_at, table.c.id)
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


def _unread(c: Connection, member: str, now: datetime, *, again: bool) -> list[Telling]:
    """What waits to be read, the oldest first; `again`: then what was read, longest ago first."""
    asked = {"member": member, "since": now - KEPT}
    rows = list(c.execute(_UNREAD, asked))
    if again:
        rows += c.execute(_READ, asked)
    return [_telling(row) for row in rows]


# --- acts: staff --------------------------------------------------------------------------


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
) -> Outcome:
    """Tell it to those who may know. `harm`: the person has heard it face to face, from `told_by`
    (the writer) at `told_at` (now)."""
    if not around.works_for(c, by, person, now):
        return Outcome()
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
    outcome = offer(c, item, now)
    if told_by is not None and told_at is not None:
        outcome += candour.told(c, person, item.id, by, told_by, told_at, now)
    if topic is not None:  # general information is no contact about the person
        outcome += rhythm.told(c, _called(outcome), by, now)
    return _done(c, outcome, cause, now)


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


# --- acts: the person ---------------------------------------------------------------------


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
        outcome += rhythm.told(c, _called(outcome), found[1].by, now)
    return _did(c, outcome, cause, now)


def no(
    c: Connection, id: str, version: int, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    found = _asked(c, id, by)
    if found is None:
        return Outcome()
    return _did(c, care.no(*found, version, _writers(c, found[1], now), now), cause, now)


def change(
    c: Connection, id: str, version: int, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    found = _asked(c, id, by)
    if found is None:
        return Outcome()
    return _did(c, care.change(*found, version, _writers(c, found[1], now), now), cause, now)


def _asked(c: Connection, id: str, by: str) -> tuple[Telling, News] | None:
    """What the person is asked about; nobody else answers for them."""
    found = _both(c, id)
    return None if found is None or found[1].person != by else found


# --- acts: the reader ---------------------------------------------------------------------


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
    for waiting in _unread(c, by, now, again=again):
        item = news(c, waiting.news)
        assert item is not None  # a foreign key says so
        decided = decision(c, item, waiting, now)
        if told(decided):
            chosen = waiting
            break
        if decided is not None and decided.effect is Effect.ASK:
            outcome += care.ask_first(waiting, item, now)
        elif decided is not None:
            outcome += Outcome(logs=(care.passed_over(item, waiting, decided),))
    return _done(c, outcome + care.look(by, chosen), cause, now)


def hide(
    c: Connection, id: str, pressed: int | None, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """`Hide now`; `pressed` is the message that carries the button."""
    found = telling(c, id)
    if found is None or found.member != by:
        return Outcome()
    return _did(c, _from_where(c, care.hide(found, pressed)), cause, now)


# --- acts: the way out --------------------------------------------------------------------


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
    found = _both(c, id)
    if found is None:
        return Outcome()
    outcome = care.read(*found, decided, message, now, words)
    calls = outbox.sent_as(c, care.pushed_as(found[0]))  # read, it needs no call any more
    outcome += Outcome(tells=tuple(care.remove(found[0].member, call) for call in calls))
    return _done(c, _from_where(c, outcome, chat), NOBODY, now)


def not_shown(
    c: Connection, id: str, decided: Decision | None, now: datetime, *, maybe: bool = False
) -> Outcome:
    """At the last moment the gate said no, or that the person is to be asked first."""
    found = _both(c, id)
    if found is None or decided is None or found[1].topic is None:
        return Outcome()
    to, item = found
    if decided.effect is Effect.ASK and not maybe:
        return _did(c, care.ask_first(to, item, now), NOBODY, now)
    kept_back = care.kept_back(item, to, decided, maybe=maybe)
    return _done(c, Outcome(logs=(kept_back,)), NOBODY, now)


# --- acts: time, and what ends ------------------------------------------------------------


def silence(
    c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """The time to answer is over."""
    found = _both(c, id)
    if found is None:
        return _done(c, Outcome(), cause, now)
    outcome = care.silence(*found, _writers(c, found[1], now), now)
    return _done(c, outcome, cause, now)


def hide_due(
    c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """A text has been in its reader's chat long enough."""
    found = telling(c, id)
    outcome = Outcome() if found is None else care.due_to_hide(found, now)
    return _done(c, _from_where(c, outcome), cause, now)


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
    for member, message in outbox.alerts_sent(c, supporters, now - care.TAKEN_BACK):
        outcome += Outcome(tells=(care.remove(member, message),))
    return _did(c, _from_where(c, outcome), NOBODY, now)


# --- what the acts share ------------------------------------------------------------------


def _done(c: Connection, outcome: Outcome, cause: Cause, now: datetime) -> Outcome:
    commit(c, outcome, cause, now)
    return outcome


def _did(c: Connection, outcome: Outcome, cause: Cause, now: datetime) -> Outcome:
    """A stray tap is nothing to keep."""
    return outcome if outcome == Outcome() else _done(c, outcome, cause, now)


def _called(outcome: Outcome) -> list[str]:
    """The memberships whose holders are called by it to read something."""
    tellings = (record for record in outcome.records if isinstance(record, Telling))
    return [telling.supporter for telling in tellings if telling.state is State.WAITING]


def _both(c: Connection, id: str) -> tuple[Telling, News] | None:
    found = telling(c, id)
    if found is None:
        return None
    item = news(c, found.news)
    assert item is not None  # a foreign key says so
    return found, item


def _writers(c: Connection, item: News, now: datetime) -> list[str]:
    """Whoever wrote it, or who is there for the person instead; nobody for Kith's own."""
    if item.by is None:
        return []
    writer = circle.member(c, item.by)
    if writer is not None and writer.reachable and around.works_for(c, item.by, item.person, now):
        return [item.by]
    return around.keepers(c, item.person, now)


def _from_where(c: Connection, outcome: Outcome, chat: int | None = None) -> Outcome:
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
