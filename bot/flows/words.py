"""Choosing the words that call staff, and trying them out. They are never shown again."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.care import words as care
from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.care.words import Hashed, How, Kind, Word
from bot.flows.flow import (
    STOP,
    WORDS_PLEASE,
    Choice,
    Conversation,
    Flow,
    Located,
    Step,
    Wrote,
    acting,
)
from bot.store import Connection, words
from bot.store.flow import Talk

LONGEST_QUESTION = 200
"""Characters of what staff ask and what is answered: it has to fit an alert."""

BYTES = 16
"""Of salt and of pepper."""


@dataclass(frozen=True, slots=True)
class Facts:
    person: str
    words: tuple[Word, ...]
    taken: tuple[str, ...]

    def besides(self, kind: Kind) -> Hashed | None:
        """Their other word."""
        return next((one.hashed for one in self.words if one.kind is not kind), None)

    def questions(self, kind: Kind, talk: Talk) -> list[str]:
        """What staff ask when the second word has been said: as chosen now, else as it stands."""
        if kind is Kind.DURESS:
            return [talk.answers.get("question", "")]
        return [one.question for one in self.words if one.question]


def _facts(c: Connection, talk: Talk, _now: datetime) -> Facts:
    person = acting(c, talk)
    return Facts(person, words.of(c, person), words.taken(c, person))


def _chosen(kind: Kind) -> Callable[[Wrote | Located, Facts, Talk], str | Text]:
    def read(said: Wrote | Located, facts: Facts, talk: Talk) -> str | Text:
        """Kept as it can be tried, never as it was written."""
        if isinstance(said, Located):
            return WORDS_PLEASE
        refusal = care.refused(said.text, facts.taken, facts.besides(kind))
        if any(care.gives_away(one, said.text) for one in facts.questions(kind, talk)):
            refusal = Text("words", "too_common")
        if refusal is not None:
            return refusal
        salt, pepper = secrets.token_bytes(BYTES), secrets.token_bytes(BYTES)
        return json.dumps(words.pack(care.hashed(said.text, salt, pepper)))

    return read


def _question(said: Wrote | Located, facts: Facts, _talk: Talk) -> str | Text:
    """It is read out by staff: neither of the words may stand in it."""
    if isinstance(said, Located):
        return WORDS_PLEASE
    if len(said.text) > LONGEST_QUESTION:
        return Text("words", "question_too_long")
    if care.gives_one_away(said.text, [one.hashed for one in facts.words]):
        return Text("words", "question_is_a_word")
    return said.text


def _tried(said: Wrote | Located, facts: Facts, _talk: Talk) -> str | Text:
    written = "" if isinstance(said, Located) else said.text
    found = care.which(facts.words, written)
    return Text("words", "not_yours") if found is None else "works"


def _save(kind: Kind) -> Callable[[Connection, Talk, Facts, datetime, Cause], Outcome]:
    def save(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
        hashed = words.unpack(json.loads(talk.answers["word"]))
        how = How(talk.answers["how"]) if kind is Kind.DURESS else None
        question = talk.answers.get("question", "")
        return words.choose(c, kind, hashed, facts.person, now, cause, how=how, question=question)

    return save


CODE = Conversation(
    Flow[Facts](
        name="word_code",
        start="word",
        steps={
            "word": Step(Text("words", "choose_code"), reads="chosen", to="saved"),
            "saved": Step(Text("words", "saved"), ends="save"),
        },
        readers={"chosen": _chosen(Kind.CODE)},
    ),
    _facts,
    {"save": _save(Kind.CODE)},
)
"""The talk behind `My code word`."""

_GO_ON = Text("words", "go_on")

SECOND = Conversation(
    Flow[Facts](
        name="word_second",
        start="why",
        steps={
            "why": Step(Text("words", "second_why"), (Choice("on", _GO_ON, "honest"),)),
            "honest": Step(Text("words", "second_honest"), (Choice("on", _GO_ON, "how"),)),
            "how": Step(
                Text("words", "second_how"),
                (
                    Choice(How.QUIETLY, Text("words", "quietly"), "question"),
                    Choice(How.AT_ONCE, Text("words", "at_once"), "question"),
                ),
            ),
            "question": Step(Text("words", "second_question"), reads="question", to="word"),
            "word": Step(Text("words", "choose_second"), reads="chosen", to="saved"),
            "saved": Step(Text("words", "saved"), ends="save"),
        },
        readers={"chosen": _chosen(Kind.DURESS), "question": _question},
    ),
    _facts,
    {"save": _save(Kind.DURESS)},
)
"""The talk behind `My second word`. Its questions do not stay in the chat."""

PRACTISE = Conversation(
    Flow[Facts](
        name="word_practise",
        start="word",
        steps={
            "word": Step(Text("words", "practise_asks"), reads="tried", to="works"),
            "works": Step(Text("words", "works"), ends=STOP),
        },
        readers={"tried": _tried},
    ),
    _facts,
)
"""The talk behind `Practise`: nobody is told."""
