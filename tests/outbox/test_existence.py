"""Whoever is denied something sees what they see for whom nothing is there: to the byte, and by the
same way through the store, step for step."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Engine, bindparam, event, select

from bot.care.news import KEPT, PUSH, READING
from bot.care.outcome import Topic
from bot.i18n import Words
from bot.outbox import gate
from bot.outbox.sender import Presented
from bot.store import agreeing, ask_first, news, outbox, reading, schema, tell
from bot.store.tools import tools
from tests.conftest import NOON
from tests.oak import LATER, Oak, sampled

PRESENT = gate.present(Words.load(), ZoneInfo("Europe/London"))


def _told(oak: Oak) -> None:
    tell.send(oak.c, oak.sam, Topic.DAILY_LIFE, 2, "Sam baked a cake.", oak.jo, NOON)


def _denied(oak: Oak) -> None:
    for topic in (Topic.FINANCES, Topic.WELLBEING, Topic.MEDICATION):
        tell.send(oak.c, oak.sam, topic, 1, "The bank wrote.", oak.jo, NOON)


def _refused(oak: Oak) -> None:
    """Asked first, Sam said no."""
    tell.send(oak.c, oak.sam, Topic.APPOINTMENTS, 3, "The dentist.", oak.jo, NOON)
    (id,) = oak.c.execute(select(schema.telling.c.id)).scalars()
    found = news.telling(oak.c, id)
    assert found is not None
    ask_first.no(oak.c, id, found.version, oak.sam, NOON)


def _asked(oak: Oak) -> None:
    """Sam has not answered yet."""
    tell.send(oak.c, oak.sam, Topic.APPOINTMENTS, 3, "The dentist.", oak.jo, NOON)


def _withdrawn(oak: Oak) -> None:
    _told(oak)
    agreeing.stop(oak.c, oak.role("Amira"), oak.sam, NOON)


def _told_to_others(oak: Oak) -> None:
    agreeing.stop(oak.c, oak.role("Amira"), oak.sam, NOON)
    _told(oak)


CASES: dict[str, Callable[[Oak], object]] = {
    "denied": _denied,
    "refused": _refused,
    "asked": _asked,
    "withdrawn": _withdrawn,
    "told to others": _told_to_others,
}


@pytest.fixture
def oak(engine: Engine) -> Iterator[Oak]:
    with engine.begin() as c:
        yield sampled(c)


@contextmanager
def counted(c: Connection) -> Iterator[list[str]]:
    """Every statement, without what is asked: the time of an answer is theirs."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement.split(" VALUES ")[0])

    event.listen(c, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(c, "before_cursor_execute", note)


def transcript(oak: Oak, *, late: bool = False) -> tuple[list[str], list[object]]:
    """Amira taps `Read` and gets an answer: each statement on the way, and all that she sees."""
    now = LATER + (KEPT if late else timedelta(0))
    tools(oak.c).vault._in_use.pop(oak.c, None)  # a connection's next use knows no keys
    with counted(oak.c) as statements:
        reading.look(oak.c, oak.amira, now)
        id = oak.c.execute(_READING, {"of": oak.amira}).scalars().first()
        assert id is not None
        row = outbox.load(oak.c, id)[0]
        shown = PRESENT(oak.c, row, now)
        assert isinstance(shown, Presented)
        outbox.sent(oak.c, row, 77, now)
        if shown.kept is not None:
            shown.kept(oak.c, 77, now)
    stored = [row.lane, row.about, row.key, row.params]
    return statements, [shown.text, shown.buttons, shown.chat, shown.reason, *stored]


def nothing(oak: Oak, *, late: bool = False) -> tuple[list[str], list[object]]:
    """The same where nothing was ever written."""
    with oak.c.begin_nested() as undone:
        seen = transcript(oak, late=late)
        undone.rollback()
    return seen


@pytest.mark.parametrize("case", CASES)
def test_denied_and_nothing_are_the_same_to_the_byte_and_the_step(oak: Oak, case: str) -> None:
    expected = nothing(oak)
    CASES[case](oak)

    assert transcript(oak) == expected
    pushed = select(schema.outbox.c.id).where(
        schema.outbox.c.text == str(PUSH), schema.outbox.c.member == oak.amira
    )
    for id in oak.c.execute(pushed).scalars():
        assert not isinstance(PRESENT(oak.c, outbox.load(oak.c, id)[0], LATER), Presented)


def test_what_was_shared_and_then_not_is_the_same_to_the_byte(oak: Oak) -> None:
    """Choosing what to show takes a look at each item that waits; how it is then made and sent, and
    all that is seen, is the same."""
    _, expected = nothing(oak)
    _told(oak)
    oak.c.execute(schema.sharing.update().values(choice="never"))
    assert transcript(oak)[1] == expected


def test_what_has_grown_old_is_the_same_too(oak: Oak) -> None:
    expected = nothing(oak, late=True)
    _told(oak)
    assert transcript(oak, late=True) == expected


_READING = (
    select(schema.outbox.c.id)
    .where(schema.outbox.c.text == str(READING), schema.outbox.c.member == bindparam("of"))
    .order_by(schema.outbox.c.number.desc())
)
