"""Which commands Telegram's menu shows to whom, in the words of their own form."""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any

import structlog
from telegram import BotCommand, BotCommandScopeChat, BotCommandScopeDefault, Update
from telegram.error import TelegramError
from telegram.ext import CommandHandler, ExtBot, TypeHandler, filters

from bot.care.circle import Role
from bot.care.text import Text
from bot.handlers.context import Context
from bot.i18n import STANDARD, Words
from bot.store import circle
from bot.store.memory import Memory

log = structlog.get_logger(__name__)

MEANS: Mapping[str, Text] = {
    "out": Text("commands", "out"),
    "ok": Text("commands", "ok"),
    "home": Text("commands", "home"),
    "whos_out": Text("commands", "whos_out"),
    "plan_outings": Text("commands", "plan_outings"),
    "test_alert": Text("commands", "test_alert"),
    "invite": Text("commands", "invite"),
    "rota": Text("commands", "rota"),
    "circle": Text("commands", "circle"),
    "me": Text("commands", "me"),
    "help": Text("commands", "help"),
    "privacy": Text("commands", "privacy"),
    "leave": Text("commands", "leave"),
}
"""Every command, in the order of the menu."""

EVERYONE = frozenset({"me", "help", "privacy", "leave"})
STAFF = EVERYONE | {"whos_out", "plan_outings", "test_alert", "invite", "circle"}

ALLOWED: Mapping[Role, frozenset[str]] = {
    Role.PERSON: EVERYONE | {"out", "ok", "home", "invite", "circle"},
    Role.CARER: EVERYONE,
    Role.ADVOCATE: EVERYONE,
    Role.STAFF: STAFF,
    Role.ON_CALL_LEAD: STAFF,
    Role.MANAGER: STAFF | {"rota"},
    Role.SAFEGUARDING_LEAD: STAFF,
}

Handle = Callable[[Update, Context], Coroutine[Any, Any, None]]


def command(name: str, handle: Handle) -> CommandHandler[Context, None]:
    """A command that a message runs once; editing that message never runs it again."""
    return CommandHandler(name, handle, filters=filters.UpdateType.MESSAGE)


def for_roles(roles: Iterable[Role]) -> list[str]:
    """What these roles together may use, in the order of the menu."""
    allowed = EVERYONE.union(*(ALLOWED[role] for role in roles))
    return [name for name in MEANS if name in allowed]


def menu(words: Words, locale: str, names: Iterable[str]) -> list[BotCommand]:
    return [BotCommand(name, words.label(locale, MEANS[name])) for name in names]


async def set_default(bot: ExtBot[None], words: Words) -> None:
    """The menu of somebody whom Kith does not know."""
    start = BotCommand("start", words.label(STANDARD, Text("commands", "start")))
    await bot.set_my_commands([start], scope=BotCommandScopeDefault())


class Menus:
    """Keeps each chat's menu true to its member's roles and form.

    Everybody's is set once at the start; after that it is looked at after every update of the
    chat, and Telegram is called only when something changed.
    """

    def __init__(self) -> None:
        self._set: dict[int, tuple[str, tuple[str, ...]]] = {}

    def handler(self) -> TypeHandler[Update, Context, None]:
        """To be added in a group after all others."""
        return TypeHandler(Update, self._after)

    async def everybody(self, bot: ExtBot[None], memory: Memory, words: Words) -> None:
        """Give every member their menu, one after the other."""
        await set_default(bot, words)
        for telegram in await memory.read(circle.telegrams):
            await self._fit(bot, memory, words, telegram)

    async def _after(self, update: Update, context: Context) -> None:
        user, chat = update.effective_user, update.effective_chat
        if user is not None and chat is not None and chat.id == user.id:
            kith = context.kith
            left = await self._fit(context.bot, kith.memory, kith.words, chat.id)
            if left or context.role_ended:
                await self._clear(context.bot, kith.memory, kith.words)

    async def _clear(self, bot: ExtBot[None], memory: Memory, words: Words) -> None:
        """Whoever has no role left, or fewer, has no such menu left."""
        for chat in list(self._set):
            await self._fit(bot, memory, words, chat)

    async def _fit(self, bot: ExtBot[None], memory: Memory, words: Words, chat: int) -> bool:
        """Whether they turned out to have left."""
        who = await memory.read(circle.present, chat)
        scope = BotCommandScopeChat(chat)
        try:
            if who is None:
                if self._set.pop(chat, None) is None:
                    return False
                await bot.delete_my_commands(scope)
                return True
            fits = (who.member.locale, tuple(for_roles(m.role for m in who.memberships)))
            if self._set.get(chat) != fits:
                await bot.set_my_commands(menu(words, *fits), scope)
                self._set[chat] = fits
        except TelegramError as error:
            log.warning("menu_not_set", chat=chat, error=type(error).__name__)
        return False
