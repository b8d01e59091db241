"""What staff see of somebody who rings: few big buttons, the rest behind `Something else`."""

from bot.care import lateness, pause
from bot.care.by_phone import Asks, Question
from bot.care.escalation import Need
from bot.care.journey import ALERTED, Journey
from bot.care.text import Text
from bot.flows.pause import LABELS
from bot.handlers.screen import Screen, screen
from bot.i18n import Voice
from bot.outbox import by_phone as words
from bot.outbox import location
from bot.outbox.render import Button, Rows
from bot.store import Connection, asked_by_phone, by_phone, circle
from bot.store import escalation as escalations
from bot.store import journey as journeys
from bot.store import plan as plans

LATER = {
    10: Text("journey", "ten_minutes"),
    20: Text("journey", "twenty_minutes"),
    30: Text("journey", "thirty_minutes"),
}

FEELINGS = {
    4: Text("by_phone", "felt_good"),
    3: Text("by_phone", "felt_so_so"),
    2: Text("by_phone", "felt_bad"),
}
"""The middle three of the five faces: what can be heard in a call."""


def card(c: Connection, voice: Voice, person: str, number: int = 0) -> Screen:
    """What Kith knows of them, and what they may have rung to say. `number`: which of the
    questions that wait for them."""
    running = journeys.running(c, person)
    name = circle.name(c, person)
    if running is not None:
        return _out(c, voice, name, running)
    planned = plans.in_force(c, person) is not None
    stands = Text("by_phone", "not_out") if planned else Text("by_phone", "no_plan")
    lines = [voice.say(stands, person=name)]
    rows: list[Button] = []
    if planned:
        rows.append(_button(voice, Text("by_phone", "going_out"), f"out:{person}:0", name))
    last = by_phone.just_home(c, person, voice.now)
    if last is not None:
        rows.append(_button(voice, Text("by_phone", "how_it_went"), f"how:{last.id}:0", name))
    waiting = asked_by_phone.questions(c, person, voice.now)
    if waiting:
        one = waiting[number % len(waiting)]
        read = words.question(c, voice, one)
        lines.append(voice.say(Text("by_phone", "read_out"), person=name, question=read))
        rows += _answers(voice, one)
    if len(waiting) > 1:
        another = f"who:{person}:{(number + 1) % len(waiting)}"
        rows.append(_button(voice, Text("by_phone", "another"), another, name))
    return _screen(voice, "\n\n".join(lines), rows)


def _answers(voice: Voice, one: Question) -> list[Button]:
    yes, no = Text("by_phone", "said_yes"), Text("by_phone", "said_no")
    if one.asks is Asks.STEPPED:
        return [_button(voice, Text("by_phone", "not_agreed"), f"no_stepped:{one.of}:0")]
    return [
        _button(voice, label, f"{verb}_{one.asks.value}:{one.of}:0")
        for verb, label in (("yes", yes), ("no", no))
    ]


def _out(c: Connection, voice: Voice, name: str, running: Journey) -> Screen:
    alerted, home_by = running.state in ALERTED, by_phone.home_by(c, running)
    if home_by is not None:
        by = circle.name(c, home_by)
        lines = [voice.say(Text("by_phone", "home_rang"), person=name, by=by)]
    else:
        text = Text("by_phone", "out_alerted") if alerted else Text("by_phone", "out")
        lines = [voice.say(text, person=name, place=running.place, due=running.due_at)]
    known, point = circle.member(c, running.person), running.next_point
    if point is not None and not alerted:
        lines.append(voice.say(Text("by_phone", "next_point"), point=point.name))
    if home_by is None and (known is None or not known.reachable):
        lines.append(voice.say(Text("by_phone", "unreached"), person=name))
    if _lost(c, running):
        safe = location.safe_places(c, running.plan.id)
        lines.append(voice.say(Text("by_phone", "safe_places"), person=name, **safe))
    lines.append(voice.say(Text("by_phone", "what_rang"), person=name))
    rows = []
    if point is not None and not alerted:
        at = f"by_phone:at:{running.id}:{running.point}"
        label = voice.label(Text("by_phone", "at_point"), person=name, point=point.name)
        rows.append(Button(label[:64], at))
    rows += [
        _button(voice, label, f"{verb}:{running.id}:0", name)
        for verb, label in (
            *((("spoken", Text("by_phone", "spoken")),) if home_by is not None else ()),
            ("ok", Text("by_phone", "rang_ok")),
            *((("late", Text("by_phone", "rang_late")),) if not alerted else ()),
            *((("home", Text("by_phone", "rang_home")),) if home_by is None else ()),
            ("help", Text("by_phone", "rang_help")),
            ("else", Text("by_phone", "something_else")),
        )
    ]
    return _screen(voice, "\n".join(lines), rows)


