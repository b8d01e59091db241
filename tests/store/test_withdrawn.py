"""Sharing is stopped at any moment between the words being sent off and being read: whichever way,
on both databases, nothing is told after it and what was told is taken back."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, bindparam, select

from bot.care.agreeing import Freely, Wish
from bot.care.agreement import Choice
from bot.care.news import PUSH, READING, State
from bot.care.outcome import Topic
from bot.care.text import Text
from bot.clock import HandClock
from bot.i18n import Words
from bot.outbox import gate
from bot.outbox.sender import Gone, Presented, Withheld
from bot.store import Connection, agreeing, leaving, outbox, reading, schema, seed, supporter, tell
from bot.store.memory import Memory
from bot.store.outbox import Row
from tests.conftest import KEY, NOON
from tests.oak import ACCOUNTS, LATER, Oak, sampled

CAKE = "Sam baked a cake."
SOON = LATER + timedelta(seconds=1)
PRESENT = gate.present(Words.load(), ZoneInfo("Europe/London"))
REMOVE = Text("general", "remove")


def _never(oak: Oak) -> None:
    wish = Wish(Topic.DAILY_LIFE, Choice.NEVER, 1)
    drafted = agreeing.draft(oak.c, oak.role("Amira"), (wish,), oak.sam, LATER)
    assert drafted.said is not None
    agreeing.answer(oak.c, str(drafted.said.params["agreement"]), oak.sam, LATER, freely=Freely.YES)


def _out(oak: Oak) -> None:
    leaving.end_membership(oak.c, oak.role("Amira"), oak.sam, LATER)


ENDS: dict[str, Callable[[Oak], object]] = {
    "with one": lambda oak: agreeing.stop(oak.c, oak.role("Amira"), oak.sam, LATER),
    "with all": lambda oak: agreeing.stop_all(oak.c, oak.sam, LATER),
    "taken out": _out,
    "the reader leaves": lambda oak: leaving.leave(oak.c, oak.amira, LATER),
    "the person leaves": lambda oak: leaving.leave(oak.c, oak.sam, LATER),
}
"""After these nothing may be left in the chat either."""

HALTS: dict[str, Callable[[Oak], object]] = {
    "paused": lambda oak: supporter.pause(oak.c, oak.role("Amira"), oak.sam, LATER),
    "never": _never,
}
"""After these nothing more is told."""


@pytest.fixture
def oak(engine: Engine) -> Iterator[Oak]:
    with engine.begin() as c:
        oak = sampled(c)
        tell.send(c, oak.sam, Topic.DAILY_LIFE, 2, CAKE, oak.jo, NOON)
        yield oak


@pytest.mark.parametrize("way", [*ENDS, *HALTS])
def test_stopped_at_any_moment_nothing_is_told_after_it(oak: Oak, way: str) -> None:
    stop = {**ENDS, **HALTS}[way]

    with oak.c.begin_nested() as queued:
        stop(oak)
        assert all(isinstance(PRESENT(oak.c, row, SOON), Withheld) for row in _rows(oak, PUSH))
        queued.rollback()

    with oak.c.begin_nested() as called:
        outbox.sent(oak.c, _rows(oak, PUSH)[0], 76, LATER)
        stop(oak)
        reading.look(oak.c, oak.amira, SOON)
        shown = [PRESENT(oak.c, row, SOON) for row in _rows(oak, READING)]
        assert not any(CAKE in one.text for one in shown if isinstance(one, Presented))
        called.rollback()

    with oak.c.begin_nested() as tapped:
        reading.look(oak.c, oak.amira, LATER)
        row = _row(oak, READING)
        stop(oak)
        shown_now = PRESENT(oak.c, row, SOON)
        assert not isinstance(shown_now, Presented) or CAKE not in shown_now.text
        tapped.rollback()


@pytest.mark.parametrize("way", ENDS)
@pytest.mark.parametrize("noted", [False, True], ids=["on their way", "there"])
def test_what_left_before_it_is_written_down_and_taken_back(
    oak: Oak, way: str, noted: bool
) -> None:
    reading.look(oak.c, oak.amira, LATER)
    row = _row(oak, READING)
    shown = PRESENT(oak.c, row, LATER)
    assert isinstance(shown, Presented) and CAKE in shown.text and shown.kept is not None
    if noted:
        shown.kept(oak.c, 77, LATER)
    ENDS[way](oak)
    if not noted:
        shown.kept(oak.c, 77, SOON)

    removed = [PRESENT(oak.c, row, SOON) for row in _rows(oak, REMOVE)]
    assert Gone(ACCOUNTS["Amira"], 77) in removed
    told = select(schema.ledger.c.id).where(schema.ledger.c.kind == "told")
    assert len(oak.c.execute(told).all()) == 1  # the words; that a call left is another line
    assert set(oak.c.execute(_STATES, {"of": oak.amira}).scalars()) == {State.OVER.value}


@pytest.mark.parametrize("engine_url", ["postgresql"], indirect=True)
async def test_two_replicas_at_once_leave_nothing_shown(engine_url: str, tmp_path: Path) -> None:
    """One notes that the words have left while the other stops sharing: whoever is first, they
    are taken away. (One process writes one after the other.)"""
    clock = HandClock(NOON)
    one = await Memory.open(engine_url, key=KEY, data=tmp_path, clock=clock)
    other = await Memory.open(engine_url, key=KEY, data=tmp_path, clock=clock)
    try:
        ids = await one.write(seed.seed_sample, NOON, ACCOUNTS)
        for turn in range(4):
            place, shown = await one.write(_shown_to_leo, ids, turn)
            left = one.write(_left, shown, 100 + turn)
            stopped = other.write(agreeing.stop, place, ids["Sam"], LATER)
            await asyncio.gather(*((left, stopped) if turn % 2 else (stopped, left)))
            assert await one.read(_removed, ids["Leo"]) == turn + 1
            assert not await one.read(_shown, ids["Leo"])
    finally:
        await one.close()
        await other.close()


def _shown_to_leo(c: Connection, ids: dict[str, str], turn: int) -> tuple[str, Presented]:
    """Sam shares with Leo; words for Leo are made, and on their way. Leo's place, and they."""
    oak, now = Oak(c, ids), NOON + timedelta(minutes=turn)
    place = oak.role("Leo")
    if turn:
        wish = Wish(Topic.DAILY_LIFE, Choice.SHARE, 3)
        drafted = agreeing.draft(c, place, (wish,), oak.sam, now)
        assert drafted.said is not None
        id = str(drafted.said.params["agreement"])
        agreeing.answer(c, id, oak.sam, now, freely=Freely.YES)
    tell.send(c, oak.sam, Topic.DAILY_LIFE, 2, CAKE, oak.jo, now)
    reading.look(c, oak.leo, LATER)
    shown = PRESENT(c, _row(oak, READING), LATER)
    assert isinstance(shown, Presented) and CAKE in shown.text and shown.kept is not None
    return place, shown


