"""How an agreement is made and ended: drafted, read back, agreed to by the person, stopped.

What it then allows is `agreement`. What was read back is never changed: each change makes the
next version, and only the newest can be agreed to, by the person's own press.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.care import lapsing
from bot.care.agreement import Agreement, Basis, Choice, Sharing, Situation, State
from bot.care.circle import Member
from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic
from bot.care.text import Text

FIRST = (
    Topic.APPOINTMENTS,
    Topic.INCIDENTS,
    Topic.FINANCES,
    Topic.RESTRICTIVE_PRACTICES,
    Topic.JOURNEYS,
)
"""The topics everybody is asked about; the others wait under "More choices"."""

REVIEWS = {1: timedelta(days=30), 3: timedelta(days=91), 6: timedelta(days=182)}
"""After how many months it is looked at again."""

MONTHS = 3
"""Unless the person says otherwise."""

LAPSE = timedelta(days=28)
"""So long after its review an agreement that nobody has looked at again ends by itself."""

LEVEL = {Choice.SHARE: 1, Choice.ASK: 3, Choice.NEVER: 1, Choice.UNSURE: 1}
"""How much, when nothing was said of it. Asked first, the person sees the very words."""


class Event(StrEnum):
    AGREED = "agreed"
    REPLACED = "replaced"
    STOPPED = "stopped"


TABLE: dict[State, dict[Event, State]] = {
    State.DRAFT: {
        Event.AGREED: State.ACTIVE,
        Event.REPLACED: State.ENDED,
        Event.STOPPED: State.ENDED,
    },
    State.ACTIVE: {Event.REPLACED: State.ENDED, Event.STOPPED: State.ENDED},
    State.ENDED: {},
}


class Freely(StrEnum):
    """The answers to "Did you choose this yourself?"; kept, never renamed."""

    YES = "yes"
    NOT_SURE = "not_sure"
    TALK = "talk"


@dataclass(frozen=True, slots=True)
class Answered:
    """What the person answered about one version. The first answer stands."""

    agreement: str
    freely: Freely


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person chose for one topic; `level` is None when they said no more than that."""

    topic: Topic
    choice: Choice
    level: int | None = None
    situation: Situation = Situation.EVERYDAY
    until: datetime | None = None
    data_from: datetime | None = None


SAVED = Message(Text("agreement", "saved"))
"""The one answer to all three: whoever looks on learns nothing from it."""

NOT_OPEN = Message(Text("agreement", "not_open"))

PLEASE_TALK = {
    Freely.NOT_SURE: Text("agreement", "please_talk_not_sure"),
    Freely.TALK: Text("agreement", "please_talk"),
}


def rows(
    before: Iterable[Sharing], wishes: Sequence[Wish], new_id: Callable[[], str], now: datetime
) -> tuple[Sharing, ...]:
    """The rows of the next version: those before, with these wishes in place of their topics'.

    A card that is answered as before leaves what the person chose beside it, and a yes for one
    situation a yes for another; rows that are over are left behind.
    """
    standing = [row for row in before if row.until is None or now < row.until]
    kept: list[Sharing] = []
    for wish in wishes:
        if wish.level is not None or not _says(standing, wish):
            standing = [row for row in standing if not _gives_way(row, wish)]
            kept.append(_row(wish, new_id(), now))
    return (*(replace(row, id=new_id()) for row in standing), *kept)


def _gives_way(row: Sharing, wish: Wish) -> bool:
    """A no to a topic ends all that was said of it; so does a yes, but for other situations."""
    own_yes = row.basis is Basis.CONSENT and row.choice in (Choice.SHARE, Choice.ASK)
    beside = wish.level is not None and row.situation is not wish.situation
    return row.topic is wish.topic and not (own_yes and beside)


def _says(standing: Iterable[Sharing], wish: Wish) -> bool:
    """Whether the person's own rows say this already: those for every day, or else all."""
    own = [row for row in standing if row.topic is wish.topic and row.basis is Basis.CONSENT]
    daily = [row for row in own if row.situation is Situation.EVERYDAY] or own
    return bool(daily) and all(row.choice is wish.choice for row in daily)


def _row(wish: Wish, id: str, now: datetime) -> Sharing:
    return Sharing(
        id=id,
        topic=wish.topic,
        situation=wish.situation,
        choice=wish.choice,
        level=wish.level or LEVEL[wish.choice],
        since=now,
        until=wish.until,
        data_from=wish.data_from,
    )


def is_open(proposed: Agreement, answered: Freely | None, now: datetime) -> bool:
    """Whether the person may still agree to this draft."""
    return proposed.state is State.DRAFT and answered is None and now < proposed.review_at


