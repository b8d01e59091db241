"""News, as it is said in the chat: `/tell` and `/news`, and the buttons of those who are told."""

from collections.abc import Mapping, Sequence
from functools import partial

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care.circle import STAFF_ROLES, SUPPORTERS, Membership
from bot.care.outcome import Message, Outcome
from bot.care.text import Text
from bot.flows.heard import LONGEST, PASS_ON, REPLY, SAID
from bot.flows.news import PERSON, TELL
from bot.handlers import conversation, journey
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.screen import answer, screen, show
from bot.handlers.shared_phone import somebody_else
from bot.handlers.staff import in_role, supported
from bot.handlers.taps import Act, act_on, old_button, say, tapped
from bot.i18n import units
from bot.outbox.render import Button
from bot.store import Connection, ask_first, circle, reading
from bot.store import heard as words_to_team
from bot.store import news as items

NEW, AGAIN = "new", "again"
"""What somebody wants to read: what they have not read; or that first, then what they have."""

ANSWERS: Mapping[str, Act] = {"yes": ask_first.yes, "no": ask_first.no, "change": ask_first.change}


# --- staff --------------------------------------------------------------------------------


async def tell(update: Update, context: Context) -> None:
    """`/tell`: about whom, what, how much, the words, and a preview before anything goes."""
    assert context.who is not None
    held = context.who.acting(STAFF_ROLES)
    if not held:
        return await say(update, context, Message(Text("news", "for_staff")))
    people = await context.kith.memory.read(supported, context.who.member.id, held)
    if not people:
        return await say(update, context, Message(Text("news", "nobody_supported")))
    return await _whom(update, context, people, "about", Text("news", "about_whom"))


async def tell_about(update: Update, context: Context) -> None:
    """Somebody was picked, or staff write back, or anew."""
    assert context.who is not None and context.match is not None
    held, person = context.who.acting(STAFF_ROLES), context.match["id"]
    people = await context.kith.memory.read(in_role, context.who.member.id, person, held)
    if people is None:
        return await old_button(update, context)
    return await conversation.begin(update, context, TELL, people[2].id, {PERSON: person})


# --- those around the person --------------------------------------------------------------


async def show_news(update: Update, context: Context) -> None:
    """`/news`: what is still readable, one after the other."""
    assert context.who is not None
    if not context.who.acting(SUPPORTERS):
        return await say(update, context, Message(Text("news", "for_supporters")))
    if not await somebody_else(update, context, f"news:me:{AGAIN}:0"):
        await act_on(update, context, partial(reading.look, again=True))
    return None


async def read(update: Update, context: Context) -> None:
    """`Read`: what it shows comes by the outbox, where the gate is asked once more."""
    if await somebody_else(update, context, f"news:me:{NEW}:0"):
        return await answer(update, context)
    outcome = await act_on(update, context, reading.look)
    if outcome == Outcome():
        return await old_button(update, context)
    return await answer(update, context)


async def its_me(update: Update, context: Context) -> None:
    """`Yes, it's me`"""
    assert context.match is not None
    again = context.match["wants"] == AGAIN
    outcome = await act_on(update, context, partial(reading.look, again=again))
    if outcome == Outcome():
        return await old_button(update, context)
    await answer(update, context)
    return await say(update, context, Message(Text("news", "thanks")), edit=True)


async def not_me(update: Update, context: Context) -> None:
    """Whoever it is: nothing is shown."""
    await answer(update, context)
    await say(update, context, Message(Text("news", "nothing_shown")), edit=True)


async def heard(update: Update, context: Context) -> None:
    """Staff have read what somebody wrote to the team."""
    assert context.match is not None
    await tapped(update, context, words_to_team.mark_read, context.match["id"])


async def hide(update: Update, context: Context) -> None:
    """`Hide now`"""
    assert context.match is not None
    query = update.callback_query
    pressed = query.message.message_id if query is not None and query.message else None
    await tapped(update, context, reading.hide, context.match["id"], pressed)


