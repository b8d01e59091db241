"""A small, fast Bot API server in a process of its own; both sides of a figure speak to it.

It takes every message and remembers when it came. It can refuse some chats as Telegram refuses
a flood, and it can be the people: `tap` gives each of them a button to press, and the next one
only when the last was answered. Times are seconds of the machine's monotonic clock, which every
process of one machine shares.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs
from urllib.request import Request, urlopen

TOKEN = "4000001:a-benchmark-opens-nothing"
ME = {"id": 4000001, "is_bot": True, "first_name": "Kith", "username": "kith_bench_bot"}
HEAD = "HTTP/1.1 {} OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n"


Arrival = tuple[float, int, str, int]
"""When a call came, to which chat, by which method, and with which status it was answered."""


@dataclass(slots=True)
class Tapping:
    """People who tap until so many taps are done: by chat, the data of each one's button."""

    buttons: dict[int, str]
    left: int
    began: dict[int, float] = field(default_factory=dict)
    heard: dict[int, set[str]] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)
    first: float = 0.0
    last: float = 0.0


class Api:
    """What the server knows; `answer` is the Bot API, `control` the benchmark's own hand."""

    def __init__(self) -> None:
        self.arrived: list[Arrival] = []
        self.updates: deque[dict[str, Any]] = deque()
        self.tapping: Tapping | None = None
        self.fetched: float | None = None  # when the first updates were asked for
        self.flood: tuple[int, int, int] | None = None  # below this chat id, a second, retry_after
        self._let_through: deque[float] = deque()
        self._numbers = 0
        self._waiting: list[asyncio.Future[None]] = []

    async def answer(self, method: str, given: Mapping[str, Any]) -> tuple[int, Any]:
        if method == "getUpdates":
            self.fetched = self.fetched or time.monotonic()
            return 200, await self._updates(given)
        chat = int(given.get("chat_id", 0))
        now = time.monotonic()
        refused = self._refusal(chat, now) if method == "sendMessage" else None
        status = 200 if refused is None else 429
        if chat or method == "answerCallbackQuery":
            self.arrived.append((now, chat, method, status))
        if refused is not None:
            return 429, refused
        self._heard(method, chat, given, now)
        if method in ("sendMessage", "editMessageText"):
            return 200, self._message(chat)
        return 200, ME if method == "getMe" else True

    def control(self, word: str, given: Mapping[str, Any]) -> Any:
        if word == "arrived":
            arrived, self.arrived = self.arrived, []
            return arrived
        if word == "fetched":
            return self.fetched
        if word == "flood":
            self.flood = (given["below"], given["per_second"], given["retry_after"])
            return True
        if word == "tap":
            buttons = {int(chat): data for chat, data in given["buttons"].items()}
            self.tapping = Tapping(buttons, given["taps"], first=time.monotonic())
            for chat in list(buttons):
                self._press(self.tapping, chat)
            return True
        assert word == "tapped"
        done = self.tapping
        assert done is not None
        return {"left": done.left + len(done.began), "took": done.took, "s": done.last - done.first}

    def _refusal(self, chat: int, now: float) -> dict[str, Any] | None:
        if self.flood is None or chat >= self.flood[0]:
            return None
        _, per_second, wait = self.flood
        while self._let_through and self._let_through[0] <= now - 1.0:
            self._let_through.popleft()
        if len(self._let_through) < per_second:
            self._let_through.append(now)
            return None
        return {"parameters": {"retry_after": wait}, "description": "Too Many Requests"}

    def _press(self, tapping: Tapping, chat: int) -> None:
        tapping.left -= 1
        self._numbers += 1
        user = {"id": chat, "is_bot": False, "first_name": "Sam"}
        query = {
            "id": str(chat),
            "from": user,
            "chat_instance": "1",
            "data": tapping.buttons[chat],
            "message": self._message(chat),
        }
        self.updates.append({"update_id": self._numbers, "callback_query": query})
        tapping.began[chat] = time.monotonic()
        tapping.heard[chat] = set()
        self._ring()

    def _heard(self, method: str, chat: int, given: Mapping[str, Any], now: float) -> None:
        """A tap is done when it was answered and something was said to it."""
        tapping = self.tapping
        if tapping is None:
            return
        if method == "answerCallbackQuery":
            chat = int(given["callback_query_id"])
        if chat not in tapping.began:
            return
        tapping.heard[chat].add(method)
        if {"answerCallbackQuery", "sendMessage"} <= tapping.heard[chat]:
            tapping.took.append(now - tapping.began.pop(chat))
            tapping.last = now
            if tapping.left > 0:
                self._press(tapping, chat)

    async def _updates(self, given: Mapping[str, Any]) -> list[dict[str, Any]]:
        offset = int(given.get("offset", 0))
        while self.updates and self.updates[0]["update_id"] < offset:
            self.updates.popleft()
        if not self.updates and float(given.get("timeout", 0)):
            ring: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(ring)
            await asyncio.wait([ring], timeout=float(given["timeout"]))
        return list(self.updates)[:100]

    def _ring(self) -> None:
        waiting, self._waiting = self._waiting, []
        for ring in waiting:
            if not ring.done():
                ring.set_result(None)

    def _message(self, chat: int) -> dict[str, Any]:
        self._numbers += 1
        return {
            "message_id": self._numbers,
            "date": 1,
            "chat": {"id": chat, "type": "private", "first_name": "Sam"},
            "text": "x",
        }


