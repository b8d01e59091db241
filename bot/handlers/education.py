"""Education sessions in the chat: the dates, a place, the waiting line; and what staff do.

Everybody with a role sees them. Staff see how many come and what is needed, never who.
"""

from collections.abc import Mapping

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care import booking as care
from bot.care.booking import Booking, Place
from bot.care.circle import STAFF_ROLES
from bot.care.education import Need, Session, State
from bot.care.outcome import Message
from bot.care.text import Text
from bot.flows.education import ABOUT, ARRANGE
from bot.flows.needs import OWN_NEEDS
from bot.flows.session_change import CHANGE
from bot.handlers import conversation
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.paged import paged
from bot.handlers.screen import Screen, a_few, answer, screen, show, which_role
from bot.handlers.taps import asked_once_more, old_button, say, tapped
from bot.i18n import EASY, Lines, Param, Safe, Voice
from bot.outbox.education import NEEDS, lines, needs, title
from bot.outbox.render import Button, Rows
from bot.store import Connection, booking, education
from bot.store import session as sessions

A_SCREEN = 8
"""So many dates are offered on one screen."""


# --- everybody ----------------------------------------------------------------------------


async def look(update: Update, context: Context) -> None:
    """`/sessions`: what is to come."""
    await _list(update, context, 0)


async def listed(update: Update, context: Context) -> None:
    assert context.match is not None
    await answer(update, context)
    await _list(update, context, int(context.match["skip"]))


async def _list(update: Update, context: Context, skip: int) -> None:
    assert context.who is not None
    voice = await context.voice()
    staff = bool(context.who.acting(STAFF_ROLES))
    by = context.who.member.id
    feed = context.kith.feed
    shown = await context.kith.memory.read(_dates, voice, by, staff, skip, feed)
    await show(update, context, shown)


async def opened(update: Update, context: Context) -> None:
    """One session."""
    assert context.who is not None and context.match is not None
    voice = await context.voice()
    id, by, number = context.match["id"], context.who.member.id, int(context.match["number"])
    shown = await context.kith.memory.read(_one, voice, id, by, number)
    if shown is None:
        return await old_button(update, context)
    await answer(update, context)
    await show(update, context, shown)
    return None


async def book(update: Update, context: Context) -> None:
    assert context.match is not None
    await tapped(update, context, booking.book, context.match["id"])


async def off(update: Update, context: Context) -> None:
    """`I can't come`"""
    assert context.match is not None
    await tapped(update, context, booking.give_back, context.match["id"])


async def dates(update: Update, context: Context) -> None:
    """`No dates for me`, and the way back."""
    assert context.match is not None
    await tapped(update, context, education.hear_of_dates, context.match["verb"] == "dates_on")


async def own_needs(update: Update, context: Context) -> None:
    assert context.who is not None
    await conversation.begin(update, context, OWN_NEEDS, context.who.memberships[0].id)


# --- staff --------------------------------------------------------------------------------


async def new(update: Update, context: Context) -> None:
    """`/session_new`"""
    assert context.who is not None
    held = {one.team: one for one in context.who.acting(STAFF_ROLES)}
    if not held:
        return await say(update, context, Message(Text("education", "staff_only")))
    chosen = None if context.match is None else context.match["id"]
    role = next((one.id for one in held.values() if one.id == chosen), None)
    if role is None and len(held) > 1:
        asks = Text("education", "for_which_team")
        await answer(update, context)
        return await which_role(update, context, asks, list(held.values()), "education:new")
    role = role or next(iter(held.values())).id
    return await conversation.begin(update, context, ARRANGE, role)


async def change(update: Update, context: Context) -> None:
    assert context.who is not None and context.match is not None
    id = context.match["id"]
    this = await context.kith.memory.read(sessions.session, id)
    held = [] if this is None else context.who.acting(STAFF_ROLES)
    fits = [one for one in held if this is not None and this.team in (None, one.team)]
    if this is None or this.state not in (State.DRAFT, State.PUBLISHED) or not fits:
        return await old_button(update, context)
    return await conversation.begin(update, context, CHANGE, fits[0].id, {ABOUT: id})


async def sure(update: Update, context: Context) -> None:
    """`Cancel it` is asked once more: people have made room for it."""
    await asked_once_more(update, context, _sure)


async def cancel(update: Update, context: Context) -> None:
    assert context.match is not None
    await tapped(update, context, education.cancel, context.match["id"])


async def drop(update: Update, context: Context) -> None:
    """`Do not hold it`: a draft, of which nobody has heard."""
    assert context.match is not None
    await tapped(update, context, education.drop, context.match["id"])


