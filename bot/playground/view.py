"""What the page shows: one object with everything, and a stream that says when to look again."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.playground.state import Json, stamp
from bot.playground.turn import Turns
from bot.playground.world import World

STILL_HERE = 20.0
"""Real seconds after which a silent stream says that it is still there."""


@dataclass(frozen=True, slots=True)
class View:
    world: World
    turns: Turns

    def time(self) -> Json:
        clock, due = self.world.clock, self.turns.report.next
        return {"now": stamp(clock.now()), "mode": clock.mode, "next": due and stamp(due)}

    def decisions(self) -> list[Json]:
        rows = self.world.state.rows("SELECT body FROM decisions ORDER BY rowid")
        return [json.loads(row["body"]) for row in rows]

    def faults(self) -> list[Json]:
        return [fault.as_json() for fault in self.world.faults.standing]

    def everything(self) -> Json:
        chats = self.world.chats
        return {
            "version": self.world.state.bell.version,
            "clock": self.time(),
            "bot": self._bot(),
            "people": [person.as_json() for person in self.world.people.all()],
            "chats": {str(id): chats.as_json(id) for id in chats.all_ids()},
            "decisions": self.decisions(),
            "due": list(self.turns.report.due),
            "health": self._health(),
        }

    async def versions(self) -> AsyncIterator[str]:
        """Server-sent events: the version, now and whenever anything changed."""
        bell, told = self.world.state.bell, 0
        while not bell.closing:
            if bell.version > told:
                told = bell.version
                yield f"data: {json.dumps({'version': told})}\n\n"
            elif not await bell.until(bell.newer(told), STILL_HERE):
                yield ": still here\n\n"

    def _bot(self) -> str:
        return "up" if self.turns.up else "down"

    def _health(self) -> Json:
        in_flight = self.world.traffic.in_flight
        return {
            "bot": self._bot(),
            "mode": self.world.clock.mode,
            "pending_updates": self.world.updates.count(),
            "in_flight": sorted(name for name, n in in_flight.items() if n),
            "faults": self.faults(),
            "webhook": (self.world.state.noted("webhook") or {}).get("url"),
        }
