"""What is written to the team: a concern for safety, a disagreement, a complaint, and that a carer
asks for an assessment of their own; each in its own words.

Never put in front of whoever it is about, nor of whoever wrote it. A concern for safety climbs
its own ladder at once; the clock of the others is `complaint`. Whoever wrote it hears that it was
read and that it is finished, and nothing more.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.care.outcome import Lane, Log, Message, Outcome, Tell, Value, Wake
from bot.care.plan import Rung, RungKind
from bot.care.text import Text


class Kind(StrEnum):
    SAFETY = "safety"
    DISAGREE = "disagree"
    COMPLAINT = "complaint"
    ASSESSMENT = "assessment"


LADDER = (Rung(RungKind.SAFEGUARDING_LEAD, 30), Rung(RungKind.MANAGER, 30))
"""Whom a concern for safety asks; when none of them can be, everybody else of the team."""

UNTIL_READ = 30
"""Minutes until whoever has taken one on and has not read it is asked how it goes, whoever had it
and read it before them."""

ASK_AGAIN = 24 * 60
"""The same once they have read it; what its alert says of this tells whether they have."""

RECEIPTS = {
    (True, False): Text("concern", "receipt"),
    (True, True): Text("concern", "receipt_shared"),
    (False, False): Text("concern", "receipt_nobody"),
    (False, True): Text("concern", "receipt_nobody_shared"),
}
"""By whether anybody can be asked, and whether others use the phone of whoever wrote it."""

DUE = "concern"
"""The kind of the deadline at which leads are asked again; its key is the concern's id."""


class Part(StrEnum):
    """Whom somebody can name without knowing a name."""

    KEY_WORKER = "key_worker"
    WORKER = "worker"
    ON_CALL = "on_call"
    MANAGER = "manager"
    SAFEGUARDING_LEAD = "safeguarding_lead"


@dataclass(frozen=True, slots=True)
class Concern:
    """What somebody wrote, word for word. `person`: whose care it is about, if anybody's.

    `wants` is what that person wants to happen (None: not known). `about` are those it is about
    as they were given: a member, a `Part` in the team, or words; `named` all members meant.
    `told` are those it was put in front of; of a concern for safety its alert knows. `found` is
    what was done, and why. `sent_to`: whoever has this part in the team is asked, and nobody else.
    """

    id: str
    kind: Kind
    person: str | None
    team: str
    by: str
    words: str
    wants: str | None
    about: tuple[str, ...]
    named: tuple[str, ...]
    at: datetime
    told: tuple[str, ...] = ()
    due_at: datetime | None = None
    read_by: str | None = None
    read_at: datetime | None = None
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    finished_by: str | None = None
    finished_at: datetime | None = None
    found: str | None = None
    sent_to: Part | None = None

    @property
    def apart(self) -> frozenset[str]:
        """Those it is never put in front of."""
        return frozenset({self.by, *self.named, *([self.person] if self.person else [])})


CALLED: Mapping[Part, tuple[str, ...]] = {
    Part.KEY_WORKER: ("key worker", "keyworker"),
    Part.WORKER: ("support worker", "care worker", "staff"),
    Part.ON_CALL: ("on call", "oncall"),
    Part.MANAGER: ("manager", "management", "boss", "supervisor", "team leader"),
    Part.SAFEGUARDING_LEAD: ("safeguarding",),
}
"""How somebody's part in the team is written where it is asked who it is about."""

