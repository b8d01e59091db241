"""Who is on call when, and the gaps that are said."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from bot.store import around, rota, schema, seed
from tests.conftest import NOON
from tests.oak import LATER, Oak, said, told


def test_managers_plan_their_own_teams_rota(oak: Oak) -> None:
    end = LATER + timedelta(hours=8)
    assert said(rota.plan(oak.c, oak.team, oak.jo, LATER, end, oak.dev, NOON)) == (
        "circle.no_managers_only"
    )
    assert said(rota.plan(oak.c, oak.team, oak.amira, LATER, end, oak.priya, NOON)) == (
        "rota.no_not_staff"
    )
    assert said(rota.plan(oak.c, oak.team, oak.jo, end, LATER, oak.priya, NOON)) == (
        "rota.no_times"
    )
    rota.plan(oak.c, oak.team, oak.jo, LATER, end, oak.priya, NOON)
    assert told(oak.c, "rota.you_are_on_call") == ["Jo"]
    assert [m.name for m in around.on_call(oak.c, oak.team, LATER)] == ["Jo", "Dev"]


def test_a_shift_taken_back_is_over_now(oak: Oak) -> None:
    running = around.shifts(oak.c, oak.team, NOON)[0]
    assert said(rota.cancel(oak.c, running.id, oak.jo, LATER)) == "circle.no_managers_only"
    rota.cancel(oak.c, running.id, oak.priya, LATER)
    assert around.on_call(oak.c, oak.team, LATER) == []
    assert told(oak.c, "rota.not_on_call") == ["Dev"]


def looked_at(c: Connection) -> datetime:
    found = c.execute(select(schema.deadline.c.due_at).where(schema.deadline.c.kind == "rota"))
    moment: datetime = found.scalar_one()
    return moment


def test_a_gap_is_said_a_week_ahead_a_day_ahead_and_when_it_comes_once_each(oak: Oak) -> None:
    end = NOON + timedelta(weeks=seed.WEEKS_ON_CALL)
    said_at: list[datetime] = []
    moment = NOON
    while moment <= end:
        before = len(told(oak.c, "rota.gap_ahead")) + len(told(oak.c, "rota.gap_now"))
        rota.tick(oak.c, oak.team, moment, moment)
        after = len(told(oak.c, "rota.gap_ahead")) + len(told(oak.c, "rota.gap_now"))
        if after > before:
            said_at.append(moment)
        assert looked_at(oak.c) > moment
        moment = looked_at(oak.c)
    assert said_at == [end - timedelta(days=7), end - timedelta(days=1), end]
