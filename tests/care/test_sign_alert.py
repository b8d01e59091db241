"""The same ladder for what was noticed: whom it tells, in which words, and whom it never tells."""

from dataclasses import replace

import pytest

from bot.care import contact, escalation, ladder, sign_alert
from bot.care.escalation import CLOSES, OF_OUTINGS, OF_SIGNS, SPOKEN, Cause, Close, State
from bot.care.outcome import About, Lane, Outcome, Topic
from bot.care.sign import Stage
from bot.care.sign_alert import SignAlert
from bot.care.spoken import OUTING, Spoken
from bot.care.text import Text
from tests.care.outing import (
    CATALOGUE,
    DUE,
    GRACE_OVER,
    MINUTE,
    alert_of,
    around,
    fresh,
    logged,
    opened,
    said,
    taken,
    told,
)

QUIET = (
    *(Cause.UNREAD, Cause.EARLY_SIGN, Cause.SIGN, Cause.CONCERN),
    *(Cause.HANDOVER, Cause.DURESS, Cause.DURESS_NOW),
)
SIGNS = (Cause.EARLY_SIGN, Cause.SIGN)
LATER = GRACE_OVER + 5 * MINUTE


def heard(outcome: Outcome) -> set[str]:
    return {tell.to for tell in outcome.tells}


# --- whom it tells ------------------------------------------------------------------------


@pytest.mark.parametrize("cause", QUIET)
def test_nothing_of_it_ever_reaches_the_person(cause: Cause) -> None:
    first = ladder.open_(fresh(cause), around(), GRACE_OVER)
    alone = around(None, None, None)
    due = GRACE_OVER + 10 * MINUTE
    held = taken(cause=cause)
    assert held.due_at is not None
    steps = [
        first,
        ladder.tick(alert_of(first), around(), due),
        ladder.tick(alert_of(first), alone, due),
        ladder.tick(alert_of(first), around(None, None, None, others=()), due),
        ladder.pass_on(alert_of(first), "jo", around(), LATER),
        ladder.unreachable(alert_of(first), "jo", around(), LATER),
        escalation.take(alert_of(first), "dev", LATER),
        ladder.tick(held, around(), held.due_at),
        ladder.tick(replace(held, asked=1), around(), held.due_at),
        escalation.close(held, "jo", CLOSES[cause][0], LATER),
    ]
    for outcome in steps:
        assert "sam" not in heard(outcome)
        assert outcome.records and outcome.logs
        assert {line.person for line in outcome.logs} == {None}
    assert {log.person for log in ladder.open_(fresh(), around(), DUE).logs} == {"sam"}


@pytest.mark.parametrize("cause", QUIET)
def test_it_has_a_way_of_speaking_and_ends_of_its_own(cause: Cause) -> None:
    spoken = SPOKEN[cause]
    assert fresh(cause).spoken is spoken and not spoken.person
    ends = OF_SIGNS if cause in SIGNS else (Close.SEEN_TO,)
    assert CLOSES[cause] == ends
    for how in Close:
        outcome = escalation.close(taken(cause=cause), "jo", how, LATER)
        assert bool(outcome.records) == (how in ends)
        assert (outcome == Outcome()) == (how not in ends)


def test_an_outing_ends_in_its_own_ways_alone() -> None:
    assert OF_OUTINGS == (Close.SAFE_AND_WELL, Close.NEEDED_HELP)
    assert OF_SIGNS == (Close.USEFUL, Close.TOO_SOON, Close.TOO_LATE, Close.NOT_ABOUT_THIS)
    assert fresh().spoken is OUTING and OUTING.person
    assert escalation.close(taken(), "jo", Close.USEFUL, LATER) == Outcome()
    assert SPOKEN.keys() == CLOSES.keys() == {*QUIET, Cause.DRILL, Cause.CALL}


# --- in which words -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cause", "alert", "lane"),
    [
        (Cause.SIGN, "sign_alert.alert", Lane.SAFETY),
        (Cause.EARLY_SIGN, "sign_alert.alert", Lane.REPLY),
        (Cause.UNREAD, "digest.alert", Lane.REPLY),
    ],
)
def test_its_alert_speaks_of_signs_by_its_own_lane(cause: Cause, alert: str, lane: Lane) -> None:
    (tell,) = ladder.open_(fresh(cause), around(), GRACE_OVER).tells
    assert (tell.to, str(tell.message.text), tell.lane) == ("jo", alert, lane)
    assert tell.about == About("sam", Topic.EARLY_SIGNS, 3)
    assert tell.message.params == {
        "escalation": "alert",
        "person": "sam",
        "sign_alert": "out",
        "event": DUE,
    }
    away = ladder.open_(fresh(cause), around(person=False), GRACE_OVER)
    assert str(away.tells[0].message.text) == alert, "whether their own phone rings is no matter"


def test_what_is_said_at_once_is_said_by_the_quickest_lane_it_may() -> None:
    held = ladder.open_(fresh(Cause.EARLY_SIGN), around(), GRACE_OVER)
    lanes = [tell.lane for tell in escalation.take(alert_of(held), "dev", LATER).tells]
    assert lanes == [Lane.REPLY, Lane.REPLY]
    outing = escalation.to_told(opened(), "jo", Text("escalation", "has_it"), Lane.REPLY)
    assert outing.lane is Lane.REPLY


@pytest.mark.parametrize("spoken", SPOKEN.values())
def test_every_word_of_it_is_in_the_catalogue(spoken: Spoken) -> None:
    assert set(spoken.words) | set(spoken.words.values()) <= CATALOGUE


