"""Buttons of messages about who is around the person, and how each is reached."""

from collections.abc import Mapping

from bot.care.text import Text
from bot.outbox.shapes.shape import Press, Shape, in_rows

_LINK = in_rows("invitation", "invitation", (("link", Text("invitation", "make_link")),))
_WISH = in_rows(
    "invitation",
    "invitation",
    (("want", Text("invitation", "want")),),
    (("decline", Text("invitation", "do_not_want")),),
)
_REGRET = in_rows("invitation", "invitation", (("decline", Text("invitation", "changed_my_mind")),))

_THEM = in_rows(
    "invitation",
    "invitation",
    (("them", Text("invitation", "yes_them")),),
    (("not_them", Text("invitation", "no_them")),),
)

_TESTED = Shape(
    (
        (Press(Text("contact", "it_arrived"), "contact:arrived:{channel}:{mark}"),),
        (Press(Text("contact", "nothing"), "contact:nothing:{channel}:{mark}"),),
        (Press(Text("contact", "back"), "contact:back:{channel}:{mark}"),),
    )
)
_NOT_THERE = Shape(
    (
        (Press(Text("contact", "it_arrived"), "contact:arrived:{channel}:{mark}"),),
        (Press(Text("contact", "once_more"), "contact:test:{channel}:{mark}"),),
        (Press(Text("contact", "back"), "contact:back:{channel}:{mark}"),),
    )
)

SHAPES: Mapping[Text, Shape] = {
    # circle
    Text("circle", "paused"): in_rows(
        "circle", "membership", (("resume", Text("circle", "start_again")),)
    ),
    # invitation
    Text("invitation", "ready"): _LINK,
    Text("invitation", "wants"): _LINK,
    Text("invitation", "do_you_want"): _WISH,
    Text("invitation", "nominated"): _REGRET,
    Text("invitation", "nominated_nobody_to_ask"): _REGRET,
    Text("invitation", "is_that_them"): _THEM,
    Text("invitation", "is_it_them"): _THEM,
    # contact
    Text("contact", "test_sent"): _TESTED,
    Text("contact", "not_sent_yet"): _TESTED,
    Text("contact", "look_at_it"): _NOT_THERE,
    Text("contact", "test_failed"): _NOT_THERE,
}
