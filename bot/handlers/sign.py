"""`/plan`: the early-warning plan, as the person, those around them and staff write it together."""

from collections.abc import Mapping, Sequence
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care.circle import STAFF_ROLES, SUPPORTERS, Role
from bot.care.outcome import Message, Outcome
from bot.care.sign import SignPlan, State, Voice
from bot.care.text import Text
from bot.flows import meeting as meetings
from bot.flows import response as responses
from bot.flows import sign as flows
from bot.flows import threshold as thresholds
from bot.flows.flow import Conversation
from bot.handlers import conversation
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.paged import paged
from bot.handlers.screen import Screen, a_few, answer, screen, show
from bot.handlers.shared_phone import somebody_else, unless_somebody_else
from bot.handlers.staff import served, worked_for
from bot.handlers.taps import Act, act_on, old_button, say, tapped
from bot.i18n import Safe
from bot.i18n import Voice as Speech
from bot.outbox import sign as words
from bot.outbox.render import Button, Rows
from bot.store import Connection, calendar, circle, meeting, profile, sign, sign_plan

TALKS: Mapping[str, Conversation[Any]] = {
    "card": flows.CARD,
    "change": flows.CHANGE,
    "sentences": thresholds.THRESHOLD,
    "response": responses.RESPONSE,
    "meeting": meetings.PLAN,
}

STANDS: Mapping[State, Text] = {
    State.DRAFT: Text("sign", "read_back"),
    State.ACTIVE: Text("sign", "in_force_title"),
    State.ENDED: Text("sign", "over_title"),
}

Whose = tuple[str, str]
"""A person's id, and the membership in which whoever is here has to do with their plan."""


async def plan(update: Update, context: Context) -> None:
    """Whose plan? With one there is nothing to ask."""
    mine = await _whose(context)
    if not mine:
        return await say(update, context, Message(Text("sign", "nobody")))
    if len(mine) == 1:
        return await _home(update, context, mine[0])
    return await _which(update, context, mine, Text("sign", "whose_plan"), "home")


async def _which(
    update: Update, context: Context, mine: Sequence[Whose], text: Text, verb: str
) -> None:
    voice, member = await context.voice(), _member(context)

    def asks(c: Connection) -> Screen:
        rows = tuple((_named(c, one[0], member, verb),) for one in mine)
        return screen(voice, voice.say(text), rows)

    await show(update, context, await context.kith.memory.read(asks), edit=False)


def _named(c: Connection, person: str, member: str, verb: str) -> Button:
    name = circle.name(c, person) if person == member else profile.called(c, person)
    return Button(name[:64], f"sign:{verb}:{person}:0")


async def _whose(context: Context) -> list[Whose]:
    """Everybody whose plan whoever is here may write or suggest on, each once."""
    assert context.who is not None
    who, memory = context.who, context.kith.memory
    found = [(who.member.id, held.id) for held in who.acting([Role.PERSON])[:1]]
    staff = who.acting(STAFF_ROLES)
    if staff:
        people = await memory.read(served, who.member.id, staff, await memory.now())
        found += [(person, held.id) for person, _, held in people]
    found += [(held.person, held.id) for held in who.acting(SUPPORTERS) if held.person]
    return list({person: (person, held) for person, held in reversed(found)}.values())[::-1]


async def _mine(update: Update, context: Context, person: str | None = None) -> Whose | None:
    """The person whose button it is, if whoever is here has to do with their plan."""
    assert context.who is not None and context.match is not None
    person = person or context.match["id"]
    found = next((one for one in await _whose(context) if one[0] == person), None)
    staff = context.who.acting(STAFF_ROLES)
    if found is None and staff:  # on call for them at this moment, or a lead
        memory, by = context.kith.memory, context.who.member.id
        works = await memory.read(worked_for, by, person, staff, await memory.now())
        found = None if works is None else (works[0], works[2].id)
    if found is None:
        await old_button(update, context)
    return found


def _member(context: Context) -> str:
    assert context.who is not None
    return context.who.member.id


async def home(update: Update, context: Context) -> None:
    found = await _mine(update, context)
    if found is not None:
        assert context.match is not None
        await answer(update, context)
        await _home(update, context, found, int(context.match["since"]))


