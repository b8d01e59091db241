"""Buttons of messages about education sessions: dates, places, what was said after."""

from collections.abc import Mapping

from bot.care.text import Text
from bot.outbox.shapes.shape import Press, Shape, in_rows

_OPEN = in_rows("education", "session", (("open", Text("education", "see_it")),))
_CAN_COME = in_rows(
    "education",
    "session",
    (("open", Text("education", "see_it")),),
    (("off", Text("education", "cannot_come")),),
)
_NEW_DATE = Shape(
    (
        *_OPEN.rows,
        (Press(Text("education", "no_dates"), "education:dates_off:-:0"),),
    )
)
_OTHER_DATES = Shape(((Press(Text("education", "all_dates"), "education:list:-:0"),),))
_DRAFT = in_rows(
    "education",
    "session",
    (("publish", Text("education", "publish")),),
    (("change", Text("education", "change")),),
    (("drop", Text("education", "drop")),),
)

SHAPES: Mapping[Text, Shape] = {
    # education
    Text("education", "new"): _NEW_DATE,
    Text("education", "booked"): _CAN_COME,
    Text("education", "booked_already"): _CAN_COME,
    Text("education", "place"): _CAN_COME,
    Text("education", "in_a_week"): _CAN_COME,
    Text("education", "tomorrow"): _CAN_COME,
    Text("education", "today"): _CAN_COME,
    Text("education", "soon"): _CAN_COME,
    Text("education", "changed"): _CAN_COME,
    Text("education", "waiting"): _OPEN,
    Text("education", "waiting_already"): _OPEN,
    Text("education", "given_back"): _OPEN,
    Text("education", "waits_no_more"): _OPEN,
    Text("education", "too_late"): _OTHER_DATES,
    Text("education", "staff_only"): _OTHER_DATES,
    Text("education", "published"): _OPEN,
    Text("education", "change_kept"): _OPEN,
    Text("education", "cancelled"): Shape(
        (
            *_OTHER_DATES.rows,
            (Press(Text("education", "another_date"), "wish:date:-:0"),),
        )
    ),
    Text("education", "closed"): _OTHER_DATES,
    Text("education", "no_place"): _OTHER_DATES,
    Text("education", "dropped"): _OTHER_DATES,
    Text("education", "cancel_kept"): _OTHER_DATES,
    Text("education", "needs_kept"): _OTHER_DATES,
    Text("education", "dates_off"): Shape(
        ((Press(Text("education", "new_dates"), "education:dates_on:-:0"),),)
    ),
    Text("education", "dates_on"): _OTHER_DATES,
    Text("education", "next_one"): _DRAFT,
    # feedback
    Text("feedback", "how_was"): in_rows(
        "feedback",
        "session",
        (("yes", Text("feedback", "yes_useful")),),
        (("partly", Text("feedback", "partly_useful")),),
        (("no", Text("feedback", "not_useful")),),
        (("away", Text("feedback", "was_not_there")),),
    ),
}
