"""The pack for the team's meeting about an early-warning plan: counts, dates, and what is proposed.

For staff alone. Voices, never names; nobody's words but those of cards, and what staff did.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.care.calendar import counted, for_the_team
from bot.care.escalation import Close
from bot.care.sign import Observation, SignPlan, Voice
from bot.care.sign_plan import Answer as Suggested
from bot.care.sign_plan import Card
from bot.care.text import Text
from bot.care.weekly import Answer
from bot.i18n import Param, Safe
from bot.i18n import Voice as Speech
from bot.outbox.sign import STAGES, VOICES, changes, name
from bot.store import Connection, circle, observation, sign, sign_alert, sign_plan, weekly
from bot.store.sign_alert import Followed
from bot.store.tools import tools

SPAN = timedelta(days=91)
"""How far back a meeting looks."""

ENDS: Mapping[Close, Text] = {
    Close.USEFUL: Text("sign_alert", "useful"),
    Close.TOO_SOON: Text("sign_alert", "too_soon"),
    Close.TOO_LATE: Text("sign_alert", "too_late"),
    Close.NOT_ABOUT_THIS: Text("sign_alert", "not_about_this"),
}

HEARD: Mapping[Answer, Text] = {
    Answer.YES: Text("sign", "weekly_yes"),
    Answer.NOTHING_NEW: Text("sign", "weekly_nothing_new"),
    Answer.NOT_THIS_WEEK: Text("sign", "weekly_not_this_week"),
    Answer.NOT_HEARD: Text("sign", "weekly_not_heard"),
}
"""What became of each week's question."""

Line = tuple[Text, Mapping[str, Param]]


def pack(c: Connection, voice: Speech, person: str) -> list[Safe]:
    """One message a part: what was noticed, how soon it was seen to, how useful it was, and what
    may change."""
    since = voice.now - SPAN
    active = sign.active(c, person)
    noticed = [
        one for one in observation.of(c, person, since, words=False) if one.withdrawn_at is None
    ]
    alerts = sign_alert.of(c, person, since)
    cards = _names(c, active, noticed)
    title: Line = (
        Text("sign", "mdt_title"),
        {"person": circle.name(c, person), "since": since.date()},
    )
    parts = [
        [title, *_apart(title[1], noticed), *_seen(c, cards, noticed), *_asked(c, person, since)],
        [(Text("sign", "mdt_times"), {}), *_times(noticed, alerts, tools(c).hours.zone)],
        [
            (Text("sign", "mdt_useful"), {}),
            *_useful(cards, sign_alert.usefulness(c, person, since)),
        ],
        [(Text("sign", "mdt_edits"), {}), *_edits(c, person, active, since)],
    ]
    return [Safe("\n".join(voice.say(text, **of) for text, of in part)) for part in parts]


def _apart(of: Mapping[str, Param], noticed: Sequence[Observation]) -> Iterable[Line]:
    if any(for_the_team(one) for one in noticed):
        yield Text("sign", "for_the_team"), {"person": of["person"]}


def _names(
    c: Connection, active: SignPlan | None, noticed: Sequence[Observation]
) -> dict[str | None, str | Text]:
    """The cards by id: those in force, then those of earlier versions that were noticed."""
    names: dict[str | None, str | Text] = {}
    if active is not None:
        names |= {one.id: name(one) for one in active.signs}
    for one in noticed:
        if one.sign is not None and one.sign not in names and one.plan is not None:
            before = sign.of_version(c, one.plan)
            card = None if before is None else before.sign(one.sign)
            names[one.sign] = Text("sign", "something_else") if card is None else name(card)
    names[None] = Text("sign", "something_else")
    return names


