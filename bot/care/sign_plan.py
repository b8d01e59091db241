"""Writing the early-warning plan together: a draft, and the person's own press on it.

A draft fires nothing. Staff and the person write on it; whoever else is around the person may
suggest a card, which they answer. The plan is looked at again in time, and after every alert.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic, Value
from bot.care.review import Came, Kind, Round
from bot.care.sign import Response, Sign, SignPlan, State, Threshold
from bot.care.text import Text

IN_FORCE_FOR = timedelta(days=91)
"""So long after it was put in force, or looked at, a plan is looked at again."""

REMINDED = timedelta(weeks=1)
"""So long before its time it may be looked at already."""

MOST_CARDS = 20
MOST_THRESHOLDS = 8

PLEASE_READ = Text("sign", "please_read")
SUGGESTED = Text("sign", "suggested")
READING = Text("sign", "reading")
"""The plan for somebody around the person: the reveal asks the gate and makes its words."""


class Answer(StrEnum):
    """What became of a suggested card; kept, never renamed."""

    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Card:
    """A card that `sign.by` has suggested. It ends on a version of the plan, or with a `why`."""

    id: str
    person: str
    sign: Sign
    answer: Answer = Answer.OPEN
    plan: str | None = None
    why: str = ""
    answered_by: str | None = None
    answered_at: datetime | None = None


# --- the draft ----------------------------------------------------------------------------


def begin(
    id: str, person: str, version: int, earlier: SignPlan | None, by: str, now: datetime
) -> SignPlan:
    """A draft: what is in force, to be changed, or an empty one."""
    if earlier is None:
        return SignPlan(id, person, version, State.DRAFT, by, now, now + IN_FORCE_FOR)
    return replace(
        earlier,
        id=id,
        version=version,
        state=State.DRAFT,
        drafted_by=by,
        drafted_at=now,
        review_at=now + IN_FORCE_FOR,
        revision=0,
        active_at=None,
        ended_at=None,
    )


def with_card(draft: SignPlan, sign: Sign) -> SignPlan | None:
    """With this card, in the place of that with its id; None when there is no room."""
    if draft.sign(sign.id) is not None:
        signs = tuple(sign if one.id == sign.id else one for one in draft.signs)
    elif len(draft.signs) >= MOST_CARDS:
        return None
    else:
        signs = (*draft.signs, sign)
    return _changed(draft, sign.by, signs=signs)


def without_card(draft: SignPlan, id: str, by: str) -> SignPlan:
    return _changed(draft, by, signs=tuple(one for one in draft.signs if one.id != id))


def with_threshold(draft: SignPlan, threshold: Threshold) -> SignPlan | None:
    """With this sentence too, once; None when there is no room."""

    def said(one: Threshold) -> tuple[Value, ...]:
        return one.template.value, one.count, one.days

    if said(threshold) in map(said, draft.thresholds):
        return draft
    if len(draft.thresholds) >= MOST_THRESHOLDS:
        return None
    return _changed(draft, threshold.by, thresholds=(*draft.thresholds, threshold))


def without_threshold(draft: SignPlan, id: str, by: str) -> SignPlan:
    kept = tuple(one for one in draft.thresholds if one.id != id)
    return _changed(draft, by, thresholds=kept)


def with_response(draft: SignPlan, response: Response, by: str) -> SignPlan:
    others = tuple(one for one in draft.responses if one.stage is not response.stage)
    return _changed(draft, by, responses=(*others, response))


def _changed(
    draft: SignPlan,
    by: str,
    *,
    signs: tuple[Sign, ...] | None = None,
    thresholds: tuple[Threshold, ...] | None = None,
    responses: tuple[Response, ...] | None = None,
) -> SignPlan:
    return replace(
        draft,
        signs=draft.signs if signs is None else signs,
        thresholds=draft.thresholds if thresholds is None else thresholds,
        responses=draft.responses if responses is None else responses,
        co_authors=tuple(dict.fromkeys((*draft.co_authors, by))),
        revision=draft.revision + 1,
    )


def write(draft: SignPlan | None, person: str, by: str) -> Outcome:
    """A change is on the draft: nothing of it is in force. None: there was no room for it."""
    if draft is None:
        return Outcome(said=Message(Text("sign", "no_room"), {"person": person}))
    text = Text("sign", "saved_own") if by == person else Text("sign", "saved")
    return Outcome(
        said=Message(text, {"person": person}),
        records=(draft,),
        logs=(_log("sign_plan_written", draft, by),),
    )


def ask_to_read(draft: SignPlan, by: str) -> Outcome:
    """Staff ask the person to read it and to put it in force. Asked twice, they hear it once."""
    person, of = draft.person, {"sign_plan": draft.id, "person": draft.person, "by": by}
    key = f"{draft.id}:please:{draft.revision}"
    return Outcome(
        said=Message(Text("sign", "asked_to_read"), {"person": person}),
        tells=(Tell(person, Message(PLEASE_READ, of), Lane.REPLY, key=key),),
        logs=(_log("sign_plan_sent", draft, by),),
    )


def activate(
    draft: SignPlan,
    in_force: SignPlan | None,
    staff: Sequence[str],
    by: str,
    revision: int,
    now: datetime,
) -> Outcome:
    """Only the person's own press puts it in force, as they have read it back. `staff`: those of
    its writers who work for the person."""
    if by != draft.person:
        return Outcome()
    of: dict[str, Value] = {"person": draft.person}
    if draft.state is not State.DRAFT:
        return Outcome(said=Message(Text("sign", "not_open"), of))
    if draft.revision != revision:
        return Outcome(said=Message(Text("sign", "changed_since"), of))
    if not draft.signs:
        return Outcome(said=Message(Text("sign", "empty"), of))
    active = replace(draft, state=State.ACTIVE, active_at=now, review_at=now + IN_FORCE_FOR)
    ended = () if in_force is None else _ended(in_force, now)
    return Outcome(
        said=Message(Text("sign", "in_force"), of | {"sign_plan": active.id}),
        records=(*ended, active),
        tells=_tell(active, staff, Text("sign", "in_force_for_staff")),
        logs=(_log("sign_plan_active", active, by),),
    )


def not_yet(draft: SignPlan, staff: Sequence[str], by: str) -> Outcome:
    """The person wants to wait. The draft stays, and so does what is in force."""
    if by != draft.person:
        return Outcome()
    of: dict[str, Value] = {"person": draft.person}
    if draft.state is not State.DRAFT:
        return Outcome(said=Message(Text("sign", "not_open"), of))
    return Outcome(
        said=Message(Text("sign", "not_yet_said"), of),
        tells=_tell(draft, staff, Text("sign", "not_yet_for_staff")),
        logs=(_log("sign_plan_not_yet", draft, by),),
    )


def end(plan: SignPlan, staff: Sequence[str], by: str, now: datetime) -> Outcome:
    """The person wants no such plan any more. What is noticed reaches their team all the same."""
    if by != plan.person or plan.state is not State.ACTIVE:
        return Outcome()
    return Outcome(
        said=Message(Text("sign", "ended"), {"person": plan.person}),
        records=_ended(plan, now),
        tells=_tell(plan, staff, Text("sign", "ended_for_staff")),
        logs=(_log("sign_plan_ended", plan, by),),
    )


def _ended(plan: SignPlan, now: datetime) -> tuple[SignPlan]:
    return (replace(plan, state=State.ENDED, ended_at=now),)


def _tell(plan: SignPlan, staff: Sequence[str], text: Text) -> tuple[Tell, ...]:
    said = Message(text, {"person": plan.person})
    key, about = f"{text.id}:{plan.id}:{plan.revision}", _about(plan.person, 2)
    return tuple(Tell(to, said, Lane.REPLY, about, f"{key}:{to}") for to in staff)


# --- a card that somebody suggests --------------------------------------------------------


def suggest(card: Card, keepers: Sequence[str]) -> Outcome:
    """Somebody around the person suggests a card: the person and staff read it, and from whom."""
    person, by = card.person, card.sign.by
    of: dict[str, Value] = {"person": person, "member": by}
    said = Message(SUGGESTED, of)
    return Outcome(
        said=Message(Text("sign", "thank_you"), {"alias": person}),
        records=(card,),
        tells=(
            Tell(person, Message(Text("sign", "suggested_own"), of), Lane.NEWS, key=card.id),
            *(
                Tell(to, said, Lane.NEWS, _about(person, 2), f"{card.id}:{to}")
                for to in keepers
                if to != by
            ),
        ),
        logs=(Log("sign_card_suggested", person, by, {"card": card.id}),),
    )


def take(card: Card, draft: SignPlan, here: bool, by: str, now: datetime) -> Outcome:
    """It goes on the draft, in the words of whoever suggested it. `here`: they are around the
    person still, and hear that it was looked at."""
    if card.answer is not Answer.OPEN:
        return _answered_already(card)
    written = with_card(draft, card.sign)
    if written is None:
        return write(None, card.person, by)
    written = replace(written, co_authors=tuple(dict.fromkeys((*written.co_authors, by))))
    done = replace(card, answer=Answer.TAKEN, plan=draft.id, answered_by=by, answered_at=now)
    return write(written, card.person, by) + Outcome(
        records=(done,), tells=_looked_at(done) if here else (), logs=(_answered(done, by),)
    )


def decline(card: Card, why: str, here: bool, by: str, now: datetime) -> Outcome:
    """It does not go into the plan, and why stands beside it for the meeting."""
    if card.answer is not Answer.OPEN:
        return _answered_already(card)
    done = replace(card, answer=Answer.DECLINED, why=why, answered_by=by, answered_at=now)
    return Outcome(
        said=Message(Text("sign", "declined"), {"person": card.person}),
        records=(done,),
        tells=_looked_at(done) if here else (),
        logs=(_answered(done, by),),
    )


def _answered_already(card: Card) -> Outcome:
    return Outcome(said=Message(Text("sign", "answered_already"), {"person": card.person}))


def _looked_at(card: Card) -> tuple[Tell, ...]:
    """The same whatever the answer is, so that it says nothing about the person."""
    said = Message(Text("sign", "card_looked_at"))
    return (Tell(card.sign.by, said, Lane.NEWS, key=f"{card.id}:looked_at"),)


def _answered(card: Card, by: str) -> Log:
    facts: dict[str, Value] = {"card": card.id, "answer": card.answer.value}
    return Log("sign_card_answered", card.person, by, facts)


# --- to be looked at again ----------------------------------------------------------------


def after_alert(plan: SignPlan, id: str, now: datetime) -> Outcome:
    """An alert under it is over: staff are to look at it now. It is kept under `id`, and the plan
    itself does not change: the person may see that, and somebody may have spoken up for the team
    alone."""
    asked = Round(id, Kind.SIGN_PLAN, plan.id, plan.person, now, now, None, Came.ASKED, now)
    return Outcome(records=(asked,))


def look_again(plan: SignPlan, at: datetime, now: datetime) -> tuple[SignPlan, datetime]:
    """The plan when it was looked at, and when it is due next. Before its time nothing of a look
    is the person's to see, so that its date stays."""
    if now < plan.review_at - REMINDED:
        return plan, min(at, plan.review_at)
    return replace(plan, review_at=at), at


def _about(person: str, level: int) -> About:
    return About(person, Topic.PLANS_AND_REVIEWS, level)


def _log(kind: str, plan: SignPlan, actor: str | None) -> Log:
    facts: dict[str, Value] = {"plan": plan.id, "version": plan.version, "revision": plan.revision}
    return Log(kind, plan.person, actor, facts)
