"""The Telegram users that the playground knows, and the groups they make."""

from dataclasses import dataclass

from bot.playground.state import Json, State


@dataclass(frozen=True, slots=True)
class Person:
    """A Telegram user. `role`: what the sample data made them; `started`: the bot may write."""

    id: int
    name: str
    role: str | None
    username: str | None
    started: bool
    blocked: bool

    def as_user(self) -> Json:
        """The user as Telegram describes them."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.name}
        if self.username:
            user["username"] = self.username
        return user | {"language_code": "en"}

    def as_chat(self) -> Json:
        """Their private chat as Telegram describes it."""
        chat: Json = {"id": self.id, "type": "private", "first_name": self.name}
        return chat | ({"username": self.username} if self.username else {})

    def as_json(self) -> Json:
        return {"id": self.id, "name": self.name, "role": self.role}


@dataclass(frozen=True, slots=True)
class Group:
    """A group that somebody added the bot to; `member`: the bot is still in it."""

    id: int
    title: str
    member: bool

    def as_chat(self) -> Json:
        return {"id": self.id, "type": "group", "title": self.title}


class People:
    """Who is there. Ids are stable, beginning at 100001."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(
        self,
        name: str,
        role: str | None = None,
        username: str | None = None,
        *,
        started: bool | None = None,
    ) -> Person:
        """A new user. One with a role has already started the bot, unless told otherwise."""
        with self._state.change():
            id = self._state.following("next person", 100001)
            begun = role is not None if started is None else started
            self._state.run(
                "INSERT INTO people (id, name, role, username, started) VALUES (?, ?, ?, ?, ?)",
                *(id, name, role, username, begun),
            )
        return Person(id, name, role, username, begun, False)

    def all(self) -> list[Person]:
        rows = self._state.rows("SELECT * FROM people ORDER BY id")
        return [self._person(tuple(row)) for row in rows]

    def get(self, id: int) -> Person | None:
        row = self._state.row("SELECT * FROM people WHERE id = ?", id)
        return None if row is None else self._person(tuple(row))

    def start(self, id: int) -> None:
        """They have written to the bot, so the bot may write to them."""
        self._state.run("UPDATE people SET started = 1 WHERE id = ?", id)

    def block(self, id: int, blocked: bool) -> bool:
        """True when that changed anything."""
        sql = "UPDATE people SET blocked = ? WHERE id = ? AND blocked <> ?"
        with self._state.change():
            return self._state.run(sql, blocked, id, blocked) == 1

    def add_group(self, title: str) -> Group:
        with self._state.change():
            id = -self._state.following("next group", 200001)
            self._state.run("INSERT INTO groups (id, title) VALUES (?, ?)", id, title)
        return Group(id, title, True)

    def group(self, id: int) -> Group | None:
        row = self._state.row("SELECT * FROM groups WHERE id = ?", id)
        return None if row is None else Group(row["id"], row["title"], bool(row["member"]))

    def groups(self) -> list[Group]:
        ids = [row["id"] for row in self._state.rows("SELECT id FROM groups ORDER BY id DESC")]
        return [group for id in ids if (group := self.group(id))]

    def leave_group(self, id: int) -> None:
        self._state.run("UPDATE groups SET member = 0 WHERE id = ?", id)

    @staticmethod
    def _person(row: tuple[int, str, str | None, str | None, int, int]) -> Person:
        id, name, role, username, started, blocked = row
        return Person(id, name, role, username, bool(started), bool(blocked))
