"""Fetches updates from Telegram and keeps each batch before it confirms it.

Raw, over httpx: a library that confirms first and handles later loses what it holds when it
is killed, and one that parses first stops at one malformed update for ever.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx
import structlog

from bot.inbox import refusal
from bot.inbox.arrival import ALLOWED, Arrival, arrival, arrive
from bot.inbox.refusal import Refusal
from bot.network import by_proxy, trusted
from bot.store.memory import Memory
from bot.waking import Pulse

LONG_POLL = 20
"""Real seconds for which Telegram holds a request that finds nothing."""

PATIENCE = 10.0
"""Real seconds that an answer may take, besides those for which it is held."""

SHORTEST, LONGEST = 0.2, 5.0
"""Real seconds between tries while the network or Telegram is away."""

log = structlog.get_logger(__name__)


class _Away(Exception):
    """Nothing came of this try; `wait`: as long as Telegram asked for, in seconds."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait = wait


class _Refused(_Away):
    """Telegram will not have it, and says so; `reason` is a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, 1.0)


class Polling:
    """`run` it until it is cancelled.

    `last_fetch` is when Telegram last answered, on Kith's clock; `pulse` beats when it does.
    Telegram is to `hold` a request so long, and a line that then says nothing is given up.
    `refusal` stands while Telegram refuses; what is fetched is then asked for now and then only.
    """

    def __init__(
        self,
        memory: Memory,
        api: str,
        token: str,
        *,
        hold: int = LONG_POLL,
        patience: float = PATIENCE,
    ) -> None:
        self.last_fetch: datetime | None = None
        self.pulse = Pulse()
        self.refusal = Refusal()
        self._memory = memory
        self._address = f"{api}/bot{token}/getUpdates"
        self._by_proxy = by_proxy(api)
        self._hold = hold
        self._patience = patience
        self._offset: int | None = None
        self._deaf = True  # it has heard nothing yet, or was refused since

    @property
    def caught_up(self) -> bool:
        """What waited while Kith was off has been fetched, or its first hundred."""
        return self.last_fetch is not None

    async def run(self) -> None:
        wait = SHORTEST
        async with httpx.AsyncClient(trust_env=self._by_proxy, verify=trusted()) as client:
            while True:
                try:
                    await self._keep(await self._fetch(client))
                    wait = SHORTEST
                    continue
                except _Refused as refused:
                    self.refusal.stands(refused.reason)
                    # What was kept and not confirmed comes again, and is known: by then the ids
                    # may have started anew, and an old offset would confirm what nobody has seen.
                    self._offset, self._deaf = None, True
                    pause, longest = max(wait, refused.wait), refusal.LONGEST
                except _Away as away:
                    pause, longest = max(min(wait, LONGEST), away.wait), LONGEST
                    self._tell(away.reason, pause)
                except Exception:  # the store's: what was fetched is not confirmed, so it stands
                    log.exception("what arrived could not be kept")
                    pause, longest = wait, LONGEST
                await asyncio.sleep(pause)
                wait = min(longest, wait * 2)

    async def _fetch(self, client: httpx.AsyncClient) -> list[Any]:
        # The first request is answered at once: what waited while nobody was heard comes first.
        hold = 0 if self._deaf else self._hold
        asked: dict[str, Any] = {"timeout": hold, "allowed_updates": list(ALLOWED)}
        if self._offset is not None:
            asked["offset"] = self._offset
        try:
            timeout = httpx.Timeout(self._patience, read=hold + self._patience)
            response = await client.post(self._address, json=asked, timeout=timeout)
            answer = response.json()
        except httpx.HTTPError as error:
            # By its type alone: what it says may hold the address, and so the token.
            raise _Away(type(error).__name__) from None
        except ValueError:
            raise _Away("no_json") from None
        if not isinstance(answer, dict):
            raise _Away("no_json")
        if response.status_code == 200 and isinstance(answer.get("result"), list):
            return list(answer["result"])
        raise _refusal(response.status_code, answer)

    async def _keep(self, batch: list[Any]) -> None:
        now = await self._memory.now()
        kept: list[Arrival] = []
        for raw in batch:
            one = arrival(raw)
            if one is None:
                log.error("an update without an id was dropped")
            else:
                kept.append(one)
        if kept:
            await self._memory.write(arrive, kept, now)
        self.last_fetch = now
        self._deaf = False
        self.pulse.beat()
        self.refusal.over()
        # The next request confirms these. Once nothing is left, no offset is sent: after a
        # quiet week Telegram may start again from a lower id.
        self._offset = max(one.update for one in kept) + 1 if kept else None
        if batch and not kept:
            raise _Away("malformed")

    def _tell(self, reason: str, pause: float) -> None:
        if self.last_fetch is None:
            log.warning("Telegram cannot be reached yet. Kith waits.", reason=reason, seconds=pause)
        else:
            log.warning("Telegram does not answer", reason=reason, seconds=pause)


def _refusal(code: int, answer: Mapping[str, Any]) -> _Away:
    if code == 409:
        return _Refused(refusal.ANOTHER)
    if code in refusal.NO_TOKEN:
        return _Refused(refusal.UNKNOWN)
    parameters = answer.get("parameters")
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return _Away(f"http_{code}", float(wait) if isinstance(wait, int | float) else 0.0)
