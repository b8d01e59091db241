"""A positive-risk plan for outings: places, times, the ladder of staff, and what to do.

Staff draft it, the person reads it back and agrees. Each change is a new version, and a
journey keeps the version it started under, so that a later edit touches the next one only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic
from bot.care.terms import AS_BEFORE, Terms, at
from bot.care.text import Text


class PlanState(StrEnum):
    """`PREPARING`: staff still write on it. `DRAFT`: the person has been asked to read it."""

    PREPARING = "preparing"
    DRAFT = "draft"
    AGREED = "agreed"
    REPLACED = "replaced"
    DECLINED = "declined"


class RungKind(StrEnum):
    """Who stands on a rung; resolved to a member at the moment the rung is told."""

    KEY_WORKER = "key_worker"
    ON_CALL = "on_call"
    MANAGER = "manager"
    SUPPORTER = "supporter"
    SAFEGUARDING_LEAD = "safeguarding_lead"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder; `wait` is the minutes until the next one is told.

    A supporter is one member, through one place (a membership) in the person's circle.
    """

    kind: RungKind
    wait: int
    member: str | None = None
    acting: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A rung as it stands now: who is on it and can be reached, or why nobody is.

    `elsewhere` are those passed over on it whom only another way than Telegram reaches.
    """

    rung: Rung
    member: str | None
    why_not: str | None = None
    elsewhere: tuple[str, ...] = ()


Ladder = tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Place:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Plan:
    """All spans are minutes. `nudges` count from the due time; so does `grace`.

    `extra` is how much later than first said the person may choose to be; `police_after` is
    when, counted from the due time, the plan wants a human to ring 101 or 999. `terms` say
    how the way there and back goes.
    """

    id: str
    person: str
    version: int
    state: PlanState
    places: tuple[Place, ...]
    longest: int
    rungs: tuple[Rung, ...]
    what_to_do: str
    drafted_by: str
    drafted_at: datetime
    agreed_at: datetime | None = None
    nudges: tuple[int, ...] = (0, 5)
    grace: int = 10
    extra: int = 30
    ask_again: int = 15
    police_after: int = 60
    terms: Terms = AS_BEFORE

    @property
    def staff(self) -> tuple[Rung, ...]:
        """The rungs of staff: an outing rests on these, whatever the person shares."""
        return tuple(rung for rung in self.rungs if rung.member is None)

    def at(self, place: str) -> "Plan":
        """The plan as it is for going there: what is agreed for that place alone comes first."""
        own = at(self.terms, place)
        if own is None:
            return self
        terms, longest = self.terms, self.longest if own.longest is None else own.longest
        if own.pattern is not None:
            terms = replace(terms, pattern=own.pattern, every=own.every, points=own.points)
        if own.stretches is not None:
            terms = replace(terms, stretches=own.stretches)
        return replace(self, longest=longest, terms=terms)


LADDERS = {
    "key_worker": (
        Rung(RungKind.KEY_WORKER, 10),
        Rung(RungKind.ON_CALL, 10),
        Rung(RungKind.MANAGER, 10),
    ),
    "on_call": (
        Rung(RungKind.ON_CALL, 10),
        Rung(RungKind.KEY_WORKER, 10),
        Rung(RungKind.MANAGER, 10),
    ),
}
"""The ladders of the short form, ten minutes from rung to rung."""


def with_supporter(rungs: Sequence[Rung], supporter: Rung, after: int) -> tuple[Rung, ...]:
    """With this supporter asked when so many of staff have been: the first is always staff."""
    place = max(1, after)
    return (*rungs[:place], supporter, *rungs[place:])


def reachable(ladder: Sequence[Standing]) -> list[str]:
    """The members on the ladder who can be reached now, in order, each once."""
    return list(dict.fromkeys(s.member for s in ladder if s.member is not None))


def draft(plan: Plan, earlier: Plan | None) -> Outcome:
    """Staff propose; the person is asked to read it back. Nothing is in force yet.

    It replaces an earlier draft that nobody has answered.
    """
    before = () if earlier is None else (replace(earlier, state=PlanState.REPLACED),)
    ask = Message(Text("plan", "please_agree"), {"plan": plan.id, "by": plan.drafted_by})
    return Outcome(
        said=Message(Text("plan", "drafted"), {"person": plan.person}),
        records=(*before, plan),
        tells=(
            Tell(
                plan.person,
                ask,
                Lane.REPLY,
                About(plan.person, Topic.JOURNEYS, 3),
                f"plan:{plan.id}",
            ),
        ),
        logs=(_log("plan_drafted", plan, plan.drafted_by),),
    )


def agree(plan: Plan, in_force: Plan | None, by: str, now: datetime, tried: bool = True) -> Outcome:
    """Only the person's own press puts a plan in force; it replaces the one before.

    One that was drafted before the other came into force undoes nothing: it is asked for anew.
    `tried`: somebody on its ladder is known to hear alerts. Else staff are told so.
    """
    if by != plan.person:
        return Outcome()
    if plan.state is not PlanState.DRAFT:
        return Outcome(said=Message(Text("plan", "not_open")))
    if in_force is not None and _since(plan, in_force):
        return Outcome(
            said=Message(Text("plan", "changed_since")),
            records=(replace(plan, state=PlanState.REPLACED),),
            tells=(_tell_drafter(plan, Text("plan", "changed_since_drafted")),),
        )
    agreed = replace(plan, state=PlanState.AGREED, agreed_at=now)
    before = () if in_force is None else (replace(in_force, state=PlanState.REPLACED),)
    known, unknown = Text("plan", "agreed_by_person"), Text("plan", "agreed_by_person_untried")
    return Outcome(
        said=Message(Text("plan", "agreed")),
        records=(*before, agreed),
        tells=(_tell_drafter(plan, known if tried else unknown),),
        logs=(agreed_log(agreed),),
    )


def _since(draft: Plan, in_force: Plan) -> bool:
    """Whether this has come into force since the draft was begun."""
    return in_force.agreed_at is not None and in_force.agreed_at > draft.drafted_at


def agreed_log(plan: Plan) -> Log:
    return _log("plan_agreed", plan, plan.person)


def decline(plan: Plan, by: str) -> Outcome:
    """The person says no, or not yet. What was in force before stays in force."""
    if by != plan.person:
        return Outcome()
    if plan.state is not PlanState.DRAFT:
        return Outcome(said=Message(Text("plan", "not_open")))
    return Outcome(
        said=Message(Text("plan", "declined"), {"by": plan.drafted_by}),
        records=(replace(plan, state=PlanState.DECLINED),),
        tells=(_tell_drafter(plan, Text("plan", "declined_by_person")),),
        logs=(_log("plan_declined", plan, by),),
    )


def _tell_drafter(plan: Plan, text: Text) -> Tell:
    return Tell(
        plan.drafted_by,
        Message(text, {"person": plan.person}),
        Lane.REPLY,
        About(plan.person, Topic.JOURNEYS, 2),
        f"{text.id}:{plan.id}",
    )


def _log(kind: str, plan: Plan, actor: str) -> Log:
    return Log(kind, plan.person, actor, {"plan": plan.id, "version": plan.version})
