"""The gate's decision table: cases that a manager can read, each with its one right answer.

Kith checks itself against them when it starts, and does not start when one comes out wrong;
the tests and the page `docs/gate.md` are made from the same cases.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.care.agreement import (
    Agreement,
    Answer,
    Basis,
    Choice,
    Decision,
    Effect,
    Facts,
    Glass,
    Ground,
    Guardrail,
    Hold,
    Reason,
    Recipient,
    Sharing,
    Situation,
    Standing,
    State,
    Switch,
    decide,
)
from bot.care.circle import Role
from bot.care.outcome import About, Topic

Gate = Callable[[Facts, About, datetime], Decision]


@dataclass(frozen=True, slots=True)
class Case:
    """One line of the table: `says` in a sentence what `facts` and `about` are."""

    says: str
    facts: Facts
    about: About
    right: Decision


NOW = datetime(2026, 5, 12, 12, tzinfo=UTC)
_BEFORE = NOW - timedelta(days=30)
_AFTER = NOW + timedelta(days=30)
_TICK = timedelta(microseconds=1)
_GRACE = timedelta(days=14)

SAM = About(
    person="sam",
    topic=Topic.APPOINTMENTS,
    level=2,
    acting="amira",
    item="news",
    at=NOW - timedelta(days=1),
)
"""The main point of yesterday's appointment, for Amira."""

ROW = Sharing("row", Topic.APPOINTMENTS, Situation.EVERYDAY, Choice.SHARE, level=2, since=_BEFORE)
ASK = replace(ROW, choice=Choice.ASK)
UNWELL = replace(ROW, id="unwell", situation=Situation.UNWELL)
EMERGENCY = replace(ROW, id="emergency", situation=Situation.EMERGENCY)
AGREED = Agreement(
    id="agreement",
    person="sam",
    supporter="amira",
    version=1,
    state=State.ACTIVE,
    rows=(ROW,),
    review_at=_AFTER,
    lapses_at=_AFTER + timedelta(days=28),
    drafted_by="sam",
    drafted_at=_BEFORE,
    activated_at=_BEFORE,
)
CARER = Standing("amira", Role.CARER)
AMIRA = Recipient("amira_sharma", left=False, teams=frozenset(), places=(CARER,))
ALLOWED = Facts(person="sam", person_left=False, team="oak", recipient=AMIRA, agreements=(AGREED,))
"""Sam shares the main point of appointments with Amira, a carer."""

_STAFF = replace(SAM, acting=None)
_JO = Recipient("jo", left=False, teams=frozenset({"oak"}))


def wrong(gate: Gate = decide) -> str | None:
    """The first line of the table that this gate gets wrong; None when it gets all right."""
    for cases in CASES.values():
        for case in cases:
            try:
                answer = gate(case.facts, case.about, NOW)
            except Exception:  # a gate that fails is a gate that is broken
                return case.says
            if answer != case.right:
                return case.says
    return None


# --- the words of the table ---------------------------------------------------------------


def _to(recipient: Recipient | None, facts: Facts = ALLOWED, **other: Any) -> Facts:
    return replace(facts, recipient=recipient, **other)


def _place(**other: Any) -> Facts:
    """Amira's place in the circle is another one."""
    return _to(replace(AMIRA, places=(replace(CARER, **other),)))


def _rows(*rows: Sharing, **other: Any) -> Facts:
    """The agreement has these rows."""
    return replace(ALLOWED, agreements=(replace(AGREED, rows=rows),), **other)


def _agreed(**other: Any) -> Facts:
    return replace(ALLOWED, agreements=(replace(AGREED, **other),))


def _on(*situations: Situation, since: datetime = _BEFORE, until: datetime = _AFTER) -> Any:
    return tuple(Switch(f"{one}_switch", one, since, until) for one in situations)


def _ground(**other: Any) -> tuple[Ground, ...]:
    topics = frozenset({Topic.APPOINTMENTS})
    return (replace(Ground("decision", Basis.BEST_INTERESTS, topics, _BEFORE, _AFTER), **other),)


def _own(says: str, facts: Facts, about: About, reason: Reason) -> Case:
    return Case(says, facts, about, Decision(Effect.SHARE, reason))