async def _home(update: Update, context: Context, of: Whose, since: int = 0) -> None:
    voice, by = await context.voice(), _member(context)
    shown = await context.kith.memory.read(_front, voice, of, by, since)
    await show(update, context, shown, edit=False)


async def begin(update: Update, context: Context) -> None:
    """One of the talks that write on the draft. Those outside may suggest a card."""
    found = await _mine(update, context)
    if found is None:
        return None
    assert context.match is not None
    verb, writes = context.match["verb"], await _writes(context, found[0])
    if writes is None and verb != "card":
        return await old_button(update, context)
    if verb == "meeting":
        active = await context.kith.memory.read(sign.active, found[0])
        if writes is not Voice.STAFF or active is None:
            return await old_button(update, context)
    if verb == "change" and not await context.kith.memory.read(_has_cards, found[0]):
        return await old_button(update, context)
    return await conversation.begin(
        update, context, TALKS[verb], found[1], {flows.PERSON: found[0]}
    )


def _has_cards(c: Connection, person: str) -> bool:
    found = sign_plan.current(c, person)
    return found is not None and bool(found.signs)


async def _writes(context: Context, person: str) -> Voice | None:
    memory = context.kith.memory
    return await memory.read(sign_plan.writes, person, _member(context), await memory.now())


async def read_back(update: Update, context: Context) -> None:
    """One version, card by card. The person's own press under a draft puts it in force."""
    assert context.match is not None
    memory = context.kith.memory
    found = await memory.read(sign.of_version, context.match["id"])
    if found is None or await _writes(context, found.person) is None:
        return await old_button(update, context)
    await answer(update, context)
    number = int(context.match["number"])
    shown = await memory.read(_version, await context.voice(), found, _member(context), number)
    await show(update, context, shown, edit=bool(number))
    return None


async def read(update: Update, context: Context) -> None:
    """Somebody around the person reads the plan, as far as the gate lets them."""
    found = await _mine(update, context)
    if found is not None:
        again = f"sign:my_read:{found[0]}:0"
        await unless_somebody_else(update, context, again, sign_plan.read, found[1])


async def its_me(update: Update, context: Context) -> None:
    """`Yes, it's me`, on a phone that others use too."""
    found = await _mine(update, context)
    if found is None:
        return
    assert context.match is not None
    plan = context.match["verb"] == "my_read"
    outcome = await (
        tapped(update, context, sign_plan.read, found[1])
        if plan
        else tapped(update, context, calendar.look, *found)
    )
    if outcome != Outcome():
        await say(update, context, Message(Text("news", "thanks")), edit=True)


async def signs(update: Update, context: Context) -> None:
    """`/signs`: what was noticed. About whom, where there are several?"""
    mine = await _whose(context)
    if not mine:
        return await say(update, context, Message(Text("sign", "nobody")))
    if len(mine) == 1:
        if not await somebody_else(update, context, f"sign:my_signs:{mine[0][0]}:0"):
            await act_on(update, context, calendar.look, *mine[0])
        return None
    return await _which(update, context, mine, Text("sign", "whose_signs"), "signs")


async def signs_of(update: Update, context: Context) -> None:
    found = await _mine(update, context)
    if found is not None:
        again = f"sign:my_signs:{found[0]}:0"
        await unless_somebody_else(update, context, again, calendar.look, *found)


async def suggested(update: Update, context: Context) -> None:
    """The cards that wait for an answer."""
    found = await _mine(update, context)
    if found is None:
        return None
    if await _writes(context, found[0]) is None:
        return await old_button(update, context)
    await answer(update, context)
    shown = await context.kith.memory.read(suggestions, await context.voice(), found[0])
    for one in shown:
        await show(update, context, one, edit=False)
    return None


async def decline(update: Update, context: Context) -> None:
    """No, and why: the reason is kept for the meeting."""
    assert context.match is not None
    memory = context.kith.memory
    card = await memory.read(sign_plan.card, context.match["id"])
    found = None if card is None else await _mine(update, context, card.person)
    if card is None or (found is not None and await _writes(context, card.person) is None):
        return await old_button(update, context)
    if found is None:
        return None
    given = {flows.PERSON: card.person, flows.SUGGESTED: card.id}
    return await conversation.begin(update, context, flows.DECLINE, found[1], given)


ACTS: Mapping[str, Act] = {
    "ask": sign_plan.ask_to_read,
    "not_yet": sign_plan.not_yet,
    "take": sign_plan.take,
    "end": sign_plan.end,
}

