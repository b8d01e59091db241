"""Words told about a person, shown to the one reader they are for: the only place that loads them.

Each is asked of the gate at this very moment. Not allowed, withdrawn, over and nothing new look
the same, to the byte.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.care.agreement import Decision, Effect, Reason
from bot.care.calendar import READING as SIGNS
from bot.care.circle import Member
from bot.care.digest import SHOWN
from bot.care.heard import HEARD
from bot.care.location import HERE
from bot.care.news import HIDE_AFTER, KEPT, MAY_I, READING, News, State, Telling
from bot.care.notice import PLAN, REVIEW
from bot.care.outcome import About, Lane, Message, Topic
from bot.care.outings import READING as OUTINGS
from bot.care.sign import Voice as Spoken
from bot.care.sign_plan import READING as SIGN_PLAN
from bot.care.text import Text
from bot.i18n import Param, Safe, Voice
from bot.outbox import calendar as calendars
from bot.outbox import location as locations
from bot.outbox import outings as pictures
from bot.outbox import plan as plans
from bot.outbox import review as reviews
from bot.outbox import sign as signs
from bot.outbox import sign_alert
from bot.outbox.render import Button, Rows, card_row, presses
from bot.outbox.sender import Presented, Withheld
from bot.outbox.shapes import SHAPES, Shape
from bot.outbox.topics import TOPICS
from bot.store import (
    Connection,
    agreement,
    around,
    asked,
    calendar,
    circle,
    escalation,
    heard,
    location,
    news,
    observation,
    outings,
    profile,
    reading,
    sign,
)
from bot.store.outbox import Row

NOT_ASKED_ANY_MORE = "answered"
"""Why a question to the person is not asked: it has been answered, or is over."""

TOO_LATE = "over"
"""Why nobody is shown where somebody was: it has been erased, or is theirs to see no more."""

NO_MORE = Decision(Effect.WITHHOLD, Reason.NO_AGREEMENT)
"""Of what was over, or whose reader had gone, before it was known to have been read."""

Reveal = Callable[[Connection, Voice, Row, Member], Presented | Withheld]


def _reading(c: Connection, voice: Voice, row: Row, reader: Member) -> Presented:
    """What the reader's own tap has chosen, if the gate still lets it through; else nothing."""
    id = row.params.get("telling")
    found = None if id is None else news.telling(c, str(id))
    if found is None or found.member != reader.id:
        return _nothing(voice, row, reader)
    item = news.news(c, found.news)
    assert item is not None  # a foreign key says so
    decided = news.decision(c, item, found, voice.now)
    here = any(held.id == found.supporter for held in circle.memberships(c, reader.id))
    if not news.told(decided):
        kept = partial(_not_shown, found.id, decided, row.maybe_sent)
        return _nothing(voice, row, reader, kept)
    if not here or not _open(found, voice.now):
        return _nothing(voice, row, reader, partial(_maybe_shown, found.id, row.maybe_sent))
    return _shown(c, voice, row, reader, found, item, decided)


def _open(found: Telling, now: datetime) -> bool:
    return found.state in (State.WAITING, State.READ) and found.made_at > now - KEPT


def _shown(
    c: Connection,
    voice: Voice,
    row: Row,
    reader: Member,
    found: Telling,
    item: News,
    decided: Decision | None,
) -> Presented:
    text = READING if item.topic is not None else Text("news", "general")
    if item.text is not None and item.alert is not None:
        text = item.text
    topic = "" if item.topic is None else TOPICS[item.topic]
    words = _words(c, voice, item)
    said = voice.say(
        text,
        person=profile.called(c, item.person),
        topic=topic,
        words=words,
        by=_by(c, item),
        at=item.made_at,
        hide=HIDE_AFTER,
    )
    return Presented(
        chat=reader.telegram or 0,
        text=_again(voice, row, said),
        buttons=(
            *_answers(voice, item),
            *_looks(c, voice, item, reader.id),
            (_hide(voice, found.id),),
            *_ways(voice, found.id),
        ),
        reason=None if decided is None else decided.reason,
        kept=lambda c, message, now: reading.shown(
            c, found.id, decided, message, now, words, reader.telegram
        ),
    )


def _hide(voice: Voice, telling: str) -> Button:
    return Button(voice.label(Text("news", "hide")), f"news:hide:{telling}:0")


def _answers(voice: Voice, item: News) -> Rows:
    """What a rung may press, or whoever is asked to say something; nothing under anything else."""
    if item.text is None or (item.alert is None and item.text not in PLAN | REVIEW):
        return ()
    shape = SHAPES.get(item.text, Shape(()))
    return presses(voice, shape, Message(item.text, item.params))


