"""A team's mornings: whoever dies between, and however many look at once, each hears once."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Connection, Engine, select

from bot.care.cadence import YEARLY, next_after
from bot.care.circle import Member, Membership, Role, Support
from bot.care.hours import USUAL, working_day
from bot.care.morning import AT_ONCE, KIND
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.clock import HandClock
from bot.store import deadlines, morning, schema
from bot.store.commit import commit
from bot.store.memory import Memory
from bot.store.tools import new_id
from tests.conftest import KEY, NOON

PEOPLE = AT_ONCE + 15
"""More than are told in one act."""

SPREAD = 9
"""Days over which they came."""

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
BEGINS = NOON + timedelta(days=356)
ENDS = BEGINS + 5 * WEEK


@dataclass(frozen=True)
class Ash:
    """A team of its own: Kit is the key worker of everybody, Max manages."""

    team: str
    kit: str
    max: str
    since: Mapping[str, datetime]


def made(c: Connection) -> Ash:
    """The team, and its first morning."""
    team, kit, max_ = new_id(c), new_id(c), new_id(c)
    c.execute(schema.team.insert().values(id=team, name="Ash House"))
    since = {new_id(c): NOON + n % SPREAD * DAY for n in range(PEOPLE)}
    roles = {kit: Role.STAFF, max_: Role.MANAGER} | dict.fromkeys(since, Role.PERSON)
    records: list[object] = []
    for number, (id, role) in enumerate(roles.items()):
        came = since.get(id, NOON)
        records.append(Member(id, 1000 + number, "Kim", None, "en_GB", came))
        records.append(Membership(new_id(c), id, role, team, None, came))
    records += [Support(new_id(c), kit, id, True, NOON) for id in since]
    commit(c, Outcome(records=tuple(records)), NOBODY, NOON)
    morning.begin(c, BEGINS)
    return Ash(team, kit, max_, since)


def mornings() -> list[datetime]:
    """When the service opens, on working days."""
    found, at = [], BEGINS
    while (at := USUAL.opens_after(at)) < ENDS:
        found.append(at)
    return found


def expected(ash: Ash) -> set[date]:
    """Brute force: each thing's own moments, each told on the first morning after it."""
    moments: set[datetime] = set()
    for since in ash.since.values():
        due = next_after(YEARLY, since.date(), USUAL.zone)
        moments |= {due + n * WEEK for n in range(-1, 8)}
    first = mornings()[0]
    days = [first - WEEK, *mornings()]
    told = (b for a, b in pairwise(days) if any(a < one <= b for one in moments))
    return {one.astimezone(USUAL.zone).date() for one in told}


def told(c: Connection, member: str) -> Counter[date]:
    """On which days this member heard of reviews, and how often."""
    table = schema.outbox
    rows = c.execute(
        select(table.c.created_at).where(table.c.member == member, table.c.text.like("morning.%"))
    )
    return Counter(at.astimezone(USUAL.zone).date() for at in rows.scalars())


def invited(c: Connection) -> Counter[str]:
    """How often each person was asked to come, in their chat and in the records."""
    table = schema.outbox
    asked = select(table.c.member).where(table.c.text == "review.would_you_come")
    found = Counter(c.execute(asked).scalars())
    assert found == Counter(c.execute(select(schema.review_invited.c.person)).scalars())
    return found


def met(c: Connection, now: datetime, dice: Random | None = None) -> bool:
    """What is due is done; False when nothing was. With dice, whoever does it may die before it
    is kept, and Kith starts again."""
    due = [one for one in deadlines.due(c, now, 32) if one.kind == KIND]
    for moment in due:
        while dice is not None and dice.random() < 0.4:
            dying = c.begin_nested()
            assert deadlines.take(c, moment)
            act(c, moment.key, moment.due_at, now)
            dying.rollback()
            morning.begin(c, now)
        if deadlines.take(c, moment):
            act(c, moment.key, moment.due_at, now)
    return bool(due)


def act(c: Connection, key: str, due_at: datetime, now: datetime) -> None:
    morning.tick(c, key, due_at, now, Cause(deadline=(KIND, key)))


def assert_once(c: Connection, ash: Ash) -> None:
    assert told(c, ash.kit) == Counter(expected(ash)), "each morning that has one, one message"
    assert invited(c) == Counter(ash.since.keys()), "everybody once"
    assert set(told(c, ash.max).values()) == {1}
    assert all(working_day(day - DAY, 1) == day for day in told(c, ash.max))


def test_each_hears_once_however_often_kith_dies_and_starts(engine: Engine) -> None:
    with engine.begin() as c:
        ash, dice = made(c), Random(7)
        for now in mornings():
            while met(c, now, dice):
                pass
        assert_once(c, ash)


@pytest.mark.parametrize("engine_url", ["postgresql"], indirect=True)
async def test_two_replicas_at_once_tell_each_once(engine_url: str, tmp_path: Path) -> None:
    clock = HandClock(NOON)
    one = await Memory.open(engine_url, key=KEY, data=tmp_path, clock=clock)
    other = await Memory.open(engine_url, key=KEY, data=tmp_path, clock=clock)
    try:
        ash = await one.write(made)
        for now in mornings():
            while any(await asyncio.gather(one.write(met, now), other.write(met, now))):
                pass
        await one.read(assert_once, ash)
    finally:
        await one.close()
        await other.close()
