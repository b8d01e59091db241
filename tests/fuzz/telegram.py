"""A Telegram in the same process: takes what Kith sends, refuses what Telegram refuses."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from telegram.request import BaseRequest, RequestData

from bot.playground.entities import parse_html
from bot.playground.limits import (
    Refusal,
    bad,
    check_caption,
    check_text,
    inline_keyboard,
    not_modified,
)
from tests.bot_api import BOT, Json, Way, with_text

LONGEST_POPUP = 200


@dataclass
class Shown:
    """A message of Kith's as it stands in a chat; `data` is what its buttons carry."""

    id: int
    chat: int
    text: str
    labels: tuple[str, ...]
    data: tuple[str, ...]
    markup: Json | None


@dataclass(frozen=True)
class Said:
    """Everything somebody can read of one call. `by` is the task that made it."""

    chat: int
    text: str
    by: str


class Telegram:
    """`heard` is called with all that anybody can read. `wrong` gathers what Telegram refuses,
    beside the task that asked. `fault` may answer in its place, or raise.
    """

    def __init__(self) -> None:
        self.chats: dict[int, list[Shown]] = defaultdict(list)
        self.wrong: list[tuple[str, str]] = []
        self.heard: Callable[[Said], None] = lambda said: None
        self.fault: Callable[[str, Json], tuple[int, Json] | None] = lambda method, params: None
        self._last = 1000
        self._taps: dict[str, int] = {}

    def way(self, _connections: int) -> BaseRequest:
        return Way(self._answered, 5.0)

    async def _answered(self, method: str, asked: RequestData | None) -> tuple[int, Json]:
        await asyncio.sleep(0)
        return self.answer(method, asked)

    def next_id(self) -> int:
        self._last += 1
        return self._last

    def tapped(self, query: str, chat: int) -> None:
        """This tap waits for its answer."""
        self._taps[query] = chat

    def answer(self, method: str, asked: RequestData | None) -> tuple[int, Json]:
        params = {} if asked is None else asked.parameters
        fault = self.fault(method, params)
        if fault is not None:
            return fault
        try:
            for value in {} if asked is None else asked.json_parameters.values():
                value.encode()  # as a request over the network is
            return 200, {"ok": True, "result": self._carried_out(method, params)}
        except Refusal as refusal:
            if not refusal.description.endswith(EXPECTED):
                self.wrong.append((_task(), f"{method}: {refusal.description}: {_short(params)}"))
            return refusal.code, refusal.as_json()
        except UnicodeEncodeError:
            self.wrong.append((_task(), f"{method} cannot be written down: {_short(params)}"))
            return 400, bad("strings must be encoded in UTF-8").as_json()

    def _carried_out(self, method: str, params: Json) -> Any:
        match method:
            case "getMe":
                return BOT
            case "sendMessage":
                shown = Shown(self.next_id(), int(params["chat_id"]), "", (), (), None)
                self._show(shown, params)
                self.chats[shown.chat].append(shown)
                return _as_json(shown)
            case "sendPhoto" | "sendDocument":
                shown = Shown(self.next_id(), int(params["chat_id"]), "", (), (), None)
                check_caption(parse_html(str(params["caption"]))[0])
                self._show(shown, params | {"text": params["caption"]})
                self.chats[shown.chat].append(shown)
                return _as_json(shown)
            case "sendVenue":
                if not params["title"] or not params["address"]:
                    raise bad("title and address must be non-empty")
                shown = Shown(self.next_id(), int(params["chat_id"]), "", (), (), None)
                self._show(shown, params | {"text": f"{params['title']}\n{params['address']}"})
                self.chats[shown.chat].append(shown)
                return _as_json(shown)
            case "editMessageText" | "editMessageReplyMarkup":
                return self._edited(method, params)
            case "deleteMessage":
                return self._deleted(params)
            case "answerCallbackQuery":
                chat = self._taps.pop(str(params["callback_query_id"]), None)
                text = str(params.get("text") or "")
                if len(text) > LONGEST_POPUP:
                    raise bad("MESSAGE_TOO_LONG")
                if chat is None:
                    raise bad(EXPECTED[1])
                self._hear(chat, text)
                return True
            case "setMyCommands" | "deleteMyCommands" | "leaveChat":
                for command in params.get("commands") or ():
                    if not 1 <= len(command["description"]) <= 256:
                        raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
                return True
        raise Refusal(404, f"there is no {method}")

    def _deleted(self, params: Json) -> bool:
        chat = self.chats[int(params["chat_id"])]
        shown = next((one for one in chat if one.id == params["message_id"]), None)
        if shown is None:
            raise bad(EXPECTED[-1])
        chat.remove(shown)
        return True

    def _edited(self, method: str, params: Json) -> Json:
        chat = self.chats[int(params["chat_id"])]
        shown = next((one for one in chat if one.id == params["message_id"]), None)
        if shown is None:
            raise bad(EXPECTED[2])
        before = shown.text, shown.markup
        self._show(shown, params if "text" in params else {"text": shown.text, **params})
        if before == (shown.text, shown.markup):
            raise not_modified()
        return _as_json(shown)

    def _show(self, shown: Shown, params: Json) -> None:
        text = str(params["text"])
        plain = parse_html(text)[0] if params.get("parse_mode") == "HTML" else text
        check_text(plain.strip())
        rows = inline_keyboard(params.get("reply_markup"))
        before = shown.text
        shown.text = plain
        shown.markup = params.get("reply_markup")
        shown.labels = tuple(button["text"] for row in rows for button in row)
        shown.data = tuple(button["callback_data"] for row in rows for button in row)
        if shown.labels or shown.text != before:  # taking buttons away says nothing
            self._hear(shown.chat, "\n".join((plain, *shown.labels)))

    def _hear(self, chat: int, text: str) -> None:
        self.heard(Said(chat, text, _task()))


EXPECTED = (
    str(not_modified().description),
    "query is too old and response timeout expired or query ID is invalid",
    "message to edit not found",
    "message to delete not found",
)
"""Refusals that every bot meets now and then."""


def _task() -> str:
    task = asyncio.current_task()
    return "" if task is None else task.get_name()


def _as_json(shown: Shown) -> Json:
    return with_text(shown.id, shown.chat, shown.text, shown.markup)


def _short(params: Json) -> str:
    return ascii(params)[:300]