def _looks(c: Connection, voice: Voice, item: News, member: str) -> Rows:
    """A rung who may know where the person is; to any other there is nothing there."""
    alert = None if item.alert is None else escalation.escalation(c, item.alert)
    if alert is None or location.seen_by(c, alert, member, voice.now) is None:
        return ()
    label = voice.label(Text("location", "see"), person=profile.called(c, item.person))
    return ((Button(label[:64], f"location:see:{alert.id}:0"),),)


def _words(c: Connection, voice: Voice, item: News) -> str:
    """As they were written; or what Kith itself says, in the reader's form."""
    if item.text is None:
        return item.words or ""
    said: Mapping[str, Param] = {}
    if item.text in PLAN:
        said = plans.in_short(c, str(item.params["plan"]))
    if item.text in REVIEW:
        said = reviews.theirs(c, str(item.params["invited"]))
    return voice.label(item.text, person=profile.called(c, item.person), **said)


def _by(c: Connection, item: News) -> str | Text:
    return Text("news", "kith") if item.by is None else circle.name(c, item.by)


def _nothing(
    voice: Voice,
    row: Row,
    reader: Member,
    kept: Callable[[Connection, int, datetime], object] | None = None,
) -> Presented:
    said = _again(voice, row, voice.say(Text("news", "nothing")))
    return Presented(reader.telegram or 0, said, _ways(voice, "-"), kept=kept)


def _not_shown(
    id: str, decided: Decision | None, maybe: bool, c: Connection, _message: int, now: datetime
) -> None:
    reading.not_shown(c, id, decided, now, maybe=maybe)


def _maybe_shown(id: str, maybe: bool, c: Connection, _message: int, now: datetime) -> None:
    """It was over already; an earlier try may have shown it."""
    if maybe:
        reading.not_shown(c, id, NO_MORE, now, maybe=True)


def _ways(voice: Voice, telling: str) -> Rows:
    reply = Button(voice.label(Text("news", "reply")), f"news:reply:{telling}:0")
    return ((reply,), card_row(voice))


def _again(voice: Voice, row: Row, said: Safe) -> Safe:
    """An earlier try may have arrived, with these words or with others."""
    if not row.maybe_sent:
        return said
    return Safe(f"{voice.say(Text('general', 'maybe_repeat'))}\n\n{said}")


def _may_i(c: Connection, voice: Voice, row: Row, reader: Member) -> Presented | Withheld:
    """The person is asked first: the very words, to whom, until when."""
    found = news.telling(c, str(row.params.get("telling")))
    item = None if found is None else news.news(c, found.news)
    if found is None or item is None or item.person != reader.id:
        return Withheld(NOT_ASKED_ANY_MORE)
    version = row.params.get("version")
    if found.state is not State.ASKING or found.version != version or found.ask_until is None:
        return Withheld(NOT_ASKED_ANY_MORE)
    carer = circle.name(c, found.member)
    assert item.topic is not None  # nobody is asked about general information
    said = voice.say(
        MAY_I if item.by is not None else Text("news", "may_i_tell_too"),
        by=_by(c, item),
        carer=carer,
        topic=TOPICS[item.topic],
        words=_words(c, voice, item),
        until=found.ask_until,
    )
    data = f"{found.id}:{version}"
    stop = voice.label(Text("agreement", "stop_with"), carer=carer)
    change = Button(voice.label(Text("news", "change_it")), f"news:change:{data}")
    buttons = (
        (Button(voice.label(Text("news", "yes_tell"), carer=carer)[:64], f"news:yes:{data}"),),
        *(((change,),) if item.by is not None else ()),  # Kith's own words are what they are
        (Button(voice.label(Text("news", "no")), f"news:no:{data}"),),
        (Button(stop[:64], f"agreement:stop:{found.supporter}:0"),),
        card_row(voice),
    )
    return Presented(reader.telegram or 0, _again(voice, row, said), buttons)


def _heard(c: Connection, voice: Voice, row: Row, reader: Member) -> Presented | Withheld:
    """What somebody around the person wrote to the team: for the person's staff alone."""
    found = heard.heard(c, str(row.params.get("heard")))
    if found is None or not around.works_for(c, reader.id, found.person, voice.now):
        return Withheld("not_staff")
    said = voice.say(
        HEARD,
        member=circle.name(c, found.member),
        person=circle.name(c, found.person),
        words=found.words,
        at=found.at,
    )
    read = Button(voice.label(Text("news", "read")), f"news:heard:{found.id}:0")
    reply = Button(voice.label(Text("news", "write_back")), f"news:about:{found.person}:0")
    return Presented(
        reader.telegram or 0, _again(voice, row, said), ((reply,), (read,), card_row(voice))
    )


