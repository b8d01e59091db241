"""`/told` in words: who was told what, which choice allowed it, and what was kept from whom."""

from collections.abc import Mapping

from bot.care.agreement import Reason
from bot.care.text import Text
from bot.i18n import Safe, Voice
from bot.outbox.topics import LEVELS, TOPICS, WHEN
from bot.store import Connection, circle, told
from bot.store.told import Entry, Page, Unread

WHY: Mapping[str, Text] = {
    Reason.AGREED: Text("told", "agreed"),
    Reason.SAID_YES: Text("told", "said_yes"),
    Reason.BREAK_GLASS: Text("told", "break_glass"),
    Reason.RECIPIENT_UNKNOWN: Text("told", "not_around"),
    Reason.RECIPIENT_LEFT: Text("told", "not_around"),
    Reason.PERSON_LEFT: Text("told", "not_around"),
    Reason.NOT_IN_CIRCLE: Text("told", "not_around"),
    Reason.OTHER_TEAM: Text("told", "not_around"),
    Reason.PAUSED: Text("told", "paused"),
    Reason.NO_AGREEMENT: Text("told", "not_chosen"),
    Reason.NO_ROW: Text("told", "not_chosen"),
    Reason.NEVER: Text("told", "you_said_no"),
    Reason.LEVEL: Text("told", "too_much"),
    Reason.BEFORE: Text("told", "too_early"),
    Reason.LAPSED: Text("told", "lapsed"),
    Reason.HELD: Text("told", "held"),
    Reason.SAID_NO: Text("told", "no_yes"),
    Reason.NOT_ASKED: Text("told", "no_yes"),
    Reason.BASIS: Text("told", "basis"),
}
"""Why, in the person's words; any other reason is "to be safe"."""


def for_person(c: Connection, voice: Voice, person: str, before: int) -> tuple[Safe, Page]:
    """One page, newest first; the newest begins with what waits to be read."""
    page = told.page(c, person, before)
    waiting = told.unread(c, person) if before == told.NEWEST else []
    blocks = [_unread(c, voice, one) for one in waiting]
    blocks += [_entry(c, voice, entry) for entry in page.entries]
    if not blocks:
        return voice.say(Text("told", "nothing")), page
    return Safe("\n\n".join([voice.say(Text("told", "title")), *blocks])), page


def for_supporter(c: Connection, voice: Voice, member: str, skip: int) -> tuple[Safe, bool]:
    """When they read something, and no more: the words were theirs to read then. And whether
    there is more."""
    times = told.read_by(c, member, skip)
    if not times:
        return voice.say(Text("told", "nothing_read")), False
    lines = [voice.say(Text("told", "you_read"), at=at) for at in times[: told.PAGE]]
    title = voice.say(Text("told", "own_title"))
    return Safe("\n".join([title, *lines])), len(times) > told.PAGE


def _entry(c: Connection, voice: Voice, entry: Entry) -> Safe:
    name = circle.name(c, entry.to)
    first = Text("told", "was_told") if entry.told else Text("told", "was_not_told")
    lines = [voice.say(first, name=name, at=entry.at, topic=TOPICS[entry.topic])]
    if entry.words is not None:
        lines.append(voice.say(Text("told", "words"), words=entry.words))
    if entry.by is not None:
        lines.append(voice.say(Text("told", "written_by"), name=circle.name(c, entry.by)))
    lines.append(_why(voice, entry, name))
    if entry.maybe:
        lines.append(voice.say(Text("told", "maybe"), name=name))
    return Safe("\n".join(lines))


def _why(voice: Voice, entry: Entry, name: str) -> Safe:
    why = voice.say(WHY.get(entry.reason, Text("told", "to_be_safe")), name=name)
    if not entry.told or entry.row is None:
        return why
    choice = voice.say(
        Text("told", "your_choice"),
        topic=TOPICS[entry.row.topic],
        level=LEVELS[entry.row.level],
        when=WHEN[entry.row.situation],
    )
    return Safe(f"{why}\n{choice}")


def _unread(c: Connection, voice: Voice, one: Unread) -> Safe:
    name = circle.name(c, one.to)
    lines = [voice.say(Text("told", "not_read_yet"), name=name, topic=TOPICS[one.topic])]
    if one.words is not None:
        lines.append(voice.say(Text("told", "words"), words=one.words))
    return Safe("\n".join(lines))
