"""A message that comes with a file for its reader's calendar."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar

from bot import ics
from bot.care.outcome import Lane
from bot.ics import Event
from bot.outbox.render import Button
from bot.outbox.sender import Presented
from bot.store import Connection
from bot.store.outbox import Row
from tests.conftest import NOON
from tests.doors import open_doors, up
from tests.play import Play

EVENT = Event(
    uid="session-1@kith",
    sequence=0,
    starts=NOON,
    ends=NOON + timedelta(hours=1),
    summary="Crisis responses",
    zone=ZoneInfo("Europe/London"),
    stamp=NOON,
)


async def test_a_calendar_file_comes_with_the_words_and_can_be_opened(
    play: Play, tmp_path: Path
) -> None:
    ruth = await play.new_person("Ruth", role="carer")

    def show(c: Connection, row: Row, now: datetime) -> Presented:
        return Presented(ruth.id, row.text.id, ((Button("OK", "a:b:c:0"),),), event=EVENT)

    async with open_doors(play, tmp_path, present=show) as doors:
        await up(play)
        member = await doors.member("Ruth", ruth.id)
        await doors.tell(member, Lane.REPLY, "booked")
        await play.settle()
        message = (await play.chat(ruth.id)).last
        assert message.text == "booked" and message.buttons == ["OK"]
        assert message.document and message.document["name"] == "kith.ics"
        assert not message.protected, "no calendar opens what is protected"
        file = (await play.http.get(message.document["url"])).content
        assert file == ics.file(EVENT)
        assert [e.uid for e in icalendar.Calendar.from_ical(file).events] == ["session-1@kith"]

        await doors.tell(member, Lane.REPLY, "x" * 1100)
        await play.settle()
        words, file_alone = (await play.chat(ruth.id)).from_bot[-2:]
        assert words.text == "x" * 1100 and words.document is None, "too long to go under it"
        assert words.buttons == ["OK"] and words.protected
        assert file_alone.document and not file_alone.text and not file_alone.buttons
        assert await doors.states() == [("sent", None)] * 2
