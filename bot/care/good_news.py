"""The person's own words for one supporter: that they wrote and sent them is their yes."""

from datetime import datetime

from bot.care.agreement import Effect
from bot.care.news import Answer, Hearer, News, State, Telling, push
from bot.care.outcome import Log, Message, Outcome, Value
from bot.care.text import Text

CANNOT = Text("rhythm", "cannot")
"""The same whatever keeps it back: it may be what the person must not read out of it."""


def share(news: News, hearer: Hearer | None, now: datetime) -> Outcome:
    """On its way to this supporter, if the gate lets them hear of this at all; None: they are not
    around the person any more."""
    if hearer is None or hearer.decision is None or hearer.decision.effect is Effect.WITHHOLD:
        return Outcome(said=Message(CANNOT))
    told = Telling(
        hearer.telling,
        news.id,
        hearer.member,
        hearer.supporter,
        State.WAITING,
        now,
        answer=Answer.YES,
        answered_at=now,
    )
    facts: dict[str, Value] = {"news": news.id, "to": hearer.member, "level": news.level}
    return Outcome(
        said=Message(Text("rhythm", "shared"), {"carer": hearer.member}),
        records=(news, told),
        tells=(push(told, news),),
        logs=(Log("news_written", news.person, news.by, facts),),
    )
