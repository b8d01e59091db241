"""Where somebody is: sealed until the rung they chose, shown once when they say so, and gone."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import key as keys
from bot.care.location import Spot
from bot.care.terms import SafePlace, Terms
from bot.clock import HandClock
from bot.store import Connection, backup, schema, spot
from bot.store.engine import Refused
from bot.store.memory import Memory
from tests.handlers.agreed import on
from tests.kith import Story, kith
from tests.play import Message

THERE = (51.50735, -0.12776)
LATER = (51.60001, -0.22222)
DIGITS = ("51.50", "51.60", "0.1277", "0.2222")
"""What would give either of them away."""


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    async with kith(tmp_path) as told:
        yield told


def on_a_map(message: Message) -> tuple[float, float] | None:
    where = message.location
    return None if where is None else (where["latitude"], where["longitude"])


def found_in(folder: Path, *digits: bytes) -> list[bytes]:
    """Which of these Kith has written down, its log of writes included."""
    written = b"".join(file.read_bytes() for file in folder.glob("kith.db*"))
    return [one for one in digits if one in written]


async def in_backup(folder: Path, now: datetime) -> Spot | None:
    """The newest point as a backup made now has it; nowhere in its files can it be read, and one
    of its two parts alone is opened by nobody."""
    key = keys.read(folder)
    assert isinstance(key, bytes)
    to = folder / "backups"
    made = await asyncio.to_thread(
        backup.back_up,
        f"sqlite:///{folder / 'kith.db'}",
        key=key,
        data=folder,
        data_to=to / "data",
        keys_to=to / "keys",
        now=now,
    )
    files = b"".join(file.read_bytes() for file in to.rglob("*") if file.is_file())
    assert made.good and not [one for one in DIGITS if one.encode() in files]
    url, clock = f"sqlite:///{made.data / backup.DATA_FILE}", HandClock(now)
    with pytest.raises(Refused, match="keys of this database are missing"):
        await Memory.open(url, key=key, data=to, clock=clock)
    memory = await Memory.open(url, key=key, data=made.keys, clock=clock)
    try:
        return await memory.read(_newest)
    finally:
        await memory.close()


def _newest(c: Connection) -> Spot | None:
    return spot.load(c, c.execute(select(schema.spot.c.journey)).scalar_one())


async def test_a_sealed_location_opens_at_the_rung_they_chose_and_is_gone_in_the_end(
    capfd: pytest.CaptureFixture[str], story: Story, tmp_path: Path
) -> None:
    await story.sam.says("/my_location")
    chat = await story.sam.taps("From the second on")
    assert "tell you who looked" in chat.last.text
    await story.sets_off()

    sent = await story.play.location(story.sam.id, *THERE, live_period=7200)
    assert sent.last.buttons[:4] == ["👍 I'm OK", "🕒 I'm late", "🏠 I'm home", "🆘 I need help"]
    live = sent.messages[-2]
    await story.heard(sam="locked away where you are")
    await story.play.location(story.sam.id, *LATER, message_id=live.id)
    await story.heard()
    assert not found_in(tmp_path, b"51.5", b"51.6", b"0.127", b"0.222")
    there = await in_backup(tmp_path, await story.now())
    assert there is not None and (there.latitude, there.longitude) == LATER

    await story.passes(minutes=70)
    assert not any("See where" in label for label in (await story.jo.chat()).buttons)
    await story.passes(minutes=10)
    await story.listens()
    await story.dev.taps("See where Sam is")
    await story.heard(sam="Dev looked at where you were, at 10:20", dev="")
    shown = (await story.dev.chat()).last
    assert on_a_map(shown) == LATER
    assert shown.location is not None and "Sam at 09:00" in shown.location["title"]
    await story.sam.says("/told")
    assert "Dev looked at where you were, at 10:20" in await story.sam.last()
    await story.listens()

    see = next(
        data for one in (await story.dev.chat()).from_bot for data in one.data if ":see:" in data
    )
    for stray in (story.alex, story.leo, story.amira, story.mina):
        await story.play.raw_update(press(stray.id, see))
    await story.play.settle()
    await story.heard()

    await story.dev.taps("I've got this", "Safe and well")
    chats = await story.play.chats()
    assert not any(on_a_map(one) for one in chats[story.dev.id].from_bot)
    await story.listens()
    await story.play.location(story.sam.id, *LATER, message_id=live.id)
    await story.heard()
    logged = "".join(capfd.readouterr())
    assert "this replica leads" in logged and not [one for one in DIGITS if one in logged]


async def test_who_has_not_chosen_it_is_asked_each_time_and_a_no_is_forgotten(
    story: Story, tmp_path: Path
) -> None:
    for other in (story.jo, story.amira, story.alex):
        await other.says("/my_location")
        await story.heard(**{other.name.lower(): "go out with a plan"})
    await story.play.location(story.sam.id, *THERE)
    await story.heard(sam="Nobody has read it")
    await story.sets_off()
    sent = await story.play.location(story.sam.id, *THERE, live_period=7200)
    live = sent.messages[-2]
    await story.heard(sam="Show this to Jo now?")
    assert sent.last.buttons[:2] == ["Yes", "No"]
    old = sent.last.data[0]
    await story.play.location(story.sam.id, *LATER, message_id=live.id)
    await story.heard()
    chat = await story.sam.taps("No")
    assert "forgotten it" in chat.last.text and chat.last.buttons[:1] != ["Yes"]
    await story.passes(minutes=16)
    await story.play.raw_update(press(story.sam.id, old))
    await story.play.settle()
    await story.heard()

    await story.sam.says("/notice")  # a talk that waits for words does not read it
    await story.listens()
    await story.play.location(story.sam.id, *LATER)
    await story.heard(sam="Show this to Jo now?")
    await story.play.raw_update(press(story.amira.id, old))
    await story.sam.taps("Yes")
    assert "showing it to Jo" in await story.sam.last()
    await story.heard(jo="")
    assert on_a_map((await story.jo.chat()).last) == LATER
    assert not found_in(tmp_path, b"51.5", b"51.6", b"5160001", b"5150735")
    await story.sam.says("/told")
    assert "You showed Jo where you were, at 09:16" in await story.sam.last()

    await story.sam.says("/home")
    chats = await story.play.chats()
    assert not any(on_a_map(one) for one in chats[story.jo.id].from_bot)

    await story.sam.says("/me")
    await story.sam.taps("More about me", "Is this phone shared?", "Yes, it is shared")
    await story.sam.says("/my_location")
    assert "Is it you, Sam?" in await story.sam.last()
    chat = await story.sam.taps("Yes, it's me")
    assert chat.last.buttons[3] == "✓ Nobody: keep it off"


async def test_whoever_is_lost_is_shown_the_nearest_safe_place_and_nobody_else_is(
    tmp_path: Path,
) -> None:
    places = (
        SafePlace("l", "Library", "1 High Street", "020 7946 0001", 51.5, -0.2),
        SafePlace("c", "Café", "2 Park Row", "020 7946 0002", 51.61, -0.22),
    )
    async with kith(tmp_path, agreed=on(Terms(safe_places=places))) as story:
        await story.sets_off()
        await story.sam.taps("I need help")
        await story.listens()
        await story.sam.taps("I'm lost")
        both = await story.sam.last()
        assert "Library" in both and "020 7946 0002" in both, "nobody knows where Sam is"
        lost, _ = await story.sam.news()
        assert "go where I show you" in lost and "stay" not in lost, "one order"
        await story.heard(jo="Sam is lost")
        await story.passes(minutes=1)
        await story.play.location(story.sam.id, *LATER)
        heard = await story.sam.news()
        near = [one for one in (await story.sam.chat()).from_bot if one.location is not None]
        assert [on_a_map(one) for one in near] == [(51.61, -0.22)], "the nearest alone"
        assert near[0].location is not None and "Café" in near[0].location["title"]
        assert "020 7946 0002" in str(near[0].location) and "Library" not in str(heard)
        await story.heard()


def press(by: int, data: str) -> dict[str, object]:
    """A press on a button that was never shown to them."""
    return {
        "callback_query": {
            "id": f"{by}0",
            "from": {"id": by, "is_bot": False, "first_name": "Somebody"},
            "chat_instance": "1",
            "data": data,
            "message": {"message_id": 1, "date": 1, "chat": {"id": by, "type": "private"}},
        }
    }
