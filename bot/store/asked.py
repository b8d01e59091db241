"""What somebody around a person has asked to see of their plan: once shown, news of Kith's own.

Hidden, withdrawn and told of like any other.
"""

from datetime import datetime

from sqlalchemy import Connection

from bot.care import news as care
from bot.care.agreement import Decision
from bot.care.news import News, State, Telling
from bot.care.outcome import NOBODY, About, Log, Outcome
from bot.care.text import Text
from bot.store import agreement, circle, ledger, news
from bot.store.tools import new_id


def not_shown(
    about: About, to: str, decided: Decision, c: Connection, _message: int, now: datetime
) -> None:
    """The gate said no. That they asked is theirs alone to know."""
    facts = {"to": to, "topic": about.topic.value, "level": about.level}
    facts |= {"reason": decided.reason.value}
    if decided.rows:
        facts["rows"] = ",".join(decided.rows)
    ledger.write(c, Log("withheld", about.person, facts=facts), now)


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
    assert about.acting is not None
    place = circle.membership(c, about.acting)
    still = place is not None and place.until is None
    still = still and news.told(agreement.ask(c, to, about, now))
    item = News(new_id(c), about.person, about.topic, about.level, None, None, now, text=text)
    state = State.WAITING if still else State.OVER
    fresh = Telling(telling, item.id, to, about.acting, state, now)
    outcome = Outcome(records=(item, fresh)) + care.read(fresh, item, decided, message, now, words)
    news.done(c, news.from_where(c, outcome, chat), NOBODY, now)
