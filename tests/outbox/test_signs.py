"""What is shown of the plan and of what was noticed, asked at the very last moment."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, delete, insert, select

from bot.care.agreement import Basis
from bot.care.calendar import READING as SIGNS
from bot.care.calendar import Calendar, Picture
from bot.care.news import HIDE_AFTER
from bot.care.outcome import Lane, Outcome, Topic
from bot.care.sign import Observation, Voice
from bot.care.sign_plan import READING
from bot.i18n import Words
from bot.outbox import gate, reveal
from bot.outbox.sender import Presented, Withheld
from bot.playground.acting import PIXEL
from bot.store import (
    Connection,
    agreeing,
    calendar,
    guarding,
    ledger,
    news,
    outbox,
    reading,
    schema,
    sign,
    sign_plan,
    told,
)
from bot.store.commit import KEEP
from bot.store.outbox import Row
from bot.store.tools import new_id
from tests.conftest import NOON
from tests.doors import open_doors, up
from tests.oak import LATER, Oak, sampled
from tests.play import Play

PRESENT = gate.present(Words.load(), ZoneInfo("Europe/London"))


@pytest.fixture
def oak(engine: Engine) -> Iterator[Oak]:
    with engine.begin() as c:
        made = sampled(c)
        sign_plan.sample(c, made.sam, made.amira, made.jo, NOON)
        yield made


def lets(oak: Oak, name: str, topic: Topic, level: int) -> None:
    """Sam shares one thing with them, so much of it."""
    agreed = select(schema.agreement.c.id).where(schema.agreement.c.supporter == oak.role(name))
    agreement, table = oak.c.execute(agreed).scalar_one(), schema.sharing
    oak.c.execute(delete(table).where(table.c.agreement == agreement, table.c.topic == topic.value))
    row = {"situation": "everyday", "choice": "share", "basis": Basis.CONSENT.value, "since": NOON}
    oak.c.execute(
        insert(table).values(
            id=new_id(oak.c), agreement=agreement, topic=topic.value, level=level, **row
        )
    )


def withdraws(oak: Oak, name: str) -> None:
    table = schema.agreement
    ended = table.update().where(table.c.supporter == oak.role(name))
    oak.c.execute(ended.values(ended_at=LATER, state="ended"))


def newest(oak: Oak, text: object, name: str) -> Presented | Withheld:
    """What their newest tap would show now."""
    id = oak.c.execute(
        select(schema.outbox.c.id)
        .where(schema.outbox.c.text == str(text), schema.outbox.c.member == oak.ids[name])
        .order_by(schema.outbox.c.number.desc())
        .limit(1)
    ).scalar_one()
    shown = PRESENT(oak.c, outbox.load(oak.c, id)[0], LATER)
    assert isinstance(shown, Presented | Withheld)
    return shown


def reads_plan(oak: Oak, name: str) -> Presented:
    sign_plan.read(oak.c, oak.role(name), oak.ids[name], LATER)
    shown = newest(oak, READING, name)
    assert isinstance(shown, Presented)
    return shown


def looks(oak: Oak, name: str, held: str | None = None) -> Presented | Withheld:
    calendar.look(oak.c, oak.sam, held or oak.role(name), oak.ids[name], LATER)
    return newest(oak, SIGNS, name)


def noticed(oak: Oak, name: str, voice: Voice, card: int) -> None:
    plan = sign.active(oak.c, oak.sam)
    assert plan is not None
    by, of = oak.ids[name], plan.signs[card].id
    one = Observation(
        new_id(oak.c), oak.sam, plan.id, of, 0, 1, "words", by, None, voice, NOON, False
    )
    KEEP[Observation](oak.c, one)


def left(oak: Oak, shown: Presented) -> list[tuple[str, object]]:
    """It has left: the ledger's new lines, and whether the person can read in them what was."""
    before = ledger.lines(oak.c)[-1].number
    assert shown.kept is not None
    shown.kept(oak.c, 77, LATER)
    return [(one.kind, one.facts.get("reason")) for one in ledger.lines(oak.c, after=before)]


