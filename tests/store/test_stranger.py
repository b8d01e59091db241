"""A stranger is answered now and then, and nothing else about them is kept."""

from datetime import timedelta

from sqlalchemy import Engine, select

from bot.store import schema, stranger
from tests.conftest import NOON

SOON = NOON + stranger.QUIET - timedelta(seconds=1)
LATER = NOON + stranger.QUIET


def test_a_stranger_is_answered_once_in_ten_minutes(engine: Engine) -> None:
    with engine.begin() as c:
        assert stranger.may_answer(c, 7, NOON)
        assert not stranger.may_answer(c, 7, NOON)
        assert not stranger.may_answer(c, 7, SOON)
        assert stranger.may_answer(c, 7, LATER)
        assert not stranger.may_answer(c, 7, LATER)


def test_one_stranger_does_not_silence_another(engine: Engine) -> None:
    with engine.begin() as c:
        assert stranger.may_answer(c, 7, NOON)
        assert stranger.may_answer(c, 8, NOON)


def test_a_stranger_is_forgotten(engine: Engine) -> None:
    with engine.begin() as c:
        stranger.may_answer(c, 7, NOON)
        stranger.may_answer(c, 8, LATER)
        assert c.execute(select(schema.stranger.c.chat)).scalars().all() == [8]
