"""Words the person has chosen: one that asks to be rung, and one that looks like any check-in.

The rules of this file: a word is heard as a whole message only, and one slip in it is forgiven;
nothing that is written every day is a word; what is near both of them is neither, since nobody
guesses between the two. What was chosen cannot be read back.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from bot.care import typed
from bot.care.everyday import PHRASES
from bot.care.outcome import About, Lane, Message, Outcome, Tell, Topic
from bot.care.text import Text

SHORTEST, LONGEST = 6, 24
"""Letters of a word as it is compared: fewer are too near to others."""

UNCHANGED, CHANGED_BY = "word_unchanged", timedelta(days=3)
"""The kind of the deadline by which a second word that was used should be another; the key is its
id. And how long that is after staff have seen to it."""

COST = 2**8
"""Rounds of scrypt. The pepper guards more: it is sealed under a key that lies elsewhere."""


class Kind(StrEnum):
    CODE = "code"
    DURESS = "duress"


class How(StrEnum):
    """What the second word brings about: staff asked one by one, or all of them at once."""

    QUIETLY = "quietly"
    AT_ONCE = "at_once"


@dataclass(frozen=True, slots=True)
class Hashed:
    """A word nobody can read: the digest of it as it is compared, and those of its slips."""

    salt: bytes
    pepper: bytes
    exact: bytes
    slips: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class Word:
    """`question`: what staff ask, and what is answered when all is well; of the second word.

    `ended_at`: no word any more since then; an alert that it has raised stands, and goes by it.
    """

    id: str
    person: str
    kind: Kind
    hashed: Hashed
    chosen_at: datetime
    how: How | None = None
    question: str = ""
    ended_at: datetime | None = None


def plain(said: str) -> str:
    """As it is compared: letters and digits alone, small, none twice in a row."""
    letters = unicodedata.normalize("NFKD", said).casefold()
    kept = [one for one in letters if one.isalnum()]
    return "".join(one for at, one in enumerate(kept) if at == 0 or kept[at - 1] != one)


def slips(plain: str) -> frozenset[str]:
    """It, and it with any one letter left out.

    Two words have one of these in common where one slip lies between them: a letter left out,
    put in, changed or moved.
    """
    return frozenset((plain, *(plain[:at] + plain[at + 1 :] for at in range(len(plain)))))


def hashed(said: str, salt: bytes, pepper: bytes) -> Hashed:
    found = plain(said)
    digests = frozenset(_digest(one, salt, pepper) for one in slips(found))
    return Hashed(salt, pepper, _digest(found, salt, pepper), digests)


def refused(said: str, taken: Iterable[str], other: Hashed | None) -> Text | None:
    """Why this cannot be a word, kindly; None when it can.

    `taken` are names and places the person writes; `other` is their other word. That it is near
    to that one is not said: who else reads it learns nothing of another word.
    """
    found = plain(said)
    if sum(one.isalpha() for one in found) < SHORTEST:
        return Text("words", "too_short")
    if len(found) > LONGEST:
        return Text("words", "too_long")
    near = slips(found)
    everyday = any(near & slips(plain(one)) for one in taken) or not near.isdisjoint(_everyday())
    if everyday or (other is not None and _near(found, other)):
        return Text("words", "too_common")
    return None


def gives_away(question: str, said: str) -> bool:
    """Whether what staff are told to ask has this word in it, or all but a slip of it."""
    found = slips(plain(said))
    return any(not found.isdisjoint(slips(part)) for part in _parts(question))


def gives_one_away(question: str, words: Sequence[Hashed]) -> bool:
    """The same of words that nobody can read."""
    parts = _parts(question)
    return any(_is(word, parts, word.slips) for word in words)


def _parts(question: str) -> frozenset[str]:
    """Each run of its words that is as long as a word may be, as it is compared."""
    said = question.split()
    runs = (
        plain("".join(said[at:end]))
        for at in range(len(said))
        for end in range(at + 1, min(len(said), at + LONGEST) + 1)
    )
    return frozenset(run for run in runs if SHORTEST - 1 <= len(run) <= LONGEST + 1)


def which(words: Sequence[Word], said: str) -> Word | None:
    """Which of them this message is: a word as it was chosen before one with a slip in it, and
    none where a slip could lead to either."""
    found = plain(said)
    if not SHORTEST - 1 <= len(found) <= LONGEST + 1:
        return None
    exact = [one for one in words if _is(one.hashed, (found,), (one.hashed.exact,))]
    close = [one for one in words if _is(one.hashed, slips(found), one.hashed.slips)]
    for fits in (exact, close):
        if fits:
            return fits[0] if len(fits) == 1 else None
    return None


def _near(found: str, other: Hashed) -> bool:
    """Whether so little lies between them that a message with a slip might be taken for both."""
    twice = {two for one in slips(found) for two in slips(one)}
    return _is(other, twice, other.slips)


def unchanged(used: Word, keepers: Sequence[str], now: datetime) -> Outcome:
    """A second word was used, and staff who keep this person hear once that it is still the same;
    their phone says nothing."""
    about = About(used.person, Topic.JOURNEYS, 3)
    said = Message(Text("words", "unchanged"), {"person": used.person, "duress": used.id})
    key = f"{used.id}:unchanged:{now:%Y%m%d}"
    tells = tuple(Tell(to, said, Lane.REMINDER, about, f"{key}:{to}") for to in keepers)
    return Outcome(tells=tells)


def _is(hashed: Hashed, said: Collection[str], digests: Collection[bytes]) -> bool:
    """Every digest is compared with every other, so that the time it takes says nothing."""
    found = [_digest(one, hashed.salt, hashed.pepper) for one in sorted(said)]
    return sum(hmac.compare_digest(one, kept) for one in found for kept in digests) > 0


def _digest(plain: str, salt: bytes, pepper: bytes) -> bytes:
    return hashlib.scrypt(plain.encode(), salt=salt + pepper, n=COST, r=8, p=1, dklen=16)


@cache
def _everyday() -> frozenset[str]:
    return frozenset(slip for one in (*PHRASES, *typed.CASES) for slip in slips(plain(one)))
