"""The picture of how outings have gone: one, of a size, whatever is on it."""

import struct
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.care.outings import Chart, Outing, Outings, Rating, Went
from bot.reports import outings
from tests.conftest import NOON

WENT = {went: went.value for went in Went}


def chart(*found: Outing, ratings: tuple[Rating, ...] = ()) -> Chart:
    shown = Outings(date(2026, 2, 9), date(2026, 5, 4), found, ratings)
    words = ("How $it felt 👍", "Something was worrying", "How worried others are")
    return Chart(shown, ZoneInfo("Europe/London"), "Sam <b> " * 20, WENT, *words)


@pytest.mark.parametrize(
    "shown",
    [
        chart(*(Outing("o", NOON - timedelta(days=n), went) for n, went in enumerate(Went))),
        chart(
            Outing("a", NOON, Went.ON_TIME, 1, worried=True), ratings=(Rating("amira", NOON, 5),)
        ),
    ],
    ids=["each way", "in three voices"],
)
def test_it_can_be_drawn(shown: Chart) -> None:
    made = outings.picture(shown)
    assert made.startswith(b"\x89PNG")
    assert struct.unpack(">II", made[16:24]) == (800, 600)
