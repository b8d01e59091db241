"""Staff whom the person has asked to sit with them and prepare the cards.

What they prepare is a draft. It is read back to the person alone, in the person's own chat, and
only the person's own press puts it in force.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.care.agreeing import read_back
from bot.care.agreement import Agreement
from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic
from bot.care.text import Text

FOR = timedelta(days=14)
"""So long the cards may take; then the person is asked whom they want anew."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """`member` of the staff may prepare the person's cards for this supporter (a membership),
    from `since` until just before `until`, or until the person ends it."""

    id: str
    person: str
    supporter: str
    member: str
    since: datetime
    until: datetime
    ended_at: datetime | None = None


def ask(fresh: Sitting, standing: Iterable[Sitting], carer: str) -> Outcome:
    """The person asks one member of their team; whoever was asked before may not go on.

    `carer` is the member it is about.
    """
    person, member = fresh.person, fresh.member
    sitting = {"sitting": fresh.id, "carer": carer}
    please = Message(Text("preparing", "please"), {"person": person, **sitting})
    about = About(person, Topic.PLANS_AND_REVIEWS, 2)
    return Outcome(
        said=Message(Text("preparing", "asked"), {"member": member, **sitting}),
        records=(*(replace(one, ended_at=fresh.since) for one in standing), fresh),
        tells=(Tell(member, please, Lane.NEWS, about, f"{fresh.id}:please"),),
        logs=(_log("sitting_asked", fresh),),
    )


def end(sitting: Sitting, now: datetime) -> Outcome:
    """The person wants no help with it any more."""
    if sitting.ended_at is not None or now >= sitting.until:
        return Outcome()
    return Outcome(
        said=Message(Text("preparing", "over"), {"member": sitting.member}),
        records=(replace(sitting, ended_at=now),),
        logs=(_log("sitting_over", sitting),),
    )


def prepared(sitting: Sitting, fresh: Agreement) -> Outcome:
    """The cards have been gone through: the person reads them back where nobody else presses."""
    return Outcome(
        said=Message(Text("preparing", "prepared"), {"person": sitting.person}),
        tells=(Tell(sitting.person, read_back(fresh), Lane.REPLY, key=f"{fresh.id}:prepared"),),
    )


def _log(kind: str, sitting: Sitting) -> Log:
    facts = {"sitting": sitting.id, "to": sitting.supporter, "member": sitting.member}
    return Log(kind, sitting.person, sitting.person, facts)
