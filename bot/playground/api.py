"""The Bot API: a table of methods, and what happens to a request on its way to one."""

import asyncio
import re
import time
from collections.abc import Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive

from bot.playground import account, delivery, editing, sending
from bot.playground.call import Call, Method
from bot.playground.delivery import Polling
from bot.playground.limits import Refusal
from bot.playground.request import Params, read_params
from bot.playground.state import Json
from bot.playground.world import World

METHODS: dict[str, Method] = {
    name.lower(): method
    for table in (account.METHODS, sending.METHODS, editing.METHODS, delivery.METHODS)
    for name, method in table.items()
}
SENDS = frozenset(name.lower() for name in sending.METHODS)
GET_UPDATES = "getupdates"
TOKEN = re.compile(r"(\d{1,15}):[A-Za-z0-9_-]{20,}")


async def hung_up(receive: Receive) -> None:
    """Returns when the client's connection is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


class Api:
    """Answers `/bot{token}/{method}` and `/file/bot{token}/{path}`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._polling = Polling(world)

    async def answer(self, request: Request) -> Response:
        token = TOKEN.fullmatch(request.path_params["token"])
        name = request.path_params["method"].lower()
        if not token:
            return _refused(Refusal(401, "Unauthorized"))
        if name not in METHODS and name != GET_UPDATES:
            return _refused(Refusal(404, "Not Found"))
        try:
            params = await read_params(request)
        except Refusal as refusal:
            return _refused(refusal)
        except ClientDisconnect:  # it was killed while it asked
            return Response()
        traffic, bell = self._world.traffic, self._world.state.bell
        gone = asyncio.ensure_future(hung_up(request.receive))
        counted = name != GET_UPDATES
        traffic.made += counted
        traffic.in_flight[name] += counted
        try:
            bot = self._world.bot(int(token[1]))
            return await self._carried_out(request, name, Call(self._world, bot, params), gone)
        finally:
            gone.cancel()
            traffic.in_flight[name] -= counted
            bell.ring(seen=False)

    async def file(self, request: Request) -> Response:
        file = self._world.files.get(request.path_params["path"])
        if not TOKEN.fullmatch(request.path_params["token"]) or file is None:
            return _refused(Refusal(404, "Not Found"))
        return Response(file.content, media_type="application/octet-stream")

    async def _carried_out(
        self, request: Request, name: str, call: Call, gone: "asyncio.Future[None]"
    ) -> Response:
        """Let a standing fault have its way with the request."""
        fault = self._world.faults.strike(name, _chat(call.params))
        if fault and fault.kind == "reset":
            return await _dropped(request, gone)
        if fault and fault.kind == "half_open":
            return await self._held(request, gone)
        refusal = fault.refusal() if fault else None
        if refusal:
            self._record(request, call.params, error=refusal.description)
            return _refused(refusal)
        answer = await self._asked(request, name, call, gone)
        if fault and fault.kind == "timeout":  # it was done, but nobody hears of it
            return await self._held(request, gone)
        if fault:
            await asyncio.sleep(self._world.patience.slow)
        return answer

    async def _held(self, request: Request, gone: "asyncio.Future[None]") -> Response:
        """Keep the answer back until nobody waits for it any more."""
        await self._world.state.bell.until(lambda: False, self._world.patience.hold, gone)
        return await _dropped(request, gone)

    async def _asked(
        self, request: Request, name: str, call: Call, gone: "asyncio.Future[None]"
    ) -> Response:
        try:
            if name == GET_UPDATES:
                result: object = await self._polling.get_updates(call.params, gone)
            else:
                if name in SENDS:
                    now = self._world.clock.now()
                    self._world.flood.check(_chat(call.params) or 0, now, time.monotonic())
                result = METHODS[name](call)
        except Refusal as refusal:
            self._record(request, call.params, error=refusal.description)
            return _refused(refusal)
        if name != GET_UPDATES or result:
            self._record(request, call.params, result=result)
        return JSONResponse({"ok": True, "result": result})

    def _record(self, request: Request, params: Params, **outcome: object) -> None:
        files = {name: f"attach://{name}" for name in params.uploads if name not in params.values}
        asked: Json = {
            "method": request.path_params["method"],
            "params": dict(params.values) | files,
        }
        self._world.traffic.record(asked | outcome)


def _chat(params: Params) -> int | None:
    try:
        return int(params.text("chat_id") or "")
    except ValueError:
        return None


def _refused(refusal: Refusal) -> Response:
    return JSONResponse(refusal.as_json(), status_code=refusal.code)


async def _dropped(request: Request, gone: "asyncio.Future[None]") -> Response:
    """Close the connection without a word."""
    hang_up: Callable[[], None] = request.scope["extensions"]["hang_up"]
    hang_up()
    await gone
    return Response()
