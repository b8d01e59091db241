"""By phone, in plain words: what somebody rang to say, and what staff are to ask them."""

from collections.abc import Callable, Mapping

from bot.care.by_phone import Asks, Question, Said
from bot.care.outcome import Message
from bot.care.stepping import Way
from bot.care.text import Text
from bot.i18n import Param, Safe, Voice
from bot.outbox import plan, regular, stepping
from bot.store import Connection, circle
from bot.store import drill as drills
from bot.store import regular as regulars
from bot.store import stepping as steps

RANG = {
    Said.GOING_OUT: Text("by_phone", "said_going_out"),
    Said.OK: Text("by_phone", "said_ok"),
    Said.POINT: Text("by_phone", "said_point"),
    Said.LATE: Text("by_phone", "said_late"),
    Said.LONGER: Text("by_phone", "said_longer"),
    Said.PAUSE: Text("by_phone", "said_pause"),
    Said.SLOW: Text("by_phone", "said_slow"),
    Said.PHONE: Text("by_phone", "said_phone"),
    Said.HOME: Text("by_phone", "said_home"),
    Said.HELP: Text("by_phone", "said_help"),
    Said.RING_ME: Text("by_phone", "said_ring_me"),
    Said.LOST: Text("by_phone", "said_lost"),
    Said.UPSET: Text("by_phone", "said_upset"),
    Said.EMERGENCY: Text("by_phone", "said_emergency"),
    Said.FELT: Text("by_phone", "said_felt"),
}

ASKED = {
    Asks.PLAN: Text("by_phone", "asked_plan"),
    Asks.STEP: Text("by_phone", "asked_step"),
    Asks.STEPPED: Text("by_phone", "asked_step"),
    Asks.DRILL: Text("by_phone", "asked_drill"),
    Asks.REGULAR: Text("by_phone", "asked_regular"),
}

_ASK = Text("by_phone", "please_ask")

UNASKED: Mapping[Text, Text] = {
    Text("plan", "drafted"): _ASK,
    Text("drill", "asked"): _ASK,
    Text("regular", "suggested"): _ASK,
    Text("stepping", "suggested"): _ASK,
    Text("stepping", "waits_for_person"): _ASK,
    Text("stepping", "team_more"): Text("by_phone", "team_more"),
    Text("stepping", "team_less"): Text("by_phone", "team_less"),
    Text("stepping", "team_missed"): Text("by_phone", "team_missed"),
    Text("stepping", "good_team"): Text("by_phone", "good_team"),
    Text("stepping", "at_once_team"): Text("by_phone", "at_once_team"),
    Text("stepping", "stepped_at_once"): Text("by_phone", "stepped_at_once"),
    Text("journey", "longer_saved"): Text("by_phone", "longer_saved"),
    Text("escalation", "closed"): Text("by_phone", "closed"),
    Text("escalation", "alert_emergency"): Text("by_phone", "alert_emergency"),
    Text("decision", "cannot_saved"): Text("by_phone", "cannot_saved"),
    Text("decision", "share_saved"): Text("by_phone", "share_saved"),
    Text("decision", "keep_saved"): Text("by_phone", "keep_saved"),
    Text("ground", "allowed"): Text("by_phone", "ground_allowed"),
    Text("ground", "ended"): Text("by_phone", "ground_ended"),
    Text("switching", "on"): Text("by_phone", "switched_on"),
    Text("switching", "ended"): Text("by_phone", "switching_ended"),
    Text("authority", "saved"): Text("by_phone", "papers_saved"),
    Text("authority", "ended"): Text("by_phone", "papers_ended"),
    Text("first_weeks", "started"): Text("by_phone", "weeks_started"),
    Text("sign", "asked_to_read"): Text("by_phone", "signs_not_asked"),
    Text("invitation", "asked_the_person"): Text("by_phone", "invitation_not_asked"),
}
"""What says that the person is asked, or told; and what is true where nothing can be written to
them."""


def worded(c: Connection, message: Message) -> Text:
    """The text of a message; what promises that Kith asks somebody asks staff to, if it cannot."""
    person, other = message.params.get("person"), UNASKED.get(message.text)
    if other is None or person is None or not circle.without_account(c, str(person)):
        return message.text
    return other


def rang(_c: Connection, said: str) -> dict[str, Param]:
    return {"what": RANG[Said(said)]}


def asked(_c: Connection, asks: str) -> dict[str, Param]:
    return {"asked": ASKED[Asks(asks)]}


def question(c: Connection, voice: Voice, asked: Question) -> Safe:
    """What staff read to the person, in the words in which Kith would have asked."""
    of = FILLS[asked.asks](c, asked.of)
    if asked.asks is Asks.STEP:
        return voice.say(_step(c, asked.of), **of)
    return voice.say(QUESTIONS[asked.asks], **of)


def _step(c: Connection, id: str) -> Text:
    found = steps.proposal(c, id)
    less = found is not None and found.way is Way.LESS
    return Text("stepping", "please_less") if less else Text("stepping", "please_more")


def _drill(c: Connection, id: str) -> dict[str, Param]:
    found = drills.drill(c, id)
    return {} if found is None else {"by": circle.name(c, found.by)}


def _regular(c: Connection, id: str) -> dict[str, Param]:
    found = regulars.regular(c, id)
    return {} if found is None else {"by": circle.name(c, found.by), **regular.fill(c, id)}


QUESTIONS = {
    Asks.PLAN: Text("by_phone", "this_plan"),
    Asks.STEPPED: Text("stepping", "at_once"),
    Asks.DRILL: Text("drill", "please"),
    Asks.REGULAR: Text("by_phone", "regular_question"),
}

FILLS: Mapping[Asks, Callable[[Connection, str], Mapping[str, Param]]] = {
    Asks.PLAN: plan.fill,
    Asks.STEP: stepping.fill,
    Asks.STEPPED: stepping.fill,
    Asks.DRILL: _drill,
    Asks.REGULAR: _regular,
}
