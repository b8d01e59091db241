"""A supporter is a rung of the ladder: agreed, asked, answered, and called off, in the chat."""

from pathlib import Path

from bot.care.terms import Terms
from tests.handlers.agreed import on
from tests.handlers.test_conversation import callback
from tests.handlers.test_news import NOTHING, PUSH, shape
from tests.kith import Somebody, Story, kith

READ = "news:read:-:0"


async def agreed(story: Story) -> None:
    """Jo and Sam have put Amira into Sam's plan, after Jo."""
    await story.jo.says("/plan_outings")
    await story.jo.taps("Sam")
    await story.jo.says("Park")
    await story.jo.taps("1 hour", "Key worker, on call, manager")
    plain = await story.jo.says("Ring Sam.")
    assert "Amira" not in plain.last.text
    chosen = await story.jo.taps("Ask a supporter, too")
    assert sorted(chosen.last.buttons[:4]) == ["Amira", "Leo", "Only staff", "Ruth"]
    preview = await story.jo.taps("Amira", "After the first of staff")
    assert "After the key worker I ask Amira, too." in preview.last.text
    assert "only while Sam shares going out with Amira." in preview.last.text
    await story.jo.taps("Send to read")
    await story.sam.taps("Read it")
    assert "After your key worker I ask Amira, too." in await story.sam.last()
    assert "only while you share going out with Amira." in await story.sam.last()
    await story.sam.taps("I agree")
    read = await story.amira.taps("Read")
    if "Is it you" in read.last.text:
        read = await story.amira.taps("Yes, it's me")
    assert "one of those whom Kith asks" in read.last.text
    await story.amira.taps("Hide now")
    await story.listens()


async def asked(story: Story) -> None:
    """Sam has not checked in, Jo has not answered, and Amira is called like to any news."""
    await agreed(story)
    await story.sets_off("Park")
    await story.passes(minutes=70)
    await story.heard(sam=["Are you OK", "Are you OK", "asked Jo"], jo="not checked in", amira=PUSH)
    await story.passes(minutes=10)
    first, second = (await story.amira.chat()).from_bot[-2:]
    assert shape(first) == shape(second) and second.text == PUSH and second.buttons[0] == "Read"
    await story.heard(sam="Jo has not answered yet. I am asking Amira", amira=PUSH)


async def presses(story: Story, somebody: Somebody, data: str) -> None:
    """Any button, whether they have it or not."""
    await story.play.raw_update(callback(somebody.id, 1, data))
    await story.play.settle()


