"""Words told about a person, shown to the one reader they are for: the only place that loads them.

Each is asked of the gate at this very moment. Not allowed, withdrawn, over and nothing new look
the same, to the byte.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from bot.care.agreement import Decision, Effect, Reason
from bot.care.circle import Member
from bot.care.heard import HEARD
from bot.care.news import HIDE_AFTER, KEPT, MAY_I, READING, News, State, Telling
from bot.care.outcome import Lane, Message
from bot.care.text import Text
from bot.i18n import Safe, Voice
from bot.outbox.render import Button, Rows, card_row, presses
from bot.outbox.sender import Presented, Withheld
from bot.outbox.shapes import SHAPES, Shape
from bot.outbox.topics import TOPICS
from bot.store import Connection, around, circle, heard, news, profile, reading
from bot.store.outbox import Row

NOT_ASKED_ANY_MORE = "answered"
"""Why a question to the person is not asked: it has been answered, or is over."""

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
    hide = Button(voice.label(Text("news", "hide")), f"news:hide:{found.id}:0")
    return Presented(
        chat=reader.telegram or 0,
        text=_again(voice, row, said),
        buttons=(*_answers(voice, item), (hide,), *_ways(voice, found.id)),
        reason=None if decided is None else decided.reason,
        kept=lambda c, message, now: reading.shown(
            c, found.id, decided, message, now, words, reader.telegram
        ),
    )


def _answers(voice: Voice, item: News) -> Rows:
    """What a rung may press; nothing under anything else."""
    if item.text is None or item.alert is None:
        return ()
    shape = SHAPES.get(item.text, Shape(()))
    return presses(voice, shape, Message(item.text, item.params))


def _words(c: Connection, voice: Voice, item: News) -> str:
    """As they were written; or what Kith itself says, in the reader's form."""
    if item.text is None:
        return item.words or ""
    return voice.label(item.text, person=profile.called(c, item.person))


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
        over = Decision(Effect.WITHHOLD, Reason.NO_AGREEMENT)
        reading.not_shown(c, id, over, now, maybe=True)


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


REVEALS: Mapping[Text, Reveal] = {READING: _reading, MAY_I: _may_i, HEARD: _heard}
"""The messages that carry words, and who makes them for whom."""
