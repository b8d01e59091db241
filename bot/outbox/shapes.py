"""What hangs on a message: the buttons it carries. What its ids stand for is `fills`."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.care.candour import FIRST, LIST
from bot.care.candour import Step as Candour
from bot.care.first_weeks import BEGUN, OFFER
from bot.care.news import PUSH
from bot.care.planning import ASKS, ON_LADDER, PAGE, PART_STOPPED
from bot.care.regular import QUESTION as REGULAR
from bot.care.review_voice import SAYS
from bot.care.rhythm import GOOD_NEWS, REMINDERS
from bot.care.sign_plan import PLEASE_READ, SUGGESTED
from bot.care.text import Text
from bot.care.week_answer import QUESTION, QUESTION_AROUND, QUESTION_STAFF, TO_READ, TO_SAY
from bot.outbox.topics import CANDOUR


@dataclass(frozen=True, slots=True)
class Press:
    """A button in a message's shape; `data` names parameters: `journey:ok:{journey}:0`.

    It is left out where the parameter that `unless` names has been filled, and is true; and where
    the one that `only` names has not, or is not. `easy`: whether it is there in Easy Read, where a
    screen has at most four.
    """

    label: Text
    data: str
    unless: str = ""
    only: str = ""
    easy: bool = True


@dataclass(frozen=True, slots=True)
class Shape:
    """The rows of buttons a message carries, beside the emergency card."""

    rows: tuple[tuple[Press, ...], ...]


def _presses(subject: str, key: str, *rows: tuple[tuple[str, Text], ...]) -> Shape:
    """Rows of buttons of one subject: `subject:verb:{key}:0`."""
    return Shape(
        tuple(
            tuple(Press(label, f"{subject}:{verb}:{{{key}}}:0") for verb, label in row)
            for row in rows
        )
    )


_OUT = Shape(
    (
        (
            Press(Text("journey", "ok_button"), "journey:ok:{journey}:0", unless="point"),
            Press(Text("pattern", "at_point"), "journey:at:{journey}:{at}", only="point"),
            Press(Text("journey", "late_button"), "journey:late:{journey}:0"),
        ),
        *_presses(
            "journey",
            "journey",
            (("home", Text("journey", "home_button")), ("help", Text("journey", "help_button"))),
        ).rows,
    )
)
_LONGER = _presses("journey", "journey", (("longer", Text("journey", "longer")),))
_WHEN_HOME = Shape(
    (
        (
            Press(Text("journey", "ten_minutes"), "journey:home_10:{journey}:{mark}"),
            Press(
                Text("journey", "twenty_minutes"), "journey:home_20:{journey}:{mark}", easy=False
            ),
            Press(Text("journey", "thirty_minutes"), "journey:home_30:{journey}:{mark}"),
        ),
        *_presses(
            "journey",
            "journey",
            (("home", Text("journey", "home_button")), ("help", Text("journey", "help_button"))),
        ).rows,
    )
)
_HELP = _presses(
    "journey",
    "journey",
    (("ring_me", Text("journey", "ring_me")), ("lost", Text("journey", "lost"))),
    (("upset", Text("journey", "upset")), ("emergency", Text("journey", "emergency"))),
)
_FELT = Shape(
    (
        (
            Press(Text("journey", "felt_1"), "journey:felt_1:{journey}:0"),
            Press(Text("journey", "felt_2"), "journey:felt_2:{journey}:0", easy=False),
            Press(Text("journey", "felt_3"), "journey:felt_3:{journey}:0"),
            Press(Text("journey", "felt_4"), "journey:felt_4:{journey}:0", easy=False),
            Press(Text("journey", "felt_5"), "journey:felt_5:{journey}:0"),
        ),
        *_presses("journey", "journey", (("felt_skip", Text("journey", "skip")),)).rows,
    )
)
_STILL_OUT = (
    (Press(Text("journey", "still_out"), "journey:again:{journey}:0", only="may_be_out"),),
)
_SHORTER = Shape(((Press(Text("journey", "shorter"), "journey:shorter:-:0"),),))
_SEE = Press(Text("location", "see"), "location:see:{escalation}:0", only="there_to_see")
_ALERT = Shape(
    (
        *_presses(
            "escalation",
            "escalation",
            (("take", Text("escalation", "take")),),
            (("pass", Text("escalation", "pass")),),
        ).rows,
        (_SEE,),
    )
)
_HELD = Shape(
    (
        *_presses(
            "escalation",
            "escalation",
            (("safe", Text("escalation", "safe")),),
            (("needed", Text("escalation", "needed")),),
            (("not_reached", Text("escalation", "not_reached")),),
            (("pass", Text("escalation", "pass")),),
        ).rows,
        (_SEE,),
    )
)

_HEARD = Shape(
    (
        (Press(Text("escalation", "take"), "escalation:take:{escalation}:0", unless="mine"),),
        (Press(Text("escalation", "safe"), "escalation:safe:{escalation}:0", only="mine"),),
        (Press(Text("escalation", "needed"), "escalation:needed:{escalation}:0", only="mine"),),
        (Press(Text("escalation", "pass"), "escalation:pass:{escalation}:0"),),
        (_SEE,),
    )
)
"""The person has answered: whoever has the alert can say how it is."""

_POLICE = (
    (Press(Text("escalation", "police_rung"), "escalation:police:{escalation}:0", unless="known"),),
)
"""Somebody has rung 101 or 999: said where one is asked to."""

_HELD_TOO = _presses(
    "escalation",
    "escalation",
    (("vouch", Text("escalation", "safe")),),
    (("pass", Text("escalation", "pass")),),
)

_DRILL = _presses("escalation", "escalation", (("drilled", Text("escalation", "take")),))

_COVER = _presses(
    "cover",
    "cover",
    (("yes", Text("cover", "yes")),),
    (("no", Text("cover", "no")),),
)
_HANDOVER = _presses(
    "escalation",
    "escalation",
    (("take", Text("handover", "i_have_it")),),
    (("pass", Text("escalation", "pass")),),
)

_CONCERN = Shape(
    (
        (Press(Text("concern", "read"), "concern:read:{concern}:0"),),
        (Press(Text("escalation", "pass"), "escalation:pass:{escalation}:0"),),
    )
)
_BEGUN = Shape(((Press(Text("concern", "go_on"), "concern:on:{talk}:0"),),))
_TO_READ = _presses("concern", "concern", (("read", Text("concern", "read")),))

_DONE = _presses("sign_alert", "escalation", (("done", Text("sign_alert", "write_done")),))
_SIGN_HELD = Shape(
    (
        *_DONE.rows,
        *_presses(
            "escalation",
            "escalation",
            (
                ("useful", Text("sign_alert", "useful")),
                ("too_soon", Text("sign_alert", "too_soon")),
            ),
            (
                ("too_late", Text("sign_alert", "too_late")),
                ("not_about_this", Text("sign_alert", "not_about_this")),
            ),
            (("take", Text("sign_alert", "still")),),
            (("pass", Text("escalation", "pass")),),
        ).rows,
        (Press(Text("stepping", "suggest_more"), "stepping:more:{person}:0", only="steps"),),
    )
)
_UNREAD = _presses(
    "escalation",
    "escalation",
    (("take", Text("digest", "take")),),
    (("pass", Text("digest", "pass")),),
)
_UNREAD_HELD = _presses(
    "escalation",
    "escalation",
    (("seen_to", Text("digest", "finished")),),
    (("take", Text("sign_alert", "still")),),
    (("pass", Text("digest", "pass")),),
)
_SILENT_HELD = Shape(
    (
        *_presses(
            "escalation",
            "escalation",
            (("seen_to", Text("words", "seen_to")),),
            (("take", Text("words", "still")),),
            (("pass", Text("escalation", "pass")),),
        ).rows,
        *_POLICE,
        (_SEE,),
    )
)
_LOOK = _presses("digest", "of", (("look", Text("digest", "open")),))
_FINISH = _presses("digest", "observation", (("finish", Text("digest", "finished")),))
_FINISH_IT = Shape(((Press(Text("digest", "open"), "digest:rest:{observation}:0"),), *_FINISH.rows))

_STEPS = _presses("candour", "candour", *(((step.value, CANDOUR[step]),) for step in Candour))

_LINK = _presses("invitation", "invitation", (("link", Text("invitation", "make_link")),))
_WISH = _presses(
    "invitation",
    "invitation",
    (("want", Text("invitation", "want")),),
    (("decline", Text("invitation", "do_not_want")),),
)
_REGRET = _presses(
    "invitation", "invitation", (("decline", Text("invitation", "changed_my_mind")),)
)

_THEM = _presses(
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

_PUSH = Shape(((Press(Text("news", "read"), "news:read:-:0"),),))

_REMINDER = Shape(
    (
        (Press(Text("rhythm", "write_now"), "news:about:{person}:0"),),
        (Press(Text("rhythm", "by_phone"), "rhythm:phone:{supporter}:{mark}"),),
        (Press(Text("rhythm", "later_button"), "rhythm:later:{supporter}:{mark}"),),
    )
)

_MISTAKE = _presses("journey", "journey", (("mistake", Text("journey", "mistake")),))


_READ = ("read", Text("plan", "read_it"))
_READ_PLAN = _presses("plan", "plan", (_READ,), (("not_now", Text("plan", "not_now")),))
_READ_PLAN_NOW = _presses("plan", "plan", (_READ,))
_PAGE_AGAIN = _presses("plan", "plan", (("page", Text("terms", "whole_page")),))


def _of_agreement(*presses: tuple[str, Text], read_back: bool = False) -> Shape:
    """One button a row, for one version of an agreement.

    Read back, it can be changed or left, and to end what is shared now is within reach.
    """

    def press(verb: str, label: Text) -> Press:
        easy = verb != "more"  # there it is behind `Change`
        return Press(label, f"agreement:{verb}:{{agreement}}:{{version}}", easy=easy)

    rows: list[tuple[Press, ...]] = [(press(*one),) for one in presses]
    if read_back:
        change = press("change", Text("agreement", "change"))
        rows.append((change, press("not_now", Text("agreement", "not_now"))))
        stop = Text("agreement", "stop_with"), "agreement:stop:{supporter}:0"
        rows.append((Press(*stop, unless="nothing_shared"),))
    return Shape(tuple(rows))


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
_COMING = _presses(
    "review",
    "invited",
    (("yes", Text("review", "come_yes")), ("no", Text("review", "come_no"))),
    (("talk", Text("review", "come_talk")),),
)
_REVIEW = _of_agreement(("review", Text("review", "look")))

_NOTICED = (
    (Press(Text("noticing", "change"), "noticing:change:{noticed}:{mark}"),),
    (Press(Text("noticing", "take_back"), "noticing:back:{noticed}:0"),),
)
_RECEIPT = Shape(
    (*_NOTICED, (Press(Text("weekly", "ask_me"), "weekly:start:{acting}:0", unless="asked"),))
)
_WEEKLY = (
    (Press(Text("weekly", "yes"), "weekly:yes:{weekly}:0"),),
    (Press(Text("weekly", "nothing_new"), "weekly:nothing_new:{weekly}:0"),),
    (Press(Text("weekly", "not_this_week"), "weekly:not_this_week:{weekly}:0"),),
    (Press(Text("weekly", "stop"), "weekly:stop:{place}:0"),),
)

_HOW_WAS_IT = _presses(
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
_WEEKS = _presses("first_weeks", "person", (("home", Text("first_weeks", "back")),))
_ENOUGH = ("enough", Text("first_weeks", "enough"))

_SIGN_PLAN = _presses("sign", "person", (("home", Text("sign", "the_plan")),))
_SIGN_SAVED = _presses(
    "sign",
    "person",
    (("card", Text("sign", "another_card")),),
    (("home", Text("sign", "the_plan")),),
)
_SUGGESTED = _presses("sign", "person", (("suggested", Text("sign", "see_suggested")),))

_OPEN = _presses("education", "session", (("open", Text("education", "see_it")),))
_CAN_COME = _presses(
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
_DRAFT = _presses(
    "education",
    "session",
    (("publish", Text("education", "publish")),),
    (("change", Text("education", "change")),),
    (("drop", Text("education", "drop")),),
)

_STEP = _presses(
    "stepping",
    "proposal",
    (("yes", Text("stepping", "yes_please")),),
    (("no", Text("stepping", "not_now")),),
)
_FORGOTTEN = _presses("stepping", "proposal", (("forgot", Text("stepping", "only_forgotten")),))
_LESS = _presses("stepping", "person", (("less", Text("stepping", "suggest_less")),))
_MISSED_STEP = Shape((*_STEP.rows, *_FORGOTTEN.rows))
_ALLOW = _presses("decision", "decision", (("allow", Text("decision", "say_who")),))
_RING = _presses("by_phone", "person", (("who", Text("by_phone", "write_down")),))

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
    # sign
    Text("meeting", "kept"): _SIGN_PLAN,
    Text("meeting", "removed"): _SIGN_PLAN,
    Text("sign", "saved"): _SIGN_SAVED,
    Text("sign", "saved_own"): _SIGN_SAVED,
    Text("sign", "dropped"): _SIGN_PLAN,
    Text("sign", "no_room"): _SIGN_PLAN,
    Text("sign", "asked_to_read"): _SIGN_PLAN,
    Text("sign", "changed_since"): _SIGN_PLAN,
    Text("sign", "empty"): _SIGN_PLAN,
    Text("sign", "not_yet_said"): _SIGN_PLAN,
    Text("sign", "in_force_for_staff"): _SIGN_PLAN,
    Text("sign", "not_yet_for_staff"): _SIGN_PLAN,
    Text("sign", "declined"): _SIGN_PLAN,
    PLEASE_READ: _presses("sign", "sign_plan", (("version", Text("sign", "read_it_through")),)),
    SUGGESTED: _SUGGESTED,
    Text("sign", "suggested_own"): _SUGGESTED,
    # noticing
    Text("noticing", "receipt"): Shape(_NOTICED[1:]),
    Text("noticing", "receipt_carer"): _RECEIPT,
    Text("noticing", "good"): Shape(_NOTICED[1:]),
    Text("noticing", "good_carer"): _RECEIPT,
    Text("noticing", "may_know_sure"): Shape(
        (
            (Press(Text("noticing", "yes_may_know"), "noticing:named:{noticed}:{mark}"),),
            (Press(Text("noticing", "not_know"), "noticing:unnamed:{noticed}:{mark}"),),
        )
    ),
    Text("weekly", "anything_new"): Shape(_WEEKLY),
    Text("weekly", "on"): _presses("weekly", "supporter", (("stop", Text("weekly", "stop")),)),
    # first_weeks
    TO_SAY: _ALL_WEEKS,
    TO_READ: _ALL_WEEKS,
    OFFER: _presses("first_weeks", "person", (("start", Text("first_weeks", "start")),)),
    BEGUN: _presses(
        "first_weeks",
        "weeks",
        (("around", Text("first_weeks", "ask_around")),),
        (("alone", Text("first_weeks", "not_around")),),
        (_ENOUGH,),
    ),
    QUESTION: _WEEK,
    QUESTION_AROUND: _WEEK,
    QUESTION_STAFF: _WEEK_OF_STAFF,
    Text("first_weeks", "started"): _WEEKS,
    Text("first_weeks", "runs_already"): _WEEKS,
    Text("first_weeks", "paused"): _WEEKS,
    Text("first_weeks", "goes_on"): _WEEKS,
    Text("first_weeks", "stopped"): _WEEKS,
    Text("first_weeks", "no_more"): _presses(
        "first_weeks", "weeks", (("ask_me", Text("first_weeks", "ask_me")),)
    ),
    Text("first_weeks", "asked_again"): _presses("first_weeks", "weeks", (_ENOUGH,)),
    # circle
    Text("circle", "paused"): _presses(
        "circle", "membership", (("resume", Text("circle", "start_again")),)
    ),
    # agreement
    Text("agreement", "read_back"): _of_agreement(
        ("agree", Text("agreement", "agree")),
        ("more", Text("agreement", "more_choices")),
        ("try", Text("agreement", "try_first")),
        read_back=True,
    ),
    Text("agreement", "tried"): _of_agreement(
        ("agree", Text("agreement", "agree")),
        ("more", Text("agreement", "more_choices")),
        read_back=True,
    ),
    Text("agreement", "yourself"): _of_agreement(
        ("yes", Text("agreement", "yes")),
        ("not_sure", Text("agreement", "not_sure")),
        ("talk", Text("agreement", "talk")),
    ),
    # preparing
    Text("preparing", "please"): _presses(
        "preparing", "sitting", (("start", Text("preparing", "start")),)
    ),
    Text("preparing", "asked"): _presses(
        "preparing", "sitting", (("end", Text("preparing", "no_help")),)
    ),
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
    Text("review", "done"): _presses(
        "review", "round", (("entry", Text("ics", "for_my_calendar")),)
    ),
    Text("review", "done_unheard"): _presses(
        "review", "round", (("entry", Text("ics", "for_my_calendar")),)
    ),
    Text("review", "would_come"): _REVIEWS,
    Text("review", "would_not_come"): _REVIEWS,
    Text("review", "would_talk"): _REVIEWS,
    Text("review", "soon"): _REVIEW,
    Text("review", "today"): _REVIEW,
    Text("review", "waits"): _REVIEW,
    Text("review", "lapsed"): _REVIEW,
    # invitation
    Text("invitation", "ready"): _LINK,
    Text("invitation", "wants"): _LINK,
    Text("invitation", "do_you_want"): _WISH,
    Text("invitation", "nominated"): _REGRET,
    Text("invitation", "nominated_nobody_to_ask"): _REGRET,
    Text("invitation", "is_that_them"): _THEM,
    Text("invitation", "is_it_them"): _THEM,
    # journey
    Text("journey", "set_off"): _OUT,
    Text("journey", "already_out"): _OUT,
    Text("journey", "out_card"): _OUT,
    Text("journey", "nudge"): _OUT,
    Text("journey", "nudge_again"): _OUT,
    Text("journey", "nudge_after_off"): _OUT,
    Text("journey", "alert_stands"): _OUT,
    Text("journey", "ok"): _OUT,
    Text("journey", "ok_when_home"): _WHEN_HOME,
    Text("journey", "later"): _OUT,
    Text("journey", "longer_given"): _OUT,
    Text("journey", "longer_asked"): _OUT,
    Text("journey", "longer_nobody"): _OUT,
    Text("journey", "ok_after_alert"): _OUT,
    Text("journey", "what_help"): _HELP,
    Text("journey", "home"): _FELT,
    Text("journey", "home_after_alert"): _FELT,
    Text("journey", "later_than_plan"): _LONGER,
    Text("pattern", "set_off"): _OUT,
    Text("pattern", "out_card"): _OUT,
    Text("pattern", "ok"): _OUT,
    Text("pattern", "later"): _OUT,
    Text("pattern", "longer_given"): _OUT,
    Text("pattern", "later_often"): _LONGER,
    Text("pause", "paused"): _OUT,
    Text("pause", "too_long"): _OUT,
    Text("pause", "slow_noted"): _OUT,
    Text("pause", "phone_noted"): _OUT,
    Text("pause", "phone_nobody"): _OUT,
    Text("escalation", "finished"): Shape(_STILL_OUT),
    Text("journey", "cannot_keep_longer"): _SHORTER,
    Text("journey", "cannot_keep_longer_team"): _SHORTER,
    Text("journey", "asks_longer"): Shape(
        ((Press(Text("journey", "give_30"), "journey:give_30:{journey}:{mark}"),),)
    ),
    # location
    Text("location", "kept"): _OUT,
    Text("location", "arrived"): Shape(((_SEE,),)),
    # after
    Text("journey", "felt"): Shape(
        (
            *_presses(
                "after",
                "journey",
                (("nothing", Text("after", "no")), ("worrying", Text("after", "yes"))),
            ).rows,
            *_STILL_OUT,
        )
    ),
    Text("escalation", "finished_ask"): Shape((_FELT.rows[0], _STILL_OUT[0])),
    Text("after", "how_worried"): _presses(
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
    Text("stepping", "please_more"): _STEP,
    Text("stepping", "please_less"): _STEP,
    Text("stepping", "team_more"): _STEP,
    Text("stepping", "team_less"): _STEP,
    Text("stepping", "person_said_yes"): _STEP,
    Text("stepping", "team_missed"): _MISSED_STEP,
    Text("stepping", "at_once"): _presses(
        "stepping", "proposal", (("disagree", Text("stepping", "do_not_agree")),)
    ),
    Text("stepping", "good"): Shape(
        (
            (Press(Text("stepping", "talk_less"), "stepping:talk_less:-:0"),),
            (Press(Text("stepping", "fine"), "stepping:fine:-:0"),),
        )
    ),
    Text("stepping", "good_team"): _LESS,
    Text("stepping", "would_talk_less"): _LESS,
    Text("stepping", "would_talk_more"): _presses(
        "stepping", "person", (("more", Text("stepping", "suggest_more")),)
    ),
    # escalation
    Text("escalation", "open_again"): _ALERT,
    Text("escalation", "alert_missed"): _ALERT,
    Text("escalation", "alert_missed_off"): _ALERT,
    Text("escalation", "alert_missed_unreached"): _ALERT,
    Text("escalation", "alert_missed_unasked"): _ALERT,
    Text("escalation", "alert_help"): _ALERT,
    Text("escalation", "alert_ring_me"): _ALERT,
    Text("escalation", "alert_lost"): _ALERT,
    Text("escalation", "alert_upset"): _ALERT,
    Text("escalation", "alert_emergency"): _ALERT,
    Text("escalation", "alert_nobody"): _ALERT,
    Text("escalation", "police_time"): Shape((*_ALERT.rows, *_POLICE)),
    Text("escalation", "please_speak"): _HEARD,
    Text("escalation", "person_ok"): _HEARD,
    Text("escalation", "person_answered"): _HEARD,
    Text("escalation", "person_home"): _HEARD,
    Text("escalation", "mistake"): _ALERT,
    Text("escalation", "moved_on"): _ALERT,
    Text("escalation", "take_it_first"): _ALERT,
    Text("escalation", "vouched"): _ALERT,
    Text("escalation", "supporter_took"): _presses(
        "escalation", "escalation", (("take", Text("escalation", "take")),)
    ),
    Text("escalation", "supporter_missed"): _ALERT,
    Text("escalation", "supporter_help"): _ALERT,
    Text("escalation", "supporter_heard"): _ALERT,
    Text("escalation", "supporter_moved_on"): _ALERT,
    Text("escalation", "supporter_yours"): _HELD_TOO,
    Text("escalation", "supporter_how"): _HELD_TOO,
    Text("escalation", "yours"): _HELD,
    Text("escalation", "how_is_it"): _HELD,
    Text("escalation", "call_summary"): Shape((*_HELD.rows, *_POLICE)),
    Text("escalation", "ring_999"): _MISTAKE,
    Text("escalation", "ring_999_alone"): _MISTAKE,
    Text("escalation", "practice"): _presses(
        "escalation", "by", (("practised", Text("escalation", "take")),)
    ),
    Text("escalation", "supporter_practice"): _DRILL,
    # drill
    Text("drill", "alert"): _DRILL,
    Text("drill", "please"): _presses(
        "drill",
        "drill",
        (("agree", Text("drill", "yes_now")),),
        (("decline", Text("drill", "not_now")),),
    ),
    Text("drill", "begun"): _presses("drill", "drill", (("stop", Text("drill", "stop")),)),
    # words
    Text("words", "code_first"): Shape(((Press(Text("words", "my_code"), "words:code:-:0"),),)),
    Text("words", "ring_me"): _ALERT,
    Text("words", "ring_me_nobody"): _ALERT,
    Text("words", "ring_me_yours"): _HELD,
    Text("words", "ring_me_how"): _HELD,
    Text("words", "ring_me_not_reached"): _HELD,
    Text("words", "alert"): _ALERT,
    Text("words", "alert_nobody"): _ALERT,
    Text("words", "take_it_first"): _ALERT,
    Text("words", "moved_on"): _ALERT,
    Text("words", "police_time"): Shape((*_ALERT.rows, *_POLICE)),
    Text("words", "yours"): _SILENT_HELD,
    Text("words", "how_is_it"): _SILENT_HELD,
    # sign_alert
    Text("sign_alert", "alert"): _ALERT,
    Text("sign_alert", "alert_more"): _ALERT,
    Text("sign_alert", "alert_nobody"): _ALERT,
    Text("sign_alert", "take_it_first"): _ALERT,
    Text("sign_alert", "moved_on"): _ALERT,
    Text("sign_alert", "yours"): _SIGN_HELD,
    Text("sign_alert", "read_first"): _SIGN_HELD,
    Text("sign_alert", "how_is_it"): _SIGN_HELD,
    Text("sign_alert", "closed"): _DONE,
    # digest
    Text("digest", "alert"): _UNREAD,
    Text("digest", "alert_nobody"): _UNREAD,
    Text("digest", "alert_read"): _UNREAD,
    Text("digest", "yours"): _UNREAD_HELD,
    Text("digest", "still_unread"): _UNREAD_HELD,
    Text("digest", "how_is_it"): _UNREAD_HELD,
    Text("digest", "one"): _LOOK,
    Text("digest", "several"): _LOOK,
    Text("digest", "marked_read"): _FINISH,
    Text("digest", "read_already"): _FINISH,
    Text("digest", "finish_it"): _FINISH_IT,
    Text("digest", "read_first"): _presses(
        "digest", "observation", (("read", Text("digest", "read")),)
    ),
    # contact
    Text("contact", "test_sent"): _TESTED,
    Text("contact", "not_sent_yet"): _TESTED,
    Text("contact", "look_at_it"): _NOT_THERE,
    Text("contact", "test_failed"): _NOT_THERE,
    # news
    PUSH: _PUSH,
    Text("news", "change_wanted"): Shape(
        ((Press(Text("news", "write_anew"), "news:about:{person}:0"),),)
    ),
    # concern
    Text("concern", "begun"): _BEGUN,
    Text("concern", "begun_until"): _BEGUN,
    Text("concern", "alert"): _ALERT,
    Text("concern", "alert_nobody"): _ALERT,
    Text("concern", "moved_on"): _ALERT,
    Text("concern", "not_kept"): _ALERT,
    Text("concern", "take_it_first"): _ALERT,
    Text("concern", "yours"): _CONCERN,
    Text("concern", "how_is_it"): Shape(
        (
            (Press(Text("concern", "still"), "escalation:take:{escalation}:0"),),
            *_CONCERN.rows,
        )
    ),
    Text("concern", "read_first"): _TO_READ,
    Text("complaint", "please_read"): _TO_READ,
    Text("complaint", "please_read_disagree"): _TO_READ,
    Text("complaint", "please_acknowledge"): _TO_READ,
    Text("complaint", "please_finish"): _TO_READ,
    # howami
    Text("howami", "kept"): Shape(
        (
            (Press(Text("howami", "past"), "howami:past:-:0"),),
            (Press(Text("howami", "support"), "howami:support:-:0"),),
        )
    ),
    Text("howami", "please_read"): _TO_READ,
    # feedback
    Text("feedback", "how_was"): _presses(
        "feedback",
        "session",
        (("yes", Text("feedback", "yes_useful")),),
        (("partly", Text("feedback", "partly_useful")),),
        (("no", Text("feedback", "not_useful")),),
        (("away", Text("feedback", "was_not_there")),),
    ),
    # decision
    Text("decision", "share_saved"): _ALLOW,
    # glass
    Text("glass", "please_review"): _presses(
        "safeguarding", "glass", (("review", Text("glass", "look_at_it")),)
    ),
    # switching
    Text("switching", "please_confirm"): _presses(
        "switching",
        "switch",
        (("confirm", Text("switching", "confirm")),),
        (("decline", Text("switching", "no")),),
    ),
    Text("switching", "please_tell"): _presses(
        "switching",
        "switch",
        (("told", Text("switching", "told_and_confirm")),),
        (("decline", Text("switching", "no")),),
    ),
    # candour
    LIST: _STEPS,
    FIRST: _STEPS,
    # rhythm
    **dict.fromkeys(REMINDERS.values(), _REMINDER),
    GOOD_NEWS: Shape(
        (
            (Press(Text("rhythm", "write_it"), "rhythm:good:{supporter}:{mark}"),),
            (Press(Text("rhythm", "not_this_time"), "rhythm:none:{supporter}:{mark}"),),
        )
    ),
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
    Text("regular", "please_agree"): _presses(
        "regular",
        "regular",
        (("agree", Text("regular", "yes_please")),),
        (("decline", Text("regular", "no_thanks")),),
    ),
    # by_phone
    Text("by_phone", "alert_emergency"): _ALERT,
    Text("by_phone", "please_ask"): _RING,
    Text("by_phone", "ring_for_outing"): Shape(
        (
            (Press(Text("by_phone", "write_down"), "by_phone:who:{person}:0"),),
            (Press(Text("by_phone", "stop_regular"), "by_phone:stop:{regular}:0"),),
        )
    ),
    Text("by_phone", "at_once_team"): _RING,
    Text("by_phone", "stepped_at_once"): _RING,
    Text("by_phone", "good_team"): _LESS,
    Text("by_phone", "team_more"): Shape((*_STEP.rows, *_RING.rows)),
    Text("by_phone", "team_less"): Shape((*_STEP.rows, *_RING.rows)),
    Text("by_phone", "team_missed"): Shape((*_MISSED_STEP.rows, *_RING.rows)),
    Text("by_phone", "share_saved"): _ALLOW,
    Text("by_phone", "weeks_started"): _WEEKS,
    Text("by_phone", "signs_not_asked"): _SIGN_PLAN,
    # plan
    Text("plan", "please_agree"): _READ_PLAN,
    Text("plan", "stands"): _presses(
        "plan",
        "plan",
        (("change", Text("plan", "change_plan")),),
        (("view", Text("terms", "own_words")),),
    ),
    PAGE: _presses(
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
    Text("terms", "lacks_less"): _presses(
        "plan",
        "plan",
        (("less", Text("terms", "less_back")),),
        (("page", Text("terms", "whole_page")),),
    ),
    Text("terms", "staff_first"): _PAGE_AGAIN,
    # view
    **dict.fromkeys(ASKS.values(), _presses("view", "plan", (("say", Text("view", "say")),))),
    ON_LADDER: _presses("plan", "plan", (("not_me", Text("plan", "not_me")),)),
    Text("plan", "not_me_person"): _READ_PLAN_NOW,
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
"""Which messages carry buttons. A message that is not here has the emergency card alone."""
