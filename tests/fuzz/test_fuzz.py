"""Twenty thousand random updates: each handled or set aside, nothing told to the wrong ear."""

import io
from datetime import timedelta

import pytest

from bot.store import journey as journeys
from bot.store.circle import present
from tests.fuzz.people import NEWCOMERS, PHONES, STRANGERS, canary
from tests.fuzz.telegram import Said
from tests.fuzz.updates import VERBS
from tests.fuzz.world import LENGTH, Broken, World, run
from tests.logged import logged

RUNS = 20_000 // LENGTH


@pytest.mark.parametrize("number", range(RUNS))
def test_whatever_comes_is_handled_or_set_aside_and_nobody_hears_what_is_not_theirs(
    number: int,
) -> None:
    run(f"ci-{number}")


SECRETS = [canary("Sam"), "zqsamtelz", "zqsammillz", "zqsamadvicez", "zqsamcakez"]


@pytest.mark.parametrize("secret", SECRETS)
def test_no_word_of_sam_is_for_a_stranger_or_the_other_team(secret: str) -> None:
    world = World("ears")
    others = [PHONES[name] for name in ("Alex", "Kim", "Bo", "Una")]
    for chat in (*others, *STRANGERS, *NEWCOMERS):
        assert world.memory.now_do(world.ears.wrong, chat, f"Where is {secret}?")
    for name in ("Sam", "Jo", "Priya"):
        assert not world.memory.now_do(world.ears.wrong, PHONES[name], f"Where is {secret}?")


async def test_it_finds_a_word_told_to_the_wrong_ear() -> None:
    world = World("planted")
    world._heard(Said(PHONES["Una"], f"Where is {canary('Sam')}?", "send x"))
    with pytest.raises(Broken, match=r"111 heard \['sam'\]"):
        await world.live(1, io.StringIO())


async def test_it_finds_a_word_in_the_log() -> None:
    line = f'{{"level": "info", "event": "hello {canary("Sam")}"}}\n'
    with pytest.raises(Broken, match="the log says"):
        await World("planted").live(1, io.StringIO(line))


@pytest.mark.parametrize("name", ["Sam", "Jo", "Priya", "Una"])
async def test_a_number_out_of_all_reason_in_a_forged_button_is_only_an_old_button(
    name: str,
) -> None:
    world = World(f"forged-{name}")
    with logged() as log:
        async with world.running():
            sam, now = world.memory.now_do(present, PHONES["Sam"]), world.clock.now()
            assert sam is not None
            world.memory.now_do(
                journeys.set_off, sam.member.id, "The pond", now + timedelta(hours=1), now
            )
            outing = world.memory.now_do(journeys.running, sam.member.id)
            assert outing is not None
            for verb in VERBS:
                forged = f"{verb}:{outing.id}:{'9' * 28}"
                await world.handle([world.maker.pressed(PHONES[name], forged)], log)


async def test_what_names_one_sender_and_another_chat_is_answered_to_nobody() -> None:
    world = World("two names")
    heard: list[Said] = []
    with logged() as log:
        async with world.running():
            await world.settle()  # whoever is told something is called at the start
            world.telegram.heard = heard.append
            made = world.maker.pressed(PHONES["Sam"], "general:card:-:0")
            made.body["callback_query"]["message"]["chat"]["id"] = PHONES["Una"]
            await world.handle([made], log)
    assert heard == []
