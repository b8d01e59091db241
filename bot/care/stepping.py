"""A step to more support, or to less: why, and who says yes.

The rules of this file: a step is one step. Less support comes only when the person and staff both
say so. More support comes in the same way, or at once where the plan that the person agreed to
says that; then they are told why, and may disagree. Having forgotten a check-in is no reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic, Value
from bot.care.outings import Outing, Went, in_a_row, low_twice
from bot.care.plan import Plan, PlanState
from bot.care.terms import ACCOMPANIED, Pattern, Support, Terms, at_step, patterns
from bot.care.text import Text

ORDER = tuple(Support)
"""From the most support to the least."""

PATIENCE = timedelta(days=7)
"""So long one that nobody has answered stands before another takes its place."""

UNSAID = timedelta(days=14)
"""So long after a silent alert was opened nothing about safety is said on the person's phone:
somebody else may read it there."""


class Way(StrEnum):
    """Kept, never renamed."""

    MORE = "more"
    LESS = "less"


class Why(StrEnum):
    """Kept, never renamed."""

    MISSED = "missed"
    LOW = "low"
    WORRIED = "worried"
    HEARD = "heard"  # staff have learnt something about safety
    ASKED = "asked"  # staff suggest it


class State(StrEnum):
    OPEN = "open"
    DONE = "done"
    NO = "no"
    FORGOTTEN = "forgotten"  # the check-in was only forgotten
    OVERTAKEN = "overtaken"


class Change(StrEnum):
    """What another step of support changes in what Kith does."""

    ONLY_BACK = "only_back"
    ASKS_AGAIN = "asks_again"
    SOMEBODY = "somebody"  # before each outing Kith asks whether somebody is there, too
    NOBODY = "nobody"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A step from the plan `plan`. `by` is the member of staff who made it, None: Kith did;
    `person_at` and `staff_at`: when they said yes; `became`: the plan that came of it.
    """

    id: str
    person: str
    plan: str
    way: Way
    why: Why
    at: datetime
    journey: str | None = None
    by: str | None = None
    state: State = State.OPEN
    person_at: datetime | None = None
    staff: str | None = None
    staff_at: datetime | None = None
    became: str | None = None
    disagreed_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Next:
    """What the plan after this one would be called."""

    id: str
    version: int


def towards(support: Support, way: Way) -> Support | None:
    """The next step that way; None at the end."""
    at = ORDER.index(support) + (1 if way is Way.LESS else -1)
    return ORDER[at] if 0 <= at < len(ORDER) else None


def changes(terms: Terms, way: Way) -> Change:
    """What the next step that way changes in what Kith does."""
    support = towards(terms.support, way)
    if support is None:
        return Change.SAME
    after = at_step(terms, support)
    if patterns(after) != patterns(terms):
        return Change.ONLY_BACK if patterns(after) == {Pattern.BACK_BY} else Change.ASKS_AGAIN
    if (support in ACCOMPANIED) is (terms.support in ACCOMPANIED):
        return Change.SAME
    return Change.SOMEBODY if support in ACCOMPANIED else Change.NOBODY


# --- when ---------------------------------------------------------------------------------


def reason(outings: Sequence[Outing], since: datetime | None) -> Why | None:
    """Why more support might help, by the newest of these, the oldest first; None: no reason.

    `since`: what came before it has been talked about already, as a reason for more; to have been
    offered less is no answer to it.
    """
    fresh = [one for one in outings if since is None or one.at > since]
    if not fresh:
        return None
    if fresh[-1].went is Went.MISSED:
        return Why.MISSED
    if fresh[-1].worried and fresh[-1].shown:
        return Why.WORRIED
    return Why.LOW if low_twice(fresh) else None


def good(plan: Plan, outings: Sequence[Outing]) -> int:
    """How many good outings in a row open the talk about less support now; 0: none."""
    if plan.terms.good < 1 or towards(plan.terms.support, Way.LESS) is None:
        return 0
    row = in_a_row(outings)
    newest = bool(outings) and outings[-1].went is Went.ON_TIME
    return row if newest and row and row % plan.terms.good == 0 else 0


def stands(earlier: Proposal | None, plan: Plan, now: datetime) -> bool:
    """Whether an earlier one still waits for an answer, so that there is no other beside it."""
    waits = earlier is not None and earlier.state is State.OPEN and earlier.plan == plan.id
    return waits and earlier is not None and now < earlier.at + PATIENCE


# --- a proposal ---------------------------------------------------------------------------


