"""A safeguarding lead's "never tell this supporter about that". It beats every yes.

Nobody around the person hears of it, nor does the person: nothing they see depends on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.care.outcome import Log, Message, Outcome, Topic
from bot.care.text import Text


@dataclass(frozen=True, slots=True)
class Rail:
    """One topic never told to one supporter (a membership), since then; `why` is the lead's."""

    id: str
    person: str
    supporter: str
    topic: Topic
    why: str
    set_by: str
    since: datetime
    until: datetime | None = None
    ended_by: str | None = None


def forbid(fresh: Sequence[Rail], standing: Sequence[Rail]) -> Outcome:
    """From now on. What stands already stays as it is."""
    there = {(one.supporter, one.topic) for one in standing}
    added = [one for one in fresh if (one.supporter, one.topic) not in there]
    text = Text("guarding", "set") if added else Text("guarding", "set_already")
    return Outcome(
        said=Message(text),
        records=tuple(added),
        logs=tuple(_log("guardrail_set", one, one.set_by) for one in added),
    )


def end(rail: Rail, by: str, now: datetime) -> Outcome:
    """What the person chose holds again."""
    if rail.until is not None:
        return Outcome()
    return Outcome(
        said=Message(Text("guarding", "ended")),
        records=(replace(rail, until=now, ended_by=by),),
        logs=(_log("guardrail_ended", rail, by),),
    )


def _log(kind: str, rail: Rail, by: str) -> Log:
    facts = {"guardrail": rail.id, "to": rail.supporter, "about": rail.topic.value}
    return Log(kind, rail.person, by, facts)
