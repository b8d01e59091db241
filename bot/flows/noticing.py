"""Noticing: which sign, since when, how worried, anything else. Four taps, and it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.care.circle import Membership
from bot.care.noticing import SINCE, voice_of
from bot.care.outcome import Cause, Outcome
from bot.care.sign import Sign, Stage, Voice
from bot.care.text import Text
from bot.flows.flow import (
    STOP,
    Choice,
    Conversation,
    Flow,
    Left,
    Located,
    Offered,
    Route,
    Step,
    Wrote,
)
from bot.i18n import Lines, Param, Phrase
from bot.store import Connection, circle, flow, noticing, profile, sign
from bot.store.flow import Talk

PERSON = "about"
"""The answer that the command gives: whom it is about."""

PLAN = "plan"
"""The answer that it gives besides: the version whose cards are shown, if there is one."""

ELSE = "else"

PATIENCE = timedelta(minutes=15)
"""A report that nobody goes on with for so long is sent as it is."""

SHOWN = 200
"""So many characters of what was written are read back with the next question."""

_WROTE = "="
"""Before what was written where a button was asked for: it is kept, whatever was asked."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Who has noticed something, about whom, and the cards they are shown."""

    held: Membership
    person: str
    name: str
    cards: tuple[Sign, ...]
    shared_phone: bool

    @property
    def own(self) -> bool:
        return voice_of(self.held.role) is Voice.PERSON

    @property
    def staff(self) -> bool:
        return voice_of(self.held.role) is Voice.STAFF


def begun(c: Connection, person: str) -> dict[str, str]:
    """What the command says: about whom, and the plan in force."""
    plan = sign.active(c, person)
    return {PERSON: person} if plan is None else {PERSON: person, PLAN: plan.id}


def _facts(c: Connection, talk: Talk, now: datetime) -> Facts:
    assert talk.membership is not None  # such a talk is begun in a role
    held = circle.membership(c, talk.membership)
    assert held is not None  # a foreign key says so
    person = talk.answers[PERSON]
    named = profile.called if voice_of(held.role) is Voice.CARER else circle.name
    shown = noticing.cards(c, held, person, now)
    shared_phone = profile.profile(c, held.member).shared_phone
    return Facts(held, person, named(c, person), shown, shared_phone)


def cards(facts: Facts, _talk: Talk) -> list[Offered]:
    return [Offered(one.id, f"{one.emoji} {one.name}".strip()) for one in facts.cards]


