"""Who is around the person, as each of them sees it, and what the person decides about one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.handlers.test_circle import STRANGER, link
from tests.handlers.test_conversation import callback
from tests.kith import Somebody, Story, kith


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    async with kith(tmp_path) as told:
        yield told


async def data(somebody: Somebody, starts: str) -> str:
    """What the newest button of this kind would send."""
    return next(data for data in (await somebody.chat()).last.data if data.startswith(starts))


# --- who sees whom ------------------------------------------------------------------------


async def test_sam_sees_who_is_there_in_what_role_and_what_they_may_know(story: Story) -> None:
    shown = (await story.sam.says("/circle")).last
    assert "Jo: key worker" in shown.text
    assert "Amira: carer" in shown.text and "Ruth: independent advocate" in shown.text
    assert "Daily life" in shown.text and "Money" in shown.text
    assert {"Amira", "Leo", "Ruth"} <= set(shown.buttons)


@pytest.mark.parametrize("staff", ["jo", "priya", "mina"])
async def test_staff_of_the_team_see_all_of_it(story: Story, staff: str) -> None:
    shown = (await story.people[staff].says("/circle")).last
    assert "Around Sam" in shown.text and "Amira: carer" in shown.text
    assert "Daily life" in shown.text
    assert not {"Amira", "Leo"} & set(shown.buttons)


@pytest.mark.parametrize("supporter", ["amira", "leo", "ruth"])
async def test_a_supporter_sees_their_own_line_and_nobody_else(
    story: Story, supporter: str
) -> None:
    shown = (await story.people[supporter].says("/circle")).last
    assert "You are here as" in shown.text and "of Sam" in shown.text
    others = {"Amira", "Leo", "Ruth", "Jo", "Dev", "Priya", "Mina"}
    assert not any(name in shown.text for name in others)
    assert "Daily life" not in shown.text
    assert len(shown.data) == 2  # the emergency card, and the way to say that something is wrong


async def test_their_own_line_says_nothing_of_what_sam_chose(story: Story) -> None:
    before = (await story.amira.says("/circle")).last.text
    await story.sam.says("/circle")
    await story.sam.taps("Amira", "Pause Amira")
    assert (await story.amira.says("/circle")).last.text == before
    leo = (await story.leo.says("/circle")).last.text
    assert leo == before


async def test_outsiders_see_nothing_of_the_circle(story: Story) -> None:
    eve = await story.stranger("Eve")
    await eve.says("/circle")
    assert "Sam" not in (await story.alex.says("/circle")).last.text
    assert STRANGER in await eve.last()


# --- what the person decides --------------------------------------------------------------


async def test_sam_pauses_amira_who_is_told_nothing_and_starts_again(story: Story) -> None:
    await story.sam.says("/circle")
    await story.sam.taps("Amira")
    await story.listens()

    await story.sam.taps("Pause Amira")

    await story.heard(sam="hears nothing about you for now")
    shown = (await story.sam.says("/circle")).last.text
    assert "Paused" in shown
    await story.sam.taps("Amira", "Start again with Amira")
    assert "may hear again" in await story.sam.last()
    assert "Paused" not in (await story.sam.says("/circle")).last.text
    assert await story.amira.news() == []


async def test_a_pause_is_sams_alone_to_make(story: Story) -> None:
    await story.sam.says("/circle")
    await story.sam.taps("Amira")
    buttons = [await data(story.sam, f"circle:{verb}:") for verb in ("pause", "helps", "sure")]
    ends = (await story.sam.taps("Take Amira out")).last.data[0]
    eve = await story.stranger("Eve")
    await story.listens()
    for outsider in (story.alex, story.amira, story.leo, story.ruth, eve):
        for pressed in (*buttons, buttons[0].replace("pause", "resume")):
            await story.play.raw_update(callback(outsider.id, 1, pressed))
            await story.play.settle()
    for outsider in (story.alex, story.leo, story.ruth, eve):
        await story.play.raw_update(callback(outsider.id, 1, ends))
        await story.play.settle()
    for outsider in (story.alex, story.amira, story.leo, story.ruth):
        assert not any("Amira" in said for said in await outsider.news())
    shown = (await story.sam.says("/circle")).last.text
    assert "Amira: carer" in shown and "Paused" not in shown


async def test_sam_says_what_amira_helps_with_and_amira_does_not_see_it(story: Story) -> None:
    await story.sam.says("/circle")
    await story.sam.taps("Amira", "What Amira helps with")
    await story.sam.says("Shopping and <b>rows</b> with mum")
    assert "written down what Amira helps you with" in await story.sam.last()
    assert "Shopping and <b>rows</b> with mum" in (await story.sam.says("/circle")).last.text
    assert "Shopping" in (await story.jo.says("/circle")).last.text
    for outsider in (story.amira, story.leo, story.alex):
        assert "Shopping" not in (await outsider.says("/circle")).last.text


async def test_words_that_are_too_long_are_asked_for_again(story: Story) -> None:
    await story.sam.says("/circle")
    await story.sam.taps("Amira", "What Amira helps with")
    assert "too long" in (await story.sam.says("shopping " * 40)).last.text
    await story.sam.says("Shopping")
    assert "written down" in await story.sam.last()


async def test_whoever_was_taken_out_is_a_stranger_to_every_button(story: Story) -> None:
    own = (await story.leo.says("/circle")).last.text
    assert "You are here as" in own
    await story.sam.says("/circle")
    await story.sam.taps("Leo")
    pause = await data(story.sam, "circle:pause:")
    await story.sam.taps("Take Leo out", "Yes, end it now")
    await story.listens()
    await story.leo.says("/circle")
    await story.heard(leo=STRANGER)
    for old in (pause, pause.replace("pause", "one"), pause.replace("pause", "helps")):
        await story.play.raw_update(callback(story.sam.id, 1, old))
        await story.play.settle()
    assert await story.sam.news() == []


# --- more roles ---------------------------------------------------------------------------


async def test_sam_names_an_attorney_and_sees_that_the_papers_are_not_seen(story: Story) -> None:
    await story.sam.says("/invite")
    await story.sam.taps("Somebody else", "An attorney")
    await story.sam.says("Noor")
    assert "Noor, attorney" in await story.sam.last()
    await story.sam.taps("Yes, please ask")
    assert "Role: attorney" in await story.jo.last() or "role: attorney" in await story.jo.last()
    await story.jo.taps("Make the link")
    opens = await link(story.jo)
    noor = await story.stranger("Noor")
    await noor.says(opens)
    await noor.taps("Yes, that is me")
    await story.jo.taps("Yes, that is them")
    assert "You are here as attorney" in await noor.last()
    shown = (await story.sam.says("/circle")).last.text
    assert "Noor: attorney" in shown and "papers for this have not been seen" in shown
    assert "attorney of Sam" in (await noor.says("/circle")).last.text


async def test_staff_can_invite_anybody_sam_wants(story: Story) -> None:
    offered = set((await story.jo.says("/invite")).last.buttons)
    assert {
        "family",
        "friend",
        "carer",
        "independent advocate",
        "attorney",
        "deputy",
        "nominated person",
        "professional",
    } <= offered
