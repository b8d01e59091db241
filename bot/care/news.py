"""News: something told to those around a person, the gate asked anew at each step of its way.

A telling is one item on its way to one supporter. The push says nothing; the words are read
behind a tap. Silence is a no. What was shown is hidden again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.care.agreement import Decision, Effect, Reason
from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic, Value, Wake
from bot.care.text import Text

ASK_FOR = timedelta(hours=24)
"""So long the person may think about it; after that, silence is a no."""

HIDE_AFTER = timedelta(minutes=10)
"""So long a text stays in the reader's chat."""

ALERT_STAYS = timedelta(hours=47)
"""So long at most what is asked of a rung stays there, with its buttons; it ends with the alert."""

KEPT = timedelta(days=28)
"""So long news may be read."""

ASKING, HIDING = "news_ask", "news_hide"
"""The kinds of a telling's deadlines; their key is its id."""

PUSH = Text("news", "push")
READING = Text("news", "reading")
MAY_I = Text("news", "may_i_tell")
REMOVE = Text("general", "remove")
NOT_TOLD = Text("news", "not_told")


class State(StrEnum):
    ASKING = "asking"
    WAITING = "waiting"
    READ = "read"
    OVER = "over"


class Event(StrEnum):
    ASK = "ask"
    YES = "yes"
    REFUSED = "refused"
    READ = "read"
    WITHDRAWN = "withdrawn"


TABLE: dict[State, dict[Event, State]] = {
    State.ASKING: {
        Event.YES: State.WAITING,
        Event.REFUSED: State.OVER,
        Event.WITHDRAWN: State.OVER,
    },
    State.WAITING: {
        Event.ASK: State.ASKING,
        Event.READ: State.READ,
        Event.WITHDRAWN: State.OVER,
    },
    State.READ: {Event.READ: State.READ, Event.WITHDRAWN: State.OVER},
    State.OVER: {},
}
"""state × event → state; a missing cell is "nothing happens"."""


class Answer(StrEnum):
    """What the person said when they were asked first. Kept; never renamed."""

    YES = "yes"
    NO = "no"
    CHANGE = "change"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class News:
    """One item. Without a topic it is general information, about nobody, and no gate is asked.

    What Kith itself tells has no writer and no words: `text` and `params` say it. `at` is the
    time it tells of (None: not known). `harm`: it is about moderate harm or worse, which the
    person has to hear face to face first: `told_by`, `told_at`.
    """

    id: str
    person: str
    topic: Topic | None
    level: int
    words: str | None
    by: str | None
    made_at: datetime
    at: datetime | None = None
    harm: bool = False
    told_by: str | None = None
    told_at: datetime | None = None
    text: Text | None = None
    params: Mapping[str, Value] = field(default_factory=dict)

    @property
    def alert(self) -> str | None:
        """The alert that its one reader is a rung of; None of anything else."""
        if self.text is None or self.text.subject != "escalation":
            return None
        return str(self.params["escalation"])

    def about(self, supporter: str) -> About | None:
        """What the gate is asked before it is told through this membership."""
        if self.topic is None:
            return None
        return About(self.person, self.topic, self.level, supporter, self.id, self.at)


@dataclass(frozen=True, slots=True)
class Telling:
    """`message` is Telegram's id of the text while it is shown to `member`, until `hide_at`."""

    id: str
    news: str
    member: str
    supporter: str
    state: State
    made_at: datetime
    ask_until: datetime | None = None
    answer: Answer | None = None
    answered_at: datetime | None = None
    read_at: datetime | None = None
    message: int | None = None
    hide_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Hearer:
    """Somebody it might be told to, and what the gate says; None where no gate is asked."""

    telling: str
    member: str
    supporter: str
    decision: Decision | None


# --- on its way ---------------------------------------------------------------------------


