"""A role in words: what somebody is here, and for whom."""

from collections.abc import Mapping

from bot.care.circle import Membership, Role
from bot.care.text import Text
from bot.i18n import Voice
from bot.store import Connection, circle

ROLES: Mapping[Role, Text] = {
    Role.PERSON: Text("role", "person"),
    Role.FAMILY: Text("role", "family"),
    Role.FRIEND: Text("role", "friend"),
    Role.CARER: Text("role", "carer"),
    Role.ADVOCATE: Text("role", "advocate"),
    Role.ATTORNEY: Text("role", "attorney"),
    Role.DEPUTY: Text("role", "deputy"),
    Role.NOMINATED_PERSON: Text("role", "nominated_person"),
    Role.PROFESSIONAL: Text("role", "professional"),
    Role.STAFF: Text("role", "staff"),
    Role.ON_CALL_LEAD: Text("role", "on_call_lead"),
    Role.MANAGER: Text("role", "manager"),
    Role.SAFEGUARDING_LEAD: Text("role", "safeguarding_lead"),
}


def acting_as(c: Connection, voice: Voice, membership: Membership) -> str:
    """Plain words for one membership: "carer for Sam", "manager, Oak House"."""
    role = voice.label(ROLES[membership.role])
    if membership.person is not None:
        person = circle.name(c, membership.person)
        return voice.label(Text("role", "for_person"), role=role, person=person)
    team = circle.team(c, membership.team).name
    return voice.label(Text("role", "in_team"), role=role, team=team)
