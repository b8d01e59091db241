"""The playground's control interface as tests speak it: people, what they do, and time.

async with playing(tmp_path) as play:
    sam = await play.new_person("Sam", role="person")
    chat = await play.write(sam.id, "/out")
    assert "Café" in chat.buttons
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Self

import httpx

from bot.network import trusted
from bot.playground.faults import Kind
from bot.playground.server import Playground
from bot.playground.world import PATIENT, Patience

MONDAY_MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LONGEST = 180.0
"""Real seconds to wait for an answer: settling has its own, shorter bounds."""


class Refused(Exception):
    """The playground said no: an HTTP status and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(f"{status}: {sentence}")
        self.status = status
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str
    role: str | None


@dataclass(frozen=True, slots=True)
class Button:
    text: str
    data: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat; `sender` is "bot" or "user", `rows` its inline keyboard."""

    id: int
    sender: str
    text: str
    html: str
    rows: tuple[tuple[Button, ...], ...]
    location: Mapping[str, Any] | None
    photo: Mapping[str, Any] | None
    document: Mapping[str, Any] | None
    protected: bool
    edited: bool
    deleted: bool
    pinned: bool
    silent: bool
    reactions: tuple[str, ...]
    at: datetime

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons."""
        return [button.text for row in self.rows for button in row]

    @property
    def data(self) -> list[str]:
        """The callback data of its buttons."""
        return [button.data for row in self.rows for button in row if button.data]


@dataclass(frozen=True, slots=True)
class Popup:
    text: str
    alert: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Chat:
    """One user's chat with the bot, oldest message first."""

    id: int
    name: str
    blocked: bool
    commands: tuple[str, ...]
    messages: tuple[Message, ...]
    popups: tuple[Popup, ...]

    @property
    def from_bot(self) -> list[Message]:
        """What the bot said and has not deleted."""
        return [one for one in self.messages if one.sender == "bot" and not one.deleted]

    @property
    def texts(self) -> list[str]:
        """What the bot said, in words."""
        return [message.text for message in self.from_bot]

    @property
    def last(self) -> Message:
        """The bot's newest message."""
        return self.from_bot[-1]

    @property
    def buttons(self) -> list[str]:
        """The labels of every button that still stands in the chat, oldest first."""
        return [label for message in self.from_bot for label in message.buttons]

    def since(self, before: "Chat") -> list[str]:
        """What the bot has said since that look at the chat."""
        newest = max((message.id for message in before.messages), default=0)
        return [message.text for message in self.from_bot if message.id > newest]


