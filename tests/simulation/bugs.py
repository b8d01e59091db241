"""Faults planted in Kith: each a mutation that the simulation must find within a few seeds.

Nowhere else do tests reach into our own code. A planted fault says in one sentence what it is.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, update

from bot.care import escalation as alerts
from bot.care import ladder
from bot.care.agreement import Decision, Effect, Reason
from bot.care.escalation import Escalation
from bot.care.ladder import Around
from bot.care.outcome import NOBODY, Lane, Outcome, Wake
from bot.deadlines.loop import Loop
from bot.handlers import taps
from bot.inbox.arrival import arrival, arrive
from bot.inbox.dispatch import Dispatch
from bot.outbox import choice, gate, sender
from bot.outbox.render import render as _render
from bot.store import agreement, heartbeat, inbox, journey, outbox, schema
from bot.store.deadlines import Due
from tests.bot_api import Json
from tests.simulation import (
    gone,
    gone_bugs,
    handing_over,
    handing_over_bugs,
    news_bugs,
    on_the_way,
    quiet_bugs,
    quietly,
    safeguard_bugs,
    safeguards,
    second_way,
    second_way_bugs,
    session_bugs,
    sessions,
    sign_bugs,
    signs,
    step_bugs,
    steps,
    stray,
    stray_bugs,
    supporters,
    way_bugs,
    where_bugs,
    whereabouts,
)
from tests.simulation.kith import Kith
from tests.simulation.planting import Bug, swap

# --- the doors ------------------------------------------------------------------------------


async def _claim_first(loop: Any, due: Sequence[Due], now: datetime) -> bool:
    def claim(c: Connection) -> None:
        for moment in due:
            c.execute(
                delete(schema.deadline).where(
                    schema.deadline.c.kind == moment.kind, schema.deadline.c.key == moment.key
                )
            )

    def act(c: Connection) -> None:
        for moment in due:
            loop._acts[moment.kind](c, moment.key, moment.due_at, now, NOBODY)

    await loop._memory.write(claim)
    await loop._memory.write(act)
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


# --- the rules ------------------------------------------------------------------------------


def _skip_after_an_outage(escalation: Escalation, around: Around, now: datetime) -> Outcome:
    due = escalation.due_at
    if due is not None and now - due > timedelta(seconds=30) and escalation.state == "open":
        escalation = replace(escalation, rung=(escalation.rung + 1) % len(escalation.rungs))
    return _tick(escalation, around, now)


_tick = ladder.tick


def _take_over(escalation: Escalation, by: str, *more: Any) -> Outcome:
    if escalation.state is alerts.State.HELD:
        escalation = replace(escalation, holder=None, state=alerts.State.OPEN)
    return _take(escalation, by, *more)


_take = alerts.take


def _close_but_wake(*args: Any) -> Outcome:
    outcome = _close(*args)
    closed = [r for r in outcome.records if isinstance(r, Escalation)]
    again = tuple(Wake(alerts.KIND, r.id, args[-1] + timedelta(minutes=1)) for r in closed)
    return replace(outcome, wakes=again)


_close = alerts.close


def _climb_though_closed(escalation: Escalation, around: Around, now: datetime) -> Outcome:
    state = alerts.State.OPEN if escalation.closed_at else escalation.state
    return _tick(replace(escalation, state=state, due_at=escalation.due_at or now), around, now)


def _stay_closed_by_name(planted: ExitStack) -> None:
    swap(alerts, "close", _close_but_wake)(planted)
    swap(ladder, "tick", _climb_though_closed)(planted)


def _take_and_sleep(escalation: Escalation, *more: Any) -> Outcome:
    outcome = _take(escalation, *more)
    records = tuple(
        replace(r, due_at=None) if isinstance(r, Escalation) else r for r in outcome.records
    )
    wakes = (Wake(alerts.KIND, escalation.id, None),)
    return replace(outcome, records=records, wakes=wakes)


# --- the way out ----------------------------------------------------------------------------


def _always(c: Connection, to: str, about: Any, now: datetime) -> Decision:
    return Decision(Effect.SHARE, Reason.OWN)


def _sent_and_put_off(c: Connection, row: Any, message: int, now: datetime, *more: Any) -> None:
    _sent(c, row, message, now, *more)
    alert = row.params.get("escalation")
    this = schema.escalation.c.id == alert, schema.escalation.c.state == "open"
    later = {"due_at": now + timedelta(minutes=1)}
    if (
        row.lane is Lane.SAFETY
        and c.execute(update(schema.escalation).where(*this).values(**later)).rowcount
    ):
        c.execute(update(schema.deadline).where(schema.deadline.c.key == alert).values(**later))


_sent = outbox.sent


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
    "rung_skipped_after_an_outage": Bug(
        "An alert that was not looked after in time leaves a rung out.",
        swap(ladder, "tick", _skip_after_an_outage),
        by="the ladder is climbed in order",
    ),
    "two_holders": Bug(
        "Whoever presses takes an alert away from its holder.",
        swap(alerts, "take", _take_over),
        by="a held alert has one holder",
    ),
    "closed_climbs_again": Bug(
        "A closed alert keeps its deadline and goes on climbing.",
        _stay_closed_by_name,
        by="an open alert moves on by itself",
    ),
    "held_and_forgotten": Bug(
        "An alert that somebody has taken is never asked about again.",
        swap(alerts, "take", _take_and_sleep),
        by="an open alert moves on by itself",
    ),
    "counted_against_the_person": Bug(
        "A check-in missed while Kith was off is the person's.",
        swap(heartbeat, "last_off", lambda c: None),
        by="time off is not counted against anybody",
    ),
    "gate_skipped": Bug(
        "The gate is not asked when a message leaves.",
        swap(agreement, "ask", _always),
        by="nobody is told without a yes",
    ),
    "asked_after_an_answer": Bug(
        "Somebody is asked whether they are OK who has said so since.",
        swap(journey, "heard_since", lambda c, id, since: False),
        by="nobody is asked who has answered",
    ),
    "lost_lease": Bug(
        "What a dead process had claimed is never let go.",
        swap(outbox, "_lost", lambda c, owner, now: frozenset()),
        by="it does not come to rest",
    ),
    "clock_runs_from_the_send": Bug(
        "The next rung waits from the moment a message was sent.",
        swap(outbox, "sent", _sent_and_put_off),
        by="the clock of an alert is its own",
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
} | {
    name: replace(bug, part=part.PLAYED)
    for part, planted in (
        (supporters, news_bugs),
        (safeguards, safeguard_bugs),
        (signs, sign_bugs),
        (sessions, session_bugs),
        (whereabouts, where_bugs),
        (quietly, quiet_bugs),
        (handing_over, handing_over_bugs),
        (on_the_way, way_bugs),
        (steps, step_bugs),
        (second_way, second_way_bugs),
        (stray, stray_bugs),
        (gone, gone_bugs),
    )
    for name, bug in planted.BUGS.items()
}


@contextmanager
def planted(name: str | None) -> Iterator[None]:
    """With this fault in Kith; None: as it is."""
    with ExitStack() as stack:
        if name is not None:
            BUGS[name].plant(stack)
        yield
