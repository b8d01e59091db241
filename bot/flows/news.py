"""Telling those around a person: the talk behind `/tell`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.care.agreement import Effect, Reason
from bot.care.candour import Candour
from bot.care.news import Hearer
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
from bot.flows.reading import day_of_year
from bot.i18n import Lines, Param, Phrase, units
from bot.outbox.topics import LEVELS, TOPICS
from bot.store import Connection, agreement, around, candour, circle, escalation, news, tell
from bot.store.flow import Talk

PERSON = "about"
"""The answer that the command gives: whom it is about."""

GENERAL = "general"

NOON = time(12, tzinfo=UTC)
"""Of a day that somebody names, where the time of day was not asked."""

LONGEST = 1000
"""Characters: it has to fit into one message, with what is said around it."""

WHY_NOT: Mapping[Reason, Text] = {
    Reason.NEVER: Text("news", "why_never"),
    Reason.NO_ROW: Text("news", "why_no_row"),
    Reason.NO_AGREEMENT: Text("news", "why_no_agreement"),
    Reason.LAPSED: Text("news", "why_lapsed"),
    Reason.LEVEL: Text("news", "why_level"),
    Reason.BEFORE: Text("news", "why_before"),
    Reason.PAUSED: Text("news", "why_paused"),
    Reason.HELD: Text("news", "why_held"),
}
"""Why somebody does not get it. Every other reason is nobody's business."""

SUBJECTS: Mapping[Topic, Text] = {
    Topic.APPOINTMENTS: Text("news", "of_appointments"),
    Topic.INCIDENTS: Text("news", "of_incidents"),
    Topic.FINANCES: Text("news", "of_finances"),
    Topic.RESTRICTIVE_PRACTICES: Text("news", "of_restrictive_practices"),
    Topic.WELLBEING: Text("news", "of_wellbeing"),
    Topic.EARLY_SIGNS: Text("news", "of_early_signs"),
    Topic.JOURNEYS: Text("news", "of_journeys"),
    Topic.WHEREABOUTS: Text("news", "of_whereabouts"),
    Topic.MEDICATION: Text("news", "of_medication"),
    Topic.DAILY_LIFE: Text("news", "of_daily_life"),
    Topic.PLANS_AND_REVIEWS: Text("news", "of_plans_and_reviews"),
}
"""What each topic is called in the middle of a sentence."""


# --- telling ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Facts:
    """Whom it is about; each of those around them, by name, with what the gate says to them.

    `dated`: the person keeps what was before some day to themselves, for this topic.
    """

    staff: str
    person: str
    name: str
    hearers: tuple[tuple[str, Hearer], ...] = ()
    dated: bool = False
    today: date = date.min
    colleagues: tuple[tuple[str, str], ...] = ()
    lists: tuple[tuple[str, Candour], ...] = ()
    """Lists of being open about harm that stand, and who opened each."""


def _facts(c: Connection, talk: Talk, now: datetime) -> Facts:
    person = talk.answers[PERSON]
    facts = Facts(acting(c, talk), person, circle.name(c, person))
    said, topic = talk.answers.get("topic"), _topic(talk)
    if talk.answers.get("harm") == "harm":
        near = escalation.colleagues(c, facts.staff, now)
        known = tuple((one.id, one.name) for one in near)
        facts = replace(facts, today=now.date(), colleagues=known)
    if topic is Topic.INCIDENTS:
        facts = replace(facts, lists=_lists(c, person, now))
    if said is None:
        return facts
    around_them = news.hearers(c, person, topic, _level(talk), talk.id, _at(talk, now), now)
    return replace(
        facts,
        hearers=tuple((circle.name(c, hearer.member), hearer) for hearer in around_them),
        dated=topic is not None and _dated(c, person, topic, now),
    )


def _lists(c: Connection, person: str, now: datetime) -> tuple[tuple[str, Candour], ...]:
    found = candour.standing(c, person, now)
    return tuple((circle.name(c, one.opened_by), one) for one in found)


