"""Making and ending agreements: what the person does, each in one transaction.

Every act locks the supporter's membership first, so that of one agreement one version is in force.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from bot.care import agreeing as care
from bot.care.agreeing import Answered, Freely, Wish
from bot.care.agreement import Agreement, Effect, State, decide
from bot.care.circle import SUPPORTERS, Member, Membership, Role
from bot.care.outcome import NOBODY, About, Cause, Message, Outcome, Topic
from bot.care.text import Text
from bot.store import agreement as agreements
from bot.store import around, circle, news, schema
from bot.store.commit import KEEP, commit
from bot.store.tools import new_id

TRIED = timedelta(days=30)
"""So far back it is tried what somebody would have got."""


@dataclass(frozen=True, slots=True)
class Shared:
    """How it stands with one supporter: what holds now, and a draft still to be agreed to."""

    active: Agreement | None
    draft: Agreement | None


@dataclass(frozen=True, slots=True)
class Tried:
    """One message somebody would have got; `asked`: only after the person had been asked."""

    at: datetime
    topic: Topic
    asked: bool


# --- how it stands ------------------------------------------------------------------------


def shared(c: Connection, supporter: str, now: datetime) -> Shared:
    versions = agreements.versions(c, supporter)
    holds = [one for one in versions if one.state is State.ACTIVE and now < one.lapses_at]
    drafts = [one for one in versions if care.is_open(one, answered(c, one.id), now)]
    return Shared(holds[-1] if holds else None, drafts[-1] if drafts else None)


def answered(c: Connection, id: str) -> Freely | None:
    """What the person said when asked whether they chose this version themselves."""
    said = c.execute(
        select(schema.agreement.c.free).where(schema.agreement.c.id == id)
    ).scalar_one_or_none()
    return None if said is None else Freely(said)


def open_draft(c: Connection, id: str, by: str, now: datetime) -> Agreement | None:
    """The draft with this id, if `by` is the person and may still agree to it."""
    found = agreements.agreement(c, id)
    if found is None or found.person != by:
        return None
    return found if care.is_open(found, answered(c, id), now) else None


def supporter(c: Connection, membership: str) -> str:
    """The member who holds this membership."""
    table = schema.membership
    return str(c.execute(select(table.c.member).where(table.c.id == membership)).scalar_one())


def tried(c: Connection, draft: Agreement, now: datetime) -> list[Tried]:
    """What this supporter would have got lately under this draft, oldest first. Writes nothing.

    Guardrails are left out: they are not the person's to see, and this must not show them.
    """
    to = supporter(c, draft.supporter)
    active = replace(draft, state=State.ACTIVE, activated_at=now)
    found: list[Tried] = []
    for item in _lately(c, draft.person, now):
        topic = Topic(item.topic)
        about = About(draft.person, topic, item.level, draft.supporter, item.id, item.at)
        facts = agreements.facts(c, to, about, now)
        decision = decide(replace(facts, agreements=(active,), guardrails=()), about, now)
        if decision.effect is not Effect.WITHHOLD:
            found.append(Tried(item.at or item.made_at, topic, decision.effect is Effect.ASK))
    return found


def _lately(c: Connection, person: str, now: datetime) -> list[Any]:
    table = schema.news
    return list(
        c.execute(
            select(table)
            .where(
                table.c.person == person,
                table.c.topic.is_not(None),
                table.c.made_at > now - TRIED,
                table.c.made_at <= now,
            )
            .order_by(table.c.made_at, table.c.id)
        )
    )


# --- acts ---------------------------------------------------------------------------------


def draft(
    c: Connection,
    supporter: str,
    wishes: tuple[Wish, ...],
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
    months: int | None = None,
) -> Outcome:
    """What the person chose for one supporter (a membership), as the next version to read back.

    It goes on from the draft before, or from what holds now. `months` until the review.
    """
    place = _place(c, supporter, by)
    if place is None:
        return Outcome()
    versions = agreements.versions(c, supporter)
    before = shared(c, supporter, now)
    base = before.draft or before.active
    after = care.REVIEWS[months or care.MONTHS]
    keeps = before.draft is not None and months is None
    review_at = before.draft.review_at if before.draft and keeps else now + after
    fresh = Agreement(
        id=new_id(c),
        person=by,
        supporter=supporter,
        version=max((one.version for one in versions), default=0) + 1,
        state=State.DRAFT,
        rows=care.rows(() if base is None else base.rows, wishes, lambda: new_id(c), now),
        review_at=review_at,
        lapses_at=review_at + care.LAPSE,
        drafted_by=by,
        drafted_at=now,
    )
    outcome = care.draft(fresh, versions, now)
    commit(c, outcome, cause, now)
    return outcome


def change(
    c: Connection,
    id: str,
    wishes: tuple[Wish, ...],
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
    months: int | None = None,
) -> Outcome:
    """Change a draft that was read back: it becomes the next version."""
    found = agreements.agreement(c, id)
    place = None if found is None else _place(c, found.supporter, by)
    if found is None or place is None:
        return Outcome()
    if open_draft(c, id, by, now) is None:
        commit(c, Outcome(), cause, now)
        return Outcome(said=care.NOT_OPEN)
    return draft(c, place.id, wishes, by, now, cause, months)


def agree(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`Agree`: one question is still to be answered."""
    found = agreements.agreement(c, id)
    if found is None or _place(c, found.supporter, by) is None:
        return Outcome()
    outcome = care.ask(found, answered(c, id), by, now)
    commit(c, outcome, cause, now)
    return outcome


