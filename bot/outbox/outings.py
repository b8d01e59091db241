"""How outings have gone, in words and as a picture that says the same."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from bot.care.outings import Chart, Outing, Outings, Rating, Went
from bot.care.sign import Voice
from bot.care.stepping import Way, towards
from bot.care.text import Text
from bot.i18n import Safe
from bot.i18n import Voice as Speech
from bot.outbox.render import Button, Rows
from bot.outbox.stepping import SUPPORT
from bot.store import Connection, circle
from bot.store import plan as plans

LONGEST = 850
"""Characters: Telegram takes 1,024 under a picture."""

MOST = 6
"""So many of a kind are named, the newest; the picture has them all."""

WENT: Mapping[Went, Text] = {
    Went.ON_TIME: Text("outings", "on_time"),
    Went.LATE: Text("outings", "late"),
    Went.MISSED: Text("outings", "missed"),
    Went.FORGOTTEN: Text("outings", "forgotten"),
    Went.HELP: Text("outings", "help"),
    Went.NOT_COUNTED: Text("outings", "not_counted"),
}

COUNTED: Mapping[Went, Text] = {
    Went.LATE: Text("outings", "count_late"),
    Went.MISSED: Text("outings", "count_missed"),
    Went.FORGOTTEN: Text("outings", "count_forgotten"),
    Went.HELP: Text("outings", "count_help"),
    Went.NOT_COUNTED: Text("outings", "count_not_counted"),
}
"""What is said only where there is something to count."""

FELT_THEN = {
    1: Text("outings", "felt_1"),
    2: Text("outings", "felt_2"),
    3: Text("outings", "felt_3"),
    4: Text("outings", "felt_4"),
    5: Text("outings", "felt_5"),
}
"""A day, and the face of it in a word: no number that could be read as a score."""


def shown(
    c: Connection, voice: Speech, found: Outings, person: str, name: str, reader: Voice
) -> tuple[Safe, Chart | None]:
    """The words, and the picture where there is something to be seen."""
    own = reader is Voice.PERSON
    said_title = Text("outings", "shown_own") if own else Text("outings", "shown")
    lines = [voice.say(said_title, person=name)]
    if reader is not Voice.CARER:
        plan = plans.in_force(c, person)
        if plan is not None:
            support = SUPPORT[plan.terms.support]
            lines.append(voice.say(Text("outings", "support"), support=support))
    if not found.outings and not found.ratings:
        lines.append(voice.say(Text("outings", "none")))
        return Safe("\n".join(lines)), None
    for line in _lines(c, voice, found, reader):
        if sum(map(len, lines)) + len(line) > LONGEST:
            break
        lines.append(line)
    chart = Chart(
        found,
        voice.zone,
        voice.label(Text("outings", "title_own") if own else Text("outings", "title"), person=name),
        {went: voice.label(text) for went, text in WENT.items()},
        voice.label(Text("outings", "felt")),
        voice.label(Text("outings", "worried")),
        voice.label(Text("outings", "rated")),
    )
    return Safe("\n".join(lines)), chart


def _lines(c: Connection, voice: Speech, found: Outings, reader: Voice) -> Iterator[Safe]:
    on_time = found.count(Went.ON_TIME)
    yield voice.say(Text("outings", "count"), count=len(found.outings), on_time=on_time)
    for went, text in COUNTED.items():
        count = found.count(went)
        if count:
            yield voice.say(text, count=count)
    if found.taken is not None:
        rule, longest = found.taken
        text = Text("outings", "taken") if rule < longest else Text("outings", "taken_each")
        yield voice.say(text, rule=rule, longest=longest)
    felt = [one for one in found.outings if one.feeling is not None]
    if felt:
        faces = ", ".join(_felt(voice, one) for one in felt[-MOST:])
        yield voice.say(Text("outings", "felt_lately"), faces=faces)
    worried = [_day(voice, one.at) for one in found.outings if one.worried]
    if worried:
        own = reader is Voice.PERSON
        text = Text("outings", "worried_own") if own else Text("outings", "worried_shown")
        yield voice.say(text, days=", ".join(worried[-MOST:]))
    for by in dict.fromkeys(one.by for one in found.ratings):
        said = [one for one in found.ratings if one.by == by][-MOST:]
        yield voice.say(
            Text("outings", "rated_by") if reader is Voice.STAFF else Text("outings", "rated_own"),
            carer=circle.name(c, by),
            worries=_ratings(voice, said),
        )


def _felt(voice: Speech, one: Outing) -> str:
    assert one.feeling is not None
    return voice.label(FELT_THEN[one.feeling], on=one.at.astimezone(voice.zone).date())


def _ratings(voice: Speech, said: Iterable[Rating]) -> str:
    return ", ".join(f"{_day(voice, one.at)}: {one.worry}" for one in said)


def _day(voice: Speech, at: datetime) -> str:
    local = at.astimezone(voice.zone)
    return f"{local.day}/{local.month}"


def ways(c: Connection, voice: Speech, person: str, reader: Voice) -> Rows:
    """What may be said about how much support there is, by the person and by their team."""
    plan = plans.in_force(c, person)
    if plan is None or reader is Voice.CARER:
        return ()
    own = reader is Voice.PERSON
    rows = []
    if towards(plan.terms.support, Way.LESS) is not None:
        text = Text("stepping", "talk_less") if own else Text("stepping", "suggest_less")
        data = "stepping:talk_less:-:0" if own else f"stepping:less:{person}:0"
        rows.append((Button(voice.label(text), data),))
    if towards(plan.terms.support, Way.MORE) is not None:
        text = Text("stepping", "talk_more") if own else Text("stepping", "suggest_more")
        data = "stepping:talk_more:-:0" if own else f"stepping:more:{person}:0"
        rows.append((Button(voice.label(text), data),))
    return tuple(rows)
