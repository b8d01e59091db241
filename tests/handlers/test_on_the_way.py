"""On the way: check-ins by the clock or at points, a pause, a slow stretch, a phone nearly empty,
and a check-in that is typed."""

from pathlib import Path

from bot.care.terms import Pattern, Point, Stretch, Terms
from tests.handlers.agreed import on
from tests.handlers.test_conversation import callback
from tests.kith import kith

EVERY = Terms(
    pattern=Pattern.EVERY,
    every=20,
    pause=60,
    extends=1,
    stretches=(Stretch("hill", "Hill Road", 15), Stretch("bus", "Bus 9", 5)),
)
POINTS = Terms(
    pattern=Pattern.POINTS,
    points=(Point("On the bus", 15), Point("At the café", 20)),
    pause=30,
    extends=1,
)


async def test_every_twenty_minutes_with_a_pause_a_slow_stretch_and_a_miss(tmp_path: Path) -> None:
    async with kith(tmp_path, agreed=on(EVERY)) as story:
        await story.sam.says("/out")
        ready = await story.sam.taps("Café", "1 hour")
        assert "Every 20 minutes I will ask" in ready.last.text and "10:00" in ready.last.text
        await story.sam.taps("Set off")
        await story.heard(sam=["Off you go", "I will ask if you are OK at 09:20"])

        await story.passes(minutes=20)
        await story.heard(sam="It is 09:20. Are you OK")
        await story.sam.taps("I'm OK")
        await story.heard(sam="I will ask again at 09:40")

        late = await story.sam.taps("I'm late")
        assert late.last.buttons[:4] == [
            "💬 Something else",
            "10 minutes",
            "20 minutes",
            "30 minutes",
        ]
        other = await story.sam.taps("Something else")
        assert other.last.buttons[:4] == [
            "Longer",
            "🔋 Phone nearly empty",
            "🐌 Slow or no signal here",
            "⏸ Pause",
        ]
        how_long = await story.sam.taps("Pause")
        assert how_long.last.buttons[:3] == ["30 minutes", "60 minutes", "🕒 Until a time"]
        await story.sam.taps("Until a time")
        await story.sam.says("11:30")
        assert "until 10:20" in await story.sam.last()
        await story.sam.says("09:50")
        await story.listens()
        await story.passes(minutes=29)
        await story.heard()
        await story.passes(minutes=1)
        await story.heard(sam="It is 09:50. Are you OK")

        chat = await story.sam.taps("I'm late", "Something else", "Slow or no signal here")
        assert chat.last.buttons[:2] == ["Hill Road", "Bus 9"]
        await story.sam.taps("Hill Road")
        assert "I will wait longer for you" in await story.sam.last()
        await story.listens()
        await story.passes(minutes=10)
        await story.heard(sam="Are you OK")
        await story.passes(minutes=24)
        await story.heard(sam="Are you OK")
        await story.passes(minutes=1)

        await story.heard(
            sam="asked Jo", jo="Sam has not checked in", amira="You have a new message"
        )
        await story.sam.taps("I'm late")
        assert "glad to hear from you" in await story.sam.last()


async def test_points_on_the_way_carry_their_names_and_home_ends_it(tmp_path: Path) -> None:
    async with kith(tmp_path, agreed=on(POINTS)) as story:
        await story.sam.says("/out")
        ready = await story.sam.taps("Café", "1 hour")
        assert "first point is: On the bus" in ready.last.text and "09:15" in ready.last.text
        out = await story.sam.taps("Set off")
        assert out.last.buttons[:4] == [
            "📍 On the bus",
            "🕒 I'm late",
            "🏠 I'm home",
            "🆘 I need help",
        ]
        assert "Next on the way: On the bus" in out.last.text

        await story.passes(minutes=14)
        chat = await story.sam.taps("On the bus")
        assert "Next on the way: At the café" in chat.last.text and "09:34" in chat.last.text
        assert chat.last.buttons[0] == "📍 At the café"
        await story.listens()
        await story.passes(minutes=20)
        await story.heard(sam="It is 09:34. Are you at “At the café” yet?")
        await story.sam.says("ok")
        assert "Next on the way: At the café" in await story.sam.last()
        chat = await story.sam.taps("At the café")
        assert chat.last.buttons[0] == "👍 I'm OK" and "10:00" in chat.last.text
        for stray in (story.alex, story.leo, story.jo):
            await story.play.raw_update(_press(stray.id, (await story.sam.chat()).last.data[0]))
        await story.listens()

        await story.sam.taps("I'm late", "10 minutes")
        assert "10:10" in await story.sam.last()
        refused = await story.sam.taps("I'm late")
        assert "as often as your plan says" in refused.last.text
        assert not any("minutes" in label for label in refused.last.buttons)
        await story.listens()
        await story.sam.taps("Something else", "Longer")
        await story.heard(sam="I have asked Jo", jo="would like to stay out longer")
        await story.sam.says("I’m home!")
        await story.heard(sam="How did it go", amira="You have a new message")


