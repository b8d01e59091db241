"""The port for whoever looks after the machine: `/healthz` for a monitor, `/metrics` for
Prometheus, and the sessions' calendar. It holds nobody's name and no secret, and belongs on
loopback all the same."""

import asyncio
from collections.abc import Sequence

import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.reports.feed import HEADERS, PATH, Feed
from bot.reports.health import Health
from bot.reports.metrics import TYPE, Metrics
from bot.serving import listen, serve

AGAIN = 30.0
"""Real seconds between tries while something else has the port."""

log = structlog.get_logger(__name__)


class Admin:
    """`run` it until it is cancelled. A port that cannot be had stops nobody's alert: it is said
    in the log and tried again."""

    def __init__(
        self,
        health: Health,
        metrics: Metrics,
        feed: Feed | None = None,
        more: Sequence[Route] = (),
        *,
        host: str,
        port: int,
        again: float = AGAIN,
    ) -> None:
        self.port: int | None = None
        self._health = health
        self._metrics = metrics
        self._place = host, port
        self._again = again
        self._feed = feed
        self._app = Starlette(
            routes=[
                Route("/healthz", self._healthz),
                Route("/metrics", self._page),
                *([] if feed is None else [Route(PATH, self._calendar)]),
                *more,
            ]
        )

    async def run(self) -> None:
        host, port = self._place
        while True:
            try:
                here = listen(host, port)
                self.port = here.getsockname()[1]
                await serve(self._app, here)
            except Exception as error:
                self.port = None
                wrong = type(error).__name__
                log.error("the admin port cannot be opened", port=port, error=wrong)
            await asyncio.sleep(self._again)

    async def _healthz(self, _: Request) -> Response:
        """200 when well, else 503, and why, in words."""
        condition = await self._health.condition()
        return JSONResponse(
            {"well": condition.well, "role": condition.role, "reasons": condition.reasons},
            status_code=200 if condition.well else 503,
        )

    async def _page(self, _: Request) -> Response:
        page = await self._metrics.page(await self._health.condition())
        return Response(page, headers={"Content-Type": TYPE})

    async def _calendar(self, _: Request) -> Response:
        assert self._feed is not None  # or nothing leads here
        return Response(await self._feed.page(), headers=HEADERS)