def _yes(
    says: str,
    facts: Facts,
    about: About = SAM,
    reason: Reason = Reason.AGREED,
    rows: tuple[str, ...] = ("agreement", "row"),
) -> Case:
    return Case(says, facts, about, Decision(Effect.SHARE, reason, rows))


def _asks(says: str, facts: Facts, rows: tuple[str, ...] = ("agreement", "row")) -> Case:
    return Case(says, facts, SAM, Decision(Effect.ASK, Reason.ASK_FIRST, rows))


def _no(reason: Reason, says: str, facts: Facts, *rows: str, about: About = SAM) -> Case:
    return Case(says, facts, about, Decision(Effect.WITHHOLD, reason, rows))


# --- the table ----------------------------------------------------------------------------


def _who() -> Iterator[Case]:
    yield _own("Sam hears of Sam.", _to(Recipient("sam", False, frozenset())), _STAFF, Reason.OWN)
    yield _own("Staff of Sam's team hear of Sam.", _to(_JO), _STAFF, Reason.DIRECT_CARE)
    yield _own(
        "Sam has left while an alert stands: staff of Sam's team still hear of it.",
        _to(_JO, person_left=True),
        _STAFF,
        Reason.DIRECT_CARE,
    )
    yield _no(Reason.RECIPIENT_UNKNOWN, "Kith does not know who that is.", _to(None))
    yield _no(
        Reason.RECIPIENT_UNKNOWN,
        "The question is about Kim, and what Kith has loaded is about Sam.",
        _to(_JO),
        about=replace(_STAFF, person="kim"),
    )
    yield _no(
        Reason.RECIPIENT_LEFT,
        "Jo of Sam's team has left.",
        _to(replace(_JO, left=True)),
        about=_STAFF,
    )
    yield _no(Reason.RECIPIENT_LEFT, "Amira has left.", _to(replace(AMIRA, left=True)))
    yield _no(Reason.PERSON_LEFT, "Sam has left.", replace(ALLOWED, person_left=True))
    yield _no(
        Reason.OTHER_TEAM,
        "Jo works in another team.",
        _to(replace(_JO, teams=frozenset({"elm"}))),
        about=_STAFF,
    )
    yield _no(
        Reason.NOT_IN_CIRCLE,
        "Alex is nobody to Sam.",
        _to(Recipient("alex", False, frozenset())),
        about=_STAFF,
    )
    yield _no(
        Reason.NOT_IN_CIRCLE,
        "Amira is in Sam's circle no more.",
        _to(replace(AMIRA, places=())),
    )
    yield _no(
        Reason.NOT_IN_CIRCLE,
        "Jo works in Sam's team and would hear it as a carer, which Jo is no more.",
        _to(_JO),
    )
    yield _no(
        Reason.NOT_IN_CIRCLE,
        "Sam would hear it as Amira.",
        _to(Recipient("sam", False, frozenset())),
    )
    yield _no(
        Reason.ROLE_NOT_NAMED,
        "A message for staff has come to Amira, who works in another team and is Sam's carer.",
        _to(replace(AMIRA, teams=frozenset({"elm"}))),
        about=_STAFF,
    )
    yield _yes(
        "Amira is also an advocate, and hears it as the carer that Sam shares it with.",
        _to(replace(AMIRA, places=(Standing("other", Role.ADVOCATE), CARER))),
    )
    yield _no(
        Reason.NO_AGREEMENT,
        "Amira is also an advocate, and would hear as one what Sam shares with the carer.",
        _to(replace(AMIRA, places=(CARER, Standing("other", Role.ADVOCATE)))),
        about=replace(SAM, acting="other"),
    )


def _forbidden() -> Iterator[Case]:
    yield _no(Reason.PAUSED, "Sam has paused Amira.", _place(paused=True))
    rail = Guardrail("rail", "amira", Topic.APPOINTMENTS)
    yield _no(
        Reason.GUARDRAIL,
        "The safeguarding lead has said: never tell Amira about appointments.",
        replace(ALLOWED, guardrails=(rail,)),
        "rail",
    )
    yield _no(
        Reason.GUARDRAIL,
        "The same, and a senior has broken the glass: the guardrail stands.",
        replace(ALLOWED, guardrails=(rail,), glasses=(Glass("glass", "amira", "news"),)),
        "rail",
    )
    yield _yes(
        "A guardrail is about another topic.",
        replace(ALLOWED, guardrails=(replace(rail, topic=Topic.FINANCES),)),
    )
    yield _yes(
        "A guardrail is about somebody else.",
        replace(ALLOWED, guardrails=(replace(rail, supporter="leo"),)),
    )
    yield _no(
        Reason.ROLE,
        "The place in the circle is none of a supporter's.",
        _place(role=Role.STAFF),
    )
    yield _no(
        Reason.NOT_TOLD_IN_PERSON,
        "It is about a harm, and nobody has told Sam of it face to face.",
        replace(ALLOWED, untold=True),
    )


