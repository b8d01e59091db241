"""What we can share: one card at a time for one supporter, and more of one topic for those who
want to say more. Each ends in a draft that is read back."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.care.agreeing import FIRST, REVIEWS, Wish
from bot.care.agreement import Choice as Chosen
from bot.care.agreement import Situation
from bot.care.outcome import Cause, Outcome, Topic
from bot.care.text import Text
from bot.flows.flow import (
    Choice,
    Conversation,
    Flow,
    Located,
    Offered,
    Step,
    Wrote,
    acting,
)
from bot.flows.reading import day_of_year, moments
from bot.i18n import Param
from bot.outbox.topics import CHOICES, LEVELS, MEANS, TOPICS, WHEN
from bot.store import Connection, agreeing, circle, flow
from bot.store import agreement as agreements
from bot.store.flow import Talk

SUPPORTER = "supporter"
DRAFT = "agreement"
ZONE = "zone"
"""The answers these talks begin with: whom it is about (a membership), or which draft is to be
changed and where days begin."""


# --- the first cards ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Facts:
    """Who chooses, and what the supporter is called."""

    person: str
    carer: str


def _facts(c: Connection, talk: Talk, _now: datetime) -> Facts:
    return Facts(acting(c, talk), _name(c, talk.answers[SUPPORTER]))


def _name(c: Connection, supporter: str) -> str:
    return circle.name(c, agreeing.supporter(c, supporter))


def _params(facts: Facts, talk: Talk) -> dict[str, Param]:
    params: dict[str, Param] = {"carer": facts.carer, "all": len(FIRST)}
    for number, topic in enumerate(FIRST, start=1):
        if talk.step == topic.value:
            params |= {"number": number, "topic": TOPICS[topic], "means": MEANS[topic]}
    return params


def _draft(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    return agreeing.draft(c, talk.answers[SUPPORTER], _wishes(talk), facts.person, now, cause)


def _wishes(talk: Talk) -> tuple[Wish, ...]:
    """The cards that have been answered."""
    said = talk.answers
    return tuple(Wish(t, Chosen(said[t.value])) for t in FIRST if t.value in said)


def set_aside(c: Connection, chat: int, supporter: str, now: datetime) -> None:
    """Before cards for this supporter are begun: those answered for another become a draft."""
    talk = flow.unfinished(c, chat, SHARE_FLOW.name)
    if talk is None or talk.answers.get(SUPPORTER) in (None, supporter):
        return
    wishes = _wishes(talk)
    if wishes:
        agreeing.draft(c, talk.answers[SUPPORTER], wishes, acting(c, talk), now)


def _choices(to: str, more: str) -> tuple[Choice, ...]:
    """The four answers to a card; a yes, of either kind, may lead elsewhere than a no."""
    leads = {Chosen.SHARE: more, Chosen.ASK: more}
    return tuple(
        Choice(choice.value, label, leads.get(choice, to)) for choice, label in CHOICES.items()
    )


def _cards() -> dict[str, Step]:
    after = (*(topic.value for topic in FIRST[1:]), "drafted")
    return {
        topic.value: Step(Text("agreement", "card"), _choices(to, to))
        for topic, to in zip(FIRST, after, strict=True)
    }


SHARE_FLOW = Flow[Facts](
    name="agreement",
    start=FIRST[0].value,
    steps={**_cards(), "drafted": Step(ends="draft")},
)

SHARE = Conversation(SHARE_FLOW, _facts, {"draft": _draft}, _params)
"""The talk behind `/agreement`, for one supporter."""


# --- more choices -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class More:
    """Who chooses, what the supporter is called, and the day it is where they are."""

    person: str
    carer: str
    zone: ZoneInfo
    today: date


def _more(c: Connection, talk: Talk, now: datetime) -> More:
    draft = agreements.agreement(c, talk.answers[DRAFT])
    assert draft is not None  # versions are kept for ever
    zone = ZoneInfo(talk.answers[ZONE])
    return More(acting(c, talk), _name(c, draft.supporter), zone, now.astimezone(zone).date())


def _more_params(facts: More, talk: Talk) -> dict[str, Param]:
    params: dict[str, Param] = {"carer": facts.carer}
    if talk.answers.get("topic") in set(Topic):
        topic = Topic(talk.answers["topic"])
        params |= {"topic": TOPICS[topic], "means": MEANS[topic]}
    return params


def topics(_facts: More, _talk: Talk) -> list[Offered]:
    return [Offered(topic.value, label) for topic, label in TOPICS.items()]


def read_until(said: Wrote | Located, facts: More, _talk: Talk) -> str | Text:
    """The last day it holds: "3 June", "3/6"."""
    day = None if isinstance(said, Located) else day_of_year(said.text, facts.today, ahead=True)
    return Text("agreement", "day_unclear") if day is None else day.isoformat()


def read_from(said: Wrote | Located, facts: More, _talk: Talk) -> str | Text:
    """The first day it is about."""
    day = None if isinstance(said, Located) else day_of_year(said.text, facts.today, ahead=False)
    return Text("agreement", "day_unclear") if day is None else day.isoformat()


def _wish(facts: More, talk: Talk) -> Wish:
    said = talk.answers
    topic, choice = Topic(said["topic"]), Chosen(said["choice"])
    if "level" not in said:
        return Wish(topic, choice)
    last, first = said["until"], said["from"]
    ahead = {"week": 7, "month": 30}
    until = data_from = None
    if last != "review":
        days = ahead.get(last)
        end = date.fromisoformat(last) if days is None else facts.today + timedelta(days)
        until = _midnight(end + timedelta(days=1), facts.zone)
    if first != "any":
        begin = facts.today if first == "today" else date.fromisoformat(first)
        data_from = _midnight(begin, facts.zone)
    level = int(said["level"].removeprefix("level_"))
    return Wish(topic, choice, level, Situation(said["when"]), until, data_from)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return moments(day, time(0), zone)[0]


def _choose(c: Connection, talk: Talk, facts: More, now: datetime, cause: Cause) -> Outcome:
    wishes = (_wish(facts, talk),)
    return agreeing.change(c, talk.answers[DRAFT], wishes, facts.person, now, cause)


def _review(c: Connection, talk: Talk, facts: More, now: datetime, cause: Cause) -> Outcome:
    months = int(talk.answers["review"])
    return agreeing.change(c, talk.answers[DRAFT], (), facts.person, now, cause, months)


MONTHS = {
    1: Text("agreement", "one_month"),
    3: Text("agreement", "three_months"),
    6: Text("agreement", "six_months"),
}

MORE_FLOW = Flow[More](
    name="more_choices",
    start="topic",
    steps={
        "topic": Step(
            Text("agreement", "which_topic"),
            (Choice("date", Text("agreement", "review_date"), "review"),),
            offers="topics",
            to="choice",
        ),
        "choice": Step(Text("agreement", "one_card"), _choices("chosen", more="level")),
        "level": Step(
            Text("agreement", "how_much"),
            tuple(Choice(f"level_{level}", label, "when") for level, label in LEVELS.items()),
        ),
        "when": Step(
            Text("agreement", "when"),
            tuple(Choice(one.value, label, "until") for one, label in WHEN.items()),
        ),
        "until": Step(
            Text("agreement", "until_when"),
            (
                Choice("review", Text("agreement", "until_review"), "from"),
                Choice("week", Text("agreement", "until_week"), "from"),
                Choice("month", Text("agreement", "until_month"), "from"),
            ),
            reads="until",
            to="from",
        ),
        "from": Step(
            Text("agreement", "from_when"),
            (
                Choice("any", Text("agreement", "from_any"), "chosen"),
                Choice("today", Text("agreement", "from_today"), "chosen"),
            ),
            reads="from",
            to="chosen",
        ),
        "review": Step(
            Text("agreement", "review_when"),
            tuple(Choice(str(months), MONTHS[months], "dated") for months in REVIEWS),
        ),
        "chosen": Step(ends="choose"),
        "dated": Step(ends="review"),
    },
    offers={"topics": topics},
    readers={"until": read_until, "from": read_from},
)

MORE = Conversation(MORE_FLOW, _more, {"choose": _choose, "review": _review}, _more_params)
"""The talk behind `More choices`: one topic of a draft, or when it is looked at again."""
