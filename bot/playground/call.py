"""One call of a Bot API method, and what most methods need."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.playground.chats import Message
from bot.playground.entities import commands, parse_html, trimmed
from bot.playground.limits import Refusal, bad, blocked, inline_keyboard
from bot.playground.people import Group, Person
from bot.playground.request import Params
from bot.playground.state import Json
from bot.playground.world import World


@dataclass(frozen=True, slots=True)
class Call:
    """A method called by the bot `bot` with these parameters."""

    world: World
    bot: Json
    params: Params

    def chat_id(self) -> int:
        value = self.params.text("chat_id")
        if not value:
            raise bad("chat_id is empty")
        try:
            return int(value)
        except ValueError:
            raise bad("chat not found") from None

    def known_chat(self) -> Person | Group:
        """The chat that the call names, whoever may write there."""
        chat = self.world.chats.find(self.chat_id())
        if chat is None:
            raise bad("chat not found")
        return chat

    def open_chat(self) -> Json:
        """The chat that the call names, when the bot may write there."""
        chat = self.known_chat()
        if isinstance(chat, Group):
            if not chat.member:
                raise Refusal(403, "Forbidden: bot is not a member of the group chat")
        elif chat.blocked:
            raise blocked()
        elif not chat.started:
            raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")
        return chat.as_chat()

    def message(self, missing: str) -> Message:
        """The message that the call names; `missing` says what there is not."""
        chat = self.open_chat()
        message = self.world.chats.message(chat["id"], self.params.whole("message_id"))
        if message is None:
            raise bad(missing)
        return message

    def formatted(self, field: str, entities: str) -> tuple[str, list[Json]]:
        """A text of the call and its entities, after parsing."""
        text = self.params.text(field) or ""
        mode = (self.params.text("parse_mode") or "").lower()
        if mode == "html":
            text, found = parse_html(text)
        elif mode:
            raise bad("unsupported parse_mode")
        else:
            given = self.params.data(entities)
            text, found = trimmed(
                text, [dict(one) for one in given] if isinstance(given, list) else []
            )
        found += [one for one in commands(text) if not _covered(one, found)]
        return text, sorted(found, key=lambda one: (one["offset"], -one["length"]))

    def keyboard(self) -> Json | None:
        """The inline keyboard of the call as a message carries it."""
        rows = inline_keyboard(self.params.data("reply_markup"))
        return {"inline_keyboard": rows} if rows else None


def _covered(one: Json, found: list[Json]) -> bool:
    return any(
        other["offset"] <= one["offset"] < other["offset"] + other["length"]
        and other["type"] in ("text_link", "code", "pre")
        for other in found
    )


Method = Callable[[Call], object]
"""What a method does; its answer is the `result`. A refusal is raised."""