def _dated(c: Connection, person: str, topic: Topic, now: datetime) -> bool:
    return any(
        row.topic is topic and row.data_from is not None
        for place in around.circle_of(c, person)
        for agreed in agreement.active(c, place.id, now)
        for row in agreed.rows
    )


def _topic(talk: Talk) -> Topic | None:
    """None for general information, and before it is chosen."""
    said = talk.answers.get("topic", GENERAL)
    return None if said == GENERAL else Topic(said)


def _level(talk: Talk) -> int:
    return int(talk.answers.get("level", "3"))


def _at(talk: Talk, now: datetime) -> datetime | None:
    """The time it tells of, as far as it was asked."""
    return now if talk.answers.get("when") == "today" else None


def _words(talk: Talk) -> str:
    return talk.answers.get("general" if _topic(talk) is None else "words", "")


def topics(_facts: Facts, _talk: Talk) -> list[Offered]:
    return [Offered(topic.value, TOPICS[topic]) for topic in Topic]


def levels(_facts: Facts, _talk: Talk) -> list[Offered]:
    return [Offered(str(level), text) for level, text in LEVELS.items()]


def colleagues(facts: Facts, _talk: Talk) -> list[Offered]:
    return [Offered(id, name) for id, name in facts.colleagues]


def lists(facts: Facts, _talk: Talk) -> list[Offered]:
    label = Text("news", "list_of")
    return [
        Offered(one.id, label, {"name": name, "at": one.opened_at}) for name, one in facts.lists
    ]


def read_day(said: Wrote | Located, facts: Facts, _talk: Talk) -> str | Text | Phrase:
    words = "" if isinstance(said, Located) else said.text
    day = day_of_year(words, facts.today, ahead=False)
    if day is None or day > facts.today:
        return Text("news", "no_day")
    return day.isoformat()


