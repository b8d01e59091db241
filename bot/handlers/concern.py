"""`/concern`, `/disagree`, `/complain`, and what those see whom one of them is put in front of."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care.circle import STAFF_ROLES, Member, Membership
from bot.care.concern import Concern, Kind, Part
from bot.care.outcome import Message, Outcome
from bot.care.text import Text
from bot.flows.concern import CONCERN, FINISH, PARTS, PERSON, TALKS
from bot.flows.flow import heard_until
from bot.handlers import conversation
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.general import card
from bot.handlers.screen import Screen, answer, screen, show
from bot.handlers.shared_phone import somebody_else
from bot.handlers.taps import act_on, old_button, say, tapped
from bot.i18n import Phrase, Safe, Voice
from bot.outbox.render import WRONG, Button, Rows
from bot.store import Connection, circle, flow
from bot.store import concern as concerns

Begin = Callable[[Update, Context, Kind, str, str], Awaitable[None]]


async def begin(update: Update, context: Context, kind: Kind) -> None:
    """Whose care is it about? Where there is only one, there is nothing to ask."""
    assert context.who is not None
    if kind is Kind.SAFETY:
        voice = await context.voice()
        # Whoever is in danger rings first.
        await show(update, context, card(voice, context.kith.numbers), edit=False)
    people = await _whose_care(context)
    if len(people) > 1:
        return await _whose(update, context, kind, people)
    if people:
        return await _ask(update, context, kind, people[0][0].id, people[0][1].id)
    if kind is Kind.SAFETY:
        return await say(update, context, Message(Text("concern", "nobody_here")))
    return await _ask(update, context, kind, "", context.who.memberships[0].id)


async def about(update: Update, context: Context) -> None:
    """One of several people was picked."""
    await _picked(update, context, _ask)


async def anew(update: Update, context: Context) -> None:
    """What was begun about somebody else's care is thrown away, as whoever wrote it says."""
    await _picked(update, context, _anew)


async def go_on(update: Update, context: Context) -> None:
    """What was begun and not sent goes on where it was left."""
    assert context.match is not None
    kind = Kind(context.match["kind"])
    if await somebody_else(update, context, f"concern:mine:{kind.value}:0"):
        return await answer(update, context)
    return await _go_on(update, context, kind)


async def its_mine(update: Update, context: Context) -> None:
    """`Yes, it's me`, where what was begun goes on."""
    assert context.match is not None
    await say(update, context, Message(Text("news", "thanks")), edit=True)
    await _go_on(update, context, Kind(context.match["kind"]))


async def _go_on(update: Update, context: Context, kind: Kind) -> None:
    if not await conversation.resume(update, context, TALKS[kind], {}):
        await old_button(update, context)


async def its_me(update: Update, context: Context) -> None:
    """`Yes, it's me`, before anything is begun, or shown of what was."""
    await say(update, context, Message(Text("news", "thanks")), edit=True)
    await _picked(update, context, _begin)


async def read(update: Update, context: Context) -> None:
    """The words, for those alone it was put in front of; the writer hears that they were read."""
    assert context.who is not None and context.match is not None
    id, by = context.match["id"], context.who.member.id
    if await act_on(update, context, concerns.read, id) == Outcome():
        return await old_button(update, context)
    voice = await context.voice()
    shown = await context.kith.memory.read(_opened, voice, id, by)
    await answer(update, context)
    if shown is not None:
        await show(update, context, shown, edit=False)
    return None


async def acknowledge(update: Update, context: Context) -> None:
    """The lead has been in touch with whoever complained."""
    assert context.match is not None
    await tapped(update, context, concerns.acknowledge, context.match["id"])


async def finish(update: Update, context: Context) -> None:
    """What was done is written down first."""
    assert context.who is not None and context.match is not None
    id, by = context.match["id"], context.who.member.id
    held = context.who.acting(STAFF_ROLES)
    now = await context.kith.memory.now()
    kept = await context.kith.memory.read(concerns.opened, id, by, now)
    if kept is None or kept.finished_at is not None or not held:
        return await old_button(update, context)
    first = await context.kith.memory.read(concerns.read_first, kept)
    if first is not None:
        return await say(update, context, first)
    return await conversation.begin(update, context, FINISH, held[0].id, {CONCERN: id})


async def _whose_care(context: Context) -> list[tuple[Member, Membership]]:
    assert context.who is not None
    memory = context.kith.memory
    return await memory.read(concerns.whose_care, context.who.member.id, await memory.now())


async def _ask(update: Update, context: Context, kind: Kind, person: str, acting: str) -> None:
    """On a phone that others use too, who is there? What was written is shown to nobody else."""
    if await somebody_else(update, context, f"concern:me:{kind.value}:{person}:0"):
        return await answer(update, context)
    return await _begin(update, context, kind, person, acting)


async def _begin(update: Update, context: Context, kind: Kind, person: str, acting: str) -> None:
    """The button is under every screen, this talk's own too: what was written is not lost by it,
    not even where somebody else is picked then."""
    if await conversation.resume(update, context, TALKS[kind], {PERSON: person}):
        return
    assert update.effective_chat is not None
    voice = await context.voice()
    before = await context.kith.memory.write(_begun, voice, update.effective_chat.id, kind, person)
    if before is None:
        await _anew(update, context, kind, person, acting)
    else:
        await answer(update, context)
        await show(update, context, before, edit=False)


async def _anew(update: Update, context: Context, kind: Kind, person: str, acting: str) -> None:
    await conversation.begin(update, context, TALKS[kind], acting, {PERSON: person})


