"""Whom another way reaches: it counts as long as there is such a way."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import Connection, update

from bot.care.plan import LADDERS
from bot.store import contact, ladder, schema
from bot.store.tools import tools
from tests.conftest import NOON
from tests.oak import Oak, unreachable
from tests.store.test_fallback import reachable

STAFF = ("Jo", "Dev", "Priya", "Mina")


@contextmanager
def channels(c: Connection, *names: str) -> Iterator[None]:
    """The operator has these ways, and no other."""
    before = tools(c)
    c.execution_options(kith=replace(before, channels=names))
    yield
    c.execution_options(kith=before)


def test_a_way_that_is_gone_reaches_nobody_and_the_ladder_says_so(oak: Oak) -> None:
    for name in STAFF:
        reachable(oak, oak.ids[name], "pager")
    unreachable(oak, *STAFF)
    rungs = LADDERS["key_worker"]
    with channels(oak.c, "sms", "pager"):
        assert contact.untried(oak.c, oak.team) == []
        assert ladder.tried(oak.c, oak.sam, rungs, NOON)
        there = ladder.those_around(oak.c, oak.sam, rungs, NOON)
        assert oak.jo in there.ladder[0].elsewhere and not ladder.nobody(there)
    for left in (("sms",), ()):
        with channels(oak.c, *left):
            untried = [member.name for member in contact.untried(oak.c, oak.team)]
            assert sorted(untried) == sorted(STAFF)
            assert not ladder.tried(oak.c, oak.sam, rungs, NOON)
            assert ladder.nobody(ladder.those_around(oak.c, oak.sam, rungs, NOON))


def test_whoever_answered_a_practice_alert_needs_no_other_way(oak: Oak) -> None:
    rungs = LADDERS["key_worker"]
    assert not ladder.tried(oak.c, oak.sam, rungs, NOON)
    oak.c.execute(update(schema.member).values(alert_seen_at=NOON))
    with channels(oak.c):
        assert contact.untried(oak.c, oak.team) == []
        assert ladder.tried(oak.c, oak.sam, rungs, NOON)
