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
        self._burst = SECOND * limits.burst
        self._sent = deque[datetime](maxlen=limits.per_second)
        self._others = deque[datetime](maxlen=limits.per_second - limits.reserve)
        self._full: dict[tuple[str, bool], datetime] = {}  # when the chat's burst is whole again
        self._held: dict[tuple[str, bool], _Hold] = {}
        self._broadcast: _Hold | None = None

    def opens(self, lane: Lane, chat: str, now: datetime) -> datetime:
        """The moment from which a message may go by this lane to this chat; `now` at once."""
        safety = lane is Lane.SAFETY
        moments = [_free(self._sent, now), self._chat(chat, safety, now)]
        if not safety:
            moments.append(_free(self._others, now))
        # A refused safety message holds its whole chat; any other leaves safety free.
        for hold in (self._held.get((chat, True)), self._held.get((chat, safety))):
            moments += [hold.end(now)] if hold else []
        if lane is Lane.BROADCAST and self._broadcast is not None:
            moments.append(self._broadcast.end(now))
        return max(moments)

    def spend(self, lane: Lane, chat: str, now: datetime) -> None:
        """A message goes now."""
        safety = lane is Lane.SAFETY
        self._sent.append(now)
        if not safety:
            self._others.append(now)
        self._full[chat, safety] = self._whole(chat, safety, now) + SECOND
        self._full = {chat: at for chat, at in self._full.items() if at > now}
        self._held = {chat: hold for chat, hold in self._held.items() if hold.until > now}

    def refused(self, lane: Lane, chat: str, now: datetime, until: datetime) -> None:
        """Telegram refuses this chat until then: it is held, and so is every broadcast."""
        self._held[chat, lane is Lane.SAFETY] = _Hold(now, until)
        before = now if self._broadcast is None else self._broadcast.end(now)
        self._broadcast = _Hold(now, max(before, until))

    def _chat(self, chat: str, safety: bool, now: datetime) -> datetime:
        return self._whole(chat, safety, now) + SECOND - self._burst

    def _whole(self, chat: str, safety: bool, now: datetime) -> datetime:
        whole = self._full.get((chat, safety), now)
        return max(whole, now) if whole <= now + self._burst else now


def _free(sent: deque[datetime], now: datetime) -> datetime:
    """When fewer than it holds lie within the second before."""
    if len(sent) != sent.maxlen or any(at > now for at in sent):
        return now
    return max(now, sent[0] + SECOND)
