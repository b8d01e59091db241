"""What is known of a person since a day: counts, dates and voices, for whoever looks again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, func, select

from bot.care.agreement import Choice
from bot.care.agreement import State as Agreed
from bot.care.circle import SUPPORTERS
from bot.care.decision import DecisionRecord
from bot.care.escalation import SPOKEN, Cause
from bot.care.journey import State
from bot.care.plan import PlanState
from bot.care.review import DONE, Round
from bot.care.sign import State as SignState
from bot.care.sign import Voice
from bot.care.week_answer import HOW, Answer
from bot.store import circle, decision, first_weeks, schema, week_answer

SHARES = (Choice.SHARE.value, Choice.ASK.value)


@dataclass(frozen=True, slots=True)
class Stood:
    """How it stood with one thing since a day: `new` in force since then, `part` of it or all of it
    `ended` since then; whether it stands now."""

    stands: bool
    new: datetime | None = None
    part: datetime | None = None
    ended: datetime | None = None

    @property
    def changed(self) -> bool:
        return any((self.new, self.part, self.ended))


@dataclass(frozen=True, slots=True)
class Since:
    """All since `at`. `alerts` are those about outings: of a concern not all of staff may know.
    `noticed`: how often, by member; `shared`: by supporter (a member); `weeks`: what those say who
    are asked about the first weeks, the newest first."""

    at: datetime
    outings: int
    on_time: int
    alerts: int
    noticed: Mapping[str, int]
    shared: Mapping[str, Stood]
    signs: Stood
    outing_plan: Stood
    decided: tuple[DecisionRecord, ...]
    undecided: tuple[DecisionRecord, ...]
    came: tuple[str, ...]
    left: tuple[str, ...]
    weeks: tuple[Answer, ...]

    @property
    def anything(self) -> bool:
        """Whether there is something to be talked through."""
        stood = (*self.shared.values(), self.signs, self.outing_plan)
        counted = (self.outings, self.alerts, self.noticed, self.weeks)
        told = (*counted, self.decided, self.undecided, self.came, self.left)
        return any(told) or any(one.changed for one in stood)


OF_OUTINGS = [cause.value for cause in Cause if cause not in SPOKEN]
"""The causes of alerts that the person knows of; each other one speaks for itself."""

BEFORE = timedelta(days=91)
"""So far it looks back where nobody has looked before, as long as the person was here."""


def the_last_look(c: Connection, person: str, looks: Sequence[Round], now: datetime) -> Since:
    """What is known since the last of these looks."""
    done = [look.at for look in looks if look.came in DONE]
    here = circle.member(c, person)
    first = now - BEFORE if here is None else max(now - BEFORE, here.joined_at)
    return since(c, person, done[-1] if done else first, now)


def since(c: Connection, person: str, at: datetime, now: datetime) -> Since:
    journey, alert, seen, plan = schema.journey, schema.escalation, schema.observation, schema.plan
    of_outings = (alert.c.person == person, alert.c.cause.in_(OF_OUTINGS))
    out = (journey.c.person == person, journey.c.started_at >= at)
    home = (journey.c.state == State.HOME.value, journey.c.escalation.is_(None))
    noticed = c.execute(
        select(seen.c.by, func.count().label("times"))
        .where(seen.c.person == person, seen.c.at >= at, seen.c.withdrawn_at.is_(None))
        .group_by(seen.c.by)
        .order_by(func.min(seen.c.at), seen.c.by)
    )
    signs = _rows(c, schema.sign_plan, person)
    agreed = [row for row in _rows(c, plan, person) if row.state == PlanState.AGREED.value]
    decided = decision.all_of(c, person)
    return Since(
        at=at,
        outings=_count(c, journey, *out),
        on_time=_count(c, journey, *out, *home, journey.c.late.is_(False)),
        alerts=_count(c, alert, *of_outings, alert.c.opened_at >= at),
        noticed={row.by: row.times for row in noticed},
        shared=_shared(c, person, at, now),
        signs=_stood(
            stands=any(row.state == SignState.ACTIVE.value for row in signs),
            new=(row.active_at for row in signs),
            ended=(row.ended_at for row in signs),
            at=at,
        ),
        outing_plan=_stood(
            stands=bool(agreed), new=(row.agreed_at for row in agreed), ended=(), at=at
        ),
        decided=tuple(one for one in decided if one.since > at),
        undecided=tuple(one for one in decided if one.until is not None and one.until > at),
        came=_around(c, person, schema.membership.c.since, at),
        left=_around(c, person, schema.membership.c.until, at),
        weeks=_weeks(c, person, at),
    )


def _count(c: Connection, table: FromClause, *where: ColumnElement[bool]) -> int:
    return int(c.execute(select(func.count()).select_from(table).where(*where)).scalar_one())


def _rows(c: Connection, table: Any, person: str) -> Sequence[Any]:
    return c.execute(select(table).where(table.c.person == person)).all()


def _stood(
    *,
    stands: bool,
    new: Iterable[datetime | None],
    ended: Iterable[datetime | None],
    at: datetime,
    part: Iterable[datetime | None] = (),
) -> Stood:
    """Of what stands only the beginning counts, and of what has ended only the end."""

    def newest(moments: Iterable[datetime | None]) -> datetime | None:
        return max((one for one in moments if one is not None and one > at), default=None)

    if stands:
        return Stood(True, new=newest(new), part=newest(part))
    return Stood(False, ended=newest(ended))


def _shared(c: Connection, person: str, at: datetime, now: datetime) -> dict[str, Stood]:
    """How it stands with each who is around the person now: what the person let them know."""
    place, kept, row = schema.membership, schema.agreement, schema.sharing
    around = c.execute(
        select(place.c.id, place.c.member)
        .where(
            place.c.person == person,
            place.c.role.in_([role.value for role in SUPPORTERS]),
            place.c.until.is_(None),
        )
        .order_by(place.c.since, place.c.id)
    ).all()
    versions = c.execute(
        select(kept).where(kept.c.person == person, kept.c.activated_at.is_not(None))
    ).all()
    shares = c.execute(
        select(row.c.agreement, row.c.until).where(
            row.c.agreement.in_([one.id for one in versions]), row.c.choice.in_(SHARES)
        )
    ).all()
    found: dict[str, Stood] = {}
    for supporter in around:
        theirs = [one for one in versions if one.supporter == supporter.id]
        holds = {
            one.id for one in theirs if one.state == Agreed.ACTIVE.value and now < one.lapses_at
        }
        until = [one.until for one in shares if one.agreement in holds]
        over = [one for one in until if one is not None and one <= now]
        ended = [_over(one) for one in theirs if one.id not in holds]
        if ended:  # chosen anew, and nothing of it is shared any more
            ended += [one.activated_at for one in theirs if one.id in holds]
        found[supporter.member] = _stood(
            stands=len(over) < len(until),
            new=[one.activated_at for one in theirs if one.id in holds],
            part=over,
            ended=[*ended, *over],
            at=at,
        )
    return found


def _over(version: Any) -> datetime:
    """When this version ended: somebody ended it, or nobody looked at it again in time."""
    ended: datetime | None = version.ended_at
    lapses: datetime = version.lapses_at
    return lapses if ended is None else min(ended, lapses)


def _around(
    c: Connection, person: str, when: ColumnElement[datetime], at: datetime
) -> tuple[str, ...]:
    """The members who came into the circle, or left it."""
    table = schema.membership
    rows = c.execute(
        select(table.c.member)
        .where(
            table.c.person == person,
            table.c.role.in_([role.value for role in SUPPORTERS]),
            when > at,
        )
        .order_by(when, table.c.id)
    )
    return tuple(dict.fromkeys(rows.scalars()))


def _weeks(c: Connection, person: str, at: datetime) -> tuple[Answer, ...]:
    """Staff have their page for what their shifts saw; here is what the others say."""
    weeks = first_weeks.newest(c, person)
    said = [] if weeks is None else week_answer.answers(c, weeks.id)
    heard = [
        one
        for one in said
        if one.to.voice is not Voice.STAFF
        and (one.said in HOW or one.spoke)
        and one.answered_at is not None
        and one.answered_at >= at
    ]
    return tuple(sorted(heard, key=lambda one: (-one.week, one.to.voice.value, one.id)))
