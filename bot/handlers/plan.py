"""Plans for outings: staff draft one, the person reads it and agrees, and others say what they
think."""

from collections.abc import Mapping
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care import planning as care
from bot.care.circle import STAFF_ROLES, Role
from bot.care.outcome import Message
from bot.care.plan import Plan, PlanState
from bot.care.text import Text
from bot.flows import plan as flow
from bot.flows.flow import Conversation
from bot.flows.rungs import LADDER
from bot.flows.saying import PLAN
from bot.flows.terms import TALKS
from bot.flows.view import VIEW
from bot.handlers import conversation
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.screen import Screen, answer, screen, show
from bot.handlers.shared_phone import somebody_else
from bot.handlers.taps import Act, old_button, say, tapped
from bot.i18n import EASY, Lines, Voice
from bot.outbox import plan as words
from bot.outbox.render import Button, Rows
from bot.store import Connection, around, circle, planning
from bot.store import plan as plans

SAYING: Mapping[str, Conversation[Any]] = {**TALKS, "ladder": LADDER}
"""The talks that write on a plan, by the verb of their button."""

TAPS: Mapping[str, Act] = {
    "agree": plans.agree,
    "no": plans.decline,
    "change": planning.change,
    "send": planning.send,
    "not_me": planning.not_me,
}

NAMES = 3
"""Names on one screen of the person's; a fourth button goes on."""


async def plan_outings(update: Update, context: Context) -> None:
    """`/plan_outings`: the short form, for somebody this member supports; the person reads
    theirs."""
    assert context.who is not None
    memory, own = context.kith.memory, context.who.acting([Role.PERSON])
    staff = context.who.acting(STAFF_ROLES)
    if own and not staff:
        mine = await memory.read(planning.spoken_of, context.who.member.id)
        if mine is None:
            return await say(update, context, Message(Text("plan", "none_yet")))
        if not await somebody_else(update, context, f"plan:me:{mine.id}:0"):
            await _read(update, context, mine, 0)
        return None
    if not staff:
        return await say(update, context, Message(Text("journey", "for_staff")))
    people = await memory.read(around.people_supported, context.who.member.id)
    if not people:
        return await say(update, context, Message(Text("plan", "nobody_supported")))
    return await conversation.begin(update, context, flow.CONVERSATION, staff[0].id)


async def not_now(update: Update, context: Context) -> None:
    """`Not now`: it waits for the person; or they do not want it, which is said apart."""
    assert context.who is not None and context.match is not None
    id, voice = context.match["id"], await context.voice()
    found = await context.kith.memory.read(plans.plan, id)
    if found is None or found.person != context.who.member.id or found.state is not PlanState.DRAFT:
        return await old_button(update, context)
    await answer(update, context)
    rows = ((Button(voice.label(Text("plan", "no_thanks")), f"plan:no:{id}:0"),),)
    shown = screen(voice, voice.say(Text("plan", "it_waits")), rows)
    await show(update, context, shown, edit=False)
    return None


async def pressed(update: Update, context: Context) -> None:
    assert context.match is not None
    await tapped(update, context, TAPS[context.match["verb"]], context.match["id"])


# --- staff write on it --------------------------------------------------------------------


async def page(update: Update, context: Context) -> None:
    """The page of what is being written, as it stands."""
    found = await _written(update, context)
    if found is not None:
        await answer(update, context)
        await say(update, context, care.page(found))


async def saying(update: Update, context: Context) -> None:
    """One of the talks that write on it; each begins with what stands now."""
    found = await _written(update, context)
    if found is None:
        return None
    assert context.match is not None
    return await _talk(update, context, SAYING[context.match["verb"]], found)


async def _written(update: Update, context: Context) -> Plan | None:
    """The plan whose button it is, if whoever is here writes on it."""
    assert context.who is not None and context.match is not None
    memory, by = context.kith.memory, context.who.member.id
    now, id = await memory.now(), context.match["id"]

    def theirs(c: Connection) -> Plan | None:
        found = plans.plan(c, id)
        if found is None or found.state is not PlanState.PREPARING:
            return None
        return found if around.works_for(c, by, found.person, now) else None

    found = await memory.read(theirs)
    if found is None:
        await old_button(update, context)
    return found


# --- it is read ---------------------------------------------------------------------------


async def read(update: Update, context: Context) -> None:
    """`Read it`: the person, page by page where they read Easy Read, else on one screen."""
    assert context.who is not None and context.match is not None
    found = await context.kith.memory.read(plans.plan, context.match["id"])
    if found is None or found.person != context.who.member.id or found.state not in care.OPEN:
        return await old_button(update, context)
    await answer(update, context)
    number, verb = int(context.match["page"]), context.match["verb"]
    if verb == "read" and await somebody_else(update, context, f"plan:me:{found.id}:{number}"):
        return None
    return await _read(update, context, found, number)


async def _read(update: Update, context: Context, plan: Plan, number: int) -> None:
    voice = await context.voice()
    shown = await context.kith.memory.read(_page, voice, plan, number)
    await show(update, context, shown)


