"""The admin port as a monitor asks it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families

from bot.figures import Figures
from bot.reports.admin import Admin
from bot.reports.health import Health
from bot.reports.metrics import Metrics
from bot.store import Connection
from bot.store.memory import Memory
from tests.doors import until


class Monitor:
    def __init__(self, admin: Admin, http: httpx.AsyncClient) -> None:
        self.admin = admin
        self._http = http

    async def get(self, path: str, method: str = "GET") -> httpx.Response:
        return await self._http.request(method, f"http://127.0.0.1:{self.admin.port}{path}")

    async def health(self) -> tuple[int, Mapping[str, Any]]:
        answer = await self.get("/healthz")
        return answer.status_code, answer.json()

    async def is_well(self, well: bool) -> bool:
        return (await self.health())[0] == (200 if well else 503)

    async def page(self) -> str:
        answer = await self.get("/metrics")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain; version=")
        return answer.text

    async def figures(self) -> dict[tuple[str, ...], float]:
        """By the name of a figure and the values of its labels, in the order of their names."""
        return {
            (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(await self.page())
            for sample in family.samples
        }


@asynccontextmanager
async def monitor(
    memory: Memory, health: Health, figures: Figures | None = None
) -> AsyncIterator[Monitor]:
    admin = Admin(health, Metrics(memory, figures or Figures()), host="127.0.0.1", port=0)
    task = asyncio.create_task(admin.run())
    try:
        await until(lambda: listens(admin))
        async with httpx.AsyncClient(trust_env=False) as http:
            yield Monitor(admin, http)
    finally:
        task.cancel()
        await asyncio.wait([task])


def lose(c: Connection, table: str) -> None:
    """A database that answers questions about this table no more."""
    c.exec_driver_sql(f"ALTER TABLE {table} RENAME TO lost")


async def listens(admin: Admin) -> bool:
    return admin.port is not None
