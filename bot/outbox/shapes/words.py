"""Buttons of messages about the person's two words, and about where they are."""

from collections.abc import Mapping

from bot.care.text import Text
from bot.outbox.shapes.escalation import ALERT, HELD, POLICE, SEE
from bot.outbox.shapes.journey import OUT
from bot.outbox.shapes.shape import Press, Shape, in_rows

_SILENT_HELD = Shape(
    (
        *in_rows(
            "escalation",
            "escalation",
            (("seen_to", Text("words", "seen_to")),),
            (("take", Text("words", "still")),),
            (("pass", Text("escalation", "pass")),),
        ).rows,
        *POLICE,
        (SEE,),
    )
)

SHAPES: Mapping[Text, Shape] = {
    # words
    Text("words", "code_first"): Shape(((Press(Text("words", "my_code"), "words:code:-:0"),),)),
    Text("words", "ring_me"): ALERT,
    Text("words", "ring_me_nobody"): ALERT,
    Text("words", "ring_me_yours"): HELD,
    Text("words", "ring_me_how"): HELD,
    Text("words", "ring_me_not_reached"): HELD,
    Text("words", "alert"): ALERT,
    Text("words", "alert_nobody"): ALERT,
    Text("words", "take_it_first"): ALERT,
    Text("words", "moved_on"): ALERT,
    Text("words", "police_time"): Shape((*ALERT.rows, *POLICE)),
    Text("words", "yours"): _SILENT_HELD,
    Text("words", "how_is_it"): _SILENT_HELD,
    # location
    Text("location", "kept"): OUT,
    Text("location", "arrived"): Shape(((SEE,),)),
}
