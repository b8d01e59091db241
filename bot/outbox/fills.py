"""What the parameters of a message stand for: ids turned into the words that fill its text."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from bot.care.agreement import Agreement, Situation, State
from bot.care.candour import Step as Candour
from bot.care.circle import Role
from bot.care.digest import LEAST
from bot.care.glass import Why
from bot.care.noticing import Receipt
from bot.care.outcome import Topic
from bot.care.text import Text
from bot.i18n import Lines, Param, Phrase
from bot.outbox import (
    by_phone,
    drill,
    education,
    escalation,
    location,
    plan,
    regular,
    review,
    sign,
    sign_alert,
    stepping,
    words,
)
from bot.outbox.roles import ROLES
from bot.outbox.topics import CANDOUR, EXCEPTIONS, NOW, THEN, TOPICS, first_day, lines
from bot.store import Connection, agreeing, circle, feedback, noticing, profile
from bot.store import agreement as agreements
from bot.store import candour as candours
from bot.store import concern as concerns
from bot.store import decision as decisions
from bot.store import invitation as invitations
from bot.store import journey as journeys
from bot.store import sign as signs
from bot.store.tools import ERASED

WEEKDAYS = (
    Text("noticing", "monday"),
    Text("noticing", "tuesday"),
    Text("noticing", "wednesday"),
    Text("noticing", "thursday"),
    Text("noticing", "friday"),
    Text("noticing", "saturday"),
    Text("noticing", "sunday"),
)

Fill = Callable[[Connection, str], Mapping[str, Param]]
"""From the id a parameter holds to the placeholders it fills."""

FillNow = Callable[[Connection, str, datetime], Mapping[str, Param]]
"""The same, by what is true at the moment at which it is read."""


def _named(placeholder: str) -> Fill:
    return lambda c, member: {placeholder: circle.name(c, member)}


def _person(c: Connection, id: str) -> dict[str, Param]:
    """The person an alert is about: their name, and the number to ring."""
    person = circle.member(c, id)
    if person is None:
        return {"person": ERASED, "number": Text("escalation", "no_number")}
    return {"person": person.name, "number": person.phone or Text("escalation", "no_number")}


def _journey(c: Connection, id: str) -> dict[str, Param]:
    journey = journeys.journey(c, id)
    if journey is None:
        return {}
    plan = journey.plan
    last = max((nudge for nudge in plan.nudges if nudge < plan.grace), default=0)
    filled: dict[str, Param] = {
        "place": journey.place,
        "advice": plan.what_to_do,
        **escalation.agreed(plan),
        "set_off_at": journey.started_at,
        "back": journey.back,
        "support": stepping.SUPPORT[plan.terms.support],
        "asked_first": journey.due_at + timedelta(minutes=min(plan.nudges, default=0)),
        "asked_last": journey.due_at + timedelta(minutes=last),
    }
    if journey.ended_by not in (None, journey.person) and not journey.said_home:
        filled["may_be_out"] = 1
    if journey.off is not None:
        filled |= {"off_from": journey.off[0], "off_to": journey.off[1]}
    return filled


def _point(c: Connection, at: str) -> dict[str, Param]:
    """A point on the way, `{journey}.{number}`, by its name."""
    id, _, number = at.partition(".")
    journey = journeys.journey(c, id)
    points = () if journey is None else journey.plan.terms.points
    return {"point": points[int(number)].name if int(number) < len(points) else ERASED}


def _candour(c: Connection, id: str) -> dict[str, Param]:
    found = candours.candour(c, id)
    if found is None:
        return {}
    lines: list[tuple[Text, Mapping[str, Param]]] = []
    for step in Candour:
        text = Text("candour", "yes") if found.has(step) else Text("candour", "not_yet")
        lines.append((text, {"step": CANDOUR[step]}))
    if found.told_by is not None and found.told_at is not None:
        who: dict[str, Param] = {"name": circle.name(c, found.told_by), "at": found.told_at}
        lines.insert(1, (Text("candour", "told_by"), who))
    return {"steps": Lines(tuple(lines))}


def _held(c: Connection, agreement: Agreement) -> Iterator[tuple[Text, Mapping[str, Param]]]:
    """What stays as it is for now, whatever is pressed."""
    for topic in sorted(decisions.held(c, agreement.person)):
        yield Text("decision", "line_held"), {"topic": TOPICS[topic]}


def _agreement(c: Connection, id: str) -> dict[str, Param]:
    agreement = agreements.agreement(c, id)
    if agreement is None:
        return {}
    versions = agreements.versions(c, agreement.supporter)
    return {
        "carer": circle.name(c, agreeing.supporter(c, agreement.supporter)),
        "nothing_shared": not any(one.state is State.ACTIVE for one in versions),
        "choices": Lines((*lines(agreement).lines, *_held(c, agreement))),
        "review": first_day(agreement.review_at),
    }


def _decision(c: Connection, id: str) -> dict[str, Param]:
    kept = decisions.decision(c, id)
    if kept is None:
        return {}
    return {
        "topic": [TOPICS[topic] for topic in kept.left or kept.topics],
        "review": kept.review_at.date(),
    }


def _concern(c: Connection, id: str) -> dict[str, Param]:
    """When it was written, by when something is due, whom to ring: never its words."""
    kept = concerns.concern(c, id)
    if kept is None:
        return {}
    number = circle.team(c, kept.team).phone or Text("escalation", "no_number")
    filled: dict[str, Param] = {"at": kept.at, "team_number": number}
    due = concerns.due_day(c, kept)
    return filled if due is None else {**filled, "due": due}


def _noticed(c: Connection, id: str, now: datetime) -> dict[str, Param]:
    """What a receipt says: what is true now, and whether the person may know who said it."""
    kept = noticing.receipt(c, id, now)
    if kept is None:
        return {}
    not_named = Text("noticing", "good_not_named") if kept.good else Text("noticing", "not_named")
    who = Text("noticing", "named") if kept.named else not_named
    team, night = Text("noticing", "cannot_wait"), Text("noticing", "cannot_wait_111")
    waits: list[tuple[Text, Mapping[str, Param]]] = []
    if kept.number:
        waits.append((team, {"number": kept.number}))
    if not kept.number or not kept.open:
        waits.append((night, {}))
    person: dict[str, Param] = {"person": profile.called(c, kept.person)}
    return {
        "at": kept.at,
        "read": Lines((_reading(kept, now),)),
        "wait": Lines(tuple(waits)),
        "who": Lines(((who, person),)),
        **person,
        "asked": int(kept.weekly),
    }


def _nobody(c: Connection, id: str, now: datetime) -> dict[str, Param]:
    """What a receipt says in place of that staff are asked, when none of them can be told."""
    kept = noticing.receipt(c, id, now)
    number = None if kept is None else kept.number
    night: tuple[Text, Mapping[str, Param]] = (Text("noticing", "cannot_wait_111"), {})
    team = () if number is None else ((Text("noticing", "ring_team"), {"number": number}),)
    return {"read": Text("noticing", "asked_nobody"), "wait": Lines((*team, night))}


def _reading(kept: Receipt, now: datetime) -> tuple[Text, Mapping[str, Param]]:
    if kept.read_at is not None and not kept.timed:
        return Text("noticing", "read_before"), {}
    if kept.read_at is not None:
        return Text("noticing", "read_at"), {"time": kept.read_at}
    opens, closes = kept.opens.astimezone(kept.zone), kept.closes.astimezone(kept.zone)
    soon = opens.date() - now.astimezone(kept.zone).date() < timedelta(weeks=1)
    day: Param = WEEKDAYS[opens.weekday()] if soon else opens.date()
    next_time: dict[str, Param] = {"day": day, "time": _clock(opens)}
    if not kept.open:
        text = Text("noticing", "reads_from") if kept.quiet else Text("noticing", "read_from")
        return text, next_time
    if kept.quiet:
        return Text("noticing", "reads_until"), {"time": _clock(closes)}
    if kept.closes - now < LEAST:
        return Text("noticing", "read_today_and"), {**next_time, "until": _clock(closes)}
    return Text("noticing", "read_until"), {"time": _clock(closes)}


def _clock(moment: datetime) -> str:
    return f"{moment.hour}:{moment.minute:02}"


def _sign_plan(c: Connection, id: str) -> dict[str, Param]:
    plan = signs.of_version(c, id)
    return {} if plan is None else {"review": plan.review_at.date()}


def _followed(c: Connection, id: str) -> dict[str, Param]:
    """What those who came said, and what came of it."""
    found = feedback.of(c, id)
    if found is None:
        return {}
    return {**education.fill(c, found.session), "said": found.said, "done": found.done}


CALLED = {"now": Text("glass", "called_now"), "quiet": Text("glass", "called_later")}

LOOKS = {"somebody": Text("glass", "somebody_looks"), "nobody": Text("glass", "nobody_looks")}

FILLS: Mapping[str, Fill] = {
    **{name: _named(name) for name in ("member", "holder", "by", "next", "carer", "before")},
    "role": lambda _c, role: {"role": ROLES[Role(role)]},
    "topic": lambda _c, topic: {"topic": TOPICS[Topic(topic)]},
    "exception": lambda _c, why: {"exception": EXCEPTIONS[Why(why)]},
    "situation": lambda _c, one: {"situation": NOW[Situation(one)]},
    "called": lambda _c, when: {"called": CALLED[when]},
    "looks": lambda _c, who: {"looks": LOOKS[who]},
    "then": lambda _c, one: {"then": THEN[Situation(one)]},
    "decision": _decision,
    "drill": drill.fill,
    "candour": _candour,
    "sign_alert": sign_alert.fill,
    "concern": _concern,
    "duress": words.fill,
    "person": _person,
    "session": education.fill,
    "waits": education.waits,  # after "session", of which it leaves something out
    "alias": lambda c, id: {"person": profile.called(c, id)},  # as the person wants it in notices
    "journey": _journey,
    "point": _point,
    "plan": plan.fill,
    "safe_place": location.safe_place,
    "safe_places": location.safe_places,
    "agreement": _agreement,
    "sign_plan": _sign_plan,
    "sentence": lambda _c, code: {"sentence": Phrase(*sign.decoded(code))},
    "asking": lambda _c, _now: {"read": Text("noticing", "asked_now")},
    "followed": _followed,
    "handing": escalation.handing,
    "proposal": stepping.fill,
    "regular": regular.fill,
    "rang": by_phone.rang,
    "asks": by_phone.asked,
    "invited": review.fill,
    "meeting": review.meeting_on,
    "in_team": lambda c, id: {"team": circle.team(c, id).name},
    "review_of": review.fill_for_staff,
    "invitation": lambda c, id: {"name": invitations.invited_name(c, id)},
}
"""A parameter with one of these names is always an id (or a role), in every message."""


FILLS_NOW: Mapping[str, FillNow] = {
    "noticed": _noticed,
    "nobody": _nobody,
    "escalation": escalation.fill,
    "call": escalation.call,
}


def fill(c: Connection, name: str, value: str, now: datetime) -> Mapping[str, Param]:
    """The placeholders that a parameter of this name fills besides its own."""
    if name in FILLS_NOW:
        return FILLS_NOW[name](c, value, now)
    return FILLS[name](c, value) if name in FILLS else {}
