"""How an alert speaks, by its cause: of what, to whom, and in which words.

An outing's words are the rule. Whatever else is climbed for on the same ladder says here what it
says instead; to the person nothing then, since somebody may have spoken up for them alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.care.outcome import Lane, Topic
from bot.care.text import Text


@dataclass(frozen=True, slots=True)
class Spoken:
    """`param`: what its subject is called in a message. `person`: they hear who is asked.

    `lane`: by which staff are asked. `words`: what is said in place of an outing's words.
    """

    param: str
    topic: Topic
    person: bool = False
    lane: Lane = Lane.SAFETY
    words: Mapping[Text, Text] = field(default_factory=dict)


_CALL = {
    Text("contact", "alert_title"): Text("contact", "needed_title"),
    Text("contact", "alert"): Text("contact", "needed"),
    Text("contact", "alert_no_number"): Text("contact", "needed_no_number"),
}
"""On the second way out: of an outing it is a check-in that waits; of all else, something."""

OUTING = Spoken("journey", Topic.JOURNEYS, person=True)

SIGN = Spoken(
    "sign_alert",
    Topic.EARLY_SIGNS,
    words={
        **_CALL,
        Text("escalation", "alert_missed"): Text("sign_alert", "alert"),
        Text("escalation", "alert_help"): Text("sign_alert", "alert_more"),
        Text("escalation", "alert_nobody"): Text("sign_alert", "alert_nobody"),
        Text("escalation", "yours"): Text("sign_alert", "yours"),
        Text("escalation", "has_it"): Text("sign_alert", "has_it"),
        Text("escalation", "held_already"): Text("sign_alert", "held_already"),
        Text("escalation", "take_it_first"): Text("sign_alert", "take_it_first"),
        Text("escalation", "how_is_it"): Text("sign_alert", "how_is_it"),
        Text("escalation", "moved_on"): Text("sign_alert", "moved_on"),
        Text("escalation", "closed"): Text("sign_alert", "closed"),
        Text("escalation", "closed_by"): Text("sign_alert", "closed_by"),
        Text("escalation", "closed_already"): Text("sign_alert", "closed_already"),
    },
)
"""A threshold of the early-warning plan has been reached."""

EARLY_SIGN = replace(SIGN, lane=Lane.REPLY)
"""The same, by early signs alone."""

UNREAD = Spoken(
    "sign_alert",
    Topic.EARLY_SIGNS,
    lane=Lane.REPLY,
    words={
        **SIGN.words,
        Text("escalation", "alert_missed"): Text("digest", "alert"),
        Text("escalation", "alert_help"): Text("digest", "alert"),
        Text("escalation", "alert_nobody"): Text("digest", "alert_nobody"),
        Text("escalation", "yours"): Text("digest", "yours"),
        Text("escalation", "how_is_it"): Text("digest", "how_is_it"),
    },
)
"""Something that was noticed has waited too long to be read."""

CONCERN = Spoken(
    "concern",
    Topic.INCIDENTS,
    words={
        **_CALL,
        Text("escalation", "alert_missed"): Text("concern", "alert"),
        Text("escalation", "alert_nobody"): Text("concern", "alert_nobody"),
        Text("escalation", "yours"): Text("concern", "yours"),
        Text("escalation", "has_it"): Text("concern", "has_it"),
        Text("escalation", "held_already"): Text("concern", "held_already"),
        Text("escalation", "take_it_first"): Text("concern", "take_it_first"),
        Text("escalation", "how_is_it"): Text("concern", "how_is_it"),
        Text("escalation", "moved_on"): Text("concern", "moved_on"),
        Text("escalation", "closed"): Text("concern", "saved_finished"),
        Text("escalation", "closed_by"): Text("concern", "closed_by"),
        Text("escalation", "closed_already"): Text("concern", "finished_already"),
    },
)
"""Somebody has raised a concern."""