def read_words(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text | Phrase:
    """Whatever is written is kept: a message of Telegram's is never too long."""
    return Text("noticing", "words_please") if isinstance(said, Located) else _WROTE + said.text


def _of_worry(facts: Facts, talk: Talk) -> str:
    """How worried somebody is, is no question about a good week."""
    good = any(one.id == talk.answers["which"] for one in facts.cards if one.stage is Stage.GOOD)
    return _of_more(facts, talk) if good else "worry"


def _of_more(_facts: Facts, talk: Talk) -> str:
    """Something else is told in words: where there are none yet, nothing goes on without them."""
    if _words(talk.answers) is not None:
        return "more_still"
    return "what" if talk.answers["which"] == ELSE else "more"


def _wrote(talk: Talk, step: str) -> bool:
    return talk.answers.get(step, "").startswith(_WROTE)


def _params(facts: Facts, talk: Talk) -> dict[str, Param]:
    about = Text("noticing", "about_you") if facts.own else Text("noticing", "about")
    lines: tuple[tuple[Text, Mapping[str, Param]], ...] = ((about, {"person": facts.name}),)
    if facts.staff:  # a carer's confidence must not reach the person by their hand
        lines += ((Text("noticing", "staff_marks"), {"person": facts.name}),)
    if facts.shared_phone:  # so that no receipt takes them by surprise
        lines += ((Text("noticing", "shared_phone"), {}),)
    words = _words(talk.answers)
    if words is None:
        return {"about": Lines(lines)}
    return {"about": Lines(lines), "words": words if len(words) <= SHOWN else f"{words[:SHOWN]}…"}


def _holds(talk: Talk) -> bool:
    """Whether there is something to tell: a card, words, or how worried somebody is."""
    said = talk.answers
    return said.get("which", ELSE) != ELSE or bool(_worry(said)) or _words(said) is not None


def _keep(
    c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause, *, left: bool = False
) -> Outcome:
    said = talk.answers
    which = said.get("which", ELSE)
    since = said.get("since_still") or said.get("since", "today")
    return noticing.notice(
        c,
        facts.held,
        facts.person,
        None if which == ELSE or which.startswith(_WROTE) else which,
        SINCE.get(since, 0),
        _worry(said),
        _words(said),
        now,
        cause,
        plan=said.get(PLAN),
        left=left,
    )


def _send(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    """It was left before the last question: what has been said is sent as it is."""
    flow.end(c, talk.id)
    return _keep(c, talk, facts, now, cause, left=True)


def _worry(said: Mapping[str, str]) -> int:
    """0 where it has not been answered by a button."""
    answer = said.get("worry_still") or said.get("worry", "")
    return int(answer) if answer in ("1", "2", "3") else 0


def _words(said: Mapping[str, str]) -> str | None:
    """All that was written on the way, in order."""
    asked = (said.get(step, "") for step in ("which", "since", "worry", *_LAST))
    wrote = [words.removeprefix(_WROTE) for words in asked if words.startswith(_WROTE)]
    return "\n".join(wrote) or None


_SINCE = (
    Choice("today", Text("noticing", "since_today"), "of_worry"),
    Choice("few_days", Text("noticing", "a_few_days"), "of_worry"),
    Choice("week", Text("noticing", "a_week_or_more"), "of_worry"),
)
_WORRY = (
    Choice("1", Text("noticing", "a_bit"), "of_more"),
    Choice("2", Text("noticing", "quite"), "of_more"),
    Choice("3", Text("noticing", "very"), "of_more"),
)
_LAST = ("more", "more_still", "what")
_SKIP = (Choice("skip", Text("noticing", "skip"), "kept"),)

NOTICE_FLOW = Flow[Facts](
    name="notice",
    start="which",
    steps={
        "which": Step(
            Text("noticing", "which"),
            choices=(Choice(ELSE, Text("noticing", "something_else"), "since"),),
            offers="cards",
            reads="words",
            to="from_which",
        ),
        "since": Step(
            Text("noticing", "since_when"), choices=_SINCE, reads="words", to="since_still"
        ),
        "since_still": Step(Text("noticing", "since_when_still"), choices=_SINCE),
        "worry": Step(
            Text("noticing", "how_worried"), choices=_WORRY, reads="words", to="worry_still"
        ),
        "worry_still": Step(Text("noticing", "how_worried_still"), choices=_WORRY),
        "more": Step(Text("noticing", "anything_else"), choices=_SKIP, reads="words", to="kept"),
        "more_still": Step(
            Text("noticing", "anything_else_still"), choices=_SKIP, reads="words", to="kept"
        ),
        "what": Step(Text("noticing", "what"), reads="words", to="kept"),
        "kept": Step(Text("noticing", "thank_you"), ends="keep"),
        "stopping": Step(
            Text("noticing", "stopping"),
            choices=(
                Choice("send", Text("noticing", "send_it"), "kept"),
                Choice("throw", Text("noticing", "throw_away"), "thrown"),
            ),
        ),
        "thrown": Step(Text("noticing", "thrown"), ends=STOP),
    },
    offers={"cards": cards},
    readers={"words": read_words},
    routes={
        "from_which": Route(
            ("since", "since_still"),
            lambda _facts, talk: "since_still" if _wrote(talk, "which") else "since",
        ),
        "of_worry": Route(("worry", *_LAST), _of_worry),
        "of_more": Route(_LAST, _of_more),
        "of_stop": Route(
            ("stopping", "thrown"), lambda _facts, talk: "stopping" if _holds(talk) else "thrown"
        ),
    },
    stop="of_stop",
)

NOTICE = Conversation(
    NOTICE_FLOW,
    _facts,
    {"keep": _keep},
    _params,
    outlives=True,
    left=Left(PATIENCE, _holds, _send, replaced=True),
)
"""The talk behind `/notice`; begun with `begun`. A role that ends meanwhile does not end it."""
