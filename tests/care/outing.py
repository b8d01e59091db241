"""Sam's plan, an outing under it and an alert about it, as tests of the rules need them."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.care import escalation, ladder
from bot.care.escalation import Cause, Escalation
from bot.care.journey import Journey, State
from bot.care.ladder import Around
from bot.care.outcome import Outcome
from bot.care.plan import LADDERS, Ladder, Place, Plan, PlanState, Rung, Standing
from bot.care.text import Text

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DUE = NOON + 60 * MINUTE
GRACE_OVER = DUE + 10 * MINUTE

_WORDS = Path(__file__).parents[2] / "locales" / "en_GB" / "LC_MESSAGES" / "kith.po"
_ENTRY = re.compile(r'^msgctxt "(\w+)"\nmsgid "(\w+)"$', re.MULTILINE)
CATALOGUE = {Text(*entry) for entry in _ENTRY.findall(_WORDS.read_text("utf-8"))}

PLAN = Plan(
    id="plan",
    person="sam",
    version=1,
    state=PlanState.AGREED,
    places=(Place("cafe", "Café"), Place("library", "Library")),
    longest=120,
    rungs=LADDERS["key_worker"],
    what_to_do="Ring Sam.",
    drafted_by="jo",
    drafted_at=NOON,
    agreed_at=NOON,
)


def outing(state: State = State.OUT, **more: Any) -> Journey:
    """Sam set off at noon and is due an hour later."""
    out = Journey(
        id="out",
        person="sam",
        plan=PLAN,
        place="Café",
        state=state,
        started_at=NOON,
        due_at=DUE,
        limit_at=DUE + 30 * MINUTE,
    )
    if state in (State.MISSED, State.HELP, State.ANSWERED):
        out = replace(out, escalation="alert", nudges=2)
    if state is State.HOME:
        out = replace(out, ended_at=DUE, ended_by="sam")
    return replace(out, **more)


def around(
    *members: str | None, others: tuple[str, ...] = ("mina",), person: bool = True
) -> Around:
    """The ladder with these on its rungs (None: nobody who can be reached), Jo first by default."""
    names = members or ("jo", "dev", "priya")
    standings: Ladder = tuple(
        Standing(rung, name, None if name else "unreachable")
        for rung, name in zip(PLAN.rungs, names, strict=False)
    )
    return Around(standings, others, person)


def fresh(cause: Cause = Cause.MISSED, rungs: tuple[Rung, ...] = PLAN.rungs) -> Escalation:
    """An alert about Sam's outing of which nobody has been told."""
    return Escalation(
        id="alert",
        person="sam",
        team="oak",
        cause=cause,
        subject="out",
        state=escalation.State.OPEN,
        event_at=DUE,
        opened_at=GRACE_OVER,
        rungs=rungs,
        ask_again=15,
        police_at=DUE + 60 * MINUTE,
    )


def opened(cause: Cause = Cause.MISSED, at: datetime = GRACE_OVER) -> Escalation:
    """The same, when the first rung has been told."""
    return alert_of(ladder.open_(fresh(cause), around(), at))


def taken(by: str = "jo", cause: Cause = Cause.MISSED) -> Escalation:
    return alert_of(escalation.take(opened(cause), by, GRACE_OVER))


def outing_of(outcome: Outcome) -> Journey:
    """The outing as this outcome leaves it."""
    return [record for record in outcome.records if isinstance(record, Journey)][-1]


def alert_of(outcome: Outcome) -> Escalation:
    """The alert as this outcome leaves it."""
    return [record for record in outcome.records if isinstance(record, Escalation)][-1]


def told(outcome: Outcome) -> list[tuple[str, str]]:
    """Who is told which text, in order; each text is one of the catalogue."""
    assert {tell.message.text for tell in outcome.tells} <= CATALOGUE
    return [(tell.to, tell.message.text.id) for tell in outcome.tells]


def said(outcome: Outcome) -> str | None:
    """The text that answers whoever caused it, one of the catalogue."""
    assert outcome.said is None or outcome.said.text in CATALOGUE
    return None if outcome.said is None else outcome.said.text.id


def logged(outcome: Outcome) -> list[str]:
    return [log.kind for log in outcome.logs]
