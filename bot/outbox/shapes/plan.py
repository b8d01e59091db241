"""Buttons of messages about a plan for outings, and what others think of it."""

from collections.abc import Mapping

from bot.care.planning import ASKS, ON_LADDER, PAGE, PART_STOPPED
from bot.care.text import Text
from bot.outbox.shapes.shape import Press, Shape, in_rows

_READ = ("read", Text("plan", "read_it"))
_READ_PLAN = in_rows("plan", "plan", (_READ,), (("not_now", Text("plan", "not_now")),))
_READ_PLAN_NOW = in_rows("plan", "plan", (_READ,))
_PAGE_AGAIN = in_rows("plan", "plan", (("page", Text("terms", "whole_page")),))

SHAPES: Mapping[Text, Shape] = {
    # plan
    Text("plan", "please_agree"): _READ_PLAN,
    Text("plan", "stands"): in_rows(
        "plan",
        "plan",
        (("change", Text("plan", "change_plan")),),
        (("view", Text("terms", "own_words")),),
    ),
    ON_LADDER: in_rows("plan", "plan", (("not_me", Text("plan", "not_me")),)),
    Text("plan", "not_me_person"): _READ_PLAN_NOW,
    # terms
    PAGE: in_rows(
        "plan",
        "plan",
        (("basics", Text("terms", "basics")), ("at_place", Text("terms", "at_place"))),
        (("support", Text("terms", "support")), ("asks", Text("terms", "asks"))),
        (("delays", Text("terms", "delays")), ("later", Text("terms", "later_pauses"))),
        (("safe", Text("terms", "safe_places")), ("ladder", Text("terms", "ladder"))),
        (("missed", Text("terms", "missed")), ("less", Text("terms", "less_back"))),
        (("view", Text("terms", "own_words")),),
        (("send", Text("plan", "send")),),
    ),
    PART_STOPPED: _PAGE_AGAIN,
    Text("terms", "lacks_points"): _PAGE_AGAIN,
    Text("terms", "lacks_less"): in_rows(
        "plan",
        "plan",
        (("less", Text("terms", "less_back")),),
        (("page", Text("terms", "whole_page")),),
    ),
    Text("terms", "staff_first"): _PAGE_AGAIN,
    # view
    **dict.fromkeys(ASKS.values(), in_rows("view", "plan", (("say", Text("view", "say")),))),
    Text("view", "not_shared"): Shape(
        (
            (Press(Text("view", "change_sharing"), "agreement:anew:{place}:0"),),
            (Press(Text("view", "somebody_else"), "view:who:-:0"),),
        )
    ),
    Text("view", "heard"): _READ_PLAN_NOW,
    Text("view", "thank_you"): _READ_PLAN_NOW,
    Text("view", "asked"): _READ_PLAN_NOW,
    Text("view", "asked_already"): _READ_PLAN_NOW,
}
