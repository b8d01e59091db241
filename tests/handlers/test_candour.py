"""A grave incident, told to the person first: the list, its steps, and who may press them."""

from pathlib import Path

from tests.handlers.test_conversation import callback
from tests.kith import kith


async def test_the_list_is_opened_kept_and_found_again(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.jo.says("/tell")
        await story.jo.taps("Incidents", "The main point", "Moderate harm or worse", "Not yet")
        said = await story.jo.last()
        assert "Please tell Sam first, face to face" in said
        assert "Not yet: Told in person" in said
        assert "It does not discharge the duty of candour" in said

        await story.jo.taps("Told in person", "Said sorry")
        shown = await story.jo.last()
        assert "✅ Told in person, face to face" in shown and "by Jo, 09:00" in shown
        assert "✅ Said sorry" in shown and "Not yet: Offered support" in shown
        await story.jo.taps("Said sorry")
        assert "Not yet: Said sorry" in await story.jo.last()

        await story.jo.says("/tell")
        await story.jo.taps("Incidents", "The main point", "Moderate harm or worse")
        assert (await story.jo.chat()).last.buttons[0] == "The list by Jo, 09:00"
        asked = await story.jo.taps("No, this is another harm", "Yes, a colleague did")
        assert sorted(asked.last.buttons[:3]) == ["Dev", "Mina", "Priya"]
        await story.jo.taps("Dev")
        assert "I do not know that day" in (await story.jo.says("the other day")).last.text
        await story.jo.says("1 March")
        await story.jo.says("Sam fell.")
        await story.listens()
        await story.jo.taps("Send")
        await story.heard(jo="Being open with Sam")  # another harm, a list of its own
        assert any("At the moment nobody" in said for said in (await story.jo.chat()).texts)

        await story.priya.says("/candour")
        assert "Being open with Sam" in await story.priya.last()
        await story.alex.says("/candour")
        assert "There is no such list" in await story.alex.last()
        await story.amira.says("/candour")
        assert "Only staff can use /candour" in await story.amira.last()


async def test_one_harm_has_one_list_and_more_than_fit_are_said_to_be_there(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        harm = ("Incidents", "The main point", "Moderate harm or worse")
        await story.jo.says("/tell")
        await story.jo.taps(*harm, "Not yet")
        await story.jo.says("/tell")
        await story.jo.taps(*harm, "The list by Jo, 09:00", "Not yet")
        assert "Please tell Sam first, face to face" in await story.jo.last()

        await story.jo.says("/tell")
        await story.jo.taps(*harm, "The list by Jo, 09:00", "Yes, I did", "Today")
        await story.jo.says("Sam fell.")
        await story.listens()
        await story.jo.taps("Send")
        await story.heard()  # the list stands already
        await story.listens()
        await story.priya.says("/candour")
        (one,) = [said for said in await story.priya.news() if "Being open" in said]
        assert "✅ Told in person, face to face" in one and "by Jo, 09:00" in one

        await story.jo.says("/tell")
        await story.jo.taps(*harm, "The list by Jo, 09:00")
        assert "face to face" not in await story.jo.last(), "it says already who told Sam"
        await story.jo.says("Sam is in hospital.")
        await story.jo.taps("Send")

        await story.passes(minutes=1)  # the newest come first
        for _ in range(6):
            await story.jo.says("/tell")
            await story.jo.taps(*harm, "No, this is another harm", "Not yet")
        await story.priya.news()
        await story.priya.says("/candour")
        shown = await story.priya.news()
        assert len(shown) == 6 and shown[-1] == "There are 2 more lists."
        await story.priya.taps("Show more")
        rest = await story.priya.news()
        assert len(rest) == 2 and "Please tell Sam first" in rest[0]
        more = "candour:more:0:0"
        for outsider in (story.amira, story.alex):
            await story.play.raw_update(callback(outsider.id, 1, more))
            await story.play.settle()
            assert not any("Sam" in said for said in await outsider.news())
