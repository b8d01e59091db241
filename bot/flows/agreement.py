"""What we can share: one card at a time for one supporter, and more of one topic for those who
want to say more. Each ends in a draft that is read back."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.care.agreeing import FIRST, REVIEWS, Wish
from bot.care.agreement import Agreement, Situation
from bot.care.agreement import Choice as Chosen
from bot.care.outcome import NOBODY, Cause, Outcome, Topic
from bot.care.text import Text
from bot.care.wall import moment
from bot.flows.flow import (
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
from bot.i18n import Lines, Param
from bot.outbox.topics import CHOICES, LEVELS, MEANS, TOPICS, WHEN, lines
from bot.store import Connection, agreeing, circle, flow, preparing
from bot.store import agreement as agreements
from bot.store.flow import Talk

SUPPORTER = "supporter"
SITTING = "sitting"
REVIEWED = "reviewed"
DRAFT = "agreement"
ZONE = "zone"
"""The answers these talks begin with: whom it is about (a membership), who sits with the person
if anybody does, which version is looked at again; or which draft is to be changed and where days
begin."""

OTHERS = tuple(topic for topic in Topic if topic not in FIRST)
"""The topics that a review asks about only where something was said of them."""


# --- the first cards ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Facts:
    """Who presses, and what the supporter is called; what was chosen so far.

    `asked` are the topics there is a card for. `stops`: the person is here, and something is
    shared that they may want to stop.
    """

    by: str
    carer: str
    so_far: Agreement | None
    asked: tuple[Topic, ...]
    stops: bool


def _facts(c: Connection, talk: Talk, now: datetime) -> Facts:
    supporter = talk.answers[SUPPORTER]
    shared = agreeing.shared(c, supporter, now)
    reviewed = agreements.agreement(c, talk.answers.get(REVIEWED, ""))
    spoken_of = set() if reviewed is None else {row.topic for row in reviewed.rows}
    by, sitting = acting(c, talk), talk.answers.get(SITTING)
    # Whoever sat there sees no more of it than they would have after any answer of the person's.
    over = sitting is not None and preparing.open_sitting(c, sitting, by, now) is None
    return Facts(
        by=by,
        carer=_name(c, supporter),
        so_far=None if over else shared.draft or shared.active or reviewed,
        asked=(*FIRST, *(topic for topic in OTHERS if topic in spoken_of)),
        stops=SITTING not in talk.answers and shared.active is not None,
    )


def _stop(facts: Facts, talk: Talk) -> list[Offered]:
    return _within_reach(talk.answers[SUPPORTER], facts.carer) if facts.stops else []


def _within_reach(supporter: str, carer: str) -> list[Offered]:
    """`Stop sharing with …`"""
    label = Text("agreement", "stop_with")
    return [Offered(f"agreement:stop:{supporter}:0", label, {"carer": carer})]


def _name(c: Connection, supporter: str) -> str:
    return circle.name(c, agreeing.supporter(c, supporter))


def _params(facts: Facts, talk: Talk) -> dict[str, Param]:
    params: dict[str, Param] = {"carer": facts.carer, "all": len(facts.asked)}
    for number, topic in enumerate(facts.asked, start=1):
        if talk.step == topic.value:
            params |= {"number": number, "topic": TOPICS[topic], "means": MEANS[topic]}
            params["so_far"] = _so_far(facts.so_far, topic)
    return params


def _so_far(agreed: Agreement | None, topic: Topic) -> Lines:
    """What the person chose before, for this topic."""
    rows = () if agreed is None else tuple(row for row in agreed.rows if row.topic is topic)
    if agreed is None or not rows:
        return Lines(())
    return Lines(((Text("review", "so_far"), {}), *lines(replace(agreed, rows=rows)).lines))


def _draft(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    return _drafted(c, talk, facts.by, now, cause)


def _drafted(c: Connection, talk: Talk, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """What was answered, as a draft: the person's own, or that of the one who sits with them."""
    wishes, sitting = _wishes(talk), talk.answers.get(SITTING)
    if sitting is not None:
        return preparing.prepare(c, sitting, wishes, by, now, cause)
    reviewed = talk.answers.get(REVIEWED, "")
    supporter = talk.answers[SUPPORTER]
    return agreeing.draft(c, supporter, wishes, by, now, cause, reviewed=reviewed)


