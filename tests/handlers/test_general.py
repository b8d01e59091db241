"""What everybody can ask for at any time, on a real phone."""

from pathlib import Path

from tests.kith import kith

CARD = "999 and helplines"


async def test_help_names_what_each_role_can_do(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        sam = (await story.sam.says("/help")).last.text
        assert "/out" in sam and "/whos_out" not in sam
        jo = (await story.jo.says("/help")).last.text
        assert "/whos_out" in jo and "/out –" not in jo and "/rota" not in jo
        priya = (await story.priya.says("/help")).last.text
        assert "/rota" in priya
        amira = (await story.amira.says("/help")).last.text
        assert "/whos_out" not in amira and "/privacy" in amira
        assert all("not an emergency service" in said for said in (sam, jo, amira))


async def test_the_menu_of_commands_is_that_of_the_role(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        assert {"out", "ok", "home"} <= set((await story.sam.says("/help")).commands)
        amira = set((await story.amira.says("/help")).commands)
        general = {"info", "sessions", "notice", "plan", "signs", "concern", "disagree", "complain"}
        own = {"news", "circle", "told", "howami", "me", "help", "privacy", "leave"}
        own |= {"outings", "practise"}
        assert amira - general == own
        assert {"concern", "disagree", "complain"} <= amira


async def test_privacy_says_who_sees_what_and_promises_no_secrecy(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        sam = (await story.sam.says("/privacy")).last.text
        assert "Your family and friends see none of it" in sam
        assert "I cannot promise to keep a secret" in sam
        for kept in ("/my_location", "/my_words", "worrying", "come again", "practised"):
            assert kept in sam
        assert "How worried some of those around you were" in sam
        amira = (await story.amira.says("/privacy")).last.text
        assert "How worried you were is for the staff" in amira and "practice" in amira
        jo = (await story.jo.says("/privacy")).last.text
        assert "which alerts you took on" in jo and "Your family" not in jo
        assert "Of silent alerts, early warning signs and concerns they hear nothing" in jo
        await story.jo.says("/me")
        await story.jo.taps("Easy Read")
        easy = (await story.jo.says("/privacy")).last.text
        assert "Of silent alerts they hear nothing." in easy


async def test_the_emergency_card_is_one_tap_away_and_covers_nothing(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/me")
        chat = await story.sam.taps(CARD)
        for number in ("999", "111", "option 2", "116 123", "85258"):
            assert number in chat.last.text
        assert "Kith is not an emergency service." in chat.last.text
        assert "How should I write to you?" in chat.from_bot[-2].text
        assert chat.from_bot[-2].buttons[0] == "Standard"


async def test_every_screen_carries_the_emergency_card(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        for said in ("/help", "/privacy", "/me", "/leave", "/nonsense", "hello?"):
            assert any(CARD in label for label in (await story.sam.says(said)).last.buttons), said


async def test_easy_read_is_chosen_and_used_from_then_on(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/me")
        chat = await story.sam.taps("Easy Read")
        assert "I will use short sentences now" in chat.last.text
        assert "Press a line to use it." in (await story.sam.says("/help")).last.text
        await story.sam.says("/me")
        await story.sam.taps("Standard")
        assert "Nobody reads what you write here" in (await story.sam.says("/help")).last.text


async def test_one_members_form_is_not_anothers(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/me")
        await story.sam.taps("Easy Read")
        assert "Press a line to use it:" in (await story.jo.says("/help")).last.text


async def test_leaving_asks_first_and_can_be_stopped(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.leo.says("/leave")
        await story.leo.taps("Go on")
        assert "Nothing has changed" in (await story.leo.taps("No, stay")).last.text
        assert "/privacy" in (await story.leo.says("/help")).last.text


async def test_who_has_left_is_a_stranger_from_then_on(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.leo.says("/leave")
        chat = await story.leo.taps("Go on", "Yes, leave")
        assert "You have left Kith" in chat.last.text
        assert "/leave" not in (await story.leo.says("/help")).last.text


async def test_leaving_says_truthfully_who_hears_of_it(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        sam = (await story.sam.says("/leave")).last.text
        assert "Your team will hear" in sam and "the same care" in sam
        leo = (await story.leo.says("/leave")).last.text
        assert "The person you are here for will hear" in leo
        assert "team" not in leo and "care " not in leo
        jo = (await story.jo.says("/leave")).last.text
        assert "The managers of your team will hear" in jo and "care " not in jo
        gone = (await story.leo.taps("Go on", "Yes, leave")).last.text
        assert "You have left Kith" in gone and "team" not in gone


async def test_who_gives_up_one_of_two_roles_has_not_left(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.priya.says("/invite")
        await story.priya.taps("staff")
        await story.priya.says("Alex")
        link = (await story.priya.taps("Yes, invite them", "Make the link")).last.text
        await story.alex.says(f"/start {link.split('start=')[1]}")
        await story.alex.taps("Yes, that is me")
        await story.priya.taps("Yes, that is them")
        await story.alex.says("/leave")
        said = (await story.alex.taps("staff, Oak House")).last.text
        assert "Your other roles stay, and I still write to you" in said
        assert "I stop writing" not in said
        gone = (await story.alex.taps("Go on", "Yes, leave")).last.text
        assert "You have given up this role" in gone and "left Kith" not in gone
        assert "staff, Elm House" in (await story.alex.says("/start")).last.text


async def test_words_while_out_are_answered_with_the_buttons_of_the_outing(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off()
        said = (await story.sam.says("where do I go")).last
        assert "Nobody has read it" in said.text and "999" in said.text
        assert "You are out at Café" in said.text
        assert await story.jo.news() == []
        await story.sam.taps("I need help")
        assert any("What do you need?" in text for text in await story.sam.news())


async def test_a_carer_is_told_of_no_command_they_do_not_have(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        for command in ("/out", "/ok", "/home"):
            said = (await story.amira.says(command)).last.text
            assert "/help" in said and "/out" not in said and "/whos_out" not in said


async def test_leaving_while_out_says_what_that_means(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off("Café")
        await story.sam.says("/leave")
        said = (await story.sam.taps("Go on")).last.text
        assert "You are out at the moment: Café" in said
        assert "I will still ask your team to ring you" in said


async def test_who_leaves_while_out_is_still_expected_home(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off("Café")
        await story.sam.says("/leave")
        await story.sam.taps("Go on", "Yes, leave")
        await story.jo.news()
        await story.passes(minutes=75)
        assert any("has not checked in" in said for said in await story.jo.news())


async def test_words_that_belong_to_nothing_are_answered_truthfully(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        said = (await story.sam.says("I feel awful")).last.text
        assert "Nobody has read it" in said and "999" in said


async def test_a_changed_message_runs_nothing_again(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        chat = await story.sam.says("/me")
        mine = next(m for m in reversed(chat.messages) if m.sender == "user")
        chat = await story.play.edit(story.sam.id, mine.id, "/leave")
        assert "I read a message only once" in chat.last.text
        assert not any("stop using Kith" in text for text in chat.texts)
