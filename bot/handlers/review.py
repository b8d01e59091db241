"""`/reviews`: what is up, whose it is, and what is needed to do it; the person's own answer."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care import reviewing
from bot.care.circle import STAFF_ROLES, Membership, Role
from bot.care.outcome import Message
from bot.care.review import MOST_SNOOZES, Coming, Item, Kind
from bot.care.text import Text
from bot.flows.review import DONE, ITEM, PERSON, RESTRICT, SNOOZE
from bot.flows.review_voice import INVITED, VOICE
from bot.handlers import conversation
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.screen import Screen, answer, screen, show
from bot.handlers.staff import served, worked_for
from bot.handlers.taps import old_button, say, tapped
from bot.i18n import Param, Safe, Voice
from bot.outbox import review as words
from bot.outbox.render import Button
from bot.reports import review as reports
from bot.store import Connection, around, circle, review, review_entry, review_voice, those, up
from bot.store import look as rounds
from bot.store.circle import Present
from bot.store.since import BEFORE
from bot.store.tools import tools

MOST = 8
"""So many on one page."""

MINE, TEAM, UNHEARD = "mine", "team", "unheard"

TALKS = {"done": DONE, "later": SNOOZE}


async def reviews(update: Update, context: Context) -> None:
    assert context.who is not None
    if not context.who.acting(STAFF_ROLES):
        return await say(update, context, Message(Text("review", "for_staff_only")))
    voice = await context.voice()
    shown = await context.kith.memory.survey(_list, voice, context.who, MINE, 0)
    await show(update, context, shown, edit=False)
    return None


async def page(update: Update, context: Context) -> None:
    """Mine, or my team's; the next ones."""
    assert context.who is not None and context.match is not None
    if not context.who.acting(STAFF_ROLES):
        return await old_button(update, context)
    voice, whose, number = await context.voice(), context.match["whose"], int(context.match["mark"])
    shown = await context.kith.memory.survey(_list, voice, context.who, whose, number)
    await answer(update, context)
    await show(update, context, shown)
    return None


async def open_(update: Update, context: Context) -> None:
    """One of them."""
    assert context.who is not None
    voice = await context.voice()
    found = await _item(context)
    if found is None:
        return await old_button(update, context)
    shown = await context.kith.memory.read(_one, voice, found, context.who.member.id)
    await answer(update, context)
    await show(update, context, shown, edit=False)
    return None


async def begin(update: Update, context: Context) -> None:
    """`Done`, or `Not now`."""
    assert context.match is not None and context.who is not None
    found = await _item(context)
    if found is None or found.kind == Kind.GLASS:
        return await old_button(update, context)
    talk = TALKS[context.match["verb"]]
    if talk is SNOOZE and len(found.snoozed) >= MOST_SNOOZES:  # said before anybody writes why
        return await say(update, context, reviewing.no_more(found))
    role = await context.kith.memory.read(_role, found.person, context.who.acting(STAFF_ROLES))
    given = {ITEM: f"{found.kind}.{found.of}.{context.match['mark']}"}
    return await conversation.begin(update, context, talk, role.id, given)


async def begin_for(update: Update, context: Context) -> None:
    """Something restricts somebody: whom?"""
    assert context.who is not None
    if not context.who.acting(STAFF_ROLES):
        return await old_button(update, context)
    voice = await context.voice()
    shown = await context.kith.memory.read(_whom, voice, context.who)
    await answer(update, context)
    await show(update, context, shown)
    return None


async def start(update: Update, context: Context) -> None:
    """Of whom is said: what is it that restricts them?"""
    assert context.match is not None and context.who is not None
    held, memory = context.who.acting(STAFF_ROLES), context.kith.memory
    by, person = context.who.member.id, context.match["id"]
    found = await memory.read(worked_for, by, person, held, await memory.now())
    if found is None:
        return await old_button(update, context)
    return await conversation.begin(update, context, RESTRICT, found[2].id, {PERSON: person})


async def coming(update: Update, context: Context) -> None:
    """The person says whether they would like to come."""
    assert context.match is not None
    said = partial(review.answer, said=Coming(context.match["verb"]))
    await tapped(update, context, said, context.match["id"], edit=True)


