"""One decision, written down: what it is about, what helped first, the test, and what follows."""

from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from bot.care.decision import REVIEWS, Found, Part, able
from bot.care.outcome import Cause, Outcome, Topic
from bot.care.text import Text
from bot.flows.flow import (
    STOP,
    Choice,
    Conversation,
    Flow,
    Located,
    Offered,
    Route,
    Step,
    Wrote,
    acting,
)
from bot.i18n import Lines, Param
from bot.outbox.topics import TOPICS
from bot.store import Connection, circle, decision
from bot.store.flow import Talk

PERSON = "about"
"""The answer the command gives: about whom."""

LONGEST = 500
"""Characters of each answer in words: together they have to fit into one message."""

UNKNOWN = "unknown"
_UNKNOWN = Text("decision", "wishes_unknown")

ABOUT = ("topic", "topic_2", "topic_3", "topic_4")
"""The steps that ask what it is about: so many topics can be decided at once."""

VIEWS = ("view_1", "view_2", "view_3", "view_4")

_YES, _NO = Text("decision", "yes"), Text("decision", "no")

TESTED = {True: Text("decision", "tested_yes"), False: Text("decision", "tested_no")}

PARTS = {
    Part.UNDERSTAND: Text("decision", "part_understand"),
    Part.RETAIN: Text("decision", "part_retain"),
    Part.WEIGH: Text("decision", "part_weigh"),
    Part.COMMUNICATE: Text("decision", "part_communicate"),
}

