"""What happens after something was noticed, on everybody's phone."""

from pathlib import Path

from tests.handlers.test_news import _forged
from tests.kith import Somebody, kith

LATE, MIDDLE = "Says people are watching the flat", "Talking very fast"
NIGHT, MESSAGES = "Up in the night", "Not answering messages"


async def notices(who: Somebody, sign: str, words: str | None = None) -> None:
    """One of them reports this sign: since today, quite worried, with words or none."""
    await who.says("/notice")
    await who.taps(sign, "Since today", "Quite")
    await (who.taps("Skip") if words is None else who.says(words))


async def test_a_late_sign_is_taken_on_and_closed_and_sam_and_leo_hear_of_nothing(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        told = (await story.sam.says("/told")).last.text
        await story.listens()
        await notices(story.amira, LATE, "The curtains were shut again.")
        await story.amira.news()
        (alert,) = await story.jo.news()
        assert (
            "<b>" not in alert
            and "any late sign" in alert
            and f"{LATE}: said once, 09:00, since that day" in alert
        )
        assert "Amira" not in alert and "curtains were" not in alert
        assert "Go to Sam" in alert and "Sit with me" in alert and "07700 900101" in alert
        await story.heard()

        await story.passes(minutes=15)
        await story.heard(dev=f"{LATE}: said once")
        await story.jo.taps("Pass it on")
        await story.heard(jo="Somebody else is being asked already")
        await story.dev.taps("I've got this")
        await story.heard(
            dev=["The curtains were shut again.", "You have this"],
            jo="Dev has this",
            amira="Read 09:15",
        )
        assert "Please do not tell Sam who said this" in (await story.dev.chat()).texts[-2]
        await story.dev.taps("I've got this")
        await story.jo.taps("I've got this")
        await story.heard(dev="You have this", jo="Dev has this since")

        await story.dev.taps("Write what was done")
        await story.dev.says("Sat with Sam, and rang the crisis team together.")
        await story.dev.taps("Useful")
        await story.heard(
            dev=["What was done", "Kept with the alert", "Closed"],
            jo="Dev has closed this",
            amira="The team has finished looking at your message",
        )
        assert "Useful" not in str((await story.jo.chat()).last.buttons)

        assert (await story.sam.says("/told")).last.text == told
        await story.sam.says("/signs")
        await story.leo.says("/signs")
        for name in ("sam", "leo", "ruth", "alex"):
            said = str((await story.people[name].chat()).texts)
            assert "curtains were" not in said and "has finished" not in said


async def test_whoever_has_an_early_warning_may_suggest_more_support_and_sam_reads_nothing_of_it(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await notices(story.amira, LATE, "The curtains were shut again.")
        await story.passes(minutes=15)
        await story.dev.taps("I've got this")
        yours = (await story.dev.chat()).last
        [more] = [data for data in yours.data if data.startswith("stepping:more:")]
        await story.listens()
        for stray in (story.sam, story.amira, story.leo, story.alex):
            await _forged(story, stray, more)
            await _forged(story, stray, more.replace(":more:", ":asked:"))
        await story.heard()  # nothing is asked of Sam before one of the team says so

        await story.dev.taps("Suggest more support")
        await story.heard(dev="This is what Sam will read")
        await story.dev.taps("It would help just now")
        await story.heard(
            sam="Your team thinks that this could be a good step",
            dev="Sam is asked now",
            jo="Would more support help Sam for now",
        )
        asked = await story.sam.last()
        await story.dev.taps("Useful")  # the alert itself is still there to be closed
        assert "Closed" in await story.dev.last()
        for betrayed in ("Amira", "sign", "noticed", "watching", "curtains"):
            assert betrayed not in asked


async def test_what_reaches_no_threshold_is_read_on_the_same_day_or_staff_are_asked(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await notices(story.amira, "Something else", "Sam gave the cat away.")
        await story.passes(minutes=1)
        await notices(story.leo, "Something else", "Sam sold the guitar. " + "🎸 " * 1330 + "Leo")
        await story.passes(minutes=1)
        await notices(story.sam, NIGHT)
        await story.listens()
        await story.passes(minutes=8)
        await story.heard(jo="3 things were noticed about Sam")
        await story.jo.taps("Show me")
        await story.heard(jo=["nobody has read yet", "cat away", "guitar", NIGHT])

        first, second, _ = (await story.jo.chat()).messages[-3:]
        await story.play.tap(story.jo.id, "Show the rest", message_id=second.id)
        assert "🎸 Leo" in await story.jo.last()
        await story.heard(jo="🎸 Leo")
        await story.play.tap(story.jo.id, "Read", message_id=first.id)
        await story.play.tap(story.jo.id, "Read", message_id=first.id)
        await story.heard(jo=["Whoever noticed it", "Jo has read this"], amira="Read 09:10")
        await story.jo.taps("finished with this")
        await story.jo.taps("finished with this")
        await story.heard(
            jo=["Thank you", "finished with this already"],
            amira="The team has finished looking at your message of 09:00",
        )
        await story.dev.says("/start")
        await story.listens()

        # Nobody reads the others by the end of the day, as their receipts have said.
        await story.passes(hours=7, minutes=51)
        await story.heard(jo="has not been read in time")
        assert "guitar" not in await story.jo.last() and "Leo" not in await story.jo.last()
        await story.passes(minutes=15)
        await story.heard(dev="has not been read in time")
        await story.dev.taps("I will read what was noticed")
        read = "Read 17:16"
        await story.heard(
            jo="Dev has this",
            dev=["guitar", NIGHT, "You have this"],
            leo=read,
            sam=read,
        )
        await story.dev.taps("finished with this")
        done = "The team has finished looking at your message"
        await story.heard(dev="Closed", jo="Dev has closed this")
        await story.passes(hours=16)
        await story.heard(leo=done, sam=done)
        await story.play.tap(story.jo.id, "Read", message_id=second.id)
        await story.heard(jo="Dev has read this")


async def test_early_signs_ask_more_calmly_and_a_graver_one_joins_them(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await notices(story.amira, MESSAGES)
        await story.listens()
        await story.passes(minutes=1)
        await notices(story.sam, NIGHT)
        await story.sam.news()
        await story.heard(jo="2 different signs in 7 days")
        assert "Ring Sam and ask about sleep" in await story.jo.last()
        await story.jo.taps("I've got this")
        await story.heard(
            jo=[MESSAGES, NIGHT, "You have this"], amira="Read 09:01", sam="Read 09:01"
        )
        await story.passes(minutes=5)
        await notices(story.dev, LATE)
        await story.dev.news()
        await story.heard(jo="more early warning signs")
        assert "any late sign" in await story.jo.last() and "Go to Sam" in await story.jo.last()

        # Jo does not answer: the late stage's own ladder is climbed.
        await story.passes(minutes=15)
        unread, moved_on = "1 thing was noticed", "Somebody else has been asked too"
        await story.heard(jo=[unread, moved_on], dev="any late sign")
        await story.dev.taps("I've got this")
        await story.heard(dev=[MESSAGES, NIGHT, LATE, "You have this"], jo="Dev has this")
        await story.passes(minutes=30)
        await story.heard(dev="How is it with")
        await story.dev.taps("I still have this")
        await story.dev.taps("Not about this")
        done = "The team has finished looking at your message"
        await story.heard(
            dev=["You have this", "Closed"], jo="Dev has closed", amira=done, sam=done
        )
