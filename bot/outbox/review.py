"""What is looked at again, in words: for staff, and for the person it is about."""

from collections.abc import Mapping

from bot.care.decision import Found
from bot.care.review import Came, Coming, Kind, restricts
from bot.care.text import Text
from bot.i18n import Param, Phrase
from bot.outbox.topics import TOPICS
from bot.store import Connection, agreeing, authority, circle, decision, meeting, profile, up
from bot.store import agreement as agreements
from bot.store import look as rounds
from bot.store.tools import tools

NAMES: Mapping[str, Text] = {
    Kind.AGREEMENT: Text("review", "kind_agreement"),
    Kind.SIGN_PLAN: Text("review", "kind_sign_plan"),
    Kind.OUTINGS: Text("review", "kind_outings"),
    Kind.DECISION: Text("review", "kind_decision"),
    Kind.AUTHORITY: Text("review", "kind_authority"),
    Kind.PROFILE: Text("review", "kind_profile"),
    Kind.RESTRICTIVE: Text("review", "kind_restrictive"),
    Kind.GLASS: Text("review", "kind_glass"),
    Kind.FIRST_WEEKS: Text("review", "kind_first_weeks"),
}

YOURS: Mapping[str, Text] = {
    Kind.SIGN_PLAN: Text("review", "your_sign_plan"),
    Kind.OUTINGS: Text("review", "your_outings"),
    Kind.DECISION: Text("review", "your_decision"),
    Kind.AUTHORITY: Text("review", "your_authority"),
    Kind.PROFILE: Text("review", "your_profile"),
    Kind.RESTRICTIVE: Text("review", "your_restrictive"),
    Kind.FIRST_WEEKS: Text("review", "your_first_weeks"),
}
"""As the person reads it."""

THEIRS: Mapping[str, Text] = {
    Kind.SIGN_PLAN: Text("review", "theirs_sign_plan"),
    Kind.OUTINGS: Text("review", "theirs_outings"),
    Kind.PROFILE: Text("review", "theirs_profile"),
}
"""As somebody around the person reads it, who may know."""

CAME: Mapping[Came, Text] = {
    Came.STAYS: Text("review", "came_stays"),
    Came.CHANGED: Text("review", "came_changed"),
    Came.ENDED: Text("review", "came_ended"),
}

COMING: Mapping[Coming, Text] = {
    Coming.YES: Text("review", "coming_yes"),
    Coming.NO: Text("review", "coming_no"),
    Coming.TALK: Text("review", "coming_talk"),
}


FOUND: Mapping[Found, Text] = {
    Found.CAN_DECIDE: Text("review", "found_can_decide"),
    Found.CANNOT_NOW: Text("review", "found_cannot_now"),
    Found.SHARE: Text("review", "found_share"),
    Found.KEEP: Text("review", "found_keep"),
}
"""What a decision record says, in the middle of a sentence."""


def name(c: Connection, kind: str) -> Text | str:
    """What its kind is called among staff."""
    return tools(c).reviews.name(kind) or NAMES.get(kind, Text("review", "kind_other"))


def what(c: Connection, kind: str, of: str) -> Phrase | Text | str:
    """What it is, and which one: with whom, about what, in whose words."""
    which: Param | None = None
    if kind in (Kind.AGREEMENT, Kind.AUTHORITY):
        which = _of_carer(c, kind, of)
    elif kind == Kind.DECISION:
        which = _topics(c, of)
    elif kind == Kind.RESTRICTIVE:
        which = _restricts(c, of)
    if not which:
        return name(c, kind)
    return Phrase(WHICH[Kind(kind)], {"which": which})


WHICH: Mapping[Kind, Text] = {
    Kind.AGREEMENT: Text("review", "which_agreement"),
    Kind.AUTHORITY: Text("review", "which_authority"),
    Kind.DECISION: Text("review", "which_decision"),
    Kind.RESTRICTIVE: Text("review", "which_restrictive"),
}


def carer(c: Connection, agreement: str) -> str | None:
    """With whom it is (a member)."""
    found = agreements.agreement(c, agreement)
    return None if found is None else agreeing.supporter(c, found.supporter)


def _of_carer(c: Connection, kind: str, of: str) -> str | None:
    """Whose it is, by name."""
    found = agreements.agreement(c, of) if kind == Kind.AGREEMENT else None
    papers = authority.authority(c, of) if kind == Kind.AUTHORITY else None
    place = found.supporter if found is not None else papers.membership if papers else None
    return None if place is None else circle.name(c, agreeing.supporter(c, place))


def _topics(c: Connection, of: str) -> list[str | Text]:
    found = decision.decision(c, of)
    return [] if found is None else [TOPICS[topic] for topic in found.topics]


def _restricts(c: Connection, of: str) -> str:
    person = up.person_of(c, Kind.RESTRICTIVE, of)
    looks = [] if person is None else rounds.rounds(c, person, Kind.RESTRICTIVE, of)
    return restricts(looks)


def fill(c: Connection, id: str) -> dict[str, Param]:
    """What the person is invited to, and when."""
    asked = rounds.invited(c, id)
    if asked is None:
        return {}
    yours: Param = tools(c).reviews.name(asked.kind) or YOURS.get(
        asked.kind, Text("review", "your_other")
    )
    topics = _topics(c, asked.of) if asked.kind == Kind.DECISION else []
    if topics:
        yours = Phrase(Text("review", "your_decision_about"), {"topics": topics})
    return {"what": yours, "day": asked.due_at.astimezone(tools(c).hours.zone).date()}


def theirs(c: Connection, id: str) -> dict[str, Param]:
    """The same, as somebody around the person reads it."""
    asked = rounds.invited(c, id)
    if asked is None or asked.kind not in THEIRS:
        return {}
    person: dict[str, Param] = {"person": profile.called(c, asked.person)}
    return {"what": Phrase(THEIRS[asked.kind], person)}


def meeting_on(c: Connection, person: str) -> dict[str, Param]:
    """The day on which the team meets about this person's early-warning plan."""
    found = meeting.meeting(c, person)
    if found is None or found.at is None:
        return {}
    return {"day": found.at.astimezone(tools(c).hours.zone).date()}


def fill_for_staff(c: Connection, id: str) -> dict[str, Param]:
    """The same, as staff call it."""
    asked = rounds.invited(c, id)
    return {} if asked is None else {"what": what(c, asked.kind, asked.of)}
