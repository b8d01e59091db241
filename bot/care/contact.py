"""Another way to reach a member of staff, when Telegram is none: what counts as an address."""

import re

from bot.care.escalation import AT_ONCE, SPOKEN, Escalation, State
from bot.care.text import Text

LONGEST_ADDRESS = 80

_NUMBER = re.compile(r"\+?[\d ()-]+", re.ASCII)
_ADDRESS = re.compile(r"[a-z0-9_](?:[a-z0-9._+-]*@)?[a-z0-9._-]*[a-z0-9]", re.ASCII | re.IGNORECASE)

FEWEST_DIGITS = 6

_HAS_IT = Text("escalation", "has_it")

CALM = frozenset(
    {
        _HAS_IT,
        Text("escalation", "practice"),
        *(spoken.words.get(_HAS_IT, _HAS_IT) for spoken in SPOKEN.values()),
    }
)
"""Safety messages that ask nobody to look now: they wait for Telegram."""


def address(written: str) -> str | None:
    """One email address, telephone number or name, as it is kept; None when it is none.

    Nothing that could be a second one, or a server: no commas, spaces, quotes or slashes.
    """
    said = written.strip()
    if _NUMBER.fullmatch(said):
        said = re.sub(r"[ ()-]", "", said)
        if sum(map(str.isdigit, said)) < FEWEST_DIGITS:
            return None
        return said if len(said) <= LONGEST_ADDRESS else None
    fits = _ADDRESS.fullmatch(said) and ".." not in said and len(said) <= LONGEST_ADDRESS
    return said if fits else None


def needless(alert: Escalation, member: str) -> str | None:
    """Why this member need not be called to an alert any more; None when they should be."""
    if alert.state is State.CLOSED:
        return "closed"
    held_by_staff = alert.holder is not None and alert.acting(alert.holder) is None
    if held_by_staff and alert.holder != member and alert.cause not in AT_ONCE:
        return "held"
    return None