async def test_a_phone_nearly_empty_is_told_once_and_a_plan_without_more_is_as_short_as_ever(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off()
        chat = await story.sam.taps("I'm late", "Something else")
        assert chat.last.buttons[:2] == ["Longer", "🔋 Phone nearly empty"]
        await story.sam.taps("Phone nearly empty")
        await story.heard(
            sam=["What is it", "I have told Jo"], jo="Sam (going to: Café) says: my phone"
        )
        assert "07700" in await story.jo.last() and "10:00" in await story.jo.last()
        chat = await story.sam.taps("I'm late", "Something else")
        assert chat.last.buttons[:2] == ["Longer", "🔋 Phone nearly empty"], "it keeps its place"
        await story.listens()
        await story.sam.taps("Phone nearly empty")
        await story.heard(sam="I will ask again at 10:00")

        await story.sam.says("I'm ok")
        await story.heard(sam="I will ask again at 10:00")
        await story.sam.says("not ok")
        await story.heard(sam="Press what fits")
        await story.sam.says("/concern")
        await story.listens()
        await story.sam.says("👍🏽")
        await story.heard(sam="I will ask again at 10:00")
        await story.leo.says("ok")
        await story.jo.says("home")
        await story.listens()
        await story.sam.says("home")
        await story.heard(sam="How did it go", amira="You have a new message")
        await story.sam.says("ok")
        assert "again at" not in await story.sam.last()


def _press(by: int, data: str) -> dict[str, object]:
    return {
        "callback_query": {
            "id": f"{by}0",
            "from": {"id": by, "is_bot": False, "first_name": "Somebody"},
            "chat_instance": "1",
            "data": data,
            "message": {"message_id": 1, "date": 1, "chat": {"id": by, "type": "private"}},
        }
    }


async def test_help_that_is_typed_is_help_and_its_neighbours_are_not(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off()
        await story.sam.says("help?")
        await story.heard(sam="I need help")  # the buttons, and nobody is asked
        await story.sam.says("I am lost")
        told = ["What do you need?", "asked Jo to ring you", "told your team that you are lost"]
        await story.heard(sam=told, jo=["Sam asks for help", "Sam is lost"])
        assert "lost" in await story.jo.last()
        await story.jo.taps("I've got this", "Safe and well")
        await story.listens()

        await story.sam.says("help")  # at home: how Kith can be used
        assert "I need help" not in (await story.sam.chat()).last.buttons
        await story.sam.news()
        await story.heard()


async def test_after_staff_have_finished_it_an_outing_goes_on_with_a_tap(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off("Library")
        await story.passes(minutes=70)
        await story.jo.taps("I've got this", "Safe and well")
        finished = (await story.sam.chat()).last
        assert "If you are still out, press the button" in finished.text
        button = next(data for data in finished.data if ":again:" in data)
        await story.listens()
        for stray in (story.amira, story.leo, story.jo, story.alex):
            await story.play.raw_update(callback(stray.id, finished.id, button))
            await story.play.settle()
        await story.heard()
        felt = await story.sam.taps("🙂")  # it stands there still
        assert "🚶 I am still out" in felt.last.buttons
        await story.sam.taps("I am still out")
        await story.heard(sam="When will you be back?")
        ready = await story.sam.taps("30 minutes")
        assert "Library" in ready.last.text
        await story.sam.taps("Set off")
        await story.listens()
        await story.sam.says("/out")
        await story.heard(sam="You are already out")
        await story.passes(minutes=40)
        asked = ["Are you OK", "heard from you yet", "asked Jo"]
        await story.heard(sam=asked, jo="not checked in", amira="You have a new message")


async def test_home_that_is_typed_when_nobody_is_out_is_answered(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("home")
        await story.heard(sam="You are not out at the moment")
        await story.sam.says("homely")
        await story.heard(sam="I did not understand")


async def test_lost_stays_on_every_card_and_so_does_the_last_word_home(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off()
        await story.sam.says("/help")
        await story.sam.taps("I need help", "I'm lost")
        await story.sam.taps("I'm upset")
        assert "Said on the way: I am lost." in await story.jo.last()
        await story.jo.taps("I've got this")
        held = await story.jo.last()
        assert "Sam is upset." in held and "I am lost." in held and "The plan says:" in held
        await story.sam.taps("I'm home")
        answered = (await story.jo.chat()).last
        assert "Safe and well" in str(answered.buttons) and "I've got this" not in str(
            answered.buttons
        )
        await story.jo.taps("Pass it on")
        assert "The last word was “I'm home”." in await story.dev.last()


async def test_a_person_at_home_has_a_way_to_a_human(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("I can't find my keys")
        asks = (await story.sam.chat()).last
        ring = next(data for data in asks.data if data.startswith("words:ring"))
        for stray in (story.amira, story.leo, story.jo, story.alex):
            await story.play.raw_update(callback(stray.id, asks.id, ring))
            await story.play.raw_update(callback(stray.id, asks.id, "words:ring_now:-:0"))
            await story.play.settle()
        await story.heard(sam="did not understand")
        await story.sam.says("emergency")
        await story.sam.taps("Ask my team to ring me")
        await story.heard(sam=["Nobody has read this yet.", "Shall I ask your team"])
        await story.sam.taps("Yes, ask them now")
        await story.heard(sam="asked Jo to ring you", jo="ring")

        await story.sam.says("/complain")
        await story.listens()
        await story.passes(minutes=11)
        await story.sam.says("I'm scared")
        assert "Nobody has read this yet." in await story.sam.last()


async def test_what_answers_a_question_is_no_cry_and_a_cry_is_no_answer(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/my_words")
        await story.sam.taps("My code word")
        await story.sam.says("help")
        assert "Nobody has read this yet" not in await story.sam.last(), "it is looked at as a word"
        await story.sam.taps("Stop")
        await story.sets_off()
        await story.sam.says("/complain", "I'm scared")
        assert "What would put" in await story.sam.last()
        assert await story.jo.news() == []
        await story.sam.says("help me 😭")
        assert any("Sam asks for help" in one for one in await story.jo.news())