def _sign_plan(c: Connection, voice: Voice, row: Row, reader: Member) -> Presented:
    """The early-warning plan in force, for one around the person who may know it; else nothing."""
    about = _asked(c, row)
    if about is None:
        return _nothing(voice, row, reader)
    decided = agreement.ask(c, reader.id, about, voice.now)
    plan = sign.active(c, about.person)
    if plan is None or decided.effect is not Effect.SHARE:
        return _nothing(voice, row, reader, _kept_back(about, row, decided))
    person = profile.called(c, about.person)
    title = voice.say(SIGN_PLAN, person=person)
    said = Safe("\n\n".join([title, *signs.in_short(voice, plan, person)]))
    told = voice.label(Text("sign", "told"), version=plan.version)
    return Presented(
        chat=reader.telegram or 0,
        text=_again(voice, row, _hides(voice, said)),
        buttons=((_hide(voice, row.id),), card_row(voice)),
        reason=decided.reason,
        rows=decided.rows,
        kept=_asked_for(about, row, reader, decided, told),
    )


ASKED = {
    SIGN_PLAN: (Topic.PLANS_AND_REVIEWS, 3),
    SIGNS: (Topic.EARLY_SIGNS, 2),
    OUTINGS: (Topic.JOURNEYS, 2),
}
"""What somebody around a person may ask to see, and what the gate is asked then."""


def _asked(c: Connection, row: Row) -> About | None:
    """About whom, through their own place around them; None when they have or had none."""
    place = circle.membership(c, str(row.params.get("place")))
    if place is None or place.member != row.member or place.person is None:
        return None
    topic, level = ASKED[row.text]
    return About(place.person, topic, level, place.id)


def _kept_back(
    about: About, row: Row, decided: Decision
) -> Callable[[Connection, int, datetime], object]:
    return partial(asked.not_shown, about, row.member, decided, row.text, row.maybe_sent)


def _hides(voice: Voice, said: Safe) -> Safe:
    return Safe("\n\n".join([said, voice.say(Text("sign", "hides"), hide=HIDE_AFTER)]))


def _asked_for(
    about: About, row: Row, reader: Member, decided: Decision, told: str
) -> Callable[[Connection, int, datetime], object]:
    """Kept as a telling with the id of its own message, which `Hide now` names."""
    return partial(asked.shown, about, reader.id, reader.telegram, row.id, decided, row.text, told)


def _signs(c: Connection, voice: Voice, row: Row, reader: Member) -> Presented | Withheld:
    """What was noticed, as far as its reader may see it; what they said themselves always."""
    person, held = str(row.params.get("of")), str(row.params.get("place"))
    speaks = calendar.voice_of(c, person, reader.id, held, voice.now)
    if speaks is None:
        return Withheld(Reason.NOT_IN_CIRCLE)
    about = _asked(c, row) if speaks is Spoken.CARER else None
    decided = None if about is None else agreement.ask(c, reader.id, about, voice.now)
    shared = decided is not None and decided.effect is Effect.SHARE
    other = voice.label(Text("sign", "something_else"))
    found = calendar.calendar(c, person, reader.id, speaks, other, voice.now, shared=shared)
    said, picture = calendars.shown(voice, found, profile.called(c, person), speaks)
    shown = Presented(reader.telegram or 0, _again(voice, row, said), (card_row(voice),))
    shown = replace(shown, picture=picture)
    if about is None or decided is None:
        return shown
    if not shared:
        return replace(shown, kept=_kept_back(about, row, decided))
    if all(mark.voice is Spoken.CARER for mark in found.marks):  # their own: as for one denied
        return replace(shown, kept=partial(asked.nothing_there, about, reader.id, decided))
    told = voice.label(Text("sign", "calendar_told"))
    return replace(
        shown,
        text=_again(voice, row, _hides(voice, said)),
        buttons=((_hide(voice, row.id),), card_row(voice)),
        kept=_asked_for(about, row, reader, decided, told),
    )


def _outings(c: Connection, voice: Voice, row: Row, reader: Member) -> Presented | Withheld:
    """How outings have gone, as far as its reader may see it."""
    person, held = str(row.params.get("of")), str(row.params.get("place"))
    speaks = outings.voice_of(c, person, reader.id, held, voice.now)
    if speaks is None:
        return Withheld(Reason.NOT_IN_CIRCLE)
    about = _asked(c, row) if speaks is Spoken.CARER else None
    decided = None if about is None else agreement.ask(c, reader.id, about, voice.now)
    if about is not None and decided is not None and decided.effect is not Effect.SHARE:
        return _nothing(voice, row, reader, _kept_back(about, row, decided))
    details = about is None or _details(c, about, reader, voice.now)
    found = outings.outings(c, person, reader.id, speaks, voice.now, details=details)
    name = profile.called(c, person) if about is not None else circle.name(c, person)
    said, chart = pictures.shown(c, voice, found, person, name, speaks)
    buttons = (*pictures.ways(c, voice, person, speaks), card_row(voice))
    shown = Presented(reader.telegram or 0, _again(voice, row, said), buttons, picture=chart)
    if about is None or decided is None:
        return shown
    told = voice.label(Text("outings", "told"))
    return replace(
        shown,
        text=_again(voice, row, _hides(voice, said)),
        buttons=((_hide(voice, row.id),), card_row(voice)),
        reason=decided.reason,
        rows=decided.rows,
        kept=_asked_for(about, row, reader, decided, told),
    )


