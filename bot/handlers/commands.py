"""Which commands Telegram's menu shows to whom, in the words of their own form."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

import structlog
from telegram import BotCommand, BotCommandScopeChat, BotCommandScopeDefault, Update
from telegram.error import TelegramError
from telegram.ext import CommandHandler, ExtBot, TypeHandler, filters

from bot.care.circle import SUPPORTERS, Role
from bot.care.text import Text
from bot.handlers.context import Context
from bot.i18n import STANDARD, Words
from bot.store import circle
from bot.store.memory import Memory

AT_ONCE = 50
"""So many menus are set at the start without a pause."""

PACE = 0.05
"""Seconds between two of the others."""

log = structlog.get_logger(__name__)

MEANS: Mapping[str, Text] = {
    "out": Text("commands", "out"),
    "ok": Text("commands", "ok"),
    "home": Text("commands", "home"),
    "my_location": Text("location", "command"),
    "my_words": Text("words", "command"),
    "regular": Text("regular", "command"),
    "whos_out": Text("commands", "whos_out"),
    "by_phone": Text("by_phone", "command"),
    "outings": Text("outings", "command"),
    "plan_outings": Text("commands", "plan_outings"),
    "test_alert": Text("commands", "test_alert"),
    "practise": Text("drill", "command"),
    "invite": Text("commands", "invite"),
    "my_shifts": Text("cover", "command"),
    "rota": Text("commands", "rota"),
    "circle": Text("commands", "circle"),
    "notice": Text("noticing", "command"),
    "plan": Text("sign", "command"),
    "signs": Text("sign", "command_signs"),
    "mdt": Text("sign", "command_mdt"),
    "tell": Text("commands", "tell"),
    "candour": Text("commands", "candour"),
    "contact_rhythm": Text("commands", "contact_rhythm"),
    "reviews": Text("review", "command"),
    "first_weeks": Text("first_weeks", "command"),
    "news": Text("commands", "news"),
    "decision": Text("commands", "decision"),
    "session_new": Text("education", "command_new"),
    "safeguarding": Text("commands", "safeguarding"),
    "sessions": Text("education", "command"),
    "concern": Text("concern", "command"),
    "disagree": Text("complaint", "command_disagree"),
    "complain": Text("complaint", "command"),
    "feedback": Text("feedback", "command"),
    "agreement": Text("commands", "agreement"),
    "stop_sharing": Text("commands", "stop_sharing"),
    "told": Text("commands", "told"),
    "info": Text("info", "command"),
    "howami": Text("howami", "command"),
    "me": Text("commands", "me"),
    "help": Text("commands", "help"),
    "privacy": Text("commands", "privacy"),
    "leave": Text("commands", "leave"),
}
"""Every command, in the order of the menu."""

EVERYONE = frozenset(
    {
        "outings",
        "info",
        "sessions",
        "notice",
        "plan",
        "signs",
        "me",
        "help",
        "privacy",
        "leave",
        "concern",
        "disagree",
        "complain",
    }
)
STAFF = EVERYONE | {
    *("by_phone", "regular", "my_shifts"),
    *("whos_out", "plan_outings", "test_alert", "practise", "invite", "circle"),
    *("session_new", "tell", "candour", "contact_rhythm", "first_weeks", "decision"),
    *("mdt", "reviews", "feedback"),
}


ALLOWED: Mapping[Role, frozenset[str]] = {
    Role.PERSON: EVERYONE
    | {"regular", "my_words", "my_location", "out", "ok", "home", "invite", "circle", "told"}
    | {"agreement", "stop_sharing", "plan_outings", "practise"},
    **dict.fromkeys(
        sorted(SUPPORTERS), EVERYONE | {"circle", "told", "news", "howami", "practise"}
    ),
    Role.STAFF: STAFF,
    Role.ON_CALL_LEAD: STAFF,
    Role.MANAGER: STAFF | {"rota", "safeguarding"},
    Role.SAFEGUARDING_LEAD: STAFF | {"safeguarding"},
}

Handle = Callable[[Update, Context], Coroutine[Any, Any, None]]


def command(name: str, handle: Handle) -> CommandHandler[Context, None]:
    """A command that a message runs once; editing that message never runs it again."""
    return CommandHandler(name, handle, filters=filters.UpdateType.MESSAGE)


def for_roles(roles: Iterable[Role]) -> list[str]:
    """What these roles together may use, in the order of the menu."""
    allowed = EVERYONE.union(*(ALLOWED[role] for role in roles))
    return [name for name in MEANS if name in allowed]


async def set_default(bot: ExtBot[None], words: Words) -> None:
    """The menu of somebody whom Kith does not know."""
    start = BotCommand("start", words.label(STANDARD, Text("commands", "start")))
    await bot.set_my_commands([start], scope=BotCommandScopeDefault())


@dataclass(frozen=True, slots=True)
class Menu:
    """What one chat's menu shows; `mark` tells it from any other, this release's words included."""

    commands: tuple[BotCommand, ...]
    mark: str


@cache
def menu(words: Words, locale: str, roles: frozenset[Role]) -> Menu:
    names = for_roles(roles)
    labels = [(name, words.label(locale, MEANS[name])) for name in names]
    mark = sha256(repr(labels).encode()).hexdigest()[:16]
    return Menu(tuple(BotCommand(name, label) for name, label in labels), mark)


class Menus:
    """Keeps each chat's menu true to its member's roles and form.

    Which one Telegram shows is kept, so that it is called only for what has changed: at the start
    for whoever has another one, and after an update of the chat.
    """

    def __init__(self) -> None:
        self._shown: dict[int, str] = {}

    def handler(self) -> TypeHandler[Update, Context, None]:
        """To be added in a group after all others."""
        return TypeHandler(Update, self._after)

    async def everybody(self, bot: ExtBot[None], memory: Memory, words: Words) -> None:
        """Give every member their menu, one after the other, at a pace that is in nobody's way."""
        await set_default(bot, words)
        here = await memory.survey(circle.menus)
        self._shown = {one.telegram: one.menu for one in here if one.menu is not None} | self._shown
        for number, one in enumerate(here):
            fits = menu(words, one.locale, frozenset(one.roles))
            if self._shown.get(one.telegram) != fits.mark:
                await self._set(bot, memory, one.telegram, fits)
                await asyncio.sleep(PACE if number >= AT_ONCE else 0)

    async def _after(self, update: Update, context: Context) -> None:
        user, chat = update.effective_user, update.effective_chat
        if user is not None and chat is not None and chat.id == user.id:
            kith = context.kith
            # Whoever stood at the door stands there still, unless this update has changed that.
            who = None if context.circle_changed else context.who
            left = await self._fit(context.bot, kith.memory, kith.words, chat.id, who)
            if left or context.role_ended:
                await self._clear(context.bot, kith.memory, kith.words)

    async def _clear(self, bot: ExtBot[None], memory: Memory, words: Words) -> None:
        """Whoever has no role left, or fewer, has no such menu left."""
        for chat in list(self._shown):
            await self._fit(bot, memory, words, chat)

    async def _fit(
        self,
        bot: ExtBot[None],
        memory: Memory,
        words: Words,
        chat: int,
        who: circle.Present | None = None,
    ) -> bool:
        """Whether they turned out to have left; `who` is there, when that is known already."""
        who = who or await memory.read(circle.present, chat)
        if who is None:
            return await self._take_away(bot, chat)
        fits = menu(words, who.member.locale, who.roles)
        if self._shown.get(chat) != fits.mark:
            await self._set(bot, memory, chat, fits)
        return False

    async def _set(self, bot: ExtBot[None], memory: Memory, chat: int, fits: Menu) -> None:
        try:
            await bot.set_my_commands(fits.commands, scope=BotCommandScopeChat(chat))
        except TelegramError as error:
            log.warning("menu_not_set", chat=chat, error=type(error).__name__)
            return
        self._shown[chat] = fits.mark
        await memory.write(circle.menu_shown, chat, fits.mark)

    async def _take_away(self, bot: ExtBot[None], chat: int) -> bool:
        if chat not in self._shown:
            return False
        try:
            await bot.delete_my_commands(BotCommandScopeChat(chat))
        except TelegramError as error:
            log.warning("menu_not_set", chat=chat, error=type(error).__name__)
            return False
        del self._shown[chat]
        return True