class Line(asyncio.Protocol):
    """Just enough HTTP: one request after the other, each with its length."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._held = b""
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        while (end := self._held.find(b"\r\n\r\n")) >= 0:
            lines = self._held[:end].decode("latin-1").split("\r\n")
            headers = {
                name.lower(): value for name, _, value in (line.partition(": ") for line in lines)
            }
            length = int(headers.get("content-length", 0))
            if len(self._held) < end + 4 + length:
                return
            body, self._held = (
                self._held[end + 4 : end + 4 + length],
                self._held[end + 4 + length :],
            )
            given = _given(body, headers.get("content-type", ""))
            task = asyncio.create_task(self._serve(lines[0].split(" ")[1], given))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _serve(self, path: str, given: Mapping[str, Any]) -> None:
        word = path.rpartition("/")[2].partition("?")[0]
        if path.startswith("/bench/"):
            self._reply(200, self._api.control(word, given))
            return
        status, result = await self._api.answer(word, given)
        if status == 200:
            self._reply(200, {"ok": True, "result": result})
        else:
            self._reply(status, {"ok": False, "error_code": status, **result})

    def _reply(self, status: int, value: Any) -> None:
        body = json.dumps(value).encode()
        self._transport.write(HEAD.format(status, len(body)).encode() + body)


def _given(body: bytes, kind: str) -> dict[str, Any]:
    if not body:
        return {}
    if kind.startswith("application/json"):
        return dict(json.loads(body))
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


@dataclass(frozen=True, slots=True)
class Telegram:
    """The running server, from outside."""

    address: str

    def ask(self, word: str, **given: Any) -> Any:
        asked = Request(
            f"{self.address}/bench/{word}",
            data=json.dumps(given).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urlopen(asked) as response:
            return json.load(response)

    def tap(self, buttons: Mapping[int, str], taps: int) -> None:
        """Each chat taps its button again and again, until so many taps are done in all."""
        self.ask("tap", buttons=dict(buttons), taps=taps)

    def arrived(self) -> list[Arrival]:
        """Asked for once."""
        return [tuple(one) for one in self.ask("arrived")]


@contextmanager
def telegram() -> Iterator[Telegram]:
    """The server in a process of its own, ended afterwards."""
    command = [sys.executable, "-m", "benchmarks.telegram"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Telegram(process.stdout.readline().strip())
        finally:
            process.terminate()


async def _serve(ready: Callable[[str], None]) -> None:
    api = Api()
    server = await asyncio.get_running_loop().create_server(lambda: Line(api), "127.0.0.1", 0)
    ready(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(lambda address: print(address, flush=True)))
