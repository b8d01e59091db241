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

    Looked at after every update; Telegram is called only when something changed.
    """

    def __init__(self) -> None:
        self._set: dict[int, tuple[str, tuple[str, ...]]] = {}

    def handler(self) -> TypeHandler[Update, Context, None]:
        """To be added in a group after all others."""
        return TypeHandler(Update, self._fit)

    async def _fit(self, update: Update, context: Context) -> None:
        user, chat = update.effective_user, update.effective_chat
        if user is None or chat is None or chat.id != user.id:
            return
        who = await context.kith.memory.read(circle.present, user.id)
        if who is None:
            return
        locale = who.member.locale
        names = tuple(for_roles(m.role for m in who.memberships))
        if self._set.get(chat.id) == (locale, names):
            return
        words = context.kith.words
        try:
            await context.bot.set_my_commands(
                menu(words, locale, names), scope=BotCommandScopeChat(chat.id)
            )
        except TelegramError as error:
            log.warning("menu_not_set", chat=chat.id, error=type(error).__name__)
            return
        self._set[chat.id] = (locale, names)