TITLES = frozenset(["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "rev"])

EVERY_DAY = frozenset(
    re.findall(
        r"\w+",
        """am an as at be best by child day do friend go good has he hi hope if in is it its little
        long love man may me my no of oh ok old on or so still to up us van was we will yes
        young""",
    )
)
"""Words that nearly every sentence may hold, and names besides: in one they are somebody only with
a capital or after a title. Words that are names first, as Rob or Mark, are always somebody."""


def mentioned(words: str, names: Mapping[str, str], *, answer: bool = False) -> list[str]:
    """Those of these members (names by id) whom the words call by any part of their name.

    However it is written: one too many is only not asked, one too few is handed what is about
    them. `answer`: to who it is about, where every word may be a name.
    """
    said: set[str] = set()
    before = ""
    for word in _spelled(words):
        plain = word.casefold()
        forms = {plain, plain.removesuffix("s")}  # "minas idea"
        called = answer or word[0].isupper() or before in TITLES
        said |= forms if called or not forms & EVERY_DAY else set()
        before = plain
    return [id for id, name in names.items() if said & _parts(name)]


def parts(words: str) -> list[Part]:
    """The parts in the team that an answer to who it is about speaks of."""
    said = " " + " ".join(_spelled(words)).casefold()
    return [part for part, ways in CALLED.items() if any(f" {way}" in said for way in ways)]


def _spelled(words: str) -> list[str]:
    """Its words without accents; of one with an apostrophe what is before it, and all of it."""
    plain = unicodedata.normalize("NFKD", words)
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    found: list[str] = []
    for word in re.findall(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*", plain):
        head, *rest = re.split("['’ʼ]", word)
        found += [head + "".join(rest)] if rest else []
        found += [] if rest == ["t"] else [head]  # "don't" is nobody called Don
    return found


def _parts(name: str) -> set[str]:
    spelled = [word.casefold() for word in _spelled(name)]
    return {word for word in spelled if word not in TITLES and len(word) > 1}


def raise_(concern: Concern, asked: bool, shared: bool = False) -> Outcome:
    """For safety: kept and acknowledged. Its alert follows; `asked`: somebody can be reached;
    `shared`: others use the phone of whoever wrote it, and the receipt does not say what it is."""
    text = RECEIPTS[asked, shared]
    return Outcome(
        records=(concern,), tells=(to_writer(concern, text),), logs=(log("raised", concern),)
    )


def read(concern: Concern, by: str, now: datetime) -> Outcome:
    """Somebody it was put in front of opens it: the first time, whoever wrote it hears so."""
    if concern.read_at is not None:
        return Outcome(logs=(log("opened", concern, by),))
    text = Text("concern", "was_read")
    receipt = Tell(concern.by, Message(text, {"at": now}), Lane.REPLY, key=f"{concern.id}:read")
    return Outcome(
        records=(replace(concern, read_by=by, read_at=now),),
        tells=(receipt,),
        logs=(log("read", concern, by),),
    )


def finish(concern: Concern, by: str, found: str | None, now: datetime) -> Outcome:
    """What was done is written down, and whoever wrote it hears that it is finished: no more."""
    if concern.finished_at is not None:
        return Outcome(said=Message(Text("concern", "finished_already")))
    done = replace(concern, finished_by=by, finished_at=now, found=found, due_at=None)
    return Outcome(
        said=Message(Text("concern", "saved_finished")),
        records=(done,),
        tells=(to_writer(done, Text("concern", "finished")),),
        wakes=(Wake(DUE, done.id, None),),
        logs=(log("finished", done, by),),
    )


# --- what the rules of all kinds share ----------------------------------------------------


def apart(people: Iterable[str], concern: Concern) -> list[str]:
    """Those of them it may be put in front of, in this order."""
    return [one for one in dict.fromkeys(people) if one not in concern.apart]


def to_writer(concern: Concern, text: Text) -> Tell:
    said = Message(text, {"concern": concern.id})
    return Tell(concern.by, said, Lane.REPLY, key=f"{concern.id}:{text.id}")


def log(verb: str, concern: Concern, by: str | None = None, **facts: Value) -> Log:
    """Of no person: nothing that anybody is shown of a person's ledger holds it."""
    known = {"concern": concern.id, "kind": concern.kind.value, **facts}
    return Log(f"concern_{verb}", None, by or concern.by, known)
