"""The gate, asked of the database: load the facts as they stood at a moment, decide.

The outbox and the reveal keep what it said. Looking, listing and explaining ask the same function
and write nothing; asked about a past moment it answers as it did then.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import BindParameter, ColumnElement, Connection, bindparam, delete, select

from bot.care import agreement as care
from bot.care import lapsing
from bot.care.agreement import (
    Agreement,
    Answer,
    Basis,
    Choice,
    Decision,
    Effect,
    Facts,
    Glass,
    Ground,
    Guardrail,
    Hold,
    Reason,
    Recipient,
    Sharing,
    Situation,
    Standing,
    State,
    Switch,
)
from bot.care.circle import SUPPORTERS, Role
from bot.care.decision import Found, Kind
from bot.care.outcome import NOBODY, About, Outcome, Topic
from bot.store import around, circle, schema
from bot.store.around import FOR_EVER
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.schema import Moment
from bot.store.tools import new_id
from bot.store.trouble import is_trouble

_REVIEW = timedelta(days=91)
"""So long after it was made the agreement of the sample circle is reviewed."""

log = structlog.get_logger(__name__)

_person: BindParameter[str] = bindparam("person")
_now = bindparam("now", type_=Moment)
_known = bindparam("known", type_=Moment)
"""What was recorded by then counts. Asked about now that is all, whatever the clock says: one that
is set back brings no withdrawn agreement back, and takes no guardrail and no colleague away."""


def _running(table: Any, ends: BindParameter[Any] = _known) -> tuple[ColumnElement[bool], ...]:
    """Of this person, begun by now and not over."""
    over = table.c.until.is_(None) | (table.c.until > ends)
    return table.c.person == _person, table.c.since <= _now, over


# Every word about a person asks these: made once.
_ACTIVE = (
    select(schema.agreement)
    .where(
        schema.agreement.c.supporter == bindparam("supporter"),
        schema.agreement.c.activated_at <= _now,
        schema.agreement.c.ended_at.is_(None) | (schema.agreement.c.ended_at > _known),
    )
    .order_by(schema.agreement.c.version)
)
_ROWS = (
    select(schema.sharing)
    .where(schema.sharing.c.agreement == bindparam("agreement"))
    .order_by(schema.sharing.c.id)
)
_NO_ROWS = delete(schema.sharing).where(schema.sharing.c.agreement == bindparam("agreement"))
_AGREEMENT = select(schema.agreement).where(schema.agreement.c.id == bindparam("id"))
_VERSIONS = (
    select(schema.agreement)
    .where(schema.agreement.c.supporter == bindparam("supporter"))
    .order_by(schema.agreement.c.version)
)
_PLACES = (
    select(schema.membership)
    .where(*_running(schema.membership), schema.membership.c.member == bindparam("member"))
    .order_by(schema.membership.c.since, schema.membership.c.id)
)
_PAUSED = select(schema.pause.c.id).where(
    schema.pause.c.supporter == bindparam("supporter"),
    schema.pause.c.since <= _known,
    schema.pause.c.until > _known,
)
# Of a member, not of one place: whoever is removed and let in again is the same to a guardrail.
_GUARDRAILS = (
    select(schema.guardrail)
    .join(schema.membership, schema.membership.c.id == schema.guardrail.c.supporter)
    .where(
        schema.guardrail.c.person == _person,
        schema.membership.c.member == bindparam("member"),
        schema.guardrail.c.since <= _known,
        schema.guardrail.c.until.is_(None) | (schema.guardrail.c.until > _known),
    )
)
_SWITCHES = select(schema.switch).where(
    schema.switch.c.person == _person,
    schema.switch.c.since <= _known,
    schema.switch.c.until > _now,
    schema.switch.c.ended_at.is_(None) | (schema.switch.c.ended_at > _known),
)
_HOLDS = select(schema.hold).where(
    schema.hold.c.person == _person,
    schema.hold.c.since <= _known,
    schema.hold.c.until.is_(None) | (schema.hold.c.until > _known),
)
_DECISIONS = select(schema.decision).where(
    *_running(schema.decision),
    schema.decision.c.kind == Kind.BEST_INTERESTS.value,
    schema.decision.c.outcome == Found.SHARE.value,
)
_AUTHORITIES = select(schema.authority).where(
    *_running(schema.authority, _now),
    schema.authority.c.ended_at.is_(None) | (schema.authority.c.ended_at > _known),
)
_ANSWERS = select(schema.telling).where(
    schema.telling.c.news == bindparam("item"), schema.telling.c.answered_at <= _known
)
_GLASSES = select(schema.glass).where(
    schema.glass.c.news == bindparam("item"), schema.glass.c.since <= _now
)
_NEWS = select(schema.news.c.harm, schema.news.c.told_at).where(
    schema.news.c.id == bindparam("item")
)


def ask(c: Connection, to: str, about: About, now: datetime) -> Decision:
    """May this be said to `to` now, and why. Any error is a no; but a database that is away has
    not been asked: that is raised, and asked again."""
    return _decided(c, to, about, now, FOR_EVER)


def replay(c: Connection, to: str, about: About, then: datetime) -> Decision:
    """The same as it was decided at a past moment, from what was recorded by then."""
    return _decided(c, to, about, then, then)


def _decided(c: Connection, to: str, about: About, now: datetime, known: datetime) -> Decision:
    try:
        return care.decide(facts(c, to, about, now, known), about, now)
    except Exception as error:  # an error must never become a word told: it is a no
        if is_trouble(error):
            raise
        log.error("the gate could not be asked", person=about.person, error=type(error).__name__)
        return Decision(Effect.WITHHOLD, Reason.ERROR)


def facts(
    c: Connection,
    to: str,
    about: About,
    now: datetime,
    known: datetime = FOR_EVER,
    *,
    guardrails: bool = True,
) -> Facts:
    """What the gate needs to know for this question at `now`, from what was recorded by `known`.

    Without `guardrails` its answer is what the person may see.
    """
    person = circle.member(c, about.person)
    recipient = _recipient(c, to, about, now, known)
    found = Facts(
        person=about.person,
        person_left=person is None or _gone(person.left_at, known),
        team=around.team_of(c, about.person, known),
        recipient=recipient,
    )
    if recipient is None or not recipient.places:
        return found  # nobody of the circle: no agreement is asked
    asked = {"person": about.person, "now": now, "known": known}
    holds = c.execute(_HOLDS, asked).all()
    return Facts(
        person=found.person,
        person_left=found.person_left,
        team=found.team,
        recipient=recipient,
        agreements=tuple(
            each for place in recipient.places for each in active(c, place.membership, now, known)
        ),
        guardrails=tuple(
            Guardrail(row.id, place.membership, Topic(row.topic))
            for row in (c.execute(_GUARDRAILS, asked | {"member": to}) if guardrails else ())
            for place in recipient.places
        ),
        grounds=(
            *_on_decisions(c.execute(_DECISIONS, asked), holds),
            *(
                Ground(row.id, Basis.AUTHORITY, _topics(row.topics), row.since, row.until)
                for row in c.execute(_AUTHORITIES, asked)
            ),
        ),
        holds=tuple(Hold(row.decision, Topic(row.topic), min(row.since, now)) for row in holds),
        switches=tuple(
            Switch(row.id, Situation(row.situation), min(row.since, now), row.until)
            for row in c.execute(_SWITCHES, asked)
        ),
        **_of_item(c, about.item, now, known),
    )


def guarded(
    c: Connection, person: str, member: str, topics: Collection[Topic], now: datetime
) -> bool:
    """Whether a guardrail keeps one of these topics from this member."""
    rails = c.execute(_GUARDRAILS, {"person": person, "member": member, "known": now})
    return any(Topic(row.topic) in topics for row in rails)


def was_paused(c: Connection, supporter: str, at: datetime) -> bool:
    """Whether the person shared nothing with this supporter (a membership) for a while, at `at`."""
    return c.execute(_PAUSED, {"supporter": supporter, "known": at}).first() is not None


def _of_item(c: Connection, item: str | None, now: datetime, known: datetime) -> dict[str, Any]:
    """What the person answered about it, exceptions made for it, and whether they know of it."""
    if item is None:
        return {}
    asked = {"item": item, "now": now, "known": known}
    news = c.execute(_NEWS, {"item": item}).one_or_none()
    told_at = None if news is None else news.told_at
    return {
        "answers": tuple(
            Answer(row.supporter, item, row.answer == "yes") for row in c.execute(_ANSWERS, asked)
        ),
        "glasses": tuple(Glass(row.id, row.supporter, item) for row in c.execute(_GLASSES, asked)),
        "untold": news is not None and news.harm and (told_at is None or told_at > now),
    }


def _on_decisions(rows: Iterable[Any], holds: Iterable[Any]) -> Iterator[Ground]:
    """What each decision still stands for: a later one about a topic has taken it over."""
    left = {(row.decision, row.topic) for row in holds}
    for row in rows:
        topics = _topics(topic for topic in row.topics if (row.id, topic) in left)
        yield Ground(row.id, Basis.BEST_INTERESTS, topics, row.since, row.review_at)


def _topics(names: Iterable[str]) -> frozenset[Topic]:
    return frozenset(map(Topic, names))


def _recipient(
    c: Connection, to: str, about: About, now: datetime, known: datetime
) -> Recipient | None:
    member = circle.member(c, to)
    if member is None:
        return None
    asked = {"person": about.person, "member": to, "now": now, "known": known}
    return Recipient(
        member=to,
        left=_gone(member.left_at, known),
        teams=around.works_in(c, to, now, known),
        places=tuple(
            Standing(row.id, Role(row.role), _paused(c, row, known))
            for row in c.execute(_PLACES, asked)
            if Role(row.role) in SUPPORTERS
        ),
    )


def _paused(c: Connection, place: Any, known: datetime) -> bool:
    """The pause that stands, or one that stood then and is over."""
    if _gone(place.paused_at, known):
        return True
    if known == FOR_EVER:
        return False
    return c.execute(_PAUSED, {"supporter": place.id, "known": known}).first() is not None


def _gone(since: datetime | None, known: datetime) -> bool:
    return since is not None and since <= known


# --- agreements ---------------------------------------------------------------------------


def active(
    c: Connection, supporter: str, now: datetime, known: datetime = FOR_EVER
) -> list[Agreement]:
    """What the person shares with this supporter (a membership) at that moment: one, or nothing."""
    asked = {"supporter": supporter, "now": now, "known": known}
    return [_agreement(c, row) for row in c.execute(_ACTIVE, asked)]


def agreement(c: Connection, id: str) -> Agreement | None:
    """One version, or None when there is none of this id."""
    row = c.execute(_AGREEMENT, {"id": id}).one_or_none()
    return None if row is None else _agreement(c, row)


def versions(c: Connection, supporter: str) -> list[Agreement]:
    """Every version with this supporter, drafts too, oldest first."""
    rows = c.execute(_VERSIONS, {"supporter": supporter}).all()
    return [_agreement(c, row) for row in rows]


def _agreement(c: Connection, row: Any) -> Agreement:
    return Agreement(
        id=row.id,
        person=row.person,
        supporter=row.supporter,
        version=row.version,
        state=State(row.state),
        rows=tuple(_sharing(each) for each in c.execute(_ROWS, {"agreement": row.id})),
        review_at=row.review_at,
        lapses_at=row.lapses_at,
        drafted_by=row.drafted_by,
        drafted_at=row.drafted_at,
        activated_at=row.activated_at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )


def _sharing(row: Any) -> Sharing:
    return Sharing(
        id=row.id,
        topic=Topic(row.topic),
        situation=Situation(row.situation),
        choice=Choice(row.choice),
        level=row.level,
        since=row.since,
        until=row.until,
        data_from=row.data_from,
        basis=Basis(row.basis),
        ground=row.ground,
    )


def keep_agreement(c: Connection, kept: Agreement) -> None:
    """Keep a version. Its rows may change while it is a draft; never after."""
    keep_row(
        c,
        schema.agreement,
        id=kept.id,
        person=kept.person,
        supporter=kept.supporter,
        version=kept.version,
        state=kept.state.value,
        review_at=kept.review_at,
        lapses_at=kept.lapses_at,
        drafted_by=kept.drafted_by,
        drafted_at=kept.drafted_at,
        activated_at=kept.activated_at,
        ended_at=kept.ended_at,
        ended_by=kept.ended_by,
    )
    before = {row.id for row in c.execute(_ROWS, {"agreement": kept.id})}
    if kept.state is State.DRAFT:
        c.execute(_NO_ROWS, {"agreement": kept.id})
        before = set()
    for row in kept.rows:
        if row.id not in before:
            _keep_sharing(c, kept.id, row)


def _keep_sharing(c: Connection, agreement: str, row: Sharing) -> None:
    keep_row(
        c,
        schema.sharing,
        id=row.id,
        agreement=agreement,
        topic=row.topic.value,
        situation=row.situation.value,
        choice=row.choice.value,
        level=row.level,
        since=row.since,
        until=row.until,
        data_from=row.data_from,
        basis=row.basis.value,
        ground=row.ground,
    )


def sample(
    c: Connection,
    person: str,
    supporter: str,
    shared: Mapping[Topic, tuple[Choice, int]],
    now: datetime,
) -> None:
    """An agreement of the sample circle: these choices, and how much, for every day."""
    agreed = Agreement(
        id=new_id(c),
        person=person,
        supporter=supporter,
        version=1,
        state=State.ACTIVE,
        rows=tuple(
            Sharing(new_id(c), topic, Situation.EVERYDAY, choice, level, now)
            for topic, (choice, level) in shared.items()
        ),
        review_at=now + _REVIEW,
        lapses_at=now + _REVIEW + timedelta(days=28),
        drafted_by=person,
        drafted_at=now,
        activated_at=now,
    )
    commit(c, Outcome(records=(agreed,), wakes=(lapsing.begins(agreed),)), NOBODY, now)


KEEP[Agreement] = keep_agreement
