"""The words somebody chooses alone: one asks to be rung, one looks like any check-in."""

from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import pytest

from tests.kith import Somebody, Story, kith
from tests.play import Chat, Message

CODE, SECOND = "Purple teapot", "Marmalade moon"
QUESTION = "How is the cat? I say: asleep on the stairs."


async def has_a_code_word(story: Story) -> None:
    await story.sam.says("/my_words")
    await story.sam.taps("My code word")
    await story.sam.says(CODE)
    await story.listens()


async def has_both_words(story: Story, how: str = "One by one") -> None:
    await has_a_code_word(story)
    await story.sam.says("/my_words")
    await story.sam.taps("My second word", "Go on", "Go on", how)
    await story.sam.says(QUESTION, SECOND)
    await story.listens()


def left_in(chat: Chat) -> list[str]:
    """Every message that still stands in this chat, whoever wrote it."""
    return [message.text for message in chat.messages if not message.deleted]


async def test_the_code_word_asks_for_a_call_at_once_out_or_not_in_a_talk_or_not(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await has_a_code_word(story)
        chat = await story.sam.chat()
        assert not any("teapot" in text for text in left_in(chat)), "it is taken out of the chat"
        assert "Saved" in chat.last.text

        await story.sam.says("purple  TEAPOTT")
        await story.heard(sam="I have asked Jo to ring you", jo="Sam asks: please ring me now")
        await story.sam.says(CODE)
        await story.heard(sam="I have told your team already")
        await story.jo.taps("I've got this")
        await story.heard(sam="Jo has seen this", jo="You have this: Sam asks for a call")
        await story.jo.taps("Not reached")
        await story.heard(jo="For a 101 or 999 call")
        await story.jo.taps("Safe and well")
        await story.heard(sam="Jo has finished this with you", jo="Closed")

        await story.sam.says("/out")
        await story.sam.taps("Somewhere else")
        await story.listens()
        await story.sam.says("purple teapto")
        await story.heard(sam="I have asked Jo to ring you", jo="please ring me now")
        await story.sam.says("The pond")
        assert "back" in await story.sam.last(), "the talk is where it was"
        await story.jo.taps("I've got this", "Safe and well")
        await story.sam.taps("1 hour", "Set off")
        await story.listens()

        await story.sam.says("tea")
        await story.listens()
        chat = await story.sam.chat()
        mine = [message.id for message in chat.messages if message.sender == "user"]
        await story.play.edit(story.sam.id, mine[-1], CODE)
        await story.heard(sam="I have asked Jo to ring you", jo="please ring me")
        assert "The pond" in await story.jo.last()
        await story.passes(minutes=10)
        await story.heard(sam="I am asking Dev", dev="please ring me")


async def test_a_talk_about_words_that_was_left_open_swallows_no_cry_for_help(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await has_both_words(story)
        for left_open in (["My code word"], ["My second word", "Go on", "Go on", "One by one"]):
            await story.sam.says("/my_words")
            await story.sam.taps(*left_open)
            await story.passes(hours=1)
            await story.sets_off()
            await story.sam.says("They will not let me go home")
            assert "Nobody has read it" in await story.sam.last()
            await story.sam.taps("I need help")
            await story.jo.taps("I've got this", "Safe and well")
            await story.sam.news()
            await story.jo.news()

        await story.sets_off()
        await story.sam.says("/my_words")
        await story.sam.taps("Practise")
        assert "While you are out, your words are real" in await story.sam.last()
        await story.sam.says(CODE)
        assert "I have asked Jo to ring you" in await story.sam.last()


async def test_only_the_person_has_words_and_they_are_not_everyday_ones(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        for other in (story.jo, story.amira, story.leo, story.alex):
            await other.says("/my_words")
            assert "Only the person" in await other.last()
        await story.sam.says("/my_words")
        await story.sam.taps("My second word")
        assert "First choose your code word" in await story.sam.last()
        await story.sam.taps("My code word")
        for word, why in (
            ("teapot"[:5], "longer word"),
            ("I'm OK now thanks", "another word"),
            ("Librari", "another word"),
            ("Amira!", "longer word"),
            ("p" + "qr" * 20, "shorter word"),
        ):
            await story.sam.says(word)
            assert why in await story.sam.last()
        await story.sam.says(CODE)
        assert "Saved" in await story.sam.last()
        await story.listens()

        buttons = [data for message in (await story.sam.chat()).from_bot for data in message.data]
        await story.sam.says("/my_words")
        buttons += ["words:forget:-:0", *(await story.sam.chat()).last.data[:4]]
        for stray in (story.jo, story.amira, story.leo, story.alex):
            for number, data in enumerate(one for one in buttons if "words" in one):
                await pressed_by(story, stray, f"{stray.id}{number}", data)
        await story.sam.news()
        await story.heard()

        await story.sam.taps("Practise")
        await story.sam.says("green kettle")
        assert "none of your words" in await story.sam.last()
        await story.sam.says("purpel teapot")
        assert await story.sam.last() == "🎯 Practice. Your word works."
        await story.sam.says("/my_words")
        await story.sam.taps("Practise")
        await story.listens()
        await story.passes(minutes=3)
        await story.sam.says(CODE)
        await story.heard(sam="I have asked Jo", jo="please ring me now")
        await story.jo.taps("I've got this", "Safe and well")

        await story.sam.says("/my_words")
        await story.sam.taps("Stop using my words", "Yes, stop")
        await story.listens()
        await story.sam.says(CODE)
        assert "Jo" not in (await story.sam.last())
        assert await story.jo.news() == []


async def test_who_reads_slowly_is_told_what_the_second_word_is_for_and_is_led_to_the_first(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/me")
        await story.sam.taps("Easy Read")
        await story.sam.says("/my_words")
        first = (await story.sam.taps("My second word")).last
        assert "First choose your code word" in first.text
        assert any("My code word" in button for button in first.buttons)
        assert "Choose a word" in (await story.sam.taps("My code word")).last.text
        await story.sam.says(CODE, "/my_words")
        await story.sam.taps("My second word")
        assert "when somebody makes you say you are OK" in await story.sam.last()


async def pressed_by(story: Story, stray: Somebody, id: str, data: str) -> None:
    """They press a button that was never theirs."""
    user = {"id": stray.id, "is_bot": False, "first_name": stray.name}
    chat = {"id": stray.id, "type": "private"}
    message = {"message_id": 1, "date": 1, "chat": chat}
    query = {"id": id, "from": user, "chat_instance": "1", "data": data, "message": message}
    await story.play.raw_update({"callback_query": query})
    await story.play.settle()


async def test_on_a_shared_phone_it_is_asked_who_is_there_first(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/me")
        await story.sam.taps("More about me", "Is this phone shared?", "Yes, it is shared")
        await story.sam.says("/my_words")
        asked = (await story.sam.chat()).last
        assert "My code word" not in asked.buttons
        await story.sam.taps("Yes, it's me", "My code word")
        await story.sam.says(CODE)
        assert "Saved" in await story.sam.last()


# --- the second word ----------------------------------------------------------------------


@pytest.mark.parametrize("how", ["One by one", "Everybody at once"])
async def test_the_reply_leaves_before_anybody_is_asked_or_the_wait_would_tell(
    tmp_path: Path, how: str
) -> None:
    async with kith(tmp_path) as story:
        await has_both_words(story, how)
        asked = (
            [story.jo.id] if how == "One by one" else [story.jo.id, story.dev.id, story.priya.id]
        )
        await story.sets_off()
        assert await leave_after(story, story.sam.says("ok")) == [story.sam.id]
        told = await leave_after(story, story.sam.says(SECOND))
        assert told[0] == story.sam.id and sorted(told[1:]) == sorted(asked)
        await story.sam.says("ok")
        await story.passes(minutes=1)

        mine = [one.id for one in (await story.sam.chat()).messages if one.sender == "user"]
        told = await leave_after(story, story.play.edit(story.sam.id, mine[-1], SECOND))
        assert told[0] == story.sam.id and sorted(told[1:]) == sorted(asked)


async def leave_after(story: Story, act: Awaitable[object]) -> list[int]:
    """To whom messages leave upon this, in this order."""
    before = await story.play.calls()
    await act
    calls = await story.play.calls(before[-1]["n"])
    return [int(call["params"]["chat_id"]) for call in calls if call["method"] == "sendMessage"]


def seen(chat: Chat) -> list[Any]:
    """All that somebody who holds this phone can see of Kith; a list of people in any order."""
    looks: list[Any] = [
        (one.at, lines(one.html), buttons(one), one.photo, one.location, one.document)
        for one in chat.messages
        if one.sender == "bot"
    ]
    marks = [
        (one.edited, one.deleted, one.protected, one.pinned, one.silent, one.reactions)
        for one in chat.messages
    ]
    return [*looks, *marks, chat.popups, chat.commands]


def lines(html: str) -> list[str]:
    return sorted(html.split("\n"))


def buttons(message: Message) -> list[list[str]]:
    return sorted([button.text for button in row] for row in message.rows)


async def sams_day(folder: Path, word: str, how: str) -> tuple[list[Any], list[str]]:
    """All that Sam's phone shows of a day on which Sam checks in like this, and all Jo heard."""
    async with kith(folder) as story:
        await has_both_words(story, how)
        await story.sets_off()
        await story.passes(minutes=20)
        await story.sam.says(word)
        await story.passes(minutes=5)
        silent = await story.jo.news()
        if silent:
            await story.jo.taps("I've got this")
        await story.passes(minutes=10)
        await story.sam.says("/help", "/told", "/outings", "/my_words", "/circle")
        if silent:
            await story.jo.taps("It is seen to")
            silent += await story.jo.news()
        await story.sam.says("/my_words")
        await story.passes(minutes=40)
        await story.jo.taps("I've got this")
        await story.sam.says("/ok")
        await story.jo.taps("Safe and well")
        await story.sam.says("/my_words", "/out")
        everybody = await story.play.chats()
        for name, one in story.people.items():
            said = " ".join(message.html for message in everybody[one.id].messages)
            if name != "sam":
                assert "armalade" not in said
        return seen(everybody[story.sam.id]), silent


async def test_after_the_second_word_the_phone_shows_what_it_shows_after_ok(
    tmp_path: Path,
) -> None:
    for name in ("usual", "silent"):
        (tmp_path / name).mkdir()
    usual, nothing = await sams_day(tmp_path / "usual", "ok", "One by one")
    silent, heard = await sams_day(tmp_path / "silent", "MARMALADE moo", "Everybody at once")
    assert nothing == []
    for one, other in zip(usual, silent, strict=True):
        assert one == other
    assert heard and all("Do not mention" in text for text in heard[:2])
    assert "Ask the agreed safe question: How is the cat?" in heard[0]


async def day_without_jo(folder: Path, word: str, then: str) -> tuple[list[Any], list[str]]:
    """The same of a day when nothing reaches Jo any more, unknown to all; and what Dev hears."""
    async with kith(folder) as story:
        await has_both_words(story)
        await story.sets_off()
        await story.play.faults("403", chats=[story.jo.id], methods=["sendMessage"], rate=1.0)
        await story.sam.says(word)
        heard = await story.dev.news()
        await story.passes(minutes=2)
        if then == "where":
            await story.play.location(story.sam.id, 51.5, -0.1)
        else:
            await story.sam.taps(*then.split(", "))
        await story.passes(minutes=1)
        return seen((await story.play.chats())[story.sam.id]), heard


@pytest.mark.parametrize("then", ["I'm late, Something else, Longer", "I need help", "where"])
async def test_what_a_silent_alert_finds_out_about_a_route_moves_it_on_and_shows_nothing(
    tmp_path: Path, then: str
) -> None:
    for name in ("usual", "silent"):
        (tmp_path / name).mkdir()
    usual, nothing = await day_without_jo(tmp_path / "usual", "ok", then)
    silent, heard = await day_without_jo(tmp_path / "silent", SECOND, then)
    assert nothing == [] and ["Silent alert about Sam" in text for text in heard] == [True]
    for one, other in zip(usual, silent, strict=True):
        assert one == other


async def test_a_silent_alert_climbs_without_the_person_or_their_family(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with kith(tmp_path) as story:
        await has_both_words(story)
        assert "armalade" not in str(left_in(await story.sam.chat()))
        assert "cat" not in str(left_in(await story.sam.chat()))

        await story.sam.says(SECOND)
        await story.sam.says("ok")
        first, second = await story.sam.news()
        assert first == second, "not out, it is answered as any words are"
        await story.heard(jo="Silent alert about Sam")
        await story.passes(minutes=10)
        await story.heard(dev="Silent alert about Sam")
        await story.dev.taps("I've got this")
        await story.heard(dev="You have the silent alert", jo="Dev has the silent alert")
        await story.passes(minutes=15)
        await story.heard(dev="How is it with the silent alert")
        await story.dev.taps("It is seen to")
        await story.heard(dev="please help Sam to choose new words", jo="seen to")

        await story.sam.says("/my_words")
        assert "choose new ones from time to time" in await story.sam.last()
    kept, out = written(tmp_path), "".join(capfd.readouterr())
    for word in ("armalade", "teapot", "asleep on the stairs"):
        assert word.encode() not in kept and word not in out


def written(data: Path) -> bytes:
    """Every byte of Kith's database and keys."""
    files = [*data.glob("kith.db*"), *data.glob("keys.db*")]
    assert len(files) >= 2
    return b"".join(file.read_bytes() for file in files)


async def test_a_silent_alert_says_when_the_police_are_to_be_told_and_whoever_rang_says_so(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await has_both_words(story)
        await story.sets_off(back="2 hours")
        await story.sam.says(SECOND)
        await story.sam.news()
        by = "the police are to be told by 10:00."
        assert f"{by} That is in 1 hour." in await story.jo.last()
        await story.jo.taps("I've got this")
        assert by in await story.jo.last()
        for _ in range(3):
            await story.passes(minutes=15)
            assert by in await story.jo.last()
            await story.jo.taps("I'm still on it")
        await story.passes(minutes=14)
        await story.jo.taps("I'm still on it")
        await story.listens()
        await story.passes(minutes=1)
        now = "Silent alert about Sam: it is time to tell the police."
        await story.heard(jo=now, priya=now)
        for text in (await story.jo.last(), await story.priya.last()):
            assert "Please ring 101 now" in text and "Out at Café" in text
            assert "Do not mention this alert to Sam." in text
        await story.priya.taps("I have rung 101 or 999", "Yes, I have rung")
        noted = ["Have you rung", "Everybody of staff"]
        rang = "Priya has told the police of the silent alert about Sam"
        await story.heard(priya=noted, jo=rang)
        assert "Do not mention it to Sam" in await story.jo.last()
        held = await story.jo.taps("I'm still on it")
        assert "I have rung 101 or 999" not in str(held.last.buttons)
        assert "Priya told the police at 10:00." in await story.jo.last()
        await story.passes(minutes=15)
        assert "Priya told the police at 10:00." in await story.jo.last()
        await story.jo.taps("It is seen to")
        await story.listens()
        await story.passes(minutes=10)
        await story.heard()


async def test_staff_are_reminded_once_of_a_word_that_was_used_and_the_phone_never(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await has_both_words(story)
        await story.sam.says(SECOND, "/my_words")
        before = (await story.sam.chat()).last
        await story.jo.taps("I've got this", "It is seen to")
        assert "on their own phone, with /my_words" in await story.jo.last()
        await story.listens()
        for staff in (story.jo, story.dev, story.priya):
            await staff.says("/my_words")
            assert await staff.last() == "Only the person can set their own words."
        await story.sam.says("/my_words")
        after = (await story.sam.chat()).last
        assert (after.html, after.buttons) == (before.html, before.buttons)
        await story.listens()
        heard = []
        for _ in range(7):
            await story.passes(hours=24)
            assert not any("word" in text for text in await story.sam.news())
            heard += [text for text in await story.jo.news() if "second word" in text]
        assert len(heard) == 1 and "Sam's second word was used, and is still the same" in heard[0]


async def test_everybody_at_once_is_everybody_on_the_ladder_at_once(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await has_both_words(story, "Everybody at once")
        await story.sets_off()
        await story.sam.says(SECOND)
        said = await story.sam.news()
        assert len(said) == 1
        silent = "Silent alert about Sam"
        await story.heard(jo=silent, dev=silent, priya=silent)
        assert "Out at Café" in await story.jo.last()


async def test_home_on_a_phone_that_is_held_does_not_take_away_where_they_were(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await has_both_words(story)
        await story.sets_off()
        await story.passes(minutes=3)
        await story.sam.says(SECOND)
        assert "Out at Café since 09:00, due at 10:00." in await story.jo.last()
        await story.passes(minutes=3)
        await story.sam.taps("I'm home")
        await story.passes(minutes=8)
        was = "out at Café since 09:00. At 09:06 the phone said: home."
        assert was in await story.dev.last()
        await story.dev.taps("I've got this")
        assert was in await story.dev.last() and "goes on as it is" not in await story.dev.last()
        await story.dev.taps("It is seen to")
        await story.sam.says(SECOND)
        assert "Kith knows of no outing now." in await story.jo.last()