def send(news: News, hearers: Sequence[Hearer], now: datetime) -> Outcome:
    """Told to those who may know, asked first where the person wants that, kept from the rest."""
    facts: dict[str, Value] = {"news": news.id, "level": news.level}
    if news.topic is not None:
        facts["topic"] = news.topic.value
    person = None if news.topic is None else news.person
    sent = Outcome(records=(news,), logs=(Log("news_written", person, news.by, facts),))
    for hearer in hearers:
        sent += _to(news, hearer, now)
    text = Text("news", "sent") if len(sent.records) > 1 else Text("news", "sent_to_nobody")
    return replace(sent, said=Message(text))


def _to(news: News, hearer: Hearer, now: datetime) -> Outcome:
    fresh = Telling(hearer.telling, news.id, hearer.member, hearer.supporter, State.WAITING, now)
    decision = hearer.decision
    if decision is None or decision.effect is Effect.SHARE:
        return Outcome(records=(fresh,), tells=(push(fresh, news),))
    if decision.effect is Effect.ASK:
        return ask_first(fresh, news, now)
    log = kept_back if news.by is not None else unshared
    return Outcome(logs=(log(news, fresh, decision),))


def push(telling: Telling, news: News) -> Tell:
    """The constant sentence: the same whatever it is, and whomever it is about."""
    about = news.about(telling.supporter)
    return Tell(telling.member, Message(PUSH), Lane.NEWS, about, pushed_as(telling)[-1])


def pushed_as(telling: Telling) -> list[str]:
    """The keys under which its reader may have been called before they first read it, by now."""
    if telling.state is State.READ:
        return []
    return [f"{telling.id}:push:{version}" for version in range(1, telling.version + 1)]


# --- asked first --------------------------------------------------------------------------


def ask_first(telling: Telling, news: News, now: datetime) -> Outcome:
    """The person gets the very words, to whom, and until when they may answer."""
    if telling.state is not State.WAITING or telling.answer is not None:
        return Outcome()
    if news.alert is not None:  # a rung is asked while the person lets them know, or passed over
        return Outcome()
    asking = replace(_moved(telling, Event.ASK), ask_until=now + ASK_FOR)
    params: dict[str, Value] = {"telling": asking.id, "version": asking.version}
    card = Tell(news.person, Message(MAY_I, params), Lane.NEWS, key=f"{asking.id}:ask")
    facts: dict[str, Value] = {"telling": asking.id, "to": asking.member, "news": news.id}
    return Outcome(
        records=(asking,),
        tells=(card,),
        wakes=(Wake(ASKING, asking.id, asking.ask_until),),
        logs=(Log("news_asked", news.person, None, facts),),
    )


def yes(telling: Telling, news: News, version: int, now: datetime) -> Outcome:
    if not _asks(telling, version, now):
        return Outcome()
    answered = _answered(telling, Event.YES, Answer.YES, now)
    said = Message(Text("news", "yes_said"), {"carer": telling.member})
    return _kept(answered, news, said) + Outcome(tells=(push(answered, news),))


def no(telling: Telling, news: News, version: int, staff: Sequence[str], now: datetime) -> Outcome:
    """The person says no; `staff` are those who are to know that it has not been told."""
    if not _asks(telling, version, now):
        return Outcome()
    answered = _answered(telling, Event.REFUSED, Answer.NO, now)
    said = Message(Text("news", "no_said"), {"carer": telling.member})
    return _kept(answered, news, said) + _refused(answered, news, staff)


def change(
    telling: Telling, news: News, version: int, staff: Sequence[str], now: datetime
) -> Outcome:
    """The person wants other words: it goes back to whoever wrote it."""
    if news.by is None or not _asks(telling, version, now):
        return Outcome()
    answered = _answered(telling, Event.REFUSED, Answer.CHANGE, now)
    said = Message(Text("news", "change_said"), {"carer": telling.member})
    wanted = Text("news", "change_wanted")
    return _kept(answered, news, said) + _refused(answered, news, staff, wanted)


