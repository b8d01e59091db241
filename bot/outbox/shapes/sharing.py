"""Buttons of messages about what the person lets others know, and what stands beside it."""

from collections.abc import Mapping

from bot.care.candour import FIRST, LIST
from bot.care.candour import Step as Candour
from bot.care.news import PUSH
from bot.care.rhythm import GOOD_NEWS, REMINDERS
from bot.care.text import Text
from bot.outbox.shapes.shape import Press, Shape, in_rows
from bot.outbox.topics import CANDOUR


def of_agreement(*presses: tuple[str, Text], read_back: bool = False) -> Shape:
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


_PUSH = Shape(((Press(Text("news", "read"), "news:read:-:0"),),))
ALLOW = in_rows("decision", "decision", (("allow", Text("decision", "say_who")),))
_STEPS = in_rows("candour", "candour", *(((step.value, CANDOUR[step]),) for step in Candour))
_REMINDER = Shape(
    (
        (Press(Text("rhythm", "write_now"), "news:about:{person}:0"),),
        (Press(Text("rhythm", "by_phone"), "rhythm:phone:{supporter}:{mark}"),),
        (Press(Text("rhythm", "later_button"), "rhythm:later:{supporter}:{mark}"),),
    )
)

SHAPES: Mapping[Text, Shape] = {
    # agreement
    Text("agreement", "read_back"): of_agreement(
        ("agree", Text("agreement", "agree")),
        ("more", Text("agreement", "more_choices")),
        ("try", Text("agreement", "try_first")),
        read_back=True,
    ),
    Text("agreement", "tried"): of_agreement(
        ("agree", Text("agreement", "agree")),
        ("more", Text("agreement", "more_choices")),
        read_back=True,
    ),
    Text("agreement", "yourself"): of_agreement(
        ("yes", Text("agreement", "yes")),
        ("not_sure", Text("agreement", "not_sure")),
        ("talk", Text("agreement", "talk")),
    ),
    # preparing
    Text("preparing", "please"): in_rows(
        "preparing", "sitting", (("start", Text("preparing", "start")),)
    ),
    Text("preparing", "asked"): in_rows(
        "preparing", "sitting", (("end", Text("preparing", "no_help")),)
    ),
    # news
    PUSH: _PUSH,
    Text("news", "change_wanted"): Shape(
        ((Press(Text("news", "write_anew"), "news:about:{person}:0"),),)
    ),
    # decision
    Text("decision", "share_saved"): ALLOW,
    # glass
    Text("glass", "please_review"): in_rows(
        "safeguarding", "glass", (("review", Text("glass", "look_at_it")),)
    ),
    # switching
    Text("switching", "please_confirm"): in_rows(
        "switching",
        "switch",
        (("confirm", Text("switching", "confirm")),),
        (("decline", Text("switching", "no")),),
    ),
    Text("switching", "please_tell"): in_rows(
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
}
