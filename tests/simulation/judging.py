"""What may be told to somebody around Sam at this very moment: asked of the tables anew, and of the
second gate, never of the code that may be wrong."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.care.agreement import (
    Agreement,
    Answer,
    Basis,
    Choice,
    Effect,
    Facts,
    Glass,
    Ground,
    Guardrail,
    Hold,
    Recipient,
    Sharing,
    Situation,
    Standing,
    State,
    Switch,
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
GUARDRAILS = """SELECT guardrail.id, topic FROM guardrail
JOIN membership ON membership.id = guardrail.supporter
WHERE guardrail.person = ? AND member = ? AND guardrail.until IS NULL"""
DECISIONS = """SELECT decision.id, topic, decision.since, review_at FROM decision
JOIN hold ON hold.decision = decision.id AND hold.until IS NULL
WHERE decision.person = ? AND outcome = 'share' AND decision.until IS NULL"""
AUTHORITIES = """SELECT id, topics, since, until FROM authority
WHERE person = ? AND ended_at IS NULL"""
HOLDS = "SELECT decision, topic, since FROM hold WHERE person = ? AND until IS NULL"
SWITCHES = """SELECT id, situation, since, until FROM switch
WHERE person = ? AND since IS NOT NULL AND ended_at IS NULL"""
GLASSES = "SELECT id, supporter FROM glass WHERE news = ?"
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
        guardrails=tuple(
            Guardrail(id, about.acting or "", Topic(topic))
            for id, topic in cells(GUARDRAILS, about.person, member)
        ),
        grounds=tuple(_grounds(cells, about)),
        holds=tuple(
            Hold(id, Topic(topic), min(_at(since), now))
            for id, topic, since in cells(HOLDS, about.person)
        ),
        switches=tuple(
            Switch(id, Situation(situation), min(_at(since), now), _at(until))
            for id, situation, since, until in cells(SWITCHES, about.person)
        ),
        glasses=tuple(
            Glass(id, supporter, about.item or "") for id, supporter in cells(GLASSES, about.item)
        ),
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
            review_at=_at(review_at),
            lapses_at=_at(lapses_at),
            drafted_by=by,
            drafted_at=_at(drafted_at),
            activated_at=_moment(activated_at),
        )
        for id, version, review_at, lapses_at, by, drafted_at, activated_at in cells(
            AGREEMENTS, about.acting
        )
    ]


def _grounds(cells: Cells, about: About) -> Iterator[Ground]:
    """Decisions, as far as no later one has taken a topic away; and papers that were seen."""
    for id, topic, since, review_at in cells(DECISIONS, about.person):
        topics = frozenset((Topic(topic),))
        yield Ground(id, Basis.BEST_INTERESTS, topics, _at(since), _at(review_at))
    for id, topics, since, until in cells(AUTHORITIES, about.person):
        seen = frozenset(map(Topic, json.loads(topics)))
        yield Ground(id, Basis.AUTHORITY, seen, _at(since), _at(until))


def _row(row: Any) -> Sharing:
    id, topic, situation, choice, level, since, until, data_from, basis, ground = row
    return Sharing(
        id=id,
        topic=Topic(topic),
        situation=Situation(situation),
        choice=Choice(choice),
        level=level,
        since=_at(since),
        until=_moment(until),
        data_from=_moment(data_from),
        basis=Basis(basis),
        ground=ground,
    )


def _moment(micro: int | None) -> datetime | None:
    return None if micro is None else _at(micro)


def _at(micro: int) -> datetime:
    return EPOCH + timedelta(microseconds=micro)