def silence(telling: Telling, news: News, staff: Sequence[str], now: datetime) -> Outcome:
    """The time to answer has passed: that is a no, and never held against anybody."""
    if telling.state is not State.ASKING or telling.ask_until is None:
        return Outcome()
    if now < telling.ask_until:
        return Outcome(wakes=(Wake(ASKING, telling.id, telling.ask_until),))
    answered = _answered(telling, Event.REFUSED, Answer.SILENT, now)
    return _kept(answered, news, None) + _refused(answered, news, staff)


def _asks(telling: Telling, version: int, now: datetime) -> bool:
    """Whether this button is that of a question that still stands."""
    until = telling.ask_until
    stands = telling.state is State.ASKING and telling.version == version
    return stands and until is not None and now < until


def _answered(telling: Telling, event: Event, answer: Answer, now: datetime) -> Telling:
    return replace(_moved(telling, event), answer=answer, answered_at=now)


def _kept(answered: Telling, news: News, said: Message | None) -> Outcome:
    facts: dict[str, Value] = {
        "telling": answered.id,
        "to": answered.member,
        "news": news.id,
        "answer": str(answered.answer),
    }
    actor = None if answered.answer is Answer.SILENT else news.person
    return Outcome(
        said=said,
        records=(answered,),
        wakes=(Wake(ASKING, answered.id, None),),
        logs=(Log("news_answered", news.person, actor, facts),),
    )


def _refused(answered: Telling, news: News, staff: Iterable[str], text: Text = NOT_TOLD) -> Outcome:
    """Staff hear that it has not been told: a no and a silence sound the same to them."""
    assert news.topic is not None  # nobody is asked about general information
    about = About(news.person, news.topic, news.level)
    message = Message(text, {"person": news.person, "carer": answered.member})
    key = f"{answered.id}:{text.id}"
    no = kept_back(news, answered, Decision(Effect.WITHHOLD, Reason.SAID_NO))
    return Outcome(
        tells=tuple(Tell(to, message, Lane.NEWS, about, f"{key}:{to}") for to in staff),
        logs=(no,),
    )


# --- read and hidden ----------------------------------------------------------------------


def look(member: str, telling: Telling | None) -> Outcome:
    """The reader's own tap: what it shows is asked again when it leaves. None: nothing to read."""
    params: dict[str, Value] = {} if telling is None else {"telling": telling.id}
    return Outcome(tells=(Tell(member, Message(READING, params), Lane.REPLY),))


def read(
    telling: Telling,
    news: News,
    decision: Decision | None,
    message: int,
    now: datetime,
    words: str | None = None,
) -> Outcome:
    """The words have left; `words` as they were said, where the item has none of its own. What
    was withdrawn in that very moment is taken away again."""
    log = _told(news, telling, decision, words)
    if telling.state not in (State.WAITING, State.READ):
        return Outcome(tells=(remove(telling.member, message),), logs=(log,))
    hide_at = now + (HIDE_AFTER if news.alert is None else ALERT_STAYS)
    shown = replace(_moved(telling, Event.READ), read_at=now, message=message, hide_at=hide_at)
    before = telling.message
    return Outcome(
        records=(shown,),
        tells=() if before in (None, message) else (remove(telling.member, before),),
        wakes=(Wake(HIDING, shown.id, shown.hide_at),),
        logs=(log,),
    )


def hide(telling: Telling, pressed: int | None = None) -> Outcome:
    """Take the text away; `pressed` is the message whose button asks for it, if one does."""
    shown = dict.fromkeys(id for id in (telling.message, pressed) if id is not None)
    if not shown:
        return Outcome()
    return Outcome(
        records=(replace(telling, message=None, hide_at=None, version=telling.version + 1),),
        tells=tuple(remove(telling.member, message) for message in shown),
        wakes=(Wake(HIDING, telling.id, None),),
    )