async def reply(update: Update, context: Context) -> None:
    """`Reply`: a word to the team, always."""
    assert context.who is not None and context.match is not None
    held = context.who.acting(SUPPORTERS)
    about = await context.kith.memory.read(_person_of, context.match["id"], context.who.member.id)
    people = await context.kith.memory.read(_theirs, held)
    if not people:
        return await old_button(update, context)
    chosen = [one for one in people if one[0] == about] or people
    return await _whom(update, context, chosen, "to", Text("news", "write_about_whom"))


async def reply_about(update: Update, context: Context) -> None:
    """One of several people was picked to write about."""
    assert context.who is not None and context.match is not None
    person = context.match["id"]
    for held in context.who.acting(SUPPORTERS):
        if held.person == person:
            return await conversation.begin(update, context, REPLY, held.id, {PERSON: person})
    return await old_button(update, context)


async def words(update: Update, context: Context) -> None:
    """Words that no question asked for: those around somebody may mean them for the team."""
    assert context.who is not None
    held, message = context.who.acting(SUPPORTERS), update.message
    if not held or len(held) < len(context.who.memberships) or message is None:
        return await journey.words(update, context)
    if not message.text:
        return await say(update, context, Message(Text("news", "words_please")))
    over = units(message.text) - LONGEST
    if over > 0:
        long = {"over": over, "longest": LONGEST}
        return await say(update, context, Message(Text("news", "too_long"), long))
    said = {SAID: message.text.strip()}
    return await conversation.begin(update, context, PASS_ON, held[0].id, said)


def _person_of(c: Connection, telling: str, member: str) -> str | None:
    """Whom the news was about to which this is a reply."""
    found = items.telling(c, telling)
    item = items.news(c, found.news) if found is not None and found.member == member else None
    return None if item is None else item.person


def _theirs(c: Connection, held: Sequence[Membership]) -> list[tuple[str, str, Membership]]:
    return [(m.person, circle.name(c, m.person), m) for m in held if m.person is not None]


# --- the person ---------------------------------------------------------------------------


async def answered(update: Update, context: Context) -> None:
    """The person was asked first: yes, no, or in other words."""
    assert context.match is not None
    act, version = ANSWERS[context.match["verb"]], int(context.match["version"])
    await tapped(update, context, act, context.match["id"], version, edit=True)


async def _whom(
    update: Update,
    context: Context,
    people: Sequence[tuple[str, str, Membership]],
    verb: str,
    asks: Text,
) -> None:
    """Begin at once where there is but one person; ask about whom where there are several."""
    if len(people) == 1:
        (id, _, held) = people[0]
        talk = TELL if verb == "about" else REPLY
        return await conversation.begin(update, context, talk, held.id, {PERSON: id})
    await answer(update, context)
    voice = await context.voice()
    rows = tuple((Button(name[:64], f"news:{verb}:{id}:0"),) for id, name, _ in people)
    await show(update, context, screen(voice, voice.say(asks), rows), edit=False)
    return None


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("tell", tell),
    command("news", show_news),
    CallbackQueryHandler(tell_about, r"^news:about:(?P<id>\w+):0$"),
    CallbackQueryHandler(read, r"^news:read:-:0$"),
    CallbackQueryHandler(its_me, rf"^news:me:(?P<wants>{NEW}|{AGAIN}):0$"),
    CallbackQueryHandler(not_me, r"^news:not_me:-:0$"),
    CallbackQueryHandler(heard, r"^news:heard:(?P<id>\w+):0$"),
    CallbackQueryHandler(hide, r"^news:hide:(?P<id>\w+):0$"),
    CallbackQueryHandler(reply, r"^news:reply:(?P<id>\w+|-):0$"),
    CallbackQueryHandler(reply_about, r"^news:to:(?P<id>\w+):0$"),
    CallbackQueryHandler(
        answered, rf"^news:(?P<verb>{'|'.join(ANSWERS)}):(?P<id>\w+):(?P<version>\d+)$"
    ),
]
