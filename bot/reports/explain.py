"""`kith explain` in words: what the gate says about one question, and what it rests on."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.care.agreement import Agreement, Basis, Effect, Sharing
from bot.care.text import Text
from bot.i18n import Voice
from bot.outbox.roles import ROLES
from bot.outbox.topics import CHOICES, LEVELS, TOPICS, WHEN
from bot.reports.panel import REASONS
from bot.store.explain import Explained

ANSWERS: Mapping[Effect, Text] = {
    Effect.SHARE: Text("cli", "may_be_said"),
    Effect.ASK: Text("cli", "asked_first"),
    Effect.WITHHOLD: Text("cli", "kept_back"),
}

BASES: Mapping[Basis, Text] = {
    Basis.CONSENT: Text("cli", "by_consent"),
    Basis.BEST_INTERESTS: Text("cli", "by_decision"),
    Basis.AUTHORITY: Text("cli", "by_attorney"),
}
"""What a row rests on: the person's own word, or somebody else's beside it."""


def lines(voice: Voice, explained: Explained, person: str, to: str) -> Iterator[str]:
    """The question, the answer, the reason, and each row that decided."""
    about, decision = explained.about, explained.decision
    role = Text("cli", "no_place") if explained.role is None else ROLES[explained.role]
    yield voice.label(
        Text("cli", "question"),
        person=person,
        to=to,
        role=role,
        topic=TOPICS[about.topic],
        level=LEVELS[about.level],
        at=_day(voice, voice.now),
    )
    yield voice.label(ANSWERS[decision.effect], person=person)
    reason = REASONS.get(decision.reason, Text("panel", "error"))
    why = voice.label(reason, person=person, to=to)
    yield voice.label(Text("cli", "because"), why=why, reason=decision.reason.value)
    if explained.agreement is not None:
        yield _agreement(voice, explained.agreement)
    for row in explained.rows:
        yield _row(voice, row)
    for id in explained.others:
        yield voice.label(Text("cli", "other_row"), id=id)


def _agreement(voice: Voice, agreed: Agreement) -> str:
    return voice.label(
        Text("cli", "agreement"),
        id=agreed.id,
        version=agreed.version,
        since=_day(voice, agreed.activated_at),
        until=_day(voice, agreed.ended_at),
        review=_day(voice, agreed.review_at),
    )


def _row(voice: Voice, row: Sharing) -> str:
    return voice.label(
        Text("cli", "row"),
        id=row.id,
        topic=TOPICS[row.topic],
        choice=CHOICES[row.choice],
        level=LEVELS[row.level],
        when=WHEN[row.situation],
        basis=voice.label(BASES[row.basis], ground=row.ground or "–"),
        since=_day(voice, row.since),
        until=_day(voice, row.until),
    )


def _day(voice: Voice, moment: datetime | None) -> str:
    """With its year, unlike on a screen: what is asked here may be long ago."""
    return "–" if moment is None else f"{moment.astimezone(voice.zone):%Y-%m-%d %H:%M}"