def due_to_hide(telling: Telling, now: datetime) -> Outcome:
    if telling.hide_at is not None and now < telling.hide_at:
        return Outcome(wakes=(Wake(HIDING, telling.id, telling.hide_at),))
    return hide(telling)


def withdrawn(telling: Telling, news: News, by: str) -> Outcome:
    """It may not be told any more: what waits is over, what is still shown is taken away."""
    if telling.state is State.OVER:
        return Outcome()
    over = replace(_moved(telling, Event.WITHDRAWN), message=None, hide_at=None)
    facts: dict[str, Value] = {"telling": over.id, "to": over.member, "news": news.id}
    shown = telling.message
    return Outcome(
        records=(over,),
        tells=() if shown is None else (remove(telling.member, shown),),
        wakes=(Wake(ASKING, over.id, None), Wake(HIDING, over.id, None)),
        logs=(Log("news_withdrawn", news.person, by, facts),),
    )


def was_called(telling: Telling) -> bool:
    """Whether its reader was called to read it, and may be again."""
    return telling.state in (State.WAITING, State.READ)


def outdated(telling: Telling, person: str) -> Outcome:
    """It is not so any more: who has not read it does not read it now, and nobody is asked."""
    if telling.state not in (State.ASKING, State.WAITING):
        return Outcome()
    over = _moved(telling, Event.WITHDRAWN)
    facts: dict[str, Value] = {"telling": over.id, "to": over.member, "news": over.news}
    return Outcome(
        records=(over,),
        wakes=(Wake(ASKING, over.id, None),),
        logs=(Log("news_outdated", person, None, facts),),
    )


def replaced(telling: Telling, person: str) -> Outcome:
    """Something newer is told instead: it is not read any more, and what is shown is taken away."""
    if telling.state is State.OVER:
        return Outcome()
    outcome = outdated(telling, person)
    if telling.state is State.READ:
        over = replace(_moved(telling, Event.WITHDRAWN), message=None, hide_at=None)
        outcome = Outcome(records=(over,), wakes=(Wake(HIDING, over.id, None),))
        if telling.message is not None:
            outcome += Outcome(tells=(remove(telling.member, telling.message),))
    return outcome


def remove(member: str, message: int) -> Tell:
    """Take this message out of the member's chat."""
    key = f"{member}:remove:{message}"
    return Tell(member, Message(REMOVE, {"message": message}), Lane.REPLY, key=key)


# --- the ledger ---------------------------------------------------------------------------


def kept_back(news: News, telling: Telling, decision: Decision, *, maybe: bool = False) -> Log:
    """A line that it was not told, and why; `maybe`: an earlier try may have shown it."""
    facts = _facts(news, telling, decision) | ({"maybe": 1} if maybe else {})
    return Log("withheld", news.person, None, facts)


def passed_over(news: News, telling: Telling, decision: Decision) -> Log:
    """A line that a reader's tap did not choose it: of another kind, so that the person is not
    told each time that somebody looked."""
    return Log("not_shown", news.person, None, _facts(news, telling, decision))


def unshared(news: News, telling: Telling, decision: Decision) -> Log:
    """A line that Kith did not tell what it tells by itself: nobody had wanted to tell it."""
    return Log("unshared", news.person, None, _facts(news, telling, decision))


def _told(news: News, telling: Telling, decision: Decision | None, words: str | None) -> Log:
    if decision is None:
        return Log("informed", facts={"to": telling.member, "news": news.id})
    return Log("told", news.person, None, _facts(news, telling, decision), words or news.words)


def _facts(news: News, telling: Telling, decision: Decision) -> dict[str, Value]:
    assert news.topic is not None  # the gate was asked
    return {
        "to": telling.member,
        "topic": news.topic.value,
        "level": news.level,
        "reason": decision.reason.value,
        "news": news.id,
        "rows": ",".join(decision.rows),
    }


def _moved(telling: Telling, event: Event) -> Telling:
    state = TABLE[telling.state][event]
    return replace(telling, state=state, version=telling.version + 1)
