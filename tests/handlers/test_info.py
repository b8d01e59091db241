"""`/info`: anybody finds the short pages, by topic or by words, and nobody else hears of it."""

from pathlib import Path

from tests.kith import kith

THEIRS = """---
title: Our walking group
topic: What we do here
words: walk, exercise
ask: Dev
---
We meet on **Mondays** at ten.
Bring a coat.

- [The map](https://kith.example/map)
"""


async def test_everybody_finds_what_they_look_for(tmp_path: Path) -> None:
    own = tmp_path / "pages"
    (own / "en_GB").mkdir(parents=True)
    (own / "en_GB" / "walks.md").write_text(THEIRS, "utf-8")
    (own / "en_GB" / "22-bipolar.md").write_text("no page at all", "utf-8")
    taken_away = "---\ntitle: Autism\ntopic: Conditions in plain words\n---\n"
    (own / "en_GB" / "25-autism.md").write_text(taken_away, "utf-8")
    data = tmp_path / "data"
    data.mkdir()
    async with kith(data, info=own) as story:
        await story.amira.says("/info")
        home = (await story.amira.chat()).last
        assert home.buttons[0] == "Crisis and safety", "what may be urgent comes first"
        assert "What we do here" in home.buttons
        await story.amira.taps("Conditions in plain words")
        titles = (await story.amira.chat()).last.buttons
        assert "Autism" not in titles and "Bipolar disorder" in titles
        await story.amira.taps("Depression")
        page = await story.amira.last()
        assert "takes the colour out of things" in page and "Whom to ask: a GP, or the team" in page
        assert "It is not medical advice" in page
        await story.amira.taps("Conditions in plain words", "All topics", "What we do here")
        await story.amira.taps("Our walking group")
        assert "We meet on Mondays at ten. Bring a coat.\n\n• The map: https://" in (
            await story.amira.last()
        ), "a paragraph is one line, as Markdown has it"

        await story.leo.says("/info what are my RIGHTS as a carers")
        assert (await story.leo.chat()).last.buttons[0] == "Rights of carers"
        await story.leo.says("/info walks")
        assert "We meet on Mondays" in await story.leo.last(), "a single one is shown at once"
        await story.leo.says("/info <b>zebra</b>")
        assert "nothing about “<b>zebra</b>”" in await story.leo.last()
        assert "For carers" in (await story.leo.chat()).last.buttons

        await story.sam.says("/me")
        await story.sam.taps("Easy Read")
        await story.sam.says("/info sectioned")
        while "A tribunal is like a court." not in await story.sam.last():
            await story.sam.taps("Next")  # a little at a time
        await story.listens()
        await story.alex.says("/info who can I ring in a crisis")
        await story.alex.taps("What to do in a crisis")
        page = "Ring NHS 111 and choose the mental health option"
        await story.heard(alex=page)  # the list was turned into the page; nobody else heard
        await story.alex.taps("Crisis and safety")
        assert "What a safeguarding concern is" in (await story.alex.chat()).last.buttons
