"""Somebody rings instead of writing: staff write it down, and the same times and ladder hold."""

from pathlib import Path

from bot.care.terms import Pattern, Point, SafePlace, Stretch, Terms
from tests.handlers.agreed import on
from tests.handlers.test_news import _forged
from tests.kith import Somebody, Story, kith

THE_WAY = Terms(
    pattern=Pattern.POINTS,
    points=(Point("On the bus", 15), Point("At the café", 20)),
    stretches=(Stretch("s1", "The tunnel", 10),),
    pause=60,
    safe_places=(SafePlace("p1", "Library", "High Street", "01632 960001"),),
)


async def rings(staff: Somebody, person: str, *buttons: str) -> str:
    """Somebody has rung this member of staff, who writes it down; what they read then."""
    await staff.says("/by_phone")
    await staff.taps(person, *buttons)
    return await staff.last()


async def labels(staff: Somebody) -> list[str]:
    """The buttons before them, without those of every screen."""
    return list((await staff.chat()).last.buttons)[:-2]


async def test_staff_write_down_what_the_person_rings_to_say(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        for nobody in (story.amira, story.sam):
            await nobody.says("/by_phone")
        await story.heard(amira="This is for staff", sam="This is for staff")
        who = await story.alex.says("/by_phone")
        assert "Sam" not in who.last.text and "Sam" not in who.last.buttons
        await story.listens()

        await story.jo.says("/by_phone")
        await story.jo.taps("Sam", "Sam rang: going out", "Café", "1 hour")
        assert "Café" in await story.jo.last() and "10:00" in await story.jo.last()
        await story.listens()
        await story.jo.taps("Yes, start")
        await story.heard(
            sam=["Have a good time at Café", "Jo wrote down that you rang: going out"],
        )
        assert "Written down: Sam is going to Café, back by 10:00" in await story.jo.last()

        await story.passes(minutes=60)
        await story.heard(sam="Are you OK")
        await rings(story.jo, "Sam")
        await story.listens()
        await story.jo.taps("Sam is late")
        assert await labels(story.jo) == [
            "10 minutes",
            "20 minutes",
            "Longer than the plan says",
        ]
        await story.jo.taps("20 minutes")
        assert "10:30" in await story.jo.last()
        await story.listens()

        await story.passes(minutes=40)
        await story.listens()
        assert "Sam has not checked in" in await story.jo.last()
        await rings(story.dev, "Sam")
        assert "Staff have been asked to ring Sam" in await story.dev.last()
        await rings(story.jo, "Sam")
        await story.listens()
        await story.dev.taps("Sam is home")
        await story.heard(
            sam=["home", "Dev wrote down that you rang: home"],
            dev="What did Sam ring to say",
            jo=["Sam has said", "Sam rang, and Dev wrote it down: home"],
        )
        await story.jo.taps("Sam is home")  # of the same call
        await story.heard(sam="home", jo="What did Sam ring to say")
        chat = await story.jo.chat()
        assert any("Dev wrote it down just before you" in m.text for m in chat.from_bot)


async def test_whoever_rings_from_the_way_says_all_that_the_buttons_say(tmp_path: Path) -> None:
    async with kith(tmp_path, agreed=on(THE_WAY, longest=240)) as story:
        jo = story.jo
        await rings(jo, "Sam", "Sam rang: going out", "Café", "2 hours", "Yes, start")
        await story.passes(minutes=14)
        assert "Next on the way: On the bus" in await rings(jo, "Sam")
        six = await labels(jo)
        assert six == [
            "📍 Sam is at: On the bus",
            "👍 Sam rang: OK",
            "🕒 Sam is late",
            "🏠 Sam is home",
            "🆘 Sam needs help",
            "💬 Something else",
        ]
        await jo.taps("Sam is at: On the bus")
        assert "Next on the way: At the café" in await jo.last()
        await story.listens()
        await story.passes(minutes=19)  # the old alarm would have stood by now
        await story.heard()
        await rings(jo, "Sam", "Something else")
        assert await labels(jo) == [
            "🧭 Sam is lost",
            "💙 Sam is upset",
            "📞 Sam: please ring me",
            "🔋 Phone nearly empty",
            "⏸ A pause",
            "🐌 Slow or no signal",
        ]
        await jo.taps("A pause")
        assert await labels(jo) == ["30 minutes", "60 minutes", "Until 10:33"]
        await jo.taps("30 minutes")
        assert "10:03" in await jo.last()
        await rings(jo, "Sam", "Something else", "Slow or no signal", "The tunnel")
        await story.listens()
        await story.passes(minutes=29)
        await story.heard()
        await rings(jo, "Sam", "Something else", "Phone nearly empty")
        await story.listens()

        await rings(story.dev, "Sam", "Something else", "Sam is lost")
        last = await story.dev.last()
        assert "Library" in last and "01632 960001" in last and "is lost" in last
        await story.heard(
            dev=["Written down for Sam: lost", "These places are safe"],
            jo="This came in a call. Dev wrote it down",
            sam=["asked Jo to ring you", "Library", "Dev wrote down that you rang: lost"],
        )


async def test_somebody_without_telegram_has_the_same_times_and_the_same_ladder(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        jo = story.jo
        await jo.says("/by_phone")
        await jo.taps("Somebody without Telegram")
        await jo.says("Kim", "no number")
        assert "could not read that number" in await jo.last()
        await jo.says("07700 900123")
        await story.listens()
        await jo.taps("Add them")
        assert "Kim is added" in await jo.last()
        await story.heard(priya="Jo has added Kim")

        await jo.says("/plan_outings")
        await jo.taps("Kim")
        await jo.says("Park")
        await jo.taps("1 hour", "On call, key worker, manager")
        await jo.says("Ring Kim, then the park.")
        await jo.taps("Send to read")
        assert "Kith cannot write to Kim. Please ask Kim" in await jo.last()
        await jo.taps("Write down the answer")
        read = await jo.last()
        assert "Park" in read and "Ring Kim, then the park." in read
        await story.listens()
        await jo.taps("They said yes")
        assert any("Kim has agreed" in one for one in await jo.news())
        await story.heard(priya="Jo asked Kim about the plan")

        for ask in ("/practise", "/regular"):
            await jo.says(ask)
            await jo.taps("Kim")
        await jo.taps("Park", "Tuesday", "10:00", "1 hour", "Not on bank holidays", "Yes")
        assert "Kith cannot write to Kim" in await jo.last()
        await rings(jo, "Kim")
        assert "Is now a good time" in await jo.last()
        await jo.taps("Another question")
        assert "Shall we ring you an hour before" in await jo.last()
        await rings(story.dev, "Kim")
        await jo.taps("They said yes")
        await story.listens()
        await story.dev.taps("They said no")
        assert "Kim is not out" in await story.dev.last()
        await story.heard(jo="Kim would rather not practise now", dev="Kim is not out")

        await story.dev.taps("Kim rang: going out", "Park", "1 hour", "Yes, start")
        await jo.says("/whos_out")
        assert "Dev wrote this down after a call" in await jo.last()
        await story.listens()
        await story.passes(minutes=69)
        await story.heard()
        await story.passes(minutes=1)
        await story.heard(dev="Kith's messages do not reach Kim's phone")
        await rings(jo, "Kim", "Kim needs help")
        assert "What does Kim need" in await jo.last()
        await jo.taps("Kim is upset")
        await story.listens()
        await story.dev.taps("I've got this", "Safe and well")
        assert "Please tell Kim" in await story.dev.last()
        assert "Nothing has been written" in await rings(jo, "Kim", "How did it go", "Skip")
        await rings(jo, "Kim", "How did it go", "Kim says: 😐")
        assert "Kim is not out" in await jo.last()
        assert "How did it go" not in " ".join(await labels(jo))


async def with_kim(story: Story, *, agrees: bool = True) -> None:
    """Kim has no Telegram; a plan is read to them, and they agree to it."""
    jo = story.jo
    await jo.says("/by_phone")
    await jo.taps("Somebody without Telegram")
    await jo.says("Kim", "07700 900123")
    await jo.taps("Add them")
    await jo.says("/plan_outings")
    await jo.taps("Kim")
    await jo.says("Park")
    await jo.taps("1 hour", "On call, key worker, manager")
    await jo.says("Ring Kim, then the park.")
    await jo.taps("Send to read", "Write down the answer")
    if agrees:
        await jo.taps("They said yes")
    await story.listens()


async def test_whoever_rings_can_call_everybody_at_once_as_the_button_does(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await with_kim(story)
        await rings(story.jo, "Kim", "Kim rang: going out")
        assert "Where is Kim going?" in await story.jo.last()
        await story.jo.taps("Park", "1 hour", "Yes, start")
        await rings(story.jo, "Kim", "Kim needs help")
        await story.listens()
        await story.jo.taps("Kim: emergency")
        chat = await story.jo.chat()
        [written] = [m.text for m in chat.from_bot if "Written down for Kim: emergency" in m.text]
        assert "ring 999 for Kim now" in written
        for one in (story.jo, story.dev, story.priya):
            [alert] = [m for m in await one.news() if "Kim has rung: emergency" in m]
            assert "has told Kim" not in alert and "pressed" not in alert
            assert "Jo wrote it down" in alert and "ring 999 now" in alert
        await story.heard()  # neither Sam's circle nor another team


async def test_nobody_of_another_team_can_raise_an_emergency_or_end_an_outing(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await with_kim(story)
        await rings(story.jo, "Kim", "Kim rang: going out", "Park", "1 hour", "Yes, start")
        screen = await rings(story.jo, "Kim", "Kim needs help")
        assert "What does Kim need" in screen
        last = (await story.jo.chat()).last
        [emergency] = [data for data in last.data if ":emergency:" in data]
        await story.listens()
        for stray in (story.alex, story.amira, story.sam):
            await _forged(story, stray, emergency)
            await _forged(story, stray, emergency.replace(":emergency:", ":home:"))
        await story.heard()
        await story.jo.taps("Kim: emergency")
        await story.passes(minutes=1)
        await rings(story.jo, "Kim", "Kim is home")
        await story.listens()
        spoken = emergency.replace(":emergency:", ":spoken:")
        for stray in (story.alex, story.amira, story.sam):
            await _forged(story, stray, spoken)
        await story.heard()
        await story.jo.says("/whos_out")
        assert "Kim" in await story.jo.last()


async def test_whoever_rings_home_is_not_out_and_whoever_took_the_call_ends_it(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await with_kim(story)
        await rings(story.jo, "Kim", "Kim rang: going out", "Park", "1 hour", "Yes, start")
        await rings(story.jo, "Kim", "Kim needs help", "Kim is lost")
        await story.passes(minutes=11)
        await story.listens()
        card = await rings(story.jo, "Kim", "Kim is home")
        assert "Kim rang and said: home. Jo wrote it down." in card and "is out" not in card
        assert not any("holding the phone" in one for one in await story.jo.news())
        assert any("holding the phone" in one for one in await story.dev.news())
        await story.listens()
        await story.jo.taps("I have spoken with Kim: safe and well")
        assert "Closed" in await story.jo.last()
        assert "Jo has closed this: Kim" in await story.dev.last()
        await story.jo.says("/whos_out")
        assert "Nobody you support is out" in await story.jo.last()
        assert "Kim is not out" in await rings(story.dev, "Kim")
        await story.listens()
        await story.passes(hours=2)
        await story.heard()


async def test_what_another_has_taken_on_is_not_ended_by_whoever_took_the_call(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await with_kim(story)
        await rings(story.jo, "Kim", "Kim rang: going out", "Park", "1 hour", "Yes, start")
        await rings(story.jo, "Kim", "Kim needs help")
        await story.dev.taps("I've got this")
        await story.passes(minutes=1)
        await rings(story.jo, "Kim", "Kim is home")
        await story.jo.taps("I have spoken with Kim: safe and well")
        assert "Dev has" in await story.jo.last()
        await story.jo.says("/whos_out")
        assert "Kim" in await story.jo.last()


async def test_a_plan_read_to_somebody_without_telegram_promises_no_message(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await with_kim(story, agrees=False)
        read = await story.jo.last()
        assert "Please read this to Kim" in read
        assert "I ask if you are OK" not in read and "I ask again" not in read
        assert "You ring us by the time you said" in read and "staff ring you" in read
        assert "Kith asks your key worker to ring you" in read