async def test_a_supporter_is_called_reads_answers_and_staff_close_it(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await asked(story)
        for outsider in (story.leo, story.ruth, story.alex):
            await presses(story, outsider, READ)
        await story.amira.taps("Read")
        await story.heard(leo=NOTHING, ruth=NOTHING, amira="Sam has not checked in")
        alert = (await story.amira.chat()).last
        assert alert.protected and "Park" not in alert.text
        assert alert.buttons[:3] == ["✋ I've got this", "➡️ Pass it on", "Hide now"]
        assert PUSH not in (await story.amira.chat()).texts, "read, no call to it stands"
        await presses(story, story.amira, READ)
        await story.heard(amira=NOTHING)
        take = alert.data[0]
        for outsider in (story.leo, story.ruth, story.alex):
            await presses(story, outsider, take)
        await story.heard()

        await story.amira.taps("I've got this")
        await story.heard(sam="Amira has seen this", amira="You have this", jo="Amira is not staff")
        held = await story.amira.chat()
        assert held.last.buttons[:2] == ["✅ Safe and well", "➡️ Pass it on"]
        assert not any("not checked in" in text for text in held.texts), "it stands there once"
        await story.amira.taps("Safe and well")
        await story.heard(
            sam="I am asking Dev",
            jo="Amira says that Sam is safe and well",
            dev=["has not checked in", "Amira says that Sam is safe and well"],
        )
        assert any("one of them still speaks" in said for said in (await story.amira.chat()).texts)
        await story.jo.taps("I've got this")
        await story.heard(sam="Jo has seen this", amira=PUSH, jo="You have this", dev="Jo has this")
        await story.amira.taps("Read")
        assert "Somebody is seeing to it" in await story.amira.last()
        await story.amira.news()
        await story.jo.taps("Safe and well")
        assert await story.amira.news() == [PUSH]
        await story.amira.taps("Read")
        (over,) = await story.amira.news()
        assert "The alert about Sam is over" in over
        assert not any(word in over for word in ("Jo", "Dev", "Park"))

        seen = (await story.sam.says("/told")).last.text
        assert seen.count("Amira has read this") == 5
        assert "You chose to share this with Amira" in seen


async def test_who_does_not_look_is_passed_in_the_same_time_and_reads_nothing_once_it_is_over(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await agreed(story)
        await story.sets_off("Park")
        await story.sam.taps("I need help")
        await story.listens()
        await story.passes(minutes=10)
        await story.heard(sam="I am asking Amira", amira=PUSH)
        await story.passes(minutes=10)
        await story.heard(sam="I am asking Dev", dev="Sam")
        await story.dev.taps("I've got this")
        await story.heard(sam="Dev has seen this", amira=PUSH, dev="You have this", jo="Dev has")
        await story.dev.taps("Safe and well")
        await story.listens()

        await story.amira.taps("Read")
        await presses(story, story.leo, READ)
        await story.heard(amira=NOTHING, leo=NOTHING)
        assert shape((await story.amira.chat()).last) == shape((await story.leo.chat()).last)


async def test_on_a_shared_phone_it_is_asked_first_and_stopped_in_between_nothing_is_told(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await story.amira.says("/me")
        await story.amira.taps("More about me", "Is this phone shared?", "Yes, it is shared")
        await story.listens()
        await asked(story)
        await story.amira.taps("Read")
        await story.heard(amira="Is it you, Amira?")

        await story.sam.says("/stop_sharing")
        await story.sam.taps("Stop sharing with Amira", "Yes, stop sharing")
        assert any("has not checked in" in text for text in await story.dev.news())
        await story.sam.news()
        await story.amira.taps("Yes, it's me")
        await story.heard(amira=NOTHING)


async def test_when_sharing_stops_it_moves_on_at_once_and_is_taken_back(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await asked(story)
        await story.amira.taps("Read")
        assert "Sam has not checked in" in await story.amira.last()
        await story.listens()

        await story.sam.says("/stop_sharing")
        await story.sam.taps("Stop sharing with Amira", "Yes, stop sharing")

        assert any("has not checked in" in text for text in await story.dev.news())
        assert not any("checked in" in text for text in (await story.amira.chat()).texts)
        await story.passes(minutes=60)
        assert await story.amira.news() == []


async def test_upset_and_lost_carry_what_was_agreed_for_each_and_a_supporter_reads_none_of_it(
    tmp_path: Path,
) -> None:
    cat, phone = "When upset: Talk about the cat", "When lost: Stay on the phone"
    terms = Terms(when_upset="Talk about the cat.", when_lost="Stay on the phone.")
    async with kith(tmp_path, agreed=on(terms)) as story:
        await story.jo.says("/plan_outings")
        await story.jo.taps("Sam", "The plan that stands", "Change the plan", "Who is told, when")
        await story.jo.taps("Ask a supporter", "Amira", "After the key worker", "10 minutes")
        await story.jo.taps("Send to read")
        await story.sam.taps("Read it", "I agree")
        await story.sets_off()
        await story.sam.taps("I need help")
        plain = await story.jo.last()
        assert cat not in plain and phone not in plain and "The plan says: Ring Sam" in plain
        await story.sam.taps("I'm upset")
        upset = await story.jo.last()
        assert "Sam is upset" in upset and cat in upset and phone not in upset
        assert "The plan says: Ring Sam" in upset and "\n\n\n" not in upset
        await story.sam.taps("I'm lost")
        lost = await story.jo.last()
        assert "Sam is lost" in lost and phone in lost and cat not in lost
        await story.passes(minutes=10)
        assert (await story.amira.chat()).last.text == PUSH
        await story.amira.taps("Read")
        await story.listens()
        for somebody in (story.amira, story.leo, story.alex):
            read = str((await somebody.chat()).texts)
            assert "the cat" not in read and "Stay on the phone" not in read
