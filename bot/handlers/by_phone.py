"""`/by_phone`: staff write down what somebody says who rings, in that person's place."""

from collections.abc import Callable, Mapping
from functools import partial

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care import lateness, pause
from bot.care.circle import STAFF_ROLES
from bot.care.journey import ALERTED, Journey
from bot.care.outcome import Message, Outcome
from bot.care.text import Text
from bot.flows import by_phone as flow
from bot.handlers import conversation, phone_card
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.phone_card import FEELINGS
from bot.handlers.screen import Screen, answer, screen, show
from bot.handlers.taps import Act, act_on, old_button, say, tapped
from bot.i18n import Voice
from bot.outbox.render import Button
from bot.store import Connection, asked_by_phone, by_phone, circle
from bot.store import journey as journeys
from bot.store import plan as plans

TAPS: Mapping[str, Act] = {
    **{said.value: partial(by_phone.rang, said=said) for said in by_phone.THEIRS},
    **{f"pause_{m}": partial(by_phone.pause, minutes=m) for m in pause.SPANS},
    "pause_most": by_phone.pause,
    **{f"felt_{face}": partial(by_phone.felt, feeling=face) for face in FEELINGS},
}
"""What they rang to say, and the act behind it."""

NUMBERED: Mapping[str, Act] = {
    "at": by_phone.point,
    "slow_here": by_phone.slow_here,
    **{f"later_{m}": partial(by_phone.later, minutes=m) for m in lateness.STEPS},
}
"""Each button that carries a number besides: of a point, of a stretch, of the time that stands."""

ANSWERS: Mapping[str, Act] = {
    f"{'yes' if yes else 'no'}_{asks.value}": partial(asked_by_phone.answered, asks=asks, yes=yes)
    for asks, yes in asked_by_phone.ACTS
} | {"stop": asked_by_phone.stop}
"""What somebody without an account answers, when staff ask them."""

More = Callable[[Voice, str, Journey], Screen]

ASKS: Mapping[str, More] = {
    "else": phone_card.something_else,
    "pause": phone_card.how_long,
    "slow": phone_card.slow_where,
}
"""Each button that asks something before anything is written down."""

THEN: Mapping[str, More] = {"late": phone_card.how_late, "help": phone_card.what_help}
"""What is asked once this is written down."""

NOT_ALERTED = (phone_card.how_late, phone_card.how_long, phone_card.slow_where)
"""What means nothing any more once staff have been asked."""


async def by_phone_command(update: Update, context: Context) -> None:
    """Who has rung?"""
    assert context.who is not None
    if not context.who.acting(STAFF_ROLES):
        return await say(update, context, Message(Text("journey", "for_staff")))
    voice = await context.voice()
    id = context.who.member.id
    people = await context.kith.memory.read(by_phone.people, id, voice.now)
    rows = tuple((Button(p.name[:64], f"by_phone:who:{p.id}:0"),) for p in people)
    rows += ((Button(voice.label(Text("by_phone", "no_telegram")), "by_phone:new:-:0"),),)
    await show(update, context, screen(voice, voice.say(Text("by_phone", "who")), rows), edit=False)
    return None


async def who(update: Update, context: Context) -> None:
    """Somebody was picked: what Kith knows of them, and what they may have rung to say."""
    assert context.match is not None
    number = int(context.match["number"])

    def card(c: Connection, voice: Voice, person: str) -> Screen:
        return phone_card.card(c, voice, person, number)

    await _shown(update, context, context.match["id"], card)


async def going_out(update: Update, context: Context) -> None:
    assert context.who is not None and context.match is not None
    staff, person, by = context.who.acting(STAFF_ROLES), context.match["id"], context.who.member.id
    now = (await context.voice()).now

    def called(c: Connection) -> str | None:
        may = by_phone.may_write(c, by, person, now) and plans.in_force(c, person) is not None
        return circle.name(c, person) if may else None

    name = await context.kith.memory.read(called) if staff else None
    if name is None:
        return await old_button(update, context)
    given = {flow.PERSON: person, flow.NAME: name, "zone": context.kith.zone.key}
    return await conversation.begin(update, context, flow.SET_OFF, staff[0].id, given)


