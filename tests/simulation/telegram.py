"""A small Telegram in the same loop: chats, refusals, lost answers, and updates pushed to Kith."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import RequestData

from tests.bot_api import BOT, Json, Way, message, with_text

if TYPE_CHECKING:
    from tests.simulation.kith import Kith
    from tests.simulation.world import World

PATIENCE = 10.0
"""Seconds that a request waits for its answer, and that Telegram waits for Kith's."""


@dataclass
class Shown:
    """A message as it stands in a chat; `buttons` are labels and their data."""

    id: int
    chat: int
    text: str
    buttons: list[tuple[str, str]]
    markup: Json | None
    at: float


@dataclass
class Chat:
    id: int
    blocked: bool = False
    messages: list[Shown] = field(default_factory=list)


@dataclass(frozen=True)
class Send:
    """One message, or words under a file, that Telegram has taken. `row` is the outbox's, if it
    came by the outbox: then `attempt` says which claim it was. `late`: nobody waited for its
    answer any more."""

    kith: "Kith"
    row: str | None
    attempt: int
    asked_at: float
    late: bool
    text: str
    shown: Shown


@dataclass(frozen=True)
class Call:
    """A request of Kith's, as it was made."""

    kith: "Kith"
    method: str
    params: Json
    row: str | None
    attempt: int
    asked_at: float


