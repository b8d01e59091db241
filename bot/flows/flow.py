"""A conversation is a table of steps; this engine moves along it and knows no conversation.

Pure: the table, the talk so far, what was said and the facts give the next talk.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from bot.care.outcome import Cause, Outcome, Wake
from bot.care.text import Text
from bot.i18n import LOCALES, Param, Phrase, Words
from bot.store import Connection, circle
from bot.store.flow import Talk

F = TypeVar("F")

BACK = "back"
STOP = "stop"
"""Choices every step has (Back: not the first). `ends=STOP` ends a flow without an act."""

MORE = "more:"
"""A choice that moves nothing: the same question with its buttons from that number on."""

OLD_BUTTON = Text("general", "old_button")
CHOOSE = Text("general", "choose")
WORDS_PLEASE = Text("general", "words_please")
BEGAN_AGAIN = Text("general", "began_again")

LEFT = "talk_left"
"""The kind of deadline that comes for a talk left before its end; its key is the talk's id."""


OUTLIVES = timedelta(days=2)
"""So long after a role has ended whoever held it is heard to the end, where a talk outlives it:
longer than until they are reminded of it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button and where it leads: a step, or a route that picks one. Kept as the answer."""

    id: str
    label: Text
    to: str


@dataclass(frozen=True, slots=True)
class Offered:
    """A button made from the facts: a name as it is, or a text with what fills it."""

    id: str
    label: Text | str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One question. What is picked or written is kept under the step's name.

    `offers` and `reads` name the flow's own; `to` is where they lead. `ends` names the act
    that ends the flow: such a step asks nothing, its text is the last word.
    """

    asks: Text | None = None
    choices: tuple[Choice, ...] = ()
    offers: str | None = None
    reads: str | None = None
    to: str | None = None
    back: bool = True
    ends: str | None = None


@dataclass(frozen=True, slots=True)
class Tap:
    choice: str
    turn: int


@dataclass(frozen=True, slots=True)
class Wrote:
    text: str


@dataclass(frozen=True, slots=True)
class Located:
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Sent:
    """Something that is neither words nor a place: a photo, a voice note, a sticker; `words` are
    what is written beneath it."""

    words: str = ""


Said = Tap | Wrote | Located | Sent


@dataclass(frozen=True)
class Route(Generic[F]):
    """A fork: the facts and the answers so far pick one of `to`, all of them visible."""

    to: tuple[str, ...]
    pick: Callable[[F, Talk], str]


Offer = Callable[[F, Talk], Sequence[Offered]]
Read = Callable[[Wrote | Located, F, Talk], str | Text | Phrase]
"""Returns what to keep, or the text that says kindly what does not fit."""


@dataclass(frozen=True)
class Flow(Generic[F]):
    """`stop`: the step, or the route, that `Stop` leads to; without one it ends the talk."""

    name: str
    start: str
    steps: Mapping[str, Step]
    offers: Mapping[str, Offer[F]] = field(default_factory=dict)
    readers: Mapping[str, Read[F]] = field(default_factory=dict)
    routes: Mapping[str, Route[F]] = field(default_factory=dict)
    stop: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """Where the talk stands now. `say` tells why nothing moved; `end` names the last act."""

    talk: Talk
    say: Text | Phrase | None = None
    end: str | None = None


End = Callable[[Connection, Talk, F, datetime, Cause], Outcome]
"""An act of the store: it commits what follows together with the cause, and returns it."""


@dataclass(frozen=True)
class Left(Generic[F]):
    """What follows when nobody goes on with a talk for so long, if it `holds` something by then.

    `replaced`: the same follows at once when a new talk takes its place.
    """

    after: timedelta
    holds: Callable[[Talk], bool]
    act: End[F]
    replaced: bool = False


@dataclass(frozen=True)
class Conversation(Generic[F]):
    """A flow with what it needs of the store: its facts, what fills its questions, its ends.

    All of it runs in the one transaction that also closes the update. An end's `said` is
    the last word; without one, the end step's own text is. `beside` are buttons under every
    question that lead out of the talk: their ids are whole callback data. `outlives`: it goes on
    though the role in which it was begun has ended meanwhile. `left`: when nobody goes on with it.
    """

    flow: Flow[F]
    facts: Callable[[Connection, Talk, datetime], F]
    ends: Mapping[str, End[F]] = field(default_factory=dict)
    params: Callable[[F, Talk], Mapping[str, Param]] = lambda _facts, _talk: {}
    beside: Offer[F] = lambda _facts, _talk: ()
    outlives: bool = False
    left: Left[F] | None = None


def start(
    flow: Flow[F],
    id: str,
    chat: int,
    membership: str | None,
    answers: Mapping[str, str] | None = None,
    way: Sequence[str] = (),
) -> Talk:
    """A new talk at the first step; `answers` are what the command already said.

    `way`: the steps that `answers` has taken already, and the one that is asked now.
    """
    *path, step = way or (flow.start,)
    return Talk(id, chat, membership, flow.name, step, answers or {}, tuple(path))


def move(flow: Flow[F], talk: Talk, said: Said, facts: F) -> Moved:
    """One step on, back, or nowhere with the reason in kind words. Never an error."""
    step = flow.steps.get(talk.step)
    if step is None or step.ends is not None:
        # A release renamed the step this talk was left at. What the command said still holds.
        given = {name: said for name, said in talk.answers.items() if name not in flow.steps}
        again = replace(talk, step=flow.start, answers=given, path=(), turn=talk.turn + 1)
        return Moved(again, BEGAN_AGAIN)
    match said:
        case Tap(turn=turn) if turn != talk.turn:
            return Moved(talk, OLD_BUTTON)
        case Tap(choice=choice) if choice.startswith(MORE):
            return Moved(talk)
        case Tap(choice=choice) if choice == STOP:
            return _stop(flow, talk, facts)
        case Tap(choice=choice) if choice == BACK and goes_back(flow, talk):
            return Moved(_back(talk))
        case Tap(choice=choice):
            for known in step.choices:
                if known.id == choice:
                    return _on(flow, talk, choice, known.to, facts)
            if step.to is not None and choice in _offered(flow, step, talk, facts):
                return _on(flow, talk, choice, step.to, facts)
            return Moved(talk, OLD_BUTTON)
        case Sent():
            return Moved(talk, CHOOSE if step.reads is None else WORDS_PLEASE)
        case Wrote() | Located() if step.reads is not None and step.to is not None:
            answer = flow.readers[step.reads](said, facts, talk)
            if isinstance(answer, Text | Phrase):
                return Moved(talk, answer)
            return _on(flow, talk, answer, step.to, facts)
        case _:
            return Moved(talk, CHOOSE)


def _offered(flow: Flow[F], step: Step, talk: Talk, facts: F) -> set[str]:
    return {o.id for o in flow.offers[step.offers](facts, talk)} if step.offers else set()


def waits(conversation: Conversation[F], talk: Talk, now: datetime) -> Outcome:
    """As it stands now: when somebody or something comes back to it, if anything does."""
    left = conversation.left
    if left is None:
        return Outcome()
    return Outcome(wakes=(Wake(LEFT, talk.id, now + left.after if left.holds(talk) else None),))


def goes_back(flow: Flow[F], talk: Talk) -> bool:
    return bool(talk.path) and flow.steps[talk.step].back


def stops(flow: Flow[F], talk: Talk) -> bool:
    """Whether this question has a `Stop`: not the one that `Stop` itself has led to."""
    return flow.stop is None or talk.step not in _targets(flow, flow.stop)


def _stop(flow: Flow[F], talk: Talk, facts: F) -> Moved:
    on = replace(talk, turn=talk.turn + 1)
    if flow.stop is None:
        return Moved(on, end=STOP)
    if not stops(flow, talk):
        return Moved(talk, CHOOSE)
    to = flow.routes[flow.stop].pick(facts, on) if flow.stop in flow.routes else flow.stop
    ends = flow.steps[to].ends
    if ends is not None:
        return Moved(replace(on, step=to), end=ends)
    return Moved(replace(on, step=to, path=(*talk.path, talk.step)))


def _on(flow: Flow[F], talk: Talk, answer: str, to: str, facts: F) -> Moved:
    said = replace(talk, answers={**talk.answers, talk.step: answer}, turn=talk.turn + 1)
    if to in flow.routes:
        to = flow.routes[to].pick(facts, said)
    ends = flow.steps[to].ends
    if ends is not None:
        return Moved(replace(said, step=to), end=ends)
    if to == talk.step:
        return Moved(said)
    if to in talk.path:
        return Moved(_rewound(said, to))
    return Moved(replace(said, step=to, path=(*talk.path, talk.step)))


def _back(talk: Talk) -> Talk:
    return _rewound(replace(talk, turn=talk.turn + 1), talk.path[-1])


def _rewound(talk: Talk, to: str) -> Talk:
    """At a step already passed: it and all after it are asked again."""
    at = talk.path.index(to)
    again = {*talk.path[at:], talk.step}
    answers = {step: answer for step, answer in talk.answers.items() if step not in again}
    return replace(talk, step=to, path=talk.path[:at], answers=answers)


def acting(c: Connection, talk: Talk) -> str:
    """Who acts in this talk: the member whose role it was begun in."""
    assert talk.membership is not None  # such a talk is begun in a role
    membership = circle.membership(c, talk.membership)
    assert membership is not None  # a foreign key says so
    return membership.member


def heard_until(c: Connection, talk: Talk) -> datetime | None:
    """How long a talk can outlive the role it was begun in; None while that role is held."""
    held = None if talk.membership is None else circle.membership(c, talk.membership)
    return None if held is None or held.until is None else held.until + OUTLIVES


def leads(flow: Flow[F], step: Step) -> Iterator[tuple[str, Text | str | None]]:
    """Every step this one can lead to, with the label that leads there (None: words)."""
    for choice in step.choices:
        for to in _targets(flow, choice.to):
            yield to, choice.label
    for to in _targets(flow, step.to) if step.to is not None else ():
        if step.offers is not None:
            yield to, step.offers
        if step.reads is not None:
            yield to, None


def _targets(flow: Flow[F], to: str) -> tuple[str, ...]:
    return flow.routes[to].to if to in flow.routes else (to,)


def faults(conversation: Conversation[F], words: Words) -> list[str]:
    """What is wrong with a table, in sentences; an empty list when nothing is."""
    flow = conversation.flow
    found: list[str] = []
    if flow.start not in flow.steps:
        return [f"{flow.name}: the first step {flow.start} is unknown."]
    for name in flow.routes.keys() & flow.steps.keys():
        found.append(f"{flow.name}: {name} is both a step and a route.")
    stopping = () if flow.stop is None else _targets(flow, flow.stop)
    unknown = (to for to in stopping if to not in flow.steps)
    found += [f"{flow.name}: Stop leads to {to}, which is unknown." for to in unknown]
    for name, step in flow.steps.items():
        found += [f"{flow.name}.{name}: {fault}" for fault in _step_faults(conversation, step)]
        found += [f"{flow.name}.{name}: {fault}" for fault in _button_faults(step, words)]
    if found:
        return found
    reached = _closure({flow.start, *stopping}, flow)
    found += [
        f"{flow.name}.{name}: nothing leads here." for name in flow.steps if name not in reached
    ]
    for name in flow.steps:
        if not any(flow.steps[step].ends for step in _closure({name}, flow)):
            found.append(f"{flow.name}.{name}: no way from here reaches an end.")
    return found


def _step_faults(conversation: Conversation[F], step: Step) -> Iterator[str]:
    flow = conversation.flow
    if step.ends is not None:
        if step.ends != STOP and step.ends not in conversation.ends:
            yield f"its end {step.ends} is unknown."
        if step.choices or step.offers or step.reads or step.to:
            yield "it ends the flow and still asks."
        return
    if step.asks is None:
        yield "it asks nothing."
    if not (step.choices or step.offers or step.reads):
        yield "there is no way on."
    if (step.offers or step.reads) and step.to is None:
        yield "its answer leads nowhere."
    if step.offers is not None and step.offers not in flow.offers:
        yield f"its offers {step.offers} are unknown."
    if step.reads is not None and step.reads not in flow.readers:
        yield f"its reader {step.reads} is unknown."
    for to in (*(choice.to for choice in step.choices), *((step.to,) if step.to else ())):
        for target in _targets(flow, to):
            if target not in flow.steps:
                yield f"it leads to {target}, which is unknown."


def _button_faults(step: Step, words: Words) -> Iterator[str]:
    ids = [choice.id for choice in step.choices]
    if len(set(ids)) < len(ids) or any(id in (BACK, STOP) or MORE in id for id in ids):
        yield "two of its buttons have the same id."
    for choice in step.choices:
        if len(callback(choice.id, "x" * 16, 99_999).encode()) > 64:
            yield f"the button {choice.id} has too long an id."
        if any(len(words.label(locale, choice.label)) > 64 for locale in LOCALES):
            yield f"the button {choice.id} has too long a label."


def _closure(steps: set[str], flow: Flow[F]) -> set[str]:
    """All steps reachable from these, themselves included."""
    reached, open_ = set(steps), list(steps)
    while open_:
        for to, _ in leads(flow, flow.steps[open_.pop()]):
            if to not in reached:
                reached.add(to)
                open_.append(to)
    return reached


def callback(choice: str, talk: str, turn: int) -> str:
    """A button's data, at most 64 bytes: `flow:<choice>:<talk>:<turn>`."""
    return f"flow:{choice}:{talk}:{turn}"
