"""Looking again, written down: what came of it, when next, who took part, and in whose words."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile

from bot.care.outcome import Cause, Message, Outcome
from bot.care.review import Came, Coming, Invited, Item, Words, ends, furthest
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
from bot.i18n import Param, Phrase
from bot.outbox import review as words
from bot.store import Connection, around, circle, review, since, up
from bot.store import look as rounds
from bot.store.flow import Talk
from bot.store.tools import tools

ITEM = "of"
"""The answer that the button gives: `kind.of.mark`."""

PERSON = "about"
"""The answer that the button gives where something begins: about whom."""

LONGEST = 500
"""Characters of what somebody said."""

LONGEST_NAME = 60
"""Characters that say what restricts somebody: they stand on a button."""

NOT_ASKED, NOBODY, ALL = "not_asked", "nobody", "all"

WHO = ("who_1", "who_2", "who_3", "who_4", "who_5")
"""The steps that ask who took part."""


@dataclass(frozen=True, slots=True)
class Facts:
    """`item` is None when somebody else has done it meanwhile. `near` are those who may have taken
    part, by id; `rule`: when it comes round next; `asked`: what the person was asked."""

    staff: str
    item: Item | None
    name: str
    what: Phrase | Text | str
    near: dict[str, str]
    rule: date | None
    today: date
    data: bool
    asked: Invited | None


def begun(item: str) -> tuple[str, str, int]:
    kind, of, mark = item.split(".")
    return kind, of, int(mark)


def _facts(c: Connection, talk: Talk, now: datetime) -> Facts:
    staff, zone = acting(c, talk), tools(c).hours.zone
    kind, of, mark = begun(talk.answers[ITEM])
    found = up.item(c, kind, of, mark, staff, now)
    person = up.person_of(c, kind, of) or staff
    rule = None if found is None else review.next_by_rule(c, found, now)
    looks = rounds.rounds(c, person, kind, of, words=False)
    near = {person: circle.name(c, person)}
    near |= {m.member: circle.name(c, m.member) for m in around.circle_of(c, person)}
    near |= {m.id: m.name for m in around.key_workers(c, person)}
    return Facts(
        staff=staff,
        item=found,
        name=near[person],
        what=words.what(c, kind, of),
        near=near,
        rule=None if rule is None else rule.astimezone(zone).date(),
        today=now.astimezone(zone).date(),
        data=since.the_last_look(c, person, looks, now).anything,
        asked=None if found is None else review.asked(c, found),
    )


def people(facts: Facts, talk: Talk) -> list[Offered]:
    """Those who have not been named yet."""
    return [Offered(id, name) for id, name in facts.near.items() if id not in _who(talk)]


def over(facts: Facts, _talk: Talk) -> list[Offered]:
    """`Ended`, where it can end with a press."""
    if facts.item is None or not ends(facts.item.kind):
        return []
    return [Offered(Came.ENDED.value, words.CAME[Came.ENDED])]


def read_words(said: Wrote | Located, _facts: object, _talk: Talk) -> str | Text:
    if isinstance(said, Located) or not said.text.strip():
        return Text("review", "in_words")
    return said.text if len(said.text) <= LONGEST else Text("review", "shorter")


def read_day(said: Wrote | Located, facts: Facts, _talk: Talk) -> str | Text | Phrase:
    day = None
    if not isinstance(said, Located):
        day = day_of_year(said.text, facts.today, ahead=True)
    if day is None or day <= facts.today:
        return Text("review", "no_day")
    last = facts.today if facts.rule is None else furthest(facts.today, facts.rule)
    return day.isoformat() if day <= last else Phrase(Text("review", "too_far"), {"day": last})


def _who(talk: Talk) -> tuple[str, ...]:
    said = (talk.answers.get(step, ALL) for step in WHO)
    return tuple(takewhile(lambda one: one not in (ALL, NOBODY), said))


def _said(talk: Talk, step: str) -> str:
    found = talk.answers.get(step, NOT_ASKED)
    return "" if found == NOT_ASKED else found


def _next(facts: Facts, talk: Talk) -> date | None:
    kind, _, _ = begun(talk.answers[ITEM])
    if talk.answers.get("came") == Came.ENDED.value and ends(kind):
        return None
    if talk.answers.get("next") == "other" and "day" in talk.answers:
        return date.fromisoformat(talk.answers["day"])
    return facts.rule


def _params(facts: Facts, talk: Talk) -> dict[str, Param]:
    params: dict[str, Param] = {"person": facts.name, "what": facts.what}
    if facts.rule is not None:
        params["rule"] = facts.rule
    if talk.step == "check":
        who = [facts.near[one] for one in _who(talk) if one in facts.near]
        on = _next(facts, talk)
        params |= {
            "came": words.CAME[Came(talk.answers["came"])],
            "next": Text("review", "next_never") if on is None else on,
            "who": who or Text("review", "who_nobody"),
            "said": _said(talk, "said") or Text("review", "not_asked"),
            "around": _said(talk, "around") or Text("review", "not_asked"),
            "data": _said(talk, "data") or Text("review", "not_talked_through"),
            "wanted": _wanted(facts, talk),
        }
    return params


def _wanted(facts: Facts, talk: Talk) -> Phrase | str:
    """Whether the person wanted to be there, and was not."""
    asked = facts.asked is not None and facts.asked.answer in (Coming.YES, Coming.TALK)
    there = facts.item is not None and facts.item.person in _who(talk)
    if not asked or there:
        return ""
    return Phrase(Text("review", "wanted_to_come"), {"person": facts.name})


GONE = Outcome(said=Message(Text("review", "gone")))
"""Somebody else was quicker."""


def _done(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    if facts.item is None:
        return GONE
    kind, of, mark = begun(talk.answers[ITEM])
    other = talk.answers.get("next") == "other"
    return review.done(
        c,
        kind,
        of,
        mark,
        Came(talk.answers["came"]),
        facts.staff,
        now,
        cause,
        next_on=_next(facts, talk) if other else None,
        who=_who(talk),
        words=Words(*(_said(talk, step) for step in ("said", "around", "data", "why_later"))),
    )


def _later(facts: Facts, talk: Talk) -> str:
    """Whoever puts it later than its rule says why."""
    day = date.fromisoformat(talk.answers["day"])
    return "why_later" if facts.rule is not None and facts.rule < day else WHO[0]


def _also(number: int) -> tuple[str, Step]:
    to = WHO[number + 1] if number + 1 < len(WHO) else "said"
    asks, ends = Text("review", "who_else"), Choice(ALL, Text("review", "that_is_all"), "said")
    if number == 0:
        asks, ends = Text("review", "who"), Choice(NOBODY, Text("review", "only_staff"), "said")
    return WHO[number], Step(asks, (ends,), offers="people", to=to)


DONE_FLOW = Flow[Facts](
    name="review",
    start="came",
    steps={
        "came": Step(
            Text("review", "what_came"),
            (
                Choice(Came.STAYS.value, words.CAME[Came.STAYS], "when"),
                Choice(Came.CHANGED.value, words.CAME[Came.CHANGED], "when"),
            ),
            offers="ends",
            to=WHO[0],
        ),
        "next": Step(
            Text("review", "when_next"),
            (
                Choice("rule", Text("review", "by_rule"), WHO[0]),
                Choice("other", Text("review", "another_day"), "day"),
            ),
        ),
        "day": Step(Text("review", "which_day"), reads="day", to="later"),
        "why_later": Step(Text("review", "why_later"), reads="words", to=WHO[0]),
        **dict(map(_also, range(len(WHO)))),
        "said": Step(
            Text("review", "what_said"),
            (Choice(NOT_ASKED, Text("review", "not_asked"), "around"),),
            reads="words",
            to="around",
        ),
        "around": Step(
            Text("review", "what_around"),
            (Choice(NOT_ASKED, Text("review", "not_asked"), "known"),),
            reads="words",
            to="known",
        ),
        "data": Step(
            Text("review", "talked_through"),
            (Choice(NOT_ASKED, Text("review", "not_talked_through"), "check"),),
            reads="words",
            to="check",
        ),
        "check": Step(
            Text("review", "check"),
            (
                Choice("save", Text("review", "save"), "done"),
                Choice("change", Text("review", "change"), "came"),
                Choice("not_now", Text("review", "not_now"), "not_saved"),
            ),
        ),
        "done": Step(Text("review", "gone"), ends="done"),
        "not_saved": Step(Text("review", "not_saved"), ends=STOP),
    },
    offers={"people": people, "ends": over},
    readers={"words": read_words, "day": read_day},
    routes={
        "when": Route(
            ("next", WHO[0]), lambda facts, _talk: WHO[0] if facts.rule is None else "next"
        ),
        "later": Route(("why_later", WHO[0]), _later),
        "known": Route(("data", "check"), lambda facts, _talk: "data" if facts.data else "check"),
    },
)

DONE = Conversation(DONE_FLOW, _facts, {"done": _done}, _params)
"""The talk behind `Done`."""


# --- not now ------------------------------------------------------------------------------


def _put_off(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    if facts.item is None:
        return GONE
    kind, of, mark = begun(talk.answers[ITEM])
    weeks, why = int(talk.answers["weeks"]), talk.answers["why"]
    return review.put_off(c, kind, of, mark, weeks, why, facts.staff, now, cause)


SNOOZE_FLOW = Flow[Facts](
    name="review_snooze",
    start="weeks",
    steps={
        "weeks": Step(
            Text("review", "until_when"),
            (
                Choice("1", Text("review", "a_week"), "why"),
                Choice("2", Text("review", "two_weeks"), "why"),
            ),
        ),
        "why": Step(Text("review", "why_not_now"), reads="words", to="done"),
        "done": Step(Text("review", "gone"), ends="put_off"),
    },
    readers={"words": read_words},
)

SNOOZE = Conversation(SNOOZE_FLOW, _facts, {"put_off": _put_off}, _params)
"""The talk behind `Not now`."""


# --- something restricts somebody ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Whom:
    staff: str
    person: str
    name: str


def _whom(c: Connection, talk: Talk, _now: datetime) -> Whom:
    person = talk.answers[PERSON]
    return Whom(acting(c, talk), person, circle.name(c, person))


def read_what(said: Wrote | Located, _facts: object, _talk: Talk) -> str | Text:
    if isinstance(said, Located) or not said.text.strip():
        return Text("review", "in_words")
    what = " ".join(said.text.split())
    return what if len(what) <= LONGEST_NAME else Text("review", "shorter")


def _begin(c: Connection, talk: Talk, whom: Whom, now: datetime, cause: Cause) -> Outcome:
    what = talk.answers["what"]
    return review.start(c, whom.person, whom.staff, now, cause, what=what)


RESTRICT_FLOW = Flow[Whom](
    name="review_restrict",
    start="what",
    steps={
        "what": Step(Text("review", "what_restricts"), reads="what", to="begin"),
        "begin": Step(Text("review", "gone"), ends="begin"),
    },
    readers={"what": read_what},
)

RESTRICT = Conversation(
    RESTRICT_FLOW, _whom, {"begin": _begin}, lambda whom, _talk: {"person": whom.name}
)
"""The talk behind `Add a restrictive-practice plan`."""