def answer(
    c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY, *, freely: Freely
) -> Outcome:
    """Whether they chose it themselves: `Yes` puts it in force."""
    found = agreements.agreement(c, id)
    place = None if found is None else _place(c, found.supporter, by)
    proposed = agreements.agreement(c, id)  # as it stands now that nobody else can change it
    if proposed is None or place is None:
        return Outcome()
    versions = agreements.versions(c, place.id)
    outcome = care.answer(
        proposed,
        [one for one in versions if one.state is State.ACTIVE],
        answered(c, id),
        freely,
        care.leads(_leads(c, proposed.person), proposed.drafted_by),
        place.member,
        by,
        now,
    )
    commit(c, outcome, cause, now)
    return outcome


def stop(c: Connection, supporter: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """End now whatever the person shares with one supporter, and take back what can be."""
    place = _place(c, supporter, by)
    if place is None:
        return Outcome()
    said = Message(Text("agreement", "stopped"), {"carer": place.member})
    return _stop(c, [place], said, by, now, cause)


def stop_all(c: Connection, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """End now whatever the person shares with anybody."""
    if not any(held.role is Role.PERSON for held in circle.memberships(c, by)):
        return Outcome()
    places = [_place(c, one.id, by) for one in around.circle_of(c, by)]
    said = Message(Text("agreement", "stopped_all"))
    return _stop(c, [place for place in places if place], said, by, now, cause)


def _stop(
    c: Connection,
    places: list[Membership],
    said: Message,
    by: str,
    now: datetime,
    cause: Cause,
) -> Outcome:
    standing = [one for place in places for one in agreements.versions(c, place.id)]
    outcome = care.stop(standing, said, by, now)
    commit(c, outcome, cause, now)
    return outcome + news.withdrawn(c, [place.id for place in places], by, now)


def _place(c: Connection, supporter: str, by: str) -> Membership | None:
    """The supporter's place in the circle of `by`, locked; None when it is somebody else's."""
    found = circle.membership(c, supporter)
    if found is None or found.until is not None or found.role not in SUPPORTERS:
        return None
    return found if found.person == by else None


def _leads(c: Connection, person: str) -> list[list[Member]]:
    """Who may hear that this person may not have chosen freely: leads first, then managers."""
    team = around.team_of(c, person)
    return [
        around.staff_of(c, team, Role.SAFEGUARDING_LEAD),
        around.staff_of(c, team, Role.MANAGER),
        around.staff_of(c, team),
    ]


def keep_answered(c: Connection, kept: Answered) -> None:
    """Keep what was answered; a later answer changes nothing."""
    table = schema.agreement
    first = (table.c.id == kept.agreement) & table.c.free.is_(None)
    c.execute(table.update().where(first).values(free=kept.freely.value))


KEEP[Answered] = keep_answered
