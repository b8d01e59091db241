"""A sign of life for somebody outside, who calls a human when it no longer comes.

It is given only after an audit of the store, and while all that Kith does again and again has
been done lately: a Kith that runs and forgets somebody, or hears nobody, is silent.
"""

from collections.abc import Sequence

import httpx
import structlog

from bot.network import by_proxy, trusted
from bot.reports.health import Sign
from bot.store import audit
from bot.store.memory import Memory

PATIENCE = 10.0
"""Real seconds that the address outside may take."""

log = structlog.get_logger(__name__)


class Beacon:
    """`shine` once a minute. `address` is a secret: who knows it can feign a Kith that is well."""

    def __init__(self, memory: Memory, address: str, signs: Sequence[Sign]) -> None:
        self._memory = memory
        self._address = address
        self._signs = signs
        self._dark = False  # said once, until it shines again

    async def shine(self) -> bool:
        """Whether somebody outside has heard that all is well."""
        overdue = await self._memory.read(audit.overdue, await self._memory.now())
        overdue += [sign.late for sign in self._signs if sign.late is not None]
        if overdue:
            if not self._dark:
                log.error("no heartbeat is sent: something is overdue", count=len(overdue))
            return self._silent()
        try:
            async with httpx.AsyncClient(
                timeout=PATIENCE, trust_env=by_proxy(self._address), verify=trusted()
            ) as client:
                answer = await client.get(self._address)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # By its type alone: what it says may hold the address.
            return self._unheard(type(error).__name__)
        if not answer.is_success:
            return self._unheard(f"http_{answer.status_code}")
        self._dark = False
        return True

    def _unheard(self, why: str) -> bool:
        if not self._dark:
            log.error("the heartbeat was not heard outside", reason=why)
        return self._silent()

    def _silent(self) -> bool:
        self._dark = True
        return False
