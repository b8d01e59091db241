"""What is known of a person since a day: counts and dates, for whoever looks again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, FromClause, func, select

from bot.care.circle import SUPPORTERS
from bot.care.journey import State
from bot.care.review import DONE, Round
from bot.store import circle, schema


@dataclass(frozen=True, slots=True)
class Since:
    """All since `at`. `alerts` are those about outings: of a concern not all of staff may know.
    `noticed_by`: by how many; dates are those of the newest."""

    at: datetime
    outings: int
    on_time: int
    alerts: int
    noticed: int
    noticed_by: int
    shared: datetime | None
    signs: datetime | None
    outing_plan: datetime | None
    decided: datetime | None
    came: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def anything(self) -> bool:
        """Whether there is something to be talked through."""
        dated = (self.shared, self.signs, self.outing_plan, self.decided)
        return any((self.outings, self.alerts, self.noticed, *dated, self.came, self.left))


BEFORE = timedelta(days=91)
"""So far it looks back where nobody has looked before, as long as the person was here."""


def the_last_look(c: Connection, person: str, looks: Sequence[Round], now: datetime) -> Since:
    """What is known since the last of these looks."""
    done = [look.at for look in looks if look.came in DONE]
    here = circle.member(c, person)
    first = now - BEFORE if here is None else max(now - BEFORE, here.joined_at)
    return since(c, person, done[-1] if done else first)


def since(c: Connection, person: str, at: datetime) -> Since:
    journey, alert, seen = schema.journey, schema.escalation, schema.observation
    of_outings = alert.c.subject.in_(select(journey.c.id).where(journey.c.person == person))
    out = (journey.c.person == person, journey.c.started_at >= at)
    home = (journey.c.state == State.HOME.value, journey.c.escalation.is_(None))
    noticed, noticed_by = c.execute(
        select(func.count(), func.count(seen.c.by.distinct())).where(
            seen.c.person == person, seen.c.at >= at, seen.c.withdrawn_at.is_(None)
        )
    ).one()
    return Since(
        at=at,
        outings=_count(c, journey, *out),
        on_time=_count(c, journey, *out, *home, journey.c.late.is_(False)),
        alerts=_count(c, alert, of_outings, alert.c.opened_at >= at),
        noticed=noticed,
        noticed_by=noticed_by,
        shared=_newest(c, schema.agreement.c.activated_at, schema.agreement.c.person, person, at),
        signs=_newest(c, schema.sign_plan.c.active_at, schema.sign_plan.c.person, person, at),
        outing_plan=_newest(c, schema.plan.c.agreed_at, schema.plan.c.person, person, at),
        decided=_newest(c, schema.decision.c.since, schema.decision.c.person, person, at),
        came=_around(c, person, schema.membership.c.since, at),
        left=_around(c, person, schema.membership.c.until, at),
    )


def _count(c: Connection, table: FromClause, *where: ColumnElement[bool]) -> int:
    return int(c.execute(select(func.count()).select_from(table).where(*where)).scalar_one())


def _newest(
    c: Connection,
    when: ColumnElement[datetime],
    whose: ColumnElement[str],
    person: str,
    at: datetime,
) -> datetime | None:
    newest = select(func.max(when)).where(whose == person, when > at)
    found: datetime | None = c.execute(newest).scalar_one()
    return found


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
