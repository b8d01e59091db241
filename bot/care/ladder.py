"""The ladder: who is told next, when, and what happens when they cannot be reached.

The rules of this file: an alert that is not closed always has a moment at which it moves on
by itself; a rung nobody can be reached on is passed at once, and the ledger says why; nothing
the person presses makes it slower; the person always hears who is asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.care.escalation import (
    ALERTS,
    AT_ONCE,
    KIND,
    Cause,
    Escalation,
    Event,
    State,
    also,
    answer,
    just_now,
    log,
    moved,
    refused,
    to_person,
    to_told,
    wake,
)
from bot.care.outcome import Log, Outcome, Tell, Wake
from bot.care.plan import Ladder, reachable
from bot.care.text import Text

NOBODY_AGAIN = timedelta(minutes=1)
"""How soon a ladder on which nobody could be reached is tried again."""

EVERY = 10
"""The team is asked again after so many such tries."""

GRAVITY = tuple(Cause)


@dataclass(frozen=True, slots=True)
class Around:
    """Who can be told now: the ladder as it stands, and the rest of the team's reachable staff.

    `person` says whether messages reach the person it is about.
    """

    ladder: Ladder
    others: tuple[str, ...]
    person: bool = True


def open_(fresh: Escalation, around: Around, now: datetime) -> Outcome:
    """Tell the first rung; of what cannot wait every rung."""
    begun = Outcome(logs=(log("escalation_opened", fresh, None, cause=fresh.cause.value),))
    if fresh.cause in AT_ONCE:
        return begun + _tell_all(fresh, around, now)
    return begun + _climb(fresh, around, now, Text("escalation", "asked_to_ring"))


def tick(escalation: Escalation, around: Around, now: datetime) -> Outcome:
    """What the time that has passed calls for: the next rung, or a question to the holder."""
    due = escalation.due_at
    if due is None:  # it is closed
        return Outcome(wakes=(Wake(KIND, escalation.id, None),))
    if due > now:
        return Outcome(wakes=(wake(escalation),))
    if escalation.state is State.OPEN:
        tries = escalation.asked if escalation.current is None else 0
        climbing = replace(moved(escalation, Event.CLIMB), asked=tries)
        return _climb(climbing, around, now, Text("escalation", "asking_next"))
    carrier = escalation.carried_by
    if carrier is not None and escalation.asked == 0:
        return _ask(escalation, carrier, now)
    return _silent(escalation, carrier, around, now)


def pass_on(escalation: Escalation, by: str, around: Around, now: datetime) -> Outcome:
    """To the next rung at once. Only whoever holds it, or is being asked, can pass it on."""
    if escalation.state is State.CLOSED or escalation.holder is not None:
        not_theirs = refused(escalation, by)
        if not_theirs is not None:
            return Outcome(said=not_theirs)
    elif escalation.current != by:
        return Outcome(said=answer(Text("escalation", "passed_already"), escalation, by))
    passed = _freed(escalation, Event.PASS_ON)
    said = Outcome(
        said=answer(Text("escalation", "passed_on"), passed, by),
        logs=(log("escalation_passed_on", passed, by),),
    )
    return said + _climb(passed, around, now, Text("escalation", "asking_now"), besides=by)


def vouch(escalation: Escalation, by: str, around: Around, now: datetime) -> Outcome:
    """A supporter says the person is safe and well: staff hear who said so, and are asked on,
    since one of them closes it. Pressed again, or by one who has not taken it, it is only told."""
    if escalation.state is State.CLOSED or escalation.holder not in (None, by):
        return Outcome(said=refused(escalation, by))
    vouched = Outcome(
        said=answer(Text("escalation", "vouched_for"), escalation, by),
        logs=(log("escalation_vouched", escalation, by),),
    )
    if escalation.holder is None:
        return vouched + _staff_hear(escalation, escalation.told, by)
    passed = _freed(escalation, Event.PASS_ON)
    climbed = _climb(passed, around, now, Text("escalation", "asking_now"), besides=by)
    told = next(record.told for record in climbed.records if isinstance(record, Escalation))
    return vouched + climbed + _staff_hear(passed, told, by)


def _staff_hear(escalation: Escalation, told: Iterable[str], by: str) -> Outcome:
    staff = (member for member in told if escalation.acting(member) is None)
    vouched = Text("escalation", "vouched")
    return Outcome(tells=tuple(to_told(escalation, member, vouched, by=by) for member in staff))


def unreachable(escalation: Escalation, member: str, around: Around, now: datetime) -> Outcome:
    """This member cannot be given a message: if the alert waits on them, it moves at once.

    After a whole round of such rungs in a row it rests for a moment, and the team is asked.
    """
    if escalation.state is State.CLOSED or member not in (escalation.holder, escalation.current):
        return Outcome()
    event = Event.CLIMB if escalation.state is State.OPEN else Event.SILENT
    tries = 0 if escalation.state is State.HELD else escalation.asked
    freed = replace(_freed(escalation, event), asked=tries + 1)
    passed = Outcome(logs=(log("rung_unreachable", freed, None, member=member),))
    if freed.asked > len(around.ladder):
        return passed + _nobody(freed, around, now)
    asking = Text("escalation", "asking_now")
    return passed + _climb(freed, around, now, asking, besides=member)


def raise_(escalation: Escalation, cause: Cause, around: Around, now: datetime) -> Outcome:
    """The person asks for help while an alert stands, or a threshold is reached anew: all who
    were told hear it, at once.

    Whoever holds it keeps it. An emergency is told to every rung.
    """
    if escalation.state is State.CLOSED:
        return Outcome()
    graver = GRAVITY.index(cause) > GRAVITY.index(escalation.cause)
    repeated = not graver and just_now(escalation.event_at, now)
    raised = moved(escalation, Event.RAISE)
    if raised.holder is not None and raised.state is State.OPEN:
        raised = moved(raised, Event.TAKE)
    if repeated:
        again = _ring_999(raised) if cause is Cause.EMERGENCY else ()
        return Outcome(records=(raised,), tells=again)
    raised = replace(
        raised,
        cause=cause if graver else escalation.cause,
        event_at=now,
        answered_at=None,
    )
    asks = raised.person if raised.spoken.person else None
    begun = Outcome(logs=(log("escalation_raised", raised, asks, cause=cause.value),))
    if cause in AT_ONCE:
        return begun + _tell_all(raised, around, now)
    if not raised.told:
        return begun + _climb(
            replace(raised, asked=0), around, now, Text("escalation", "asked_to_ring")
        )
    soon = _sooner(raised, now)
    return (
        begun
        + Outcome(
            records=(soon,),
            tells=(
                *(to_told(soon, member, ALERTS[soon.need]) for member in soon.told),
                *to_person(
                    soon,
                    Text("escalation", "asked_to_ring"),
                    member=soon.holder or soon.current or soon.told[0],
                ),
            ),
            wakes=(wake(soon),),
        )
        + _elsewhere(soon, around, range(len(around.ladder)))
    )


# --- the steps the rules share ------------------------------------------------------------


def _climb(
    escalation: Escalation, around: Around, now: datetime, said: Text, besides: str | None = None
) -> Outcome:
    """Tell the next rung on which somebody can be reached; past the last, begin again.

    Whoever has just been asked stands back for everybody else, the rest of the team included, and
    a supporter for staff until one of them has been told. `said` tells the person.
    """
    count = len(around.ladder)
    ahead = range(escalation.rung + 1, escalation.rung + 1 + count)
    members = {at: around.ladder[at % count].member for at in ahead}
    free = {at: who for at, who in members.items() if who is not None and who != besides}
    rested = [at for at, who in free.items() if who != escalation.current]
    if not _staff_told(escalation):
        rested = [at for at in rested if escalation.acting(free[at]) is None] or rested
    chosen = next(iter(rested if rested or around.others else free), None)
    skipped = Outcome(
        logs=tuple(
            _skipped(escalation, around, at % count)
            for at in ahead
            if chosen is None or at < chosen
        )
    )
    passed = (at for at in ahead if chosen is None or at <= chosen)
    skipped += _elsewhere(escalation, around, passed)
    if chosen is None:
        return _nobody(escalation, around, now) + skipped
    return _tell_rung(escalation, free[chosen], chosen, around, said, now) + skipped


def _elsewhere(escalation: Escalation, around: Around, passed: Iterable[int]) -> Outcome:
    """Nobody waits for those whom Telegram does not reach. They are told all the same, since what
    cannot be delivered goes to their own channel: once a round, and while nobody else is left,
    again every ten tries. Whatever the person asks for anew is a new call.
    """
    answered = escalation.state is State.ANSWERED
    text = Text("escalation", "please_speak") if answered else _alert(escalation, around)
    count = len(around.ladder)
    tells: dict[str, Tell] = {}
    for at in passed:
        for member in around.ladder[at % count].elsewhere:
            turn = f"{escalation.event_at:%H%M%S}:{escalation.round + at // count}"
            turn += f":{escalation.asked // EVERY}"
            key = f"{escalation.id}:elsewhere:{turn}:{member}"
            tells[key] = replace(to_told(escalation, member, text), key=key)
    return Outcome(tells=tuple(tells.values()))


def _skipped(escalation: Escalation, around: Around, rung: int) -> Log:
    standing = around.ladder[rung]
    asked = "just_asked" if standing.member == escalation.current else "staff_first"
    why = standing.why_not or asked
    return log("rung_skipped", escalation, None, rung=rung, why=why)


def _tell_rung(
    escalation: Escalation, member: str, at: int, around: Around, said: Text, now: datetime
) -> Outcome:
    count = len(escalation.rungs)
    told = replace(
        escalation,
        rung=at % count,
        round=escalation.round + at // count,
        told=also(escalation.told, member),
        current=member,
        due_at=now + timedelta(minutes=escalation.rungs[at % count].wait),
    )
    if told.state is State.ANSWERED:
        # What they are told is the question; without an answer the next one gets it.
        asked = replace(told, asked=max(told.asked, 1))
        return _told(asked, (to_told(asked, member, Text("escalation", "please_speak")),))
    before = escalation.current
    if said.id == "asking_next" and before is not None and before != member:
        person = to_person(told, said, member=member, before=before)
    else:
        now_said = Text("escalation", "asking_now") if said.id == "asking_next" else said
        person = to_person(told, now_said, member=member)
    return _told(told, (to_told(told, member, _alert(told, around)), *person))


def _tell_all(escalation: Escalation, around: Around, now: datetime) -> Outcome:
    """An emergency: every rung that can be reached, at once; then one after the other again."""
    members = reachable(around.ladder)
    elsewhere = _elsewhere(escalation, around, range(len(around.ladder)))
    if not members and escalation.holder is None:
        # Asked anew, whoever was before.
        return _nobody(replace(escalation, asked=0), around, now) + elsewhere
    told = replace(_sooner(escalation, now), told=also(escalation.told, *members))
    if told.holder is None:
        first = next(n for n, s in enumerate(around.ladder) if s.member is not None)
        told = replace(told, current=members[0], rung=max(told.rung, first))
    alert = Text("escalation", "alert_emergency")
    tells = (*_ring_999(told), *(to_told(told, member, alert) for member in told.told))
    return _told(told, tells) + elsewhere


def _nobody(escalation: Escalation, around: Around, now: datetime) -> Outcome:
    """Nobody on the ladder is left to ask: the rest of the team is, and again every ten tries.

    Whoever had been asked before: the person hears that it is nobody now.
    """
    wait = timedelta(minutes=_wait(escalation)) if reachable(around.ladder) else NOBODY_AGAIN
    told = replace(
        escalation,
        told=also(escalation.told, *around.others),
        current=None,
        asked=escalation.asked + 1,
        due_at=now + wait,
    )
    tells: tuple[Tell, ...] = ()
    news = escalation.current is not None or told.told != escalation.told
    if news or escalation.asked % EVERY == 0:
        tells = tuple(to_told(told, member, _team_alert(told)) for member in around.others)
        tells += _person_hears_of_nobody(told, around)
    return _told(told, tells) + Outcome(logs=(log("nobody_reachable", told, None),))


def _team_alert(escalation: Escalation) -> Text:
    if escalation.state is State.ANSWERED:
        return Text("escalation", "please_speak")
    if escalation.cause is Cause.EMERGENCY:
        return Text("escalation", "alert_emergency")
    return Text("escalation", "alert_nobody")


def _person_hears_of_nobody(escalation: Escalation, around: Around) -> tuple[Tell, ...]:
    if escalation.state is State.ANSWERED:
        return ()
    if escalation.cause is Cause.EMERGENCY:
        return _ring_999(escalation)
    if around.others:
        return to_person(escalation, Text("escalation", "nobody_yet"))
    return to_person(escalation, Text("escalation", "nobody_at_all"))


def _told(escalation: Escalation, tells: tuple[Tell, ...]) -> Outcome:
    line = log("escalation_told", escalation, None, rung=escalation.rung, round=escalation.round)
    return Outcome(records=(escalation,), tells=tells, wakes=(wake(escalation),), logs=(line,))


def _freed(escalation: Escalation, event: Event) -> Escalation:
    """Nobody's any more; `current` is who had it last."""
    had = escalation.holder or escalation.current
    freed = moved(escalation, event)
    return replace(freed, holder=None, held_at=None, current=had, asked=0)