async def say_something(update: Update, context: Context) -> None:
    """`Say something for it`: somebody around the person, who has read that it comes."""
    assert context.match is not None and context.who is not None
    id, by = context.match["id"], context.who.member.id
    place = await context.kith.memory.read(review_voice.speaks, id, by)
    if place is None:
        return await old_button(update, context)
    return await conversation.begin(update, context, VOICE, place.id, {INVITED: id})


async def file(update: Update, context: Context) -> None:
    """`Calendar file`: the day, for the calendar of somebody of staff."""
    assert context.match is not None
    await tapped(update, context, review_entry.take, context.match["kind"], context.match["of"])


FILES = {"entry": review_entry.take_next, "my_file": review_entry.take_mine}


async def file_after(update: Update, context: Context) -> None:
    """The next date, for whoever has just done it; the day of the person who comes."""
    assert context.match is not None
    await tapped(update, context, FILES[context.match["verb"]], context.match["id"])


async def _item(context: Context) -> Item | None:
    assert context.who is not None and context.match is not None
    if not context.who.acting(STAFF_ROLES):
        return None
    memory, match = context.kith.memory, context.match
    by, now = context.who.member.id, await memory.now()
    return await memory.read(up.item, match["kind"], match["of"], int(match["mark"]), by, now)


def _role(c: Connection, person: str, held: Sequence[Membership]) -> Membership:
    team = around.team_of(c, person)
    return next((one for one in held if one.team == team), held[0])


# --- screens ------------------------------------------------------------------------------


def _list(c: Connection, voice: Voice, who: Present, whose: str, number: int) -> Screen:
    """What has waited longest comes first."""
    by, now = who.member.id, voice.now
    teams = sorted(around.works_in(c, by, now))
    leads = [m.team for m in who.acting([Role.MANAGER])]
    if whose == UNHEARD and leads:
        lines = [line for team in leads for line in _unheard(c, voice, team, by)]
        lines = lines or [voice.say(Text("review", "unheard_none"))]
        lines.insert(0, voice.say(Text("review", "unheard_title")))
        return screen(voice, "\n".join(lines), tuple(_ways(voice, whose, leads=True)))
    if whose == MINE:
        shown = [one for team in teams for one in up.mine(c, team, by, now)]
    else:
        all_ = (one for team in teams for one in up.items(c, those.people_of(team), now))
        shown = [one for one in all_ if one.may_see(by) and one.person != by]
    waits = sum(one.until is not None and now < one.until for one in shown)
    late = sum(one.due_at <= now and one.up(now) for one in shown)
    title = Text("review", "mine_title") if whose == MINE else Text("review", "team_title")
    counts = {"count": len(shown) - waits, "late": late}
    text = voice.say(title if shown else Text("review", "nothing_up"), **counts)
    if waits:
        later = voice.say(Text("review", "put_off_too"), count=waits)
        text = Safe(f"{text}\n{later}")
    rows: list[tuple[Button, ...]] = []
    for one in shown[number * MOST : (number + 1) * MOST]:
        rows.append((Button(_label(c, voice, one)[:64], f"review:open:{_key(one)}"),))
    if len(shown) > (number + 1) * MOST:
        more = voice.label(Text("review", "more"))
        rows.append((Button(more, f"review:{whose}:-:{number + 1}"),))
    rows += _ways(voice, whose, leads=bool(leads))
    return screen(voice, text, tuple(rows))


def _ways(voice: Voice, whose: str, *, leads: bool) -> list[tuple[Button, ...]]:
    wanted = {MINE: Text("review", "mine"), TEAM: Text("review", "teams")}
    if leads:
        wanted[UNHEARD] = Text("review", "unheard")
    tabs = tuple(
        Button(voice.label(label), f"review:{one}:-:0")
        for one, label in wanted.items()
        if one != whose
    )
    begins = Button(voice.label(Text("review", "begin_restrictive")), "review:begin:-:0")
    return [tabs, (begins,)]


def _label(c: Connection, voice: Voice, one: Item) -> str:
    of: dict[str, Param] = {
        "person": circle.name(c, one.person),
        "what": words.what(c, one.kind, one.of),
        "day": _day(c, one.due_at),
    }
    if one.until is not None and voice.now < one.until:
        of["day"] = _day(c, one.until)
        return voice.label(Text("review", "row_later"), **of)
    if one.due_at <= voice.now:
        return voice.label(Text("review", "row_late"), **of)
    return voice.label(Text("review", "row"), **of)


