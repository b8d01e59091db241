"""An alert of whoever goes off call while somebody is out: it goes along with the outing."""

from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.care.concern import Kind as Concerns
from bot.care.escalation import Cause as Why
from bot.care.escalation import Escalation, State
from bot.care.journey import Journey
from bot.care.words import Hashed, How, Kind
from bot.i18n import Words
from bot.outbox import gate
from bot.outbox.sender import Presented
from bot.store import concern, escalation, handover, journey, outbox, schema, words
from bot.store.commit import KEEP
from tests.conftest import NOON
from tests.oak import Oak, told, unreachable
from tests.store.test_handover import ENDS, MINUTE, asked, climbs, comes, out_id
from tests.store.test_handover import out as out  # a fixture

PRESENT = gate.present(Words.load(), ZoneInfo("Europe/London"))

pytestmark = pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)


def missed(oak: Oak) -> str:
    """Sam misses a check-in at half past twelve, and Dev has it."""
    running = journey.running(oak.c, oak.sam)
    assert running is not None
    due_at = NOON + 30 * MINUTE
    KEEP[Journey](oak.c, replace(running, due_at=due_at))
    journey.tick(oak.c, running.id, due_at, due_at + 11 * MINUTE)
    (alert,) = escalation.standing(oak.c, oak.sam, [Why.MISSED])
    escalation.take(oak.c, alert.id, oak.dev, due_at + 12 * MINUTE)
    return alert.id


def second_word(oak: Oak) -> str:
    """Sam's second word is heard, and Dev is asked in silence."""
    hashed = Hashed(b"salt", b"pepper", b"exact", frozenset({b"exact"}))
    words.choose(oak.c, Kind.DURESS, hashed, oak.sam, NOON, how=How.QUIETLY, question="Cat?")
    (word,) = words.of(oak.c, oak.sam)
    words.signalled(oak.c, word.id, oak.sam, NOON + MINUTE)
    (alert,) = escalation.standing(oak.c, oak.sam, [Why.DURESS])
    while alert.current != oak.dev:
        assert alert.current is not None
        escalation.pass_on(oak.c, alert.id, alert.current, NOON + 2 * MINUTE)
        (alert,) = escalation.standing(oak.c, oak.sam, [Why.DURESS])
    return alert.id


def alert(oak: Oak, id: str) -> Escalation:
    found = escalation.escalation(oak.c, id)
    assert found is not None
    return found


def last_told(oak: Oak, id: str, member: str) -> list[str]:
    """What this member was told of this alert, in order."""
    box = schema.outbox.c
    rows = oak.c.execute(select(box.text, box.params).where(box.member == member))
    return [row.text for row in rows if row.params.get("escalation") == id]


def shown(oak: Oak, text: str) -> list[str]:
    """The words of these messages, as they are read."""
    box = schema.outbox.c
    ids = oak.c.execute(select(box.id).where(box.text == text)).scalars().all()
    read = [PRESENT(oak.c, outbox.load(oak.c, id)[0], NOON) for id in ids]
    assert all(isinstance(one, Presented) for one in read)
    return [one.text for one in read if isinstance(one, Presented)]


@pytest.mark.parametrize(
    ("stands", "says", "theirs"),
    [
        (missed, "escalation.alert_missed", "escalation.yours"),
        (second_word, "words.alert", "words.yours"),
    ],
)
def test_an_alert_of_whoever_goes_off_goes_to_whoever_is_asked_and_is_theirs_with_the_outing(
    out: Oak, stands: Callable[[Oak], str], says: str, theirs: str
) -> None:
    jos = schema.shift.update().where(schema.shift.c.member == out.jo)
    out.c.execute(jos.values(member=out.priya))
    id = stands(out)
    before = alert(out, id)
    assert out.dev in (before.holder, before.current) and out.priya not in before.told
    comes(out, ENDS)
    assert told(out.c, "handover.ask") == ["Priya"]
    asked_now = alert(out, id)
    assert (asked_now.state, asked_now.holder, asked_now.current) == (State.OPEN, None, out.priya)
    assert (asked_now.rung, asked_now.round) == (before.rung, before.round), "in Dev's place"
    assert asked_now.due_at == ENDS + 10 * MINUTE
    assert last_told(out, id, out.priya) == [says]

    escalation.take(out.c, asked(out).id, out.priya, ENDS + 5 * MINUTE)
    held = alert(out, id)
    assert (held.state, held.holder) == (State.HELD, out.priya)
    assert last_told(out, id, out.priya) == [says, theirs]
    found = handover.duty(out.c, out_id(out))
    assert found is not None and found.member == out.priya
    nobody = [t for t in last_told(out, id, out.sam) if says == "words.alert"]
    assert nobody == [], "on Sam's phone nothing has happened"


def test_whoever_takes_over_later_gets_the_alert_itself(out: Oak) -> None:
    id = missed(out)
    comes(out, ENDS)
    assert alert(out, id).current == out.jo
    climbs(out, ENDS + 9 * MINUTE)
    escalation.take(out.c, asked(out).id, out.mina, ENDS + 9 * MINUTE)
    held = alert(out, id)
    assert (held.holder, held.told[-1]) == (out.mina, out.mina)
    assert last_told(out, id, out.mina) == ["escalation.alert_missed", "escalation.yours"]


def test_an_alert_that_a_colleague_has_taken_stays_theirs(out: Oak) -> None:
    id = missed(out)
    comes(out, ENDS)
    escalation.take(out.c, id, out.mina, ENDS + MINUTE)
    escalation.take(out.c, asked(out).id, out.jo, ENDS + 2 * MINUTE)
    assert alert(out, id).holder == out.mina


def test_with_nobody_else_to_ask_it_stays_with_them_until_somebody_takes_over(out: Oak) -> None:
    id = missed(out)
    unreachable(out, "Jo", "Priya")
    comes(out, ENDS)
    assert alert(out, id).holder == out.dev
    escalation.take(out.c, asked(out).id, out.mina, ENDS + MINUTE)
    assert alert(out, id).holder == out.mina
    assert "escalation.has_it" in last_told(out, id, out.dev)


def test_a_concern_keeps_to_its_own_ladder(out: Oak) -> None:
    kind, by = Concerns.SAFETY, out.role("Amira")
    concern.raise_(out.c, kind, by, out.sam, "There are bruises.", None, [out.jo], NOON)
    (kept,) = escalation.standing(out.c, out.sam, [Why.CONCERN])
    KEEP[Escalation](out.c, replace(kept, current=out.dev))
    comes(out, ENDS)
    escalation.take(out.c, asked(out).id, out.jo, ENDS + MINUTE)
    assert alert(out, kept.id).current == out.dev
    assert last_told(out, kept.id, out.jo) == []


@pytest.mark.parametrize("stands", [None, missed, second_word])
def test_who_hands_over_and_who_is_asked_read_that_an_alert_goes_along_and_never_what_it_is(
    out: Oak, stands: Callable[[Oak], str] | None
) -> None:
    if stands is not None:
        stands(out)
    comes(out, ENDS)
    read = shown(out, "handover.ended") + shown(out, "handover.ask")
    assert len(read) == 2
    for text in read:
        assert ("An alert about Sam is open, too." in text) == (stands is not None)
        assert "silent" not in text.lower() and "check" not in text