def _glass() -> Iterator[Case]:
    glass = Glass("glass", "amira", "news")
    closed = replace(ALLOWED, agreements=(), glasses=(glass,), untold=True)
    opened = Decision(Effect.SHARE, Reason.BREAK_GLASS, ("glass",))
    yield Case("A named senior has broken the glass for this, to Amira.", closed, SAM, opened)
    yield Case(
        "A named senior has broken the glass; Sam's agreement says less.",
        replace(ALLOWED, glasses=(glass,)),
        replace(SAM, level=3),
        opened,
    )
    nothing = replace(closed, untold=False)
    yield _no(
        Reason.NO_AGREEMENT,
        "The glass was broken to tell somebody else.",
        replace(nothing, glasses=(replace(glass, supporter="leo"),)),
    )
    yield _no(
        Reason.NO_AGREEMENT,
        "The glass was broken for something else.",
        replace(nothing, glasses=(replace(glass, item="other"),)),
    )
    yield _no(
        Reason.PAUSED,
        "The glass was broken, and Sam has paused Amira.",
        replace(_place(paused=True), glasses=(glass,)),
    )
    yield _no(
        Reason.ROLE,
        "The glass was broken for somebody who is no supporter.",
        replace(_place(role=Role.MANAGER), glasses=(glass,)),
    )


def _agreement() -> Iterator[Case]:
    yield _yes("Sam shares it with Amira.", ALLOWED)
    yield _yes(
        "An advocate that Sam shares it with hears as much as a carer.",
        _place(role=Role.ADVOCATE),
    )
    yield _no(Reason.NO_AGREEMENT, "Sam has agreed nothing yet.", replace(ALLOWED, agreements=()))
    yield _no(Reason.NO_AGREEMENT, "Sam's agreement is with Leo.", _agreed(supporter="leo"))
    yield _no(Reason.NO_AGREEMENT, "The agreement is Kim's.", _agreed(person="kim"))
    yield _no(
        Reason.NO_AGREEMENT,
        "There is a draft that Sam has not pressed Agree on.",
        _agreed(state=State.DRAFT, activated_at=None),
    )
    yield _no(Reason.NO_AGREEMENT, "A draft is no agreement, ever.", _agreed(state=State.DRAFT))
    yield _no(
        Reason.NO_AGREEMENT, "Nobody knows since when it is agreed.", _agreed(activated_at=None)
    )
    yield _yes("Sam has agreed this very moment.", _agreed(activated_at=NOW))
    yield _no(Reason.NO_AGREEMENT, "Sam agrees a moment later.", _agreed(activated_at=NOW + _TICK))
    ended = {"state": State.ENDED, "ended_by": "sam"}
    yield _no(
        Reason.NO_AGREEMENT,
        "Sam has stopped sharing this very moment.",
        _agreed(**ended, ended_at=NOW),
    )
    yield _yes(
        "Asked about the past: Sam stopped sharing a moment later.",
        _agreed(**ended, ended_at=NOW + _TICK),
    )
    yield _yes(
        "Asked about the past: Sam agreed this very moment, and later stopped.",
        _agreed(**ended, activated_at=NOW, ended_at=_AFTER),
    )
    yield _no(
        Reason.NO_AGREEMENT,
        "Asked about the past: before Sam agreed, and later stopped.",
        _agreed(**ended, activated_at=NOW + _TICK, ended_at=_AFTER),
    )
    yield _no(Reason.NO_AGREEMENT, "It has ended, nobody knows when.", _agreed(**ended))
    yield _no(
        Reason.ERROR,
        "Two versions are in force at once: something is wrong.",
        replace(ALLOWED, agreements=(AGREED, replace(AGREED, id="second", version=2))),
    )
    yield _yes(
        "The version before has ended; Leo has an agreement of his own.",
        replace(
            ALLOWED,
            agreements=(
                replace(AGREED, id="first", state=State.ENDED, ended_at=_BEFORE, rows=()),
                replace(AGREED, id="of_leo", supporter="leo", rows=()),
                AGREED,
            ),
        ),
    )
    yield _yes("The review is overdue.", _agreed(review_at=_BEFORE))
    yield _yes("The agreement lapses in a moment.", _agreed(lapses_at=NOW + _TICK))
    yield _no(
        Reason.LAPSED, "The agreement lapses this very moment.", _agreed(lapses_at=NOW), "agreement"
    )


