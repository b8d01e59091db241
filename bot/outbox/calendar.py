"""What was noticed, in words and as a picture that says the same."""

from bot.care.calendar import Calendar, Mark, Picture
from bot.care.sign import Voice
from bot.care.text import Text
from bot.i18n import Safe
from bot.i18n import Voice as Speech
from bot.outbox.sign import VOICES

LONGEST = 850
"""Characters: Telegram takes 1,024 under a picture."""

MOST_DAYS = 6
"""So many of one voice are named, the newest; the picture has them all."""


def shown(
    voice: Speech, calendar: Calendar, person: str, reader: Voice
) -> tuple[Safe, Picture | None]:
    """The words, and the picture where there is something to be seen."""
    title = voice.say(Text("sign", "calendar"), person=person)
    if not calendar.marks:
        nothing = voice.say(Text("sign", "nothing_noticed"))
        return Safe(f"{title}\n{nothing}"), None
    names = {one: voice.label(_named(one, reader)) for one in Voice}
    lines = [title]
    if reader is Voice.STAFF:
        if calendar.apart:
            lines.append(voice.say(Text("sign", "for_the_team"), person=person))
        lines.append(voice.say(Text("sign", "silence")))
    else:
        lines.append(voice.say(Text("sign", "silence_in_part")))
    left = len(calendar.rows)
    for row, (_, name) in enumerate(calendar.rows):
        said = _row(voice, calendar, row, name, names)
        if sum(map(len, lines)) + len(said) > LONGEST:
            lines.append(voice.say(Text("sign", "more_rows"), count=left))
            break
        lines.append(said)
        left -= 1
    plain = voice.label(Text("sign", "calendar_title"), person=person)
    return Safe("\n".join(lines)), Picture(calendar, plain, names)


def _named(voice: Voice, reader: Voice) -> Text:
    """Staff read of staff; anybody else's own voice is theirs alone."""
    own = voice is reader and voice is not Voice.STAFF
    return Text("sign", "voice_you") if own else VOICES[voice]


def _row(voice: Speech, calendar: Calendar, row: int, name: str, names: dict[Voice, str]) -> Safe:
    lines = [voice.say(Text("sign", "calendar_row"), name=name)]
    for one, who in names.items():
        days = [_days(mark) for mark in calendar.of(row, one)]
        if days:
            newest = days[-MOST_DAYS:]
            text = Text("sign", "calendar_voice")
            if len(newest) < len(days):
                text = Text("sign", "calendar_voice_more")
            lines.append(voice.say(text, who=who, days=", ".join(newest)))
    return Safe("\n".join(lines))


def _days(mark: Mark) -> str:
    last = f"{mark.last.day}/{mark.last.month}"
    return last if mark.first == mark.last else f"{mark.first.day}/{mark.first.month}–{last}"
