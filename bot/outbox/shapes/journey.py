"""Buttons of messages about an outing: how the person is heard from."""

from collections.abc import Mapping

from bot.care.text import Text
from bot.outbox.shapes.shape import Press, Shape, in_rows

OUT = Shape(
    (
        (
            Press(Text("journey", "ok_button"), "journey:ok:{journey}:0", unless="point"),
            Press(Text("pattern", "at_point"), "journey:at:{journey}:{at}", only="point"),
            Press(Text("journey", "late_button"), "journey:late:{journey}:0"),
        ),
        *in_rows(
            "journey",
            "journey",
            (("home", Text("journey", "home_button")), ("help", Text("journey", "help_button"))),
        ).rows,
    )
)
_LONGER = in_rows("journey", "journey", (("longer", Text("journey", "longer")),))
_WHEN_HOME = Shape(
    (
        (
            Press(Text("journey", "ten_minutes"), "journey:home_10:{journey}:{mark}"),
            Press(
                Text("journey", "twenty_minutes"), "journey:home_20:{journey}:{mark}", easy=False
            ),
            Press(Text("journey", "thirty_minutes"), "journey:home_30:{journey}:{mark}"),
        ),
        *in_rows(
            "journey",
            "journey",
            (("home", Text("journey", "home_button")), ("help", Text("journey", "help_button"))),
        ).rows,
    )
)
_HELP = in_rows(
    "journey",
    "journey",
    (("ring_me", Text("journey", "ring_me")), ("lost", Text("journey", "lost"))),
    (("upset", Text("journey", "upset")), ("emergency", Text("journey", "emergency"))),
)
FELT = Shape(
    (
        (
            Press(Text("journey", "felt_1"), "journey:felt_1:{journey}:0"),
            Press(Text("journey", "felt_2"), "journey:felt_2:{journey}:0", easy=False),
            Press(Text("journey", "felt_3"), "journey:felt_3:{journey}:0"),
            Press(Text("journey", "felt_4"), "journey:felt_4:{journey}:0", easy=False),
            Press(Text("journey", "felt_5"), "journey:felt_5:{journey}:0"),
        ),
        *in_rows("journey", "journey", (("felt_skip", Text("journey", "skip")),)).rows,
    )
)
STILL_OUT = (
    (Press(Text("journey", "still_out"), "journey:again:{journey}:0", only="may_be_out"),),
)
_SHORTER = Shape(((Press(Text("journey", "shorter"), "journey:shorter:-:0"),),))

SHAPES: Mapping[Text, Shape] = {
    # journey
    Text("journey", "set_off"): OUT,
    Text("journey", "already_out"): OUT,
    Text("journey", "out_card"): OUT,
    Text("journey", "nudge"): OUT,
    Text("journey", "nudge_again"): OUT,
    Text("journey", "nudge_after_off"): OUT,
    Text("journey", "alert_stands"): OUT,
    Text("journey", "ok"): OUT,
    Text("journey", "ok_when_home"): _WHEN_HOME,
    Text("journey", "later"): OUT,
    Text("journey", "longer_given"): OUT,
    Text("journey", "longer_asked"): OUT,
    Text("journey", "longer_nobody"): OUT,
    Text("journey", "ok_after_alert"): OUT,
    Text("journey", "what_help"): _HELP,
    Text("journey", "home"): FELT,
    Text("journey", "home_after_alert"): FELT,
    Text("journey", "later_than_plan"): _LONGER,
    Text("journey", "cannot_keep_longer"): _SHORTER,
    Text("journey", "cannot_keep_longer_team"): _SHORTER,
    Text("journey", "asks_longer"): Shape(
        ((Press(Text("journey", "give_30"), "journey:give_30:{journey}:{mark}"),),)
    ),
    Text("journey", "felt"): Shape(
        (
            *in_rows(
                "after",
                "journey",
                (("nothing", Text("after", "no")), ("worrying", Text("after", "yes"))),
            ).rows,
            *STILL_OUT,
        )
    ),
    # pattern
    Text("pattern", "set_off"): OUT,
    Text("pattern", "out_card"): OUT,
    Text("pattern", "ok"): OUT,
    Text("pattern", "later"): OUT,
    Text("pattern", "longer_given"): OUT,
    Text("pattern", "later_often"): _LONGER,
    # pause
    Text("pause", "paused"): OUT,
    Text("pause", "too_long"): OUT,
    Text("pause", "slow_noted"): OUT,
    Text("pause", "phone_noted"): OUT,
    Text("pause", "phone_nobody"): OUT,
}
