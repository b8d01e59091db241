"""What every handler is given beside the update."""

from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import Application, CallbackContext, ExtBot

from bot.care.outcome import Cause
from bot.figures import Figures
from bot.i18n import STANDARD, Voice, Words
from bot.library import Library
from bot.store.circle import Present
from bot.store.memory import Memory


@dataclass(frozen=True, slots=True)
class Numbers:
    """The telephone numbers of the emergency card, as they are said."""

    emergency: str = "999"
    crisis: str = "111"
    samaritans: str = "116 123"
    shout: str = "85258"


@dataclass(frozen=True)
class Kith:
    """The installation as the handlers see it; put into `application.bot_data["kith"]`.

    `channels` names the other ways in which staff can be reached here; `feed` is where anybody may
    follow the dates of sessions. `figures` counts what happens here.
    """

    memory: Memory
    words: Words
    zone: ZoneInfo
    numbers: Numbers = Numbers()
    channels: tuple[str, ...] = ()
    library: Library = field(default_factory=Library)
    feed: str | None = None
    figures: Figures = field(default_factory=Figures)


_Data = dict[Any, Any]


class Context(CallbackContext[ExtBot[None], _Data, _Data, _Data]):
    """PTB's context, with Kith and whoever is here: `who` is set by the door, None a stranger.

    `circle_changed`: this update may have changed who is here, in what role or form;
    `role_ended`: it has ended somebody's role.
    """

    def __init__(
        self,
        application: "Application[Any, Any, Any, Any, Any, Any]",
        chat_id: int | None = None,
        user_id: int | None = None,
    ) -> None:
        super().__init__(application, chat_id, user_id)
        self.who: Present | None = None
        self.circle_changed = False
        self.role_ended = False

    @property
    def kith(self) -> Kith:
        kith = self.application.bot_data["kith"]
        assert isinstance(kith, Kith)
        return kith

    @property
    def locale(self) -> str:
        return STANDARD if self.who is None else self.who.member.locale

    async def voice(self) -> Voice:
        """The catalogues in the form of whoever is here, as of now."""
        kith = self.kith
        return kith.words.voice(self.locale, kith.zone, await kith.memory.now())


def cause(update: Update) -> Cause:
    """The update, as what brought a transaction about: it is closed in that transaction."""
    return Cause(update=update.update_id)
