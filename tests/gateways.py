"""Where calls to staff arrive when Telegram is no way: a mail server and a gateway's web hook."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


@dataclass
class Gateway:
    """Takes POSTs of JSON. `refuses`: so many with 500 first; `hangs`: takes and never answers."""

    port: int = 0
    got: list[dict[str, str]] = field(default_factory=list)
    refused: int = 0
    refuses: int = 0
    hangs: bool = False

    @property
    def template(self) -> str:
        return f"json://127.0.0.1:{self.port}/sms?:to={{to}}"

    @property
    def heard(self) -> list[tuple[str, str]]:
        """To whom, and what."""
        return [(one["to"], one["message"]) for one in self.got]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode().lower().split("\r\n")
        length = next(line for line in lines if line.startswith("content-length:"))
        body = await reader.readexactly(int(length.split(":")[1]))
        if self.refuses:
            self.refuses, self.refused = self.refuses - 1, self.refused + 1
            status = "500 Internal Server Error"
        else:
            self.got.append(json.loads(body))
            status = "200 OK"
        if self.hangs:
            await reader.read()
        else:
            writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
            await writer.drain()
        writer.close()


@dataclass
class Mail:
    """Takes mail over SMTP; `refuses`: says 451 to so many first."""

    port: int = 0
    got: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    refuses: int = 0

    @property
    def template(self) -> str:
        return f"mailto://127.0.0.1:{self.port}/?from=kith@kith.example&to={{to}}&format=text"

    @property
    def heard(self) -> list[tuple[str, str]]:
        """To whom, and what."""
        return [(",".join(to), mail.get_content().strip()) for to, mail in self.got]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to: list[str] = []
        writer.write(b"220 mail.example\r\n")
        while said := await reader.readline():
            match said[:4].upper():
                case b"RCPT" if self.refuses:
                    self.refuses -= 1
                    writer.write(b"451 try again later\r\n")
                case b"RCPT":
                    to.append(said.decode().split("<")[1].split(">")[0])
                    writer.write(b"250 ok\r\n")
                case b"DATA":
                    writer.write(b"354 go on\r\n")
                    mail = await reader.readuntil(b"\r\n.\r\n")
                    parsed = message_from_bytes(mail[:-3], policy=policy.default)
                    assert isinstance(parsed, EmailMessage)
                    self.got.append((to, parsed))
                    to = []
                    writer.write(b"250 ok\r\n")
                case b"QUIT":
                    writer.write(b"221 bye\r\n")
                    break
                case _:
                    writer.write(b"250 ok\r\n")
        writer.close()


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]


@asynccontextmanager
async def listening(place: Gateway | Mail) -> AsyncIterator[None]:
    """It takes calls on a free port, or on the one it had before."""
    async with served(place.serve, place.port) as place.port:
        yield


@asynccontextmanager
async def served(serve: Serve, port: int = 0) -> AsyncIterator[int]:
    """Each call is served on this port (0: a free one); all are broken off at the end."""
    calls: list[asyncio.Task[None]] = []
    taken: list[asyncio.Task[None] | None] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        call = asyncio.ensure_future(serve(reader, writer))
        calls.append(call)
        taken.append(asyncio.current_task())
        await asyncio.gather(call, return_exceptions=True)
        with suppress(OSError):
            writer.close()
            await writer.wait_closed()

    server = await asyncio.start_server(take, "127.0.0.1", port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for call in calls:
            call.cancel()
        await asyncio.gather(*(task for task in taken if task is not None))
