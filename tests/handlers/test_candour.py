"""A grave incident, told to the person first: the list, its steps, and who may press them."""

from pathlib import Path

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
        asked = await story.jo.taps("Yes, a colleague did")
        assert sorted(asked.last.buttons[:3]) == ["Dev", "Mina", "Priya"]
        await story.jo.taps("Dev")
        assert "I do not know that day" in (await story.jo.says("the other day")).last.text
        await story.jo.says("1 March")
        await story.jo.says("Sam fell.")
        await story.listens()
        await story.jo.taps("Send")
        await story.heard()  # the list stood already
        assert "At the moment nobody may be told" in await story.jo.last()

        await story.priya.says("/candour")
        assert "Being open with Sam" in await story.priya.last()
        await story.alex.says("/candour")
        assert "There is no such list" in await story.alex.last()
        await story.amira.says("/candour")
        assert "Only staff can use /candour" in await story.amira.last()
