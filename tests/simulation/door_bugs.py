"""Faults planted in the doors, and in what they keep: see `bugs`."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, delete, select

from bot import app
from bot.care.journey import KIND as JOURNEY
from bot.care.outcome import NOBODY, Outcome
from bot.deadlines.loop import Loop
from bot.handlers import taps
from bot.inbox.arrival import arrival, arrive
from bot.inbox.dispatch import Dispatch
from bot.store import deadlines, inbox, ledger, schema
from bot.store.deadlines import Due
from tests.bot_api import Json
from tests.simulation.kith import Kith
from tests.simulation.memory import SteppingMemory
from tests.simulation.planting import Bug, swap


async def _claim_first(door: Any, due: Sequence[Due], now: datetime) -> bool:
    def claim(c: Connection) -> None:
        for moment in due:
            c.execute(
                delete(schema.deadline).where(
                    schema.deadline.c.kind == moment.kind, schema.deadline.c.key == moment.key
                )
            )

    def act(c: Connection) -> None:
        for moment in due:
            door._acts[moment.kind](c, moment.key, moment.due_at, now, NOBODY)

    await door._memory.write(claim)
    await door._memory.write(act)
    return True


async def _confirm_first(kith: Kith, update: Json) -> None:
    arrived = arrival(update)
    assert arrived is not None
    kith.begin(kith.memory.write(arrive, [arrived], await kith.memory.now()))


async def _close_first(update_: Any, context: Any, act: Any, *args: Any) -> Outcome:
    memory = context.kith.memory
    await memory.write(inbox.close, update_.update_id)
    by = context.who.member.id
    outcome: Outcome = await memory.write(act, *args, by=by, now=await memory.now())
    return outcome


def _newest_first(c: Connection, now: datetime, limit: int) -> list[inbox.Open]:
    rows = c.execute(
        select(schema.inbox.c["update"].label("id"), schema.inbox.c.chat)
        .where(schema.inbox.c.state == "open")
        .order_by(schema.inbox.c["update"].desc())
    )
    return [inbox.Open(row.id, row.chat) for row in rows]


async def _no_error(dispatch: Any, update_: Any) -> None:
    await _process(dispatch, update_)


_process = Dispatch._process


def _falls_over(*_: Any) -> Outcome:
    raise LookupError


def _fail_when_due(planted: ExitStack) -> None:
    planted.enter_context(patch.dict(app.ACTS, {JOURNEY: _falls_over}))


def _not_too_late(c: Connection, now: datetime, *more: Any) -> list[Due]:
    return [due for due in _due(c, now, *more) if now - due.due_at < timedelta(seconds=5)]


_due = deadlines.due
_head = ledger.head

BUGS: dict[str, Bug] = {
    "claim_before_commit": Bug(
        "A deadline is removed in a transaction of its own before it is acted on.",
        swap(Loop, "_meet", _claim_first),
        by="whoever is out is waited for",
    ),
    "confirm_before_commit": Bug(
        "Telegram hears that an update is kept before it is.",
        swap(Kith, "receive", _confirm_first),
        by="was confirmed, and nobody has it",
    ),
    "acknowledgement_lost": Bug(
        "An update is closed before what was pressed is done.",
        swap(taps, "act_on", _close_first),
        by="what was pressed is done",
    ),
    "chat_out_of_order": Bug(
        "The newest update of a chat is handled first.",
        swap(inbox, "open_updates", _newest_first),
        by="a chat is heard in order",
    ),
    "error_swallowed": Bug(
        "An update whose handler failed is closed all the same.",
        swap(Dispatch, "_process", _no_error),
        by="what was pressed is done",
    ),
    "acts_fail": Bug(
        "What is to be done when a check-in is due fails, each time anew.",
        _fail_when_due,
        by="nothing is set aside",
    ),
    "too_late_to_do": Bug(
        "What is late by a few seconds is not done any more.",
        swap(deadlines, "due", _not_too_late),
        by="what is due is done",
    ),
    "own_clock": Bug(
        "A replica goes by its machine's clock, not by the database's.",
        swap(SteppingMemory, "time", lambda memory: memory.clock.now()),
        by="the ladder is climbed in order",
    ),
    "chain_broken": Bug(
        "The ledger's chain begins anew at each turn.",
        swap(ledger, "head", lambda c: (_head(c)[0], ledger.BEGINNING)),
        by="the ledger holds",
    ),
}
