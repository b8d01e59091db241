"""What somebody says of a session they came to; and what staff write back to all who came."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.care.feedback import Answer, Asked
from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.flows.flow import Choice, Conversation, Flow, Left, Located, Step, Wrote, acting
from bot.i18n import Param
from bot.store import Connection, feedback, flow
from bot.store.flow import Talk

SESSION = "session"
"""The answer these talks begin with: which one."""

LONGEST_WORDS, LONGEST_PART = 500, 300
"""Characters: what is said of a session; each half of what is written back."""

PATIENCE = timedelta(hours=3)
"""What has been tapped is kept when nobody goes on for so long."""

ANSWERS = {
    Answer.YES: Text("feedback", "yes"),
    Answer.PARTLY: Text("feedback", "partly"),
    Answer.NO: Text("feedback", "no"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """Who speaks."""

    by: str


def _facts(c: Connection, talk: Talk, _now: datetime) -> Facts:
    return Facts(acting(c, talk))


def _words(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text:
    return _short(said, LONGEST_WORDS)


def _part(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text:
    return _short(said, LONGEST_PART)


def _short(said: Wrote | Located, longest: int) -> str | Text:
    words = said.text.strip() if isinstance(said, Wrote) else ""
    if not words:
        return Text("feedback", "in_words")
    return words if len(words) <= longest else Text("feedback", "shorter")


def _say(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    said = talk.answers
    answers = {one: Answer(said[one.value]) for one in Asked if one.value in said}
    words = said.get("words")
    kept = None if words == "nothing" else words
    return feedback.say(c, said[SESSION], answers, kept, facts.by, now, cause)


def _holds(talk: Talk) -> bool:
    return any(one.value in talk.answers for one in Asked)


def _left(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    flow.end(c, talk.id)
    return _say(c, talk, facts, now, cause)


def _follow(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    said = talk.answers
    return feedback.follow(c, said[SESSION], said["said"], said["done"], facts.by, now, cause)


def _read_back(_facts: Facts, talk: Talk) -> dict[str, Param]:
    return {name: talk.answers.get(name, "") for name in ("said", "done")}


def _asks(text: Text, to: str) -> Step:
    return Step(text, tuple(Choice(one.value, label, to) for one, label in ANSWERS.items()))


AFTER = Conversation(
    Flow[Facts](
        name="feedback",
        start=Asked.CLEAR.value,
        steps={
            Asked.CLEAR.value: _asks(Text("feedback", "was_it_clear"), Asked.AGAIN.value),
            Asked.AGAIN.value: _asks(Text("feedback", "come_again"), "words"),
            "words": Step(
                Text("feedback", "anything_to_say"),
                (Choice("nothing", Text("feedback", "nothing"), "said"),),
                reads="words",
                to="said",
            ),
            "said": Step(ends="say"),
        },
        readers={"words": _words},
        stop="said",
    ),
    _facts,
    {"say": _say},
    left=Left(PATIENCE, _holds, _left, replaced=True),
)
"""The talk after the first tap. Whoever stops, or does not go on, has said so much."""

FOLLOW = Conversation(
    Flow[Facts](
        name="feedback_follow",
        start="said",
        steps={
            "said": Step(Text("feedback", "what_was_said"), reads="part", to="done"),
            "done": Step(Text("feedback", "what_was_done"), reads="part", to="sure"),
            "sure": Step(
                Text("feedback", "read_back"), (Choice("send", Text("feedback", "send"), "sent"),)
            ),
            "sent": Step(ends="follow"),
        },
        readers={"part": _part},
    ),
    _facts,
    {"follow": _follow},
    _read_back,
)
"""The talk behind `You said, we did`."""
