"""`kith probe`: a robot that tries the whole way from another machine, and times it.

It goes out, misses its check-in, is asked about, takes the alert and closes it, by Kith's own
doors. Telegram and people's phones are no part of it.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import httpx
import typer

from bot.app import open_memory
from bot.care.robot import GRACE, OUT
from bot.clock import SystemClock
from bot.network import by_proxy, trusted
from bot.settings import Settings
from bot.store import robot
from bot.terminal import out, settings_or_exit, stop

PATIENCE = 20.0
"""Seconds that any answer may take, but for the alert itself."""

LOOK = 0.2
"""Seconds between two looks at a phone."""

cli = typer.Typer()

Found = tuple[dict[str, Any], str]
"""A message, and the data of the button in it that was looked for."""


class Broken(Exception):
    """The way is broken, or too slow: a sentence."""


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds: how late the alert came, how long it took to be taken, and to be closed."""

    late: float
    taken: float
    closed: float


@cli.command()
def probe(
    address: Annotated[
        str | None, typer.Argument(help="Where Kith's /probe is, such as https://kith.example.")
    ] = None,
    within: Annotated[float, typer.Option(help="Seconds that the alert may be late.")] = 30.0,
    prepare: Annotated[
        bool, typer.Option("--prepare", help="On Kith's own machine: make the robot's circle.")
    ] = False,
) -> None:
    """Try the whole way of an alert from another machine, and say how long it took."""
    settings = settings_or_exit()
    if prepare:
        made = asyncio.run(prepared(settings))
        out.print("The robot's circle is there." if made else "The robot's circle was there.")
        return
    if settings.probe_secret is None:
        stop("KITH_PROBE_SECRET is missing: the same one as on Kith's machine.")
    if address is None:
        stop("Say where Kith is: kith probe https://kith.example")
    try:
        times = asyncio.run(tried(address, settings.probe_secret.get_secret_value(), within=within))
    except Broken as broken:
        stop(str(broken))
    out.print(
        f"The whole way works. The alert came {times.late:.1f} s after its time, was taken in "
        f"{times.taken:.1f} s and closed in {times.closed:.1f} s."
    )


async def prepared(settings: Settings) -> bool:
    """Make the robot's circle; False when it is there already."""
    memory = await open_memory(settings, SystemClock())
    try:
        return await memory.write(robot.prepare, await memory.now())
    finally:
        await memory.close()


async def tried(
    address: str, secret: str, *, within: float, span: float = 60.0 * (OUT + GRACE)
) -> Times:
    """The times of one probe; Broken when something does not come, or the alert comes too late.

    `span`: so many seconds after setting off it is due.
    """
    async with httpx.AsyncClient(
        base_url=address.rstrip("/"),
        headers={"Authorization": f"Bearer {secret}"},
        timeout=PATIENCE,
        trust_env=by_proxy(address),
        verify=trusted(),
    ) as client:
        try:
            return await _Robot(client).tries(span, within)
        except httpx.HTTPError as error:
            raise Broken(f"Kith does not answer ({type(error).__name__}).") from None


class _Robot:
    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._seen = {"person": 0, "worker": 0}

    async def tries(self, span: float, within: float) -> Times:
        await self._tidies()
        await self._sets_off()
        due = time.monotonic() + span
        take = await self._sees("worker", _press("escalation:take:"), span + within, "The alert")
        late = max(0.0, time.monotonic() - due)
        taken = await self._does(take, "escalation:safe:", "That it has the alert")
        closed = await self._closes(await self._newest("worker", "escalation:safe:"))
        return Times(late, taken, closed)

    async def _tidies(self) -> None:
        """What an earlier probe has left standing is closed first."""
        await self._looks("person")
        await self._looks("worker")
        await self._writes("person", "/out")
        asked = await self._sees("person", _any_press, PATIENCE, "An answer to /out")
        if asked[1].startswith("flow:"):
            return
        help_ = await self._newest("person", "journey:help:")
        await self._presses("person", help_)
        take = await self._sees("worker", _press("escalation:take:"), PATIENCE, "The alert")
        await self._does(take, "escalation:safe:", "That it has the alert")
        await self._closes(await self._newest("worker", "escalation:safe:"))
        await self._writes("person", "/out")
        await self._sees("person", _press("flow:"), PATIENCE, "An answer to /out")

    async def _sets_off(self) -> None:
        await self._writes("person", "Nowhere")
        other = await self._sees("person", _press("flow:other:"), PATIENCE, "When to be back")
        await self._presses("person", other)
        await self._sees("person", _press("flow:back:"), PATIENCE, "What time to be back")
        await self._writes("person", f"{OUT} min")
        go = await self._sees("person", _press("flow:go:"), PATIENCE, "What it said, read back")
        await self._presses("person", go)
        await self._sees("person", _press("journey:home:"), PATIENCE, "That it is out")

    async def _does(self, press: Found, then: str, what: str) -> float:
        began = time.monotonic()
        await self._presses("worker", press)
        await self._sees("worker", _press(then), PATIENCE, what)
        return time.monotonic() - began

    async def _closes(self, press: Found) -> float:
        began = time.monotonic()
        await self._looks("person")
        await self._presses("worker", press)
        await self._sees("person", _anything, PATIENCE, "That it is over")
        return time.monotonic() - began

    # --- its phones -----------------------------------------------------------------------

    async def _writes(self, who: str, text: str) -> None:
        await self._looks(who)
        await self._asks("POST", who, {"text": text})

    async def _presses(self, who: str, press: Found) -> None:
        message, data = press
        await self._asks("POST", who, {"press": data, "message": message["id"]})

    async def _looks(self, who: str) -> None:
        """What is there by now is old."""
        shown = await self._asks("GET", who)
        self._seen[who] = max((int(one["change"]) for one in shown), default=0)

    async def _newest(self, who: str, begins: str) -> Found:
        found = [_press(begins)(one) for one in await self._asks("GET", who)]
        there = [one for one in found if one is not None]
        if not there:
            raise Broken("A button of the alert has not come.")
        return there[-1]

    async def _sees(
        self, who: str, wanted: "Callable[[dict[str, Any]], Found | None]", wait: float, what: str
    ) -> Found:
        """The first new message with it; Broken when it does not come in so many seconds."""
        until = time.monotonic() + wait
        while True:
            shown = await self._asks("GET", who)
            fresh = (one for one in shown if one["change"] > self._seen[who])
            found = next((one for one in map(wanted, fresh) if one is not None), None)
            if found is not None:
                return found
            if time.monotonic() > until:
                raise Broken(f"{what} has not come within {wait:.0f} seconds.")
            await asyncio.sleep(LOOK)

    async def _asks(self, verb: str, who: str, body: object = None) -> Sequence[dict[str, Any]]:
        answer = await self._client.request(verb, f"/probe/{who}", json=body)
        if answer.status_code == 403:
            raise Broken("Kith does not know this robot: is KITH_PROBE_SECRET the same there?")
        if answer.is_error:
            raise Broken(f"Kith's door for the probe is shut ({answer.status_code}).")
        shown: list[dict[str, Any]] = answer.json()
        return shown


def _press(begins: str) -> "Callable[[dict[str, Any]], Found | None]":
    def wanted(message: dict[str, Any]) -> Found | None:
        data = (str(one["data"]) for one in message["buttons"])
        return next(((message, one) for one in data if one.startswith(begins)), None)

    return wanted


def _any_press(message: dict[str, Any]) -> Found | None:
    return _press("flow:")(message) or _press("journey:")(message)


def _anything(message: dict[str, Any]) -> Found | None:
    return message, ""
