"""A threshold of the early-warning plan has been reached: staff are asked, word for word as the
plan says, and say afterwards how useful that was.

How it climbs, who has it and how it is closed is `escalation` and `ladder`; this is what it is
about: the sentences that were true, and the observations behind them. No score, no words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.care.escalation import Cause, Escalation
from bot.care.outcome import Log, Message, Outcome
from bot.care.sign import WARNING, Stage
from bot.care.text import Text

ASK_AGAIN = 30
"""Minutes after which whoever has it is asked how it is."""

CAUSES = (Cause.SIGN, Cause.EARLY_SIGN)
"""Of a threshold; a later one joins an alert of these that stands."""


@dataclass(frozen=True, slots=True)
class SignAlert:
    """What an alert is about; its id is that of its escalation.

    `plan` and `thresholds` are what was reached under which version; none when what was noticed
    has waited too long to be read. `done`: what staff say they did, sealed as words are.
    """

    id: str
    person: str
    stage: Stage
    plan: str | None
    thresholds: tuple[str, ...]
    observations: tuple[str, ...]
    done: str | None = None
    done_by: str | None = None
    done_at: datetime | None = None


def cause(stage: Stage) -> Cause:
    return Cause.EARLY_SIGN if stage is Stage.EARLY else Cause.SIGN


def gravest(stages: Sequence[Stage]) -> Stage:
    """The latest of these; what is on no card counts as early."""
    return max((s for s in stages if s in WARNING), key=WARNING.index, default=Stage.EARLY)


def joined(standing: SignAlert, later: SignAlert) -> SignAlert:
    """What was reached later belongs to the alert that stands."""
    same = standing.plan == later.plan
    before = standing.thresholds if same else ()
    return replace(
        standing,
        stage=gravest((standing.stage, later.stage)),
        plan=later.plan or standing.plan,
        thresholds=tuple(dict.fromkeys((*before, *later.thresholds))),
        observations=tuple(dict.fromkeys((*standing.observations, *later.observations))),
    )


def asks_anew(standing: SignAlert, later: SignAlert) -> bool:
    """Whether what has joined is told to all at once: a graver stage, or another sentence."""
    graver = WARNING.index(later.stage) > WARNING.index(standing.stage)
    return graver or bool(set(later.thresholds) - set(standing.thresholds))


def climbs(alert: Escalation, now: datetime) -> bool:
    """Whether somebody has been asked just now, and the next will be when their wait is over."""
    wait = timedelta(minutes=alert.rungs[max(alert.rung, 0)].wait)
    return alert.holder is None and alert.due_at is not None and alert.due_at <= now + wait


def did(alert: SignAlert, words: str, by: str, now: datetime) -> Outcome:
    """Staff write what they did; written again, the later words stand."""
    after = replace(alert, done=words, done_by=by, done_at=now)
    return Outcome(
        said=Message(Text("sign_alert", "noted"), {"person": alert.person}),
        records=(after,),
        logs=(Log("sign_alert_done", None, by, {"escalation": alert.id}),),
    )
