"""Words to the team from somebody around the person: never gated, never refused."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.care.outcome import Lane, Log, Message, Outcome, Tell, Value
from bot.care.text import Text

HEARD = Text("news", "heard")


@dataclass(frozen=True, slots=True)
class Heard:
    """What somebody around the person wrote to the team; who of the staff has read it, and when."""

    id: str
    member: str
    person: str
    words: str
    at: datetime
    read_by: str | None = None
    read_at: datetime | None = None


def hear(heard: Heard, staff: Sequence[str]) -> Outcome:
    """Words to the team: they go to staff alone, and never into what the person sees."""
    message = Message(HEARD, {"heard": heard.id})
    facts: dict[str, Value] = {"heard": heard.id}
    return Outcome(
        said=Message(Text("news", "thank_you")),
        records=(heard,),
        tells=tuple(Tell(to, message, Lane.NEWS, key=f"{heard.id}:{to}") for to in staff),
        logs=(Log("heard", None, heard.member, facts),),
    )


def read(heard: Heard, by: str, writer_is_here: bool, now: datetime) -> Outcome:
    """A member of staff has read it: whoever wrote it hears when, and from whom. Once.

    Not when they are around the person no more, and then staff are promised no such thing.
    """
    if heard.read_by is not None and heard.read_at is not None:
        by_then: dict[str, Value] = {"member": heard.read_by, "at": heard.read_at}
        return Outcome(said=Message(Text("news", "read_already"), by_then))
    receipt = Message(Text("news", "was_read"), {"member": by, "at": now})
    tells = (Tell(heard.member, receipt, Lane.NEWS, key=f"{heard.id}:read"),)
    hears = Message(Text("news", "marked_read"), {"carer": heard.member})
    return Outcome(
        said=hears if writer_is_here else Message(Text("news", "marked_read_gone")),
        records=(replace(heard, read_by=by, read_at=now),),
        tells=tells if writer_is_here else (),
        logs=(Log("heard_read", None, by, {"heard": heard.id}),),
    )