@dataclass(frozen=True, slots=True)
class Time:
    """Kith's time, whose hand moves it, and when something is due next."""

    now: datetime
    mode: str
    next: datetime | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What the gate decided; `text` is the plain sentence."""

    id: str
    at: str | None
    about: str | None
    to: str | None
    topic: str | None
    effect: str | None
    reason: str | None
    text: str


class Play:
    """A client of the control interface at `address`."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.http = httpx.AsyncClient(
            base_url=address, timeout=LONGEST, trust_env=False, verify=trusted()
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def people(self) -> list[Person]:
        return [Person(**person) for person in await self._ask("GET", "people")]

    async def new_person(self, name: str, role: str | None = None) -> Person:
        """A new Telegram user; without a role, one who has never written to the bot."""
        return Person(**await self._ask("POST", "people", {"name": name, "role": role}))

    async def person(self, name: str) -> Person:
        """The first person of that name."""
        return next(person for person in await self.people() if person.name == name)

    async def new_group(self, person: int, title: str) -> Chat:
        return _chat(await self._ask("POST", f"people/{person}/group", {"title": title}))

    async def chat(self, id: int) -> Chat:
        return _chat(await self._ask("GET", f"chats/{id}"))

    async def write(self, id: int, text: str, *, writer: int | None = None) -> Chat:
        """Write to the bot; in a group, `writer` does."""
        body = {"text": text} | ({"as": writer} if writer else {})
        return _chat(await self._ask("POST", f"chats/{id}/text", body))

    async def edit(self, id: int, message_id: int, text: str) -> Chat:
        """Change the words of an own message."""
        body = {"message_id": message_id, "text": text}
        return _chat(await self._ask("POST", f"chats/{id}/edit", body))

    async def send_photo(self, id: int, caption: str | None = None) -> Chat:
        return _chat(await self._ask("POST", f"chats/{id}/photo", {"caption": caption}))

    async def tap(self, id: int, button: str, message_id: int | None = None) -> Chat:
        """Tap the newest button whose label contains, or whose data equals, `button`."""
        body = {"button": button, "message_id": message_id}
        return _chat(await self._ask("POST", f"chats/{id}/tap", body))

    async def location(
        self,
        id: int,
        latitude: float,
        longitude: float,
        *,
        live_period: int | None = None,
        message_id: int | None = None,
    ) -> Chat:
        """Share where one is; live for so many seconds, or move a live one to here."""
        body = {"latitude": latitude, "longitude": longitude}
        more = {"live_period": live_period, "message_id": message_id}
        return _chat(await self._ask("POST", f"chats/{id}/location", body | more))

    async def block(self, id: int, blocked: bool = True) -> Chat:
        return _chat(await self._ask("POST", f"chats/{id}/block", {"blocked": blocked}))

    async def clock(self) -> Time:
        return _time(await self._ask("GET", "clock"))

    async def advance(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> Time:
        """Move Kith's time; whatever falls due on the way happens at its moment."""
        by = timedelta(seconds=seconds, minutes=minutes, hours=hours).total_seconds()
        return _time(await self._ask("POST", "clock/advance", {"seconds": by}))

    async def next(self) -> Time:
        """Move Kith's time to the next thing that happens."""
        return _time(await self._ask("POST", "clock/next"))

    async def settle(self) -> Time:
        return _time(await self._ask("POST", "settle"))

    async def faults(
        self,
        kind: Kind,
        rate: float = 1.0,
        *,
        methods: Sequence[str] | None = None,
        chats: Sequence[int] | None = None,
        count: int | None = None,
    ) -> None:
        """Make the Bot API misbehave; faults add up until `clear_faults`."""
        body = {"kind": kind, "rate": rate, "methods": methods, "chats": chats, "count": count}
        await self._ask("POST", "faults", body)

    async def clear_faults(self) -> None:
        await self._ask("DELETE", "faults")

    async def decisions(self) -> list[Decision]:
        fields = Decision.__dataclass_fields__
        return [
            Decision(**{name: said.get(name) for name in fields})
            for said in await self._ask("GET", "decisions")
        ]

    async def state(self) -> dict[str, Any]:
        """Everything that the page shows."""
        state: dict[str, Any] = await self._ask("GET", "state")
        return state

    async def chats(self) -> dict[int, Chat]:
        """Everybody's chat, by the id of its owner."""
        return {int(id): _chat(said) for id, said in (await self.state())["chats"].items()}

    async def calls(self, since: int = 0) -> list[dict[str, Any]]:
        """The Bot API requests so far, with their answers: what `tests.judge` judges."""
        calls: list[dict[str, Any]] = await self._ask("GET", f"calls?since={since}")
        return calls

    async def raw_update(self, update: Mapping[str, object]) -> int:
        """Queue an update as it is, malformed or forged; answers with its id. Does not settle."""
        said = await self._ask("POST", "update", {"update": dict(update)})
        return int(said["update_id"])

    async def _ask(self, verb: str, path: str, body: object = None) -> Any:
        answer = await self.http.request(verb, f"/play/{path}", json=body)
        if answer.is_error:
            raise Refused(answer.status_code, answer.json()["error"])
        return answer.json()


@asynccontextmanager
async def playing(
    data: Path,
    *,
    clock: Literal["hand", "real"] = "hand",
    start: datetime | None = MONDAY_MORNING,
    patience: Patience = PATIENT,
    port: int = 0,
) -> AsyncIterator[Play]:
    """A playground of this process, served on a free port unless one is given."""
    playground = Playground(data, clock=clock, start=start, patience=patience)
    try:
        async with Play(await playground.serve(port=port)) as play:
            yield play
    finally:
        await playground.close()


def _chat(said: Mapping[str, Any]) -> Chat:
    return Chat(
        said["id"],
        said["name"],
        said["blocked"],
        tuple(command["command"] for command in said["commands"]),
        tuple(map(_message, said["messages"])),
        tuple(Popup(one["text"], one["alert"], _moment(one["at"])) for one in said["popups"]),
    )


def _message(said: Mapping[str, Any]) -> Message:
    rows = tuple(
        tuple(Button(one["text"], one.get("data"), one.get("url")) for one in row)
        for row in said["buttons"]
    )
    same = ("text", "html", "location", "photo", "document")
    marks = ("protected", "edited", "deleted", "pinned", "silent")
    return Message(
        id=said["message_id"],
        sender=said["from"],
        rows=rows,
        reactions=tuple(said["reactions"]),
        at=_moment(said["at"]),
        **{name: said[name] for name in same + marks},
    )


def _time(said: Mapping[str, Any]) -> Time:
    return Time(_moment(said["now"]), said["mode"], _moment(said["next"]) if said["next"] else None)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