async def new(update: Update, context: Context) -> None:
    """Somebody without Telegram, for the team in which this member of staff works."""
    assert context.who is not None
    staff = context.who.acting(STAFF_ROLES)
    if not staff:
        return await old_button(update, context)
    return await conversation.begin(update, context, flow.ADD, staff[0].id)


async def pressed(update: Update, context: Context) -> None:
    """What they said is written down; who writes it is asked again at each press."""
    assert context.match is not None
    verb, id = context.match["verb"], context.match["id"]
    if verb in NUMBERED:
        outcome = await act_on(update, context, NUMBERED[verb], id, int(context.match["number"]))
    else:
        outcome = await act_on(update, context, TAPS.get(verb) or ANSWERS[verb], id)
    if outcome == Outcome() or outcome.said is None:
        return await old_button(update, context)
    await say(update, context, outcome.said, edit=True)
    if verb in ANSWERS:
        person = outcome.said.params["person"]
        return await _shown(update, context, str(person), phone_card.card, edit=False)
    return await _outing(update, context, id, THEN.get(verb), edit=False, home=verb == "home")


async def spoken(update: Update, context: Context) -> None:
    """Whoever rang to say "home" is safe and well: the alert is closed."""
    assert context.match is not None
    await tapped(update, context, by_phone.spoken, context.match["id"], edit=True)


async def asks(update: Update, context: Context) -> None:
    """Something more is asked first, while they are out."""
    assert context.match is not None
    await _outing(update, context, context.match["id"], ASKS[context.match["verb"]])


async def how(update: Update, context: Context) -> None:
    """How did it go?"""
    assert context.match is not None
    await _outing(update, context, context.match["id"], None, home=True)


async def skip(update: Update, context: Context) -> None:
    """They would rather not say: nothing is written down."""
    await answer(update, context)
    await say(update, context, Message(Text("by_phone", "nothing_written")), edit=True)


async def _outing(
    update: Update,
    context: Context,
    id: str,
    more: More | None,
    *,
    edit: bool = True,
    home: bool = False,
) -> None:
    """What is asked next about this outing; the card of the person where nothing is."""
    found = await context.kith.memory.read(journeys.journey, id)
    if found is None:
        return await old_button(update, context)

    def shown(c: Connection, voice: Voice, person: str) -> Screen:
        name, over = circle.name(c, person), found.ended_at is not None
        if home and over and by_phone.just_home(c, person, voice.now) == found:
            return phone_card.how_it_went(voice, name, id)
        if more is None or over or (more in NOT_ALERTED and found.state in ALERTED):
            return phone_card.card(c, voice, person)
        return more(voice, name, found)

    return await _shown(update, context, found.person, shown, edit=edit)


Shown = Callable[[Connection, Voice, str], Screen]
"""(c, voice, person): a screen of theirs, for staff of their team."""


async def _shown(
    update: Update, context: Context, person: str, shown: Shown, *, edit: bool = True
) -> None:
    assert context.who is not None
    voice, by = await context.voice(), context.who.member.id

    def read(c: Connection) -> Screen | None:
        return shown(c, voice, person) if by_phone.may_write(c, by, person, voice.now) else None

    found = await context.kith.memory.read(read)
    if found is None:
        return await old_button(update, context)
    await answer(update, context)
    await show(update, context, found, edit=edit)
    return None


def _of(*verbs: str) -> str:
    return rf"^by_phone:(?P<verb>{'|'.join(verbs)}):(?P<id>\w+):(?P<number>\d+)$"


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("by_phone", by_phone_command),
    CallbackQueryHandler(who, _of("who")),
    CallbackQueryHandler(new, r"^by_phone:new:-:\d+$"),
    CallbackQueryHandler(going_out, _of("out")),
    CallbackQueryHandler(spoken, _of("spoken")),
    CallbackQueryHandler(asks, _of(*ASKS)),
    CallbackQueryHandler(how, _of("how")),
    CallbackQueryHandler(skip, _of("skip")),
    CallbackQueryHandler(pressed, _of(*TAPS, *NUMBERED, *ANSWERS)),
]
