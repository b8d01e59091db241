"""Half-finished conversations: kept at every step, so that a restart or a week changes nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, delete, insert, select, update

from bot.store.schema import flow
from bot.store.tools import SERVICE, KeyErased, seal, unseal

_UNFINISHED = (
    select(flow)
    .where(flow.c.chat == bindparam("chat"), flow.c.name == bindparam("name"))
    .with_for_update()
)

_TOUCHED = (
    select(flow.c.updated_at, flow.c.name)
    .where(flow.c.chat == bindparam("chat"))
    .order_by(flow.c.updated_at.desc())
    .limit(1)
)

OUTLIVE = frozenset(
    {"notice", "first_weeks", "concern_safety", "concern_disagree", "concern_complaint"}
)
"""The flows that go on for a day though the role in which they were begun has ended: to listen is
never a breach."""


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation and how far it has come.

    `path` holds the steps behind, for Back; `turn` grows with each step, so that an old
    button is known; `screen` is the message id of the newest question. `erased`: nobody can
    read the answers any more.
    """

    id: str
    chat: int
    membership: str | None
    flow: str
    step: str
    answers: Mapping[str, str] = field(default_factory=dict)
    path: tuple[str, ...] = ()
    turn: int = 0
    screen: int | None = None
    erased: bool = False


def begin(c: Connection, talk: Talk, now: datetime) -> None:
    """Open a talk; an unfinished one of the same flow in the same chat gives way to it."""
    c.execute(delete(flow).where(flow.c.chat == talk.chat, flow.c.name == talk.flow))
    c.execute(insert(flow).values(id=talk.id, chat=talk.chat, name=talk.flow, **_row(c, talk, now)))


def keep(c: Connection, talk: Talk, now: datetime) -> None:
    c.execute(update(flow).where(flow.c.id == talk.id).values(**_row(c, talk, now)))


def shown(c: Connection, talk: str, screen: int | None) -> None:
    """Remember which message asks the newest question; None: it has been taken away."""
    c.execute(update(flow).where(flow.c.id == talk).values(screen=screen))


def end(c: Connection, talk: str) -> None:
    c.execute(delete(flow).where(flow.c.id == talk))


def unfinished(c: Connection, chat: int, name: str) -> Talk | None:
    """The half-finished talk of this flow in this chat; locked until the transaction ends."""
    row = c.execute(_UNFINISHED, {"chat": chat, "name": name}).mappings().one_or_none()
    return None if row is None else _talk(c, row)


def load(c: Connection, talk: str, chat: int) -> Talk | None:
    """The talk with this id, if it is this chat's; locked until the transaction ends."""
    found = c.execute(select(flow).where(flow.c.id == talk, flow.c.chat == chat).with_for_update())
    row = found.mappings().one_or_none()
    return None if row is None else _talk(c, row)


def left(c: Connection, talk: str) -> Talk | None:
    """The talk with this id, in whichever chat; locked until the transaction ends."""
    found = c.execute(select(flow).where(flow.c.id == talk).with_for_update())
    row = found.mappings().one_or_none()
    return None if row is None else _talk(c, row)


def newest(c: Connection, chat: int) -> Talk | None:
    """The talk of this chat that was touched last: written words belong to it. Of two touched in
    the same moment it is the one whose question is further down."""
    found = c.execute(
        select(flow)
        .where(flow.c.chat == chat)
        .order_by(flow.c.updated_at.desc(), flow.c.screen.desc().nulls_last(), flow.c.id)
        .limit(1)
        .with_for_update()
    )
    row = found.mappings().one_or_none()
    return None if row is None else _talk(c, row)


def touched(c: Connection, chat: int) -> tuple[datetime, str] | None:
    """When an open talk of this chat was last touched, and of which flow; None: there is none."""
    found = c.execute(_TOUCHED, {"chat": chat}).one_or_none()
    return None if found is None else (found.updated_at, found.name)


def _row(c: Connection, talk: Talk, now: datetime) -> dict[str, object]:
    return {
        "membership": talk.membership,
        "step": talk.step,
        "answers": seal(c, SERVICE, json.dumps(dict(talk.answers))),
        "path": list(talk.path),
        "turn": talk.turn,
        "screen": talk.screen,
        "updated_at": now,
    }


def _talk(c: Connection, row: RowMapping) -> Talk:
    answers, erased = {}, False
    try:
        answers = json.loads(unseal(c, SERVICE, row["answers"]))
    except KeyErased:
        erased = True
    return Talk(
        id=row["id"],
        chat=row["chat"],
        membership=row["membership"],
        flow=row["name"],
        step=row["step"],
        answers=answers,
        path=tuple(row["path"]),
        turn=row["turn"],
        screen=row["screen"],
        erased=erased,
    )
