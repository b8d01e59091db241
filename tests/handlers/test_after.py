"""After an outing: what the person says, what those around them say, and what follows."""

from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from bot.care.plan import LADDERS, Rung, RungKind, with_supporter
from bot.care.terms import Terms
from bot.store import Connection, circle, schema
from tests.handlers.agreed import on
from tests.handlers.test_news import _forged
from tests.handlers.test_words import SECOND, has_both_words
from tests.kith import Somebody, Story, kith
from tests.wire import free_port


async def home(story: Story, face: str = "😀") -> None:
    """Sam goes out, comes home in time and says how it was."""
    await story.sam.says("/out")
    there = await story.sam.taps("Café", "1 hour")
    await story.sam.taps(*(["👍 Yes"] if "arranged" in there.last.text else []), "Set off")
    await story.listens()
    await story.passes(minutes=30)
    await story.sam.taps("I'm home", face)


async def test_what_was_worrying_is_kept_for_sam_or_read_by_the_team_as_sam_says(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await home(story)
        assert "anything worrying" in await story.sam.last()
        await story.sam.taps("No")
        assert "Good" in await story.sam.last()

        await home(story, "🙁")
        await story.sam.taps("Yes")
        await story.sam.says("A man shouted <at> me")
        await story.listens()
        await story.sam.taps("keep it for me")
        assert "kept for you" in await story.sam.last()
        await story.passes(hours=1)
        await story.heard()

        await home(story)
        await story.sam.taps("Yes")
        await story.sam.says("And it rained")
        await story.listens()
        await story.passes(hours=3)  # and says no more: kept, and shown to nobody
        await story.heard()

        await home(story)
        await story.sam.taps("Yes")
        await story.sam.says("The bus was full")
        await story.listens()
        await story.sam.taps("Yes, show them")
        await story.passes(minutes=20)
        assert "noticed about Sam" in await story.jo.last()
        await story.jo.taps("Show me")
        assert "The bus was full" in str([m.text for m in (await story.jo.chat()).from_bot])

        await home(story)
        await story.sam.taps("Yes")
        await story.listens()
        await story.sam.taps("rather talk")
        await story.heard(jo="rather talk about it")
        assert "asked your team" in await story.sam.last()

        await story.sam.says("/outings")
        own = (await story.sam.chat()).last
        assert own.photo and "12 weeks: 5. On time: 5" in own.text and "worrying" in own.text
        assert own.buttons[:2] == ["💬 Talk about less support", "💬 Talk about more support"]
        await story.jo.says("/outings")
        if "Whose" in await story.jo.last():
            await story.jo.taps("Sam")
        team = (await story.jo.chat()).last
        assert team.photo and "On time: 5" in team.text and "Suggest less support" in team.buttons
        assert team.text.count("2/3") < own.text.count("2/3"), "what Sam kept is Sam's"
        refused = []
        for nobody in (story.amira, story.leo, story.ruth):  # none of them may have as much
            await nobody.says("/outings")
            chat = await nobody.chat()
            assert "On time" not in chat.last.text and not chat.last.photo
            refused.append((chat.last.text, chat.last.buttons))
        assert refused[0] == refused[1] == refused[2], "and to each it looks the same"
        await story.alex.says("/outings")
        assert "Sam" not in await story.alex.last()

        await home(story)
        await story.sam.taps("Yes")  # and says no more, before the next outing
        await story.passes(minutes=20)
        await story.sets_off()
        await story.sam.says("I am lost and scared")
        assert "Do you need somebody? Press I need help" in await story.sam.last()
        await story.sam.taps("I need help")
        assert "Sam asks for help" in await story.jo.last()


async def theirs(one: Somebody) -> str:
    """How Sam's outings have gone, as they read it."""
    await one.says("/outings")
    if "Whose" in await one.last():
        await one.taps("Sam")
    return await one.last()


async def test_only_staff_of_sams_team_say_that_a_check_in_was_only_forgotten(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off()
        await story.passes(minutes=70)
        await story.jo.taps("I've got this", "Safe and well")
        await story.passes(hours=24)
        texts = (await story.jo.chat()).from_bot
        [forgot] = [data for m in texts for data in m.data if data.startswith("stepping:forgot:")]
        await story.listens()
        for stray in (story.sam, story.amira, story.alex):
            await _forged(story, stray, forgot)
        await story.heard()
        for one in (story.jo, story.sam):
            seen = await theirs(one)
            assert "Check-in missed: 1" in seen and "forgotten" not in seen
        await theirs(story.jo)
        await story.jo.taps("Suggest less support")
        assert "Of the last 1 outings: check-in missed 1" in await story.jo.last()
        await story.jo.taps("It is fine as it is")


async def test_a_check_in_that_was_only_forgotten_does_not_break_the_row_of_good_ones(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        for _ in range(3):
            await home(story)
            await story.passes(hours=24)
        await story.sets_off()
        await story.passes(minutes=70)
        await story.jo.taps("I've got this", "Safe and well")
        await story.passes(hours=24)
        await story.jo.taps("It was only forgotten")
        await story.listens()
        await home(story)
        await story.passes(hours=24)
        assert not any("good outings" in one for one in await story.sam.news())
        await home(story)
        await story.passes(hours=72)  # over the weekend
        assert any("5 good outings" in one for one in await story.sam.news())


async def test_support_steps_up_and_down_by_sam_and_the_team_together(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off()
        await story.passes(minutes=70)
        await story.jo.taps("I've got this", "Safe and well")
        await story.listens()
        await story.passes(hours=24)
        await story.heard(
            sam=["Would more support help", "look at your plan for going out"],
            jo=["If the check-in was only forgotten, say so", "One review needs you"],
        )
        await story.jo.taps("It was only forgotten")
        await story.heard(sam="stays as it is", jo="stays as it is")

        for one in (story.jo, story.sam):
            seen = await theirs(one)
            assert "Check-in only forgotten: 1" in seen and "missed" not in seen
        await story.listens()

        for _ in range(2):
            await home(story, "🙁")
            await story.listens()
            await story.passes(hours=24)
        await story.heard(sam="asks whether somebody is there, too", jo="did not feel good")
        await story.sam.taps("👍 Yes")
        await story.heard(sam="has still to say yes", jo="Sam says yes")
        await story.jo.taps("👍 Yes")
        await story.heard(sam="You and your team have agreed", jo="Sam and the team have agreed")
        await story.sam.says("/outings")
        assert "Practising" in await story.sam.last()

        for _ in range(5):
            await home(story)
            await story.listens()
            await story.passes(hours=24)
        await story.heard(sam="5 good outings", jo="5 good outings in a row")
        await story.sam.taps("Talk about less support")
        await story.heard(sam="I have told your team", jo="would like to talk about less")
        await story.jo.taps("Suggest less support")
        await story.heard(sam="Would you like a step with less", jo="Sam is asked now")
        await story.sam.taps("👍 Yes")
        await story.heard(sam="You and your team have agreed", jo="Sam and the team have agreed")

        await story.jo.says("/outings")
        if "Whose" in await story.jo.last():
            await story.jo.taps("Sam")
        await story.jo.taps("Suggest more support", "heard something about safety")
        await story.sam.taps("Not now")
        assert "not now" in await story.jo.last()
        await story.listens()
        await story.passes(hours=24)
        await story.heard()


def with_amira(c: Connection) -> None:
    """Sam's plan gives more support at once, and Amira is asked after Jo."""
    ids = c.execute(select(schema.member.c.id)).scalars()
    amira = next(id for id in ids if circle.name(c, id) == "Amira")
    place = circle.memberships(c, amira)[0]
    rung = Rung(RungKind.SUPPORTER, 10, place.member, place.id)
    rungs = with_supporter(LADDERS["key_worker"], rung, 1)
    on(Terms(step_up=True), rungs=rungs)(c)


async def test_at_once_sam_hears_why_and_disagrees_and_amira_is_asked_apart(tmp_path: Path) -> None:
    async with kith(tmp_path, agreed=with_amira) as story:
        await story.sets_off()
        await story.passes(minutes=70)
        await story.jo.taps("I've got this", "Safe and well")
        assert "more support" in str(await story.sam.news())
        await story.sam.taps("I do not agree")
        assert "disagree" in (await story.sam.last()).lower()
        assert "does not agree" in str(await story.jo.news())
        await story.sam.taps("Stop")
        await story.listens()

        await story.passes(hours=24)
        await story.heard(amira="How worried are you about Sam going out")
        await story.amira.taps("4")
        assert "The team can see your answer" in await story.amira.last()
        await story.jo.says("/outings")
        if "Whose" in await story.jo.last():
            await story.jo.taps("Sam")
        assert "Amira is, from 1 to 5: 3/3: 4" in await story.jo.last()
        await story.sam.says("/outings")
        assert "Amira" not in await story.sam.last() and "Practising" in await story.sam.last()


@pytest.mark.parametrize("at_once", [True, False])
async def test_hard_and_worrying_outings_are_reasons_at_once_where_sams_plan_says_so(
    tmp_path: Path, at_once: bool
) -> None:
    async with kith(tmp_path, agreed=on(Terms(step_up=at_once))) as story:
        for _ in range(2):
            await home(story, "🙁")
            await story.sam.taps("Yes")
            await story.sam.says("A man shouted")
            await story.sam.taps("keep it for me")  # no reason: nobody knows of it
            await story.listens()
            await story.passes(hours=24)
        [hears] = [one for one in await story.sam.news() if "two outings did not feel good" in one]
        assert ("Your plan says that you get more support then" in hears) is at_once
        assert ("Nothing changes before you and your team both say yes" in hears) is not at_once
        assert ("As the plan says" in str(await story.jo.news())) is at_once
        await story.sam.says("/outings")
        assert ("Practising" in await story.sam.last()) is at_once
        assert not await story.amira.news() and not await story.alex.news()

        await home(story)
        await story.sam.taps("Yes")
        await story.sam.says("The bus was full")
        await story.sam.taps("Yes, show them")
        await story.listens()
        await story.passes(hours=24)
        hears = str(await story.sam.news())
        if at_once:
            assert "You told your team that something was worrying" in hears
            assert "Your plan says that you get more support then" in hears
        else:
            assert "more support" not in hears, "one question stands already"


async def test_nothing_of_safety_goes_to_the_phone_for_14_days_after_a_silent_alert(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await has_both_words(story)

        async def jo_suggests(why: str) -> None:
            await story.jo.says("/outings")
            if "Whose" in await story.jo.last():
                await story.jo.taps("Sam")
            await story.jo.taps("Suggest more support")
            shown = await story.jo.last()
            assert "“Your team has heard something about safety." in shown
            assert "“Your team thinks that this could be a good step.”" in shown
            await story.jo.taps(why)

        await story.sam.says(SECOND)
        await story.listens()
        await jo_suggests("heard something about safety")
        assert "not sent to Sam's phone now" in await story.jo.last()
        await story.jo.taps("I've got this", "It is seen to")
        await story.passes(hours=24 * 13)
        await story.listens()
        await jo_suggests("heard something about safety")
        assert "not sent to Sam's phone now" in await story.jo.last()
        assert await story.sam.news() == []

        await jo_suggests("It would help just now")
        assert "good step" in str(await story.sam.news())
        await story.sam.taps("Not now")
        await story.passes(hours=25)
        await story.listens()
        await jo_suggests("heard something about safety")
        assert "heard something about safety" in str(await story.sam.news())


async def test_how_soon_staff_answered_is_said_of_outings_alone_and_a_practice_is_none(
    tmp_path: Path,
) -> None:
    port = free_port()
    async with kith(tmp_path, admin_port=port) as story:
        await story.sam.says("/practise")
        await story.sam.taps("Start now")
        await story.passes(hours=2)
        assert "Jo has not answered" in await story.sam.last()
        await story.passes(hours=24)
        for somebody in (story.sam, story.jo, story.dev, story.priya):
            assert not any("support" in text for text in (await somebody.chat()).texts)
        await story.sam.says("/outings")
        assert "No outings in the last 12 weeks" in await story.sam.last()

        await has_both_words(story)
        await story.sets_off()
        await story.sam.says(SECOND)
        await story.passes(minutes=9)
        await story.jo.taps("I've got this", "It is seen to")
        await story.sam.taps("I'm home", "Skip")
        for answered_after, (asks, opens) in ((3, (None, 70)), (8, ("help", 5)), (1, ("help", 0))):
            await story.sets_off()
            await story.passes(minutes=opens)
            if asks is not None:
                await story.sam.taps("I need help")
            await story.passes(minutes=answered_after)
            await story.jo.taps("I've got this", "Safe and well")

        await story.sam.says("/outings")
        await story.jo.says("/outings")
        if "Whose" in await story.jo.last():
            await story.jo.taps("Sam")
        for reader in (story.sam, story.jo):
            shown = await reader.last()
            assert "12 weeks: 4. On time: 1" in shown
            assert "somebody answered within 3 minutes as a rule, at the longest 8 minutes" in shown
            assert not any(one in shown for one in ("Jo", "Dev", "Priya", "9 minutes"))
        await story.amira.says("/outings")
        assert "answered within" not in await story.amira.last()

        async with httpx.AsyncClient(trust_env=False) as http:
            page = (await http.get(f"http://127.0.0.1:{port}/metrics")).text
        lines = [line for line in page.splitlines() if line.startswith("kith_alert_taken_seconds")]
        assert "kith_alert_taken_seconds_count 3.0" in lines, "no practice, no silent one"
        assert "kith_alert_taken_seconds_sum 720.0" in lines
        assert all("{" not in line or '{le="' in line for line in lines), "and nobody is named"


async def test_a_newer_suggestion_takes_the_place_of_the_one_before_it(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/me")
        await story.sam.taps("Easy Read")
        await theirs(story.jo)
        await story.jo.taps("Suggest more support", "It would help just now")
        first = (await story.sam.chat()).last
        assert first.text.splitlines()[1:] == [
            "Would more support help?",
            "Now: Alone, and you tell me that you are OK",
            "Then: Somebody with you to learn the way",
            "Before you go, I ask if somebody comes with you",
        ]
        [yes] = [data for data in first.data if data.startswith("stepping:yes:")]
        await theirs(story.jo)
        await story.jo.taps("Suggest less support")
        chat = await story.sam.chat()
        assert "Would you like less support?" in chat.last.text
        [before] = [m for m in chat.from_bot if m.id == first.id]
        assert not any(data.startswith("stepping:") for data in before.data)
        for stray in (story.alex, story.amira):  # it is not theirs, and says nothing to them
            await story.listens()
            await _forged(story, stray, yes)
            await story.heard()
        await _forged(story, story.sam, yes)
        assert "There is a newer one" in await story.sam.last()
        await story.sam.says("/outings")
        assert "Alone, and you tell me" in await story.sam.last(), "nothing has changed"


async def test_how_it_felt_is_said_in_a_face_and_a_word_and_never_as_a_score(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await home(story, "🙁")
        for one in (story.sam, story.jo):
            assert "How it felt: Monday 2 March 🙁 hard" in await theirs(one)
