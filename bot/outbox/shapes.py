"""What hangs on a message: the buttons it carries, and what its ids stand for. Two tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.care.circle import Role
from bot.care.news import PUSH
from bot.care.plan import RungKind
from bot.care.text import Text
from bot.i18n import Param
from bot.outbox.roles import ROLES
from bot.outbox.topics import first_day, lines
from bot.store import Connection, agreeing, circle
from bot.store import agreement as agreements
from bot.store import invitation as invitations
from bot.store import journey as journeys
from bot.store import plan as plans
from bot.store.tools import ERASED


@dataclass(frozen=True, slots=True)
class Press:
    """A button in a message's shape; `data` names parameters: `journey:ok:{journey}:0`."""

    label: Text
    data: str


@dataclass(frozen=True, slots=True)
class Shape:
    """The rows of buttons a message carries, beside the emergency card."""

    rows: tuple[tuple[Press, ...], ...]


Fill = Callable[[Connection, str], Mapping[str, Param]]
"""From the id a parameter holds to the placeholders it fills."""


def _named(placeholder: str) -> Fill:
    return lambda c, member: {placeholder: circle.name(c, member)}


def _person(c: Connection, id: str) -> dict[str, Param]:
    """The person an alert is about: their name, and the number to ring."""
    person = circle.member(c, id)
    if person is None:
        return {"person": ERASED, "number": Text("escalation", "no_number")}
    return {"person": person.name, "number": person.phone or Text("escalation", "no_number")}


def _journey(c: Connection, id: str) -> dict[str, Param]:
    journey = journeys.journey(c, id)
    if journey is None:
        return {}
    plan = journey.plan
    last = max((nudge for nudge in plan.nudges if nudge < plan.grace), default=0)
    filled: dict[str, Param] = {
        "place": journey.place,
        "advice": plan.what_to_do,
        "set_off_at": journey.started_at,
        "asked_first": journey.due_at + timedelta(minutes=min(plan.nudges, default=0)),
        "asked_last": journey.due_at + timedelta(minutes=last),
    }
    if journey.off is not None:
        filled |= {"off_from": journey.off[0], "off_to": journey.off[1]}
    return filled


FIRST_ASKED = {
    RungKind.KEY_WORKER: Text("plan", "asks_key_worker"),
    RungKind.ON_CALL: Text("plan", "asks_on_call"),
    RungKind.MANAGER: Text("plan", "asks_manager"),
}


def _plan(c: Connection, id: str) -> dict[str, Param]:
    plan = plans.plan(c, id)
    if plan is None:
        return {}
    return {
        "places": [place.name for place in plan.places],
        "longest": timedelta(minutes=plan.longest),
        "grace": timedelta(minutes=plan.grace),
        "ladder": FIRST_ASKED[plan.rungs[0].kind],
        "advice": plan.what_to_do,
    }


def _agreement(c: Connection, id: str) -> dict[str, Param]:
    agreement = agreements.agreement(c, id)
    if agreement is None:
        return {}
    return {
        "carer": circle.name(c, agreeing.supporter(c, agreement.supporter)),
        "choices": lines(agreement),
        "review": first_day(agreement.review_at),
    }


FILLS: Mapping[str, Fill] = {
    **{name: _named(name) for name in ("member", "holder", "by", "next", "carer", "before")},
    "role": lambda _c, role: {"role": ROLES[Role(role)]},
    "person": _person,
    "journey": _journey,
    "plan": _plan,
    "agreement": _agreement,
    "invitation": lambda c, id: {"name": invitations.invited_name(c, id)},
}
"""A parameter with one of these names is always an id (or a role), in every message."""


def _presses(subject: str, key: str, *rows: tuple[tuple[str, Text], ...]) -> Shape:
    """Rows of buttons of one subject: `subject:verb:{key}:0`."""
    return Shape(
        tuple(
            tuple(Press(label, f"{subject}:{verb}:{{{key}}}:0") for verb, label in row)
            for row in rows
        )
    )


