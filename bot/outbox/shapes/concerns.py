"""Buttons of messages about what somebody says is wrong: concerns for safety, complaints."""

from collections.abc import Mapping

from bot.care.text import Text
from bot.outbox.shapes.escalation import ALERT
from bot.outbox.shapes.shape import Press, Shape, in_rows

_CONCERN = Shape(
    (
        (Press(Text("concern", "read"), "concern:read:{concern}:0"),),
        (Press(Text("escalation", "pass"), "escalation:pass:{escalation}:0"),),
    )
)
_BEGUN = Shape(((Press(Text("concern", "go_on"), "concern:on:{talk}:0"),),))
TO_READ = in_rows("concern", "concern", (("read", Text("concern", "read")),))

SHAPES: Mapping[Text, Shape] = {
    # concern
    Text("concern", "begun"): _BEGUN,
    Text("concern", "begun_until"): _BEGUN,
    Text("concern", "alert"): ALERT,
    Text("concern", "alert_nobody"): ALERT,
    Text("concern", "moved_on"): ALERT,
    Text("concern", "not_kept"): ALERT,
    Text("concern", "take_it_first"): ALERT,
    Text("concern", "yours"): _CONCERN,
    Text("concern", "how_is_it"): Shape(
        (
            (Press(Text("concern", "still"), "escalation:take:{escalation}:0"),),
            *_CONCERN.rows,
        )
    ),
    Text("concern", "read_first"): TO_READ,
    # complaint
    Text("complaint", "please_read"): TO_READ,
    Text("complaint", "please_read_disagree"): TO_READ,
    Text("complaint", "please_acknowledge"): TO_READ,
    Text("complaint", "please_finish"): TO_READ,
}
