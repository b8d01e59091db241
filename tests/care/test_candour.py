"""Being open about harm: what is recorded, and that nothing is taken back that was said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.care import candour as care
from bot.care.candour import Candour, Step
from bot.care.outcome import About, Lane, Topic

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
BEFORE = NOW - timedelta(days=1)

FRESH = Candour("c1", "sam", "jo", NOW)
TOLD = replace(FRESH, told_by="dev", told_at=BEFORE)


def test_the_list_comes_to_whoever_says_so_as_their_work() -> None:
    outcome = care.open_(TOLD)
    (tell,) = outcome.tells
    assert (tell.to, tell.message.text, tell.lane) == ("jo", care.LIST, Lane.REPLY)
    assert tell.about == About("sam", Topic.INCIDENTS, 3)
    assert outcome.said is None


def test_before_the_person_has_been_told_the_list_is_all_that_follows() -> None:
    outcome = care.open_(FRESH)
    assert outcome.said is not None and outcome.said.text == care.FIRST
    assert outcome.tells == () and outcome.records == (FRESH,)
    assert [log.kind for log in outcome.logs] == ["candour_opened"]


def test_who_told_the_person_and_when_is_a_line_of_the_ledger() -> None:
    (_, told) = care.open_(TOLD).logs
    assert (told.kind, told.person, told.actor) == ("candour_told", "sam", "jo")
    assert told.facts == {"candour": "c1", "told_by": "dev", "told_at": BEFORE}


@pytest.mark.parametrize("before", [FRESH, TOLD, replace(TOLD, news="n0")])
def test_a_list_that_stood_keeps_what_was_first_and_gains_what_it_lacked(before: Candour) -> None:
    outcome = care.told(before, "n1", "priya", "priya", NOW)
    by, at = (before.told_by, before.told_at) if before.told_at else ("priya", NOW)
    assert outcome.records == (replace(before, news=before.news or "n1", told_by=by, told_at=at),)
    kinds = ["candour_news"] + ([] if before.told_at else ["candour_told"])
    assert [log.kind for log in outcome.logs] == kinds and outcome.tells == ()


def test_the_person_has_been_told_by_whoever_presses_it_and_that_stays() -> None:
    outcome = care.press(FRESH, Step.TOLD, "jo", NOW)
    assert outcome.records == (replace(FRESH, told_by="jo", told_at=NOW),)
    again = care.press(TOLD, Step.TOLD, "jo", NOW)
    assert again.records == () and again.logs == () and again.said == care.shown(TOLD)


@pytest.mark.parametrize("step", [one for one in Step if one is not Step.TOLD])
def test_any_other_step_is_yes_or_not_yet_after_all(step: Step) -> None:
    yes = care.press(FRESH, step, "jo", NOW)
    assert yes.records == (replace(FRESH, done=(step,)),)
    assert yes.logs[0].facts == {"candour": "c1", "step": step.value, "answer": "yes"}
    back = care.press(replace(FRESH, done=(step,)), step, "jo", NOW)
    assert back.records == (FRESH,)
    assert back.logs[0].facts["answer"] == "not_yet"


def test_a_list_is_whole_when_every_step_is_done() -> None:
    rest = tuple(one for one in Step if one is not Step.TOLD)
    assert replace(TOLD, done=rest).whole
    assert not replace(FRESH, done=rest).whole
    assert not any(replace(TOLD, done=rest[:n]).whole for n in range(len(rest)))
