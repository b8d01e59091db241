"""What this process counts as it works. Labels are kinds, lanes, reasons and channels: never a
name, never an id. `bot.reports.metrics` shows it."""

from datetime import timedelta
from typing import Literal

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

from bot.care.agreement import Effect
from bot.care.outcome import Lane
from bot.waking import Pulse

# When each began to be counted: as many lines again, of no use.
disable_created_metrics()  # type: ignore[no-untyped-call]  # it has no annotations

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600)

_WAITS = (30, 60, 120, 300, 600, 900, 1800, 3600, 7200)

Ended = Literal["withheld", "failed", "refused", "again"]
"""What may become of a try to send that did not arrive; refused: a 429."""


Called = Literal["sent", "again", "failed", "needless"]
"""What may become of a call to staff by another way."""


class Figures:
    """The figures of one process since it began. A door that is given none keeps its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._lateness = Histogram(
            "kith_deadline_lateness_seconds",
            "From the moment a deadline is due until it is acted on.",
            ["kind"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._taken = Histogram(
            "kith_message_seconds",
            "From a message's writing until Telegram has taken it.",
            ["lane"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._alerts = Histogram(
            "kith_alert_taken_seconds",
            "From the opening of an outing's alert until somebody of the ladder has taken it on.",
            buckets=_WAITS,
            registry=self.registry,
        )
        self._sends = Counter(
            "kith_sends",
            "Tries to send a message, by what became of them.",
            ["lane", "result", "reason"],
            registry=self.registry,
        )
        self._other_ways = Counter(
            "kith_calls",
            "Calls to staff by another way, by the channel and what became of each try.",
            ["channel", "result"],
            registry=self.registry,
        )
        self._decisions = Counter(
            "kith_decisions",
            "What the gate said when a message was about to leave.",
            ["effect", "reason"],
            registry=self.registry,
        )
        self._calls = Counter(
            "kith_webhook_calls",
            "Calls of the webhook, by the status they were answered with.",
            ["code"],
            registry=self.registry,
        )

    def met(self, kind: str, late: timedelta, since: Pulse) -> None:
        """A deadline was acted on; it was so late when `since` beat."""
        self._lateness.labels(kind).observe(_until_now(late, since))

    def taken(self, after: timedelta) -> None:
        """Somebody has taken on an outing's alert so long after it was opened."""
        self._alerts.observe(max(0.0, after.total_seconds()))

    def sent(self, lane: Lane, old: timedelta, since: Pulse) -> None:
        """Telegram has taken a message; it was so old when `since` beat."""
        self._taken.labels(lane.name.lower()).observe(_until_now(old, since))
        self._sends.labels(lane.name.lower(), "sent", "").inc()

    def tried(self, lane: Lane, result: Ended, reason: str) -> None:
        """A message did not leave, or nobody knows."""
        self._sends.labels(lane.name.lower(), result, reason).inc()

    def rang(self, channel: str, result: Called) -> None:
        """A call by another way was made, or was not."""
        self._other_ways.labels(channel, result).inc()

    def decided(self, effect: Effect, reason: str) -> None:
        self._decisions.labels(effect.value, reason).inc()

    def called(self, code: int) -> None:
        """The webhook has answered a call."""
        self._calls.labels(str(code)).inc()


def _until_now(before: timedelta, since: Pulse) -> float:
    """Real seconds are added: asking a database what time it is costs a journey to it."""
    return max(0.0, before.total_seconds()) + (since.age or 0.0)
