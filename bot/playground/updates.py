"""What the users did and the bot has not yet confirmed."""

import json

from bot.playground.state import Json, State

UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""The kinds that Telegram sends only to a bot that names them."""


class Updates:
    """The queue towards the bot: an update leaves it when the bot confirms it."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.made = 0
        """How many were queued since the start."""

    def add(self, kind: str, body: Json) -> None:
        """Queue an update, if the bot wants that kind."""
        asked = self._state.noted("allowed updates", [])
        if kind in asked or (not asked and kind not in UNASKED):
            self.add_raw({kind: body})

    def add_raw(self, update: Json) -> int:
        """Queue an update as it is, under the next id."""
        with self._state.change():
            id = self._state.following("next update", 700001)
            body = json.dumps({"update_id": id} | update)
            self._state.run("INSERT INTO updates VALUES (?, ?)", id, body)
        self.made += 1
        return id

    def allow(self, kinds: object) -> None:
        """Remember which kinds the bot wants; an empty list means the usual ones."""
        if isinstance(kinds, list) and kinds != self._state.noted("allowed updates", []):
            with self._state.change(seen=False):
                self._state.note("allowed updates", kinds)

    def allowed(self) -> list[str]:
        kinds: list[str] = self._state.noted("allowed updates", [])
        return kinds

    def confirm(self, offset: int) -> None:
        """Drop every update before `offset`; a negative one keeps that many, from the end."""
        if offset < 0:
            newest = self._state.rows("SELECT id FROM updates ORDER BY id DESC LIMIT ?", -offset)
            offset = newest[-1]["id"] if newest else 0
        if self._state.row("SELECT 1 FROM updates WHERE id < ?", offset):
            with self._state.change(seen=False):
                self._state.run("DELETE FROM updates WHERE id < ?", offset)

    def waiting(self, limit: int = 100) -> list[Json]:
        """The oldest unconfirmed updates, in order."""
        rows = self._state.rows("SELECT body FROM updates ORDER BY id LIMIT ?", limit)
        return [json.loads(row["body"]) for row in rows]

    def count(self) -> int:
        row = self._state.row("SELECT count(*) AS n FROM updates")
        return int(row["n"]) if row else 0

    def drop(self) -> None:
        with self._state.change(seen=False):
            self._state.run("DELETE FROM updates")
