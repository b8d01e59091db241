"""What somebody around a person has asked to see of their plan: once shown, news of Kith's own.

Hidden, withdrawn and told of like any other.
"""

from datetime import datetime

from sqlalchemy import Connection

from bot.care import news as care
from bot.care.agreement import Decision
from bot.care.news import News, State, Telling
from bot.care.outcome import NOBODY, About, Log, Outcome, Value
from bot.care.text import Text
from bot.store import agreement, circle, ledger, news
from bot.store.tools import new_id


def not_shown(
    about: About,
    to: str,
    decided: Decision,
    text: Text,
    maybe: bool,
    c: Connection,
    _message: int,
    now: datetime,
) -> None:
    """The gate said no. That they asked is theirs alone to know; but where an earlier try may have
    shown it (`maybe`), the person hears that."""
    if maybe:
        item, telling = _made(c, about, to, text, new_id(c), State.OVER, now)
        kept_back = care.kept_back(item, telling, decided, maybe=True)
        outcome = Outcome(records=(item, telling), logs=(kept_back,))
        news.done(c, outcome, NOBODY, now)
        return
    facts: dict[str, Value] = {"to": to, "topic": about.topic.value, "level": about.level}
    ledger.write(c, Log("withheld", about.person, facts=facts | _rows(decided)), now)


def nothing_there(
    about: About, to: str, decided: Decision, c: Connection, _message: int, now: datetime
) -> None:
    """The gate said yes, and there was nothing: they have read what they read who may not."""
    facts: dict[str, Value] = {"to": to, "topic": about.topic.value, "level": about.level}
    ledger.write(c, Log("looked", about.person, facts=facts | _rows(decided)), now)


def shown(
    about: About,
    to: str,
    chat: int | None,
    telling: str,
    decided: Decision,
    text: Text,
    words: str,
    c: Connection,
    message: int,
    now: datetime,
) -> None:
    """It has left as this message; `words` say to the person what it was. `about.acting` is the
    place of whoever asked. What was withdrawn in that very moment is taken away again."""
    place = circle.membership(c, about.acting or "")
    still = place is not None and place.until is None
    still = still and news.told(agreement.ask(c, to, about, now))
    state = State.WAITING if still else State.OVER
    item, fresh = _made(c, about, to, text, telling, state, now)
    outcome = Outcome(records=(item, fresh)) + care.read(fresh, item, decided, message, now, words)
    news.done(c, news.from_where(c, outcome, chat), NOBODY, now)


def _made(
    c: Connection, about: About, to: str, text: Text, telling: str, state: State, now: datetime
) -> tuple[News, Telling]:
    assert about.acting is not None  # the place of whoever asked
    item = News(new_id(c), about.person, about.topic, about.level, None, None, now, text=text)
    return item, Telling(telling, item.id, to, about.acting, state, now)


def _rows(decided: Decision) -> dict[str, Value]:
    rows: dict[str, Value] = {"rows": ",".join(decided.rows)} if decided.rows else {}
    return {"reason": decided.reason.value, **rows}