def propose(fresh: Proposal, keepers: Sequence[str], earlier: Proposal | None = None) -> Outcome:
    """The person and their team are asked. Nothing changes until both say yes."""
    before = _overtaken(earlier)
    if fresh.by is not None:
        fresh = replace(fresh, staff=fresh.by, staff_at=fresh.at)
    less = fresh.way is Way.LESS
    lane = Lane.REMINDER if fresh.by is None else Lane.REPLY
    ask = Text("stepping", "please_less") if less else Text("stepping", "please_more")
    team = Text("stepping", "team_less") if less else Text("stepping", "team_more")
    if fresh.why is Why.MISSED:
        team = Text("stepping", "team_missed")
    said = Message(Text("stepping", "suggested"), {"person": fresh.person})
    others = tuple(one for one in keepers if one != fresh.by)
    return Outcome(
        said=None if fresh.by is None else said,
        records=(*before, fresh),
        tells=(_to_person(fresh, ask, lane), *_to_team(fresh, team, others, lane)),
        logs=(_log("support_proposed", fresh, fresh.by),),
    )


def at_once(
    fresh: Proposal,
    plan: Plan,
    next: Next,
    keepers: Sequence[str],
    earlier: Proposal | None = None,
) -> Outcome:
    """The plan says so: one step to more support, in force now. The person hears why."""
    outcome = _step(fresh, plan, next, fresh.at)
    done = outcome.records[-1]
    assert isinstance(done, Proposal)
    said = Message(Text("stepping", "stepped_at_once"), {"person": fresh.person})
    return outcome + Outcome(
        said=None if fresh.by is None else said,
        records=_overtaken(earlier),
        tells=(
            _to_person(done, Text("stepping", "at_once"), Lane.REPLY),
            *_to_team(done, Text("stepping", "at_once_team"), keepers, Lane.REPLY),
        ),
    )


def yes(
    proposal: Proposal,
    plan: Plan | None,
    by: str,
    next: Next,
    keepers: Sequence[str],
    now: datetime,
) -> Outcome:
    """The person, or one of their team, says yes. With both it is in force."""
    over = _over(proposal, plan)
    if over is not None or plan is None:
        return over or Outcome()
    if by == proposal.person:
        said = replace(proposal, person_at=proposal.person_at or now)
    else:
        said = replace(proposal, staff=proposal.staff or by, staff_at=proposal.staff_at or now)
    said = replace(said, version=said.version + 1)
    log = _log("support_step_yes", said, by)
    if said.person_at is None or said.staff_at is None:
        return Outcome(records=(said,), logs=(log,)) + _waits(said, by, keepers)
    told = tuple(dict.fromkeys((*keepers, str(said.staff))))
    return (
        Outcome(logs=(log,))
        + _step(said, plan, next, now)
        + Outcome(
            tells=(
                _to_person(said, Text("stepping", "stepped"), Lane.REPLY),
                *_to_team(said, Text("stepping", "stepped_team"), told, Lane.REPLY),
            )
        )
    )


def _waits(said: Proposal, by: str, keepers: Sequence[str]) -> Outcome:
    """One of the two has still to say yes."""
    if by != said.person:
        params: dict[str, Value] = {"person": said.person}
        return Outcome(said=Message(Text("stepping", "waits_for_person"), params))
    team = _to_team(said, Text("stepping", "person_said_yes"), keepers, Lane.REPLY)
    return Outcome(said=Message(Text("stepping", "waits_for_team")), tells=team)


def no(proposal: Proposal, plan: Plan | None, by: str, keepers: Sequence[str]) -> Outcome:
    """One of them says "not now": nothing changes, and the other hears that."""
    over = _over(proposal, plan)
    if over is not None:
        return over
    log = _log("support_step_no", proposal, by)
    return _ended(proposal, by, keepers, log)


def not_here(person: str) -> Outcome:
    """What staff have heard about safety is not said on the phone now. Why it is not is not said
    to them either: a silent alert is known to those it was told to."""
    return Outcome(said=Message(Text("stepping", "not_on_the_phone"), {"person": person}))


def forgot(proposal: Proposal, plan: Plan | None, by: str, keepers: Sequence[str]) -> Outcome:
    """Staff know that the check-in was only forgotten: it counts as that, and not as missed."""
    over = _over(proposal, plan)
    if over is not None:
        return over
    if proposal.why is not Why.MISSED or by == proposal.person:
        return Outcome()
    log = _log("check_in_forgotten", proposal, by)
    return _ended(proposal, by, keepers, log, State.FORGOTTEN)


def _ended(
    proposal: Proposal, by: str, keepers: Sequence[str], log: Log, state: State = State.NO
) -> Outcome:
    ended = replace(proposal, state=state, version=proposal.version + 1)
    if by == proposal.person:
        tells = _to_team(ended, Text("stepping", "person_said_no"), keepers, Lane.REPLY)
    else:
        tells = (_to_person(ended, Text("stepping", "team_said_no"), Lane.REPLY),)
    said = Message(Text("stepping", "stays"))
    return Outcome(said=said, records=(ended,), tells=tells, logs=(log,))


