"""The playground as one web server on loopback."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.playground.api import Api
from bot.playground.control import Control
from bot.playground.delivery import Webhook
from bot.playground.people import People
from bot.playground.turn import Turns
from bot.playground.world import PATIENT, Patience, World, open_world

TOKEN = "4000001:the-playground-opens-nothing-else"
PAGE = Path(__file__).parent / "page"
GRACE = 2
"""Real seconds that what is in flight may take to end when the playground is closed."""

POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"


class Playground:
    """A playground that keeps its state in the folder `data`.

    `serve` answers with its address; `people` may be asked and added to at any time.
    """

    def __init__(
        self,
        data: Path,
        *,
        clock: Literal["hand", "real"] = "hand",
        start: datetime | None = None,
        patience: Patience = PATIENT,
    ) -> None:
        self._world = open_world(data, hand_set=clock == "hand", start=start, patience=patience)
        self._turns = Turns(self._world)
        self._serving: asyncio.Task[None] | None = None
        self._delivering: asyncio.Task[None] | None = None
        self._server: _Server | None = None
        self.app = _app(self._world, self._turns)

    @property
    def people(self) -> People:
        return self._world.people

    async def serve(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen, and answer with the address; port 0 takes a free one."""
        listening = socket.create_server((host, port))
        # Or every answer waits 40 ms for an acknowledgement: asyncio does not see that this is TCP.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        config = uvicorn.Config(
            self.app,
            http=_Line,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_keep_alive=300,
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve([listening]))
        self._delivering = asyncio.create_task(Webhook(self._world).run())
        return f"http://{host}:{listening.getsockname()[1]}"

    async def closed(self) -> None:
        """Wait until the playground is closed."""
        if self._serving:
            await asyncio.shield(self._serving)

    async def close(self) -> None:
        """Stop listening; everything is already kept."""
        self._world.state.bell.close()
        if self._server and self._serving and self._delivering:
            self._server.stop()
            await self._serving
            self._delivering.cancel()
            with suppress(asyncio.CancelledError):
                await self._delivering
        self._world.state.close()


def build(
    data: Path, *, clock: Literal["hand", "real"] = "hand", start: datetime | None = None
) -> Starlette:
    """The web application alone, for whoever serves it differently."""
    return Playground(data, clock=clock, start=start).app


def _app(world: World, turns: Turns) -> Starlette:
    api = Api(world)
    verbs = ["GET", "POST"]
    app = Starlette(
        routes=[
            Route("/", _index),
            Mount("/page", StaticFiles(directory=PAGE, check_dir=False)),
            *Control(world, turns).routes(),
            Route("/bot{token}/{method}", api.answer, methods=verbs),
            Route("/file/bot{token}/{path:path}", api.file),
        ]
    )
    app.add_middleware(_Guard)
    return app


async def _index(_: Request) -> Response:
    page = PAGE / "index.html"
    return FileResponse(page) if page.exists() else PlainTextResponse("The page is not built in.")


class _Guard:
    """Refuses whoever is not on this machine, and pages of other sites that reach for it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if not _from_here(scope):
            refused = PlainTextResponse("Only this machine may play here.", status_code=403)
            await refused(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = POLICY
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                headers["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, answer)


def _from_here(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    host, origin = headers.get("host", ""), headers.get("origin")
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    return (
        bool(scope["client"])
        and _loopback(scope["client"][0])
        and (name == "localhost" or _loopback(name.strip("[]")))
        and origin in (None, f"http://{host}")
    )


def _loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


class _Line(H11Protocol):
    """A connection that the application may hang up without an answer, as a bad line does."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        app = self.app

        async def with_hang_up(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})["hang_up"] = transport.abort
            await app(scope, receive, send)

        self.app = with_hang_up


class _Server(uvicorn.Server):
    """Leaves the signals to whoever starts the playground, and ends as soon as it may: uvicorn's
    own looks every tenth of a second, which each of thousands of tests would wait for."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._told = asyncio.Event()

    def stop(self) -> None:
        self.should_exit = True
        self._told.set()

    async def main_loop(self) -> None:
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._told.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Hear nobody new; whoever waits for an answer has it in `GRACE`, or not at all."""
        for here in (*self.servers, *(sockets or ())):
            here.close()
        state = self.server_state
        for connection in list(state.connections):
            connection.shutdown()
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                while state.connections or state.tasks:  # noqa: ASYNC110 -- no one event says it
                    await asyncio.sleep(0.002)
                for server in self.servers:
                    await server.wait_closed()
        for task in state.tasks:
            task.cancel()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
