"""The calendar as a picture."""

import struct
from dataclasses import replace
from datetime import date, timedelta

from bot.care.calendar import Calendar, Mark, Picture
from bot.care.sign import Voice
from bot.reports.signs import LETTERS, draw

FIRST = date(2026, 2, 5)
NAMES = ("Up in the night 🌙", "$HOME and $PATH", "夜", "x" * 3 * LETTERS)


def calendar(*marks: Mark) -> Picture:
    rows = tuple((str(number), name) for number, name in enumerate(NAMES))
    shown = Calendar(FIRST, FIRST + timedelta(days=27), rows, marks)
    return Picture(shown, "What was noticed about Sam 🌙", {v: v.value.title() for v in Voice})


def test_whatever_somebody_called_a_card_it_is_drawn() -> None:
    """A picture of one width, whatever its font cannot draw; a warning would fail this test."""
    mark = Mark(0, Voice.PERSON, FIRST, FIRST + timedelta(days=6))
    drawn = draw(calendar(mark, replace(mark, row=3, voice=Voice.STAFF)))
    assert drawn.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", drawn[16:24])
    assert (width, height >= 600) == (800, True), "upright, as a phone is held"
    other = draw(calendar(mark, replace(mark, row=3, voice=Voice.CARER)))
    assert other != drawn, "each voice has its own place and form"
