"""Before and after a session: its calendar file, what people say, what came of it, what they ask
for."""

from pathlib import Path

import icalendar

from tests.kith import Somebody, Story, kith


async def books(story: Story, who: Somebody, title: str) -> bytes:
    """They book; the file for their calendar comes."""
    await who.says("/sessions")
    await who.taps(title, "Book")
    message = (await who.chat()).last
    assert message.document is not None and not message.protected
    return (await story.play.http.get(message.document["url"])).content


async def test_after_a_session_those_who_came_are_asked_and_told_what_came_of_it(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        for who in (story.mina, story.ruth, story.amira, story.leo):
            file = await books(story, who, "risis")
        (entry,) = icalendar.Calendar.from_ical(file).events
        assert "Leo" not in file.decode() and entry.sequence >= 1
        assert str(entry["SUMMARY"]).startswith("Crisis")
        await story.passes(hours=29 * 24 + 10)
        for who in (story.ruth, story.amira, story.leo):
            assert "Was it useful" in await who.last()
        assert not (await story.dev.chat()).from_bot, "nobody who had no place"
        await story.listens()

        await story.ruth.taps("Yes, it was useful", "Partly", "Yes")
        await story.ruth.says("Slower, <please>")
        await story.amira.taps("Partly", "Stop")
        await story.leo.taps("I was not there")
        assert "other dates" in await story.leo.last()

        await story.dev.says("/feedback")
        chat = await story.dev.taps("Crisis")
        said = chat.last.text
        assert "came: 2. Asked: 4" in said and "once three people have answered" in said
        assert "Useful" not in said and "Slower" not in said
        assert "You said" not in str(chat.last.buttons)
        await story.mina.taps("Not really", "Yes")
        await story.passes(hours=4)  # and she does not go on
        await story.dev.says("/feedback")
        chat = await story.dev.taps("Crisis")
        said = chat.last.text
        assert "came: 3. Asked: 4" in said and "Useful? Yes 1, partly 1, not really 1" in said
        assert "Clear? Yes 1, partly 1" in said and "• Slower, <please>" in said
        assert not any(name in said for name in ("Ruth", "Amira", "Leo"))
        await story.dev.taps("You said, we did")
        await story.dev.says("It was fast.", "More breaks from now on.")
        assert "More breaks" in await story.dev.last()
        await story.listens()
        await story.dev.taps("Send it")
        we_did = "We did: More breaks from now on."
        await story.heard(ruth=we_did, amira=we_did, mina=we_did)

        for nobody in (story.alex, story.sam, story.ruth):
            await nobody.says("/feedback")
            assert "Crisis" not in str((await nobody.chat()).last)


async def test_what_people_ask_for_is_counted_and_nobody_is_named(tmp_path: Path) -> None:
    feed = "https://kith.example/sessions.ics"
    async with kith(tmp_path, sessions_url=feed) as story:
        await story.ruth.says("/sessions")
        assert feed in await story.ruth.last()
        for who, day, language in (
            (story.ruth, "Saturday", ("English",)),
            (story.amira, "Saturday", ("Another language",)),
            (story.leo, "Any day", ("British Sign Language",)),
        ):
            await who.says("/sessions")
            await who.taps("another date", day, "Morning", *language)
        await story.amira.says("polish, and <b>hello</b>")
        assert "only the name" in await story.amira.last()
        await story.amira.says("polish")
        await story.leo.says("/sessions")
        await story.leo.taps("another date", "Saturday", "Morning", "English")
        await story.leo.says("/sessions")
        await story.leo.taps("Suggest a topic")
        await story.leo.says("What a <Section 117> is")

        await story.dev.says("/feedback")
        chat = await story.dev.taps("What people ask for")
        said = chat.last.text
        assert "last year: 3" in said and "Saturday, Morning: 3" in said
        assert "Language, English: 2\n" in said and "Polish" not in said
        assert "fewer than three people: 1" in said
        assert "• What a <Section 117> is" in said and "Leo" not in said
        await story.alex.says("/feedback")
        elsewhere = (await story.alex.taps("What people ask for")).last.text
        assert "Saturday, Morning: 3" in elsewhere and "Section" not in elsewhere
        for nobody in (story.sam, story.ruth):
            await nobody.says("/feedback")
            assert "for the team" in await nobody.last() and "Saturday" not in await nobody.last()
