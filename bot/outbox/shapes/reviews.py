"""Buttons of messages about what is looked at again, and the first weeks with somebody new."""

from collections.abc import Mapping

from bot.care.first_weeks import BEGUN, OFFER
from bot.care.review_voice import SAYS
from bot.care.text import Text
from bot.care.week_answer import QUESTION, QUESTION_AROUND, QUESTION_STAFF, TO_READ, TO_SAY
from bot.outbox.shapes.shape import Press, Shape, in_rows
from bot.outbox.shapes.sharing import of_agreement

_REVIEWS = Shape(((Press(Text("review", "open"), "review:mine:-:0"),),))
_LATE = Shape(
    (
        *_REVIEWS.rows,
        (
            Press(Text("review", "teams"), "review:team:-:0"),
            Press(Text("review", "unheard"), "review:unheard:-:0"),
        ),
    )
)
_COMING = in_rows(
    "review",
    "invited",
    (("yes", Text("review", "come_yes")), ("no", Text("review", "come_no"))),
    (("talk", Text("review", "come_talk")),),
)
_REVIEW = of_agreement(("review", Text("review", "look")))

_HOW_WAS_IT = in_rows(
    "first_weeks",
    "asked",
    (("good", Text("first_weeks", "good")),),
    (("so_so", Text("first_weeks", "so_so")),),
    (("hard", Text("first_weeks", "hard")),),
)
_WEEK = Shape(
    (
        *_HOW_WAS_IT.rows,
        (Press(Text("first_weeks", "later"), "first_weeks:later:{asked}:0", easy=False),),
        (Press(Text("first_weeks", "not_this_week"), "first_weeks:skip:{asked}:0", easy=False),),
        (Press(Text("first_weeks", "enough"), "first_weeks:enough:{weeks}:0"),),
    )
)
_WEEK_OF_STAFF = Shape(
    (
        *_HOW_WAS_IT.rows,
        (Press(Text("first_weeks", "not_there"), "first_weeks:not_there:{asked}:0"),),
    )
)
_ALL_WEEKS = Shape(((Press(Text("first_weeks", "open"), "first_weeks:all:-:0"),),))
WEEKS = in_rows("first_weeks", "person", (("home", Text("first_weeks", "back")),))
_ENOUGH = ("enough", Text("first_weeks", "enough"))

SHAPES: Mapping[Text, Shape] = {
    # review
    **dict.fromkeys(
        SAYS.values(),
        Shape(((Press(Text("review", "say_something"), "review:say:{invited}:0"),),)),
    ),
    Text("review", "would_you_come"): _COMING,
    Text("review", "would_you_come_soon"): _COMING,
    Text("review", "you_come"): Shape(
        (
            *_COMING.rows,
            (Press(Text("ics", "for_my_calendar"), "review:my_file:{invited}:0"),),
        )
    ),
    Text("review", "you_do_not_come"): _COMING,
    Text("review", "you_talk_first"): _COMING,
    Text("morning", "one"): _REVIEWS,
    Text("morning", "several"): _REVIEWS,
    Text("morning", "late"): _LATE,
    Text("morning", "late_and_yours"): _LATE,
    Text("review", "done"): in_rows(
        "review", "round", (("entry", Text("ics", "for_my_calendar")),)
    ),
    Text("review", "done_unheard"): in_rows(
        "review", "round", (("entry", Text("ics", "for_my_calendar")),)
    ),
    Text("review", "would_come"): _REVIEWS,
    Text("review", "would_not_come"): _REVIEWS,
    Text("review", "would_talk"): _REVIEWS,
    Text("review", "soon"): _REVIEW,
    Text("review", "today"): _REVIEW,
    Text("review", "waits"): _REVIEW,
    Text("review", "lapsed"): _REVIEW,
    # first_weeks
    TO_SAY: _ALL_WEEKS,
    TO_READ: _ALL_WEEKS,
    OFFER: in_rows("first_weeks", "person", (("start", Text("first_weeks", "start")),)),
    BEGUN: in_rows(
        "first_weeks",
        "weeks",
        (("around", Text("first_weeks", "ask_around")),),
        (("alone", Text("first_weeks", "not_around")),),
        (_ENOUGH,),
    ),
    QUESTION: _WEEK,
    QUESTION_AROUND: _WEEK,
    QUESTION_STAFF: _WEEK_OF_STAFF,
    Text("first_weeks", "started"): WEEKS,
    Text("first_weeks", "runs_already"): WEEKS,
    Text("first_weeks", "paused"): WEEKS,
    Text("first_weeks", "goes_on"): WEEKS,
    Text("first_weeks", "stopped"): WEEKS,
    Text("first_weeks", "no_more"): in_rows(
        "first_weeks", "weeks", (("ask_me", Text("first_weeks", "ask_me")),)
    ),
    Text("first_weeks", "asked_again"): in_rows("first_weeks", "weeks", (_ENOUGH,)),
}
