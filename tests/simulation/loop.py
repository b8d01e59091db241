"""An event loop whose time is virtual: it jumps to the next timer when nothing else is left.

What runs for a process that was killed is never run again; what runs for one that stands still
waits until it goes on. Nothing here depends on the machine: the same calls give the same order.
"""

import asyncio
import itertools
from collections import deque
from collections.abc import Callable
from contextvars import Context, ContextVar
from heapq import heappop, heappush
from typing import Any, TypeVarTuple

Args = TypeVarTuple("Args")

STUCK = 50_000
"""So many steps at one moment mean that nothing goes on any more."""


class Process:
    """Whatever may be killed, or stand still until a moment of the loop's time."""

    def __init__(self) -> None:
        self.dead = False
        self.still_since = 0.0
        self.still_until = 0.0


PROCESS: ContextVar[Process | None] = ContextVar("process", default=None)
"""For whom the code at hand runs; None: for the world around Kith."""


class Stuck(Exception):
    """The loop turns and no time passes, or nobody will ever wake anybody."""


class _Task(asyncio.Task[Any]):
    """A task that is hashed by its number: sets of tasks keep one order in every run."""

    _numbers = itertools.count()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._number = next(_Task._numbers)
        super().__init__(*args, **kwargs)

    def __hash__(self) -> int:
        return self._number

    def end(self) -> None:
        if self.done():
            return
        self._log_destroy_pending = False
        coroutine = self.get_coro()
        for _ in range(50):  # it may await something on its way out, and again
            try:
                coroutine.close()
            except BaseException:
                continue
            return


class VirtualLoop(asyncio.BaseEventLoop):
    """Time begins at 0 and is counted in seconds."""

    def __init__(self) -> None:
        super().__init__()
        _Task._numbers = itertools.count()
        self._at = 0.0
        self._steps = 0
        self._serial = itertools.count()
        self._soon: deque[tuple[asyncio.Handle, Process | None]] = deque()
        self._timers: list[tuple[float, int, asyncio.Handle, Process | None]] = []
        self._tasks: list[_Task] = []  # one that is forgotten would be woken to tidy up
        self.set_task_factory(self._task)

    def time(self) -> float:
        return self._at

    def call_soon(
        self,
        callback: Callable[[*Args], object],
        *args: *Args,
        context: Context | None = None,
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._soon.append((handle, PROCESS.get() if context is None else context.get(PROCESS)))
        return handle

    def call_at(
        self,
        when: float,
        callback: Callable[[*Args], object],
        *args: *Args,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        process = PROCESS.get() if context is None else context.get(PROCESS)
        heappush(self._timers, (max(when, self._at), next(self._serial), handle, process))
        return handle

    def call_later(
        self,
        delay: float,
        callback: Callable[[*Args], object],
        *args: *Args,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        return self.call_at(self._at + delay, callback, *args, context=context)

    def finish(self) -> None:
        """End whatever is left, now, when nothing that it tries to do on its way has an effect."""
        for task in self._tasks:
            task.end()
        self._tasks.clear()
        self._timers.clear()
        self._soon.clear()
        self.close()

    def _task(self, _loop: asyncio.AbstractEventLoop, coro: Any, **more: Any) -> asyncio.Task[Any]:
        task = _Task(coro, loop=self, **more)
        self._tasks.append(task)
        return task

    def run_in_executor(
        self, _executor: object, done: Callable[[*Args], Any], *args: *Args
    ) -> asyncio.Future[Any]:
        """No thread, which would not repeat itself: it is done as it is asked for."""
        future = self.create_future()
        future.set_result(done(*args))
        return future

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """It is passed over when its time comes."""

    def _run_once(self) -> None:
        if not self._soon:
            self._pass_time()
        handle, process = self._soon.popleft()
        if handle.cancelled() or (process is not None and process.dead):
            return
        if process is not None and process.still_until > self._at:
            later = (process.still_until, next(self._serial), handle, process)
            heappush(self._timers, later)
            return
        self._steps += 1
        if self._steps > STUCK:
            raise Stuck(f"no time passes at {self._at}")
        handle._run()

    def _pass_time(self) -> None:
        while self._timers and not self._soon:
            when = self._timers[0][0]
            if when > self._at:
                self._at, self._steps = when, 0
            while self._timers and self._timers[0][0] <= self._at:
                _, _, handle, process = heappop(self._timers)
                if not handle.cancelled():
                    self._soon.append((handle, process))
        if not self._soon:
            raise Stuck(f"nobody will ever wake anybody after {self._at}")