def _row() -> Iterator[Case]:
    both = ("agreement", "row")
    yield _no(Reason.NO_ROW, "Sam has said nothing about any topic.", _rows(), "agreement")
    yield _no(
        Reason.NO_ROW,
        "Sam has said yes to money, and nothing about appointments.",
        _rows(replace(ROW, topic=Topic.FINANCES)),
        "agreement",
    )
    yield _no(Reason.NEVER, "Sam has said no.", _rows(replace(ROW, choice=Choice.NEVER)), *both)
    yield _no(
        Reason.NEVER,
        "Sam has said “I don't know”.",
        _rows(replace(ROW, choice=Choice.UNSURE)),
        *both,
    )
    yield _no(
        Reason.NEVER,
        "There is a yes and a no for the same topic: the no counts.",
        _rows(ROW, replace(ROW, id="no", choice=Choice.NEVER)),
        *both,
        "no",
    )
    yield _yes("The yes begins this very moment.", _rows(replace(ROW, since=NOW)))
    yield _no(
        Reason.NO_ROW,
        "The yes begins in a moment.",
        _rows(replace(ROW, since=NOW + _TICK)),
        "agreement",
    )
    yield _yes("The yes ends in a moment.", _rows(replace(ROW, until=NOW + _TICK)))
    yield _no(
        Reason.NO_ROW, "The yes ends this very moment.", _rows(replace(ROW, until=NOW)), "agreement"
    )


def _level() -> Iterator[Case]:
    both = ("agreement", "row")
    yield _yes("Less is told than Sam has said yes to.", ALLOWED, replace(SAM, level=1))
    yield _no(
        Reason.LEVEL,
        "Sam shares the main point, and these are the details.",
        ALLOWED,
        *both,
        about=replace(SAM, level=3),
    )
    yield _yes("Sam shares the details.", _rows(replace(ROW, level=3)), replace(SAM, level=3))
    yield _no(
        Reason.LEVEL,
        "Two rows say how much: the smaller counts.",
        _rows(ROW, replace(ROW, id="less", level=1)),
        *both,
        "less",
    )
    since_then = replace(ROW, data_from=NOW - timedelta(days=2))
    yield _yes("It is of the time that Sam shares.", _rows(since_then))
    yield _yes(
        "It is of the very moment from which Sam shares.",
        _rows(replace(ROW, data_from=SAM.at)),
    )
    yield _no(
        Reason.BEFORE,
        "It is of a time before, which Sam keeps to themselves.",
        _rows(replace(ROW, data_from=NOW)),
        *both,
    )
    yield _no(
        Reason.BEFORE,
        "Nobody knows of what time it is, and Sam keeps some time to themselves.",
        _rows(since_then),
        *both,
        about=replace(SAM, at=None),
    )
    yield _yes(
        "Nobody knows of what time it is; Sam shares all times.", ALLOWED, replace(SAM, at=None)
    )


