"""What might have been said to somebody on a day that is over: looked back at, nothing is kept."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, select

from bot.care.agreement import GRACE, LEVELS, Decision, decide
from bot.care.circle import SUPPORTERS, Membership
from bot.care.outcome import About, Topic
from bot.store import agreement, circle, schema
from bot.store.schema import Moment

_SOMETHING = "-"
"""No item has this id: what would have had to be asked first was not asked."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `since` until just before `until` it was so, for each of the levels."""

    since: datetime
    until: datetime
    decisions: tuple[Decision, ...]


def ever_around(c: Connection, person: str) -> list[Membership]:
    """Everybody who is around this person or was, longest ago first."""
    table = schema.membership
    roles = [role.value for role in SUPPORTERS]
    found = select(table).where(table.c.person == person, table.c.role.in_(roles))
    return circle.memberships_by(c, found.order_by(table.c.since, table.c.id))


def spans(
    c: Connection, place: Membership, topic: Topic, since: datetime, until: datetime
) -> list[Span]:
    """What this place in the circle might have heard between two moments: by what the person had
    chosen, and what had been recorded by each moment.

    Guardrails are left out: they are not the person's to see, and this must not show them.
    """
    found: list[tuple[datetime, tuple[Decision, ...]]] = []
    for at in sorted({since, *_moments(c, place)}):
        if since <= at < until:
            now = _then(c, place, topic, at)
            if not found or now != found[-1][1]:
                found.append((at, now))
    ends = [*(begun for begun, _ in found), until][1:]
    return [Span(begun, end, said) for (begun, said), end in zip(found, ends, strict=True)]


def _moments(c: Connection, place: Membership) -> Iterator[datetime]:
    """When anything began, ended or was recorded that may have changed the answer."""
    agreed = schema.agreement.c
    of_place = select(agreed.id).where(agreed.supporter == place.id)
    for table, of in (
        (schema.agreement, agreed.supporter == place.id),
        (schema.sharing, schema.sharing.c.agreement.in_(of_place)),
        (schema.membership, schema.membership.c.member.in_([place.member, place.person])),
        (schema.member, schema.member.c.id.in_([place.member, place.person])),
        (schema.pause, schema.pause.c.supporter == place.id),
        (schema.switch, schema.switch.c.person == place.person),
        (schema.hold, schema.hold.c.person == place.person),
        (schema.decision, schema.decision.c.person == place.person),
        (schema.authority, schema.authority.c.person == place.person),
    ):
        times = [column for column in table.c if isinstance(column.type, Moment)]
        for row in c.execute(select(*times).where(of)):
            yield from filter(None, row)
    for review_at in c.execute(select(agreed.review_at).where(agreed.supporter == place.id)):
        yield review_at[0] + GRACE


def _then(c: Connection, place: Membership, topic: Topic, at: datetime) -> tuple[Decision, ...]:
    assert place.person is not None  # a supporter is there for somebody
    first = About(place.person, topic, LEVELS[0], place.id, _SOMETHING, at)
    facts = agreement.facts(c, place.member, first, at, at, guardrails=False)
    asked = (replace(first, level=level) for level in LEVELS)
    return tuple(replace(decide(facts, about, at), rows=()) for about in asked)
