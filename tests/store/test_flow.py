"""Half-finished conversations are kept, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, select

from bot.store import flow, schema
from bot.store.flow import Talk

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
TALK = Talk("talkaaaaaaaaaaaa", 7, None, "out", "where", {"person": "sam"})


def test_a_talk_comes_back_as_it_was_left(engine: Engine) -> None:
    moved = replace(
        TALK, step="when", answers={"where": "Café ☕"}, path=("where",), turn=1, screen=12
    )
    with engine.begin() as c:
        flow.begin(c, TALK, NOW)
        assert flow.load(c, TALK.id, 7) == TALK
        flow.keep(c, moved, NOW)
    with engine.begin() as c:
        assert flow.load(c, TALK.id, 7) == moved


def test_a_talk_is_its_own_chats_only(engine: Engine) -> None:
    with engine.begin() as c:
        flow.begin(c, TALK, NOW)
        assert flow.load(c, TALK.id, 8) is None


def test_the_same_flow_begun_again_gives_way_to_the_new_one(engine: Engine) -> None:
    again = replace(TALK, id="talkbbbbbbbbbbbb")
    elsewhere = replace(TALK, id="talkcccccccccccc", chat=8)
    with engine.begin() as c:
        for talk in (TALK, elsewhere, again):
            flow.begin(c, talk, NOW)
        assert flow.load(c, TALK.id, 7) is None
        assert flow.load(c, again.id, 7) == again
        assert flow.load(c, elsewhere.id, 8) == elsewhere


def test_words_belong_to_the_talk_touched_last(engine: Engine) -> None:
    other = replace(TALK, id="talkbbbbbbbbbbbb", flow="profile")
    with engine.begin() as c:
        assert flow.newest(c, 7) is None
        flow.begin(c, TALK, NOW)
        flow.begin(c, other, NOW + timedelta(seconds=1))
        assert flow.newest(c, 7) == other
        flow.keep(c, TALK, NOW + timedelta(seconds=2))
        assert flow.newest(c, 7) == TALK


def test_which_message_asks_is_remembered(engine: Engine) -> None:
    with engine.begin() as c:
        flow.begin(c, TALK, NOW)
        flow.shown(c, TALK.id, 99)
        assert flow.load(c, TALK.id, 7) == replace(TALK, screen=99)


def test_a_talk_that_has_ended_is_gone(engine: Engine) -> None:
    with engine.begin() as c:
        flow.begin(c, TALK, NOW)
        flow.end(c, TALK.id)
        assert flow.load(c, TALK.id, 7) is None


def test_answers_are_sealed(engine: Engine) -> None:
    with engine.begin() as c:
        flow.begin(c, replace(TALK, answers={"where": "Library"}), NOW)
        kept = c.execute(select(schema.flow.c.answers)).scalar_one()
    assert b"Library" not in kept


def test_answers_that_nobody_can_read_are_said_to_be_so(engine: Engine) -> None:
    with engine.begin() as c:
        flow.begin(c, TALK, NOW)
        c.execute(schema.flow.update().values(answers=b"x" * 40))
        assert flow.load(c, TALK.id, 7) == replace(TALK, answers={}, erased=True)
