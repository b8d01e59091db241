"""Something inside Kith could not be done: managers hear of it, so that a human looks."""

from datetime import datetime

from sqlalchemy import Connection

from bot.care.circle import Role
from bot.care.outcome import NOBODY, Lane, Message, Outcome, Tell
from bot.care.text import Text
from bot.store import around, circle
from bot.store.commit import commit

SET_ASIDE = Text("general", "set_aside")


def tell_managers(c: Connection, kind: str, key: str, now: datetime) -> None:
    """A thing of this kind was set aside; about the same one they hear once a minute at most."""
    message = Message(SET_ASIDE)
    about = f"set_aside:{kind}:{key}:{now:%Y-%m-%dT%H:%M}"
    tells = tuple(
        Tell(member, message, Lane.SAFETY, key=f"{about}:{member}") for member in sorted(_who(c))
    )
    commit(c, Outcome(tells=tells), NOBODY, now)


def _who(c: Connection) -> set[str]:
    """The managers; all staff while no manager can be reached."""
    teams = [team.id for team in circle.teams(c)]
    managers = [m for team in teams for m in around.staff_of(c, team, Role.MANAGER)]
    if not any(manager.reachable for manager in managers):
        return {m.id for team in teams for m in around.staff_of(c, team)}
    return {m.id for m in managers}
