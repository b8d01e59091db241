"""Faults planted in what is noticed, what follows from it, and concerns: see `bugs`."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from bot.care import digest as reading
from bot.care import escalation as alerts
from bot.care import ladder, threshold
from bot.care.concern import Part
from bot.care.digest import Noticed
from bot.care.escalation import Escalation
from bot.care.outcome import Lane, Log, Outcome, Tell
from bot.care.sign import Observation
from bot.care.text import Text
from bot.outbox import gate
from bot.store import digest, escalation, named, noticing
from tests.simulation.planting import Bug, swap


def _its_own_day(plan: Any, seen: Sequence[Observation], *args: Any, **more: Any) -> Any:
    return _fired(plan, [replace(one, since=0) for one in seen], *args, **more)


_fired = threshold.fired


def _told_to_the_person(escalation: Escalation, text: Text, **more: str) -> tuple[Tell, ...]:
    key = f"{escalation.id}:{text.id}:{escalation.version}:person"
    return (
        Tell(escalation.person, alerts.message(text, escalation, **more), Lane.SAFETY, key=key),
    )


def _without_parts(c: Any, person: Any, team: Any, words: Any, about: Any, now: Any) -> Any:
    by_name = [one for one in about if one not in tuple(Part)]
    return _members(c, person, team, words, by_name, now)


_members = named.members


def _in_silence(*args: Any) -> Outcome:
    return replace(_finish(*args), tells=())


_finish = reading.finish


def _a_line_of_theirs(kind: str, noticed: Noticed, by: str | None) -> Log:
    return Log(kind, noticed.person, by, {"observation": noticed.id})


BUGS: dict[str, Bug] = {
    "noticed_and_forgotten": Bug(
        "What was noticed has no time by which it is read.",
        swap(digest, "queue", lambda *_: Outcome()),
        by="nothing that was said is lost",
    ),
    "a_few_days_are_one": Bug(
        "What was noticed counts for the day on which it was said alone.",
        swap(noticing, "fired", _its_own_day),
        by="what the plan says is asked",
    ),
    "receipt_tells_of_another": Bug(
        "A receipt says that staff are asked, though only another's word has brought it about.",
        swap(noticing, "may_see", lambda *_, **__: True),
        by="a receipt tells of nobody else",
    ),
    "person_hears_of_a_sign": Bug(
        "Of an alert that is about signs the person hears who is asked.",
        swap(ladder, "to_person", _told_to_the_person),
        by="nobody learns what another said",
    ),
    "lead_hears_of_herself": Bug(
        "A concern about a part in the team is put before whoever has that part.",
        swap(named, "members", _without_parts),
        by="a concern reaches nobody it is about",
    ),
    "finished_and_never_told": Bug(
        "Whoever noticed something does not hear that the team has finished with it.",
        swap(reading, "finish", _in_silence),
        by="whoever spoke up hears of it",
    ),
    "closed_alert_told": Bug(
        "An alert that is closed is still told to those it was meant for.",
        swap(gate, "_closed", lambda c, row: False),
        by="nobody is asked about what is closed",
    ),
    "closed_unread": Bug(
        "An alert is ended by whoever has not read what it is about.",
        lambda planted: planted.enter_context(patch.dict(escalation.READ_FIRST, clear=True)),
        by="nothing unread is closed with its alert",
    ),
    "person_may_read_it": Bug(
        "The line that staff have read what was noticed is the person's.",
        swap(reading, "_log", _a_line_of_theirs),
        by="sam reads nothing of it",
    ),
}
