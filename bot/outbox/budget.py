"""When the next message may go. On Kith's clock; knows nothing of messages but lane and chat.

Over all chats: so many in any one second, a share of them kept free for safety. To one chat: a
burst, then one a second. Safety is counted apart: it waits for safety only. What was noted
later than now is forgotten: somebody set the clock back.
"""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.care.outcome import Lane

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages in a second; how many of them are safety's alone; a chat's burst."""

    per_second: int = 30
    reserve: int = 8
    burst: int = 5


@dataclass(frozen=True, slots=True)
class _Hold:
    since: datetime
    until: datetime

    def end(self, now: datetime) -> datetime:
        return self.until if self.since <= now else now


class Budget:
    """Ask `opens`, tell `spend` when it goes and `refused` when Telegram said "too many"."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._sent: deque[tuple[datetime, bool]] = deque()
        self._full: dict[tuple[str, bool], datetime] = {}  # when the chat's burst is whole again
        self._held: dict[tuple[str, bool], _Hold] = {}
        self._broadcast: _Hold | None = None

    def opens(self, lane: Lane, chat: str, now: datetime) -> datetime:
        """The moment from which a message may go by this lane to this chat; `now` at once."""
        safety = lane is Lane.SAFETY
        moments = [now, self._window(now, safety), self._chat(chat, safety, now)]
        # A refused safety message holds its whole chat; any other leaves safety free.
        for hold in (self._held.get((chat, True)), self._held.get((chat, safety))):
            moments += [hold.end(now)] if hold else []
        if lane is Lane.BROADCAST and self._broadcast:
            moments.append(self._broadcast.end(now))
        return max(moments)

    def spend(self, lane: Lane, chat: str, now: datetime) -> None:
        """A message goes now."""
        safety = lane is Lane.SAFETY
        self._sent.append((now, safety))
        self._full[chat, safety] = max(now, self._whole(chat, safety, now)) + SECOND
        self._forget(now)

    def refused(self, lane: Lane, chat: str, now: datetime, until: datetime) -> None:
        """Telegram refuses this chat until then: it is held, and so is every broadcast."""
        hold = _Hold(now, until)
        self._held[chat, lane is Lane.SAFETY] = hold
        if self._broadcast is None or self._broadcast.until < until:
            self._broadcast = hold

    def _window(self, now: datetime, safety: bool) -> datetime:
        recent = [(at, safe) for at, safe in self._sent if now - SECOND < at <= now]
        opens = _free([at for at, _ in recent], self._limits.per_second, now)
        if safety:
            return opens
        others = [at for at, safe in recent if not safe]
        return max(opens, _free(others, self._limits.per_second - self._limits.reserve, now))

    def _chat(self, chat: str, safety: bool, now: datetime) -> datetime:
        return self._whole(chat, safety, now) - SECOND * (self._limits.burst - 1)

    def _whole(self, chat: str, safety: bool, now: datetime) -> datetime:
        whole = self._full.get((chat, safety), now)
        return whole if whole <= now + SECOND * self._limits.burst else now

    def _forget(self, now: datetime) -> None:
        while self._sent and not now - SECOND < self._sent[0][0] <= now:
            self._sent.popleft()
        if len(self._full) > 1000:
            self._full = {chat: at for chat, at in self._full.items() if at > now}
            self._held = {chat: hold for chat, hold in self._held.items() if hold.until > now}


def _free(sent: list[datetime], limit: int, now: datetime) -> datetime:
    """When fewer than `limit` of these lie within the second before."""
    return now if len(sent) < limit else sent[-limit] + SECOND