def _situation() -> Iterator[Case]:
    unwell, emergency = ("agreement", "unwell"), ("agreement", "emergency")
    everyday = replace(ROW, level=1)
    yield _no(
        Reason.NO_ROW, "Sam shares it only when unwell, and is well.", _rows(UNWELL), "agreement"
    )
    yield _yes(
        "Sam shares it only when unwell, and two staff have switched that on.",
        _rows(UNWELL, switches=_on(Situation.UNWELL)),
        rows=unwell,
    )
    yield _no(
        Reason.NO_ROW,
        "Sam shares it only when unwell; there is an emergency, and Sam is not unwell.",
        _rows(UNWELL, switches=_on(Situation.EMERGENCY)),
        "agreement",
    )
    yield _yes(
        "Sam is unwell and has said nothing of that: the everyday yes counts.",
        _rows(ROW, switches=_on(Situation.UNWELL)),
    )
    yield _yes(
        "Sam shares more when unwell, and is.",
        _rows(everyday, UNWELL, switches=_on(Situation.UNWELL)),
        rows=unwell,
    )
    never = replace(UNWELL, choice=Choice.NEVER)
    yield _no(
        Reason.NEVER,
        "Sam shares it every day, but not when unwell, and is unwell.",
        _rows(ROW, never, switches=_on(Situation.UNWELL)),
        *unwell,
    )
    yield _no(
        Reason.NEVER,
        "The same, and there is an emergency besides, of which Sam has said nothing.",
        _rows(ROW, never, switches=_on(Situation.UNWELL, Situation.EMERGENCY)),
        *unwell,
    )
    yield _yes(
        "Sam shares it in an emergency, but not when unwell; both are on.",
        _rows(never, EMERGENCY, switches=_on(Situation.UNWELL, Situation.EMERGENCY)),
        rows=emergency,
    )
    only = _rows(EMERGENCY)
    yield _yes(
        "The emergency is switched on this very moment.",
        replace(only, switches=_on(Situation.EMERGENCY, since=NOW)),
        rows=emergency,
    )
    yield _no(
        Reason.NO_ROW,
        "The emergency is switched on in a moment.",
        replace(only, switches=_on(Situation.EMERGENCY, since=NOW + _TICK)),
        "agreement",
    )
    yield _yes(
        "The emergency ends in a moment.",
        replace(only, switches=_on(Situation.EMERGENCY, until=NOW + _TICK)),
        rows=emergency,
    )
    yield _no(
        Reason.NO_ROW,
        "The emergency ends this very moment.",
        replace(only, switches=_on(Situation.EMERGENCY, until=NOW)),
        "agreement",
    )


def _basis() -> Iterator[Case]:
    both = ("agreement", "row")
    row = replace(ROW, basis=Basis.BEST_INTERESTS, ground="decision")
    attorney = replace(ROW, basis=Basis.AUTHORITY, ground="decision")
    yield _yes("It rests on a best-interests decision in date.", _rows(row, grounds=_ground()))
    yield _yes(
        "It rests on an attorney's authority for this topic.",
        _rows(attorney, grounds=_ground(basis=Basis.AUTHORITY)),
    )
    grounds = {
        "The decision that it rests on is not there.": (),
        "The decision that is there is another one.": _ground(id="other"),
        "It rests on a decision, and what is there is an authority.": _ground(
            basis=Basis.AUTHORITY
        ),
        "The decision is about money, not about appointments.": _ground(
            topics=frozenset({Topic.FINANCES})
        ),
        "The decision begins in a moment.": _ground(since=NOW + _TICK),
        "The decision is due for review this very moment.": _ground(until=NOW),
    }
    for says, found in grounds.items():
        yield _no(Reason.BASIS, says, _rows(row, grounds=found), *both)
    yield _yes("The decision begins this very moment.", _rows(row, grounds=_ground(since=NOW)))
    yield _yes(
        "The decision is due for review in a moment.",
        _rows(row, grounds=_ground(until=NOW + _TICK)),
    )
    yield _no(
        Reason.BASIS,
        "It says that it is Sam's own word, and names a decision: something is wrong.",
        _rows(replace(ROW, ground="decision"), grounds=_ground()),
        *both,
    )
    yield _no(
        Reason.BASIS,
        "One of two rows rests on a decision that is not there.",
        _rows(ROW, replace(row, id="second")),
        *both,
        "second",
    )


def _asked() -> Iterator[Case]:
    both = ("agreement", "row")
    yield _asks("Sam wants to be asked first, and has not answered.", _rows(ASK))
    yield _asks(
        "One of two rows wants Sam asked first.",
        _rows(ROW, replace(ASK, id="ask")),
        (*both, "ask"),
    )
    yes, no = Answer("amira", "news", yes=True), Answer("amira", "news", yes=False)
    yield _yes(
        "Sam was asked first and has said yes.",
        _rows(ASK, answers=(yes,)),
        reason=Reason.SAID_YES,
    )
    yield _no(
        Reason.SAID_NO, "Sam was asked first and has said no.", _rows(ASK, answers=(no,)), *both
    )
    yield _no(Reason.SAID_NO, "Sam has said both yes and no.", _rows(ASK, answers=(yes, no)), *both)
    yield _asks(
        "Sam has said yes to telling Leo, and was not asked about Amira.",
        _rows(ASK, answers=(replace(yes, supporter="leo"),)),
    )
    yield _asks(
        "Sam has said yes to telling Amira something else.",
        _rows(ASK, answers=(replace(yes, item="other"),)),
    )
    yield _no(
        Reason.NOT_ASKED,
        "Sam wants to be asked first, and there are no words to ask about.",
        _rows(ASK),
        *both,
        about=replace(SAM, item=None),
    )


