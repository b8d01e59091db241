"""The figures as Prometheus reads them. No label holds a name, or the id of a person or chat."""

import asyncio
from collections.abc import Iterable

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.figures import Figures
from bot.reports.health import Condition, Role
from bot.store.figures import Standing, standing
from bot.store.memory import Memory

TYPE = CONTENT_TYPE_LATEST

PATIENCE = 5.0
"""Real seconds that the database may take to say how things stand."""

log = structlog.get_logger(__name__)


class Metrics:
    """What this process has counted and, asked anew each time, how things stand in the store."""

    def __init__(self, memory: Memory, figures: Figures) -> None:
        self._memory = memory
        self._figures = figures

    async def page(self, condition: Condition) -> bytes:
        """In Prometheus's text form; without a database, what the process knows by itself."""
        asked = CollectorRegistry()
        asked.register(_Asked(condition, await self._standing()))
        return generate_latest(self._figures.registry) + generate_latest(asked)

    async def _standing(self) -> Standing | None:
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._memory.survey(standing, await self._memory.now())
        except Exception:
            log.exception("the database could not be asked how things stand")
            return None


class _Asked(Collector):
    def __init__(self, condition: Condition, standing: Standing | None) -> None:
        self._condition = condition
        self._standing = standing

    def collect(self) -> Iterable[Metric]:
        leads, well = self._condition.role is Role.LEADING, self._condition.well
        yield _gauge("kith_leads", "1 for the replica that acts and sends.", {"": leads})
        yield _gauge("kith_well", "1 as long as /healthz answers 200.", {"": well})
        stands = self._standing
        yield _gauge("kith_store_up", "1 when the database answered.", {"": stands is not None})
        if stands is None:
            return
        yield _gauge(
            "kith_oldest_overdue_seconds",
            "Age of the oldest deadline that is due and not met, update that is not handled, "
            "safety message that has not left, call by another way that has not been made.",
            {
                "deadline": stands.deadline.total_seconds(),
                "update": stands.update.total_seconds(),
                "safety_message": stands.safety.total_seconds(),
                "fallback": stands.fallback.total_seconds(),
            },
            "item",
        )
        yield _gauge(
            "kith_outbox_messages",
            "Messages that wait or are on their way.",
            {lane.name.lower(): count for lane, count in stands.depth.items()},
            "lane",
        )
        yield _gauge(
            "kith_parked",
            "What was set aside because it kept failing.",
            {"update": stands.parked_updates, "deadline": stands.parked_deadlines},
            "item",
        )


def _gauge(name: str, says: str, values: dict[str, float], label: str | None = None) -> Metric:
    gauge = GaugeMetricFamily(name, says, labels=[label] if label else [])
    for key, value in values.items():
        gauge.add_metric([key] if label else [], value)
    return gauge
