"""A door for a robot outside that tries the whole way: what it writes comes in as any update,
what is said to it is kept here in place of Telegram. It speaks as itself alone."""

import hmac
import json
import secrets
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from telegram.request import BaseRequest, RequestData

from bot.care.robot import ACCOUNTS
from bot.clock import Clock
from bot.store import robot as robots
from bot.store.memory import Memory

PATH = "/probe/{who}"

KEPT = 200
"""So many of the newest messages stay on each of its phones."""

LARGEST = 10_000
"""Bytes of what it may write at once."""

MARK = "robot-"
"""How the ids of its taps begin."""

Phone = deque[dict[str, Any]]


class Phones:
    """The robot's phones: what the Bot API would have shown there. In memory, and nowhere else."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._of: dict[int, Phone] = {chat: deque(maxlen=KEPT) for chat in ACCOUNTS.values()}
        self._ids = count(1 + secrets.randbelow(2**30))

    def shows(self, who: str) -> list[dict[str, Any]]:
        return list(self._of[ACCOUNTS[who]])

    def take(self, method: str, said: Mapping[str, Any]) -> object | None:
        """The result of a call that is about one of them; None when it is somebody else's."""
        if str(said.get("callback_query_id", "")).startswith(MARK):
            return True
        phone = self._of.get(int(said["chat_id"])) if _is_id(said.get("chat_id")) else None
        if phone is None:
            return None
        chat = int(said["chat_id"])
        if method.startswith("send"):
            phone.append(self._message(next(self._ids), said))
            return _as_telegram(phone[-1], chat)
        old = next((one for one in phone if str(one["id"]) == str(said.get("message_id"))), None)
        if old is None or not method.startswith("edit"):
            return True
        old["buttons"] = _buttons(said)
        if "text" in said:
            old |= {"text": said["text"], "change": next(self._ids)}
        return _as_telegram(old, chat)

    def _message(self, id: int, said: Mapping[str, Any]) -> dict[str, Any]:
        """`change` grows with each message, and each time one gets other words."""
        at, text = self._clock.now().isoformat(), said.get("text") or said.get("caption") or ""
        return {"id": id, "change": id, "text": text, "buttons": _buttons(said), "at": at}


class Beside(BaseRequest):
    """The way to Telegram, but for what goes to the robot's phones."""

    def __init__(self, way: BaseRequest, phones: Phones) -> None:
        self._way = way
        self._phones = phones

    @property
    def read_timeout(self) -> float | None:
        return self._way.read_timeout

    async def initialize(self) -> None:
        await self._way.initialize()

    async def shutdown(self) -> None:
        await self._way.shutdown()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        said = {} if request_data is None else request_data.parameters
        taken = self._phones.take(url.rpartition("/")[2], said)
        if taken is not None:
            return 200, json.dumps({"ok": True, "result": taken}).encode()
        return await self._way.do_request(
            url,
            method,
            request_data,
            read_timeout,
            write_timeout,
            connect_timeout,
            pool_timeout,
        )


class Door:
    """`GET` shows one of its phones; `POST` writes a text, or presses a button, on it.

    `leads`: whether this replica is the one that sends.
    """

    def __init__(
        self, memory: Memory, phones: Phones, secret: str, leads: Callable[[], bool]
    ) -> None:
        self._memory = memory
        self._phones = phones
        self._secret = secret.encode()
        self._leads = leads

    @property
    def route(self) -> Route:
        return Route(PATH, self._answer, methods=["GET", "POST"])

    async def _answer(self, request: Request) -> Response:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode("latin-1"), self._secret):
            return Response(status_code=403)
        who = request.path_params["who"]
        if who not in ACCOUNTS:
            return Response(status_code=404)
        if not self._leads():
            return Response(status_code=503)
        if request.method == "POST" and not await self._write(who, request):
            return Response(status_code=400)
        return JSONResponse(self._phones.shows(who))

    async def _write(self, who: str, request: Request) -> bool:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > LARGEST:
                return False
        chat, now = ACCOUNTS[who], await self._memory.now()
        try:
            update = _update(chat, json.loads(body), int(now.timestamp()))
        except (ValueError, KeyError, TypeError):
            return False
        await self._memory.write(robots.arrive, chat, update, now)
        return True


def _update(chat: int, said: Mapping[str, Any], at: int) -> dict[str, Any]:
    """As Telegram would bring it: `{"text"}`, or `{"press", "message"}` for a button's data."""
    user = {"id": chat, "is_bot": False, "first_name": "Probe"}
    where = {"id": chat, "type": "private", "first_name": "Probe"}
    if "text" in said:
        text = str(said["text"])
        command = {"type": "bot_command", "offset": 0, "length": len(text.split(" ")[0])}
        entities = [command] if text.startswith("/") else []
        message = {"message_id": 1, "date": at, "chat": where, "from": user, "text": text}
        return {"message": {**message, "entities": entities}}
    pressed = {"message_id": int(said["message"]), "date": at, "chat": where, "text": "."}
    tap = {"id": f"{MARK}{at}", "from": user, "chat_instance": "1", "message": pressed}
    return {"callback_query": {**tap, "data": str(said["press"])}}


def _is_id(value: object) -> bool:
    return isinstance(value, int) or (isinstance(value, str) and value.lstrip("-").isdigit())


def _buttons(said: Mapping[str, Any]) -> list[dict[str, str]]:
    markup = said.get("reply_markup")
    rows = markup.get("inline_keyboard", []) if isinstance(markup, dict) else []
    return [
        {"text": str(one["text"]), "data": str(one.get("callback_data", ""))}
        for row in rows
        for one in row
    ]


def _as_telegram(message: Mapping[str, Any], chat: int) -> dict[str, Any]:
    at = int(datetime.fromisoformat(message["at"]).timestamp())
    where = {"id": chat, "type": "private", "first_name": "Probe"}
    return {"message_id": message["id"], "date": at, "chat": where, "text": message["text"]}
