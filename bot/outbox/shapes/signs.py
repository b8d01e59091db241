"""Buttons of messages about early-warning plans, what was noticed, and what followed."""

from collections.abc import Mapping

from bot.care.sign_plan import PLEASE_READ, SUGGESTED
from bot.care.text import Text
from bot.outbox.shapes.escalation import ALERT
from bot.outbox.shapes.shape import Press, Shape, in_rows

SIGN_PLAN = in_rows("sign", "person", (("home", Text("sign", "the_plan")),))
_SIGN_SAVED = in_rows(
    "sign",
    "person",
    (("card", Text("sign", "another_card")),),
    (("home", Text("sign", "the_plan")),),
)
_SUGGESTED = in_rows("sign", "person", (("suggested", Text("sign", "see_suggested")),))

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

_DONE = in_rows("sign_alert", "escalation", (("done", Text("sign_alert", "write_done")),))
_SIGN_HELD = Shape(
    (
        *_DONE.rows,
        *in_rows(
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
_UNREAD = in_rows(
    "escalation",
    "escalation",
    (("take", Text("digest", "take")),),
    (("pass", Text("digest", "pass")),),
)
_UNREAD_HELD = in_rows(
    "escalation",
    "escalation",
    (("seen_to", Text("digest", "finished")),),
    (("take", Text("sign_alert", "still")),),
    (("pass", Text("digest", "pass")),),
)
_LOOK = in_rows("digest", "of", (("look", Text("digest", "open")),))
_FINISH = in_rows("digest", "observation", (("finish", Text("digest", "finished")),))
_FINISH_IT = Shape(((Press(Text("digest", "open"), "digest:rest:{observation}:0"),), *_FINISH.rows))

SHAPES: Mapping[Text, Shape] = {
    # sign
    Text("sign", "saved"): _SIGN_SAVED,
    Text("sign", "saved_own"): _SIGN_SAVED,
    Text("sign", "dropped"): SIGN_PLAN,
    Text("sign", "no_room"): SIGN_PLAN,
    Text("sign", "asked_to_read"): SIGN_PLAN,
    Text("sign", "changed_since"): SIGN_PLAN,
    Text("sign", "empty"): SIGN_PLAN,
    Text("sign", "not_yet_said"): SIGN_PLAN,
    Text("sign", "in_force_for_staff"): SIGN_PLAN,
    Text("sign", "not_yet_for_staff"): SIGN_PLAN,
    Text("sign", "declined"): SIGN_PLAN,
    PLEASE_READ: in_rows("sign", "sign_plan", (("version", Text("sign", "read_it_through")),)),
    SUGGESTED: _SUGGESTED,
    Text("sign", "suggested_own"): _SUGGESTED,
    # meeting
    Text("meeting", "kept"): SIGN_PLAN,
    Text("meeting", "removed"): SIGN_PLAN,
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
    # weekly
    Text("weekly", "anything_new"): Shape(_WEEKLY),
    Text("weekly", "on"): in_rows("weekly", "supporter", (("stop", Text("weekly", "stop")),)),
    # sign_alert
    Text("sign_alert", "alert"): ALERT,
    Text("sign_alert", "alert_more"): ALERT,
    Text("sign_alert", "alert_nobody"): ALERT,
    Text("sign_alert", "take_it_first"): ALERT,
    Text("sign_alert", "moved_on"): ALERT,
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
    Text("digest", "read_first"): in_rows(
        "digest", "observation", (("read", Text("digest", "read")),)
    ),
}
