"""What is typed while out: a check-in, by a table of cases, or nothing of the kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.care.typed import CASES, CRIES, Typed, plain, read, urgent


@pytest.mark.parametrize(
    "text",
    [
        *(
            "ok",
            "OK",
            "Ok.",
            "okay!",
            "I'm ok",
            "I’m OK",
            "im ok",
            "I am okay",
            "fine",
            "I'm fine.",
        ),
        *(
            "okkkk",
            "okayyy",
            "  ok  ",
            "ok\n",
            "all good",
            "yes I'm ok",
            "ok thanks",
            "Fine, thanks",
        ),
        *(
            "👍",
            "👍🏽",
            "👍👍",
            "👍 👍",
            "👌",
            "🆗",
            "ok 👍",
            "I'm fine 👍🏿",
            "okya",
            "im ik",
            "i m ok",
        ),
    ],
)
def test_being_ok_is_read_in_the_ways_people_type_it(text: str) -> None:
    assert read(text) is Typed.OK


@pytest.mark.parametrize(
    "text",
    [
        *(
            "home",
            "Home",
            "I'm home",
            "I’m home!",
            "im home now",
            "i am home",
            "back home",
            "homeee",
        ),
        *("hoem", "got home", "home 👍", "home 🏠", "🏠", "🏡", "I'm home, thanks", "home safe"),
    ],
)
def test_being_home_is_read_in_the_ways_people_type_it(text: str) -> None:
    assert read(text) is Typed.HOME


@pytest.mark.parametrize(
    "text",
    [
        *("help", "HELP", "Help!", "help me", "please help", "I need help", "hlep", "helpppp"),
        *("lost", "I'm lost", "I am lost.", "im lost", "I think I'm lost", "SOS", "🆘", "help 🆘"),
        *("Emergency!", "999", "ring me", "Call me please", "I'm scared", "im hurt", "upset"),
        *("help help", "🆘 help", "help 😭", "🆘 help me 🆘", "lost 😢"),
    ],
)
def test_a_call_for_help_is_read_in_the_ways_people_type_it(text: str) -> None:
    assert read(text) in CRIES


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *(("I'm lost", Typed.LOST), ("lost 😢", Typed.LOST), ("Ambulance!", Typed.EMERGENCY)),
        *(("999", Typed.EMERGENCY), ("ring me", Typed.HELP), ("I'm scared", Typed.HELP)),
    ],
)
def test_each_cry_is_the_button_it_names(text: str, said: Typed) -> None:
    assert read(text) is said


@pytest.mark.parametrize(
    ("text", "whatever_was_asked"),
    [("help 😭", True), ("emergency", True), ("lost", True), ("I'm scared", False), ("ok", False)],
)
def test_some_are_a_cry_whatever_was_asked(text: str, whatever_was_asked: bool) -> None:
    assert urgent(text) is whatever_was_asked


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", ".", "?", "ok?", "OK??", "are you ok", "are you ok?", "not ok", "I'm not ok"),
        *("im not fine", "not fine", "no", "yes", "I'm ok but lost", "ok but my leg hurts"),
        *("not home", "home soon", "going home", "on my way home", "home?", "I want to go home"),
        *(
            "nearly home",
            "not home yet",
            "ok 🏠",
            "home ok?",
            "👎",
            "👍👎",
            "ok 🆘",
            "home 🆘",
            "fine art",
        ),
        *("is it ok", "tell Jo I'm ok please ring", "k", "o", "good", "okey dokey pig"),
        *("no help", "can you help Jo", "helpful", "I lost my hat", "not lost", "help?", "lost?"),
        *("how do I get help", "I don't need help", "the help page", "Lost and found"),
    ],
)
def test_other_words_are_neither(text: str) -> None:
    assert read(text) is None


def test_the_table_is_written_as_words_are_read() -> None:
    assert {case for case in CASES if plain(case) != case} == set()
    well = [case for case, said in CASES.items() if said not in CRIES]
    assert not any("not" in case.split() or "?" in case for case in well)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_case_of_the_table_or_nothing(text: str) -> None:
    said = read(text)
    assert said is None or any(part in CASES for part in (plain(text), plain(text)[:-1].strip()))