def _day(c: Connection, at: datetime) -> Param:
    return at.astimezone(tools(c).hours.zone).date()


def _key(one: Item) -> str:
    return f"{one.kind}.{one.of}:{int(one.due_at.timestamp())}"


def _unheard(c: Connection, voice: Voice, team: str, by: str) -> list[str]:
    """What was done lately without anybody's words."""
    since = voice.now - BEFORE
    return [
        voice.say(
            Text("review", "unheard_line"),
            person=circle.name(c, one.person),
            what=words.what(c, one.kind, one.of),
            by=circle.name(c, one.by) if one.by is not None else "",
            day=_day(c, one.at),
        )
        for one in rounds.theatre(c, those.people_of(team), since)[:MOST]
        if one.person != by
    ]


def _one(c: Connection, voice: Voice, one: Item, reader: str) -> Screen:
    rows: list[tuple[Button, ...]] = []
    lead = {
        Kind.SIGN_PLAN: (Text("sign", "the_plan"), f"sign:home:{one.person}:0"),
        Kind.DECISION: (Text("review", "look_decision"), f"decision:worry:{one.person}:0"),
        Kind.AUTHORITY: (Text("review", "look_papers"), f"decision:papers:{one.person}:0"),
        Kind.GLASS: (Text("glass", "look_at_it"), f"safeguarding:review:{one.of}:0"),
        Kind.FIRST_WEEKS: (Text("review", "look_weeks"), f"first_weeks:beside:{one.of}:0"),
    }
    if one.kind in lead and not reports.did_it(c, one, reader):
        label, data = lead[Kind(one.kind)]
        rows.append((Button(voice.label(label), data),))
    if one.kind == Kind.SIGN_PLAN:
        rows.append((Button(voice.label(Text("meeting", "next")), f"sign:meeting:{one.person}:0"),))
    if one.kind != Kind.GLASS:
        done = Button(voice.label(Text("review", "done_button")), f"review:done:{_key(one)}")
        later = Button(voice.label(Text("review", "later_button")), f"review:later:{_key(one)}")
        rows.append((done, later))
        day = (one.until or one.due_at).astimezone(voice.zone).date()
        if voice.now.astimezone(voice.zone).date() <= day:
            calendar = voice.label(Text("ics", "for_my_calendar"))
            rows.append((Button(calendar, f"review:file:{_key(one)}"),))
        tell = voice.label(Text("review", "tell_somebody"))
        rows.append((Button(tell, f"news:about:{one.person}:0"),))
    return screen(voice, reports.page(c, voice, one, reader), tuple(rows))


def _whom(c: Connection, voice: Voice, who: Present) -> Screen:
    people = served(c, who.member.id, who.acting(STAFF_ROLES), voice.now)
    rows = tuple((Button(name[:64], f"review:start:{id}:0"),) for id, name, _ in people)
    text = Text("review", "whom_restrictive") if rows else Text("decision", "nobody_supported")
    return screen(voice, voice.say(text), rows)


_KEY = r"(?P<kind>\w+)\.(?P<of>\w+):(?P<mark>\d+)$"

HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("reviews", reviews),
    CallbackQueryHandler(
        page, rf"^review:(?P<whose>{MINE}|{TEAM}|{UNHEARD}):-:(?P<mark>\d{{1,3}})$"
    ),
    CallbackQueryHandler(open_, rf"^review:open:{_KEY}"),
    CallbackQueryHandler(begin, rf"^review:(?P<verb>{'|'.join(TALKS)}):{_KEY}"),
    CallbackQueryHandler(begin_for, r"^review:begin:-:0$"),
    CallbackQueryHandler(file, rf"^review:file:{_KEY}"),
    CallbackQueryHandler(file_after, rf"^review:(?P<verb>{'|'.join(FILES)}):(?P<id>\w+):0$"),
    CallbackQueryHandler(start, r"^review:start:(?P<id>\w+):0$"),
    CallbackQueryHandler(say_something, r"^review:say:(?P<id>\w+):0$"),
    CallbackQueryHandler(coming, rf"^review:(?P<verb>{'|'.join(Coming)}):(?P<id>\w+):0$"),
]
