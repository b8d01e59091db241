"""What an alert says besides: what Sam said on the way, who has it, a silent alert that stands."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.care.by_phone import Said
from bot.care.escalation import Cause as Why
from bot.care.escalation import Close, Escalation, Need, message
from bot.care.journey import Journey
from bot.care.outcome import Message, Outcome, Tell
from bot.care.plan import Plan
from bot.care.terms import Point, SafePlace, Stretch, Terms
from bot.care.text import Text
from bot.care.words import Hashed, How, Kind
from bot.i18n import STANDARD, Words
from bot.outbox.render import Reader, render
from bot.store import by_phone, escalation, journey, plan, words
from bot.store.commit import KEEP
from tests.conftest import NOON
from tests.oak import Oak
from tests.store.test_escalation import DUE, MINUTE, OPENED, missed

WAY = Terms(
    points=(Point("On the bus", 15), Point("At the café", 20)),
    stretches=(Stretch("hill", "Hill Road", 15),),
    safe_places=(SafePlace("l", "Library"), SafePlace("p", "Pharmacy")),
)


def read(oak: Oak, said: Message, by: str, now: datetime = OPENED) -> str:
    zone = ZoneInfo("Europe/London")
    return render(oak.c, Words.load(), said, Reader(by, STANDARD), zone, now).text


def told(oak: Oak, outcome: Outcome, by: str) -> str:
    """What this one reads of what everybody was told."""
    theirs: Iterable[Tell] = (tell for tell in outcome.tells if tell.to == by)
    return "\n".join(read(oak, tell.message, by) for tell in theirs)


def alert(oak: Oak, id: str) -> Escalation:
    found = escalation.escalation(oak.c, id)
    assert found is not None
    return found


def silent(oak: Oak, at: datetime) -> Escalation:
    """Sam's second word is heard: Jo is asked in silence."""
    hashed = Hashed(b"salt", b"pepper", b"exact", frozenset({b"exact"}))
    words.choose(oak.c, Kind.DURESS, hashed, oak.sam, NOON, how=How.QUIETLY)
    words.signalled(oak.c, words.of(oak.c, oak.sam)[0].id, oak.sam, at)
    (raised,) = escalation.standing(oak.c, oak.sam, [Why.DURESS])
    return raised


def test_an_alert_says_what_was_said_on_the_way_and_no_more_than_was(oak: Oak) -> None:
    id = missed(oak.c, oak.ids)
    plain = read(oak, message(Text("escalation", "alert_missed"), alert(oak, id)), oak.dev)
    assert "Due: 14:00\nLast heard from at: 13:00\nThe questions" in plain

    agreed = plan.in_force(oak.c, oak.sam)
    assert agreed is not None
    KEEP[Plan](oak.c, replace(agreed, terms=WAY))
    out = journey.journey(oak.c, alert(oak, id).subject)
    assert out is not None
    said = replace(out, point=1, extends=1, slack=15, stretches=("hill",), phone_low=True)
    KEEP[Journey](oak.c, said)
    KEEP[Escalation](oak.c, replace(alert(oak, id), need=Need.LOST))
    for text in ("alert_missed", "alert_lost", "yours", "call_summary", "police_time"):
        whole = read(oak, message(Text("escalation", text), alert(oak, id)), oak.dev)
        for line in (
            "Last heard from at: 13:00",
            "Last point: On the bus",
            "Said: back later, by 14:00",
            "Hill Road",
            "my phone is nearly empty",
            "wait at Library and Pharmacy",
        ):
            assert line in whole, (text, line)
    theirs = read(oak, message(Text("escalation", "supporter_missed"), alert(oak, id)), oak.amira)
    assert not any(word in theirs for word in ("bus", "Hill", "empty", "Library", "13:00"))


def test_a_word_by_phone_is_said_to_be_one(oak: Oak) -> None:
    plan.sample(oak.c, oak.sam, oak.jo, NOON)
    journey.set_off(oak.c, oak.sam, "Café", DUE, NOON)
    out = journey.running(oak.c, oak.sam)
    assert out is not None
    by_phone.rang(oak.c, out.id, oak.jo, NOON + 5 * MINUTE, said=Said.OK)
    journey.tick(oak.c, out.id, DUE, OPENED)
    (raised,) = escalation.standing(oak.c, oak.sam, [Why.MISSED])
    said = message(Text("escalation", "alert_missed"), raised)
    assert "Last heard from at: 13:05. Jo wrote down: rang, OK\n" in read(oak, said, oak.dev)
    journey.ok(oak.c, out.id, oak.sam, OPENED)
    assert "Last heard from at: 14:10\n" in read(oak, said, oak.dev), "by Sam alone"


def test_whoever_hears_that_they_answered_learns_who_has_it(oak: Oak) -> None:
    id = missed(oak.c, oak.ids)
    free = journey.ok(oak.c, alert(oak, id).subject, oak.sam, OPENED)
    assert "checked in late" in told(oak, free, oak.jo) and "has this" not in told(
        oak, free, oak.jo
    )
    escalation.take(oak.c, id, oak.dev, OPENED)
    again = journey.ok(oak.c, alert(oak, id).subject, oak.sam, OPENED + 2 * MINUTE)
    assert "✋ Dev has this since 14:10." in told(oak, again, oak.jo)
    assert "✋ You have this." in told(oak, again, oak.dev)


def test_nobody_who_was_told_of_a_silent_alert_reads_that_there_is_nothing_to_do(
    oak: Oak,
) -> None:
    """And nobody else reads that there is one."""
    id = missed(oak.c, oak.ids)
    KEEP[Escalation](oak.c, replace(alert(oak, id), told=(oak.jo, oak.dev, oak.priya)))
    quiet = silent(oak, OPENED)
    assert quiet.told == (oak.jo,)
    taken = escalation.take(oak.c, id, oak.dev, OPENED)
    assert "silent alert about Sam still stands" in told(oak, taken, oak.jo)
    assert "nothing" not in told(oak, taken, oak.jo)
    assert "You need do nothing now." in told(oak, taken, oak.priya)

    escalation.take(oak.c, quiet.id, oak.jo, OPENED)
    closed = journey.close(oak.c, id, oak.dev, Close.SAFE_AND_WELL, OPENED)
    assert closed.said is not None
    assert "silent" not in read(oak, closed.said, oak.dev), "Dev was never told of it"
    assert "still stands" in read(oak, closed.said, oak.jo)
    for one, knows in ((oak.jo, True), (oak.priya, False), (oak.sam, False), (oak.amira, False)):
        assert ("silent" in told(oak, closed, one)) is knows
    escalation.close(oak.c, quiet.id, oak.jo, Close.SEEN_TO, OPENED)
    assert "You need do nothing now." in told(oak, closed, oak.jo), "it is as it is when read"


def test_whoever_else_has_the_silent_alert_leaves_others_nothing_to_do(oak: Oak) -> None:
    id = missed(oak.c, oak.ids)
    quiet = silent(oak, OPENED)
    escalation.pass_on(oak.c, quiet.id, oak.jo, OPENED)
    escalation.take(oak.c, quiet.id, oak.dev, OPENED)
    taken = escalation.take(oak.c, id, oak.priya, OPENED)
    assert "You need do nothing now." in told(oak, taken, oak.jo)
