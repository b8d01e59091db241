"""The chats: every message as Telegram describes it, and as the page and the tests see it."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from sqlite3 import Row

from bot.playground.entities import shown
from bot.playground.files import Files
from bot.playground.people import Group, People, Person
from bot.playground.state import Json, KeptClock, State, stamp, unix

ENDLESS = 0x7FFFFFFF
"""The period of a live location that never ends."""


@dataclass(frozen=True, slots=True)
class Message:
    """A kept message: `body` is Telegram's own object, `marks` what only the chat shows."""

    chat: int
    id: int
    sender: str
    body: Json
    marks: Json
    deleted: bool

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.body["date"], UTC)

    @property
    def buttons(self) -> list[list[Json]]:
        rows: list[list[Json]] = self.body.get("reply_markup", {}).get("inline_keyboard", [])
        return rows

    def live_at(self, now: datetime) -> bool:
        """Whether its live location is still being shared."""
        period = int(self.body.get("location", {}).get("live_period", 0))
        return period == ENDLESS or unix(now) < int(self.body["date"]) + period

    def changed(self, **body: object) -> "Message":
        """The message with these fields of its body; None takes one away."""
        fields = {key: value for key, value in (self.body | body).items() if value is not None}
        return replace(self, body=fields)


class Chats:
    def __init__(self, state: State, clock: KeptClock, people: People, files: Files) -> None:
        self._state = state
        self._clock = clock
        self._people = people
        self._files = files

    def find(self, id: int) -> Person | Group | None:
        return self._people.get(id) or self._people.group(id)

    def all_ids(self) -> list[int]:
        people, groups = self._people.all(), self._people.groups()
        return [person.id for person in people] + [group.id for group in groups]

    def add(self, chat: Json, author: Json, sender: str, content: Json, **marks: object) -> Message:
        """A new message in a chat; `sender` is "bot" or "user"."""
        with self._state.change():
            id = self._state.following("next message", 1)
            body = {"message_id": id, "from": author, "chat": chat}
            body |= {"date": unix(self._clock.now())} | content
            message = Message(chat["id"], id, sender, body, dict(marks), False)
            self._state.run(
                "INSERT INTO messages (chat, id, sender, body, marks) VALUES (?, ?, ?, ?, ?)",
                *(message.chat, id, sender, json.dumps(body), json.dumps(message.marks)),
            )
        return message

    def keep(self, message: Message) -> Message:
        """Keep a changed message."""
        with self._state.change():
            self._state.run(
                "UPDATE messages SET body = ?, marks = ? WHERE chat = ? AND id = ?",
                *(json.dumps(message.body), json.dumps(message.marks), message.chat, message.id),
            )
        return message

    def delete(self, message: Message) -> None:
        """Take a message out of the chat, its words too; that there was one stays visible."""
        kept = {key: message.body[key] for key in ("message_id", "from", "chat", "date")}
        with self._state.change():
            self._state.run(
                "UPDATE messages SET body = ?, marks = '{}', deleted = 1 WHERE chat = ? AND id = ?",
                *(json.dumps(kept), message.chat, message.id),
            )

    def message(self, chat: int, id: int | None) -> Message | None:
        """A message that has not been deleted."""
        sql = "SELECT * FROM messages WHERE chat = ? AND id = ? AND deleted = 0"
        row = self._state.row(sql, chat, id)
        return None if row is None else self._message(row)

    def messages(self, chat: int) -> list[Message]:
        """All of a chat, oldest first, deleted ones included."""
        rows = self._state.rows("SELECT * FROM messages WHERE chat = ? ORDER BY id", chat)
        return [self._message(row) for row in rows]

    def pop_up(self, chat: int, text: str, *, alert: bool) -> None:
        with self._state.change():
            self._state.run(
                "INSERT INTO popups (chat, text, alert, at) VALUES (?, ?, ?, ?)",
                *(chat, text, alert, stamp(self._clock.now())),
            )

    def commands(self, chat: int) -> list[Json]:
        """The commands that the bot offers in this chat: the nearest scope that has any."""
        kept: dict[str, list[Json]] = self._state.noted("commands", {})
        common = "all_private_chats" if chat > 0 else "all_group_chats"
        for scope in (f"chat:{chat}", common, "default"):
            for language in ("en", ""):
                if kept.get(f"{scope}:{language}"):
                    return kept[f"{scope}:{language}"]
        return []

    def as_json(self, id: int) -> Json:
        """The whole chat as the page and the tests see it."""
        owner = self.find(id)
        assert owner is not None
        popups = self._state.rows("SELECT * FROM popups WHERE chat = ? ORDER BY id", id)
        return {
            "id": id,
            "name": owner.name if isinstance(owner, Person) else owner.title,
            "kind": "private" if isinstance(owner, Person) else "group",
            "blocked": owner.blocked if isinstance(owner, Person) else not owner.member,
            "commands": self.commands(id),
            "messages": [self._seen(message) for message in self.messages(id)],
            "popups": [
                {"text": row["text"], "alert": bool(row["alert"]), "at": row["at"]}
                for row in popups
            ],
        }

    def _seen(self, message: Message) -> Json:
        body = message.body
        text = body.get("text") or body.get("caption") or ""
        entities = body.get("entities") or body.get("caption_entities") or []
        return {
            "message_id": message.id,
            "from": message.sender,
            "name": body["from"]["first_name"],
            "text": text,
            "html": shown(text, entities),
            "buttons": [[_button(button) for button in row] for row in message.buttons],
            "location": self._place(message),
            "document": self._document(body.get("document")),
            "photo": self._photo(body.get("photo")),
            "protected": body.get("has_protected_content", False),
            "edited": message.marks.get("edited", False),
            "deleted": message.deleted,
            "pinned": message.marks.get("pinned", False),
            "silent": message.marks.get("silent", False),
            "reactions": message.marks.get("reactions", []),
            "at": stamp(message.at),
        }

    def _place(self, message: Message) -> Json | None:
        spot = message.body.get("location")
        if not spot:
            return None
        place = {"latitude": spot["latitude"], "longitude": spot["longitude"]}
        place["live"] = "live_period" in spot and message.live_at(self._clock.now())
        venue = message.body.get("venue", {})
        return place | {key: venue[key] for key in ("title", "address") if key in venue}

    def _photo(self, sizes: list[Json] | None) -> Json | None:
        file = self._files.get(sizes[-1]["file_id"]) if sizes else None
        if not sizes or not file:
            return None
        width, height = sizes[-1]["width"], sizes[-1]["height"]
        return {"url": f"/play/files/{file.id}", "width": width, "height": height}

    def _document(self, document: Json | None) -> Json | None:
        file = self._files.get(document["file_id"]) if document else None
        if not file:
            return None
        about = {"url": f"/play/files/{file.id}", "name": file.name, "mime": file.mime}
        return about | {"size": len(file.content)}

    @staticmethod
    def _message(row: Row) -> Message:
        body, marks = json.loads(row["body"]), json.loads(row["marks"])
        return Message(row["chat"], row["id"], row["sender"], body, marks, bool(row["deleted"]))


def _button(button: Json) -> Json:
    seen = {"text": button["text"]}
    if "callback_data" in button:
        seen["data"] = button["callback_data"]
    return seen | {key: button[key] for key in ("url", "style") if key in button}