def _lost(c: Connection, running: Journey) -> bool:
    """Whether they said that they are lost, and the plan names somewhere to go."""
    if running.escalation is None or not running.plan.terms.safe_places:
        return False
    alert = escalations.escalation(c, running.escalation)
    return alert is not None and alert.need is Need.LOST


# --- what is asked after a button ---------------------------------------------------------


def something_else(voice: Voice, name: str, running: Journey) -> Screen:
    """At most six, always in this order."""
    asked = running.state in ALERTED
    fits = (
        ("lost", Text("by_phone", "rang_lost"), True),
        ("upset", Text("by_phone", "rang_upset"), True),
        ("ring_me", Text("by_phone", "rang_ring_me"), True),
        ("phone", Text("by_phone", "rang_phone"), True),
        ("pause", Text("by_phone", "rang_pause"), not asked and pause.may_pause(running)),
        ("slow", Text("by_phone", "rang_slow"), not asked and bool(pause.stretches_left(running))),
    )
    rows = [
        _button(voice, label, f"{verb}:{running.id}:0", name)
        for verb, label, there in fits
        if there
    ]
    return _screen(voice, voice.say(Text("by_phone", "what_else"), person=name), rows)


def how_late(voice: Voice, name: str, running: Journey) -> Screen:
    minutes = lateness.minutes_left(running, voice.now)
    data = f"{running.id}:{running.mark}"
    rows = [_button(voice, LATER[m], f"later_{m}:{data}") for m in minutes]
    rows.append(_button(voice, Text("by_phone", "rang_longer"), f"longer:{running.id}:0"))
    text = Text("by_phone", "how_much_later") if minutes else Text("by_phone", "no_more_time")
    return _screen(voice, voice.say(text, person=name, limit=running.limit_at), rows)


def what_help(voice: Voice, name: str, running: Journey) -> Screen:
    """They need help, and staff are asked already: what kind?"""
    rows = [
        _button(voice, label, f"{verb}:{running.id}:0", name)
        for verb, label in (
            ("ring_me", Text("by_phone", "rang_ring_me")),
            ("lost", Text("by_phone", "rang_lost")),
            ("upset", Text("by_phone", "rang_upset")),
            ("emergency", Text("by_phone", "rang_emergency")),
        )
    ]
    return _screen(voice, voice.say(Text("by_phone", "what_help"), person=name), rows)


def how_long(voice: Voice, name: str, running: Journey) -> Screen:
    """A pause: the spans that the plan allows, or as long as it does."""
    until, id = pause.longest(running, voice.now), running.id
    spans = pause.spans_left(running, voice.now)
    rows = [_button(voice, LABELS[m], f"pause_{m}:{id}:0") for m in spans]
    most = voice.label(Text("by_phone", "pause_most"), until=until)
    rows.append(Button(most, f"by_phone:pause_most:{id}:0"))
    return _screen(voice, voice.say(Text("by_phone", "how_long"), person=name), rows)


def slow_where(voice: Voice, name: str, running: Journey) -> Screen:
    rows = [
        Button(stretch.name[:64], f"by_phone:slow_here:{running.id}:{number}")
        for number, stretch in pause.stretches_left(running)
    ]
    return _screen(voice, voice.say(Text("by_phone", "slow_where"), person=name), rows)


def how_it_went(voice: Voice, name: str, journey: str) -> Screen:
    rows = [
        _button(voice, label, f"felt_{face}:{journey}:0", name) for face, label in FEELINGS.items()
    ]
    rows.append(_button(voice, Text("journey", "skip"), f"skip:{journey}:0"))
    return _screen(voice, voice.say(Text("by_phone", "how_went"), person=name), rows)


def _button(voice: Voice, label: Text, data: str, name: str = "") -> Button:
    return Button(voice.label(label, person=name)[:64], f"by_phone:{data}")


def _screen(voice: Voice, text: str, buttons: list[Button]) -> Screen:
    rows: Rows = tuple((button,) for button in buttons)
    return screen(voice, text, rows)
