"""What does not fit into one message is not lost."""

import pytest

from bot.handlers.screen import LONGEST_TEXT, MOST_ROWS, Screen, parts
from bot.i18n import STANDARD, Words
from bot.outbox.render import LARGEST_CHUNK, Button, in_chunks

CARD = (Button("card", "general:card:-:0"),)


def names(count: int) -> tuple[tuple[Button, ...], ...]:
    return (*((Button(f"Kit {n}", f"x:{n}"),) for n in range(count)), CARD)


def test_a_screen_that_fits_is_one_message() -> None:
    small = Screen("Whom?\n\nPlease press one.", names(5))
    assert parts(small) == [small]


def test_long_words_are_cut_between_lines_and_the_buttons_come_last() -> None:
    lines = [f"<b>Kit {n}</b>: family or friend" for n in range(400)]
    cut = parts(Screen("\n".join(lines), names(1)))
    assert all(len(part.text) <= LONGEST_TEXT for part in cut)
    assert "\n".join(part.text for part in cut).split("\n") == lines
    assert [part.buttons for part in cut] == [()] * (len(cut) - 1) + [names(1)]
    assert len(cut) > 1


def test_emoji_count_twice_as_telegram_counts_them() -> None:
    cut = parts(Screen(f"Said:\n{'😀 ' * LONGEST_TEXT}\n{'😀' * LONGEST_TEXT}"))
    assert all(len(part.text.encode("utf-16-le")) <= 2 * LONGEST_TEXT for part in cut)
    assert "".join(part.text for part in cut).count("😀") == 2 * LONGEST_TEXT


@pytest.mark.parametrize("between", [" ", ""])
def test_a_line_that_no_message_takes_is_cut_between_words_or_within_one(between: str) -> None:
    words = [f"a{between}&amp;{between}b" for _ in range(LONGEST_TEXT // 4)]
    cut = parts(Screen(f"Said:\n<b>{between.join(words)}</b>\nBy: Kit", names(1)))
    assert [part.buttons for part in cut] == [()] * (len(cut) - 1) + [names(1)]
    assert all(len(part.text) <= LONGEST_TEXT for part in cut)
    assert "".join(part.text for part in cut).count("&amp;") == len(words)
    said = [*"\n".join(part.text for part in cut).split()]
    assert said[0] == "Said:" and said[-2:] == ["By:", "Kit"]
    assert "".join(said[1:-2]) == "".join(words).replace(" ", ""), "nothing is lost, nothing bold"


def test_many_buttons_go_on_in_the_next_message_under_the_same_question() -> None:
    rows = names(2 * MOST_ROWS)
    cut = parts(Screen("Whom?", rows))
    assert [part.text for part in cut] == ["Whom?"] * 3
    assert tuple(row for part in cut for row in part.buttons) == rows
    assert all(sum(map(len, part.buttons)) <= 100 for part in cut)


def test_a_link_may_be_sent_on_in_every_part() -> None:
    cut = parts(Screen("x\n" * LONGEST_TEXT, sent_on=True))
    assert len(cut) > 1 and all(part.sent_on for part in cut)


def test_large_chunks_are_parted_between_ideas() -> None:
    text = in_chunks(
        "\n".join(f"<b>Kit {n}</b> is here. Is that right? Press a button." for n in range(30))
        + "\n"
        + " ".join(f"Kit {n} is here." for n in range(30))
    )
    cut = parts(Screen(text, names(1)), LARGEST_CHUNK, "\n\n")
    assert all(len(part.text) <= LARGEST_CHUNK for part in cut) and len(cut) > 3
    assert "\n\n".join(part.text for part in cut) == text
    assert [part.buttons for part in cut] == [()] * (len(cut) - 1) + [names(1)]


@pytest.mark.parametrize(
    ("text", "chunks"),
    [
        ("One. Two? Three!\nFour.", ["One.\nTwo?\nThree!", "Four."]),
        ("<b>One. Two.</b> Three.", ["<b>One.\nTwo.</b>\nThree."]),
        ("One:\n\n  two 3.30 pm\nRing 116 123.", ["One:", "two 3.30 pm", "Ring 116 123."]),
        ("<b>One\nTwo</b>\nThree", ["<b>One\nTwo</b>", "Three"]),
        (
            "See Dr. Smith at 3 p.m. today. Ring J. Hart.",
            ["See Dr. Smith at 3 p.m. today.\nRing J. Hart."],
        ),
        (
            "At 3 p.m. <b>today</b>… or not. <i>Yes.</i>",
            ["At 3 p.m. <b>today</b>… or not.\n<i>Yes.</i>"],
        ),
        ("✅ Money: yes. The details. Every day.", ["✅ Money: yes.\nThe details.\nEvery day."]),
    ],
)
def test_large_chunks_give_each_idea_a_paragraph_of_its_own(text: str, chunks: list[str]) -> None:
    assert in_chunks(text).split("\n\n") == chunks


def test_no_text_opens_a_tag_in_one_chunk_and_shuts_it_in_another() -> None:
    for words in Words.load().entries(STANDARD).values():
        for chunk in in_chunks(words).split("\n\n"):
            assert chunk.count("<") == 2 * chunk.count("</")
