"""Each look at something, what was put off, and what the person answered, as they are kept.

What somebody said is sealed under the person's key.
"""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from bot.care.review import UNHEARD, Came, Coming, Invited, Round, Snooze, Words
from bot.store.commit import KEEP
from bot.store.rows import keep_row
from bot.store.schema import review, review_invited, review_snooze
from bot.store.those import Whose
from bot.store.tools import ERASED, readable, seal


def latest(c: Connection, whose: Whose) -> dict[tuple[str, str], Round]:
    """The newest of each, by its kind and what it is of; without the words."""
    return {(row.kind, row.of): _round(c, row, words=False) for row in whose.read(c, _latest)}


def _latest(ids: Select[str]) -> Select[Any]:
    newest = (
        select(review.c.person, review.c.kind, review.c.of, func.max(review.c.at).label("at"))
        .where(review.c.person.in_(ids))
        .group_by(review.c.person, review.c.kind, review.c.of)
        .subquery()
    )
    return (
        select(review)
        .join(
            newest,
            (review.c.person == newest.c.person)
            & (review.c.kind == newest.c.kind)
            & (review.c.of == newest.c.of)
            & (review.c.at == newest.c.at),
        )
        .order_by(review.c.came != Came.ASKED.value, review.c.id)
    )


def rounds(c: Connection, person: str, kind: str, of: str, *, words: bool = True) -> list[Round]:
    """Every look at one thing, the oldest first."""
    rows = c.execute(
        select(review)
        .where(review.c.person == person, review.c.kind == kind, review.c.of == of)
        .order_by(review.c.at, review.c.came != Came.ASKED.value, review.c.id)
    )
    return [_round(c, row, words=words) for row in rows]


def theatre(c: Connection, whose: Whose, since: datetime) -> list[Round]:
    """What was done since then without anybody's words, the newest first."""
    return [_round(c, row, words=False) for row in whose.read(c, _theatre, since=since)]


def _theatre(ids: Select[str]) -> Select[Any]:
    return (
        select(review)
        .where(review.c.person.in_(ids), review.c.theatre, review.c.at >= bindparam("since"))
        .order_by(review.c.at.desc(), review.c.id)
    )


def snoozes(c: Connection, whose: Whose) -> dict[tuple[str, str, datetime], tuple[Snooze, ...]]:
    """What was put off, by the round; without the words."""
    found: dict[tuple[str, str, datetime], tuple[Snooze, ...]] = {}
    for row in whose.read(c, _snoozes):
        kept = Snooze(
            row.id, row.kind, row.of, row.person, row.due_at, row.by, row.at, row.until, ""
        )
        key = (row.kind, row.of, row.due_at)
        found[key] = (*found.get(key, ()), kept)
    return found


def _snoozes(ids: Select[str]) -> Select[Any]:
    table = review_snooze
    return select(table).where(table.c.person.in_(ids)).order_by(table.c.at, table.c.id)


def why(c: Connection, snooze: Snooze) -> str:
    """In whose words it was put off."""
    table = review_snooze
    sealed = c.execute(select(table.c.why).where(table.c.id == snooze.id)).scalar_one()
    return readable(c, snooze.person, sealed)


def invited(c: Connection, id: str) -> Invited | None:
    row = c.execute(select(review_invited).where(review_invited.c.id == id)).one_or_none()
    return None if row is None else _invited(row)


def invitations(c: Connection, whose: Whose) -> dict[tuple[str, str, datetime], Invited]:
    """What was asked of these people, by the round."""
    rows = whose.read(c, _invitations)
    return {(row.kind, row.of, row.due_at): _invited(row) for row in rows}


def _invitations(ids: Select[str]) -> Select[Any]:
    return select(review_invited).where(review_invited.c.person.in_(ids))


# --- rows ---------------------------------------------------------------------------------


def keep_round(c: Connection, kept: Round) -> None:
    said = None if kept.words == UNHEARD else seal(c, kept.person, json.dumps(asdict(kept.words)))
    keep_row(
        c,
        review,
        id=kept.id,
        kind=kept.kind,
        of=kept.of,
        person=kept.person,
        due_at=kept.due_at,
        at=kept.at,
        by=kept.by,
        came=kept.came.value,
        next_at=kept.next_at,
        who=list(kept.who),
        words=said,
        data=kept.data,
        theatre=kept.theatre,
    )


def keep_snooze(c: Connection, kept: Snooze) -> None:
    keep_row(
        c,
        review_snooze,
        id=kept.id,
        kind=kept.kind,
        of=kept.of,
        person=kept.person,
        due_at=kept.due_at,
        by=kept.by,
        at=kept.at,
        until=kept.until,
        why=seal(c, kept.person, kept.why),
    )


def keep_invited(c: Connection, kept: Invited) -> None:
    keep_row(
        c,
        review_invited,
        id=kept.id,
        kind=kept.kind,
        of=kept.of,
        person=kept.person,
        due_at=kept.due_at,
        asked_at=kept.asked_at,
        answer=None if kept.answer is None else kept.answer.value,
        answered_at=kept.answered_at,
    )


KEEP[Round] = keep_round
KEEP[Snooze] = keep_snooze
KEEP[Invited] = keep_invited


def _round(c: Connection, row: Any, *, words: bool) -> Round:
    said = UNHEARD
    if words and row.words is not None:
        read = readable(c, row.person, row.words)
        said = Words(ERASED) if read == ERASED else Words(**json.loads(read))
    return Round(
        id=row.id,
        kind=row.kind,
        of=row.of,
        person=row.person,
        due_at=row.due_at,
        at=row.at,
        by=row.by,
        came=Came(row.came),
        next_at=row.next_at,
        who=tuple(row.who),
        words=said,
        data=row.data,
    )


def _invited(row: Any) -> Invited:
    answer = None if row.answer is None else Coming(row.answer)
    return Invited(
        row.id, row.kind, row.of, row.person, row.due_at, row.asked_at, answer, row.answered_at
    )
