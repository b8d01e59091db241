"""A person goes out, is expected to check in, does not: the whole of it, through the chat."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.kith import Story, kith


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    async with kith(tmp_path) as told:
        yield told


NEW_MESSAGE = "You have a new message"
"""All that a supporter may see unasked: Sam lets Amira know that something happened."""

ASKED = ["Are you OK", "Are you OK"]


async def test_the_person_sets_off_after_a_read_back(story: Story) -> None:
    where = await story.sam.says("/out")
    assert where.last.buttons[:3] == ["Café", "Library", "📍 Somewhere else"]
    when = await story.sam.taps("Café")
    assert when.last.buttons[:4] == ["30 minutes", "1 hour", "2 hours", "🕒 Another time"]
    ready = await story.sam.taps("1 hour")
    assert "Café" in ready.last.text and "10:00" in ready.last.text
    await story.listens()

    out = await story.sam.taps("Set off")

    assert out.last.buttons[:4] == ["👍 I'm OK", "🕒 I'm late", "🏠 I'm home", "🆘 I need help"]
    await story.heard(sam="Have a good time at Café")


async def test_a_missed_check_in_climbs_the_ladder_and_goes_round_until_somebody_has_it(
    story: Story,
) -> None:
    await story.sets_off()

    await story.passes(minutes=60)
    await story.heard(sam="Are you OK")
    await story.passes(minutes=5)
    await story.heard(sam="Are you OK")
    await story.passes(minutes=5)
    await story.heard(
        sam="I have asked Jo to ring you", jo="Sam has not checked in", amira=NEW_MESSAGE
    )
    await story.passes(minutes=10)
    await story.heard(sam="Jo has not answered yet. I am asking Dev", dev="has not checked in")
    await story.passes(minutes=10)
    await story.heard(sam="Dev has not answered yet. I am asking Priya", priya="not checked in")
    await story.passes(minutes=10)
    await story.heard(sam="Priya has not answered yet. I am asking Jo", jo="not checked in")

    await story.jo.taps("I've got this")
    await story.heard(
        sam="Jo has seen this", jo="You have this", dev="Jo has this", priya="Jo has this"
    )
    await story.passes(minutes=14)
    await story.heard()


async def test_an_alert_says_who_where_when_what_was_tried_and_what_the_plan_says(
    story: Story,
) -> None:
    await story.sets_off("Library")

    await story.passes(minutes=70)

    alert = await story.jo.last()
    for words in ("Sam", "Library", "10:00", "10:05", "Ring Sam", "999"):
        assert words in alert
    assert (await story.jo.chat()).last.buttons[:2] == ["✋ I've got this", "➡️ Pass it on"]


async def test_the_first_to_press_has_it_and_a_second_presser_learns_who_and_since_when(
    story: Story,
) -> None:
    await story.sets_off()
    await story.passes(minutes=80)
    await story.dev.taps("I've got this")
    await story.listens()

    await story.jo.taps("I've got this")

    await story.heard(jo="Dev has this since 10:20")


async def test_passing_on_and_silence_move_to_the_next_rung(story: Story) -> None:
    await story.sets_off()
    await story.passes(minutes=70)
    await story.listens()

    await story.jo.taps("Pass it on")
    await story.heard(jo="Passed on", sam="I am asking Dev", dev="has not checked in")
    await story.dev.taps("I've got this")
    await story.listens()
    await story.passes(minutes=15)
    await story.heard(dev="How is it with Sam")
    await story.passes(minutes=10)

    await story.heard(
        sam="Dev has not answered yet. I am asking Priya",
        priya="has not checked in",
        dev="Kith has not heard from you",
    )


async def test_a_late_answer_stops_the_climbing_and_a_human_still_speaks_to_the_person(
    story: Story,
) -> None:
    await story.sets_off()
    await story.passes(minutes=80)
    await story.listens()

    await story.sam.taps("I'm OK")
    await story.heard(
        sam="I am glad to hear from you",
        jo="Sam has checked in late",
        dev="Sam has checked in late",
    )
    await story.passes(minutes=15)
    await story.heard(jo="nobody has spoken with Sam yet")
    await story.jo.taps("I've got this")
    await story.jo.taps("Safe and well")

    end = (await story.sam.chat()).last
    assert "finished" in end.text and end.text.endswith("How was it?") and "😢" in end.buttons


async def test_nobody_answers_and_the_person_hears_so_once_a_round_and_is_asked_once_how_it_was(
    story: Story,
) -> None:
    await story.sets_off()
    await story.passes(minutes=71)
    for _ in range(12):
        await story.passes(minutes=10)
    said = [text for text in await story.sam.news() if "I am asking" in text]
    asked = [text.partition("I am asking ")[2].partition(".")[0] for text in said]
    assert asked == ["Dev", "Priya", *["Jo"] * asked.count("Jo")] and asked.count("Jo") >= 3

    await story.sam.taps("I'm home")
    assert "How did it go?" in await story.sam.last()
    await story.jo.taps("I've got this", "Safe and well")
    end = (await story.sam.chat()).last
    assert "finished" in end.text and "How was it" not in end.text and "😢" not in end.buttons
    await story.listens()
    await story.passes(hours=5)
    await story.heard()


async def test_im_ok_never_ends_an_outing(story: Story) -> None:
    await story.sets_off()
    await story.sam.taps("I'm OK")
    await story.heard(sam="I will ask again at 10:00")

    await story.passes(minutes=60)
    await story.heard(sam="Are you OK")
    chat = await story.sam.taps("I'm OK")
    assert chat.last.buttons[:3] == ["10 minutes", "20 minutes", "30 minutes"]
    await story.heard(sam="When will you be home")
    await story.passes(minutes=20)

    await story.heard(sam=[*ASKED, "I have asked Jo"], jo="has not checked in", amira=NEW_MESSAGE)


async def test_being_home_ends_it_and_whoever_sam_lets_know_is_called(story: Story) -> None:
    await story.sets_off()

    chat = await story.sam.taps("I'm home")

    assert chat.last.buttons[:6] == ["😢", "🙁", "😐", "🙂", "😀", "Skip"]
    await story.heard(sam="How did it go", amira=NEW_MESSAGE)
    await story.sam.taps("😀")
    assert await story.sam.last() == "Thank you for telling me.\nWas anything worrying?"
    await story.passes(hours=5)
    await story.heard()


async def test_being_later_moves_the_time_within_what_the_plan_allows(story: Story) -> None:
    await story.sets_off()
    chat = await story.sam.taps("I'm late")
    assert chat.last.buttons[:4] == ["💬 Something else", "10 minutes", "20 minutes", "30 minutes"]
    await story.sam.taps("20 minutes")
    chat = await story.sam.taps("I'm late")
    assert chat.last.buttons[:2] == ["💬 Something else", "10 minutes"], "it keeps its place"
    await story.sam.taps("Something else")
    await story.listens()

    await story.sam.taps("Longer")
    await story.heard(
        sam="I have asked Jo if you can stay longer", jo="would like to stay out longer"
    )
    await story.jo.taps("Give 30 minutes more")
    await story.heard(sam="Jo says yes. I will ask again at 10:50".replace(" I", "\nI"), jo="told")
    await story.passes(minutes=109)

    await story.heard()


async def test_asking_for_help_skips_the_grace_and_goes_to_the_first_rung_at_once(
    story: Story,
) -> None:
    await story.sets_off()

    chat = await story.sam.taps("I need help")

    needs = [message for message in chat.from_bot if "What do you need" in message.text]
    assert needs[-1].buttons[:4] == ["📞 Ring me", "🧭 I'm lost", "💙 I'm upset", "🚨 Emergency"]
    assert "I have asked Jo to ring you." in chat.texts
    assert "asks for help" in await story.jo.last()
    await story.listens()
    await story.sam.taps("I'm lost")
    await story.heard(sam="lost", jo="Sam is lost")
    await story.passes(minutes=10)
    await story.heard(sam="I am asking Dev", dev="Sam is lost")


async def test_an_emergency_tells_every_rung_and_says_that_kith_cannot_ring_999(
    story: Story,
) -> None:
    await story.sets_off()
    await story.sam.taps("I need help")
    await story.listens()

    chat = await story.sam.taps("Emergency")
    assert "I pressed it by mistake" in chat.last.buttons
    await story.heard(
        sam="Ring 999 now. I cannot ring 999. I have told your team.".replace(". I", ".\nI"),
        jo="pressed Emergency",
        dev="pressed Emergency",
        priya="pressed Emergency",
    )

    await story.sam.taps("I pressed it by mistake")
    await story.heard(sam="told your team", jo="by mistake", dev="by mistake", priya="by mistake")
    await story.passes(minutes=10)
    await story.heard(sam="I am asking Dev", dev="pressed Emergency")


async def test_an_emergency_is_never_silent_even_when_the_whole_ladder_cannot_be_reached(
    story: Story,
) -> None:
    await story.sets_off()
    for rung in (story.jo, story.dev, story.priya):
        await story.play.block(rung.id)
    await story.sam.taps("I need help")
    await story.listens()

    await story.sam.taps("Emergency")

    await story.heard(sam="Ring 999 now", mina="pressed Emergency")


async def test_asking_for_help_after_coming_home_says_whom_to_ring(story: Story) -> None:
    await story.sets_off()
    asking = (await story.sam.chat()).last
    await story.play.faults("500", methods=["editMessageReplyMarkup"])
    await story.sam.taps("I'm home")
    await story.play.clear_faults()
    await story.listens()

    await story.play.tap(story.sam.id, "I need help", asking.id)

    await story.heard(sam="In danger? Ring 999")


async def test_not_reached_keeps_it_open_and_gives_a_summary_for_a_call_a_human_makes(
    story: Story,
) -> None:
    await story.sets_off()
    await story.passes(minutes=70)
    await story.jo.taps("I've got this")
    await story.listens()

    await story.jo.taps("Not reached yet")
    await story.heard(jo="You do not have to wait")
    summary = await story.jo.last()
    assert "101" in summary and "11:00" in summary and "Café" in summary
    await story.passes(minutes=15)

    await story.heard(jo="How is it with Sam")


async def test_when_the_first_rung_has_blocked_kith_the_second_is_told_at_once(
    story: Story,
) -> None:
    await story.sets_off()
    await story.play.block(story.jo.id)
    await story.listens()

    await story.passes(minutes=70)

    heard = await story.dev.news()
    assert any("has not checked in" in text for text in heard)
    assert "I have asked Dev" in await story.sam.last() or "asking Dev" in await story.sam.last()


async def test_a_time_longer_than_the_plan_forbids_nothing_and_tells_staff_why(
    story: Story,
) -> None:
    await story.sam.says("/out")
    await story.sam.taps("Café", "Another time")
    await story.sam.says("180 minutes")
    await story.listens()

    await story.sam.taps("Set off")

    assert "You can still go" in await story.sam.last()
    assert "ring Jo before you go" in await story.sam.last()
    await story.heard(jo="longer than the plan")


async def test_two_outings_at_once_are_one(story: Story) -> None:
    await story.sets_off()

    await story.sam.says("/out")

    await story.heard(sam="You are already out at Café")


async def test_a_time_in_the_past_is_answered_kindly_and_nothing_is_lost(story: Story) -> None:
    await story.sam.says("/out")
    await story.sam.taps("Café", "Another time")

    await story.sam.says("8:30 am")
    assert "That time has already gone" in await story.sam.last()
    await story.sam.says("soonish")
    assert "I could not read that time" in await story.sam.last()
    await story.sam.says("10.30")

    assert "10:30" in await story.sam.last() and "Café" in await story.sam.last()


async def test_a_photo_where_a_choice_was_asked_changes_nothing(story: Story) -> None:
    await story.sam.says("/out")

    chat = await story.play.send_photo(story.sam.id)

    assert "Café" in chat.last.buttons
    await story.sam.taps("Café", "1 hour", "Set off")
    assert "Have a good time" in await story.sam.last()


async def test_nobody_else_can_press_the_persons_or_the_staffs_buttons(story: Story) -> None:
    await story.sets_off()
    sams = (await story.sam.chat()).last.data[:-2]  # the last two are everybody's
    await story.passes(minutes=70)
    jos = (await story.jo.chat()).last.data[:-2]
    await story.listens()

    for stray in (story.alex, story.amira, story.leo):
        for number, data in enumerate([*sams, *jos]):
            await story.play.raw_update(
                {
                    "callback_query": {
                        "id": f"{stray.id}{number}",
                        "from": {"id": stray.id, "is_bot": False, "first_name": stray.name},
                        "chat_instance": "1",
                        "data": data,
                        "message": {
                            "message_id": 1,
                            "date": 1,
                            "chat": {"id": stray.id, "type": "private"},
                        },
                    }
                }
            )
    await story.play.settle()

    news = {name: await who.news() for name, who in story.people.items()}
    assert news == {name: [] for name in news}
    await story.jo.taps("I've got this")
    assert "You have this" in await story.jo.last()


async def test_staff_see_who_is_out_and_another_team_sees_nobody(story: Story) -> None:
    await story.sets_off("Library")

    for staff in (story.jo, story.dev, story.priya, story.mina):
        await staff.says("/whos_out")
        assert "Sam: Library" in await staff.last()
    await story.alex.says("/whos_out")
    assert "Nobody you support is out" in await story.alex.last()
    await story.amira.says("/whos_out")
    assert "Sam" not in await story.amira.last()


async def test_advocates_and_other_teams_receive_nothing_and_the_reason_is_kept(
    story: Story,
) -> None:
    alex = await story.stranger("Robin")
    await story.sets_off()

    await story.passes(hours=2)

    for outsider in (story.leo, story.ruth, story.alex, alex, story.mina):
        assert await outsider.news() == []
    texts = [decision.text for decision in await story.play.decisions()]
    assert any(text.startswith("Not told: Leo.") for text in texts)
    assert "Told: Jo. Jo works in the team that supports Sam." in texts


async def test_slash_commands_do_what_the_buttons_do(story: Story) -> None:
    await story.sam.says("/ok")
    await story.heard(sam="You are not out")
    await story.sets_off()

    await story.sam.says("/help")
    await story.heard(sam="You are out at Café")
    await story.sam.says("/ok")
    await story.heard(sam="I will ask again at 10:00")
    await story.sam.says("/home")
    await story.heard(sam="How did it go", amira=NEW_MESSAGE)
