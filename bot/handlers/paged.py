"""A long screen in short pages, for those who read a little at a time."""

import re
from collections.abc import Callable

from bot.care.text import Text
from bot.handlers.screen import Screen, screen
from bot.i18n import EASY, Safe, Voice
from bot.outbox.plan import ON_A_PAGE, PAGE
from bot.outbox.render import Button, Rows

_ENDS = re.compile(r"(?<=[.!?…])\s+")


def cut(text: str) -> list[Safe]:
    """HTML in pages of two sentences; a line without an end is one. No tag is torn apart."""
    parts: list[str] = []
    for line in filter(str.strip, text.splitlines()):
        parts += [line] if "<" in line else _ENDS.split(line)
    return [Safe("\n".join(parts[at : at + ON_A_PAGE])) for at in range(0, len(parts), ON_A_PAGE)]


def paged(
    voice: Voice, text: str, number: int, data: Callable[[int], str], last: Rows, back: Rows = ()
) -> Screen:
    """The whole with its buttons; in Easy Read this page of it, and those on the last page alone.
    `data`: of the button to another page; `back`: what stands on the others besides."""
    pages = cut(text) if voice.locale == EASY else []
    if len(pages) < 2:
        return screen(voice, text, last)
    number = min(number, len(pages) - 1)
    shown = voice.say(PAGE, number=number + 1, all=len(pages), lines=pages[number])
    on = Button(voice.label(Text("plan", "next")), data(number + 1))
    rows: Rows = last if number == len(pages) - 1 else ((on,), *back)
    if number:
        rows += ((Button(voice.label(Text("general", "back")), data(number - 1)),),)
    return screen(voice, shown, rows)