MARKED: Mapping[str, Act] = {"activate": sign_plan.activate}
"""Those whose button says of which state it speaks."""


async def pressed(update: Update, context: Context) -> None:
    assert context.match is not None
    await tapped(update, context, ACTS[context.match["verb"]], context.match["id"])


async def marked(update: Update, context: Context) -> None:
    assert context.match is not None
    act, mark = MARKED[context.match["verb"]], int(context.match["mark"])
    await tapped(update, context, act, context.match["id"], mark)


async def sure(update: Update, context: Context) -> None:
    """To have no plan any more is asked once more."""
    assert context.match is not None
    found = await context.kith.memory.read(sign.of_version, context.match["id"])
    if found is None or found.person != _member(context) or found.state is not State.ACTIVE:
        return await old_button(update, context)
    await answer(update, context)
    voice = await context.voice()
    yes = Button(voice.label(Text("sign", "end_it")), f"sign:end:{found.id}:0")
    back = Button(voice.label(Text("general", "back")), f"sign:home:{found.person}:0")
    shown = screen(voice, voice.say(Text("sign", "end_sure")), ((yes,), (back,)))
    await show(update, context, shown, edit=False)
    return None


# --- screens ------------------------------------------------------------------------------


def _front(c: Connection, voice: Speech, whose: Whose, by: str, first: int) -> Screen:
    person, _ = whose
    if sign_plan.writes(c, person, by, voice.now) is None:
        return _from_outside(c, voice, person)
    active, draft = sign.active(c, person), sign.draft_of(c, person)
    waiting = len(sign_plan.cards(c, person))
    own, name = by == person, circle.name(c, person)
    title = Text("sign", "title_own") if own else Text("sign", "title")
    lines = [voice.say(title, person=name)]
    if active is None:
        lines.append(voice.say(Text("sign", "no_plan")))
    else:
        since, review = active.active_at or active.drafted_at, active.review_at.date()
        lines.append(voice.say(Text("sign", "stands"), since=since.date(), review=review))
        if active.review_at <= voice.now or (by != person and sign_plan.review_waits(c, active)):
            lines.append(voice.say(Text("sign", "review_now")))
        met = None if own else meeting.meeting(c, person)
        if met is not None and met.at is not None:
            lines.append(
                voice.say(Text("meeting", "line"), day=met.at.astimezone(voice.zone).date())
            )
        lines += [voice.say(text, **of) for text, of in _short(active)]
    if draft is not None:
        written = Text("sign", "being_written_own") if own else Text("sign", "being_written")
        lines.append(voice.say(written, person=name))
    if waiting:
        lines.append(voice.say(Text("sign", "waiting"), count=waiting))
    ways = _ways(voice, person, name, by, active, draft, waiting=bool(waiting))
    few = a_few(voice, ways, first, f"sign:home:{person}:{{}}".format)
    return screen(voice, "\n".join(lines), few)


def _short(plan: SignPlan) -> list[words.Line]:
    """The names of its cards."""
    return [
        (Text("sign", "line_short"), {"name": words.name(one), "stage": words.STAGES[one.stage]})
        for stage in words.STAGES
        for one in plan.signs
        if one.stage is stage
    ]


def _ways(
    voice: Speech,
    person: str,
    name: str,
    by: str,
    active: SignPlan | None,
    draft: SignPlan | None,
    *,
    waiting: bool,
) -> Rows:
    wanted: list[tuple[Text, str]] = []
    if active is not None:
        wanted.append((Text("sign", "read_it"), f"sign:version:{active.id}:0"))
    if draft is not None:
        wanted.append((Text("sign", "read_draft"), f"sign:version:{draft.id}:0"))
        if by != person:
            wanted.append((Text("sign", "ask_person"), f"sign:ask:{draft.id}:0"))
    wanted.append((Text("sign", "add_card"), f"sign:card:{person}:0"))
    if (draft or active) is not None:
        wanted.append((Text("sign", "change_card"), f"sign:change:{person}:0"))
    wanted.append((Text("sign", "sentences"), f"sign:sentences:{person}:0"))
    wanted.append((Text("sign", "responses"), f"sign:response:{person}:0"))
    if active is not None and by != person:
        wanted.append((Text("meeting", "next"), f"sign:meeting:{person}:0"))
    if waiting:
        wanted.append((Text("sign", "see_suggested"), f"sign:suggested:{person}:0"))
    if active is not None and by == person:
        wanted.append((Text("sign", "want_none"), f"sign:sure:{active.id}:0"))
    return _rows(voice, wanted, name)