def _left(c: Connection, shown: Presented, message: int) -> None:
    assert shown.kept is not None
    shown.kept(c, message, LATER)


def _removed(c: Connection, member: str) -> int:
    """How many messages that were read are to be taken away."""
    return len(
        {
            params["message"]
            for params in c.execute(_REMOVED, {"of": member}).scalars()
            if params["message"] >= 100
        }
    )


def _shown(c: Connection, member: str) -> bool:
    return bool(set(c.execute(_STATES, {"of": member}).scalars()) - {State.OVER.value})


def _rows(oak: Oak, text: Text) -> list[Row]:
    """These messages to Amira, the newest first."""
    ids = oak.c.execute(_OF_TEXT, {"of": oak.amira, "text": str(text)}).scalars().all()
    return [outbox.load(oak.c, id)[0] for id in ids]


def _row(oak: Oak, text: Text) -> Row:
    newest = select(schema.outbox.c.id).where(schema.outbox.c.text == str(text))
    id = oak.c.execute(newest.order_by(schema.outbox.c.number.desc())).scalars().first()
    assert id is not None
    return outbox.load(oak.c, id)[0]


_STATES = select(schema.telling.c.state).where(schema.telling.c.member == bindparam("of"))
_REMOVED = select(schema.outbox.c.params).where(
    schema.outbox.c.text == str(REMOVE), schema.outbox.c.member == bindparam("of")
)
_OF_TEXT = (
    select(schema.outbox.c.id)
    .where(schema.outbox.c.text == bindparam("text"), schema.outbox.c.member == bindparam("of"))
    .order_by(schema.outbox.c.number.desc())
)
