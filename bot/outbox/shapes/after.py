"""Buttons of messages about how outings went, steps of support, and drills."""

from collections.abc import Mapping

from bot.care.text import Text
from bot.outbox.shapes.escalation import DRILL
from bot.outbox.shapes.shape import Press, Shape, in_rows

STEP = in_rows(
    "stepping",
    "proposal",
    (("yes", Text("stepping", "yes_please")),),
    (("no", Text("stepping", "not_now")),),
)
_FORGOTTEN = in_rows("stepping", "proposal", (("forgot", Text("stepping", "only_forgotten")),))
LESS = in_rows("stepping", "person", (("less", Text("stepping", "suggest_less")),))
MISSED_STEP = Shape((*STEP.rows, *_FORGOTTEN.rows))

SHAPES: Mapping[Text, Shape] = {
    # after
    Text("after", "how_worried"): in_rows(
        "after",
        "worry",
        (
            ("worry_1", Text("after", "worry_1")),
            ("worry_2", Text("after", "worry_2")),
            ("worry_3", Text("after", "worry_3")),
            ("worry_4", Text("after", "worry_4")),
            ("worry_5", Text("after", "worry_5")),
        ),
        (("no_more", Text("after", "ask_no_more")),),
    ),
    # stepping
    Text("stepping", "please_more"): STEP,
    Text("stepping", "please_less"): STEP,
    Text("stepping", "team_more"): STEP,
    Text("stepping", "team_less"): STEP,
    Text("stepping", "person_said_yes"): STEP,
    Text("stepping", "team_missed"): MISSED_STEP,
    Text("stepping", "at_once"): in_rows(
        "stepping", "proposal", (("disagree", Text("stepping", "do_not_agree")),)
    ),
    Text("stepping", "good"): Shape(
        (
            (Press(Text("stepping", "talk_less"), "stepping:talk_less:-:0"),),
            (Press(Text("stepping", "fine"), "stepping:fine:-:0"),),
        )
    ),
    Text("stepping", "good_team"): LESS,
    Text("stepping", "would_talk_less"): LESS,
    Text("stepping", "would_talk_more"): in_rows(
        "stepping", "person", (("more", Text("stepping", "suggest_more")),)
    ),
    # drill
    Text("drill", "alert"): DRILL,
    Text("drill", "please"): in_rows(
        "drill",
        "drill",
        (("agree", Text("drill", "yes_now")),),
        (("decline", Text("drill", "not_now")),),
    ),
    Text("drill", "begun"): in_rows("drill", "drill", (("stop", Text("drill", "stop")),)),
}
