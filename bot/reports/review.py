"""One review on a screen: what changed, what stayed as it was, what may need adapting.

Every line cites what it rests on: a count since a day, a date, or somebody by name.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from bot.care.decision import DecisionRecord
from bot.care.review import DONE, Item, Kind, Round
from bot.care.text import Text
from bot.care.week_answer import Answer
from bot.i18n import Param, Safe, Voice
from bot.outbox import review as words
from bot.outbox.topics import TOPICS
from bot.reports.first_weeks import SAID
from bot.store import Connection, around, circle, decision, glass, review_voice, those
from bot.store import look as rounds
from bot.store import since as facts
from bot.store.since import Since, Stood
from bot.store.tools import tools

Line = tuple[Text, Mapping[str, Param]]


def page(c: Connection, voice: Voice, one: Item, reader: str) -> Safe:
    """What is needed to do it. What somebody around the person is let know, `reader` is not told of
    themselves."""
    looks = rounds.rounds(c, one.person, one.kind, one.of)
    last = next((look for look in reversed(looks) if look.came in DONE), None)
    lines = [*_title(c, voice, one), *_last(c, last), *_coming(c, one)]
    lines += _voices(c, one, last)
    found = facts.the_last_look(c, one.person, looks, voice.now)
    lines += _known(c, one, found, _shared_with(c, one, found, reader))
    lines += _put_off(c, one)
    if not around.circle_of(c, one.person):
        lines.append((Text("review", "think_of_an_advocate"), _named(c, one.person)))
    if one.only == (reader,) and did_it(c, one, reader):
        lines.append((Text("review", "nobody_may_look"), {}))
    elif one.kind in OWN_WAY:
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


def did_it(c: Connection, one: Item, reader: str) -> bool:
    """Whether it waits for whoever told something because nobody can be reached who may look."""
    broken = glass.glass(c, one.of) if one.kind == Kind.GLASS else None
    return broken is not None and broken.by == reader


def _title(c: Connection, voice: Voice, one: Item) -> Iterator[Line]:
    of: dict[str, Param] = {
        **_named(c, one.person),
        "what": words.what(c, one.kind, one.of),
        "day": _day(c, one.due_at),
    }
    yield Text("review", "title"), of
    cadence = tools(c).reviews.cadence(one.kind)
    if one.early:
        yield from _happened(c, one, of)
    elif voice.now < one.due_at:
        yield Text("review", "is_due"), of
    else:
        yield Text("review", "was_due"), of
    if cadence is not None:
        rule = voice.label(cadence.words, count=cadence.count)
        yield Text("review", "rule"), {"rule": rule}


HAPPENED: Mapping[str, Text] = {
    Kind.OUTINGS: Text("review", "because_missed"),
    Kind.SIGN_PLAN: Text("review", "because_alert"),
}


def _happened(c: Connection, one: Item, of: Mapping[str, Param]) -> Iterator[Line]:
    """Why it is up before its time."""
    topics = decision.in_doubt(c, one.of) if one.kind == Kind.AGREEMENT else []
    if topics:
        labels = [TOPICS[topic] for topic in topics]
        yield Text("review", "because_in_doubt"), {**of, "topics": labels}
    else:
        yield HAPPENED.get(one.kind, Text("review", "because")), of


def _day(c: Connection, at: datetime) -> date:
    """Where the service is: at night it is another one elsewhere."""
    return at.astimezone(tools(c).hours.zone).date()


def _last(c: Connection, last: Round | None) -> Iterator[Line]:
    """Who looked at it the last time, what came of it, and what was said."""
    if last is None:
        yield Text("review", "first_time"), {}
        return
    day = _day(c, last.at)
    if last.by is not None:
        of: dict[str, Param] = {"day": day, "came": words.CAME[last.came]}
        yield Text("review", "last_time"), {**of, "by": circle.name(c, last.by)}
    if last.who:
        yield Text("review", "took_part"), {"who": [circle.name(c, one) for one in last.who]}
    said = {
        Text("review", "said_then"): last.words.person,
        Text("review", "around_then"): last.words.around,
        Text("review", "data_then"): last.words.data,
        Text("review", "later_then"): last.words.later,
    }
    for text, theirs in said.items():
        if theirs:
            yield text, {**_named(c, last.person), "words": theirs, "day": day}


def _coming(c: Connection, one: Item) -> Iterator[Line]:
    """What the person answered."""
    asked = rounds.invitations(c, those.one(one.person)).get((one.kind, one.of, one.due_at))
    if asked is None:
        return
    text = Text("review", "coming_not_said") if asked.answer is None else words.COMING[asked.answer]
    if asked.answer is None and circle.without_account(c, one.person):
        text = Text("by_phone", "not_invited")
    yield text, _named(c, one.person)


def _voices(c: Connection, one: Item, last: Round | None) -> Iterator[Line]:
    """What those around said for it since it was looked at last, each by name."""
    for said in review_voice.voices(c, one.person, one.kind, one.of):
        if last is None or last.at < said.at:
            of: dict[str, Param] = {"who": circle.name(c, said.member), "day": _day(c, said.at)}
            yield Text("review", "voice_for"), {**of, "words": said.words}


Shared = Sequence[tuple[str, Stood]]
"""How it stands with each carer, by name; two of them may have the same."""


def _shared_with(c: Connection, one: Item, found: Since, reader: str) -> Shared:
    """By name. What is shared with one is looked at alone."""
    of = words.carer(c, one.of) if one.kind == Kind.AGREEMENT else None
    return [
        (circle.name(c, member), stood)
        for member, stood in found.shared.items()
        if member != reader and of in (None, member)
    ]


def _known(c: Connection, one: Item, found: Since, shared: Shared) -> Iterator[Line]:
    changed = list(_changed(c, found, shared))
    adapt = list(_adapt(c, one, found))
    since = {**_named(c, one.person), "day": _day(c, found.at)}
    yield Text("review", "changed"), {}
    yield from changed or [(Text("review", "nothing_changed"), since)]
    same = [*_same(found, shared, since), *_outings(found, since)]
    if same:
        yield Text("review", "same"), {}
        yield from same
    there_is_no = list(_none(found, shared, since))
    if there_is_no:
        yield Text("review", "there_is_no"), {}
        yield from there_is_no
    yield Text("review", "adapt"), {}
    yield from adapt or [(Text("review", "nothing_to_adapt"), since)]


def _changed(c: Connection, found: Since, shared: Shared) -> Iterator[Line]:
    for carer, stood in shared:
        of: dict[str, Param] = {"carer": carer}
        yield from _moved(c, stood, of, NEW["shared"], ENDED["shared"])
        if stood.part is not None:
            yield Text("review", "part_ended"), {**of, "day": _day(c, stood.part)}
    yield from _moved(c, found.signs, {}, NEW["signs"], ENDED["signs"])
    yield from _moved(c, found.outing_plan, {}, NEW["outings"], ENDED["outings"])
    for one in found.decided:
        yield Text("review", "changed_decided"), _decision(c, one, one.since)
    for one in found.undecided:
        assert one.until is not None  # so they were chosen
        yield Text("review", "decision_over"), _decision(c, one, one.until)
    if found.came:
        yield Text("review", "changed_came"), _who(c, found.came)
    if found.left:
        yield Text("review", "changed_left"), _who(c, found.left)


NEW = {
    "shared": Text("review", "changed_shared"),
    "signs": Text("review", "changed_signs"),
    "outings": Text("review", "changed_outings"),
}

ENDED = {
    "shared": Text("review", "ended_shared"),
    "signs": Text("review", "ended_signs"),
    "outings": Text("review", "ended_outings"),
}


def _moved(
    c: Connection, stood: Stood, of: Mapping[str, Param], new: Text, ended: Text
) -> Iterator[Line]:
    for text, at in {new: stood.new, ended: stood.ended}.items():
        if at is not None:
            yield text, {**of, "day": _day(c, at)}


def _decision(c: Connection, one: DecisionRecord, at: datetime) -> dict[str, Param]:
    topics = [TOPICS[topic] for topic in one.topics]
    return {"topics": topics, "found": words.FOUND[one.found], "day": _day(c, at)}


def _who(c: Connection, members: tuple[str, ...]) -> dict[str, Param]:
    return {"who": [circle.name(c, one) for one in members]}


def _same(found: Since, shared: Shared, since: Mapping[str, Param]) -> Iterator[Line]:
    """What stands and has not changed: never what has ended, nor what there never was."""
    carers = [carer for carer, stood in shared if stood.stands and not stood.changed]
    if carers:
        yield Text("review", "same_shared"), {**since, "carers": carers}
    if found.signs.stands and not found.signs.changed:
        yield Text("review", "same_signs"), since
    if found.outing_plan.stands and not found.outing_plan.changed:
        yield Text("review", "same_outings"), since


def _none(found: Since, shared: Shared, since: Mapping[str, Param]) -> Iterator[Line]:
    carers = [carer for carer, stood in shared if not stood.stands]
    if carers:
        yield Text("review", "no_shared"), {**since, "carers": carers}
    if not found.signs.stands:
        yield Text("review", "no_signs"), since
    if not found.outing_plan.stands:
        yield Text("review", "no_outings"), since


def _outings(found: Since, since: Mapping[str, Param]) -> Iterator[Line]:
    if found.outings:
        yield (
            Text("review", "outings"),
            {**since, "count": found.outings, "on_time": found.on_time},
        )


def _adapt(c: Connection, one: Item, found: Since) -> Iterator[Line]:
    """What was said and noticed, each with whose voice it is."""
    day = _day(c, found.at)
    if found.alerts:
        yield Text("review", "alerts"), {"day": day, "count": found.alerts}
    if found.noticed:
        by = [f"{circle.name(c, member)} ({count})" for member, count in found.noticed.items()]
        yield Text("review", "noticed"), {"day": day, "who": by}
    for week in found.weeks[: MOST_WEEKS if one.kind == Kind.FIRST_WEEKS else 2]:
        yield from _week(c, week)


MOST_WEEKS = 8
"""So many answers of the first weeks stand on the page; side by side there are all."""


def _week(c: Connection, week: Answer) -> Iterator[Line]:
    of: dict[str, Param] = {"who": circle.name(c, week.to.member), "week": week.week}
    yield Text("review", "week"), {**of, "said": SAID[week.said]}
    for text, said in (
        (Text("review", "week_well"), week.well),
        (Text("review", "week_different"), week.different),
    ):
        if said:
            yield text, {"words": said}


def _put_off(c: Connection, one: Item) -> Iterator[Line]:
    for snooze in one.snoozed:
        of: dict[str, Param] = {"by": circle.name(c, snooze.by), "day": _day(c, snooze.at)}
        yield Text("review", "put_off_by"), {**of, "words": rounds.why(c, snooze)}
