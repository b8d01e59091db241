"""Something inside Kith could not be done: managers hear of it, so that a human looks."""

from datetime import datetime

from sqlalchemy import Connection

from bot.care.circle import Role
from bot.care.outcome import NOBODY, Lane, Message, Outcome, Tell
from bot.care.text import Text
from bot.store import circle
from bot.store.commit import commit


def tell_managers(c: Connection, kind: str, key: str, now: datetime) -> None:
    """A moment of this kind was set aside after several tries."""
    message = Message(Text("general", "set_aside"))
    managers = {m.id for team in circle.teams(c) for m in circle.staff_of(c, team.id, Role.MANAGER)}
    about = f"set_aside:{kind}:{key}:{now.isoformat()}"
    tells = tuple(
        Tell(member, message, Lane.SAFETY, key=f"{about}:{member}") for member in sorted(managers)
    )
    commit(c, Outcome(tells=tells), NOBODY, now)