def test_the_plan_is_read_by_whom_the_person_lets_and_each_answer_is_a_line(oak: Oak) -> None:
    shown = reads_plan(oak, "Ruth")
    assert "Up in the night" in shown.text and "Talking very fast" in shown.text
    assert "Amira" not in shown.text and "Jo" not in shown.text, "who wrote it is not told"
    assert left(oak, shown) == [("told", "agreed")]

    nothing = reads_plan(oak, "Leo")
    assert "Up in" not in nothing.text and left(oak, nothing) == [("withheld", "no_row")]
    lets(oak, "Leo", Topic.PLANS_AND_REVIEWS, 2)
    assert reads_plan(oak, "Leo").text == nothing.text, "the headline is not the plan"

    withdraws(oak, "Ruth")
    after = reads_plan(oak, "Ruth")
    assert (after.text, after.buttons) == (nothing.text, nothing.buttons)
    assert sign_plan.read(oak.c, oak.role("Ruth"), oak.amira, LATER) == Outcome()


def chats(oak: Oak) -> list[object]:
    """The messages that are taken out of chats."""
    table = schema.outbox
    gone = select(table.c.params).where(table.c.text == "general.remove").order_by(table.c.number)
    return [row["message"] for row in oak.c.execute(gone).scalars()]


def shows(oak: Oak, name: str, message: int, topic: Topic | None = None) -> str:
    """It has left as this message; the telling that its button hides."""
    one = reads_plan(oak, name) if topic is None else looks(oak, name)
    assert isinstance(one, Presented) and one.kept is not None
    one.kept(oak.c, message, LATER)
    (hide,) = [b.data for row in one.buttons for b in row if str(b.data).startswith("news:hide:")]
    return str(hide).split(":")[2]


def test_what_was_shown_hides_again_is_taken_back_and_is_the_persons_to_know(oak: Oak) -> None:
    lets(oak, "Leo", Topic.EARLY_SIGNS, 2)
    noticed(oak, "Jo", Voice.STAFF, 0)
    before = [one.to for one in told.page(oak.c, oak.sam).entries]
    plan, of_leo = shows(oak, "Ruth", 77), shows(oak, "Leo", 78, Topic.EARLY_SIGNS)
    shows(oak, "Ruth", 79)
    entries = told.page(oak.c, oak.sam).entries[: -len(before) or None]
    assert [(one.to, one.words) for one in entries] == [
        (oak.ruth, "The early-warning plan, version 1"),
        (oak.leo, "Which signs were noticed in the last 4 weeks"),
        (oak.ruth, "The early-warning plan, version 1"),
    ]
    assert entries[0].row is not None and entries[0].row.topic is Topic.PLANS_AND_REVIEWS
    assert news.unread(oak.c, oak.ruth, LATER, again=True) == [], "it does not come back"

    assert reading.hide(oak.c, plan, 77, oak.leo, LATER) == Outcome()
    reading.hide(oak.c, plan, 77, oak.ruth, LATER)
    reading.hide_due(oak.c, of_leo, LATER, LATER + HIDE_AFTER)
    assert chats(oak) == [77, 78]
    agreeing.stop_all(oak.c, oak.sam, LATER)
    assert chats(oak) == [77, 78, 79]


def test_what_was_withdrawn_while_it_left_is_taken_away_at_once(oak: Oak) -> None:
    shown = reads_plan(oak, "Ruth")
    agreeing.stop(oak.c, oak.role("Ruth"), oak.sam, LATER)
    assert chats(oak) == []
    assert left(oak, shown) == [("told", "agreed")], "what was seen was seen"
    assert chats(oak) == [77]


