"""What was worrying about an outing, in the person's own words: for them alone, or their team."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.flows.flow import Choice, Conversation, Flow, Left, Located, Step, Wrote, acting
from bot.store import Connection, after, flow
from bot.store.flow import Talk

JOURNEY = "journey"
"""The answer this talk begins with: which outing."""

LONGEST = 500
"""Characters."""

PATIENCE = timedelta(hours=3)
"""Words that nobody goes on with for so long are kept for the person alone."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Who speaks."""

    by: str


def _facts(c: Connection, talk: Talk, _now: datetime) -> Facts:
    return Facts(acting(c, talk))


def _words(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text:
    words = said.text.strip() if isinstance(said, Wrote) else ""
    if not words:
        return Text("after", "in_words")
    return words if len(words) <= LONGEST else Text("after", "shorter")


def _say(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    said = talk.answers
    shown = said.get("show") == "yes"
    return after.say(c, said[JOURNEY], said["words"], facts.by, now, cause, shown=shown)


def _talk(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    return after.would_talk(c, talk.answers[JOURNEY], facts.by, now, cause)


def _left(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    flow.end(c, talk.id)
    return _say(c, talk, facts, now, cause)


WORRY = Conversation(
    Flow[Facts](
        name="after",
        start="words",
        steps={
            "words": Step(
                Text("after", "what_was_it"),
                (
                    Choice("talk", Text("after", "rather_talk"), "talk"),
                    Choice("nothing", Text("after", "rather_not"), "not_said"),
                ),
                reads="words",
                to="show",
            ),
            "show": Step(
                Text("after", "show_team"),
                (
                    Choice("yes", Text("after", "yes_show"), "said"),
                    Choice("no", Text("after", "keep_for_me"), "said"),
                ),
            ),
            "said": Step(ends="say"),
            "talk": Step(ends="talk"),
            "not_said": Step(Text("after", "not_said"), ends="stop"),
        },
        readers={"words": _words},
    ),
    _facts,
    {"say": _say, "talk": _talk},
    left=Left(PATIENCE, lambda talk: "words" in talk.answers, _left),
)
"""The talk behind `Yes`, something was worrying."""
