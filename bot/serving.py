"""How Kith listens: one small web server, for whoever calls it."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

GRACE = 1
"""Real seconds that what is in flight may take to end when Kith stops."""

KEEP_ALIVE = 75
"""Real seconds that an idle connection stays open: longer than a proxy keeps it, or the proxy
would now and then call into one that is being closed."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. OSError when it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    here = socket.create_server((host, port), family=family, backlog=512)
    # Or every answer waits 40 ms for an acknowledgement: asyncio does not see that this is TCP.
    here.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return here


async def serve(app: ASGIApp, here: socket.socket) -> None:
    """Answer until cancelled; then nobody new is heard, and what is in flight ends in `GRACE`."""
    config = uvicorn.Config(
        app,
        interface="asgi3",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=GRACE,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve([here]), name="serving")
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await serving


class _Server(uvicorn.Server):
    """Leaves the signals to `kith run`."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
