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

    `lane`: by which staff are asked. `words`: what is said in place of an outing's words;
    `supporters`: what a supporter who is a rung hears in place of theirs.
    """

    param: str
    topic: Topic
    person: bool = False
    lane: Lane = Lane.SAFETY
    words: Mapping[Text, Text] = field(default_factory=dict)
    supporters: Mapping[Text, Text] = field(default_factory=dict)


SOMETHING = {
    Text("contact", "alert_title"): Text("contact", "needed_title"),
    Text("contact", "alert"): Text("contact", "needed"),
    Text("contact", "alert_no_number"): Text("contact", "needed_no_number"),
}
"""On the second way out: of an outing it is a check-in that waits; of all else, something."""

OUTING = Spoken("journey", Topic.JOURNEYS, person=True)

DRILL = Spoken(
    "drill",
    Topic.JOURNEYS,
    lane=Lane.REPLY,  # a real alert never waits behind it
    words={
        Text("contact", "alert_title"): Text("drill", "call_title"),
        Text("contact", "alert"): Text("drill", "call"),
        Text("contact", "alert_no_number"): Text("drill", "call"),
        Text("escalation", "alert_missed"): Text("drill", "alert"),
    },
    supporters={
        Text("escalation", "alert_missed"): Text("escalation", "supporter_practice"),
    },
)
"""The ladder is practised: each word of it says so."""

SIGN = Spoken(
    "sign_alert",
    Topic.EARLY_SIGNS,
    words={
        **SOMETHING,
        Text("escalation", "alert_missed"): Text("sign_alert", "alert"),
        Text("escalation", "alert_help"): Text("sign_alert", "alert_more"),
        Text("escalation", "alert_nobody"): Text("sign_alert", "alert_nobody"),
        Text("escalation", "yours"): Text("sign_alert", "yours"),
        Text("escalation", "has_it"): Text("sign_alert", "has_it"),
        Text("escalation", "held_already"): Text("sign_alert", "held_already"),
        Text("escalation", "take_it_first"): Text("sign_alert", "take_it_first"),
        Text("escalation", "how_is_it"): Text("sign_alert", "how_is_it"),
        Text("escalation", "passed_on"): Text("sign_alert", "passed_on"),
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
        **SOMETHING,
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

HANDOVER = Spoken(
    "journey",
    Topic.JOURNEYS,
    words={
        **SOMETHING,
        Text("escalation", "alert_missed"): Text("handover", "ask"),
        Text("escalation", "alert_nobody"): Text("handover", "nobody"),
        Text("escalation", "yours"): Text("handover", "yours"),
        Text("escalation", "has_it"): Text("handover", "has_it"),
        Text("escalation", "closed_already"): Text("handover", "taken_already"),
        Text("escalation", "closed_alone"): Text("handover", "not_needed"),
    },
)
"""Whoever was on call for somebody who is out is so no longer: somebody must take it."""

CALL = Spoken(
    "caller",
    Topic.JOURNEYS,
    person=True,
    words={
        **SOMETHING,
        Text("escalation", "alert_missed"): Text("words", "ring_me"),
        Text("escalation", "alert_help"): Text("words", "ring_me"),
        Text("escalation", "alert_nobody"): Text("words", "ring_me_nobody"),
        Text("escalation", "yours"): Text("words", "ring_me_yours"),
        Text("escalation", "has_it"): Text("words", "ring_me_has_it"),
        Text("escalation", "how_is_it"): Text("words", "ring_me_how"),
        Text("escalation", "call_summary"): Text("words", "ring_me_not_reached"),
        Text("escalation", "finished"): Text("words", "finished"),
    },
)
"""The code word, from somebody who is not out: please ring me."""

DURESS = Spoken(
    "duress",
    Topic.JOURNEYS,
    words={
        **SOMETHING,
        Text("escalation", "alert_missed"): Text("words", "alert"),
        Text("escalation", "alert_help"): Text("words", "alert"),
        Text("escalation", "alert_emergency"): Text("words", "alert"),
        Text("escalation", "alert_nobody"): Text("words", "alert_nobody"),
        Text("escalation", "yours"): Text("words", "yours"),
        Text("escalation", "has_it"): Text("words", "has_it"),
        Text("escalation", "take_it_first"): Text("words", "take_it_first"),
        Text("escalation", "how_is_it"): Text("words", "how_is_it"),
        Text("escalation", "moved_on"): Text("words", "moved_on"),
        Text("escalation", "police_time"): Text("words", "police_time"),
        Text("escalation", "police_by"): Text("words", "police_by"),
        Text("escalation", "police_past"): Text("words", "police_past"),
        Text("escalation", "police_told"): Text("words", "police_told"),
        Text("escalation", "police_told_noted"): Text("words", "police_told_noted"),
        Text("escalation", "closed"): Text("words", "closed"),
        Text("escalation", "closed_by"): Text("words", "closed_by"),
        Text("escalation", "closed_already"): Text("words", "closed_already"),
    },
)
"""The second word: on the person's phone nothing has happened."""
