"""Who is around the person, in pictures and words: in what role, for what, and what they may know.

A supporter sees their own line and nothing else. What they may know is not in it: to them, "not
allowed" and "nothing new" look the same.
"""

from collections.abc import Iterable, Mapping

from bot.care.agreement import Agreement
from bot.care.circle import APPOINTED, STAFF_ROLES, Membership, Role
from bot.care.text import Text
from bot.i18n import EASY, Safe, Voice
from bot.outbox.roles import ROLES, acting_as
from bot.outbox.topics import TOPICS
from bot.outbox.topics import lines as lines_of
from bot.store import Connection, agreement, around, authority, circle, profile
from bot.store import supporter as supporters

PICTURES: Mapping[Role, str] = {
    Role.PERSON: "🙂",
    Role.FAMILY: "👪",
    Role.FRIEND: "🤝",
    Role.CARER: "💛",
    Role.ADVOCATE: "📣",
    Role.ATTORNEY: "✍️",
    Role.DEPUTY: "⚖️",
    Role.NOMINATED_PERSON: "📄",
    Role.PROFESSIONAL: "🩺",
    **dict.fromkeys(sorted(STAFF_ROLES), "🏠"),
}


def for_person(c: Connection, voice: Voice, person: str) -> Safe:
    """What the person sees: everyone around them; in Easy Read each has a page of their own."""
    title = voice.say(Text("circle", "around_you"))
    if voice.locale == EASY:
        return Safe("\n".join([title, *_key_workers(c, voice, person)]))
    return Safe("\n".join([title, *_around(c, voice, person)]))


def for_team(c: Connection, voice: Voice, team: str) -> Safe:
    """What staff see: those who work in the team, and everyone around the people it supports."""
    lines: list[str] = [voice.say(Text("circle", "team"), team=circle.team(c, team).name)]
    lines += [_line(c, voice, m) for m in around.in_team(c, team) if m.role in STAFF_ROLES]
    for person in around.people_in(c, team):
        lines += ["", voice.say(Text("circle", "around"), name=person.name)]
        lines += _to_reach(c, voice, person.id) + _around(c, voice, person.id, staff=True)
    return Safe("\n".join(lines))


def for_supporter(c: Connection, voice: Voice, held: Membership) -> Safe:
    """What a supporter sees: their own line."""
    role = acting_as(c, voice, held)
    since = held.since.astimezone(voice.zone).date()
    return voice.say(
        Text("circle", "own_line"), picture=PICTURES[held.role], role=role, since=since
    )


def supporter(c: Connection, voice: Voice, held: Membership) -> list[str]:
    """One of those around the person: who, what they help with, what they may know."""
    lines: list[str] = [
        voice.say(
            Text("circle", "supporter"),
            picture=PICTURES[held.role],
            name=circle.name(c, held.member),
            role=ROLES[held.role],
        )
    ]
    if held.role in APPOINTED:
        lines.append(_authority(c, voice, held))
    words = supporters.helps_with(c, held.id)
    if words is not None:
        lines.append(voice.say(Text("circle", "helps_with"), words=words))
    if held.paused_at is not None:
        lines.append(voice.say(Text("circle", "is_paused")))
    return [*lines, _may_know(voice, agreement.active(c, held.id, voice.now))]


def _around(c: Connection, voice: Voice, person: str, *, staff: bool = False) -> list[str]:
    lines = _key_workers(c, voice, person)
    for held in around.circle_of(c, person):
        lines += ["", *supporter(c, voice, held)]
        lines += _to_reach(c, voice, held.member) if staff else []
    return lines


def _key_workers(c: Connection, voice: Voice, person: str) -> list[str]:
    return [
        voice.say(Text("circle", "key_worker_line"), name=member.name)
        for member in around.key_workers(c, person)
    ]


def _to_reach(c: Connection, voice: Voice, member: str) -> list[str]:
    """How it is safe to reach somebody, in their own words: for staff alone."""
    own = profile.profile(c, member)
    lines: list[str] = []
    if own.shared_phone:
        lines.append(voice.say(Text("circle", "shares_phone")))
    if own.safe_contact is not None:
        lines.append(voice.say(Text("circle", "safe_contact"), words=own.safe_contact))
    return lines


def _line(c: Connection, voice: Voice, held: Membership) -> Safe:
    name = circle.name(c, held.member)
    return voice.say(Text("circle", "line"), name=name, role=acting_as(c, voice, held))


def _authority(c: Connection, voice: Voice, held: Membership) -> Safe:
    """What an attorney or a deputy was appointed for, once somebody has seen the papers."""
    seen = authority.of(c, held.id, voice.now)
    if seen is None:
        return voice.say(Text("circle", "papers_not_seen"))
    names = [voice.label(label) for topic, label in TOPICS.items() if topic in seen.topics]
    return voice.say(Text("circle", "appointed_for"), topics=names)


def _may_know(voice: Voice, standing: Iterable[Agreement]) -> Safe:
    """The person's own choices. A guardrail is not among them: nothing of it is ever shown."""
    agreed = next((one for one in standing if one.rows and voice.now < one.lapses_at), None)
    if agreed is None:
        return voice.say(Text("circle", "knows_nothing"))
    return voice.say(Text("circle", "may_know"), choices=lines_of(agreed))
