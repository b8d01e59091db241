"""The control interface: what tests, rehearsals and the page do with the playground."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import wraps
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.playground.acting import Hand, Impossible
from bot.playground.api import hung_up
from bot.playground.bodies import (
    Advance,
    Block,
    Caption,
    Edit,
    Idle,
    NewFault,
    NewGroup,
    NewPerson,
    RawUpdate,
    Spot,
    Tap,
    Words,
)
from bot.playground.people import Group, Person
from bot.playground.state import stamp
from bot.playground.turn import BotDown, Report, Turns
from bot.playground.view import View
from bot.playground.world import World

LONG_POLL = 20.0
DOWN = "The bot is not running. What was done waits for it."


Body = TypeVar("Body", bound=BaseModel)
Endpoint = Callable[[Request], Awaitable[Response]]


class Control:
    """Answers every `/play` route."""

    def __init__(self, world: World, turns: Turns) -> None:
        self._world = world
        self._turns = turns
        self._hand = Hand(world)
        self._view = View(world, turns)

    def routes(self) -> list[Route]:
        """The table of the interface."""
        table: list[tuple[str, str, Endpoint]] = [
            ("GET", "/play/people", self.people),
            ("POST", "/play/people", self.new_person),
            ("POST", "/play/people/{id:int}/group", self.new_group),
            ("GET", "/play/chats/{id}", self.chat),
            ("POST", "/play/chats/{id}/text", self.write),
            ("POST", "/play/chats/{id}/photo", self.send_photo),
            ("POST", "/play/chats/{id}/edit", self.edit),
            ("POST", "/play/chats/{id}/tap", self.tap),
            ("POST", "/play/chats/{id}/location", self.share_location),
            ("POST", "/play/chats/{id}/block", self.block),
            ("GET", "/play/clock", self.clock),
            ("POST", "/play/clock/advance", self.advance),
            ("POST", "/play/clock/next", self.advance_to_next),
            ("POST", "/play/settle", self.settle),
            ("GET", "/play/faults", self.faults),
            ("POST", "/play/faults", self.add_fault),
            ("DELETE", "/play/faults", self.clear_faults),
            ("GET", "/play/decisions", self.decisions),
            ("GET", "/play/calls", self.calls),
            ("POST", "/play/update", self.raw_update),
            ("GET", "/play/files/{id:int}", self.file),
            ("GET", "/play/state", self.state),
            ("GET", "/play/stream", self.stream),
            ("GET", "/play/bot/turn", self.turn),
            ("POST", "/play/bot/turn", self.idle),
        ]
        return [Route(path, _explained(answer), methods=[verb]) for verb, path, answer in table]

    async def people(self, _: Request) -> Response:
        return JSONResponse([person.as_json() for person in self._world.people.all()])

    async def new_person(self, request: Request) -> Response:
        new = await _body(request, NewPerson)
        return JSONResponse(self._world.people.add(new.name, new.role, new.username).as_json())

    async def new_group(self, request: Request) -> Response:
        new = await _body(request, NewGroup)
        group = self._hand.make_group(self._person(request), new.title)
        return await self._settled(group.id)

    async def chat(self, request: Request) -> Response:
        return JSONResponse(self._world.chats.as_json(self._owner(request).id))

    async def write(self, request: Request) -> Response:
        owner, words = self._owner(request), await _body(request, Words)
        if isinstance(owner, Person):
            self._hand.write(owner, words.text)
        else:
            writer = self._world.people.get(words.writer or 0)
            if writer is None:
                raise Impossible(422, 'Say who writes in the group: "as" needs a person\'s id.')
            self._hand.write_in_group(owner, writer, words.text)
        return await self._settled(owner.id)

    async def send_photo(self, request: Request) -> Response:
        person, photo = self._person(request), await _body(request, Caption)
        self._hand.send_photo(person, photo.caption)
        return await self._settled(person.id)

    async def edit(self, request: Request) -> Response:
        person, edit = self._person(request), await _body(request, Edit)
        self._hand.edit(person, edit.message_id, edit.text)
        return await self._settled(person.id)

    async def tap(self, request: Request) -> Response:
        person, tap = self._person(request), await _body(request, Tap)
        self._hand.tap(person, tap.button, tap.message_id)
        return await self._settled(person.id)

    async def share_location(self, request: Request) -> Response:
        person, spot = self._person(request), await _body(request, Spot)
        where = spot.latitude, spot.longitude
        if spot.message_id is None:
            self._hand.share_location(person, *where, spot.live_period)
        else:
            self._hand.move_location(person, spot.message_id, *where)
        return await self._settled(person.id)

    async def block(self, request: Request) -> Response:
        person, block = self._person(request), await _body(request, Block)
        self._hand.block(person, block.blocked)
        return await self._settled(person.id)

    async def clock(self, _: Request) -> Response:
        return JSONResponse(self._view.time())

    async def advance(self, request: Request) -> Response:
        by = await _body(request, Advance)
        await self._turns.advance(timedelta(seconds=by.seconds))
        return JSONResponse(self._view.time())

    async def advance_to_next(self, _: Request) -> Response:
        await self._turns.advance_to_next()
        return JSONResponse(self._view.time())

    async def settle(self, _: Request) -> Response:
        await self._turns.settle()
        return JSONResponse(self._view.time())

    async def faults(self, _: Request) -> Response:
        return JSONResponse(self._view.faults())

    async def add_fault(self, request: Request) -> Response:
        new = await _body(request, NewFault)
        self._world.faults.add(new.kind, new.rate, new.methods, new.chats, new.count)
        self._world.state.bell.ring()
        return JSONResponse(self._view.faults())

    async def clear_faults(self, _: Request) -> Response:
        self._world.faults.clear()
        self._world.state.bell.ring()
        return JSONResponse(self._view.faults())

    async def decisions(self, _: Request) -> Response:
        return JSONResponse(self._view.decisions())

    async def calls(self, request: Request) -> Response:
        """Every Bot API request since number `since`, with its answer: for the tests' judge."""
        since = _number(request, "since")
        return JSONResponse([call for call in self._world.traffic.calls if call["n"] > since])

    async def raw_update(self, request: Request) -> Response:
        """Queue an update as it is, whatever it is: what Telegram has not invented yet."""
        raw = await _body(request, RawUpdate)
        return JSONResponse({"update_id": self._world.updates.add_raw(raw.update)})

    async def file(self, request: Request) -> Response:
        file = self._world.files.get(str(request.path_params["id"]))
        if file is None:
            raise Impossible(404, "There is no such file.")
        if file.mime in ("image/png", "image/jpeg"):
            return Response(file.content, media_type=file.mime)
        shown = {"Content-Disposition": "attachment"}
        return Response(file.content, media_type="application/octet-stream", headers=shown)

    async def state(self, _: Request) -> Response:
        """Everything that the page shows."""
        return JSONResponse(self._view.everything())

    async def stream(self, _: Request) -> Response:
        """Server-sent events: the version, whenever anything changed."""
        return StreamingResponse(self._view.versions(), media_type="text/event-stream")

    async def turn(self, request: Request) -> Response:
        """The bot asks for its turn, and waits for a new one."""
        seen, turns = _number(request, "seen"), self._turns
        gone = asyncio.ensure_future(hung_up(request.receive))
        try:
            with turns.asked(gone):
                bell = self._world.state.bell
                await bell.until(lambda: turns.turn != seen, LONG_POLL, gone)
        finally:
            gone.cancel()
        clock = self._world.clock
        return JSONResponse({"turn": turns.turn, "now": stamp(clock.now()), "mode": clock.mode})

    async def idle(self, request: Request) -> Response:
        """The bot reports that it is idle in this turn."""
        said = await _body(request, Idle)
        if not all("id" in decision for decision in said.decisions):
            raise Impossible(422, "A decision needs an id.")
        report = Report(said.turn, said.next, said.pace, tuple(said.due))
        self._turns.hear(report, said.decisions)
        return JSONResponse({"turn": self._turns.turn})

    def _owner(self, request: Request) -> Person | Group:
        id = str(request.path_params["id"])
        owner = self._world.chats.find(int(id)) if id.removeprefix("-").isdecimal() else None
        if owner is None:
            raise Impossible(404, f"There is nobody with the id {id}.")
        return owner

    def _person(self, request: Request) -> Person:
        owner = self._owner(request)
        if isinstance(owner, Group):
            raise Impossible(409, "In a group, people only write.")
        return owner

    async def _settled(self, chat: int) -> Response:
        await self._turns.settle()
        return JSONResponse(self._world.chats.as_json(chat))


def _explained(answer: Endpoint) -> Endpoint:
    """What is not possible is answered with a sentence."""

    @wraps(answer)
    async def endpoint(request: Request) -> Response:
        try:
            return await answer(request)
        except Impossible as impossible:
            return JSONResponse(impossible.body, status_code=impossible.status)
        except BotDown:
            return JSONResponse({"error": DOWN}, status_code=503)

    return endpoint


async def _body(request: Request, shape: type[Body]) -> Body:
    try:
        return shape.model_validate_json(await request.body() or b"{}")
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        sentence = f"{where}: {first['msg']}." if where else f"{first['msg']}."
        raise Impossible(422, sentence) from None


def _number(request: Request, name: str) -> int:
    value = request.query_params.get(name, "0")
    if not value.removeprefix("-").isdecimal():
        raise Impossible(422, f"{name} is a whole number.")
    return int(value)