def draft(fresh: Agreement, earlier: Iterable[Agreement], now: datetime) -> Outcome:
    """The next version, read back to the person. It takes the place of drafts before it.

    Nothing is in force by it, and what is in force stays so.
    """
    replaced = [
        _ended(one, Event.REPLACED, fresh.drafted_by, now)
        for one in earlier
        if one.state is State.DRAFT
    ]
    return Outcome(
        said=read_back(fresh),
        records=(*replaced, fresh),
        logs=(_log("agreement_drafted", fresh, fresh.drafted_by),),
    )


def read_back(proposed: Agreement) -> Message:
    """The choices in plain words, and what can be done with them."""
    of = {**_of(proposed), "supporter": proposed.supporter}
    return Message(Text("agreement", "read_back"), of)


def ask(proposed: Agreement, answered: Freely | None, by: str, now: datetime) -> Outcome:
    """`Agree` is followed by one question; until it is answered nothing is in force."""
    if by != proposed.person:
        return Outcome()
    if is_open(proposed, answered, now):
        return Outcome(said=Message(Text("agreement", "yourself"), _of(proposed)))
    return Outcome(said=_over(proposed, answered))


def answer(
    proposed: Agreement,
    in_force: Iterable[Agreement],
    answered: Freely | None,
    freely: Freely,
    leads: Sequence[str],
    supporter: str,
    by: str,
    now: datetime,
) -> Outcome:
    """`Yes` puts it in force; the other answers leave it a draft, and `leads` hear of it.

    `supporter` is the member it is about.
    """
    if by != proposed.person:
        return Outcome()
    if not is_open(proposed, answered, now):
        return Outcome(said=_over(proposed, answered))
    said = Answered(proposed.id, freely)
    if freely is not Freely.YES:
        return Outcome(
            said=SAVED,
            records=(said,),
            tells=tuple(_please_talk(proposed, freely, supporter, lead) for lead in leads),
            logs=(_log("agreement_unsure", proposed, by),),
        )
    active = replace(proposed, state=TABLE[proposed.state][Event.AGREED], activated_at=now)
    before = tuple(_ended(one, Event.REPLACED, by, now) for one in in_force)
    return Outcome(
        said=SAVED,
        records=(*before, active, said),
        wakes=(*map(lapsing.over, before), lapsing.begins(active)),
        logs=(_log("agreement_active", active, by),),
    )


def _over(proposed: Agreement, answered: Freely | None) -> Message:
    """An old button says the same after each of the three answers."""
    return NOT_OPEN if proposed.state is State.ENDED or answered is None else SAVED


def leads(groups: Iterable[Sequence[Member]], beside: Collection[str]) -> list[str]:
    """Who is to hear that somebody may not have chosen freely: the first group with anybody in it.

    Never those who sat `beside` them; somebody out of reach only when there is nobody else.
    """
    others = [[one for one in group if one.id not in beside] for group in groups]
    within = [[one for one in group if one.reachable] for group in others]
    return next(([one.id for one in group] for group in (*within, *others) if group), [])


def stop(standing: Iterable[Agreement], said: Message, by: str, now: datetime) -> Outcome:
    """The person takes back what they agreed to. It ends now; no draft is left to agree to."""
    ending = [one for one in standing if Event.STOPPED in TABLE[one.state]]
    return Outcome(
        said=said,
        records=tuple(_ended(one, Event.STOPPED, by, now) for one in ending),
        wakes=tuple(lapsing.over(one) for one in ending if one.state is State.ACTIVE),
        logs=tuple(_log("sharing_stopped", one, by) for one in ending if one.state is State.ACTIVE),
    )


def _ended(one: Agreement, event: Event, by: str, now: datetime) -> Agreement:
    return replace(one, state=TABLE[one.state][event], ended_at=now, ended_by=by)


def _please_talk(proposed: Agreement, freely: Freely, supporter: str, lead: str) -> Tell:
    person = proposed.person
    return Tell(
        lead,
        Message(PLEASE_TALK[freely], {"person": person, "carer": supporter}),
        Lane.SAFETY,
        About(person, Topic.PLANS_AND_REVIEWS, 2),
        f"agreement:{proposed.id}:{lead}",
    )


def _of(agreement: Agreement) -> dict[str, str | int]:
    return {"agreement": agreement.id, "version": agreement.version}


def _log(kind: str, agreement: Agreement, by: str) -> Log:
    return Log(kind, agreement.person, by, {**_of(agreement), "to": agreement.supporter})
