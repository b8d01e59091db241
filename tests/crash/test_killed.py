"""Kith is killed and started again at any moment of the story: nothing due is lost."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

import httpx

from tests.crash.process import Killable, until
from tests.play import Refused

REPEAT = "You may have had this message already.\n\n"
OFF = "Check-ins were off from"


@dataclass(frozen=True)
class Step:
    """One step of the story, and who hears what of it."""

    name: str
    act: Callable[[Killable], Awaitable[object]]
    heard: Mapping[str, str]


STORY = (
    Step("says where to", lambda s: s.sam.says("/out"), {"sam": "Where are you going"}),
    Step("picks the place", lambda s: s.sam.taps("Café"), {}),
    Step("picks the time", lambda s: s.sam.taps("1 hour"), {}),
    Step("sets off", lambda s: s.sam.taps("Set off"), {"sam": "Have a good time"}),
    Step("is due", lambda s: s.passes(minutes=60), {"sam": "Are you OK"}),
    Step("is asked again", lambda s: s.passes(minutes=5), {"sam": "Are you OK"}),
    Step(
        "grace is over",
        lambda s: s.passes(minutes=5),
        {"sam": "I have asked Jo", "jo": "not checked in"},
    ),
    Step(
        "Jo is silent",
        lambda s: s.passes(minutes=10),
        {"sam": "asking Dev", "dev": "not checked in"},
    ),
    Step(
        "Dev takes it",
        lambda s: s.dev.taps("I've got this"),
        {"sam": "Dev has seen this", "dev": "You have this", "jo": "Dev has this"},
    ),
    Step("Dev is asked", lambda s: s.passes(minutes=15), {"dev": "How is it with Sam"}),
    Step(
        "Dev closes it",
        lambda s: s.dev.taps("Safe and well"),
        {"sam": "Dev has finished", "dev": "Closed", "jo": "Dev has closed this"},
    ),
    Step("nothing is left", lambda s: s.passes(hours=5), {}),
)


async def test_a_kill_between_two_steps_loses_nothing_and_repeats_nothing(
    story: Killable,
) -> None:
    for number, step in enumerate(STORY):
        await step.act(story)
        await story.heard(**step.heard)
        if number % 2:
            await story.process.kill()
            await story.starts()
            await story.heard()


async def test_a_kill_within_a_step_loses_nothing_and_says_what_may_be_a_repeat(
    story: Killable,
) -> None:
    for step in STORY[:3]:
        await step.act(story)
    await story.listens()

    for step in STORY[3:-1]:
        story.process.halt()
        act = asyncio.ensure_future(step.act(story))
        await asyncio.wait({act}, timeout=0.1)
        await story.process.kill()
        with suppress(Refused, httpx.HTTPError):
            await act
        await story.starts()
        await heard_at_least_once(story, step)


async def heard_at_least_once(story: Killable, step: Step) -> None:
    """Whoever was to hear it has heard it; what came twice says so; nobody else heard a word."""
    for name, somebody in story.people.items():
        news = [text for text in await somebody.news() if OFF not in text]
        wanted = step.heard.get(name)
        about = f"{step.name}, {name}: {news}"
        if wanted is None:
            assert not news, about
            continue
        assert news, about
        assert all(wanted in text for text in news), about
        assert all(text.startswith(REPEAT) for text in news[1:]), about


async def test_an_alert_on_its_way_goes_again_as_a_possible_repeat(story: Killable) -> None:
    await story.sets_off()
    await story.passes(minutes=65)
    await story.listens()
    await story.play.faults("timeout", methods=["sendMessage"], chats=[story.jo.id])

    async def jo_has_it() -> bool:
        return any("has not checked in" in text for text in (await story.jo.chat()).texts)

    due = asyncio.ensure_future(story.passes(minutes=5))
    await until(jo_has_it)
    await story.process.kill()
    await due
    await story.play.clear_faults()
    await story.starts()

    # What Sam was told in the same moment may have been sent and not yet noted, too.
    first, *again = await story.sam.news()
    assert "I have asked Jo" in first and again in ([], [f"{REPEAT}{first}"])
    await story.heard(jo=["Sam has not checked in", f"{REPEAT}⚠️ Sam has not checked in"])
    await story.passes(minutes=10)
    await story.heard(sam="I am asking Dev", dev="not checked in")