class Telegram:
    """Chats by account. What Kith is to hear is pushed to it until it says that it has it."""

    def __init__(self, world: "World") -> None:
        self.chats: dict[int, Chat] = {}
        self._world = world
        self._last_message = 0
        self._last_update = 7000
        self._queue: deque[Json] = deque()
        self._queued = asyncio.Event()
        self.made: dict[int, Json] = {}
        self.made_at: dict[int, datetime] = {}

    # --- what Kith asks -------------------------------------------------------------------

    def way(self, kith: "Kith") -> Way:
        """The road of one process to this Telegram."""

        async def answer(method: str, asked: RequestData | None) -> tuple[int, Json]:
            return await self.answer(kith, method, dict({} if asked is None else asked.parameters))

        return Way(answer, PATIENCE)

    async def answer(self, kith: "Kith", method: str, params: Json) -> tuple[int, Json]:
        """The status and the body of a call's answer; raises what a lost one raises."""
        call = self._call(kith, method, params)
        faults, what = self._world.faults, f"{method} to {params.get('chat_id', '-')}"
        await faults.step(kith, f"before {what}")
        fate = faults.of_call(method)
        if fate.kind == "no_way":
            await asyncio.sleep(fate.after)
            raise NetworkError("no way to Telegram") from aiohttp.ConnectionTimeoutError
        if fate.kind == "lost_before":
            await asyncio.sleep(PATIENCE)
            raise TimedOut from aiohttp.SocketTimeoutError
        if fate.kind == "later":  # it is taken when nobody waits for the answer any more
            self._world.later(fate.after, lambda: self._take(call, late=True))
            await asyncio.sleep(PATIENCE)
            raise TimedOut from aiohttp.SocketTimeoutError
        await asyncio.sleep(fate.after)
        if fate.kind == "too_many":
            told = {"retry_after": fate.retry}
            said = f"Too Many Requests: retry after {fate.retry}"
            return 429, _error(429, said) | {"parameters": told}
        if fate.kind == "bad_gateway":
            return 502, _error(502, "Bad Gateway")
        answered = self._take(call)
        if fate.kind == "lost_after":
            await asyncio.sleep(PATIENCE)
            raise TimedOut from aiohttp.SocketTimeoutError
        await faults.step(kith, f"after {what}")
        return answered

    def _call(self, kith: "Kith", method: str, params: Json) -> Call:
        row = _row_of_the_sender()
        claims = self._world.watch.claims.get(row or "", [])
        attempt = max((n for name, n, _ in claims if name == kith.name), default=0)
        return Call(kith, method, params, row, attempt, self._world.loop.time())

    def _take(self, call: Call, *, late: bool = False) -> tuple[int, Json]:
        method, chat = call.method, call.params.get("chat_id")
        if method == "getMe":
            return 200, {"ok": True, "result": BOT}
        if chat is None or method.endswith("Commands"):
            return 200, {"ok": True, "result": True}
        there = self.chats.get(int(chat))
        if there is None:
            return 400, _error(400, "Bad Request: chat not found")
        if there.blocked:
            return 403, _error(403, "Forbidden: bot was blocked by the user")
        if method in ("sendMessage", "sendDocument", "sendVenue"):
            return 200, _taken(self._send(call, there, late))
        if method.startswith("editMessage"):
            return self._edit(there, call.params)
        if method == "deleteMessage":
            return self._delete(there, call.params)
        return 200, {"ok": True, "result": True}

    def _send(self, call: Call, chat: Chat, late: bool) -> Shown:
        self._last_message += 1
        markup = call.params.get("reply_markup")
        said = [call.params.get(name) for name in ("text", "caption", "title", "address")]
        text, at = "\n".join(str(one) for one in said if one is not None), self._world.loop.time()
        shown = Shown(self._last_message, chat.id, text, _buttons(markup), markup, at)
        chat.messages.append(shown)
        self._world.sent(Send(call.kith, call.row, call.attempt, call.asked_at, late, text, shown))
        return shown

    def _edit(self, chat: Chat, params: Json) -> tuple[int, Json]:
        shown = next((m for m in chat.messages if m.id == params.get("message_id")), None)
        if shown is None:
            return 400, _error(400, "Bad Request: message to edit not found")
        before = shown.text, shown.buttons
        shown.markup = params.get("reply_markup")
        shown.text, shown.buttons = str(params.get("text", shown.text)), _buttons(shown.markup)
        if before == (shown.text, shown.buttons):
            return 400, _error(400, "Bad Request: message is not modified")
        if shown.buttons != before[1] and shown.buttons:
            self._world.people.sees(shown)
        return 200, _taken(shown)

    def _delete(self, chat: Chat, params: Json) -> tuple[int, Json]:
        shown = next((m for m in chat.messages if m.id == params["message_id"]), None)
        if shown is None:
            return 400, _error(400, "Bad Request: message to delete not found")
        chat.messages.remove(shown)
        return 200, {"ok": True, "result": True}

    # --- what people do -------------------------------------------------------------------

    def says(self, account: int, text: str) -> None:
        entities = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        more = {"entities": entities} if text.startswith("/") else {}
        self._last_message += 1
        self._push(
            message=message(self._last_message, account, _user(account)) | {"text": text} | more
        )

    def is_at(self, account: int, latitude: float, longitude: float) -> None:
        """They send where they are."""
        self._last_message += 1
        where = {"latitude": latitude, "longitude": longitude}
        self._push(
            message=message(self._last_message, account, _user(account)) | {"location": where}
        )

    def taps(self, account: int, shown: Shown, data: str) -> None:
        self._push(
            callback_query={
                "id": str(self._last_update),
                "from": _user(account),
                "chat_instance": "1",
                "data": data,
                "message": with_text(shown.id, shown.chat, shown.text, shown.markup),
            }
        )

    def blocks(self, account: int, *, blocked: bool) -> None:
        self.chats[account].blocked = blocked
        here: Json = {"user": BOT, "status": "member"}
        out: Json = {"user": BOT, "status": "kicked", "until_date": 0}
        before, after = (here, out) if blocked else (out, here)
        self._push(
            my_chat_member={
                "chat": {"id": account, "type": "private"},
                "from": _user(account),
                "date": 0,
                "old_chat_member": before,
                "new_chat_member": after,
            }
        )

    def _push(self, **body: Json) -> None:
        self._last_update += 1
        update = {"update_id": self._last_update, **body}
        self.made[self._last_update] = update
        self.made_at[self._last_update] = self._world.moment()
        self._world.tell(f"update {self._last_update}: {_short(body)}")
        self._queue.append(update)
        self._queued.set()

    @property
    def undelivered(self) -> int:
        return len(self._queue)

    async def deliver(self) -> None:
        """Push each update, in order, to whichever Kith runs, until one has it. Some come twice."""
        while True:
            if not self._queue:
                self._queued.clear()
                await self._queued.wait()
                continue
            update = self._queue[0]
            kith = self._world.faults.receiver()
            if kith is None or not await self._delivered(kith, update):
                await asyncio.sleep(self._world.faults.between(0.5, 3))
                continue
            if not self._world.faults.repeats():
                self._queue.popleft()

    async def _delivered(self, kith: "Kith", update: Json) -> bool:
        taking = kith.begin(kith.receive(update))
        await asyncio.wait({taking}, timeout=PATIENCE)
        if not taking.done() or taking.cancelled() or taking.exception() is not None:
            return False
        self._world.confirmed(update["update_id"])
        return True


def _row_of_the_sender() -> str | None:
    """The sender names its tasks after the message they carry."""
    task = asyncio.current_task()
    name = "" if task is None else task.get_name()
    return name.removeprefix("send ") if name.startswith("send ") else None


def _short(body: Json) -> str:
    (kind, what), *_ = body.items()
    said = what.get("text") or what.get("data") or what.get("new_chat_member", {}).get("status")
    return f"{what['from']['first_name']} {kind} {said!r}"


def _buttons(markup: Any) -> list[tuple[str, str]]:
    rows = markup["inline_keyboard"] if isinstance(markup, dict) else []
    return [(b["text"], b["callback_data"]) for row in rows for b in row]


def _user(account: int) -> Json:
    return {"id": account, "is_bot": False, "first_name": str(account)}


def _taken(shown: Shown) -> Json:
    """Of the message Kith asks only for its id: buttons take long to be read back."""
    return {"ok": True, "result": message(shown.id, shown.chat)}


def _error(code: int, said: str) -> Json:
    return {"ok": False, "error_code": code, "description": said}
