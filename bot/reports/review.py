"""One review on a screen: what changed, what stayed as it was, what may need adapting.

Every line cites what it rests on: a count since a day, a date, or somebody by name.
"""

from collections.abc import Iterator, Mapping

from bot.care.review import DONE, Item, Kind, Round
from bot.care.text import Text
from bot.i18n import Param, Safe, Voice
from bot.outbox import review as words
from bot.store import Connection, around, circle, those
from bot.store import look as rounds
from bot.store import since as facts
from bot.store.since import Since
from bot.store.tools import tools

Line = tuple[Text, Mapping[str, Param]]


def page(c: Connection, voice: Voice, one: Item) -> Safe:
    """What is needed to do it."""
    looks = rounds.rounds(c, one.person, one.kind, one.of)
    last = next((look for look in reversed(looks) if look.came in DONE), None)
    lines = [*_title(c, voice, one), *_last(c, last), *_coming(c, one)]
    lines += _known(c, one, facts.the_last_look(c, one.person, looks, voice.now))
    lines += _put_off(c, one)
    if not around.circle_of(c, one.person):
        lines.append((Text("review", "think_of_an_advocate"), _named(c, one.person)))
    if one.kind in OWN_WAY:
        lines.append((OWN_WAY[Kind(one.kind)], _named(c, one.person)))
    return Safe("\n".join(voice.say(text, **params) for text, params in lines))


OWN_WAY: Mapping[Kind, Text] = {
    Kind.AGREEMENT: Text("review", "way_agreement"),
    Kind.DECISION: Text("review", "way_decision"),
    Kind.AUTHORITY: Text("review", "way_authority"),
    Kind.GLASS: Text("review", "way_glass"),
    Kind.OUTINGS: Text("review", "way_outings"),
    Kind.PROFILE: Text("review", "way_profile"),
}
"""Where looking again has an act of its own."""


def _named(c: Connection, person: str) -> dict[str, Param]:
    return {"person": circle.name(c, person)}


def _title(c: Connection, voice: Voice, one: Item) -> Iterator[Line]:
    of: dict[str, Param] = {
        **_named(c, one.person),
        "what": words.name(c, one.kind),
        "day": _day(c, one),
    }
    yield Text("review", "title"), of
    cadence = tools(c).reviews.cadence(one.kind)
    if one.early:
        yield Text("review", "because"), of
    elif voice.now < one.due_at:
        yield Text("review", "is_due"), of
    else:
        yield Text("review", "was_due"), of
    if cadence is not None:
        rule = voice.label(cadence.words, count=cadence.count)
        yield Text("review", "rule"), {"rule": rule}


def _day(c: Connection, one: Item) -> Param:
    return one.due_at.astimezone(tools(c).hours.zone).date()


def _last(c: Connection, last: Round | None) -> Iterator[Line]:
    """Who looked at it the last time, what came of it, and what was said."""
    if last is None:
        yield Text("review", "first_time"), {}
        return
    of: dict[str, Param] = {"day": last.at.date(), "came": words.CAME[last.came]}
    if last.by is not None:
        yield Text("review", "last_time"), {**of, "by": circle.name(c, last.by)}
    if last.who:
        yield Text("review", "took_part"), {"who": [circle.name(c, one) for one in last.who]}
    if last.words.person:
        said: dict[str, Param] = {**_named(c, last.person), "words": last.words.person}
        yield Text("review", "said_then"), {**said, "day": last.at.date()}
    if last.words.around:
        yield Text("review", "around_then"), {"words": last.words.around, "day": last.at.date()}


def _coming(c: Connection, one: Item) -> Iterator[Line]:
    """What the person answered."""
    asked = rounds.invitations(c, those.one(one.person)).get((one.kind, one.of, one.due_at))
    if asked is None:
        return
    text = Text("review", "coming_not_said") if asked.answer is None else words.COMING[asked.answer]
    yield text, _named(c, one.person)


def _known(c: Connection, one: Item, found: Since) -> Iterator[Line]:
    changed, adapt = list(_changed(c, found)), list(_adapt(found))
    yield Text("review", "changed"), {}
    yield from changed or [(Text("review", "nothing_changed"), _on(found))]
    yield Text("review", "same"), {}
    yield from _same(found)
    yield Text("review", "adapt"), {}
    yield from adapt or [(Text("review", "nothing_to_adapt"), _named(c, one.person) | _on(found))]


def _on(found: Since) -> dict[str, Param]:
    return {"day": found.at.date()}


def _changed(c: Connection, found: Since) -> Iterator[Line]:
    dated = {
        Text("review", "changed_shared"): found.shared,
        Text("review", "changed_signs"): found.signs,
        Text("review", "changed_outings"): found.outing_plan,
        Text("review", "changed_decided"): found.decided,
    }
    for text, at in dated.items():
        if at is not None:
            yield text, {"day": at.date()}
    if found.came:
        yield Text("review", "changed_came"), _who(c, found.came)
    if found.left:
        yield Text("review", "changed_left"), _who(c, found.left)


def _who(c: Connection, members: tuple[str, ...]) -> dict[str, Param]:
    return {"who": [circle.name(c, one) for one in members]}


def _same(found: Since) -> Iterator[Line]:
    still = {
        Text("review", "same_shared"): found.shared,
        Text("review", "same_signs"): found.signs,
        Text("review", "same_outings"): found.outing_plan,
    }
    for text, at in still.items():
        if at is None:
            yield text, _on(found)
    yield from _outings(found)


def _outings(found: Since) -> Iterator[Line]:
    if found.outings:
        counts: dict[str, Param] = {"count": found.outings, "on_time": found.on_time}
        yield Text("review", "outings"), {**counts, "day": found.at.date()}


def _adapt(found: Since) -> Iterator[Line]:
    day = _on(found)
    if found.alerts:
        yield Text("review", "alerts"), {**day, "count": found.alerts}
    if found.noticed:
        yield Text("review", "noticed"), {**day, "count": found.noticed, "by": found.noticed_by}


def _put_off(c: Connection, one: Item) -> Iterator[Line]:
    for snooze in one.snoozed:
        of: dict[str, Param] = {"by": circle.name(c, snooze.by), "day": snooze.at.date()}
        yield Text("review", "put_off_by"), {**of, "words": rounds.why(c, snooze)}
