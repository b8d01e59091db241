"""The weekly questions as they leave: what waited until it stood no more is not asked."""

from datetime import datetime

from bot.care.week_answer import QUESTION, QUESTION_AROUND, TO_READ, TO_SAY
from bot.store import Connection, around, week_answer
from bot.store.outbox import Row


def over(c: Connection, row: Row, now: datetime) -> bool:
    """Whether its reader is asked no more: their role has ended, they or the person want no more
    questions, it is paused; or has answered meanwhile."""
    if row.text in (QUESTION, QUESTION_AROUND):
        return not week_answer.still_asked(c, str(row.params["asked"]), now)
    if row.text == TO_SAY:
        return not week_answer.waiting(c, row.member, now)
    return row.text == TO_READ and not around.works_in(c, row.member, now)
