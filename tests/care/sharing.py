"""Questions for the gate, thrown with dice: near what is allowed, and near every border."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

from bot.care.agreement import (
    Agreement,
    Answer,
    Basis,
    Choice,
    Facts,
    Glass,
    Ground,
    Guardrail,
    Hold,
    Recipient,
    Sharing,
    Situation,
    Standing,
    State,
    Switch,
)
from bot.care.circle import Role
from bot.care.gate_proof import AGREED, CARER, NOW, ROW, SAM
from bot.care.outcome import About, Topic

T = TypeVar("T")

TOPICS = (Topic.APPOINTMENTS, Topic.FINANCES, Topic.JOURNEYS)
SUPPORTERS = ("amira", "leo", "other")
TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)
GRACE = timedelta(days=14)
MOMENTS = tuple(
    NOW + apart
    for near in (-40 * DAY, -GRACE, -DAY, timedelta(0), DAY, 40 * DAY)
    for apart in (near - TICK, near, near + TICK)
)


@dataclass(frozen=True, slots=True)
class Question:
    facts: Facts
    about: About
    now: datetime = NOW


def question(dice: Random) -> Question:
    """Anything that may be asked; one in ten is about staff or the person, as a rule."""
    asked = Question(_facts(dice), _about(dice))
    if dice.random() >= 0.1:
        return asked
    whoever = Recipient(
        member=dice.choice(("sam", "jo", "amira_sharma")),
        left=_rarely(dice),
        teams=dice.choice((frozenset[str](), frozenset({"oak"}), frozenset({"elm"}))),
        places=dice.choice(((), (CARER,))),
    )
    facts = replace(asked.facts, recipient=whoever)
    return Question(facts, replace(asked.about, acting=None))


def _facts(dice: Random) -> Facts:
    return Facts(
        person="sam",
        person_left=_rarely(dice),
        team="oak",
        recipient=_recipient(dice),
        agreements=_agreements(dice),
        guardrails=_some(dice, lambda n: Guardrail(f"rail{n}", _who(dice), _topic(dice))),
        grounds=_some(dice, lambda n: _ground(dice, n), often=3),
        holds=_some(dice, lambda _: Hold("concern", _topic(dice), _past(dice), _end(dice))),
        switches=_some(dice, lambda n: _switch(dice, n), often=3),
        answers=_some(dice, lambda _: _answer(dice), often=4),
        glasses=_some(dice, lambda n: Glass(f"glass{n}", _who(dice), _item(dice) or "news")),
        untold=_rarely(dice),
    )


DICE = st.integers(0, 2**32).map(Random)
"""A number that a failing example can be thrown from again; Hypothesis' own dice are slow."""

QUESTIONS = DICE.map(question)


# --- one thing at a time ------------------------------------------------------------------


def _recipient(dice: Random) -> Recipient | None:
    if _rarely(dice):
        return None
    role = _mostly(dice, Role.CARER, tuple(Role))
    places = [Standing("amira", role, paused=_rarely(dice))]
    if dice.random() < 0.2:
        places.append(Standing("other", Role.ADVOCATE))
    if _rarely(dice):
        places = []
    dice.shuffle(places)
    return Recipient(
        member=_mostly(dice, "amira_sharma", ("sam", "jo")),
        left=_rarely(dice),
        teams=frozenset(_mostly(dice, (), (("oak",), ("elm",), ("oak", "elm")))),
        places=tuple(places),
    )


def _agreements(dice: Random) -> tuple[Agreement, ...]:
    count = _mostly(dice, 1, (0, 2, 2))
    agreements = [_agreement(dice, n, "amira") for n in range(count)]
    if dice.random() < 0.2:
        agreements.append(_agreement(dice, 7, _who(dice)))
    return tuple(agreements)


def _agreement(dice: Random, number: int, supporter: str) -> Agreement:
    state = _mostly(dice, State.ACTIVE, tuple(State))
    return replace(
        AGREED,
        id=f"agreement{number}",
        person=_mostly(dice, "sam", ("kim",)),
        supporter=supporter,
        version=number,
        state=state,
        rows=tuple(sharing(dice, f"row{number}{n}") for n in range(dice.randint(1, 4))),
        review_at=_mostly(dice, AGREED.review_at, MOMENTS),
        lapses_at=_mostly(dice, AGREED.lapses_at, MOMENTS),
        activated_at=_mostly(dice, AGREED.activated_at, (None, *MOMENTS)),
        ended_at=_end(dice),
    )


def sharing(dice: Random, id: str) -> Sharing:
    """One row of an agreement."""
    basis = _mostly(dice, Basis.CONSENT, tuple(Basis))
    return replace(
        ROW,
        id=id,
        topic=_topic(dice),
        situation=dice.choice((Situation.EVERYDAY, *Situation)),
        choice=_mostly(dice, dice.choice((Choice.SHARE, Choice.ASK)), tuple(Choice)),
        level=_mostly(dice, dice.choice((2, 3)), (0, 1, 4)),
        since=_past(dice),
        until=_end(dice),
        data_from=_mostly(dice, None, MOMENTS),
        basis=basis,
        ground=_mostly(dice, None if basis is Basis.CONSENT else "ground0", (None, "ground1")),
    )


def _ground(dice: Random, number: int) -> Ground:
    topics = frozenset(dice.sample(TOPICS, dice.randint(0, len(TOPICS))))
    basis = dice.choice((Basis.BEST_INTERESTS, Basis.AUTHORITY))
    return Ground(f"ground{number}", basis, topics, _past(dice), _end(dice) or NOW + DAY)


def _switch(dice: Random, number: int) -> Switch:
    situation = dice.choice((Situation.UNWELL, Situation.EMERGENCY))
    return Switch(f"switch{number}", situation, _past(dice), _end(dice) or NOW + DAY)


def _answer(dice: Random) -> Answer:
    return Answer(_who(dice), _item(dice) or "news", yes=dice.random() < 0.7)


def _about(dice: Random) -> About:
    return replace(
        SAM,
        person=_mostly(dice, "sam", ("kim",)),
        topic=_topic(dice),
        level=_mostly(dice, dice.choice((1, 2)), (0, 3, 4)),
        acting=_mostly(dice, "amira", (None, "other", "leo")),
        item=_item(dice),
        at=_mostly(dice, SAM.at, (None, *MOMENTS)),
    )


def _topic(dice: Random) -> Topic:
    return _mostly(dice, Topic.APPOINTMENTS, TOPICS)


def _who(dice: Random) -> str:
    return _mostly(dice, "amira", SUPPORTERS)


def _item(dice: Random) -> str | None:
    return _mostly(dice, "news", ("other", None))


def _past(dice: Random) -> datetime:
    return _mostly(dice, NOW - 3 * DAY, MOMENTS)


def _end(dice: Random) -> datetime | None:
    return _mostly(dice, None, MOMENTS)


def _some(dice: Random, make: Callable[[int], T], often: int = 1) -> tuple[T, ...]:
    """None mostly; `often` times as likely as rare things are, one or two."""
    if dice.random() >= 0.08 * often:
        return ()
    return tuple(make(number) for number in range(dice.randint(1, 2)))


def _rarely(dice: Random) -> bool:
    return dice.random() < 0.03


def _mostly(dice: Random, usual: T, others: Sequence[T]) -> T:
    return dice.choice(others) if dice.random() < 0.06 else usual
