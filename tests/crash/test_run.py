"""How `kith run` starts, stops and refuses."""

import asyncio
import time
from pathlib import Path

from tests.crash.process import Killable, Kith, until
from tests.play import Play, playing


async def test_sigterm_under_load_ends_within_five_seconds_and_loses_nothing(
    story: Killable,
) -> None:
    await story.sets_off()
    await story.play.faults("timeout", methods=["sendMessage"], chats=[story.dev.id])  # hangs
    others = [who for who in story.people.values() if who is not story.sam]
    load = [asyncio.ensure_future(who.says(*["/help"] * 3)) for who in others for _ in range(2)]
    load.append(asyncio.ensure_future(story.sam.taps("I need help")))

    async def jo_has_heard() -> bool:
        return bool((await story.jo.chat()).texts)

    await until(jo_has_heard)
    began = time.monotonic()
    assert await story.process.terminate() == 0
    assert time.monotonic() - began < 5
    assert "Traceback" not in story.process.log.read_text()

    await asyncio.gather(*load, return_exceptions=True)
    await story.play.clear_faults()
    await story.starts()

    for who in others:
        chat = await who.chat()
        asked = sum(message.sender == "user" for message in chat.messages)
        assert sum("I am a computer program" in text for text in chat.texts) >= asked > 0, who.name
    assert any("asks for help" in text for text in (await story.jo.chat()).texts)


async def test_a_second_kith_on_the_same_file_is_refused_with_a_sentence(story: Killable) -> None:
    code, said = await story.process.command("run", "--clock", "playground")

    assert code == 1
    assert "open in another Kith already" in said
    assert "Traceback" not in said
    await story.sam.says("/out")
    await story.heard(sam="Where are you going")


async def test_a_start_without_a_network_says_so_and_waits(tmp_path: Path) -> None:
    async with playing(tmp_path / "first") as play:
        address, port = play.address, int(play.address.rpartition(":")[2])
    kith = Kith(tmp_path, address)
    code, said = await kith.command("seed", "sample", "--member", "Sam=100001")
    assert code == 0, said
    await kith.start()

    async def says_so() -> bool:
        return "cannot be reached yet" in kith.log.read_text()

    try:
        await until(says_so)
        async with playing(tmp_path / "second", clock="real", port=port) as play:
            await hears_sam(play)
    finally:
        await kith.kill()


async def hears_sam(play: Play) -> None:
    sam = await play.new_person("Sam", role="person")
    await play.http.post(f"/play/chats/{sam.id}/text", json={"text": "/out"})

    async def answered() -> bool:
        return any("Where are you going" in text for text in (await play.chat(sam.id)).texts)

    await until(answered)


async def test_wrong_settings_are_refused_with_a_sentence_that_keeps_the_secret(
    tmp_path: Path,
) -> None:
    wrong = Kith(tmp_path, "http://127.0.0.1:9", KITH_BOT_TOKEN="not a token", KITH_TIMEZONE="Mars")

    code, said = await wrong.command("run")

    assert code == 1
    assert "KITH_BOT_TOKEN must be" in said and "KITH_TIMEZONE must be" in said
    assert "not a token" not in said
    assert "Traceback" not in said
