"""Buttons of messages about outings that come again, cover on the rota, and outings handed over."""

from collections.abc import Mapping

from bot.care.regular import QUESTION as REGULAR
from bot.care.text import Text
from bot.outbox.shapes.shape import Press, Shape, in_rows

_COVER = in_rows(
    "cover",
    "cover",
    (("yes", Text("cover", "yes")),),
    (("no", Text("cover", "no")),),
)
_HANDOVER = in_rows(
    "escalation",
    "escalation",
    (("take", Text("handover", "i_have_it")),),
    (("pass", Text("escalation", "pass")),),
)

SHAPES: Mapping[Text, Shape] = {
    # cover
    Text("cover", "please_cover"): _COVER,
    Text("cover", "please_swap"): _COVER,
    # handover
    Text("handover", "ask"): _HANDOVER,
    Text("handover", "nobody"): _HANDOVER,
    # regular
    REGULAR: Shape(
        (
            (Press(Text("regular", "going"), "regular:go:{regular}:{mark}"),),
            (Press(Text("regular", "not_today"), "regular:not:{regular}:{mark}"),),
            (Press(Text("regular", "later"), "regular:later:{regular}:{mark}"),),
        )
    ),
    Text("regular", "please_agree"): in_rows(
        "regular",
        "regular",
        (("agree", Text("regular", "yes_please")),),
        (("decline", Text("regular", "no_thanks")),),
    ),
}