async def _picked(update: Update, context: Context, then: Begin) -> None:
    assert context.who is not None and context.match is not None
    people = [(one.id, held.id) for one, held in await _whose_care(context)]
    for id, acting in people or [("", context.who.memberships[0].id)]:
        if id == context.match["id"]:
            return await then(update, context, Kind(context.match["kind"]), id, acting)
    return await old_button(update, context)


async def _whose(
    update: Update, context: Context, kind: Kind, people: Sequence[tuple[Member, Membership]]
) -> None:
    await answer(update, context)
    voice = await context.voice()
    rows = tuple((Button(one.name[:64], f"concern:{kind.value}:{one.id}:0"),) for one, _ in people)
    shown = screen(voice, voice.say(Text("concern", "whose_care")), rows)
    await show(update, context, shown, edit=False)


# --- screens ------------------------------------------------------------------------------

TITLES = {
    Kind.SAFETY: Text("concern", "title"),
    Kind.DISAGREE: Text("complaint", "title_disagree"),
    Kind.COMPLAINT: Text("complaint", "title"),
    Kind.ASSESSMENT: Text("howami", "title"),
}

WORDS = {
    Kind.SAFETY: Text("concern", "wrong"),
    Kind.DISAGREE: Text("complaint", "disagrees_with"),
    Kind.COMPLAINT: Text("complaint", "wrong"),
}

WANTS = {
    Kind.SAFETY: Text("concern", "wanted"),
    Kind.DISAGREE: Text("complaint", "instead"),
    Kind.COMPLAINT: Text("complaint", "right"),
}


def _begun(c: Connection, voice: Voice, chat: int, kind: Kind, person: str) -> Screen | None:
    """What was begun about somebody else's care, and not sent."""
    left = flow.unfinished(c, chat, TALKS[kind].flow.name)
    if left is None or not left.answers.get("words"):
        return None
    until = heard_until(c, left)
    if until is not None and until < voice.now:
        return None
    name = TALKS[kind].facts(c, left, voice.now).name or Text("concern", "no_person")
    buttons = (
        (Button(voice.label(Text("concern", "go_on")), f"concern:on:{kind.value}:0"),),
        (Button(voice.label(Text("concern", "anew")), f"concern:anew:{kind.value}:{person}:0"),),
    )
    return screen(voice, voice.say(Text("concern", "begun_about"), person=name), buttons)


def _opened(c: Connection, voice: Voice, id: str, by: str) -> Screen | None:
    kept = concerns.opened(c, id, by, voice.now)
    if kept is None:
        return None
    person = Text("concern", "no_person") if kept.person is None else circle.name(c, kept.person)
    by_name = circle.name(c, kept.by)
    head = voice.say(TITLES[kept.kind], person=person, by=by_name, at=kept.at)
    body = _asks(voice, kept) if kept.kind is Kind.ASSESSMENT else _said(c, voice, kept, by_name)
    parts = [head, body]
    if kept.found is not None:
        parts.append(voice.say(Text("concern", "opened_found"), found=kept.found))
    return screen(voice, Safe("\n\n".join(parts)), _next(voice, kept))


def _asks(voice: Voice, kept: Concern) -> Safe:
    """What a carer asks for themselves; their words are not needed for it."""
    if not kept.words:
        return voice.say(Text("howami", "opened_no_words"))
    return voice.say(Text("howami", "opened"), words=kept.words)


def _said(c: Connection, voice: Voice, kept: Concern, by_name: str) -> Safe:
    return voice.say(
        Text("concern", "opened"),
        wrong=WORDS[kept.kind],
        words=kept.words,
        wanted=WANTS[kept.kind],
        wants=kept.wants or Phrase(Text("concern", "does_not_know"), {"who": by_name}),
        about=[_whom(c, voice, one) for one in kept.about] or Text("concern", "nobody"),
    )


def _whom(c: Connection, voice: Voice, one: str) -> str:
    """A member, a part in the team, or words as they were written."""
    if one in tuple(Part):
        return voice.label(PARTS[Part(one)])
    member = circle.member(c, one)
    return one if member is None else member.name


def _next(voice: Voice, kept: Concern) -> Rows:
    if kept.finished_at is not None:
        return ()
    verbs = [("finish", Text("concern", "finish"))]
    if kept.kind is Kind.COMPLAINT and kept.acknowledged_at is None:
        verbs.insert(0, ("acknowledge", Text("complaint", "in_touch")))
    return tuple(
        (Button(voice.label(text), f"concern:{verb}:{kept.id}:0"),) for verb, text in verbs
    )


async def _safety(update: Update, context: Context) -> None:
    await begin(update, context, Kind.SAFETY)


_KIND = f"(?P<kind>{'|'.join(kind.value for kind in TALKS)})"

HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("concern", _safety),
    command("disagree", partial(begin, kind=Kind.DISAGREE)),
    command("complain", partial(begin, kind=Kind.COMPLAINT)),
    CallbackQueryHandler(_safety, f"^{WRONG}$"),
    CallbackQueryHandler(about, rf"^concern:{_KIND}:(?P<id>\w+):0$"),
    CallbackQueryHandler(go_on, rf"^concern:on:{_KIND}:0$"),
    CallbackQueryHandler(its_mine, rf"^concern:mine:{_KIND}:0$"),
    CallbackQueryHandler(its_me, rf"^concern:me:{_KIND}:(?P<id>\w*):0$"),
    CallbackQueryHandler(anew, rf"^concern:anew:{_KIND}:(?P<id>\w*):0$"),
    CallbackQueryHandler(read, r"^concern:read:(?P<id>\w+):0$"),
    CallbackQueryHandler(acknowledge, r"^concern:acknowledge:(?P<id>\w+):0$"),
    CallbackQueryHandler(finish, r"^concern:finish:(?P<id>\w+):0$"),
]
