"""Break-glass: one thing told once to one supporter against the agreement, by a named senior.

The reason is one of a fixed list, with a rationale. The person is told, unless that is itself
unsafe. Somebody else looks at it within a week.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic
from bot.care.text import Text

WITHIN = timedelta(days=7)
"""So long somebody else has to look at it."""


class Why(StrEnum):
    """The reasons there are; kept, never renamed."""

    VITAL_INTERESTS = "vital_interests"
    SAFEGUARDING = "safeguarding"
    COURT = "court"
    PUBLIC_INTEREST = "public_interest"


class Found(StrEnum):
    """What the review says; kept, never renamed."""

    RIGHT = "right"
    NOT_RIGHT = "not_right"


@dataclass(frozen=True, slots=True)
class Broken:
    """`news` was told to one supporter (a membership) by `by`; `why` is their rationale."""

    id: str
    person: str
    supporter: str
    news: str
    reason: Why
    why: str
    by: str
    since: datetime
    tell_person: bool
    review_at: datetime
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None
    found: Found | None = None


def told(broken: Broken, carer: str, reviewers: Sequence[str], *, quiet: bool) -> Outcome:
    """It is told: the person hears of it, and those who are to look at it.

    `quiet`: whoever it is told to has quiet hours, in which they are not called.
    """
    told_you = Text("glass", "told_you") if reviewers else Text("glass", "told_you_nobody_looks")
    person = (_tell_person(broken, carer, told_you),) if broken.tell_person else ()
    facts = {"glass": broken.id, "to": carer, "reason": broken.reason.value, "news": broken.news}
    called, looks = "quiet" if quiet else "now", "somebody" if reviewers else "nobody"
    return Outcome(
        said=Message(Text("glass", "sent"), {"carer": carer, "called": called, "looks": looks}),
        records=(broken,),
        tells=(*person, *_ask(broken, reviewers)),
        logs=(Log("glass_broken", broken.person, broken.by, facts),),
    )


def nobody_looks(team: str, by: str, elsewhere: Sequence[str], day: date) -> tuple[Tell, ...]:
    """Nobody of its team may look at one: those who lead `elsewhere` in the service hear each day
    that the team needs somebody, and not of whom or what. Without any, whoever did it hears that,
    once a week."""
    if not elsewhere:
        year, week, _ = day.isocalendar()
        alone = Message(Text("glass", "no_senior_anywhere"))
        return (Tell(by, alone, Lane.REMINDER, key=f"{team}:no_senior:{year}w{week}:{by}"),)
    asks = Message(Text("glass", "no_senior_there"), {"in_team": team})
    key = f"{team}:no_senior:{day:%Y%m%d}"
    return tuple(Tell(to, asks, Lane.REMINDER, key=f"{key}:{to}") for to in elsewhere)


def review(
    broken: Broken, found: Found, carer: str, by: str, now: datetime, *, tell_person: bool
) -> Outcome:
    """Somebody else has looked at it. `tell_person`: the person may know of it by now."""
    if broken.reviewed_at is not None or by == broken.by:
        return Outcome()
    known = broken.tell_person or tell_person
    done = replace(broken, reviewed_by=by, reviewed_at=now, found=found, tell_person=known)
    text = Text("glass", "was_right") if found is Found.RIGHT else Text("glass", "was_not_right")
    back = Message(text, {"by": by, "person": done.person, "carer": carer})
    facts = {"glass": done.id, "found": found.value}
    tells: tuple[Tell, ...] = (Tell(done.by, back, Lane.NEWS, _about(done), f"{done.id}:reviewed"),)
    if known and not broken.tell_person:
        tells += (_tell_person(done, carer, Text("glass", "told_you")),)
    return Outcome(
        said=Message(Text("glass", "reviewed")),
        records=(done,),
        tells=tells,
        logs=(Log("glass_reviewed", done.person, by, facts),),
    )


def _ask(broken: Broken, reviewers: Sequence[str]) -> tuple[Tell, ...]:
    params = {"glass": broken.id, "person": broken.person, "by": broken.by}
    message = Message(Text("glass", "please_review"), {**params, "until": broken.review_at})
    return tuple(
        Tell(to, message, Lane.NEWS, _about(broken), f"{broken.id}:review:asked:{to}")
        for to in reviewers
    )


def _about(broken: Broken) -> About:
    return About(broken.person, Topic.PLANS_AND_REVIEWS, 2)


def _tell_person(broken: Broken, carer: str, text: Text) -> Tell:
    params = {"by": broken.by, "carer": carer, "exception": broken.reason.value}
    return Tell(broken.person, Message(text, params), Lane.NEWS, key=f"{broken.id}:person")