def _sooner(escalation: Escalation, now: datetime) -> Escalation:
    """What is told now is the question: it moves on after one wait, and never later than it would.

    A holder who has not been asked yet gets the whole wait.
    """
    due = now + timedelta(minutes=_wait(escalation))
    fresh = escalation.due_at is None or (escalation.holder is not None and escalation.asked == 0)
    if escalation.due_at is not None and not fresh:
        due = min(due, escalation.due_at)
    asked = 1 if escalation.holder is not None else escalation.asked
    return replace(escalation, due_at=due, asked=asked)


def _ask(escalation: Escalation, carrier: str, now: datetime) -> Outcome:
    """Ask whoever carries it how it is going."""
    asked = replace(
        moved(escalation, Event.ASK),
        asked=1,
        due_at=now + timedelta(minutes=_wait(escalation)),
    )
    text = (
        Text("escalation", "how_is_it")
        if asked.holder is not None
        else Text("escalation", "please_speak")
    )
    return Outcome(
        records=(asked,),
        tells=(to_told(asked, carrier, text),),
        wakes=(wake(asked),),
        logs=(log("escalation_asked", asked, None, member=carrier),),
    )


def _silent(escalation: Escalation, carrier: str | None, around: Around, now: datetime) -> Outcome:
    """Whoever carried it did not answer: the next rung, and they are told so."""
    freed = _freed(escalation, Event.SILENT)
    silence = Outcome()
    if carrier is None:
        freed = replace(freed, asked=escalation.asked)
    else:
        silence = Outcome(
            tells=(to_told(freed, carrier, Text("escalation", "moved_on")),),
            logs=(log("escalation_silent", freed, None, member=carrier),),
        )
    asking = Text("escalation", "asking_next")
    return silence + _climb(freed, around, now, asking, besides=carrier)


def _alert(escalation: Escalation, around: Around) -> Text:
    match escalation.cause:
        case Cause.MISSED if not around.person:
            return Text("escalation", "alert_missed_unreached")
        case Cause.MISSED_WHILE_OFF:
            return Text("escalation", "alert_missed_off")
        case Cause.EMERGENCY:
            return Text("escalation", "alert_emergency")
        case Cause.HELP:
            return ALERTS[escalation.need]
        case _:  # each cause has its own words for it
            return Text("escalation", "alert_missed")


def _ring_999(escalation: Escalation) -> tuple[Tell, ...]:
    """What Kith says of the team is true: with nobody told, it says that."""
    if _staff_told(escalation):
        return to_person(escalation, Text("escalation", "ring_999"))
    return to_person(escalation, Text("escalation", "ring_999_alone"))


def _staff_told(escalation: Escalation) -> bool:
    return any(escalation.acting(member) is None for member in escalation.told)


def _wait(escalation: Escalation) -> int:
    return escalation.rungs[max(escalation.rung, 0)].wait