def read_news(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text | Phrase:
    return in_one_message(said, LONGEST)


def read_general(said: Wrote | Located, facts: Facts, _talk: Talk) -> str | Text | Phrase:
    """General information is about nobody: it does not name the person."""
    read = in_one_message(said, LONGEST)
    if isinstance(read, str) and re.search(rf"\b{re.escape(facts.name)}\b", read, re.IGNORECASE):
        return Phrase(Text("news", "names_person"), {"person": facts.name})
    return read


def in_one_message(said: Wrote | Located, longest: int) -> str | Text | Phrase:
    """The words as they are; a note when they are longer than so many characters."""
    if isinstance(said, Located):
        return Text("news", "words_please")
    over = units(said.text) - longest
    if over > 0:
        return Phrase(Text("news", "too_long"), {"longest": longest, "over": over})
    return said.text


def _params(facts: Facts, talk: Talk) -> dict[str, Param]:
    topic = _topic(talk)
    return {
        "person": facts.name,
        "topic": Text("news", "general_information") if topic is None else TOPICS[topic],
        "level": Text("news", "for_everybody") if topic is None else LEVELS[_level(talk)],
        "words": _words(talk),
        "who": Lines(tuple(_line(facts, topic, name, h) for name, h in facts.hearers)),
    }


def _line(
    facts: Facts, topic: Topic | None, carer: str, hearer: Hearer
) -> tuple[Text, Mapping[str, Param]]:
    params: dict[str, Param] = {"carer": carer, "person": facts.name}
    decided = hearer.decision
    if decided is None or topic is None or decided.effect is Effect.SHARE:
        return Text("news", "gets_it"), params
    if decided.effect is Effect.ASK:
        return Text("news", "asked_first"), params
    why = WHY_NOT.get(decided.reason, Text("news", "why_other"))
    return why, {**params, "topic": SUBJECTS[topic]}


def _send(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    return tell.send(
        c,
        facts.person,
        _topic(talk),
        _level(talk),
        _words(talk),
        facts.staff,
        now,
        cause,
        at=_at(talk, now),
        harm=talk.answers.get("harm") == "harm",
        told_by=talk.answers.get("told_by"),
        told_at=_told_at(talk, now),
        under=talk.answers.get("which"),
    )


def _told_at(talk: Talk, now: datetime) -> datetime | None:
    """When the person was told face to face, to the day."""
    match talk.answers.get("told_when"):
        case None:
            return None
        case "today":
            return now
        case "yesterday":
            return now - timedelta(days=1)
        case day:
            return min(now, datetime.combine(date.fromisoformat(day), NOON))


def _first(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    """The person has not been told: nothing is kept of it but the list of what to do."""
    under = talk.answers.get("which")
    return candour.open_(c, facts.person, facts.staff, now, cause, under=under)


TELL_FLOW = Flow[Facts](
    name="tell",
    start="topic",
    steps={
        "topic": Step(
            Text("news", "what_about"),
            choices=(Choice(GENERAL, Text("news", "general_information"), "general"),),
            offers="topics",
            to="level",
        ),
        "level": Step(Text("news", "how_much"), offers="levels", to="of_what"),
        "harm": Step(
            Text("news", "what_harm"),
            choices=(
                Choice("none", Text("news", "no_harm"), "of_when"),
                Choice("harm", Text("news", "harm"), "of_harm"),
            ),
        ),
        "which": Step(
            Text("news", "which_harm"),
            choices=(Choice("new", Text("news", "another_harm"), "told"),),
            offers="lists",
            to="of_list",
        ),
        "told": Step(
            Text("news", "told_in_person"),
            choices=(
                Choice("yes", Text("news", "told_yes"), "told_when"),
                Choice("colleague", Text("news", "told_colleague"), "told_by"),
                Choice("not_yet", Text("news", "told_not_yet"), "first"),
            ),
        ),
        "told_by": Step(Text("news", "who_told"), offers="colleagues", to="told_when"),
        "told_when": Step(
            Text("news", "when_told"),
            choices=(
                Choice("today", Text("news", "today"), "of_when"),
                Choice("yesterday", Text("news", "yesterday"), "of_when"),
            ),
            reads="day",
            to="of_when",
        ),
        "when": Step(
            Text("news", "when"),
            choices=(
                Choice("today", Text("news", "today"), "words"),
                Choice("earlier", Text("news", "earlier"), "words"),
            ),
        ),
        "words": Step(Text("news", "what_words"), reads="news", to="ready"),
        "general": Step(Text("news", "what_general_words"), reads="general", to="ready"),
        "ready": Step(
            Text("news", "ready"),
            choices=(
                Choice("send", Text("news", "send"), "sent"),
                Choice("change", Text("news", "change_words"), "other_words"),
                Choice("not_now", Text("news", "not_now"), "not_sent"),
            ),
        ),
        "sent": Step(ends="send"),
        "first": Step(ends="first"),
        "not_sent": Step(Text("news", "not_sent"), ends=STOP),
    },
    offers={"topics": topics, "levels": levels, "colleagues": colleagues, "lists": lists},
    readers={"news": read_news, "general": read_general, "day": read_day},
    routes={
        "of_what": Route(
            ("harm", "when", "words"),
            lambda facts, talk: "harm" if _topic(talk) is Topic.INCIDENTS else _of_when(facts),
        ),
        "of_harm": Route(
            ("which", "told"), lambda facts, _talk: "which" if facts.lists else "told"
        ),
        "of_list": Route(
            ("told", "when", "words"),
            lambda facts, talk: _of_when(facts) if _knows(facts, talk) else "told",
        ),
        "of_when": Route(("when", "words"), lambda facts, _talk: _of_when(facts)),
        "other_words": Route(
            ("words", "general"), lambda _facts, talk: "words" if _topic(talk) else "general"
        ),
    },
)


def _knows(facts: Facts, talk: Talk) -> bool:
    """Whether the list says already who told the person, and when."""
    chosen = [one for _, one in facts.lists if one.id == talk.answers.get("which")]
    return any(one.told_at is not None for one in chosen)


def _of_when(facts: Facts) -> str:
    """When it was is asked only where it makes a difference."""
    return "when" if facts.dated else "words"


TELL = Conversation(TELL_FLOW, _facts, {"send": _send, "first": _first}, _params)
"""The talk behind `/tell`."""
