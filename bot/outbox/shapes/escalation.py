"""Buttons of messages about an alert: who has it, and how it is."""

from collections.abc import Mapping

from bot.care.text import Text
from bot.outbox.shapes.journey import FELT, STILL_OUT
from bot.outbox.shapes.shape import Press, Shape, in_rows

SEE = Press(Text("location", "see"), "location:see:{escalation}:0", only="there_to_see")
ALERT = Shape(
    (
        *in_rows(
            "escalation",
            "escalation",
            (("take", Text("escalation", "take")),),
            (("pass", Text("escalation", "pass")),),
        ).rows,
        (SEE,),
    )
)
HELD = Shape(
    (
        *in_rows(
            "escalation",
            "escalation",
            (("safe", Text("escalation", "safe")),),
            (("needed", Text("escalation", "needed")),),
            (("not_reached", Text("escalation", "not_reached")),),
            (("pass", Text("escalation", "pass")),),
        ).rows,
        (SEE,),
    )
)

_HEARD = Shape(
    (
        (Press(Text("escalation", "take"), "escalation:take:{escalation}:0", unless="mine"),),
        (Press(Text("escalation", "safe"), "escalation:safe:{escalation}:0", only="mine"),),
        (Press(Text("escalation", "needed"), "escalation:needed:{escalation}:0", only="mine"),),
        (Press(Text("escalation", "pass"), "escalation:pass:{escalation}:0"),),
        (SEE,),
    )
)
"""The person has answered: whoever has the alert can say how it is."""

POLICE = (
    (Press(Text("escalation", "police_rung"), "escalation:police:{escalation}:0", unless="known"),),
)
"""Somebody has rung 101 or 999: said where one is asked to."""

_HELD_TOO = in_rows(
    "escalation",
    "escalation",
    (("vouch", Text("escalation", "safe")),),
    (("pass", Text("escalation", "pass")),),
)

DRILL = in_rows("escalation", "escalation", (("drilled", Text("escalation", "take")),))

_MISTAKE = in_rows("journey", "journey", (("mistake", Text("journey", "mistake")),))

SHAPES: Mapping[Text, Shape] = {
    Text("escalation", "open_again"): ALERT,
    Text("escalation", "alert_missed"): ALERT,
    Text("escalation", "alert_missed_off"): ALERT,
    Text("escalation", "alert_missed_unreached"): ALERT,
    Text("escalation", "alert_missed_unasked"): ALERT,
    Text("escalation", "alert_help"): ALERT,
    Text("escalation", "alert_ring_me"): ALERT,
    Text("escalation", "alert_lost"): ALERT,
    Text("escalation", "alert_upset"): ALERT,
    Text("escalation", "alert_emergency"): ALERT,
    Text("escalation", "alert_nobody"): ALERT,
    Text("escalation", "police_time"): Shape((*ALERT.rows, *POLICE)),
    Text("escalation", "please_speak"): _HEARD,
    Text("escalation", "person_ok"): _HEARD,
    Text("escalation", "person_answered"): _HEARD,
    Text("escalation", "person_home"): _HEARD,
    Text("escalation", "mistake"): ALERT,
    Text("escalation", "moved_on"): ALERT,
    Text("escalation", "take_it_first"): ALERT,
    Text("escalation", "vouched"): ALERT,
    Text("escalation", "supporter_took"): in_rows(
        "escalation", "escalation", (("take", Text("escalation", "take")),)
    ),
    Text("escalation", "supporter_missed"): ALERT,
    Text("escalation", "supporter_help"): ALERT,
    Text("escalation", "supporter_heard"): ALERT,
    Text("escalation", "supporter_moved_on"): ALERT,
    Text("escalation", "supporter_yours"): _HELD_TOO,
    Text("escalation", "supporter_how"): _HELD_TOO,
    Text("escalation", "yours"): HELD,
    Text("escalation", "how_is_it"): HELD,
    Text("escalation", "call_summary"): Shape((*HELD.rows, *POLICE)),
    Text("escalation", "finished"): Shape(STILL_OUT),
    Text("escalation", "finished_ask"): Shape((FELT.rows[0], STILL_OUT[0])),
    Text("escalation", "ring_999"): _MISTAKE,
    Text("escalation", "ring_999_alone"): _MISTAKE,
    Text("escalation", "practice"): in_rows(
        "escalation", "by", (("practised", Text("escalation", "take")),)
    ),
    Text("escalation", "supporter_practice"): DRILL,
}
