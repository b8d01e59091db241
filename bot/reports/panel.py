"""What the playground's panel says: what was decided and why, and what is due next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.care import escalation, journey
from bot.care.agreement import Effect, Reason
from bot.care.text import Text
from bot.i18n import Voice
from bot.outbox import gate
from bot.store import Connection, circle, deadlines, ledger
from bot.store import escalation as escalations
from bot.store import journey as journeys

EFFECTS = {
    "told": (Effect.SHARE, Text("panel", "told")),
    "withheld": (Effect.WITHHOLD, Text("panel", "not_told")),
    "unshared": (Effect.WITHHOLD, Text("panel", "not_told")),
}
"""The lines of the ledger that speak of the gate: what was let through, and what was not."""

REASONS: dict[str, Text] = {
    Reason.OWN: Text("panel", "own"),
    Reason.DIRECT_CARE: Text("panel", "direct_care"),
    Reason.RECIPIENT_UNKNOWN: Text("panel", "recipient_unknown"),
    Reason.RECIPIENT_LEFT: Text("panel", "recipient_left"),
    Reason.PERSON_LEFT: Text("panel", "person_left"),
    Reason.NOT_IN_CIRCLE: Text("panel", "not_in_circle"),
    Reason.OTHER_TEAM: Text("panel", "other_team"),
    Reason.NO_AGREEMENT: Text("panel", "no_agreement"),
    Reason.AGREED: Text("panel", "agreed"),
    Reason.SAID_YES: Text("panel", "said_yes"),
    Reason.BREAK_GLASS: Text("panel", "break_glass"),
    Reason.ASK_FIRST: Text("panel", "ask_first"),
    Reason.ROLE_NOT_NAMED: Text("panel", "role_not_named"),
    Reason.PAUSED: Text("panel", "paused"),
    Reason.GUARDRAIL: Text("panel", "guardrail"),
    Reason.ROLE: Text("panel", "role"),
    Reason.NOT_TOLD_IN_PERSON: Text("panel", "not_told_in_person"),
    Reason.LAPSED: Text("panel", "lapsed"),
    Reason.NO_ROW: Text("panel", "no_row"),
    Reason.NEVER: Text("panel", "never"),
    Reason.BASIS: Text("panel", "basis"),
    Reason.LEVEL: Text("panel", "level"),
    Reason.BEFORE: Text("panel", "before"),
    Reason.HELD: Text("panel", "held"),
    Reason.SAID_NO: Text("panel", "said_no"),
    Reason.NOT_ASKED: Text("panel", "not_asked"),
    Reason.ERROR: Text("panel", "error"),
    gate.CLOSED: Text("panel", "closed"),
    gate.SAID: Text("panel", "said_anew"),
}


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision of the gate; `number` orders them, names are as the panel shows them."""

    number: int
    id: str
    at: datetime
    about: str
    to: str
    topic: str
    effect: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Due:
    at: datetime
    text: str


def decided(c: Connection, voice: Voice, after: int) -> list[Decided]:
    """The gate's decisions since the ledger line `after`, oldest first."""
    return [
        _decided(c, voice, line)
        for line in ledger.lines(c, after=after)
        if line.kind in EFFECTS and "topic" in line.facts and line.person is not None
    ]


def _decided(c: Connection, voice: Voice, line: ledger.Line) -> Decided:
    facts = line.facts
    about, to = circle.name(c, str(line.person)), circle.name(c, str(facts["to"]))
    effect, said = EFFECTS[line.kind]
    reason = str(facts["reason"])
    why = voice.label(REASONS.get(reason, Text("panel", "no_way")), person=about, to=to)
    return Decided(
        number=line.number,
        id=line.id,
        at=line.at,
        about=about,
        to=to,
        topic=str(facts["topic"]),
        effect=effect.value,
        reason=reason,
        text=voice.label(said, to=to, why=why),
    )


def due(c: Connection, voice: Voice, limit: int = 5) -> list[Due]:
    """What time brings about next, soonest first; only what concerns an outing or an alert."""
    upcoming = deadlines.upcoming(c, (journey.KIND, escalation.KIND), limit)
    return [Due(at, _due(c, voice, kind, key)) for kind, key, at in upcoming]


def _due(c: Connection, voice: Voice, kind: str, key: str) -> str:
    if kind == journey.KIND:
        outing = journeys.journey(c, key)
        assert outing is not None  # a deadline names the outing it is for
        params: dict[str, Any] = {"person": circle.name(c, outing.person)}
        if outing.state is journey.State.OUT:
            return voice.label(Text("panel", "due_nudge"), **params)
        if outing.nudges < len(outing.plan.nudges):
            return voice.label(Text("panel", "due_nudge_again"), **params)
        return voice.label(Text("panel", "due_grace"), **params)
    alert = escalations.escalation(c, key)
    assert alert is not None  # a deadline names the alert it is for
    params = {"person": circle.name(c, alert.person)}
    if alert.carried_by is None:
        return voice.label(Text("panel", "due_next_rung"), **params)
    holder = circle.name(c, alert.carried_by)
    return voice.label(Text("panel", "due_ask"), holder=holder, **params)
