"""`/told` in words: who was told what, which choice allowed it, and what was kept from whom."""

from bot.care.text import Text
from bot.i18n import Safe, Voice
from bot.outbox.topics import DECIDED_FOR_YOU, LEVELS, TOPICS, WHEN, WHY
from bot.store import Connection, circle, profile, told
from bot.store.told import Entry, Page, Unread


def for_person(
    c: Connection, voice: Voice, person: str, before: int, most: int = told.PAGE
) -> tuple[Safe, Page]:
    """One page of `most` entries, newest first; the newest begins with what waits to be read."""
    page = told.page(c, person, before, most)
    waiting = told.unread(c, person) if before == told.NEWEST else []
    called = profile.called(c, person)
    blocks = [_unread(c, voice, one, called) for one in waiting]
    blocks += [_entry(c, voice, entry, called) for entry in page.entries]
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


def _entry(c: Connection, voice: Voice, entry: Entry, person: str) -> Safe:
    name = circle.name(c, entry.to)
    if entry.text is not None and entry.text in told.WHERE.values():
        return voice.say(entry.text, name=name, at=entry.at)
    first = Text("told", "was_told") if entry.told else Text("told", "was_not_told")
    lines = [voice.say(first, name=name, at=entry.at, topic=TOPICS[entry.topic])]
    lines += _words(voice, entry, person)
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
    if entry.row.basis in DECIDED_FOR_YOU:
        return voice.say(DECIDED_FOR_YOU[entry.row.basis])
    choice = voice.say(
        Text("told", "your_choice"),
        topic=TOPICS[entry.row.topic],
        level=LEVELS[entry.row.level],
        when=WHEN[entry.row.situation],
    )
    return Safe(f"{why}\n{choice}")


def _unread(c: Connection, voice: Voice, one: Unread, person: str) -> Safe:
    name = circle.name(c, one.to)
    lines = [voice.say(Text("told", "not_read_yet"), name=name, topic=TOPICS[one.topic])]
    return Safe("\n".join([*lines, *_words(voice, one, person)]))


def _words(voice: Voice, one: Entry | Unread, person: str) -> list[Safe]:
    """What it says, in a line: as it was written or read, or as Kith says it."""
    words = one.words
    if words is None and one.text is not None:
        words = voice.label(one.text, person=person)
    return [] if words is None else [voice.say(Text("told", "words"), words=words)]
