"""What is done about a review: it begins, it is done or put off; the person is asked to come.

Whoever was asked to come hears of it when it is put off or has been done without them.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic, Value
from bot.care.review import MOST_SNOOZES, WEEK, Coming, Invited, Item, Round, Snooze
from bot.care.text import Text


def start(fresh: Round) -> Outcome:
    """Somebody of staff has begun it by hand."""
    said = Message(Text("review", "started"), {"person": fresh.person, "on": _day(fresh)})
    return Outcome(said=said, records=(fresh,), logs=(_log("review_started", fresh),))


def started_already(standing: Round) -> Outcome:
    of: dict[str, Value] = {"person": standing.person, "on": _day(standing)}
    return Outcome(said=Message(Text("review", "started_already"), of))


def done(item: Item, fresh: Round, asked: Invited | None = None) -> Outcome:
    """It was looked at. What was asked of the person is over with it."""
    of: dict[str, Value] = {"person": fresh.person}
    if fresh.next_at is not None:
        text = Text("review", "done_unheard") if fresh.theatre else Text("review", "done")
        of |= {"on": fresh.next_at, "round": fresh.id}
    elif fresh.theatre:
        text = Text("review", "ended_unheard")
    else:
        text = Text("review", "done_for_good")
    facts: dict[str, Value] = {"theatre": int(fresh.theatre), "late": _late(item, fresh)}
    log = _log("review_done", fresh)
    if item.hidden:  # nothing of that is the person's to see
        log = replace(log, person=None)
    return Outcome(
        said=Message(text, of),
        records=(fresh,),
        tells=_without_you(fresh, asked),
        logs=(replace(log, facts={**log.facts, **facts}),),
    )


def _without_you(fresh: Round, asked: Invited | None) -> tuple[Tell, ...]:
    """Whoever was asked to come hears that it is done, unless they were there or did not want to:
    nobody waits for what is over."""
    if asked is None or asked.answer is Coming.NO or fresh.person in fresh.who:
        return ()
    text = Text("review", "done_without_you") if asked.answer else Text("review", "was_looked_at")
    message = Message(text, {"invited": asked.id})
    return (Tell(fresh.person, message, Lane.NEWS, key=f"{fresh.id}:you"),)


def put_off(item: Item, fresh: Snooze, asked: Invited | None = None) -> Outcome:
    """Not now, and why; twice, and then it has to be done. Whoever was asked to come hears it."""
    if len(item.snoozed) >= MOST_SNOOZES:
        return Outcome(said=no_more(item))
    tells: tuple[Tell, ...] = ()
    if asked is not None and asked.answer is not Coming.NO:
        later = Message(Text("review", "put_off_you"), {"invited": asked.id, "on": fresh.until})
        tells = (Tell(fresh.person, later, Lane.NEWS, key=f"{fresh.id}:you"),)
    last = len(item.snoozed) == MOST_SNOOZES - 1
    text = Text("review", "snoozed_last") if last else Text("review", "snoozed")
    facts: dict[str, Value] = {"kind": fresh.kind, "of": fresh.of, "until": fresh.until}
    return Outcome(
        said=Message(text, {"person": fresh.person, "on": fresh.until}),
        records=(fresh,),
        tells=tells,
        logs=(Log("review_put_off", None if item.hidden else fresh.person, fresh.by, facts),),
    )


def no_more(item: Item) -> Message:
    """It was put off as often as it can be."""
    return Message(Text("review", "no_more_snoozes"), {"person": item.person})


def invite(fresh: Invited) -> Outcome:
    """The person hears that it comes, and is asked whether they would like to."""
    ahead = fresh.asked_at < fresh.due_at  # a day that is over is named to nobody
    text = Text("review", "would_you_come") if ahead else Text("review", "would_you_come_soon")
    message = Message(text, {"invited": fresh.id})
    return Outcome(
        records=(fresh,), tells=(Tell(fresh.person, message, Lane.REMINDER, key=f"{fresh.id}:ask"),)
    )


COMING = {
    Coming.YES: Text("review", "you_come"),
    Coming.NO: Text("review", "you_do_not_come"),
    Coming.TALK: Text("review", "you_talk_first"),
}


TOLD = {
    Coming.YES: Text("review", "would_come"),
    Coming.NO: Text("review", "would_not_come"),
    Coming.TALK: Text("review", "would_talk"),
}
"""What whoever sees to it hears of the answer."""


def answer(
    asked: Invited, said: Coming, up: Item | None, keepers: Sequence[str], now: datetime
) -> Outcome:
    """Pressed again, the later answer stands. Those who see to it (`keepers`) hear it at once when
    it is near, or somebody waits to be talked with. `up`: None when it is over by now."""
    if up is None:
        return Outcome(said=Message(Text("review", "over_already"), {"invited": asked.id}))
    after = replace(asked, answer=said, answered_at=now)
    near = (up.until or up.due_at) - now <= WEEK
    tells: tuple[Tell, ...] = ()
    if said is not asked.answer and (near or said is Coming.TALK):
        message = Message(TOLD[said], {"person": asked.person, "review_of": asked.id})
        about = About(asked.person, Topic.PLANS_AND_REVIEWS, 2)
        key = f"{asked.id}:{said.value}:{int(now.timestamp())}"
        tells = tuple(Tell(to, message, Lane.REPLY, about, f"{key}:{to}") for to in keepers)
    facts: dict[str, Value] = {"kind": asked.kind, "of": asked.of, "answer": said.value}
    return Outcome(
        said=Message(COMING[said], {"invited": asked.id}),
        records=(after,),
        tells=tells,
        logs=(Log("review_answered", asked.person, asked.person, facts),),
    )


def _day(fresh: Round) -> datetime:
    assert fresh.next_at is not None  # it has just begun
    return fresh.next_at


def _late(item: Item, fresh: Round) -> int:
    return max(0, (fresh.at - item.due_at).days)


def _log(kind: str, fresh: Round) -> Log:
    facts: dict[str, Value] = {"kind": fresh.kind, "of": fresh.of, "came": fresh.came.value}
    return Log(kind, fresh.person, fresh.by, facts)
