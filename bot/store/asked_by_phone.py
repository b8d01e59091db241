"""What is asked of somebody without an account: staff ask them, and write down their answer."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection

from bot.care import by_phone as care
from bot.care import drill as practices
from bot.care import stepping as steps
from bot.care.by_phone import Asks, Question
from bot.care.circle import Role
from bot.care.outcome import NOBODY, Cause, Message, Outcome
from bot.care.text import Text
from bot.store import around, by_phone, circle, drill, regular, stepping
from bot.store import plan as plans
from bot.store.by_phone import Theirs
from bot.store.commit import commit

ACTS: Mapping[tuple[Asks, bool], Theirs] = {
    (Asks.PLAN, True): plans.agree,
    (Asks.PLAN, False): plans.decline,
    (Asks.STEP, True): stepping.yes,
    (Asks.STEP, False): stepping.no,
    (Asks.STEPPED, False): stepping.disagree,
    (Asks.DRILL, True): drill.agree,
    (Asks.DRILL, False): drill.decline,
    (Asks.REGULAR, True): regular.agree,
    (Asks.REGULAR, False): regular.decline,
}
"""What the person would press themselves."""


def questions(c: Connection, person: str, now: datetime) -> tuple[Question, ...]:
    """What waits for the word of somebody who cannot press; nothing for whoever can."""
    if not circle.without_account(c, person):
        return ()
    return tuple(Question(asks, of, person) for asks, of in _waiting(c, person, now))


def _waiting(c: Connection, person: str, now: datetime) -> Iterator[tuple[Asks, str]]:
    draft, plan = plans.draft_of(c, person), plans.in_force(c, person)
    step, practice = stepping.newest(c, person), drill.newest(c, person)
    if draft is not None:
        yield Asks.PLAN, draft.id
    if step is not None and plan is not None and step.person_at is None:
        if step.state is steps.State.OPEN and step.plan == plan.id:
            yield Asks.STEP, step.id
        if _made_at_once(step, plan.id, now):
            yield Asks.STEPPED, step.id
    if practice is not None and practices.waits(practice, now):
        yield Asks.DRILL, practice.id
    for one in regular.suggested(c, person):
        yield Asks.REGULAR, one.id


def _made_at_once(step: steps.Proposal, plan: str, now: datetime) -> bool:
    done = step.state is steps.State.DONE and step.became == plan
    return done and step.disagreed_at is None and now < step.at + steps.PATIENCE


def answered(
    c: Connection,
    id: str,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
    *,
    asks: Asks,
    yes: bool,
) -> Outcome:
    """Staff of the person's team have asked them, and write down what they said."""
    person = _whose(c, asks, id)
    act = ACTS.get((asks, yes))
    if person is None or act is None or not by_phone.may_write(c, by, person, now):
        return Outcome()
    question = Question(asks, id, person)
    if question not in questions(c, person, now):
        return Outcome(said=Message(Text("by_phone", "answered_already"), {"person": person}))
    outcome = act(c, id, by=person, now=now, cause=cause)
    if not outcome.logs:  # a practice does not begin now; a plan was drafted before another
        return Outcome(said=Message(Text("by_phone", "not_now"), {"person": person}))
    managers = [m.id for m in around.staff_of(c, around.team_of(c, person), Role.MANAGER)]
    marked = care.answered(question, yes, by, managers)
    commit(c, marked, NOBODY, now)
    return outcome + marked


def stop(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """They do not want to be rung before this outing that comes again any more."""
    found = regular.regular(c, id)
    if found is None or not by_phone.may_write(c, by, found.person, now):
        return Outcome()
    if not circle.without_account(c, found.person):
        return Outcome()
    outcome = regular.stop(c, id, found.person, now, cause)
    marked = care.stopped(Question(Asks.REGULAR, id, found.person), by)
    if outcome.records:
        commit(c, marked, NOBODY, now)
    return outcome + marked


def _whose(c: Connection, asks: Asks, id: str) -> str | None:
    found = {
        Asks.PLAN: plans.plan,
        Asks.STEP: stepping.proposal,
        Asks.STEPPED: stepping.proposal,
        Asks.DRILL: drill.drill,
        Asks.REGULAR: regular.regular,
    }[asks](c, id)
    return None if found is None else found.person
