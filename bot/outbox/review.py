"""What is looked at again, in words: for staff, and for the person it is about."""

from collections.abc import Mapping

from bot.care.review import Came, Coming, Kind
from bot.care.text import Text
from bot.i18n import Param
from bot.store import Connection
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
}
"""As the person reads it."""

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


def name(c: Connection, kind: str) -> Text | str:
    """What it is called among staff."""
    return tools(c).reviews.name(kind) or NAMES.get(kind, Text("review", "kind_other"))


def fill(c: Connection, id: str) -> dict[str, Param]:
    """What the person is invited to, and when."""
    asked = rounds.invited(c, id)
    if asked is None:
        return {}
    what = tools(c).reviews.name(asked.kind) or YOURS.get(asked.kind, Text("review", "your_other"))
    return {"what": what, "day": asked.due_at.astimezone(tools(c).hours.zone).date()}
