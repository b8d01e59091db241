"""Who must never be asked about what is wrong, and what is told to whom."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.care.concern import (
    Concern,
    Kind,
    Part,
    apart,
    finish,
    mentioned,
    parts,
    raise_,
    read,
)
from bot.care.outcome import Outcome

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
WORDS = Concern(
    "c", Kind.SAFETY, "sam", "oak", "amira", "Bruises.", "It stops.", (), ("jo", "dev"), NOW
)


def heard(outcome: Outcome) -> list[tuple[str, str]]:
    return [(tell.to, str(tell.message.text)) for tell in outcome.tells]


def test_it_is_put_in_front_of_nobody_it_is_about_nor_of_whoever_wrote_it() -> None:
    everybody = ["mina", "jo", "priya", "sam", "dev", "amira", "mina"]
    assert apart(everybody, WORDS) == ["mina", "priya"]
    assert apart(everybody, replace(WORDS, person=None, named=())) == [
        "mina",
        "jo",
        "priya",
        "sam",
        "dev",
    ]


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("Mina shouted at him.", ["m"]),
        ("It was mina's idea, or Mina’s.", ["m"]),
        ("He will not say. It may be nothing.", []),
        ("Will and Mina know.", ["m", "w"]),
        ("Ask Anne-Marie!", ["a"]),
        ("It was mrs patel.", ["m"]),
        ("mina slapped him", ["m"]),
        ("MINA SHOUTED.", ["m"]),
        ("Mina'll say it was minas keys.", ["m"]),
        ("jo's fault", ["j"]),
        ("Zoe knows, and o'brien.", ["z"]),
        ("She saw OBrien. I don't know.", ["z"]),
        ("Willow and his mrs marry.", []),
        ("", []),
    ],
)
def test_staff_who_are_called_by_any_part_of_their_name_are_named(
    words: str, who: list[str]
) -> None:
    assert mentioned(words, NAMES) == who


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Rob Green", "rob hit him"),
        ("Dean Shaw", "dean took his money"),
        ("Rose Hall", "rose shouted at him"),
        ("Frank Ward", "its frank, he is rough"),
        ("Mark Cook", "MARK'S marks are on his arm"),
        ("Lily Ng", "Dr Ng shouted at him"),
        ("Lily Ng", "ng shouted at him"),
        ("Hanh Do", "it was mrs do"),
        ("Bao Ha", "ha shouted, he has bruises"),
        ("Ed Best", "miss best hit him. Best is rough."),
    ],
)
def test_names_that_are_words_and_names_of_two_letters_are_names(name: str, words: str) -> None:
    assert mentioned(words, {"lead": name}) == ["lead"]
    assert mentioned(words, {"other": "Zadie Smith"}) == []


@pytest.mark.parametrize("name", ["Will He", "Hanh Do", "Bao Ha", "An My", "Hope Young", "Ed Best"])
def test_what_nearly_every_sentence_holds_is_nobody(name: str) -> None:
    assert mentioned("i do hope he will tell my friend, so it has no best day", {"n": name}) == []


def test_in_an_answer_every_word_may_be_a_name() -> None:
    for answer, name in (("Dr Ng", "Lily Ng"), ("an, from nights", "An Le"), ("he", "Wei He")):
        assert mentioned(answer, {"lead": name}, answer=True) == ["lead"]


NAMES = {
    "m": "Mrs Mina Patel",
    "w": "Will",
    "a": "Anne-Marie",
    "j": "Jo",
    "z": "Zoë O’Brien",
    "d": "Don",
    "gone": "",
}


@pytest.mark.parametrize(
    ("answer", "who", "part"),
    [
        ("will", ["w"], []),
        ("PATEL, I think", ["m"], []),
        ("the manager", [], [Part.MANAGER]),
        ("her boss", [], [Part.MANAGER]),
        ("his key-worker", [], [Part.KEY_WORKER]),
        ("Whoever was on-call", [], [Part.ON_CALL]),
        ("Safeguarding lead or a support worker", [], [Part.WORKER, Part.SAFEGUARDING_LEAD]),
        ("the night man", [], []),
    ],
)
def test_an_answer_to_who_it_is_about_is_a_name_or_a_part_in_the_team(
    answer: str, who: list[str], part: list[Part]
) -> None:
    assert mentioned(answer, NAMES, answer=True) == who
    assert parts(answer) == part


def test_the_receipt_says_truly_whether_anybody_can_be_asked() -> None:
    assert heard(raise_(WORDS, True)) == [("amira", "concern.receipt")]
    assert heard(raise_(WORDS, False)) == [("amira", "concern.receipt_nobody")]
    shared = [heard(raise_(WORDS, asked, shared=True)) for asked in (True, False)]
    assert shared == [
        [("amira", "concern.receipt_shared")],
        [("amira", "concern.receipt_nobody_shared")],
    ]


def test_the_writer_hears_once_that_it_was_read_and_once_that_it_is_finished() -> None:
    first = read(WORDS, "mina", LATER)
    (opened,) = first.records
    assert isinstance(opened, Concern)
    assert heard(first) == [("amira", "concern.was_read")] and opened.read_at == LATER
    again = read(opened, "priya", LATER)
    assert again.tells == again.records == () and again.logs

    done = finish(opened, "mina", "Rang the council.", LATER)
    (closed,) = done.records
    assert isinstance(closed, Concern)
    assert heard(done) == [("amira", "concern.finished")] and closed.found == "Rang the council."
    assert "Rang" not in str(done.tells) + str(done.logs)
    stray = finish(closed, "priya", "Again.", LATER)
    assert stray.records == stray.tells == ()


def test_no_line_of_the_ledger_is_about_the_person() -> None:
    outcomes = [raise_(WORDS, True), read(WORDS, "mina", NOW), finish(WORDS, "mina", "x", NOW)]
    lines = [line for outcome in outcomes for line in outcome.logs]
    assert len(lines) == 3 and {line.person for line in lines} == {None}
    assert "sam" not in str(lines)
