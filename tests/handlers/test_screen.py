"""What does not fit into one message is not lost."""

from bot.handlers.screen import LONGEST_TEXT, MOST_ROWS, Screen, parts
from bot.outbox.render import Button

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


def test_many_buttons_go_on_in_the_next_message_under_the_same_question() -> None:
    rows = names(2 * MOST_ROWS)
    cut = parts(Screen("Whom?", rows))
    assert [part.text for part in cut] == ["Whom?"] * 3
    assert tuple(row for part in cut for row in part.buttons) == rows
    assert all(sum(map(len, part.buttons)) <= 100 for part in cut)


def test_a_link_may_be_sent_on_in_every_part() -> None:
    cut = parts(Screen("x\n" * LONGEST_TEXT, sent_on=True))
    assert len(cut) > 1 and all(part.sent_on for part in cut)
