"""Buttons of messages about a person who is heard from by phone."""

from collections.abc import Mapping

from bot.care.text import Text
from bot.outbox.shapes.after import LESS, MISSED_STEP, STEP
from bot.outbox.shapes.escalation import ALERT
from bot.outbox.shapes.reviews import WEEKS
from bot.outbox.shapes.shape import Press, Shape, in_rows
from bot.outbox.shapes.sharing import ALLOW
from bot.outbox.shapes.signs import SIGN_PLAN

_RING = in_rows("by_phone", "person", (("who", Text("by_phone", "write_down")),))

SHAPES: Mapping[Text, Shape] = {
    Text("by_phone", "alert_emergency"): ALERT,
    Text("by_phone", "please_ask"): _RING,
    Text("by_phone", "ring_for_outing"): Shape(
        (
            (Press(Text("by_phone", "write_down"), "by_phone:who:{person}:0"),),
            (Press(Text("by_phone", "stop_regular"), "by_phone:stop:{regular}:0"),),
        )
    ),
    Text("by_phone", "at_once_team"): _RING,
    Text("by_phone", "stepped_at_once"): _RING,
    Text("by_phone", "good_team"): LESS,
    Text("by_phone", "team_more"): Shape((*STEP.rows, *_RING.rows)),
    Text("by_phone", "team_less"): Shape((*STEP.rows, *_RING.rows)),
    Text("by_phone", "team_missed"): Shape((*MISSED_STEP.rows, *_RING.rows)),
    Text("by_phone", "share_saved"): ALLOW,
    Text("by_phone", "weeks_started"): WEEKS,
    Text("by_phone", "signs_not_asked"): SIGN_PLAN,
}
