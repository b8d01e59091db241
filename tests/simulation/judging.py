"""What may be told to somebody around Sam at this very moment: asked of the tables anew, and of the
second gate, never of the code that may be wrong.

Nobody breaks a glass, sets a guardrail, a hold or a switch in the simulation: they are not read.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.care.agreement import (
    Agreement,
    Answer,
    Basis,
    Choice,
    Effect,
    Facts,
    Recipient,
    Sharing,
    Situation,
    Standing,
    State,
)
from bot.care.circle import Role
from bot.care.outcome import About, Topic
from tests.care.naive_gate import judge

Cells = Callable[..., list[Any]]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

AGREEMENTS = """SELECT id, version, review_at, lapses_at, drafted_by, drafted_at, activated_at
FROM agreement WHERE supporter = ? AND state = 'active' AND ended_at IS NULL"""
SHARED = """SELECT id, topic, situation, choice, level, since, until, data_from, basis, ground
FROM sharing WHERE agreement = ?"""
PLACE = "SELECT id, role, paused_at, person, member FROM membership WHERE id = ? AND until IS NULL"
ANSWERS = "SELECT supporter, answer FROM telling WHERE news = ? AND answered_at IS NOT NULL"
LEFT = "SELECT left_at FROM member WHERE id = ?"
TELLING = """SELECT news.id, person, topic, level, "at", harm, told_at, supporter, telling.member,
state FROM telling JOIN news ON news.id = telling.news WHERE telling.id = ?"""


def of_telling(cells: Cells, telling: str, now: datetime) -> Effect | None:
    """Of one item on its way to one reader; None when there is no such telling."""
    for row in cells(TELLING, telling):
        item, person, topic, level, at, harm, told_at, supporter, member, state = row
        if state == "over":
            return Effect.WITHHOLD
        if topic is None:  # general information is about nobody
            return Effect.SHARE
        about = About(person, Topic(topic), level, supporter, item, _moment(at))
        untold = bool(harm) and told_at is None
        return _verdict(cells, member, about, now, untold=untold)
    return None


def of_about(cells: Cells, member: str, about: str, now: datetime) -> Effect:
    """Of a message of the outbox, by what it says of itself."""
    said = json.loads(about)
    at = said.get("at")
    asked = About(
        said["person"],
        Topic(said["topic"]),
        said["level"],
        said.get("acting"),
        said.get("item"),
        None if at is None else datetime.fromisoformat(at),
    )
    return _verdict(cells, member, asked, now, untold=False)


def _verdict(cells: Cells, member: str, about: About, now: datetime, *, untold: bool) -> Effect:
    places = [
        (Standing(id, Role(role), paused is not None), person)
        for id, role, paused, person, of in cells(PLACE, about.acting)
        if of == member
    ]
    facts = Facts(
        person=about.person,
        person_left=bool(cells(LEFT, about.person)[0][0]),
        team="",
        recipient=Recipient(
            member=member,
            left=bool(cells(LEFT, member)[0][0]),
            teams=frozenset(),
            places=tuple(place for place, person in places if person == about.person),
        ),
        agreements=tuple(_agreements(cells, about)),
        answers=tuple(
            Answer(supporter, about.item or "", answer == "yes")
            for supporter, answer in cells(ANSWERS, about.item)
        ),
        untold=untold,
    )
    effect, _ = judge(facts, about, now)
    return effect


def _agreements(cells: Cells, about: About) -> list[Agreement]:
    return [
        Agreement(
            id=id,
            person=about.person,
            supporter=about.acting or "",
            version=version,
            state=State.ACTIVE,
            rows=tuple(map(_row, cells(SHARED, id))),
            review_at=EPOCH + timedelta(microseconds=review_at),
            lapses_at=EPOCH + timedelta(microseconds=lapses_at),
            drafted_by=by,
            drafted_at=EPOCH + timedelta(microseconds=drafted_at),
            activated_at=_moment(activated_at),
        )
        for id, version, review_at, lapses_at, by, drafted_at, activated_at in cells(
            AGREEMENTS, about.acting
        )
    ]


def _row(row: Any) -> Sharing:
    id, topic, situation, choice, level, since, until, data_from, basis, ground = row
    return Sharing(
        id=id,
        topic=Topic(topic),
        situation=Situation(situation),
        choice=Choice(choice),
        level=level,
        since=EPOCH + timedelta(microseconds=since),
        until=_moment(until),
        data_from=_moment(data_from),
        basis=Basis(basis),
        ground=ground,
    )


def _moment(micro: int | None) -> datetime | None:
    return None if micro is None else EPOCH + timedelta(microseconds=micro)
