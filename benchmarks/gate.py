"""How many decisions the gate makes in a second, beside its twin and with its facts loaded."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from sqlalchemy import Connection

from benchmarks import service
from benchmarks.measure import Figure, Verdict, apart, ratios, spread
from bot.care.agreement import decide
from bot.care.outcome import About, Topic
from bot.store import agreement, around, seed
from tests.care.naive_gate import judge
from tests.care.sharing import Question, question

PEERS = ()
ASKED = 10_000
"""Decisions a second that one process must make at least."""

PEOPLE = {"Amira": Topic.DAILY_LIFE, "Leo": Topic.DAILY_LIFE, "Ruth": Topic.FINANCES}


@dataclass(frozen=True, slots=True)
class Size:
    rounds: int
    questions: int
    loaded: int


FULL = Size(rounds=5, questions=50_000, loaded=5_000)
QUICK = Size(rounds=1, questions=100, loaded=10)


async def gate(questions: int) -> float:
    """Decisions a second on facts that are there already."""
    return _rate(questions, lambda asked: decide(asked.facts, asked.about, asked.now))


async def twin(questions: int) -> float:
    """The same questions to the twin."""
    return _rate(questions, lambda asked: judge(asked.facts, asked.about, asked.now))


def _rate(questions: int, ask: Callable[[Question], object]) -> float:
    dice = Random(1)
    thrown = [question(dice) for _ in range(questions)]
    began = time.perf_counter()
    for asked in thrown:
        ask(asked)
    return questions / (time.perf_counter() - began)


async def loaded(questions: int) -> float:
    """Decisions a second of the sample circle, each with its facts read from the database."""
    with service.folder() as data:
        async with service.memory(service.settings(data)) as memory:
            now = await memory.now()
            ids = await memory.write(seed.seed_sample, now, {})

            def ask(c: Connection) -> float:
                places = {place.member: place.id for place in around.circle_of(c, ids["Sam"])}
                asked = [
                    (ids[name], About(ids["Sam"], topic, 1, places[ids[name]], None, now))
                    for name, topic in PEOPLE.items()
                ]
                began = time.perf_counter()
                for number in range(questions):
                    to, about = asked[number % len(asked)]
                    agreement.ask(c, to, about, now)
                return questions / (time.perf_counter() - began)

            return await memory.read(ask)


def measure(size: Size, *, peers: bool = True) -> Figure:  # noqa: ARG001 -- it is measured beside its twin
    ours: list[float] = []
    theirs: list[float] = []
    read: list[float] = []
    for _ in range(size.rounds):
        ours.append(apart("benchmarks.gate:gate", questions=size.questions))
        theirs.append(apart("benchmarks.gate:twin", questions=size.questions))
        read.append(apart("benchmarks.gate:loaded", questions=size.loaded))
    return Figure(
        name="gate",
        title="Deciding what may be said",
        how=f"{size.questions:,} questions thrown by dice near every border of the rules, in one"
        " process and one thread; no other system has this rule, so the peer is the second gate"
        " that the tests compare it with (it asks every question and stops at none)."
        f" Below, {size.loaded:,} questions about the sample circle on SQLite, each loading its"
        f" facts anew, as the outbox does for every message. {size.rounds} rounds in turn.",
        columns=("side", "decisions a second"),
        rows=(
            ("the gate", spread(ours, 0)),
            ("its twin", spread(theirs, 0)),
            ("the gate over its twin", spread(ratios(ours, theirs), 1, "×")),
            ("the gate, its facts read from SQLite", spread(read, 0)),
        ),
        verdicts=(
            Verdict(
                f"at least {ASKED:,} decisions a second in one process",
                spread(ours, 0),
                min(ours) >= ASKED,
            ),
        ),
    )