def _seen(
    c: Connection, cards: Mapping[str | None, str | Text], noticed: Sequence[Observation]
) -> Iterable[Line]:
    """How often each card was noticed, on how many days, by each voice."""
    counts = counted(noticed, tools(c).hours.zone)
    for card, called in cards.items():
        by = counts.get(card, {})
        if not by:
            if card is not None:
                yield Text("sign", "mdt_not_seen"), {"name": called}
            continue
        yield Text("sign", "calendar_row"), {"name": called}
        for one in (one for one in Voice if one in by):
            times, days = by[one]
            yield (
                Text("sign", "mdt_seen"),
                {"who": VOICES[one], "times": times, "days": days},
            )


def _asked(c: Connection, person: str, since: datetime) -> Iterable[Line]:
    """What the weekly question has heard, as counts: that nothing was heard is no good news."""
    heard = Counter(one.answer for one in weekly.answers(c, person, since))
    for answer in (one for one in HEARD if heard[one]):
        yield Text("sign", "mdt_weekly"), {"answer": HEARD[answer], "times": heard[answer]}


def _times(
    noticed: Sequence[Observation], alerts: Sequence[Followed], zone: ZoneInfo
) -> Iterable[Line]:
    """How soon what came in was read, and each alert first taken on; what was done then."""
    waits = [one.read_at - one.at for one in noticed if one.read_at is not None]
    yield Text("sign", "mdt_read"), {"read": len(waits), "all": len(noticed)}
    if waits:
        yield Text("sign", "mdt_longest"), {"wait": max(waits)}
    if not alerts:
        yield Text("sign", "mdt_no_alerts"), {}
    for one in alerts:
        yield _followed(one, zone)
        if one.about.done is not None:
            yield Text("sign", "mdt_done"), {"words": one.about.done}


def _followed(one: Followed, zone: ZoneInfo) -> Line:
    opened = one.alert.opened_at.astimezone(zone)
    of: dict[str, Param] = {
        "day": opened.date(),
        "time": f"{opened:%H:%M}",
        "stage": STAGES[one.about.stage],
    }
    if one.taken_at is None:
        return Text("sign", "mdt_alert_open"), of
    of["wait"] = one.taken_at - one.alert.opened_at
    ended = one.alert.outcome
    if ended is None:
        return Text("sign", "mdt_alert_held"), of
    return Text("sign", "mdt_alert"), of | {"end": ENDS[ended]}


def _useful(
    cards: Mapping[str | None, str | Text], useful: Mapping[str, Mapping[Close, int]]
) -> Iterable[Line]:
    """How alerts ended that each card was behind; never added up."""
    if not useful:
        yield Text("sign", "mdt_no_ends"), {}
    for card, ends in useful.items():
        yield (
            Text("sign", "calendar_row"),
            {"name": cards.get(card, Text("sign", "something_else"))},
        )
        for end, times in ends.items():
            yield Text("sign", "mdt_end"), {"end": ENDS[end], "times": times}


def _edits(c: Connection, person: str, active: SignPlan | None, since: datetime) -> Iterable[Line]:
    """What is on the draft and not in force, and what became of each suggested card."""
    draft = sign.draft_of(c, person)
    lines = [] if draft is None else list(_drafted(active, draft))
    lines += [_suggested(c, card) for card in sign_plan.cards(c, person, since)]
    yield from lines or [(Text("sign", "mdt_no_edits"), {})]


def _drafted(active: SignPlan | None, draft: SignPlan) -> Iterable[Line]:
    """What would be different if the draft were put in force."""
    yield Text("sign", "mdt_draft"), {"version": draft.version}
    yield from changes(active, draft)


def _suggested(c: Connection, card: Card) -> Line:
    """Each suggestion ends as a version of the plan or with a reason."""
    called: dict[str, Param] = {"name": name(card.sign)}
    match card.answer:
        case Suggested.OPEN:
            return Text("sign", "mdt_card_open"), called
        case Suggested.DECLINED:
            return Text("sign", "mdt_card_declined"), called | {"why": card.why}
    plan = None if card.plan is None else sign.of_version(c, card.plan)
    return Text("sign", "mdt_card_taken"), called | {"version": 0 if plan is None else plan.version}
