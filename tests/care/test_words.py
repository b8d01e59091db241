"""Which words can be chosen, and which messages are taken for them: decided by tables."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.care import typed, words
from bot.care.everyday import PHRASES
from bot.care.words import Hashed, How, Kind, Word
from tests.care import ordinary
from tests.care.outing import NOON

SALT, PEPPER = b"s" * 16, b"p" * 16


def word(said: str, kind: Kind = Kind.CODE) -> Word:
    salt = SALT if kind is Kind.CODE else b"t" * 16
    return Word(kind.value, "sam", kind, words.hashed(said, salt, PEPPER), NOON)


CODE, SECOND = word("purple teapot"), word("Marmalade Moon", Kind.DURESS)
BOTH = (CODE, SECOND)


@pytest.mark.parametrize(
    ("question", "gives"),
    [
        ("purple teapot", True),
        ("Is the PURPLE  tea-pot, on the table?", True),
        ("Where is the purpleteapo now?", True),
        ("Purple teapots?", True),
        ("How is the cat? I say: asleep on the stairs.", False),
        ("Is the teapot purple?", False),
        ("", False),
    ],
)
def test_the_safe_question_must_not_hold_a_word(question: str, gives: bool) -> None:
    assert words.gives_away(question, "purple teapot") is gives
    assert words.gives_one_away(question, [CODE.hashed]) is (gives and "teapots" not in question)
    assert not words.gives_one_away(question, [SECOND.hashed])


def test_a_long_question_is_read_in_no_time() -> None:
    assert not words.gives_one_away("is it a big cat " * 12, [CODE.hashed, SECOND.hashed])


# --- what is heard ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("purple teapot", CODE),
        ("PURPLE TEAPOT!!!", CODE),
        ("  purple-teapot 🙂", CODE),
        ("purpleteapot", CODE),
        ("purrple  teaapot", CODE),
        ("púrple teapot", CODE),
        ("purple teapo", CODE),
        ("purple teapots", CODE),
        ("purple teepot", CODE),
        ("purlpe teapot", CODE),
        ("purpleteap ot", CODE),
        ("urple teapot", CODE),
        ("marmalade moon", SECOND),
        ("marmelade moon", SECOND),
        ("Marmalade mon", SECOND),
        ("my purple teapot", None),
        ("purple teapot please", None),
        ("purple", None),
        ("teapot", None),
        ("purpl teapo", None),
        ("green teapot", None),
        ("marmalade", None),
        ("purple moon", None),
        ("", None),
        ("ok", None),
        ("👍", None),
    ],
)
def test_a_whole_message_with_at_most_one_slip_is_a_word(said: str, heard: Word | None) -> None:
    assert words.which(BOTH, said) is heard
    assert words.which(BOTH[::-1], said) is heard


@pytest.mark.parametrize(
    ("said", "as_compared"),
    [("Café  NOIR!", "cafenoir"), ("ΑΒΓ 12 2", "αβγ12"), ("aa b-b", "ab"), ("...", "")],
)
def test_letters_and_digits_alone_are_compared(said: str, as_compared: str) -> None:
    assert words.plain(said) == as_compared


def test_a_slip_is_a_letter_left_out_put_in_changed_or_moved() -> None:
    assert words.slips("abc") == {"abc", "bc", "ac", "ab"}
    for slip in ("purpletapot", "purpleteampot", "purplebeapot", "upurpleteapot", "teapurplepot"):
        one = bool(words.slips("purpleteapot") & words.slips(slip))
        assert one == (slip != "teapurplepot")


def test_what_is_near_both_of_them_is_neither() -> None:
    """They cannot be chosen so near; and if they were, nobody would guess."""
    near = word("purple teacup", Kind.DURESS), word("purple teacop")
    assert words.which(near, "purple teacup") is near[0]
    assert words.which(near, "purple teacop") is near[1]
    assert words.which(near, "purple teacap") is None


def test_a_word_cannot_be_read_back_and_is_another_with_another_pepper() -> None:
    hashed = words.hashed("purple teapot", SALT, PEPPER)
    assert b"purple" not in repr(hashed).encode() and len(hashed.exact) == 16
    assert hashed.exact in hashed.slips and len(hashed.slips) == 13
    for other in (
        words.hashed("purple teapot", SALT, b"q" * 16),
        words.hashed("purple teapot", b"t" * 16, PEPPER),
        words.hashed("green kettle", SALT, PEPPER),
    ):
        assert not other.slips & hashed.slips


# --- what can be chosen -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "why_not"),
    [
        ("purple teapot", None),
        ("banana", None),
        ("Llanfair", None),
        ("teapo", "too_short"),
        ("aaaaaaaaaaaa", "too_short"),
        ("12345678", "too_short"),
        ("🙂🙂🙂", "too_short"),
        ("abcdefghijklmnopqrstuvwx", None),
        ("abcdefghijklmnopqrstuvwxy", "too_long"),
        ("I'm OK", "too_short"),
        ("I am okay", "too_common"),
        ("all right now", None),
        ("Runing late", "too_common"),
        ("thank you", "too_common"),
        ("librari", "too_common"),
        ("the corner shop", "too_common"),
        ("Bryony", "too_common"),
        ("marmalade moon", "too_common"),
        ("marmalade mood", "too_common"),
        ("marmalade moooo", "too_common"),
        ("marmalade", None),
        ("strawberry moon", None),
    ],
)
def test_a_word_is_long_enough_rare_and_unlike_the_other_one(
    said: str, why_not: str | None
) -> None:
    taken = ("Corner Shop, The", "The Corner Shop", "Bryony")
    refused = words.refused(said, taken, SECOND.hashed)
    assert (None if refused is None else refused.id) == why_not


def test_nothing_that_is_written_every_day_can_be_a_word() -> None:
    assert [one for one in (*PHRASES, *typed.CASES) if words.refused(one, (), None) is None] == []


def test_everyday_phrases_are_each_there_once() -> None:
    assert all(before != after for before, after in pairwise(sorted(PHRASES)))


# --- ten thousand ordinary messages -------------------------------------------------------

CHOSEN = ("purple teapot", "marmalade moon", "banana", "elephant", "Grandma's clock", "wobbly")


def everyday(dice: Random) -> str:
    """From the table by which a word is refused."""
    said = " ".join(dice.choices([*PHRASES, *typed.CASES], k=dice.choice((1, 1, 1, 2, 3))))
    if dice.random() < 0.5:  # written in haste
        at = dice.randrange(len(said))
        said = said[:at] + dice.choice(("", said[at] * 2, "e")) + said[at + 1 :]
    return said


def test_ten_thousand_ordinary_messages_are_no_word() -> None:
    dice, different = Random(7), set[str]()
    chosen = frozenset[str]().union(*(words.slips(words.plain(one)) for one in CHOSEN))
    for number in range(10_000):
        said = everyday(dice) if number % 2 else ordinary.message(dice)
        assert words.slips(words.plain(said)).isdisjoint(chosen), said
        different.add(said)
    assert len(different) > 6_000
    for said in ("Banana", "purpl teapot", "a marmalade moon"):  # and one that is a word is seen
        assert not words.slips(words.plain(said)).isdisjoint(chosen)


def test_what_is_written_on_an_ordinary_day_is_not_all_from_the_table_that_refuses() -> None:
    known = {words.plain(one) for one in (*PHRASES, *typed.CASES)}
    own = [one for one in ordinary.TEMPLATES if words.plain(one) not in known]
    assert len(own) > 130 and len(set(ordinary.TEMPLATES)) == len(ordinary.TEMPLATES)


@given(st.text(max_size=40))
@settings(max_examples=40, deadline=None)
def test_whatever_is_written_is_at_most_one_of_them(said: str) -> None:
    heard = words.which(BOTH, said)
    assert (heard is CODE) <= bool(words.slips(words.plain(said)) & words.slips("purpleteapot"))
    assert heard is not SECOND or words.plain(said)[:2] in ("ma", "am", "mr", "ar", "mm")


def test_what_is_compared_is_hashed_and_nothing_else_of_it_is_kept() -> None:
    assert set(Hashed.__dataclass_fields__) == {"salt", "pepper", "exact", "slips"}
    assert [how.value for how in How] == ["quietly", "at_once"]