def _page(c: Connection, voice: Voice, plan: Plan, number: int) -> Screen:
    before = words.agreed_before(c, plan)
    if voice.locale != EASY:
        whole = words.whole(c, plan, before)
        text = voice.say(Text("plan", "title"), whole=whole, asks=_last(plan))
        return screen(voice, text, _answers(voice, plan))
    pages = words.pages(c, plan, before)
    if number >= len(pages):
        return screen(voice, voice.say(_last(plan)), _answers(voice, plan))
    heading, lines = pages[number]
    text = voice.say(heading, number=number + 1, all=len(pages), lines=Lines(tuple(lines)))
    ways = [Button(voice.label(Text("plan", "next")), f"plan:me:{plan.id}:{number + 1}")]
    if number:
        back = voice.label(Text("general", "back"))
        ways.append(Button(back, f"plan:me:{plan.id}:{number - 1}"))
    return screen(voice, text, tuple((way,) for way in ways))


def _last(plan: Plan) -> Text:
    draft = plan.state is PlanState.DRAFT
    return Text("plan", "do_you_agree") if draft else Text("plan", "is_agreed")


def _answers(voice: Voice, plan: Plan) -> Rows:
    """What the person may say to it: at most four buttons, always in this order."""
    wanted = [
        (Text("view", "say"), f"view:own:{plan.id}:0"),
        (Text("view", "ask_somebody"), "view:who:-:0"),
    ]
    if plan.state is PlanState.DRAFT:
        agree = Text("plan", "i_agree"), f"plan:agree:{plan.id}:0"
        wanted = [agree, (Text("plan", "not_now"), f"plan:not_now:{plan.id}:0"), *wanted]
    return tuple((Button(voice.label(label), data),) for label, data in wanted)


# --- what others think --------------------------------------------------------------------


async def view(update: Update, context: Context) -> None:
    """`Say what I think`: the person, staff on their page, or one whom the person asked."""
    assert context.who is not None and context.match is not None
    memory, by = context.kith.memory, context.who.member.id
    now, id = await memory.now(), context.match["id"]

    def spoken(c: Connection) -> tuple[Plan, str] | None:
        found = plans.plan(c, id)
        if found is None or planning.closed(c, found):
            return None
        place = planning.speaks(c, found, by, now)
        return None if place is None else (found, place.id)

    found = await memory.read(spoken)
    if found is None:
        return await old_button(update, context)
    return await conversation.begin(update, context, VIEW, found[1], {PLAN: found[0].id})


async def who(update: Update, context: Context) -> None:
    """`Ask somebody else what they think`: the person picks one around them."""
    assert context.who is not None and context.match is not None
    if not context.who.acting([Role.PERSON]):
        return await old_button(update, context)
    voice, person = await context.voice(), context.who.member.id
    await answer(update, context)
    shown = await context.kith.memory.read(_around, voice, person, int(context.match["from"]))
    await show(update, context, shown)
    return None


def _around(c: Connection, voice: Voice, person: str, since: int) -> Screen:
    known = {place.member: place for place in around.circle_of(c, person)}
    places = list(known.values())
    if not places:
        return screen(voice, voice.say(Text("view", "nobody_around")))
    names = [
        Button(circle.name(c, place.member)[:64], f"view:ask:{place.id}:0")
        for place in places[since : since + NAMES]
    ]
    if len(places) > since + NAMES:
        more = voice.label(Text("view", "somebody_else"))
        names.append(Button(more, f"view:who:-:{since + NAMES}"))
    return screen(voice, voice.say(Text("view", "whom")), tuple((name,) for name in names))


async def ask(update: Update, context: Context) -> None:
    """One of them was picked: they are asked by the way out, where the gate is asked again."""
    assert context.match is not None
    await tapped(update, context, planning.ask, context.match["id"])


async def _talk(update: Update, context: Context, talk: Conversation[Any], plan: Plan) -> None:
    assert context.who is not None
    memory, held = context.kith.memory, context.who.acting(STAFF_ROLES)
    team = await memory.read(around.team_of, plan.person)
    role = next((one for one in held if one.team == team), held[0] if held else None)
    if role is None:
        return await old_button(update, context)
    return await conversation.begin(update, context, talk, role.id, {PLAN: plan.id})


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("plan_outings", plan_outings),
    CallbackQueryHandler(pressed, rf"^plan:(?P<verb>{'|'.join(TAPS)}):(?P<id>\w+):\d+$"),
    CallbackQueryHandler(not_now, r"^plan:not_now:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(page, r"^plan:page:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(saying, rf"^plan:(?P<verb>{'|'.join(SAYING)}):(?P<id>\w+):\d+$"),
    CallbackQueryHandler(read, r"^plan:(?P<verb>read|me):(?P<id>\w+):(?P<page>\d{1,3})$"),
    CallbackQueryHandler(view, r"^(?:plan:view|view:own|view:say):(?P<id>\w+):\d+$"),
    CallbackQueryHandler(who, r"^view:who:-:(?P<from>\d{1,3})$"),
    CallbackQueryHandler(ask, r"^view:ask:(?P<id>\w+):\d+$"),
]