def _details(c: Connection, about: About, reader: Member, now: datetime) -> bool:
    """Whether they may know, too, how it felt."""
    decided = agreement.ask(c, reader.id, replace(about, level=3), now)
    return decided.effect is Effect.SHARE


def over(c: Connection, row: Row) -> bool:
    """Whether there is nothing left to read behind this push."""
    found = news.telling(c, _pushes(row))
    return found is not None and found.state is not State.WAITING


def _pushes(row: Row) -> str:
    """A push is keyed by its telling."""
    return (row.key or "").partition(":")[0]


def given_up(c: Connection, row: Row, now: datetime) -> None:
    """Its reader has gone, or takes nothing any more, and an earlier try may have shown it."""
    telling = row.params.get("telling")
    about = _asked(c, row) if row.text in ASKED else None
    if about is not None:
        _kept_back(about, row, NO_MORE)(c, 0, now)
    if row.text == READING and telling is not None:
        _maybe_shown(str(telling), True, c, 0, now)


def pushed(row: Row, decided: Decision) -> Callable[[Connection, datetime], object] | None:
    """What follows when the gate holds a push back: the person may have to be asked first."""
    about = row.about
    if about is None or about.item is None or decided.effect is not Effect.ASK:
        return None
    if row.lane is Lane.SAFETY:  # a rung is passed over, and nobody is asked
        return None
    return lambda c, now: reading.not_shown(c, _pushes(row), decided, now)


def _noticed(c: Connection, voice: Voice, row: Row, reader: Member) -> Presented | Withheld:
    """What somebody noticed, in their words: for the person's staff alone."""
    found = observation.observation(c, str(row.params.get("observation")))
    if found is None or not around.works_for(c, reader.id, found.person, voice.now):
        return Withheld("not_staff")
    if found.withdrawn_at is not None:
        return Withheld("taken_back")
    part = int(str(row.params.get("part", 0)))
    said = voice.say(SHOWN, **sign_alert.shown(c, found, part))
    read, finish = Text("digest", "read"), Text("digest", "finished")
    verb, label = ("read", read) if found.read_at is None else ("finish", finish)
    press = Button(voice.label(label), f"digest:{verb}:{found.id}:0")
    ways = () if found.finished_at is not None else ((press,),)
    if part + 1 < sign_alert.parts(found):
        more = Button(voice.label(Text("digest", "rest")), f"digest:rest:{found.id}:{part + 1}")
        ways = ((more,), *ways)
    return Presented(reader.telegram or 0, _again(voice, row, said), (*ways, card_row(voice)))


def _where(c: Connection, voice: Voice, row: Row, reader: Member) -> Presented | Withheld:
    """Where the person is, for whoever has opened it or was shown it; once it is over nothing."""
    found = location.opening(c, str(row.params.get("opening")))
    seen = None if found is None else location.shown_to(c, found, reader.id, voice.now)
    if found is None or seen is None:
        here = around.works_in(c, reader.id, voice.now)
        return Withheld(TOO_LATE) if here else _nothing(voice, row, reader)
    where, decided, person = seen
    called = profile.called(c, person)
    degrees = f"{where.latitude:.5f}, {where.longitude:.5f}"
    said = voice.say(HERE, person=called, at=where.at, degrees=degrees)
    chat = reader.telegram or 0
    return Presented(
        chat=chat,
        text=_again(voice, row, said),
        buttons=(card_row(voice),),
        reason=decided.reason,
        rows=decided.rows,
        kept=partial(_stands, found.id, reader.id, chat),
        venue=locations.spot(voice, where, called, repeat=row.maybe_sent),
    )


def _stands(id: str, by: str, chat: int, c: Connection, message: int, now: datetime) -> None:
    location.shown(c, id, by, chat, message, now)


REVEALS: Mapping[Text, Reveal] = {
    HERE: _where,
    READING: _reading,
    MAY_I: _may_i,
    HEARD: _heard,
    SIGN_PLAN: _sign_plan,
    SIGNS: _signs,
    OUTINGS: _outings,
    SHOWN: _noticed,
}
"""The messages that carry words, and who makes them for whom."""