@pytest.mark.parametrize("cause", SIGNS)
def test_every_step_has_words_of_its_own(cause: Cause) -> None:
    """None that speaks of an outing is left: a place, a check-in."""
    own = SPOKEN[cause].words
    first = ladder.open_(fresh(cause), around(), GRACE_OVER)
    held = alert_of(escalation.take(alert_of(first), "jo", LATER))
    assert held.due_at is not None
    steps = [
        first,
        escalation.take(replace(alert_of(first), told=("jo", "dev")), "jo", LATER),
        ladder.tick(held, around(), held.due_at),
        ladder.tick(replace(held, asked=1), around(), held.due_at),
        ladder.tick(alert_of(first), around(None, None, None), LATER + 5 * MINUTE),
        ladder.raise_(held, cause, around(), LATER),
        escalation.close(replace(held, told=("jo", "dev")), "jo", Close.USEFUL, LATER),
    ]
    texts = {tell.message.text for outcome in steps for tell in outcome.tells}
    assert texts <= set(own.values())
    answers = [escalation.take(held, "dev", LATER), escalation.take(held, "jo", LATER)]
    answers.append(escalation.close(held, "dev", Close.USEFUL, LATER))
    answers.append(escalation.close(alert_of(first), "dev", Close.USEFUL, LATER))
    answers.append(escalation.take(alert_of(steps[-1]), "dev", LATER))
    for outcome in (*answers, steps[-1]):
        assert outcome.said is not None and outcome.said.text in own.values()


def test_that_somebody_has_it_calls_nobody_another_way() -> None:
    for text in (Text("escalation", "has_it"), Text("sign_alert", "has_it")):
        assert text in contact.CALM
    assert Text("sign_alert", "alert") not in contact.CALM


# --- told anew ----------------------------------------------------------------------------


def test_a_graver_one_is_told_to_all_who_were_told_and_whoever_has_it_keeps_it() -> None:
    held = replace(taken(cause=Cause.EARLY_SIGN), told=("jo", "dev"))
    outcome = ladder.raise_(held, Cause.SIGN, around(), LATER)
    assert told(outcome) == [("jo", "alert_more"), ("dev", "alert_more")]
    assert {tell.lane for tell in outcome.tells} == {Lane.SAFETY}
    after = alert_of(outcome)
    assert (after.cause, after.state, after.holder) == (Cause.SIGN, State.HELD, "jo")
    (line,) = outcome.logs
    assert (line.kind, line.actor) == ("escalation_raised", None), "nobody has pressed anything"
    pressed = ladder.raise_(opened(), Cause.HELP, around(), LATER)
    assert pressed.logs[0].actor == "sam"


def test_one_as_grave_within_the_minute_is_told_to_nobody_again() -> None:
    alert = replace(opened(Cause.SIGN), event_at=GRACE_OVER)
    outcome = ladder.raise_(alert, Cause.SIGN, around(), GRACE_OVER + MINUTE / 2)
    assert not outcome.tells and not logged(outcome)
    later = ladder.raise_(alert, Cause.EARLY_SIGN, around(), GRACE_OVER + MINUTE)
    assert told(later) == [("jo", "alert_more")] and alert_of(later).cause is Cause.SIGN


# --- what it is about ---------------------------------------------------------------------

ABOUT = SignAlert("alert", "sam", Stage.MIDDLE, "plan", ("two",), ("one", "other"))


def test_an_early_stage_is_an_early_alert_and_the_others_are_not() -> None:
    assert sign_alert.cause(Stage.EARLY) is Cause.EARLY_SIGN
    assert {sign_alert.cause(stage) for stage in (Stage.MIDDLE, Stage.LATE)} == {Cause.SIGN}
    assert sign_alert.gravest([Stage.EARLY, Stage.LATE, Stage.MIDDLE]) is Stage.LATE
    assert sign_alert.gravest([Stage.GOOD]) is Stage.EARLY is sign_alert.gravest([])


def test_what_comes_later_joins_it() -> None:
    later = replace(
        ABOUT, stage=Stage.EARLY, thresholds=("two", "run"), observations=("other", "new")
    )
    both = sign_alert.joined(ABOUT, later)
    assert both == replace(ABOUT, thresholds=("two", "run"), observations=("one", "other", "new"))
    assert sign_alert.joined(ABOUT, replace(later, stage=Stage.LATE)).stage is Stage.LATE


def test_under_a_newer_plan_its_own_sentences_stand() -> None:
    newer = replace(ABOUT, plan="newer", thresholds=("new",))
    assert sign_alert.joined(ABOUT, newer).thresholds == ("new",)
    assert sign_alert.joined(ABOUT, newer).plan == "newer"
    unread = replace(ABOUT, plan=None, thresholds=())
    assert sign_alert.joined(unread, unread).plan is None


def test_it_is_told_anew_for_a_graver_stage_or_another_sentence_alone() -> None:
    assert not sign_alert.asks_anew(ABOUT, ABOUT)
    assert not sign_alert.asks_anew(ABOUT, replace(ABOUT, stage=Stage.EARLY))
    assert sign_alert.asks_anew(ABOUT, replace(ABOUT, stage=Stage.LATE))
    assert sign_alert.asks_anew(ABOUT, replace(ABOUT, thresholds=("two", "run")))


def test_what_was_done_is_kept_with_it() -> None:
    outcome = sign_alert.did(ABOUT, "Rang Sam.", "jo", LATER)
    assert said(outcome) == "noted"
    assert outcome.records == (replace(ABOUT, done="Rang Sam.", done_by="jo", done_at=LATER),)
    (line,) = outcome.logs
    assert line.person is None and "Rang" not in str(line.facts)
