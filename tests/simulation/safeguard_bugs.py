"""Faults planted in what is not Sam's own word: guardrails, worries, switches, glasses, papers."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.care import agreement as care
from bot.care import holding, switching
from bot.care.agreement import Decision, Facts, Situation
from bot.care.news import News, Telling
from bot.care.outcome import Outcome
from bot.care.switching import Switching
from bot.store import agreement, glass, news, schema
from tests.simulation.planting import Bug, swap


def _no_rails(c: Connection, item: News, to: Telling, now: datetime) -> Decision | None:
    about = item.about(to.supporter)
    if about is None:
        return None
    facts = agreement.facts(c, to.member, about, now)
    return care.decide(replace(facts, guardrails=()), about, now)


def _whatever_was_wished(wishes: Any, before: Any, held: Any) -> Any:
    return tuple(wishes)


def _all_may_widen(planted: ExitStack) -> None:
    swap(holding, "taken", _whatever_was_wished)(planted)
    swap(holding, "widens", lambda proposed, before, held: False)(planted)


def _by_one(kept: Switching, by: str, now: datetime, *, told: bool) -> Outcome:
    if by != kept.asked_by:
        return _confirm(kept, by, now, told=told)
    outcome = _confirm(replace(kept, asked_by=""), by, now, told=told)
    on = [replace(r, asked_by=by) for r in outcome.records if isinstance(r, Switching)]
    tells = tuple(tell for tell in outcome.tells if tell.to == kept.person)
    return replace(outcome, records=tuple(on), tells=tells)


_confirm = switching.confirm

_EVER_ON = select(schema.switch).where(
    schema.switch.c.person == bindparam("person"), schema.switch.c.since.is_not(None)
)


def _ever(facts: Facts, now: datetime) -> Iterator[Situation]:
    yield from {switch.situation for switch in facts.switches}
    yield Situation.EVERYDAY


def _stays_on(planted: ExitStack) -> None:
    swap(agreement, "_SWITCHES", _EVER_ON)(planted)
    swap(care, "_situations", _ever)(planted)


_ALL_GLASSES = select(schema.glass)


BUGS: dict[str, Bug] = {
    "guardrail_ignored_at_the_reveal": Bug(
        "A guardrail that is set between the call and the tap holds nothing back.",
        swap(news, "decision", _no_rails),
        by="nobody is told without a yes",
    ),
    "hold_that_widens": Bug(
        "While a worry stands, what was chosen can become more.",
        _all_may_widen,
        by="what is held does not widen",
    ),
    "switch_by_one": Bug(
        "Whoever asked for it confirms it, too.",
        swap(switching, "confirm", _by_one),
        by="a switch is turned by two",
    ),
    "switch_left_on": Bug(
        "When the time of a switch has passed, nobody ends it.",
        swap(switching, "over", lambda *_: Outcome()),
        by="a switch ends by itself",
    ),
    "switch_outlasts_its_time": Bug(
        "The gate goes by a switch that is over.", _stays_on, by="nobody is told without a yes"
    ),
    "glass_used_twice": Bug(
        "A glass that was broken lets everything through.",
        swap(agreement, "_GLASSES", _ALL_GLASSES),
        by="nobody is told without a yes",
    ),
    "anybody_breaks_the_glass": Bug(
        "Whoever likes tells one thing against the agreement.",
        swap(glass, "leads", lambda c, by, person, roles: True),
        by="a glass is for one",
    ),
}