_OUT = _presses(
    "journey",
    "journey",
    (("ok", Text("journey", "ok_button")), ("late", Text("journey", "late_button"))),
    (("home", Text("journey", "home_button")), ("help", Text("journey", "help_button"))),
)
_WHEN_HOME = Shape(
    (
        (
            Press(Text("journey", "ten_minutes"), "journey:home_10:{journey}:{mark}"),
            Press(Text("journey", "twenty_minutes"), "journey:home_20:{journey}:{mark}"),
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
_FELT = _presses(
    "journey",
    "journey",
    (
        ("felt_1", Text("journey", "felt_1")),
        ("felt_2", Text("journey", "felt_2")),
        ("felt_3", Text("journey", "felt_3")),
        ("felt_4", Text("journey", "felt_4")),
        ("felt_5", Text("journey", "felt_5")),
    ),
    (("felt_skip", Text("journey", "skip")),),
)
_ALERT = _presses(
    "escalation",
    "escalation",
    (("take", Text("escalation", "take")),),
    (("pass", Text("escalation", "pass")),),
)
_HELD = _presses(
    "escalation",
    "escalation",
    (("safe", Text("escalation", "safe")),),
    (("needed", Text("escalation", "needed")),),
    (("not_reached", Text("escalation", "not_reached")),),
    (("pass", Text("escalation", "pass")),),
)

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

_MISTAKE = _presses("journey", "journey", (("mistake", Text("journey", "mistake")),))


def _of_agreement(*presses: tuple[str, Text]) -> Shape:
    """One button a row, for one version of an agreement."""
    return Shape(
        tuple(
            (Press(label, f"agreement:{verb}:{{agreement}}:{{version}}"),)
            for verb, label in presses
        )
    )


SHAPES: Mapping[Text, Shape] = {
    # circle
    Text("circle", "paused"): _presses(
        "circle", "membership", (("resume", Text("circle", "start_again")),)
    ),
    # agreement
    Text("agreement", "read_back"): _of_agreement(
        ("agree", Text("agreement", "agree")),
        ("more", Text("agreement", "more_choices")),
        ("try", Text("agreement", "try_first")),
        ("change", Text("agreement", "change")),
        ("not_now", Text("agreement", "not_now")),
    ),
    Text("agreement", "tried"): _of_agreement(
        ("agree", Text("agreement", "agree")),
        ("more", Text("agreement", "more_choices")),
        ("change", Text("agreement", "change")),
        ("not_now", Text("agreement", "not_now")),
    ),
    Text("agreement", "yourself"): _of_agreement(
        ("yes", Text("agreement", "yes")),
        ("not_sure", Text("agreement", "not_sure")),
        ("talk", Text("agreement", "talk")),
    ),
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
    Text("journey", "later_than_plan"): _presses(
        "journey", "journey", (("longer", Text("journey", "longer")),)
    ),
    Text("journey", "asks_longer"): Shape(
        ((Press(Text("journey", "give_30"), "journey:give_30:{journey}:{mark}"),),)
    ),
    # escalation
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
    Text("escalation", "please_speak"): _ALERT,
    Text("escalation", "person_ok"): _ALERT,
    Text("escalation", "person_answered"): _ALERT,
    Text("escalation", "person_home"): _ALERT,
    Text("escalation", "mistake"): _ALERT,
    Text("escalation", "moved_on"): _ALERT,
    Text("escalation", "take_it_first"): _ALERT,
    Text("escalation", "yours"): _HELD,
    Text("escalation", "how_is_it"): _HELD,
    Text("escalation", "call_summary"): _HELD,
    Text("escalation", "ring_999"): _MISTAKE,
    Text("escalation", "ring_999_alone"): _MISTAKE,
    Text("escalation", "practice"): _presses(
        "escalation", "by", (("practised", Text("escalation", "take")),)
    ),
    # contact
    Text("contact", "test_sent"): _TESTED,
    Text("contact", "not_sent_yet"): _TESTED,
    Text("contact", "look_at_it"): _NOT_THERE,
    Text("contact", "test_failed"): _NOT_THERE,
    # news
    PUSH: _PUSH,
    Text("news", "pointer"): _PUSH,
    Text("news", "change_wanted"): Shape(
        ((Press(Text("news", "write_anew"), "news:about:{person}:0"),),)
    ),
    # plan
    Text("plan", "please_agree"): _presses(
        "plan",
        "plan",
        (("agree", Text("plan", "i_agree")),),
        (("not_now", Text("plan", "not_now")),),
    ),
}
"""Which messages carry buttons. A message that is not here has the emergency card alone."""
