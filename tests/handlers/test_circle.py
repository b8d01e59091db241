"""Coming in, being here, the rota and leaving, through the chat of the real application."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.handlers.test_conversation import callback
from tests.kith import Somebody, Story, kith

STRANGER = "I only talk with people who have been invited"


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    async with kith(tmp_path) as told:
        yield told


async def link(inviter: Somebody) -> str:
    """The /start of the link that Kith showed last."""
    found = re.search(r"https://t\.me/\w+\?start=(\S+)", await inviter.last())
    assert found is not None
    return f"/start {found[1]}"


async def invited(story: Story, name: str, role: str = "staff", by: str = "priya") -> str:
    """A link that lets `name` in, made through /invite; what was said counts as heard."""
    inviter = story.people[by]
    await inviter.says("/invite")
    await inviter.taps(role)
    await inviter.says(name)
    await inviter.taps("Yes, invite them", "Make the link")
    opens = await link(inviter)
    await story.listens()
    return opens


# --- strangers ----------------------------------------------------------------------------


async def test_a_stranger_gets_one_kind_sentence_with_the_card_and_cannot_flood(
    story: Story,
) -> None:
    eve = await story.stranger("Eve")
    await eve.says("Hello?", "/start", "/out", "/whos_out", "Is Sam here?")
    await story.heard(eve=STRANGER)
    assert "999" in (await eve.chat()).last.text
    assert (await eve.chat()).last.buttons == []
    await story.passes(minutes=10)
    await story.listens()
    await eve.says("Hello again")
    await story.heard(eve=STRANGER)


async def test_a_guessed_link_tells_a_stranger_nothing_and_is_not_answered_twice(
    story: Story,
) -> None:
    eve = await story.stranger("Eve")
    await eve.says("/start aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "/start b", "/start c")
    await story.heard(eve="does not work any more")


async def test_in_a_group_kith_says_one_sentence_and_leaves(story: Story) -> None:
    group = await story.play.new_group(story.sam.id, "Family")
    assert group.texts == [
        "I only talk in private chats, so I am leaving this group now. "
        "Please write to me on my own."
    ]
    called = [call["method"].lower() for call in await story.play.calls()]
    assert "leavechat" in called
    await story.heard()


# --- coming in ----------------------------------------------------------------------------


async def test_a_manager_invites_staff_and_only_a_yes_opens_the_door(story: Story) -> None:
    opens = await invited(story, "Kit")
    kit = await story.stranger("Kit")

    asked = await kit.says(opens)
    assert "for Kit" in asked.last.text
    await kit.taps("Yes, that is me")
    await story.heard(kit="I am asking the person who invited you", priya="opened the link")
    assert STRANGER not in await kit.last()
    await kit.says("/whos_out")
    await story.heard(kit="I am asking the person who invited you")

    await story.priya.taps("Yes, that is them")
    await story.heard(kit="Welcome to Kith", priya="Kit is here now")
    hello = await kit.says("/start")
    assert "staff, Oak House" in hello.last.text
    assert "whos_out" in hello.commands
    assert "rota" not in hello.commands


async def test_the_link_may_be_copied_and_nothing_else(story: Story) -> None:
    await invited(story, "Kit")
    messages = (await story.priya.chat()).from_bot
    open_ = [message.text for message in messages if not message.protected]
    assert len(open_) == 1
    assert "https://t.me/" in open_[0]
    assert "for Kit" not in open_[0]
    assert "Oak" not in open_[0]


async def test_a_no_leaves_the_newcomer_outside_and_untold(story: Story) -> None:
    opens = await invited(story, "Kit")
    eve = await story.stranger("Eve")
    await eve.says(opens)
    await eve.taps("Yes, that is me")
    await story.listens()

    await story.priya.taps("No")

    await story.heard(priya="Nothing has been opened")
    await story.passes(minutes=10)
    await story.listens()
    await eve.says("/start")
    await story.heard(eve=STRANGER)


async def test_of_two_who_hold_one_link_the_second_hears_that_it_is_over(story: Story) -> None:
    opens = await invited(story, "Kit")
    kit, eve = await story.stranger("Kit"), await story.stranger("Eve")
    await kit.says(opens)
    await eve.says(opens)
    await kit.taps("Yes, that is me")
    said = await eve.taps("Yes, that is me")
    assert "does not work any more" in said.last.text
    await story.priya.taps("Yes, that is them")
    await story.listens()
    await eve.says("/whos_out")
    await story.heard(eve=STRANGER)


async def test_a_link_is_over_after_a_day(story: Story) -> None:
    opens = await invited(story, "Kit")
    await story.passes(hours=24)
    kit = await story.stranger("Kit")
    await kit.says(opens)
    await story.heard(kit="does not work any more")


async def test_whoever_made_a_link_is_told_whose_it_is_and_it_still_works(story: Story) -> None:
    opens = await invited(story, "Kit")
    await story.priya.says(opens)
    await story.heard(priya="You made this link yourself")
    kit = await story.stranger("Kit")
    assert "Is that you?" in (await kit.says(opens)).last.text


async def test_a_link_that_went_astray_is_spent_and_its_maker_hears(story: Story) -> None:
    opens = await invited(story, "Kit")
    eve = await story.stranger("Eve")
    await eve.says(opens)
    await eve.taps("No, that is not me")
    await story.heard(eve="no longer works", priya="reached somebody else")


async def test_support_staff_offer_no_staff_roles(story: Story) -> None:
    offered = await story.jo.says("/invite")
    assert not any("manager" in label for label in offered.last.buttons)
    assert any("person supported" in label for label in offered.last.buttons)


async def test_alex_of_another_team_can_invite_no_carer_of_sam(story: Story) -> None:
    offered = await story.alex.says("/invite")
    assert not any("family" in label for label in offered.last.buttons)


async def test_a_carer_cannot_invite(story: Story) -> None:
    await story.amira.says("/invite")
    await story.heard(amira="Staff send invitations here")


async def test_someone_with_two_roles_always_sees_which_one_they_act_in(story: Story) -> None:
    opens = await invited(story, "Alex")
    await story.alex.says(opens)
    await story.alex.taps("Yes, that is me")
    await story.priya.taps("Yes, that is them")
    await story.listens()

    hello = (await story.alex.says("/start")).last.text
    assert "staff, Oak House" in hello
    assert "staff, Elm House" in hello
    which = await story.alex.says("/invite")
    assert {"staff, Elm House", "staff, Oak House"} <= set(which.last.buttons)
    acting = await story.alex.taps("staff, Oak House")
    assert "You are here as staff, Oak House" in acting.last.text


# --- the person's own wish ----------------------------------------------------------------


async def test_sam_names_a_friend_and_jo_makes_the_link(story: Story) -> None:
    await story.sam.says("/invite")
    await story.sam.taps("A friend")
    await story.sam.says("Noor")
    await story.sam.taps("Yes, please ask")
    assert "Sam wants Noor around them" in await story.jo.last()
    await story.jo.taps("Make the link")
    opens = await link(story.jo)
    noor = await story.stranger("Noor")
    await noor.says(opens)
    await noor.taps("Yes, that is me")
    await story.listens()

    await story.jo.taps("Yes, that is them")

    await story.heard(
        noor="You are here as friend", sam="Noor is in your circle", jo="Noor is here"
    )
    await story.sets_off()
    await story.passes(minutes=75)
    assert await noor.news() == []


async def test_jo_proposes_a_carer_and_sam_says_no(story: Story) -> None:
    await story.jo.says("/invite")
    await story.jo.taps("family", "Sam")
    await story.jo.says("Noor")
    await story.jo.taps("Yes, ask them")
    assert "Jo says you want Noor around you" in await story.sam.last()
    await story.listens()

    await story.sam.taps("No")

    await story.heard(sam="I will not invite them", jo="does not want to have Noor")


async def test_sam_changes_their_mind_before_anybody_is_in(story: Story) -> None:
    await story.sam.says("/invite")
    await story.sam.taps("Family")
    await story.sam.says("Noor")
    await story.sam.taps("Yes, please ask", "I have changed my mind")
    await story.listens()
    await story.jo.taps("Make the link")
    await story.heard(jo="There is no link to make")


# --- being reached ------------------------------------------------------------------------


async def test_whoever_blocks_kith_is_missed_by_their_manager_and_found_again(
    story: Story,
) -> None:
    await story.play.block(story.dev.id)
    await story.heard(priya="do not reach Dev")
    await story.play.block(story.dev.id, False)
    await story.priya.says("/test_alert")
    await story.listens()
    await story.sets_off()
    await story.passes(minutes=80)
    assert "has not checked in" in await story.dev.last()


async def test_a_carer_who_blocks_kith_is_nobodys_business(story: Story) -> None:
    await story.play.block(story.amira.id)
    await story.heard()


# --- the rota -----------------------------------------------------------------------------


async def test_the_rota_is_for_managers(story: Story) -> None:
    shown = await story.priya.says("/rota")
    assert "On call, Oak House" in shown.last.text
    assert "Dev" in shown.last.text
    await story.listens()
    await story.dev.says("/rota")
    await story.heard(dev="Only a manager")


async def test_a_shift_is_added_and_the_one_on_call_hears(story: Story) -> None:
    await story.priya.says("/rota")
    await story.priya.taps("Add a shift", "Jo", "Tuesday 3 March")
    unclear = await story.priya.says("soonish")
    assert "did not understand that time" in unclear.last.text
    await story.priya.says("5 pm")
    check = await story.priya.taps("8 hours")
    assert "Jo, from tomorrow 17:00" in check.last.text
    await story.listens()

    await story.priya.taps("Yes, add it")

    assert "Jo is on call from tomorrow 17:00" in await story.priya.last()
    await story.heard(jo="You are on call from tomorrow 17:00")
    assert "Jo" in (await story.priya.says("/rota")).last.text


async def test_a_shift_taken_back_leaves_a_gap_that_is_said(story: Story) -> None:
    await story.priya.says("/rota")
    await story.priya.taps("Take a shift back", "Dev, from", "Yes, take it back")
    news = await story.priya.news()
    assert any("has been taken back" in text for text in news)
    assert any("Nobody is on call now" in text for text in news)
    assert "Your shift" in await story.dev.last()


# --- who is here --------------------------------------------------------------------------


async def test_sam_sees_everyone_around_them_and_sends_one_away(story: Story) -> None:
    around = (await story.sam.says("/circle")).last.text
    assert "Jo: key worker" in around
    assert "Leo: carer" in around
    await story.sam.taps("Somebody should leave", "Leo: carer of Sam")
    await story.listens()

    await story.sam.taps("Yes, end it now")

    await story.heard(sam="Leo no longer has this role")
    await story.leo.says("/start")
    await story.heard(leo=STRANGER)


async def test_alex_sees_nothing_of_oak_house(story: Story) -> None:
    shown = (await story.alex.says("/circle")).last.text
    assert "Elm House" in shown
    assert not any(name in shown for name in ("Sam", "Jo", "Amira", "Oak"))


async def test_priya_names_another_key_worker_and_the_next_alert_goes_there(
    story: Story,
) -> None:
    await story.priya.says("/circle")
    await story.priya.taps("Who supports whom", "Sam", "Mina", "As key worker")
    await story.listens()
    await story.priya.taps("Yes, that is right")
    await story.heard(mina="You are the key worker of Sam", sam="Mina is your key worker")
    await story.sets_off()
    await story.passes(minutes=70)
    assert "has not checked in" in await story.mina.last()
    assert not any("has not checked in" in text for text in await story.jo.news())


async def test_support_staff_decide_nothing_about_who_supports_whom(story: Story) -> None:
    shown = await story.jo.says("/circle")
    assert not any("Who supports whom" in label for label in shown.last.buttons)
    assert any("Somebody should leave" in label for label in shown.last.buttons)


async def test_a_member_of_staff_sent_away_gets_nothing_more(story: Story) -> None:
    await story.priya.says("/circle")
    await story.priya.taps("Somebody should leave", "Dev: on-call lead", "Yes, end it now")
    await story.listens()
    await story.sets_off()
    await story.passes(minutes=80)
    assert "has not checked in" in await story.priya.last()
    assert await story.dev.news() == []


# --- leaving ------------------------------------------------------------------------------


async def test_whoever_leaves_is_a_stranger_from_that_moment(story: Story) -> None:
    await story.amira.says("/leave")
    await story.amira.taps("Go on", "Yes, leave")
    assert "Amira is no longer in your circle" in await story.sam.last()
    await story.listens()
    await story.amira.says("/help")
    await story.heard(amira=STRANGER)


async def test_sam_leaving_while_out_does_not_call_off_the_alert(story: Story) -> None:
    await story.sets_off()
    await story.sam.says("/leave")
    await story.sam.taps("Go on", "Yes, leave")
    assert "Sam has left Kith" in await story.jo.last()
    await story.listens()
    await story.passes(minutes=70)
    assert "has not checked in" in await story.jo.last()


async def test_staff_who_leave_hand_nothing_on(story: Story) -> None:
    await story.jo.says("/leave")
    await story.jo.taps("Go on", "Yes, leave")
    assert "Sam has no key worker" in await story.priya.last()
    await story.sets_off()
    await story.passes(minutes=70)
    assert "has not checked in" in await story.dev.last()
    assert await story.jo.news() == []


async def test_the_menu_of_whoever_was_sent_away_is_taken_back(story: Story) -> None:
    assert "privacy" in (await story.leo.says("/help")).commands
    await story.sam.says("/circle")
    await story.sam.taps("Somebody should leave", "Leo: carer of Sam", "Yes, end it now")
    assert (await story.leo.chat()).commands == ("start",)


async def test_with_the_person_the_menus_of_their_carers_go(story: Story) -> None:
    assert "privacy" in (await story.amira.says("/help")).commands
    await story.sam.says("/leave")
    await story.sam.taps("Go on", "Yes, leave")
    assert (await story.amira.chat()).commands == ("start",)


# --- what is not theirs -------------------------------------------------------------------


async def test_a_shift_is_shown_to_the_managers_of_its_team_alone(story: Story) -> None:
    await story.priya.says("/rota")
    shown = await story.priya.taps("Take a shift back")
    sure = next(data for data in shown.last.data if data.startswith("rota:sure:"))
    await story.listens()
    for outsider in (story.alex, story.amira, story.jo):
        await story.play.raw_update(callback(outsider.id, 1, sure))
        await story.play.settle()
        await story.heard()
    assert "Do you want to take this shift back?" in (await story.priya.taps(sure)).last.text


@pytest.mark.parametrize("button", ["Yes, that is me", "No, that is not me"])
async def test_an_open_screen_of_a_link_that_was_replaced_does_nothing(
    story: Story, button: str
) -> None:
    first = await invited(story, "Kit")
    eve, kit = await story.stranger("Eve"), await story.stranger("Kit")
    await eve.says(first)
    await story.priya.taps("Make the link")
    second = await link(story.priya)
    await story.listens()
    assert "does not work any more" in (await eve.taps(button)).last.text
    await story.heard()
    await kit.says(second)
    await kit.taps("Yes, that is me")
    await story.heard(kit="I am asking", priya="opened the link")


async def test_a_newcomer_does_not_wait_for_somebody_who_cannot_be_asked(story: Story) -> None:
    await story.sam.says("/invite")
    await story.sam.taps("Family")
    await story.sam.says("Noor")
    await story.sam.taps("Yes, please ask")
    await story.jo.taps("Make the link")
    noor = await story.stranger("Noor")
    await noor.says(await link(story.jo))
    await noor.taps("Yes, that is me")
    await story.jo.says("/leave")
    await story.jo.taps("Go on", "Yes, leave")
    assert any("I cannot ask whoever made it" in said for said in await story.priya.news())
    await story.listens()

    await story.priya.taps("Yes, that is them")

    await story.heard(
        noor="You are here as family",
        priya="Noor is here now",
        sam="Noor is in your circle",
    )
