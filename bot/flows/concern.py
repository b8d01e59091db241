"""Saying that something is wrong: a concern for safety, a disagreement, a complaint.

A talk outlives the role it was begun in: nobody loses their words with their place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from bot.care import concern as care
from bot.care.circle import SUPPORTERS
from bot.care.concern import Kind, Part
from bot.care.outcome import Cause, Lane, Message, Outcome, Tell
from bot.care.text import Text
from bot.flows.flow import (
    STOP,
    Choice,
    Conversation,
    End,
    Flow,
    Left,
    Located,
    Offered,
    Route,
    Step,
    Wrote,
    acting,
    heard_until,
)
from bot.i18n import Lines, Param
from bot.store import Connection, around, circle, named, profile
from bot.store import concern as concerns
from bot.store.commit import commit
from bot.store.flow import Talk

PERSON, CONCERN = "about", "concern"
"""The answers a command or a button gives: whose care, and which one."""

WHO = ("who", "who_2", "who_3")
"""The steps that ask who it is about."""

SHOWN = 500
"""So many characters of what was written are read back before it is sent."""

NEXT_DAY = timedelta(days=1)
"""After which somebody is reminded of what they began to write. It is never sent without them."""

PARTS = {
    Part.KEY_WORKER: Text("concern", "the_key_worker"),
    Part.WORKER: Text("concern", "a_worker"),
    Part.ON_CALL: Text("concern", "on_call"),
    Part.MANAGER: Text("concern", "a_manager"),
    Part.SAFEGUARDING_LEAD: Text("concern", "the_lead"),
}

ALL_SAID = frozenset({"nobody", "all"})


@dataclass(frozen=True, slots=True)
class Facts:
    """Who writes, about whose care; whom they can pick, by name only where they know the names.

    `called`: the names, by id, by which Kith knows whom they write of.
    """

    by: str
    person: str | None
    name: str
    names: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    called: Mapping[str, str] = field(default_factory=dict)
    shared_phone: bool = False


def _facts(c: Connection, talk: Talk, now: datetime) -> Facts:
    facts = _can_pick(c, talk, now)
    held = circle.membership(c, talk.membership or "")
    assert held is not None  # such a talk is begun in a role
    team = held.team if facts.person is None else around.team_of(c, facts.person)
    called = {**named.called(c, team, now), **dict(facts.names)}
    return replace(facts, called=called, shared_phone=profile.profile(c, facts.by).shared_phone)


def _can_pick(c: Connection, talk: Talk, now: datetime) -> Facts:
    by, person = acting(c, talk), talk.answers[PERSON] or None
    held = circle.memberships(c, by)
    if person is None:
        return Facts(by, None, "", (), tuple(Part)[1:])
    name = circle.name(c, person)
    places = [place.member for place in around.circle_of(c, person)]
    if by == person:
        # They see everybody around them, and of the team their key worker.
        return Facts(by, person, name, _names(c, places), tuple(Part))
    if any(m.role in SUPPORTERS and m.person == person for m in held):
        called = profile.called(c, person)
        return Facts(by, person, called, ((person, called),), tuple(Part))
    if not around.works_for(c, by, person, now):
        # their place has ended since
        return Facts(by, person, profile.called(c, person), (), tuple(Part))
    team = [m.id for m in around.staff_of(c, around.team_of(c, person))]
    others = [id for id in (*team, person, *places) if id != by]
    return Facts(by, person, name, _names(c, others), ())


def _names(c: Connection, ids: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((member.id, member.name) for member in circle.members(c, ids))


def _people(facts: Facts, talk: Talk) -> list[Offered]:
    """Everybody who can be picked, and has not been."""
    offered = [Offered(id, name) for id, name in facts.names]
    offered += [Offered(part.value, PARTS[part]) for part in facts.parts]
    picked = {talk.answers.get(step) for step in WHO}
    return [one for one in offered if one.id not in picked]


def _words(said: Wrote | Located, _facts: object, _talk: Talk) -> str | Text:
    """As they are written, however long."""
    if isinstance(said, Located) or not said.text.strip():
        return Text("concern", "in_words")
    return said.text


def _params(facts: Facts, talk: Talk) -> Mapping[str, Param]:
    """`please`: how to begin. `so_far`, `named`: what is made of those they named; a promise only
    where Kith knows who. `words`, `about`: what is sent, read back."""
    strange = [said[:60] for said in _about(talk) if not _known(facts, said)]
    so_far, kept = Text("concern", "not_asked"), Text("concern", "never")
    if strange:
        so_far, kept = Text("concern", "not_known"), Text("concern", "not_kept_from")
    fills = {"names": strange}
    please: tuple[tuple[Text, Mapping[str, Param]], ...] = ((Text("concern", "own_words"), {}),)
    if facts.shared_phone:  # so that no receipt takes them by surprise
        please += ((Text("noticing", "shared_phone"), {}),)
    return {
        "person": facts.name,
        "please": Lines(please),
        "so_far": Lines(((so_far, fills),)),
        "named": Lines(((kept, fills),)),
        "words": short(talk.answers.get("words", "")),
        "about": [_whom(facts, said) for said in _about(talk)] or Text("concern", "nobody_named"),
    }


def short(words: str) -> str:
    """As much of it as is read back."""
    return words if len(words) <= SHOWN else f"{words[:SHOWN]}…"


def _whom(facts: Facts, said: str) -> str | Text:
    if said in tuple(Part):
        return PARTS[Part(said)]
    return dict(facts.names).get(said, said[:60])


def _about(talk: Talk) -> tuple[str, ...]:
    """Those it is about, as they were picked or written."""
    said = talk.answers
    return tuple(said[step] for step in WHO if said.get(step, "nobody") not in ALL_SAID)


def _known(facts: Facts, said: str) -> bool:
    if said in facts.called or said in tuple(Part):
        return True
    return bool(care.mentioned(said, facts.called, answer=True) or care.parts(said))


def _raise(
    kind: Kind, c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause
) -> Outcome:
    said = talk.answers
    assert talk.membership is not None  # it is begun in a role
    wants = said.get("own_wants", said.get("their_wants", "unknown"))
    return concerns.raise_(
        c,
        kind,
        talk.membership,
        facts.person,
        said["words"],
        None if wants == "unknown" else wants,
        _about(talk),
        now,
        cause,
    )


def _remind(
    kind: Kind, c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause
) -> Outcome:
    """In words that say nothing of it: somebody else may look at this phone."""
    begun = Message(Text("concern", "begun"), {"talk": kind.value})
    until = heard_until(c, talk)
    if until is not None:
        begun = Message(Text("concern", "begun_until"), {"talk": kind.value, "until": until})
    told = Tell(facts.by, begun, Lane.REMINDER, key=f"{talk.id}:{talk.turn}:begun")
    over = circle.has_left(c, facts.by) or (until is not None and until < now)
    outcome = Outcome() if over else Outcome(tells=(told,))
    commit(c, outcome, cause, now)
    return outcome


def _holds(talk: Talk) -> bool:
    return bool(talk.answers.get("words"))


_UNKNOWN = Choice("unknown", Text("concern", "dont_know"), "who")
_NOBODY = Choice("nobody", Text("concern", "nobody"), "check")
_ALL = Choice("all", Text("concern", "that_is_all"), "check")


def _whose_wants(facts: Facts, _talk: Talk) -> str:
    return "own_wants" if facts.person == facts.by else "their_wants"


def _who(asks: Text, enough: Choice, to: str) -> Step:
    """Who it is about: picked, or written."""
    return Step(asks, (enough,), offers="people", reads="words", to=to)


_SAFETY: Mapping[str, Step] = {
    "their_wants": Step(Text("concern", "their_wants"), (_UNKNOWN,), reads="words", to="who")
}
"""For safety it is the person who is asked about: what do they want to happen?"""


def _talk(kind: Kind, words: Text, wants: Text, check: Text, send: Text) -> Conversation[Facts]:
    """The talk behind one of them: the same steps in its own words."""
    safety = kind is Kind.SAFETY
    flow = Flow[Facts](
        name=f"concern_{kind.value}",
        start="words",
        steps={
            "words": Step(words, reads="words", to="wants" if safety else "own_wants"),
            "own_wants": Step(wants, (_UNKNOWN,), reads="words", to="who"),
            **(_SAFETY if safety else {}),
            "who": _who(Text("concern", "who"), _NOBODY, "who_2"),
            "who_2": _who(Text("concern", "who_else"), _ALL, "who_3"),
            "who_3": _who(Text("concern", "who_else"), _ALL, "check"),
            "check": Step(
                check,
                (
                    Choice("send", send, "sent"),
                    Choice("not_now", Text("concern", "do_not_send"), "not_now"),
                ),
            ),
            "sent": Step(Text("concern", "thank_you"), ends="raise"),
            "not_now": Step(Text("concern", "not_sent"), ends=STOP),
        },
        offers={"people": _people},
        readers={"words": _words},
        routes={"wants": Route(("own_wants", "their_wants"), _whose_wants)} if safety else {},
    )
    end: End[Facts] = partial(_raise, kind)
    left: Left[Facts] = Left(NEXT_DAY, _holds, partial(_remind, kind))
    return Conversation(flow, _facts, {"raise": end}, _params, outlives=True, left=left)


RAISE = _talk(
    Kind.SAFETY,
    Text("concern", "what_is_wrong"),
    Text("concern", "own_wants"),
    Text("concern", "check"),
    Text("concern", "send"),
)
"""The talk behind `/concern`."""

DISAGREE = _talk(
    Kind.DISAGREE,
    Text("complaint", "what_disagree"),
    Text("complaint", "own_wants_instead"),
    Text("complaint", "check_disagree"),
    Text("complaint", "send"),
)
"""The talk behind `/disagree`."""

COMPLAIN = _talk(
    Kind.COMPLAINT,
    Text("complaint", "what_went_wrong"),
    Text("complaint", "own_wants"),
    Text("complaint", "check"),
    Text("complaint", "send"),
)
"""The talk behind `/complain`."""

TALKS = {Kind.SAFETY: RAISE, Kind.DISAGREE: DISAGREE, Kind.COMPLAINT: COMPLAIN}


# --- finishing ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever it was put in front of."""

    by: str


def _finish(c: Connection, talk: Talk, reader: Reader, now: datetime, cause: Cause) -> Outcome:
    return concerns.finish(c, talk.answers[CONCERN], talk.answers["found"], reader.by, now, cause)


FINISH = Conversation(
    Flow[Reader](
        name="concern_finish",
        start="found",
        steps={
            "found": Step(Text("concern", "what_was_done"), reads="words", to="check"),
            "check": Step(
                Text("concern", "check_finished"),
                (
                    Choice("close", Text("concern", "close_it"), "done"),
                    Choice("not_yet", Text("concern", "not_yet"), "not_yet"),
                ),
            ),
            "done": Step(ends="finish"),
            "not_yet": Step(Text("concern", "not_finished"), ends=STOP),
        },
        readers={"words": _words},
    ),
    lambda c, talk, _now: Reader(acting(c, talk)),
    {"finish": _finish},
    lambda _reader, talk: {"found": short(talk.answers.get("found", ""))},
)
"""The talk behind `It is finished`."""