async def publish(update: Update, context: Context) -> None:
    """The next of a series, as it was drafted."""
    assert context.match is not None
    await tapped(update, context, education.confirm, context.match["id"])


# --- screens ------------------------------------------------------------------------------


def _dates(
    c: Connection, voice: Voice, by: str, staff: bool, skip: int, feed: str | None
) -> Screen:
    coming = sessions.coming(c, voice.now)
    mine = {one.session: one.place for one in booking.of(c, by, voice.now)}
    few = voice.locale == EASY  # of all these rows, not of the dates alone
    some = coming if few else coming[skip : skip + A_SCREEN]
    text = Text("education", "sessions") if coming else Text("education", "no_sessions")
    rows: Rows = tuple((_button(voice, one, mine.get(one.id)),) for one in some)
    if len(coming) > skip + A_SCREEN and not few:
        rows += (_row(voice, Text("education", "more_dates"), f"list:-:{skip + A_SCREEN}"),)
    rows += (
        (Button(voice.label(Text("education", "another_date")), "wish:date:-:0"),),
        (Button(voice.label(Text("education", "suggest_topic")), "wish:topic:-:0"),),
        _row(voice, Text("education", "what_i_need"), "needs:-:0"),
        _row(voice, Text("education", "no_dates"), "dates_off:-:0")
        if education.hears(c, by)
        else _row(voice, Text("education", "new_dates"), "dates_on:-:0"),
    )
    if staff:
        rows += _drafts(c, voice, by)
    rows = a_few(voice, rows, skip, "education:list:-:{}".format)
    said = voice.say(text)
    if feed is not None:
        follow = voice.say(Text("ics", "follow"), address=feed)
        said = Safe(f"{said}\n\n{follow}")
    return screen(voice, said, rows)


def _drafts(c: Connection, voice: Voice, by: str) -> Rows:
    """What is for staff: those that wait to be published, and a new one."""
    waiting = tuple(
        _row(voice, Text("education", "draft_button"), f"open:{one.id}:0", **_short(one))
        for one in sessions.drafts(c, by, voice.now)[:A_SCREEN]
    )
    said = Button(voice.label(Text("feedback", "what_people_say")), "feedback:list:-:0")
    return (*waiting, _row(voice, Text("education", "new_session"), "new:-:0"), (said,))


MARKS = {
    Place.BOOKED: Text("education", "booked_button"),
    Place.WAITING: Text("education", "waiting_button"),
}


def _button(voice: Voice, session: Session, place: Place | None) -> Button:
    text = Text("education", "date_button") if place is None else MARKS[place]
    return Button(voice.label(text, **_short(session))[:64], f"education:open:{session.id}:0")


def _short(session: Session) -> dict[str, Param]:
    return {"title": title(session), "starts": session.starts_at}


def _one(c: Connection, voice: Voice, id: str, by: str, number: int) -> Screen | None:
    session = sessions.session(c, id)
    if session is None:
        return None
    arranges = sessions.arranges(c, by, session)
    if session.state is State.DRAFT and not arranges:
        return None
    line = booking.line(c, id)
    theirs = arranges or _held(line, by) is Place.BOOKED
    body = Lines(tuple(lines(session, in_the_open=not theirs)))
    parts = [voice.say(Text("education", "session"), title=title(session), details=body)]
    rows: Rows = ()
    if session.open_at(voice.now):
        parts += [_room(voice, session, line), *_own(c, voice, session, line, by)]
        rows += _places(voice, session, line, by)
    else:
        parts.append(voice.say(_STANDS.get(session.state, care.CLOSED)))
    if arranges:
        parts += _for_staff(c, voice, session, line)
        rows += _arranging(voice, session)
    rows += (_row(voice, Text("education", "all_dates"), "list:-:0"),)
    data = f"education:open:{id}:{{}}".format
    return paged(voice, Safe("\n\n".join(parts)), number, data, rows)


_STANDS: Mapping[State, Text] = {
    State.DRAFT: Text("education", "is_draft"),
    State.CANCELLED: Text("education", "is_cancelled"),
    State.OVER: Text("education", "is_over"),
}


def _room(voice: Voice, session: Session, line: list[Booking]) -> Safe:
    if session.places is None or care.room(session, line):
        return voice.say(Text("education", "room"))
    return voice.say(Text("education", "full"))


def _own(c: Connection, voice: Voice, session: Session, line: list[Booking], by: str) -> list[Safe]:
    """Where they stand, and what is passed on of what they need."""
    held = _held(line, by)
    said: list[Safe] = []
    if held is Place.BOOKED:
        said.append(voice.say(Text("education", "you_booked")))
    elif held is Place.WAITING:
        said.append(voice.say(Text("education", "you_wait"), ahead=care.ahead(line, by)))
    mine = booking.needs(c, by)
    if mine:
        said.append(voice.say(Text("education", "you_need"), needs=needs(mine)))
    missing = [need for need in mine if need not in session.meets]
    if missing:
        said.append(voice.say(Text("education", "not_said"), needs=needs(missing)))
    return said


