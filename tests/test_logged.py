"""Every story, crash and torture looks at what was logged: this is what it would find."""

from pathlib import Path

import pytest
import structlog

from bot.playground.server import TOKEN
from tests.kith import kith
from tests.logged import spilt

WORDS = "I am frightened, ring Mum\n\u201cThe caf\u00e9\u201d is shut"


@pytest.mark.parametrize(
    "said",
    [
        "Sam is late",
        "member=Jo",
        "I am frightened, ring Mum",
        "\u201cThe caf\u00e9\u201d is shut",
        f"the token ends in {TOKEN.partition(':')[2]}",
        "/start has been set off",
    ],
)
async def test_a_log_that_says_what_is_nobodys_business_fails_the_story(
    tmp_path: Path, said: str
) -> None:
    async def told() -> None:
        async with kith(tmp_path) as story:
            await story.sam.says(WORDS, "/start has been set off")
            structlog.stdlib.get_logger("bot.told").error(said)

    with pytest.raises(AssertionError, match="the log names somebody") as found:
        await told()
    assert "bot.told" in str(found.value)


async def test_phrases_and_ids_are_nobodys_words(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says(WORDS, "late")
        log = structlog.stdlib.get_logger("bot.told")
        log.error("somebody is late", member="samjoleo23456789")
        chats = (await story.play.chats()).values()
    assert spilt("", chats) == [] and spilt("the key is in it", [], "key") == ["the key is in it"]
