"""What is taken for an address; whom an alert still needs; whom the ladder passes over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.care import contact, ladder
from bot.care.escalation import Cause, Escalation, State
from bot.care.ladder import Around
from bot.care.outcome import Outcome
from bot.care.plan import LADDERS, Standing
from tests.care.outing import told
from tests.conftest import NOON

RUNGS = LADDERS["key_worker"]
ALERT = Escalation(
    id="alert",
    person="sam",
    team="oak",
    cause=Cause.MISSED,
    subject="journey",
    state=State.OPEN,
    event_at=NOON,
    opened_at=NOON,
    rungs=RUNGS,
    ask_again=15,
    police_at=NOON + timedelta(hours=1),
)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" jo.brown+kith@oak-house.example ", "jo.brown+kith@oak-house.example"),
        ("+44 7700 900105", "+447700900105"),
        ("(01632) 960-101", "01632960101"),
        ("jo_kith-1", "jo_kith-1"),
        ("0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef"),
    ],
)
def test_an_address_is_kept_as_its_service_takes_it(written: str, kept: str) -> None:
    assert contact.address(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "",
        "a",
        "12345",
        "jo@oak.example, eve@evil.example",
        "jo@oak.example;eve@evil.example",
        "jo@oak@evil.example",
        "o'brien@oak.example",
        '"jo"@oak.example',
        "Jo <jo@oak.example>",
        "https://evil.example/jo",
        "evil.example/jo",
        "..",
        "jo..brown@oak.example",
        "jo%2Ceve@oak.example",
        "jo?to=eve",
        "jo&to=eve",
        "jo\neve",
        "jo\r\nBcc: eve@evil.example",
        "{to}",
        "jö@oak.example",
        "+٤٤7700900105",
        "-jo",
        f"{'j' * 70}@oak.example",
        "1" * 90,
    ],
)
def test_nothing_else_is_an_address(written: str) -> None:
    assert contact.address(written) is None


@pytest.mark.parametrize(
    ("alert", "why_not"),
    [
        (ALERT, None),
        (replace(ALERT, state=State.HELD, holder="jo"), None),
        (replace(ALERT, state=State.HELD, holder="dev"), "held"),
        (replace(ALERT, state=State.HELD, holder="dev", cause=Cause.EMERGENCY), None),
        (replace(ALERT, state=State.HELD, holder="dev", cause=Cause.DURESS_NOW), None),
        (replace(ALERT, state=State.ANSWERED), None),
        (replace(ALERT, state=State.CLOSED, cause=Cause.EMERGENCY), "closed"),
    ],
)
def test_whom_an_alert_still_needs(alert: Escalation, why_not: str | None) -> None:
    assert contact.needless(alert, "jo") == why_not


# --- the ladder and who is passed over ----------------------------------------------------

PASSED = Standing(RUNGS[0], None, "unreachable", ("jo",))
DEV, PRIYA = Standing(RUNGS[1], "dev"), Standing(RUNGS[2], "priya")
LADDER = Around((PASSED, DEV, PRIYA), ())


def calls(outcome: Outcome) -> list[tuple[str, str, str | None]]:
    assert told(outcome), "each text is one of the catalogue"
    return [
        (tell.to, tell.message.text.id, tell.key)
        for tell in outcome.tells
        if ":elsewhere:" in (tell.key or "")
    ]


def opened(alert: Escalation, around: Around = LADDER) -> tuple[Escalation, Outcome]:
    outcome = ladder.open_(alert, around, NOON)
    newest = [record for record in outcome.records if isinstance(record, Escalation)][-1]
    return newest, outcome


def ticked(alert: Escalation, around: Around = LADDER) -> tuple[Escalation, Outcome]:
    assert alert.due_at is not None
    outcome = ladder.tick(alert, around, alert.due_at)
    newest = [record for record in outcome.records if isinstance(record, Escalation)][-1]
    return newest, outcome


def test_whom_telegram_does_not_reach_is_told_and_nobody_waits_for_them() -> None:
    alert, outcome = opened(ALERT)
    assert calls(outcome) == [("jo", "alert_missed", "alert:elsewhere:120000:0:0:jo")]
    assert (alert.current, alert.told) == ("dev", ("dev",))
    assert alert.due_at == NOON + timedelta(minutes=10)


def test_they_are_told_once_a_round_when_the_ladder_comes_to_them() -> None:
    alert, _ = opened(ALERT)
    alert, to_priya = ticked(alert)
    assert alert.current == "priya" and calls(to_priya) == []
    alert, again = ticked(alert)
    assert alert.current == "dev"
    assert calls(again) == [("jo", "alert_missed", "alert:elsewhere:120000:1:0:jo")]


def test_one_who_is_beside_somebody_reachable_on_a_rung_is_told_too() -> None:
    beside = replace(DEV, elsewhere=("mina",))
    _, outcome = opened(ALERT, Around((PASSED, beside, PRIYA), ()))
    assert [to for to, *_ in calls(outcome)] == ["jo", "mina"]
    first = Around((Standing(RUNGS[0], "jo"), beside, PRIYA), ())
    assert calls(opened(ALERT, first)[1]) == []


NOBODY = Around((PASSED, Standing(RUNGS[1], None, "nobody_on_call")), ())
TWO = replace(ALERT, rungs=RUNGS[:2])


def test_with_nobody_reachable_they_are_told_again_every_ten_tries() -> None:
    alert, outcome = opened(TWO, NOBODY)
    keys = [key for *_, key in calls(outcome)]
    for _ in range(2 * ladder.EVERY):
        alert, again = ticked(alert, NOBODY)
        keys += [key for *_, key in calls(again)]
    assert len(dict.fromkeys(keys)) == 3


def test_whatever_the_person_asks_for_anew_is_a_new_call() -> None:
    alert, _ = opened(ALERT)
    now = NOON + timedelta(minutes=2)
    for cause in (Cause.HELP, Cause.HELP, Cause.EMERGENCY, Cause.EMERGENCY):
        outcome = ladder.raise_(alert, cause, LADDER, now)
        alert = [record for record in outcome.records if isinstance(record, Escalation)][-1]
        assert [(to, key) for to, _, key in calls(outcome)] == [
            ("jo", f"alert:elsewhere:{now:%H%M%S}:0:0:jo")
        ]
        now += timedelta(minutes=2)


def test_in_an_emergency_they_are_told_with_all_the_others() -> None:
    emergency = replace(ALERT, cause=Cause.EMERGENCY)
    to_jo = [("jo", "alert_emergency", "alert:elsewhere:120000:0:0:jo")]
    assert calls(opened(emergency)[1]) == to_jo
    nobody = Around((PASSED,), ())
    assert calls(opened(replace(emergency, rungs=RUNGS[:1]), nobody)[1]) == to_jo


def test_once_the_person_has_answered_they_are_asked_to_speak_to_them() -> None:
    alert, _ = opened(ALERT)
    answered = replace(alert, state=State.ANSWERED, current="priya", rung=2, asked=1)
    _, outcome = ticked(answered)
    assert [text for _, text, _ in calls(outcome)] == ["please_speak"]
