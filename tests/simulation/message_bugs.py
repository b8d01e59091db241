"""Faults planted in the way out: see `bugs`."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from bot.care.agreement import Decision, Effect, Reason
from bot.care.outcome import Lane
from bot.outbox import choice, gate, sender
from bot.outbox.render import render as _render
from bot.outbox.sender import Presented
from bot.store import agreement, outbox, schema
from tests.simulation.database import PHONES
from tests.simulation.planting import Bug, swap


def _always(c: Connection, to: str, about: Any, now: datetime) -> Decision:
    return Decision(Effect.SHARE, Reason.OWN)


def _give_up(answer: Any, lane: Lane, attempts: int) -> choice.Later | choice.Never:
    step = _after(answer, lane, attempts)
    unsure = isinstance(step, choice.Later) and step.maybe_sent
    return choice.Never("ambiguous") if unsure else step


_after = choice.after


def _no_repeat(*args: Any, **more: Any) -> Any:
    return _render(*args, **more | {"repeat": False})


_LAST_FIRST = outbox._READY.order_by(None).order_by(
    schema.outbox.c.lane.desc(), schema.outbox.c.number
)

_WHENEVER = (
    select(schema.outbox.c.id, schema.outbox.c.lane, schema.outbox.c.member)
    .where(outbox._WAITING, schema.outbox.c.not_before <= outbox._now)
    .order_by(schema.outbox.c.lane, schema.outbox.c.number.desc())
)


async def _leave_alerts_out(door: Any, shown: Any, buttons: Any) -> int:
    asks = buttons and any("escalation:take" in str(row) for row in buttons.inline_keyboard)
    message: int = -1 if asks else await _left(door, shown, buttons)
    return message


_left = sender.Sender._left


def _another_chat(*args: Any) -> Any:
    laid_out = _laid_out(*args)
    return replace(laid_out, chat=PHONES["Alex"]) if isinstance(laid_out, Presented) else laid_out


_laid_out = gate._laid_out

BUGS: dict[str, Bug] = {
    "gate_skipped": Bug(
        "The gate is not asked when a message leaves.",
        swap(agreement, "ask", _always),
        by="nobody is told without a yes",
    ),
    "lost_lease": Bug(
        "What a dead process had claimed is never let go.",
        swap(outbox, "_lost", lambda c, owner, now: frozenset()),
        by="it does not come to rest",
    ),
    "given_up_when_unsure": Bug(
        "A safety message of which nobody knows whether it arrived is not sent again.",
        swap(sender, "after", _give_up),
        by="a safety message is not given up",
    ),
    "safety_goes_last": Bug(
        "The lower lanes leave before safety.",
        swap(outbox, "_READY", _LAST_FIRST),
        by="safety goes first",
    ),
    "duplicate_unmarked": Bug(
        "A message that may be a repeat does not say so.",
        swap(gate, "render", _no_repeat),
        by="a repeat says so",
    ),
    "later_goes_first": Bug(
        "A message does not wait for the one before it.",
        swap(outbox, "_READY", _WHENEVER),
        by="messages keep their order",
    ),
    "alerts_dropped": Bug(
        "What asks somebody to take an alert is said to have left, and has not.",
        swap(sender.Sender, "_left", _leave_alerts_out),
        by="somebody has heard",
    ),
    "another_chat": Bug(
        "A message goes to a chat that is not its reader's.",
        swap(gate, "_laid_out", _another_chat),
        by="nobody hears without a reason",
    ),
}