def _places(voice: Voice, session: Session, line: list[Booking], by: str) -> Rows:
    held, room = _held(line, by), care.room(session, line)
    rows: Rows = ()
    if held is Place.BOOKED:
        rows += (_row(voice, Text("education", "cannot_come"), f"off:{session.id}:0"),)
    elif room:  # for those who wait too: they were out of reach when it came free
        rows += (_row(voice, Text("education", "book"), f"book:{session.id}:0"),)
    elif held is not Place.WAITING:
        rows += (_row(voice, Text("education", "wait"), f"book:{session.id}:0"),)
    if held is Place.WAITING:
        rows += (_row(voice, Text("education", "wait_no_more"), f"off:{session.id}:0"),)
    return (*rows, _row(voice, Text("education", "what_i_need"), "needs:-:0"))


def _held(line: list[Booking], by: str) -> Place | None:
    return next((one.place for one in line if one.member == by), None)


def _for_staff(c: Connection, voice: Voice, session: Session, line: list[Booking]) -> list[Safe]:
    """How many, and what is needed: no names."""
    if session.state is State.DRAFT:
        return []
    taken = sum(one.place is Place.BOOKED for one in line)
    waiting = sum(one.place is Place.WAITING for one in line)
    text = Text("education", "taken") if session.places else Text("education", "taken_no_limit")
    places = session.places or 0
    said = [voice.say(text, booked=taken, places=places, waiting=waiting)]
    found = booking.needed(c, session.id)
    if found:
        each = tuple(_needed(need, count) for need, count in sorted(found.items()))
        said.append(voice.say(Text("education", "needed"), needs=Lines(each)))
    return said


def _needed(need: Need, count: int) -> tuple[Text, dict[str, Param]]:
    return Text("education", "need_line"), {"need": NEEDS[need], "count": count}


def _arranging(voice: Voice, session: Session) -> Rows:
    if session.state is State.DRAFT:
        return (
            _row(voice, Text("education", "publish"), f"publish:{session.id}:0"),
            _row(voice, Text("education", "change"), f"change:{session.id}:0"),
            _row(voice, Text("education", "drop"), f"drop:{session.id}:0"),
        )
    if session.open_at(voice.now):
        return (
            _row(voice, Text("education", "change"), f"change:{session.id}:0"),
            _row(voice, Text("education", "cancel"), f"sure:{session.id}:0"),
        )
    return ()


def _sure(c: Connection, voice: Voice, id: str, by: str) -> Screen | None:
    session = sessions.session(c, id)
    if session is None or not session.open_at(voice.now) or not sessions.arranges(c, by, session):
        return None
    text = voice.say(Text("education", "really_cancel"), **_short(session))
    row = _row(voice, Text("education", "yes_cancel"), f"cancel:{id}:0")
    return screen(voice, text, (row, _row(voice, Text("education", "keep_it"), f"open:{id}:0")))


def _row(voice: Voice, label: Text, data: str, **params: Param) -> tuple[Button, ...]:
    return (Button(voice.label(label, **params)[:64], f"education:{data}"),)


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("sessions", look),
    command("session_new", new),
    CallbackQueryHandler(new, r"^education:new:(?P<id>[\w-]+):0$"),
    CallbackQueryHandler(listed, r"^education:list:-:(?P<skip>\d{1,4})$"),
    CallbackQueryHandler(opened, r"^education:open:(?P<id>\w+):(?P<number>\d{1,3})$"),
    CallbackQueryHandler(book, r"^education:book:(?P<id>\w+):0$"),
    CallbackQueryHandler(off, r"^education:off:(?P<id>\w+):0$"),
    CallbackQueryHandler(dates, r"^education:(?P<verb>dates_on|dates_off):-:0$"),
    CallbackQueryHandler(own_needs, r"^education:needs:-:0$"),
    CallbackQueryHandler(change, r"^education:change:(?P<id>\w+):0$"),
    CallbackQueryHandler(sure, r"^education:sure:(?P<id>\w+):0$"),
    CallbackQueryHandler(cancel, r"^education:cancel:(?P<id>\w+):0$"),
    CallbackQueryHandler(drop, r"^education:drop:(?P<id>\w+):0$"),
    CallbackQueryHandler(publish, r"^education:publish:(?P<id>\w+):0$"),
]
