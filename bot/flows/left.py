"""Talks that are left before their end: what somebody has begun to tell is not lost."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.care.outcome import NOBODY, Cause, Outcome
from bot.flows.concern import TALKS
from bot.flows.feedback import AFTER
from bot.flows.first_weeks import WEEK
from bot.flows.flow import Conversation
from bot.flows.noticing import NOTICE
from bot.store import Connection, flow
from bot.store.commit import commit
from bot.store.flow import Talk

_ALL: Sequence[Conversation[Any]] = (NOTICE, WEEK, AFTER, *TALKS.values())
_KNOWN: Mapping[str, Conversation[Any]] = {one.flow.name: one for one in _ALL}


def due(c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY) -> None:
    """Nobody has gone on with this talk for as long as it may wait."""
    talk = flow.left(c, id)
    conversation = None if talk is None else _KNOWN.get(talk.flow)
    if talk is None or conversation is None or not leave(c, conversation, talk, now, cause):
        commit(c, Outcome(), cause, now)


def leave(
    c: Connection, conversation: Conversation[Any], talk: Talk, now: datetime, cause: Cause = NOBODY
) -> bool:
    """What follows from a talk as it was left; False when nothing does."""
    left = conversation.left
    if left is None or not left.holds(talk):
        return False
    left.act(c, talk, conversation.facts(c, talk, now), now, cause)
    return True