RESULTS = {
    Found.CAN_DECIDE: Text("decision", "result_can"),
    Found.CANNOT_NOW: Text("decision", "result_cannot"),
    Found.SHARE: Text("decision", "result_share"),
    Found.KEEP: Text("decision", "result_keep"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    staff: str
    person: str
    name: str
    now: datetime


def _facts(c: Connection, talk: Talk, now: datetime) -> Facts:
    person = talk.answers[PERSON]
    return Facts(acting(c, talk), person, circle.name(c, person), now)


def topics(_facts: object, _talk: Talk) -> list[Offered]:
    """Every topic there is."""
    return [Offered(topic.value, label) for topic, label in TOPICS.items()]


def other_topics(_facts: object, talk: Talk) -> list[Offered]:
    """Those it is not about yet."""
    return [one for one in topics(_facts, talk) if Topic(one.id) not in _topics(talk)]


def _topics(talk: Talk) -> tuple[Topic, ...]:
    """What it is about, as far as that has been said; no answer of a step that was gone back to."""
    said = (talk.answers.get(step, "all") for step in ABOUT)
    return tuple(map(Topic, takewhile(lambda one: one != "all", said)))


def read_words(said: Wrote | Located, _facts: object, _talk: Talk) -> str | Text:
    """A few words, so long that all the answers fit into one message."""
    if isinstance(said, Located) or not said.text.strip():
        return Text("decision", "in_words")
    return said.text if len(said.text) <= LONGEST else Text("decision", "shorter")


def _test(talk: Talk) -> dict[Part, bool]:
    return {part: talk.answers[part.value] == "yes" for part in Part if part.value in talk.answers}


def _views(talk: Talk) -> tuple[str, ...]:
    said = (talk.answers.get(step, "") for step in VIEWS)
    return tuple(words for words in said if words not in ("", "all", "nobody"))


def _wishes(talk: Talk) -> str:
    """In the person's own words; empty where they could not say."""
    said = talk.answers.get("wishes", UNKNOWN)
    return "" if said == UNKNOWN else said


def _params(facts: Facts, talk: Talk) -> dict[str, Param]:
    said = talk.answers
    params: dict[str, Param] = {"person": facts.name, "help": said.get("help", "")}
    if "topic" in said:
        params["topic"] = [TOPICS[topic] for topic in _topics(talk)]
    test = _test(talk)
    if len(test) == len(Part):
        lines = ((TESTED[test[part]], {"part": PARTS[part]}) for part in Part)
        params["test"] = Lines(tuple(lines))
    if "review" in said:
        params["review"] = (facts.now + REVIEWS[said["review"]]).date()
    if talk.step == "check":
        views = _views(talk) or (Text("decision", "nobody_asked"),)
        asked = tuple((Text("decision", "line"), {"words": view}) for view in views)
        params |= {
            "wishes": _wishes(talk) or _UNKNOWN,
            "views": Lines(asked),
            "result": RESULTS[_found(talk)],
        }
    return params


def _found(talk: Talk) -> Found:
    if able(_test(talk)):
        return Found.CAN_DECIDE
    return Found(talk.answers.get("result", Found.CANNOT_NOW.value))


def _record(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    said = talk.answers
    return decision.record(
        c,
        facts.person,
        _topics(talk),
        said["help"],
        _test(talk),
        _found(talk),
        now + REVIEWS[said.get("review", "month")],
        facts.staff,
        now,
        cause,
        wishes=_wishes(talk),
        views=_views(talk),
    )


def _part(part: Part, asks: Text, to: str) -> tuple[str, Step]:
    return part.value, Step(asks, (Choice("yes", _YES, to), Choice("no", _NO, to)))


def _also(number: int) -> tuple[str, Step]:
    to = ABOUT[number + 1] if number + 1 < len(ABOUT) else "help"
    ends = Choice("all", Text("decision", "that_is_all"), "help")
    asks = Text("decision", "also_about")
    return ABOUT[number], Step(asks, (ends,), offers="other_topics", to=to)


def _view(number: int) -> tuple[str, Step]:
    first = number == 0
    to = VIEWS[number + 1] if number + 1 < len(VIEWS) else "result"
    ends = Choice("nobody", Text("decision", "nobody"), "result")
    if not first:
        ends = Choice("all", Text("decision", "that_is_all"), "result")
    asks = Text("decision", "who_said_what") if first else Text("decision", "who_else")
    return VIEWS[number], Step(asks, (ends,), reads="words", to=to)


_SAVE = Choice("save", Text("decision", "save"), "saved")
_CHANGE = Choice("change", Text("decision", "change"), "topic")
_NOT_NOW = Choice("not_now", Text("decision", "not_now"), "not_now")

FLOW = Flow[Facts](
    name="decision",
    start="topic",
    steps={
        "topic": Step(Text("decision", "which_topic"), offers="topics", to=ABOUT[1]),
        **dict(map(_also, range(1, len(ABOUT)))),
        "help": Step(
            Text("decision", "what_helped"),
            (Choice("nothing", Text("decision", "nothing_yet"), "help_first"),),
            reads="words",
            to=Part.UNDERSTAND.value,
        ),
        **dict(
            [
                _part(Part.UNDERSTAND, Text("decision", "understand"), Part.RETAIN.value),
                _part(Part.RETAIN, Text("decision", "retain"), Part.WEIGH.value),
                _part(Part.WEIGH, Text("decision", "weigh"), Part.COMMUNICATE.value),
                _part(Part.COMMUNICATE, Text("decision", "communicate"), "by_test"),
            ]
        ),
        "can": Step(Text("decision", "can"), (_SAVE, _CHANGE, _NOT_NOW)),
        "review": Step(
            Text("decision", "review_when"),
            (
                Choice("week", Text("decision", "in_a_week"), "cannot"),
                Choice("month", Text("decision", "in_a_month"), "cannot"),
                Choice("quarter", Text("decision", "in_three_months"), "cannot"),
            ),
        ),
        "cannot": Step(
            Text("decision", "cannot"),
            (
                _SAVE,
                Choice("best", Text("decision", "best_interests"), "wishes"),
                _CHANGE,
                _NOT_NOW,
            ),
        ),
        "wishes": Step(
            Text("decision", "what_wishes"),
            (Choice(UNKNOWN, _UNKNOWN, VIEWS[0]),),
            reads="words",
            to=VIEWS[0],
        ),
        **dict(map(_view, range(len(VIEWS)))),
        "result": Step(
            Text("decision", "what_result"),
            (
                Choice("share", RESULTS[Found.SHARE], "check"),
                Choice("keep", RESULTS[Found.KEEP], "check"),
            ),
        ),
        "check": Step(Text("decision", "check"), (_SAVE, _CHANGE, _NOT_NOW)),
        "saved": Step(ends="record"),
        "help_first": Step(Text("decision", "help_first"), ends=STOP),
        "not_now": Step(Text("decision", "not_saved"), ends=STOP),
    },
    offers={"topics": topics, "other_topics": other_topics},
    readers={"words": read_words},
    routes={
        "by_test": Route(
            ("can", "review"), lambda _facts, talk: "can" if able(_test(talk)) else "review"
        )
    },
)

DECIDE = Conversation(FLOW, _facts, {"record": _record}, _params)
"""The talk behind `/decision`."""
