"""Something is wrong: a concern, a disagreement, a complaint; and that nobody else hears of it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from bot.care.circle import Role
from bot.care.concern import Kind
from bot.care.outcome import NOBODY
from bot.flows import left
from bot.flows.concern import RAISE
from bot.handlers.concern import _begun
from bot.handlers.conversation import _resume
from bot.i18n import Words
from bot.store import flow, leaving
from bot.store.flow import Talk
from tests.conftest import NOON
from tests.handlers.agreed import invited_only
from tests.handlers.test_news import _forged
from tests.kith import Story, kith
from tests.oak import also, sampled, told

BRUISES = "There are bruises on his arm. He would not say how."


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    async with kith(tmp_path) as told:
        yield told


async def test_a_concern_goes_to_the_safeguarding_lead_and_to_nobody_else(story: Story) -> None:
    await story.amira.says("/help")
    await story.amira.taps("I have a concern")
    card, question = (await story.amira.chat()).from_bot[-2:]
    assert "Samaritans" in card.text, "the emergency card comes first"
    assert "What is wrong?" in question.text
    await story.amira.says(BRUISES)
    assert "What does Sam want to happen?" in await story.amira.last()
    await story.amira.says("He wants it to stop.")
    shown = (await story.amira.chat()).last.buttons
    assert not {"Jo", "Leo", "Ruth", "Dev", "Priya", "Mina"} & {*shown}, "no name is given away"
    await story.amira.taps("Another member of staff", "That is all")
    check = await story.amira.last()
    assert "I will tell only those who must know" in check
    assert f"“{BRUISES}”\nAbout: Another member of staff\n" in check, "read back before it is sent"
    await story.listens()

    await story.amira.taps("Send it")
    await story.heard(
        amira=["Nobody has read this yet"], mina="Somebody has a concern about safety"
    )
    alert = (await story.mina.chat()).last
    assert BRUISES not in alert.text and "Amira" not in alert.text
    await story.mina.taps("I've got this")
    await story.heard(mina="You have this: a concern about the care of Sam")
    reads = next(data for data in (await story.mina.chat()).last.data if ":read:" in data)
    await _forged(story, story.mina, reads.replace(":read:", ":finish:"))
    await story.heard(mina="Please read it first")
    await story.mina.taps("Read it")
    await story.heard(mina=BRUISES, amira="Read 09:")
    shown_to_mina = await story.mina.last()
    assert "He wants it to stop." in shown_to_mina and "Another member of staff" in shown_to_mina

    await story.mina.taps("It is finished")
    await story.mina.says("Good evening, is anybody there?")
    assert "“Good evening, is anybody there?”" in await story.mina.last(), "read back first"
    await story.mina.taps("Not yet")
    await story.heard(mina=["What was done", "It is not finished"])
    await story.mina.taps("It is finished")
    await story.mina.says("Rang the council. Jo moves to nights elsewhere.")
    await story.mina.taps("Close it")
    await story.heard(
        mina=["What was done", "Saved. Thank you."],
        amira="The team has finished looking at your message",
    )
    await story.passes(hours=48)
    await story.heard()


async def test_what_is_begun_is_never_sent_by_itself_and_is_remembered_once(story: Story) -> None:
    await story.amira.says("/concern", BRUISES)
    await story.listens()
    await story.passes(hours=24)
    await story.heard(amira="You began to write to us. Nothing has been sent.")
    await story.passes(hours=72)
    await story.heard()
    await story.amira.taps("Go on")
    assert "What does Sam want to happen?" in await story.amira.last()
    await story.amira.taps("I don't know", "Nobody", "Send it")
    await story.listens()
    await story.mina.taps("I've got this", "Read it")
    assert BRUISES in await story.mina.last()
    await story.amira.says("/concern")
    await story.listens()
    await story.passes(hours=25)
    assert not [one for one in await story.amira.news() if "You began" in one]


async def test_nobody_it_is_about_is_asked_or_can_do_anything_with_it(story: Story) -> None:
    for one in (story.sam, story.leo, story.amira):
        await one.says("/told", "/circle")
    before = {one: (await one.chat()).texts[-2:] for one in (story.sam, story.leo, story.amira)}
    await story.listens()

    await story.jo.says("/concern", "Mina took money out of Sam's purse.")
    await story.jo.taps("I don't know", "Mina", "Dev", "Leo", "Send it")
    await story.jo.news()
    await story.heard(priya="Somebody has a concern about safety")
    alert = (await story.priya.chat()).last
    take = next(data for data in alert.data if ":take:" in data)
    robin = await story.stranger("Robin")
    await story.listens()
    strays = (story.sam, story.leo, story.amira, story.mina, story.dev, story.jo, story.alex, robin)
    for stray in strays:
        await _forged(story, stray, take)
    await story.heard()

    await story.priya.taps("I've got this")
    await story.priya.news()
    held = (await story.priya.chat()).last
    for stray in strays:
        for data in held.data:
            if not data.startswith("general") and not data.endswith(":-:0"):
                await _forged(story, stray, data)
    await story.heard()
    await story.priya.taps("Read it")
    assert "Mina, Dev and Leo" in await story.priya.last()
    await story.heard(priya="Mina took money", jo="Read 0")

    for one, seen in before.items():
        await one.says("/told", "/circle")
        assert (await one.chat()).texts[-2:] == seen, f"{one.name} sees nothing of it"


async def test_a_complaint_and_a_disagreement_have_their_clocks_and_their_lead(
    story: Story,
) -> None:
    await story.leo.says("/complain", "Nobody rang me back for a week.", "A call on Fridays.")
    await story.leo.taps("Nobody, or I'd rather not say", "Send it")
    await story.heard(
        leo=["What went wrong", "What would put", "It is saved", "by Thursday 5 March"],
        priya="Somebody has made a complaint",
    )
    await story.sam.says("/disagree", "I want to go out alone.", "To try it once.")
    await story.sam.taps("A manager", "That is all", "Send it")
    await story.sam.news()
    await story.heard(mina="Somebody disagrees with something")
    assert "by Monday 16 March" in (await story.sam.chat()).texts[-1]
    mina_reads = (await story.mina.chat()).last.data[0]
    await _forged(story, story.priya, mina_reads)
    await story.heard()

    await story.passes(hours=24)
    await story.heard(
        mina="Somebody disagrees with something", priya="Somebody has made a complaint"
    )
    await story.mina.taps("Read it")
    await story.heard(mina="To try it once.", sam="Read 09:00")
    await story.priya.taps("Read it")
    await story.heard(priya="A call on Fridays.", leo="Read 09:00")
    await story.passes(hours=24)
    await story.heard(priya="A complaint waits for you")
    await story.priya.taps("I have been in touch", "I have been in touch")
    await story.heard(priya=["The day for your answer: Wednesday 18 March", "saved already"])
    await story.priya.taps("It is finished")
    await story.priya.says("A call each Friday at 4.")
    await story.priya.taps("Close it")
    await story.priya.news()
    await story.heard(leo="The team has finished looking at your message")
    await story.priya.taps("I have been in touch")
    await story.passes(hours=24 * 9)
    await story.heard(mina="not finished")  # on the Friday before
    await story.passes(hours=24 * 4)
    # on the Monday it was due, and the day after, when the next lead is asked too
    await story.heard(mina=["not finished"] * 2, dev="not finished")
    await story.priya.says("/safeguarding")
    assert not any("disagreement" in one for one in (await story.priya.chat()).last.buttons)
    await story.priya.news()
    await story.mina.says("/safeguarding")
    await story.mina.taps("A disagreement", "It is finished")
    await story.mina.says("He goes alone on Sunday.")
    await story.mina.taps("Close it")
    await story.mina.news()
    await story.heard(sam="The team has finished looking at your message")
    await story.passes(hours=24 * 14)
    await invited_only(story, "plan for going out")
    await story.heard(sam="your plan for going out", jo="One review needs you")  # and nothing of it


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
def test_what_was_begun_about_one_person_is_not_lost_when_another_is_picked(engine: Engine) -> None:
    with engine.begin() as c:
        oak = sampled(c)
        voice = Words.load().voice("en_GB", ZoneInfo("Europe/London"), NOON)
        began = Talk("t", 5, oak.role("Jo"), RAISE.flow.name, "words", {"about": oak.sam})
        flow.begin(c, began, NOON)
        assert _begun(c, voice, 5, Kind.SAFETY, "kim") is None, "nothing is written yet"
        flow.keep(c, replace(began, answers={**began.answers, "words": BRUISES}), NOON)
        asked = _begun(c, voice, 5, Kind.SAFETY, "kim")
    assert asked is not None and "the care of Sam" in asked.text
    presses = [button.data for row in asked.buttons for button in row]
    assert presses[:2] == ["concern:on:safety:0", "concern:anew:safety:kim:0"]


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
def test_what_was_begun_in_a_role_that_has_ended_is_remembered_and_can_be_sent(
    engine: Engine,
) -> None:
    tomorrow, last = NOON + timedelta(days=1), NOON + timedelta(days=2)
    with engine.begin() as c:
        oak = sampled(c)
        also(oak, "Amira", Role.STAFF)
        place = oak.role("Amira")
        talk = Talk("t", 2, place, RAISE.flow.name, "their_wants", {"about": oak.sam})
        flow.begin(c, replace(talk, answers={**talk.answers, "words": BRUISES}), NOON)
        leaving.end_membership(c, place, oak.sam, NOON)
        left.due(c, "t", tomorrow, tomorrow)
        assert told(c, "concern.begun_until") == ["Amira"]

        def goes_on(now: datetime) -> tuple[bool, bool]:
            """Whether she is asked if she wants to go on, and can."""
            voice = Words.load().voice("en_GB", ZoneInfo("Europe/London"), now)
            resumed = _resume(c, RAISE, 2, {}, None, {}, voice, NOBODY)
            assert resumed is None or "You can go on with this here until" in resumed.screen.text
            return _begun(c, voice, 2, Kind.SAFETY, "kim") is not None, resumed is not None

        assert goes_on(last) == (True, True)
        assert goes_on(last + timedelta(minutes=1)) == (False, False)


async def test_on_a_shared_phone_its_words_are_shown_to_its_writer_and_nothing_names_it(
    story: Story,
) -> None:
    await story.amira.says("/me")
    await story.amira.taps("More about me", "Is this phone shared?", "Yes, it is shared")
    await story.amira.says("/concern")
    await story.amira.taps("Yes, it's me")
    assert "Others use this phone too. I write here again" in await story.amira.last()
    await story.amira.says("Leo hits him.")
    await story.amira.taps("I don't know", "Nobody, or I'd rather not say")
    await story.listens()

    await story.passes(hours=24)
    await story.heard(amira="You began to write to us. Nothing has been sent.")
    await story.amira.taps("Go on")
    await story.heard(amira="Is it you, Amira?")
    await story.amira.taps("No")
    await story.amira.says("/help")
    await story.listens()
    await story.amira.taps("I have a concern")
    await story.heard(amira=["Samaritans", "Is it you, Amira?"])
    await story.amira.taps("Yes, it's me")
    await story.heard(amira="“Leo hits him.”")

    await story.amira.taps("Send it")
    await story.mina.taps("I've got this", "Read it")
    assert "Leo hits him." in await story.mina.last()
    got = "\n".join(await story.amira.news())
    assert "The team is asked to read it now" in got and "has read what you wrote" in got
    assert not [word for word in ("🛟", "concern", "safe", "named") if word in got]

    # Nor is what Sam may hide from whoever shares his phone shown before it is asked.
    await story.sam.says("/me")
    await story.sam.taps("More about me", "Is this phone shared?", "Yes, it is shared")
    await story.listens()
    for asks, shows in (
        ("/told", "Nobody around you has been told"),
        ("/signs", "What was noticed"),
    ):
        await story.sam.says(asks)
        await story.heard(sam="Is it you, Sam?")
        await story.sam.taps("Yes, it's me")
        await story.heard(sam=shows)


async def test_tired_hands_lose_nothing(story: Story) -> None:
    await story.sam.says("/concern")
    await story.play.send_photo(story.sam.id)
    assert "I can only read words here" in await story.sam.last()
    long = "He shouts at night. " * 204
    await story.sam.says(long)
    await story.sam.taps("I have a concern")
    assert "What do you want to happen?" in await story.sam.last(), "what was written is not lost"
    await story.sam.says("I want him to stop.")
    await story.sam.taps("The key worker")
    assert "I will not ask those you have named." in await story.sam.last()
    await story.sam.says("the night man")
    assert "I do not know who in the team this is: the night man" in await story.sam.last()
    whoever = ("whoever comes after him " * 170).strip()
    await story.sam.says(whoever)
    send = next(m for m in (await story.sam.chat()).from_bot[::-1] if m.rows)
    data = next(one for one in send.data if "send" in one)
    assert "never goes to anybody" not in send.text and "I cannot keep it from them" in send.text
    await story.listens()
    await story.sam.taps("Send it")
    await story.heard(sam="Nobody has read this yet", mina="a concern about safety")
    await _forged(story, story.sam, data, send.id)
    await story.heard()
    await story.mina.taps("I've got this")
    await story.mina.taps("Read it")
    shown = "".join((await story.mina.chat()).texts)
    assert long.strip() in shown and "the night man" in shown
    assert shown.count(whoever.split()[0]) == 170, "a line that no message takes goes in two"
    await story.listens()
    await story.passes(hours=24)
    await story.heard(mina="How is it with the concern")
    await story.mina.taps("I'm still on it")
    await story.mina.news()
    await story.passes(hours=24)
    await story.heard(mina="How is it with the concern")
    await story.passes(minutes=30)
    await story.heard(mina="The next one has been asked", priya="Somebody has a concern")

    await story.amira.says("/notice")
    await story.passes(seconds=1)
    await story.amira.says("/concern")
    await story.sam.says("/circle")
    await story.sam.taps("Amira", "Take Amira out of my circle", "Yes")
    await story.listens()
    await story.amira.says(BRUISES)
    asked = await story.amira.last()
    assert "What does Sam want to happen?" in asked, "it is no part of the report begun before"
    await story.amira.taps("I don't know", "Nobody, or I'd rather not say", "Send it")
    assert "It is saved" in await story.amira.last()
    await story.amira.news()
    await story.heard(mina="Somebody has a concern")
