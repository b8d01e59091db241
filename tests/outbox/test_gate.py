"""What is held back at the very last moment."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Engine, select, update

from bot.care.agreement import Reason
from bot.care.complaint import ASKS
from bot.care.concern import Kind
from bot.care.text import Text
from bot.care.weekly import QUESTION
from bot.i18n import Words
from bot.outbox import gate
from bot.outbox.sender import Presented, Withheld
from bot.store import concern, outbox, schema, weekly
from bot.store.outbox import Row
from tests.conftest import NOON
from tests.kith import kith
from tests.oak import LATER, sampled

WEEK = timedelta(weeks=1)


async def test_an_alert_that_was_held_up_is_not_told_once_it_is_closed(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off()
        await story.play.faults("500", methods=["sendMessage"], chats=[story.dev.id])
        await story.sam.taps("I need help", "Emergency")
        await story.jo.taps("I've got this", "Safe and well")
        await story.listens()
        await story.play.clear_faults()
        await story.passes(minutes=2)

        await story.heard(dev=["Jo has closed this", "Jo has this"])
        decided = [each.text for each in await story.play.decisions()]
        assert "Not told: Dev. The alert is closed already." in decided


async def test_an_alert_that_stands_is_told_however_late(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off()
        await story.play.faults("500", methods=["sendMessage"], chats=[story.dev.id])
        await story.sam.taps("I need help", "Emergency")
        await story.listens()
        await story.play.clear_faults()
        await story.passes(minutes=2)

        await story.heard(dev="Sam has pressed Emergency")


@pytest.mark.parametrize("says", ["I'm home", "I'm OK", None])
async def test_nobody_is_asked_how_they_are_who_has_said_so_meanwhile(
    tmp_path: Path, says: str | None
) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off()
        await story.play.faults("500", methods=["sendMessage"], chats=[story.sam.id])
        await story.passes(minutes=61)
        if says is not None:
            await story.sam.taps(says)
        await story.listens()
        await story.play.clear_faults()
        await story.passes(minutes=2)

        asked = any("Are you OK?" in text for text in await story.sam.news())
        assert asked == (says is None)


async def test_after_an_outage_what_was_pressed_again_comes_after_what_it_takes_back(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off()
        await story.play.faults("500", methods=["sendMessage"], chats=[story.jo.id])
        await story.sam.taps("I need help", "Emergency", "I pressed it by mistake")
        await story.passes(seconds=70)
        await story.sam.taps("Emergency")
        await story.listens()
        await story.play.clear_faults()
        await story.passes(minutes=2)

        news = await story.jo.news()
        pressed = [at for at, text in enumerate(news) if "Sam has pressed Emergency" in text]
        (mistake,) = [at for at, text in enumerate(news) if "by mistake" in text]
        assert len(pressed) == 1 and pressed[0] > mistake


def waiting(c: Connection, text: Text) -> Row:
    (id,) = c.execute(select(schema.outbox.c.id).where(schema.outbox.c.text == str(text))).scalars()
    return outbox.load(c, id)[0]


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
def test_who_leads_no_more_or_is_around_no_more_is_not_told_what_waited(engine: Engine) -> None:
    present = gate.present(Words.load(), ZoneInfo("Europe/London"))
    with engine.begin() as c:
        oak = sampled(c)
        place = oak.role("Amira")
        concern.raise_(c, Kind.COMPLAINT, oak.role("Leo"), oak.sam, "Rude.", None, (), NOON)
        weekly.start(c, place, oak.amira, NOON)
        weekly.due(c, place, NOON + WEEK, NOON + WEEK)
        rows = [waiting(c, ASKS[Kind.COMPLAINT]), waiting(c, QUESTION)]
        assert [row.member for row in rows] == [oak.priya, oak.amira]
        assert all(isinstance(present(c, row, NOON), Presented) for row in rows)

        held = schema.membership
        over = update(held).where(held.c.member.in_((oak.priya, oak.amira)))
        c.execute(over.values(until=LATER))
        assert [present(c, row, LATER) for row in rows] == [
            Withheld(Reason.OTHER_TEAM),
            Withheld(Reason.NOT_IN_CIRCLE),
        ]