def _wishes(talk: Talk) -> tuple[Wish, ...]:
    """The cards that have been answered."""
    said = talk.answers
    return tuple(Wish(t, Chosen(said[t.value])) for t in (*FIRST, *OTHERS) if t.value in said)


def set_aside(c: Connection, chat: int, supporter: str, now: datetime) -> None:
    """Before cards for this supporter are begun: those answered for another become a draft.

    Not those of somebody who sits with a person: half of them would be read back as if it were all.
    """
    talk = flow.unfinished(c, chat, SHARE_FLOW.name)
    if talk is None or talk.answers.get(SUPPORTER) in (None, supporter) or SITTING in talk.answers:
        return
    if _wishes(talk):
        _drafted(c, talk, acting(c, talk), now)


def _choices(to: str, more: str) -> tuple[Choice, ...]:
    """The four answers to a card; a yes, of either kind, may lead elsewhere than a no."""
    leads = {Chosen.SHARE: more, Chosen.ASK: more}
    return tuple(
        Choice(choice.value, label, leads.get(choice, to)) for choice, label in CHOICES.items()
    )


def _cards() -> dict[str, Step]:
    """The first cards follow each other; behind them a route picks the others."""
    after = (*(topic.value for topic in FIRST[1:]), *map(_behind, (FIRST[-1], *OTHERS)))
    return {
        topic.value: Step(Text("agreement", "card"), _choices(to, to))
        for topic, to in zip((*FIRST, *OTHERS), after, strict=True)
    }


def _behind(topic: Topic) -> str:
    return f"after_{topic.value}"


def _others() -> dict[str, Route[Facts]]:
    """From the last of the first cards, and from each of the others, to the next one asked."""
    before = (FIRST[-1], *OTHERS)
    return {_behind(topic): _to_next(OTHERS[at:]) for at, topic in enumerate(before)}


def _to_next(topics: tuple[Topic, ...]) -> Route[Facts]:
    def pick(facts: Facts, _talk: Talk) -> str:
        return next((topic.value for topic in topics if topic in facts.asked), "drafted")

    return Route((*(topic.value for topic in topics), "drafted"), pick)


SHARE_FLOW = Flow[Facts](
    name="agreement",
    start=FIRST[0].value,
    steps={**_cards(), "drafted": Step(ends="draft")},
    routes=_others(),
)

SHARE = Conversation(SHARE_FLOW, _facts, {"draft": _draft}, _params, _stop)
"""The talk behind `/agreement`, for one supporter."""


# --- more choices -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class More:
    """Who chooses, for which supporter, and the day it is where they are."""

    person: str
    supporter: str
    carer: str
    stops: bool
    zone: ZoneInfo
    today: date


def _more(c: Connection, talk: Talk, now: datetime) -> More:
    draft = agreements.agreement(c, talk.answers[DRAFT])
    assert draft is not None  # versions are kept for ever
    zone = ZoneInfo(talk.answers[ZONE])
    return More(
        person=acting(c, talk),
        supporter=draft.supporter,
        carer=_name(c, draft.supporter),
        stops=agreeing.shared(c, draft.supporter, now).active is not None,
        zone=zone,
        today=now.astimezone(zone).date(),
    )


def _more_params(facts: More, talk: Talk) -> dict[str, Param]:
    params: dict[str, Param] = {"carer": facts.carer}
    if talk.answers.get("topic") in set(Topic):
        topic = Topic(talk.answers["topic"])
        params |= {"topic": TOPICS[topic], "means": MEANS[topic]}
    return params


def _more_stop(facts: More, _talk: Talk) -> list[Offered]:
    return _within_reach(facts.supporter, facts.carer) if facts.stops else []


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
    return moment(day, time(0), zone)


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

MORE = Conversation(
    MORE_FLOW, _more, {"choose": _choose, "review": _review}, _more_params, _more_stop
)
"""The talk behind `More choices`: one topic of a draft, or when it is looked at again."""