def test_what_was_noticed_reaches_each_as_far_as_it_is_theirs(oak: Oak) -> None:
    for name, voice, card in (
        ("Sam", Voice.PERSON, 0),
        ("Amira", Voice.CARER, 1),
        ("Jo", Voice.STAFF, 2),
    ):
        noticed(oak, name, voice, card)
    night, silent, fast = "Up in the night", "Not answering messages", "Talking very fast"

    def sees(name: str) -> set[str]:
        shown = looks(oak, name)
        assert isinstance(shown, Presented) and "words" not in shown.text
        if shown.picture is not None:
            assert isinstance(shown.picture, Picture)
            rows = {called for _, called in shown.picture.calendar.rows}
            assert all(called in shown.text for called in rows), "the words say what it shows"
        return {one for one in (night, silent, fast) if one in shown.text}

    assert sees("Dev") == {night, silent, fast} and sees("Sam") == {night, fast}
    assert sees("Amira") == {silent} and sees("Leo") == sees("Ruth") == set()
    lets(oak, "Leo", Topic.EARLY_SIGNS, 1)
    assert sees("Leo") == set()
    lets(oak, "Leo", Topic.EARLY_SIGNS, 2)
    assert sees("Leo") == {night, fast}, "never what another carer said"
    shown = looks(oak, "Leo")
    assert isinstance(shown, Presented) and left(oak, shown) == [("told", "agreed")]
    withdraws(oak, "Leo")
    assert sees("Leo") == set()
    lets(oak, "Amira", Topic.EARLY_SIGNS, 3)
    assert sees("Amira") == {night, silent, fast}

    assert isinstance(looks(oak, "Alex"), Withheld)
    assert calendar.look(oak.c, oak.sam, oak.role("Dev"), oak.amira, LATER) == Outcome()


def test_whoever_may_see_nothing_sees_what_they_see_for_whom_nothing_is_there(oak: Oak) -> None:
    noticed(oak, "Leo", Voice.CARER, 1)
    noticed(oak, "Amira", Voice.CARER, 0)
    lets(oak, "Leo", Topic.EARLY_SIGNS, 2)
    allowed = looks(oak, "Leo")
    assert isinstance(allowed, Presented) and left(oak, allowed) == [("looked", "agreed")]
    guarding.forbid(oak.c, oak.role("Leo"), [Topic.EARLY_SIGNS], "harm", oak.mina, LATER)
    denied = looks(oak, "Leo")
    assert isinstance(denied, Presented) and left(oak, denied) == [("withheld", "guardrail")]
    assert (denied.text, denied.buttons) == (allowed.text, allowed.buttons)
    assert told.read_by(oak.c, oak.leo) == []


@pytest.mark.parametrize("seen", ["the plan", "the calendar"])
def test_what_may_have_arrived_before_it_was_taken_back_is_owned_up_to(oak: Oak, seen: str) -> None:
    noticed(oak, "Jo", Voice.STAFF, 0)
    lets(oak, "Ruth", Topic.EARLY_SIGNS, 2)
    plan = seen == "the plan"
    first = reads_plan(oak, "Ruth") if plan else looks(oak, "Ruth")
    assert isinstance(first, Presented) and "Up in the night" in first.text
    text = str(READING if plan else SIGNS)
    id = select(schema.outbox.c.id).where(schema.outbox.c.text == text)
    row = replace(outbox.load(oak.c, oak.c.execute(id).scalar_one())[0], maybe_sent=True)
    agreeing.stop(oak.c, oak.role("Ruth"), oak.sam, LATER)

    again = PRESENT(oak.c, row, LATER)
    assert isinstance(again, Presented) and "Up in the night" not in again.text
    assert again.kept is not None
    again.kept(oak.c, 78, LATER)
    reveal.given_up(oak.c, row, LATER)
    entries = [one for one in told.page(oak.c, oak.sam).entries if one.to == oak.ruth]
    assert [(one.told, one.maybe) for one in entries] == [(False, True)] * 2


async def test_without_its_picture_the_words_go_alone(play: Play, tmp_path: Path) -> None:
    jo = await play.new_person("Jo", role="staff")
    day = NOON.date()
    picture = Picture(Calendar(day, day, (), ()), "What was noticed", {})
    given = [b"no picture", PIXEL]

    def show(c: Connection, row: Row, now: datetime) -> Presented:
        return Presented(jo.id, row.text.id, picture=picture)

    async with open_doors(play, tmp_path, present=show, draw=lambda _: given.pop()) as doors:
        await up(play)
        member = await doors.member("Jo", jo.id)
        for words in ("drawn", "refused", "broken"):
            await doors.tell(member, Lane.REPLY, words)
            await play.settle()
        sent = (await play.chat(jo.id)).from_bot
        assert [(one.text, bool(one.photo), one.protected) for one in sent] == [
            ("drawn", True, True),
            ("refused", False, True),
            ("broken", False, True),
        ]
        assert await doors.states() == [("sent", None)] * 3
