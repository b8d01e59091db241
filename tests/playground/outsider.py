"""A small bot on the playground's clock: it speaks the turn channel as Kith's own side must.

`/remind N` says "Reminder" N seconds later, `/burst N` sends N messages a second apart,
`/ask` shows a button, `/stuck` leaves something that is due for ever, `/slow` never becomes idle;
anything else is repeated.
"""

import asyncio
import itertools
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from bot.network import trusted
from bot.playground.server import TOKEN

LITTLE = timedelta(seconds=2)
"""A pause that the playground may skip by itself."""


class Outsider:
    def __init__(self, address: str) -> None:
        self.http = httpx.AsyncClient(
            base_url=address, timeout=60, trust_env=False, verify=trusted()
        )
        self.now = datetime.min.replace(tzinfo=UTC)
        self.said_at: list[datetime] = []
        self.turns = 0
        self._reminders: list[tuple[datetime, int]] = []
        self._burst: list[tuple[datetime, int]] = []
        self._decisions = itertools.count(1)
        self._working = asyncio.Lock()
        self._stuck = False
        self._heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def run(self) -> None:
        """Live until cancelled."""
        async with self.http, asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen())
            tasks.create_task(self._take_turns())
            tasks.create_task(self._poll())

    async def _poll(self) -> None:
        offset = 0
        while True:
            updates = await self._call("getUpdates", offset=offset, timeout=30)
            async with self._working:
                for update in updates:
                    await self._handle(update)
                    offset = update["update_id"] + 1

    async def _listen(self) -> None:
        seen = 0
        while True:
            answer = await self.http.get(
                "/play/bot/turn", params={"seen": seen, "name": "outsider"}
            )
            if answer.json()["turn"] != seen:
                seen = answer.json()["turn"]
                self._heard.put_nowait(answer.json())

    async def _take_turns(self) -> None:
        while True:
            turn = await self._heard.get()
            async with self._working:
                self.now = datetime.fromisoformat(turn["now"])
                decisions = await self._work()
                body = {"turn": turn["turn"], "decisions": decisions, **self._coming()}
                self.turns += 1
                await self.http.post("/play/bot/turn", json=body)

    async def _work(self) -> list[dict[str, str]]:
        decisions = []
        for queue, words in ((self._reminders, "Reminder"), (self._burst, "Burst")):
            for item in [item for item in queue if item[0] <= self.now]:
                queue.remove(item)
                await self._say(item[1], words)
                number = next(self._decisions)
                decisions.append({"id": f"d{number}", "text": f"Told: {words}.", "to": "Sam"})
        return decisions

    def _coming(self) -> dict[str, Any]:
        moments = sorted(at for at, _ in self._reminders + self._burst)
        if self._stuck:
            return {"next": self.now.isoformat(), "pace": None}
        pace = [at for at, _ in self._burst if at == moments[0] and at - self.now <= LITTLE]
        return {
            "next": moments[0].isoformat() if moments else None,
            "pace": pace[0].isoformat() if pace else None,
            "due": [{"at": at.isoformat(), "text": "Reminder"} for at, _ in self._reminders],
        }

    async def _handle(self, update: dict[str, Any]) -> None:
        if tap := update.get("callback_query"):
            await self._call("answerCallbackQuery", callback_query_id=tap["id"], text="Thank you.")
            return
        message = update.get("message", {})
        word, _, rest = message.get("text", "").partition(" ")
        chat = message.get("chat", {}).get("id", 0)
        match word:
            case "/remind":
                self._reminders.append((self.now + timedelta(seconds=int(rest)), chat))
            case "/burst":
                moments = (self.now + timedelta(seconds=n) for n in range(int(rest)))
                self._burst += [(at, chat) for at in moments]
            case "/ask":
                keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
                await self._say(chat, "Is it?", reply_markup=keyboard)
            case "/stuck":
                self._stuck = True
            case "/slow":
                await asyncio.Event().wait()
            case _:
                await self._say(chat, f"You said {word}")

    async def _say(self, chat: int, text: str, **more: object) -> None:
        self.said_at.append(self.now)
        await self._call("sendMessage", chat_id=chat, text=text, **more)

    async def _call(self, method: str, **params: object) -> Any:
        """Ask until it is answered: a playground may refuse, time out or hang up."""
        while True:
            with suppress(httpx.HTTPError):
                answer = await self.http.post(f"/bot{TOKEN}/{method}", json=params)
                if answer.is_success:
                    return answer.json()["result"]


if __name__ == "__main__":
    asyncio.run(Outsider(sys.argv[1]).run())
