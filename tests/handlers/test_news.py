"""News through the chat: told, asked first, read, hidden, kept back, and written back."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.kith import Somebody, Story, kith
from tests.play import Message

PUSH = "You have a new message. Tap to read."
NOTHING = (
    "Nothing to read now. There may be things we cannot tell you. You can always tell us things."
)
CAKE = "Sam baked a cake."
DENTIST = "The dentist, on Tuesday at 10."


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    async with kith(tmp_path) as told:
        yield told


async def previewed(story: Story, *chosen: str, words: str) -> str:
    """Jo has written it; the preview as it stands."""
    await story.jo.says("/tell")
    await story.jo.taps(*chosen)
    return (await story.jo.says(words)).last.text


async def told(story: Story, *chosen: str, words: str = CAKE) -> None:
    """Jo has sent it; what was said so far counts as heard."""
    await previewed(story, *chosen, words=words)
    await story.jo.taps("Send")


async def of_the_cake(story: Story) -> None:
    await told(story, "Daily life", "The main point")
    await story.listens()


async def of_the_dentist(story: Story) -> None:
    await told(story, "Health appointments", "The details", words=DENTIST)


async def stops_sharing(story: Story, carer: str = "Amira") -> None:
    await story.sam.says("/stop_sharing")
    await story.sam.taps(f"Stop sharing with {carer}", "Yes, stop sharing")
    await story.sam.news()


async def seen(somebody: Somebody) -> list[str]:
    """The texts that stand in this chat now."""
    return (await somebody.chat()).texts


def shape(message: Message) -> tuple[object, ...]:
    """All that a reader could tell one message from another by."""
    buttons = tuple(tuple((b.text, b.data, b.url) for b in row) for row in message.rows)
    return (message.text, message.html, buttons, message.protected, message.silent)


# --- told ---------------------------------------------------------------------------------


async def test_staff_see_who_gets_it_and_nothing_goes_before_send(story: Story) -> None:
    preview = await previewed(story, "Daily life", "The main point", words=CAKE)

    assert CAKE in preview
    assert "Amira will get it." in preview and "Leo will get it." in preview
    assert "Ruth will not get it. Sam has not said yes to daily life for Ruth." in preview
    assert (await story.jo.chat()).last.buttons[:3] == ["Send", "Change the words", "Not now"]
    await story.jo.news()
    await story.heard()


async def test_a_carer_is_called_by_a_constant_and_reads_behind_a_tap(story: Story) -> None:
    await of_the_cake(story)
    await story.amira.news()
    call = (await story.amira.chat()).last
    assert (call.text, call.buttons[0]) == (PUSH, "Read")

    chat = await story.amira.taps("Read")

    assert CAKE in chat.last.text and "Sam" in chat.last.text
    assert chat.last.protected
    assert chat.last.buttons[:2] == ["Hide now", "Reply"]
    await story.heard(amira=CAKE)


async def test_send_calls_those_who_may_know_and_nobody_else(story: Story) -> None:
    await previewed(story, "Daily life", "The main point", words=CAKE)
    await story.listens()

    await story.jo.taps("Send")

    assert "Whoever may know can read it now" in await story.jo.last()
    await story.heard(amira=PUSH, leo=PUSH)


async def test_the_words_can_be_changed_before_they_go(story: Story) -> None:
    await previewed(story, "Daily life", "The main point", words="Sam bkaed a cake.")
    await story.jo.taps("Change the words")

    preview = (await story.jo.says(CAKE)).last.text
    assert CAKE in preview and "bkaed" not in preview
    await story.jo.taps("Send")
    await story.amira.taps("Read")

    assert CAKE in await story.amira.last()


async def test_not_now_sends_and_keeps_nothing(story: Story) -> None:
    await previewed(story, "Daily life", "The main point", words=CAKE)
    await story.listens()

    await story.jo.taps("Not now")

    await story.heard()
    assert "Nothing has been sent" in await story.jo.last()


async def test_a_second_press_of_send_sends_nothing_more(story: Story) -> None:
    await previewed(story, "Daily life", "The main point", words=CAKE)
    send = (await story.jo.chat()).last
    await story.jo.taps("Send")
    await story.listens()

    await _forged(story, story.jo, send.data[0], send.id)

    await story.heard()


async def test_a_text_hides_at_a_press_and_by_itself(story: Story) -> None:
    await of_the_cake(story)
    await story.amira.taps("Read")
    await story.leo.taps("Read")
    assert any(CAKE in text for text in await seen(story.amira))

    await story.amira.taps("Hide now")
    assert not any(CAKE in text for text in await seen(story.amira))
    assert any(CAKE in text for text in await seen(story.leo))

    await story.passes(minutes=9)
    assert any(CAKE in text for text in await seen(story.leo))
    await story.passes(minutes=1)
    assert not any(CAKE in text for text in await seen(story.leo))


async def test_news_shows_what_is_unread_and_then_what_was_read(story: Story) -> None:
    await of_the_cake(story)
    await story.passes(minutes=1)
    await told(story, "Daily life", "The main point", words="Sam saw a heron.")
    await story.listens()

    await story.amira.says("/news")
    await story.heard(amira=CAKE)
    await story.passes(minutes=1)
    await story.amira.taps("Read")
    await story.heard(amira="heron")
    assert not any("Read" in m.buttons for m in (await story.amira.chat()).messages)
    await _forged(story, story.amira, "news:read:-:0")
    await story.heard(amira=NOTHING)
    await story.amira.says("/news")
    await story.heard(amira=CAKE)
    shown = [text for text in await seen(story.amira) if CAKE in text]
    assert len(shown) == 1  # the older copy has gone


async def test_general_information_goes_to_all_by_the_same_call_and_names_nobody(
    story: Story,
) -> None:
    await story.jo.says("/tell")
    await story.jo.taps("General information")
    refused = await story.jo.says("The course is for Sam's family.")
    assert "That names Sam" in refused.last.text
    preview = (await story.jo.says("A course for families begins in May.")).last.text
    for name in ("Amira", "Leo", "Ruth"):
        assert f"{name} will get it." in preview
    await story.listens()

    await story.jo.taps("Send")
    await story.heard(amira=PUSH, leo=PUSH, ruth=PUSH)
    call = (await story.ruth.chat()).last
    await story.ruth.taps("Read")

    await story.heard(ruth="A course for families")
    await told(story, "Plans and reviews", "The details", words="The review is in June.")
    assert shape((await story.ruth.chat()).last) == shape(call)


async def test_on_a_shared_phone_nothing_is_shown_before_it_is_asked_who_is_there(
    story: Story,
) -> None:
    for somebody in (story.amira, story.ruth):
        await somebody.says("/me")
        await somebody.taps("More about me", "Is this phone shared?", "Yes, it is shared")
    await of_the_cake(story)

    asked = (await story.amira.says("/news")).last
    await story.ruth.says("/news")
    nothing = (await story.ruth.chat()).last
    assert asked.text == "Others use this phone too.\nIs it you, Amira?"
    assert nothing.text == asked.text.replace("Amira", "Ruth")
    assert shape(nothing)[2:] == shape(asked)[2:]
    await story.listens()
    await story.amira.taps("No")
    await story.heard()
    assert "I show nothing here" in await story.amira.last()

    await story.amira.taps("Read", "Yes, it's me")
    await story.heard(amira=["Thank you", CAKE])
    await story.ruth.taps("Yes, it's me")
    await story.heard(ruth=NOTHING)
    await story.amira.says("/news")
    await story.listens()
    await story.amira.taps("Yes, it's me")
    await story.heard(amira=CAKE)
    await story.leo.taps("Read")
    await story.heard(leo=CAKE)


# --- kept back ----------------------------------------------------------------------------


async def test_a_no_is_said_to_staff_and_nobody_else_hears_of_anything(story: Story) -> None:
    preview = await previewed(story, "Money", "The details", words="The bank wrote.")

    assert "Amira will not get it. Sam has said no to finances for Amira." in preview
    assert "Leo will not get it. Sam has not said yes to finances for Leo." in preview
    await story.listens()
    await story.jo.taps("Send")
    await story.heard()
    decided = [one.effect for one in await story.play.decisions()][-3:]
    assert decided == ["withhold"] * 3


TWINS = [
    ("Daily life", "The main point", ["amira", "leo"], ["ruth"]),
    ("Daily life", "The details", ["amira"], ["leo", "ruth"]),
    ("Going out", "That something happened", ["amira"], ["leo", "ruth"]),
    ("Going out", "The main point", [], ["amira", "leo", "ruth"]),
    ("Plans and reviews", "The details", ["ruth"], ["amira", "leo"]),
    ("Money", "That something happened", [], ["amira", "leo", "ruth"]),
    ("Medication", "That something happened", [], ["amira", "leo", "ruth"]),
]


@pytest.mark.parametrize(("topic", "level", "readers", "denied"), TWINS)
async def test_each_permission_has_a_denied_twin(
    story: Story, topic: str, level: str, readers: list[str], denied: list[str]
) -> None:
    await previewed(story, topic, level, words="Some words.")
    await story.listens()

    await story.jo.taps("Send")

    await story.heard(**dict.fromkeys(readers, PUSH))
    for name in (*readers, *denied):
        await story.people[name].says("/news")
    read = dict.fromkeys(readers, "Some words.")
    await story.heard(**read, **dict.fromkeys(denied, NOTHING))


async def test_denied_withdrawn_over_and_empty_look_the_same_to_the_byte(story: Story) -> None:
    await story.ruth.says("/news")
    empty = (await story.ruth.chat()).last
    assert empty.text == NOTHING and empty.buttons[0] == "Reply"

    await told(story, "Money", "The details", words="The bank wrote.")
    await story.amira.says("/news")
    denied = (await story.amira.chat()).last

    await of_the_cake(story)
    await story.passes(hours=24 * 28)
    await story.leo.taps("Read")
    over = (await story.leo.chat()).last

    await told(story, "Daily life", "The main point", words="Sam saw a heron.")
    await stops_sharing(story)
    await story.amira.taps("Read")
    withdrawn = (await story.amira.chat()).last

    assert shape(empty) == shape(denied) == shape(over) == shape(withdrawn)


async def test_withdrawn_between_push_and_tap_nothing_is_read(story: Story) -> None:
    await of_the_cake(story)
    await stops_sharing(story)

    await story.amira.taps("Read")
    await story.leo.taps("Read")

    await story.heard(amira=NOTHING, leo=CAKE)


async def test_withdrawn_between_queue_and_send_nobody_is_called(story: Story) -> None:
    await story.play.faults("500", methods=["sendMessage"], chats=[story.amira.id])
    await of_the_cake(story)
    await stops_sharing(story)
    await story.play.clear_faults()

    await story.passes(minutes=5)

    assert PUSH not in await story.amira.news()


async def test_withdrawn_between_tap_and_send_nothing_is_read(story: Story) -> None:
    await of_the_cake(story)
    await story.play.faults("500", methods=["sendMessage"], chats=[story.amira.id])
    await story.amira.taps("Read")
    await stops_sharing(story)
    await story.listens()
    await story.play.clear_faults()

    await story.passes(minutes=5)

    await story.heard(amira=NOTHING)


async def test_a_withdrawal_takes_away_what_is_still_shown(story: Story) -> None:
    await of_the_cake(story)
    await story.amira.taps("Read")
    await story.leo.taps("Read")

    await stops_sharing(story)

    assert not any(CAKE in text for text in await seen(story.amira))
    assert any(CAKE in text for text in await seen(story.leo))


# --- asked first --------------------------------------------------------------------------


async def test_asked_first_the_person_sees_the_words_and_a_yes_tells(story: Story) -> None:
    await story.jo.says("/tell")
    await story.jo.taps("Health appointments", "The details")
    preview = (await story.jo.says(DENTIST)).last.text
    assert "Amira may get it. Sam is asked first." in preview
    await story.listens()

    await story.jo.taps("Send")
    await story.heard(sam=DENTIST)
    card = (await story.sam.chat()).last
    assert "Amira" in card.text and "09:00" in card.text
    assert card.buttons[:3] == ["Yes, tell Amira", "Change it", "No"]

    await story.sam.taps("Yes, tell Amira")
    await story.heard(amira=PUSH)
    assert "Amira can read it now" in await story.sam.last()
    await story.amira.taps("Read")
    await story.heard(amira=DENTIST)


async def test_asked_first_a_no_tells_nobody_but_the_writer(story: Story) -> None:
    await of_the_dentist(story)
    await story.listens()

    await story.sam.taps("No")

    await story.heard(jo="Amira has not been told. Sam has not said yes.")
    await story.amira.says("/news")
    await story.heard(amira=NOTHING)


async def test_silence_is_a_no_and_sounds_the_same(story: Story) -> None:
    await of_the_dentist(story)
    await story.listens()

    await story.passes(hours=23)
    await story.heard()
    await story.passes(hours=1)
    await story.heard(jo="Amira has not been told. Sam has not said yes.")

    await story.sam.taps("Yes, tell Amira")  # a button from before
    await story.amira.says("/news")
    await story.heard(amira=NOTHING)
    assert "That button is from before" in (await story.sam.chat()).popups[-1].text


async def test_change_it_goes_back_to_the_writer_who_asks_anew(story: Story) -> None:
    await of_the_dentist(story)
    await story.listens()

    await story.sam.taps("Change it")
    await story.heard(jo="Sam would like other words")

    await story.jo.taps("Write it anew", "Health appointments", "The details")
    await story.jo.says("Sam has an appointment.")
    await story.jo.taps("Send")
    await story.sam.taps("Yes, tell Amira")
    await story.amira.taps("Read")
    assert "Sam has an appointment." in await story.amira.last()
    assert not any(DENTIST in text for text in await seen(story.amira))


async def test_nobody_else_can_answer_for_the_person_or_read_for_the_carer(story: Story) -> None:
    await of_the_dentist(story)
    card = (await story.sam.chat()).last
    await of_the_cake(story)
    await story.leo.taps("Read")
    shown = (await story.leo.chat()).last
    await story.listens()

    for stray in (story.jo, story.amira, story.leo, story.alex):
        for data in card.data[:3]:
            await _forged(story, stray, data)
    for stray in (story.amira, story.sam, story.jo, story.alex, story.ruth):
        await _forged(story, stray, shown.data[0])
    for stray in (story.jo, story.sam, story.alex, story.mina):
        await _forged(story, stray, "news:read:-:0")

    await story.heard()
    assert any(CAKE in text for text in await seen(story.leo))
    await story.sam.taps("Yes, tell Amira")
    await story.heard(amira=PUSH)


async def test_strangers_and_other_teams_tell_and_read_nothing(story: Story) -> None:
    robin = await story.stranger("Robin")
    await of_the_cake(story)
    sam = await _person(story)

    await _forged(story, robin, "news:read:-:0")
    await _forged(story, story.alex, f"news:about:{sam}:0")
    await _forged(story, story.amira, f"news:about:{sam}:0")
    await story.heard()

    await story.amira.says("/tell")
    await story.heard(amira="Only staff can use /tell")
    await story.alex.says("/tell")
    await story.heard(alex="You support nobody")
    await story.jo.says("/news")
    await story.heard(jo="/news is for those around somebody")


# --- incidents ----------------------------------------------------------------------------


async def test_a_grave_incident_is_told_to_the_person_first(story: Story) -> None:
    await story.jo.says("/tell")
    await story.jo.taps("Incidents", "The main point", "Moderate harm or worse", "Not yet")

    assert "Please tell Sam first, face to face" in await story.jo.last()
    await story.jo.says("Sam fell.")
    assert "Send" not in (await story.jo.chat()).last.buttons


@pytest.mark.parametrize(
    "harm", [["No or small harm"], ["Moderate harm or worse", "Yes, I did", "Today"]]
)
async def test_an_incident_of_which_the_person_knows_takes_the_same_way(
    story: Story, harm: list[str]
) -> None:
    preview = await previewed(story, "Incidents", "The main point", *harm, words="Sam fell.")
    assert "Sam fell." in preview
    assert "Amira will not get it. Sam has not said yes to incidents for Amira." in preview


# --- bad input ----------------------------------------------------------------------------


async def test_too_many_words_say_how_many_and_lose_nothing(story: Story) -> None:
    await story.jo.says("/tell")
    await story.jo.taps("Daily life", "The main point")

    long = await story.jo.says("x" * 4096)
    assert "3096 characters too many" in long.last.text
    longest = "y" * 1000
    assert longest in (await story.jo.says(longest)).last.text
    await story.jo.taps("Send")
    await story.amira.taps("Read")
    assert longest in await story.amira.last()


@pytest.mark.parametrize(
    "words",
    ["<b>Sam</b> & <script>x</script>", "{person} {words} %s", "🍰🦔 مرحبا بكم", "&lt;i&gt;"],
)
async def test_words_are_shown_as_they_were_written(story: Story, words: str) -> None:
    assert words in await previewed(story, "Daily life", "The main point", words=words)
    await story.jo.taps("Send")
    await story.amira.taps("Read")
    assert words in await story.amira.last()


async def test_a_photo_is_refused_kindly_and_the_question_stands(story: Story) -> None:
    await story.jo.says("/tell")
    await story.jo.taps("Daily life", "The main point")

    photo = await story.play.send_photo(story.jo.id, "Sam's cake")
    assert "I can only read words here" in photo.last.text

    assert CAKE in (await story.jo.says(CAKE)).last.text


# --- the other way ------------------------------------------------------------------------


async def test_a_carer_writes_to_the_team_who_write_back(story: Story) -> None:
    await of_the_cake(story)
    await story.amira.taps("Read", "Reply")
    await story.listens()

    await story.amira.says("He sounded sad on the phone.")

    await story.heard(amira="Your words have gone to the team", jo="He sounded sad on the phone.")
    await story.jo.taps("Read")
    await story.heard(amira="Jo of the team has read your words (09:00)", jo="Amira hears that")
    mark = next(d for d in (await story.jo.chat()).from_bot[-2].data if ":heard:" in d)
    for stray in (story.alex, story.amira, story.leo, story.sam):
        await _forged(story, stray, mark)
    await _forged(story, story.mina, mark)
    await story.heard(mina="Jo has read it already")
    await story.jo.taps("Write back", "Daily life", "The main point")
    await story.jo.says("We had a talk.")
    await story.jo.taps("Send")
    await story.amira.taps("Read")
    assert "We had a talk." in await story.amira.last()


async def test_a_carer_can_write_with_nothing_shared_and_after_a_withdrawal(story: Story) -> None:
    await stops_sharing(story)
    await story.amira.says("/news")
    await story.amira.taps("Reply")
    await story.listens()

    await story.amira.says("He sounded sad.")

    await story.heard(amira="Your words have gone", jo="He sounded sad.")


async def test_words_that_no_question_asked_for_reach_the_team_at_a_press(story: Story) -> None:
    asked = await story.ruth.says("When is the review?")
    assert "Shall I give this to the team?" in asked.last.text
    assert "When is the review?" in asked.last.text
    await story.listens()

    await story.ruth.taps("Send")

    await story.heard(jo="When is the review?")
    assert "Your words have gone to the team" in await story.ruth.last()


async def test_words_to_the_team_are_not_the_persons_to_read(story: Story) -> None:
    await story.amira.says("/news")
    await story.amira.taps("Reply")
    await story.amira.says("He sounded sad.")

    decided = [one.text for one in await story.play.decisions()]
    assert not any("sad" in text for text in decided)
    assert not any("sad" in text for text in await seen(story.sam))


async def _forged(story: Story, who: Somebody, data: str, message: int = 1) -> None:
    """A press that no screen of theirs offered."""
    await story.play.raw_update(
        {
            "callback_query": {
                "id": f"{who.id}{data}"[:60],
                "from": {"id": who.id, "is_bot": False, "first_name": who.name},
                "chat_instance": "1",
                "data": data,
                "message": {
                    "message_id": message,
                    "date": 1,
                    "chat": {"id": who.id, "type": "private"},
                },
            }
        }
    )
    await story.play.settle()


async def _person(story: Story) -> str:
    """Sam's id, as the staff's buttons carry it."""
    await story.amira.says("/news")
    await story.amira.taps("Reply")
    await story.amira.says("Hello.")
    data = (await story.jo.chat()).last.data[0]
    await story.listens()
    return data.split(":")[2]