def disagree(proposal: Proposal, by: str, keepers: Sequence[str], now: datetime) -> Outcome:
    """The person does not agree with a step that was made at once. It is written down, and their
    team hears it."""
    if by != proposal.person or proposal.state is not State.DONE:
        return Outcome()
    if proposal.disagreed_at is not None:
        return Outcome(said=Message(Text("stepping", "disagreed_already")))
    said = replace(proposal, disagreed_at=now, version=proposal.version + 1)
    return Outcome(
        said=Message(Text("stepping", "disagreed")),
        records=(said,),
        tells=_to_team(said, Text("stepping", "person_disagrees"), keepers, Lane.REPLY),
        logs=(_log("support_step_disagreed", said, by),),
    )


# --- the talk before ----------------------------------------------------------------------


def open_talk(plan: Plan, count: int, newest: str, keepers: Sequence[str]) -> Outcome:
    """So many good outings: would they like to talk about less support? `newest`: the last."""
    person = plan.person
    ask = Message(Text("stepping", "good"), {"count": count})
    params: dict[str, Value] = {"person": person, "count": count}
    team = Message(Text("stepping", "good_team"), params)
    key = f"{newest}:good"
    about = About(person, Topic.JOURNEYS, 3)
    return Outcome(
        tells=(
            Tell(person, ask, Lane.REMINDER, key=key),
            *(Tell(to, team, Lane.REMINDER, about, f"{key}:{to}") for to in keepers),
        ),
        logs=(Log("support_talk_opened", person, None, {"count": count}),),
    )


def would_talk(person: str, way: Way, keepers: Sequence[str], now: datetime) -> Outcome:
    """The person would like to talk about it: their team hears so, once a day."""
    if not keepers:
        return Outcome(said=Message(Text("stepping", "nobody_to_talk")))
    less = way is Way.LESS
    text = Text("stepping", "would_talk_less") if less else Text("stepping", "would_talk_more")
    message, about = Message(text, {"person": person}), About(person, Topic.JOURNEYS, 3)
    key = f"{person}:talk_{way.value}:{now:%Y%m%d}"
    return Outcome(
        said=Message(Text("stepping", "team_told")),
        tells=tuple(Tell(to, message, Lane.REPLY, about, f"{key}:{to}") for to in keepers),
        logs=(Log("support_talk_wanted", person, person, {"way": way.value}),),
    )


# --- what these rules share ---------------------------------------------------------------


def _step(proposal: Proposal, plan: Plan, next: Next, now: datetime) -> Outcome:
    """A new version of the plan, in force; the outing that runs keeps the one it began with."""
    support = towards(plan.terms.support, proposal.way)
    assert support is not None  # nothing is proposed beyond the ends
    stepped = replace(
        plan,
        id=next.id,
        version=next.version,
        state=PlanState.AGREED,
        drafted_by=proposal.staff or proposal.by or plan.drafted_by,
        drafted_at=now,
        agreed_at=now,
        terms=at_step(plan.terms, support),
    )
    done = replace(proposal, state=State.DONE, became=next.id, version=proposal.version + 1)
    facts: dict[str, Value] = {
        "proposal": proposal.id,
        "plan": next.id,
        "version": next.version,
        "way": proposal.way.value,
        "why": proposal.why.value,
    }
    return Outcome(
        records=(replace(plan, state=PlanState.REPLACED), stepped, done),
        logs=(Log("support_stepped", plan.person, proposal.staff or proposal.by, facts),),
    )


def _over(proposal: Proposal, plan: Plan | None) -> Outcome | None:
    """Why there is nothing to say to it any more; None: there is."""
    if proposal.state is State.OVERTAKEN:
        return Outcome(said=Message(Text("stepping", "newer")))
    if proposal.state is not State.OPEN:
        return Outcome(said=Message(Text("stepping", "settled")))
    if plan is None or plan.id != proposal.plan:
        said = Message(Text("stepping", "plan_changed"))
        return Outcome(said=said, records=_overtaken(proposal))
    return None


def _overtaken(earlier: Proposal | None) -> tuple[Proposal, ...]:
    if earlier is None or earlier.state is not State.OPEN:
        return ()
    return (replace(earlier, state=State.OVERTAKEN, version=earlier.version + 1),)


def _to_person(proposal: Proposal, text: Text, lane: Lane) -> Tell:
    message = Message(text, {"proposal": proposal.id})
    return Tell(proposal.person, message, lane, key=f"{proposal.id}:{text.id}")


def _to_team(proposal: Proposal, text: Text, staff: Sequence[str], lane: Lane) -> tuple[Tell, ...]:
    message = Message(text, {"proposal": proposal.id, "person": proposal.person})
    about = About(proposal.person, Topic.JOURNEYS, 3)
    return tuple(Tell(to, message, lane, about, f"{proposal.id}:{text.id}:{to}") for to in staff)


def _log(kind: str, proposal: Proposal, by: str | None) -> Log:
    facts: dict[str, Value] = {
        "proposal": proposal.id,
        "way": proposal.way.value,
        "why": proposal.why.value,
    }
    return Log(kind, proposal.person, by, facts)