def _held() -> Iterator[Case]:
    both = ("agreement", "row")
    yes = (Answer("amira", "news", yes=True),)
    hold = Hold("concern", Topic.APPOINTMENTS, _BEFORE)
    yield _no(
        Reason.HELD,
        "There is a capacity concern, and Sam would have to be asked first.",
        _rows(ASK, holds=(hold,)),
        *both,
    )
    yield _no(
        Reason.HELD,
        "The same, and somebody has said yes.",
        _rows(ASK, holds=(hold,), answers=yes),
        *both,
    )
    yield _yes(
        "There is a capacity concern; what Sam chose before stands.",
        replace(ALLOWED, holds=(hold,)),
    )
    yield _asks(
        "The capacity concern is about money.",
        _rows(ASK, holds=(replace(hold, topic=Topic.FINANCES),)),
    )
    moments = {
        "The concern begins in a moment.": replace(hold, since=NOW + _TICK),
        "The concern ends this very moment.": replace(hold, until=NOW),
    }
    for says, found in moments.items():
        yield _asks(says, _rows(ASK, holds=(found,)))
    moments = {
        "The concern begins this very moment.": replace(hold, since=NOW),
        "The concern ends in a moment.": replace(hold, until=NOW + _TICK),
    }
    for says, found in moments.items():
        yield _no(Reason.HELD, says, _rows(ASK, holds=(found,)), *both)
    asking = replace(AGREED, rows=(ASK,))
    yield _asks(
        "The review is nearly two weeks overdue, and Sam is still asked first.",
        replace(ALLOWED, agreements=(replace(asking, review_at=NOW - _GRACE + _TICK),)),
    )
    yield _no(
        Reason.HELD,
        "The review is two weeks overdue: nobody is asked any more.",
        replace(ALLOWED, agreements=(replace(asking, review_at=NOW - _GRACE),)),
        *both,
    )


def _nonsense() -> Iterator[Case]:
    yield _no(Reason.ERROR, "Nobody knows this level.", ALLOWED, about=replace(SAM, level=4))
    yield _no(Reason.ERROR, "Nothing is no level.", ALLOWED, about=replace(SAM, level=0))
    strange: Any = "weather"
    yield _no(Reason.ERROR, "Nobody knows this topic.", ALLOWED, about=replace(SAM, topic=strange))
    yield _no(
        Reason.ERROR,
        "Nobody knows this level, and it is for staff.",
        _to(_JO),
        about=replace(_STAFF, level=4),
    )
    for level in (0, 4):
        yield _no(
            Reason.ERROR,
            f"Sam's row has a level {level}, which nobody knows.",
            _rows(replace(ROW, level=level)),
            "agreement",
            "row",
        )
    yield _no(
        Reason.NEVER,
        "Sam's row has a choice that nobody knows.",
        _rows(replace(ROW, choice=strange)),
        "agreement",
        "row",
    )
    yield _no(
        Reason.BASIS,
        "Sam's row rests on something that nobody knows.",
        _rows(replace(ROW, basis=strange)),
        "agreement",
        "row",
    )


CASES = {
    "Who may be told at all": tuple(_who()),
    "What beats every yes": tuple(_forbidden()),
    "Breaking the glass": tuple(_glass()),
    "Whether Sam has agreed": tuple(_agreement()),
    "What Sam has chosen": tuple(_row()),
    "How much, and of what time": tuple(_level()),
    "When Sam is unwell, and in an emergency": tuple(_situation()),
    "When somebody else has decided": tuple(_basis()),
    "When Sam wants to be asked first": tuple(_asked()),
    "When nobody may be asked": tuple(_held()),
    "What nobody understands": tuple(_nonsense()),
}
"""The table under its headings."""