def _rows(voice: Speech, wanted: Sequence[tuple[Text, str]], person: str = "") -> Rows:
    return tuple((Button(voice.label(text, person=person)[:64], data),) for text, data in wanted)


def _from_outside(c: Connection, voice: Speech, person: str) -> Screen:
    """The same whatever the person shares: what the plan says is read by another way."""
    wanted = [
        (Text("sign", "suggest_card"), f"sign:card:{person}:0"),
        (Text("sign", "read_it"), f"sign:read:{person}:0"),
    ]
    text = voice.say(Text("sign", "from_outside"), person=profile.called(c, person))
    return screen(voice, text, _rows(voice, wanted))


def _version(c: Connection, voice: Speech, plan: SignPlan, by: str, number: int) -> Screen:
    name = circle.name(c, plan.person)
    text = Text("sign", "title_own") if by == plan.person else Text("sign", "title")
    title, stands = voice.say(text, person=name), STANDS[plan.state]
    blocks = [Safe(f"{title}\n{voice.say(stands, version=plan.version)}")]
    if plan.state is State.DRAFT and (new := words.changes(sign.active(c, plan.person), plan)):
        lines = ((Text("sign", "what_is_new"), {}), *new)
        blocks.append(Safe("\n".join(voice.say(line, **of) for line, of in lines)))
    for block in words.read_back(c, plan, name):
        blocks.append(Safe("\n".join(voice.say(text, **params) for text, params in block.lines)))
    wanted: list[tuple[Text, str]] = []
    if plan.state is State.DRAFT and by == plan.person:
        wanted.append((Text("sign", "activate"), f"sign:activate:{plan.id}:{plan.revision}"))
        wanted.append((Text("sign", "not_yet"), f"sign:not_yet:{plan.id}:0"))
    elif plan.state is State.DRAFT:
        wanted.append((Text("sign", "ask_person"), f"sign:ask:{plan.id}:0"))
    wanted.append((Text("sign", "the_plan"), f"sign:home:{plan.person}:0"))
    data, rows = f"sign:version:{plan.id}:{{}}".format, _rows(voice, wanted, name)
    return paged(voice, "\n\n".join(blocks), number, data, rows)


def suggestions(c: Connection, voice: Speech, person: str) -> list[Screen]:
    """A message for each: the card, who suggested it, yes or no."""
    name, shown = circle.name(c, person), []
    for one in sign_plan.cards(c, person):
        by = circle.name(c, one.sign.by)
        text = "\n".join(voice.say(line, **of) for line, of in words.card(one.sign, by, name))
        wanted = [
            (Text("sign", "take_card"), f"sign:take:{one.id}:0"),
            (Text("sign", "decline_card"), f"sign:decline:{one.id}:0"),
        ]
        shown.append(screen(voice, text, _rows(voice, wanted)))
    if not shown:
        shown.append(screen(voice, voice.say(Text("sign", "none_suggested"))))
    return shown


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("plan", plan),
    command("signs", signs),
    CallbackQueryHandler(signs_of, r"^sign:signs:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(its_me, r"^sign:(?P<verb>my_read|my_signs):(?P<id>\w+):0$"),
    CallbackQueryHandler(home, r"^sign:home:(?P<id>\w+):(?P<since>\d{1,3})$"),
    CallbackQueryHandler(begin, rf"^sign:(?P<verb>{'|'.join(TALKS)}):(?P<id>\w+):\d+$"),
    CallbackQueryHandler(read_back, r"^sign:version:(?P<id>\w+):(?P<number>\d{1,3})$"),
    CallbackQueryHandler(read, r"^sign:read:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(suggested, r"^sign:suggested:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(decline, r"^sign:decline:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(sure, r"^sign:sure:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(pressed, rf"^sign:(?P<verb>{'|'.join(ACTS)}):(?P<id>\w+):\d+$"),
    CallbackQueryHandler(
        marked, rf"^sign:(?P<verb>{'|'.join(MARKED)}):(?P<id>\w+):(?P<mark>\d{{1,15}})$"
    ),
]
