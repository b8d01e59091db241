"""From a message id and its parameters to what one reader sees, at the moment it is sent."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.care.outcome import Message
from bot.care.text import Text
from bot.i18n import Param, Safe, Voice, Words
from bot.outbox.shapes import FILLS, SHAPES, Shape
from bot.store import Connection
from bot.store.tools import KeyErased

CARD = "general:card:-:0"
"""The button that shows the emergency card; it is on every screen."""


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: its label in plain words, its data at most 64 bytes."""

    label: str
    data: str


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who will read it, and the form they chose."""

    member: str
    locale: str


@dataclass(frozen=True, slots=True)
class Rendered:
    text: str
    buttons: Rows


def render(
    c: Connection,
    words: Words,
    message: Message,
    reader: Reader,
    zone: ZoneInfo,
    now: datetime,
    *,
    repeat: bool = False,
) -> Rendered:
    """The message in the reader's form; `repeat` says first that it may have come before."""
    voice = words.voice(reader.locale, zone, now)
    text = voice.say(message.text, **filled(c, voice, message))
    if repeat:
        first = voice.say(Text("general", "maybe_repeat"))
        text = Safe(f"{first}\n\n{text}")
    shape = SHAPES.get(message.text, Shape(()))
    rows = tuple(
        tuple(
            Button(voice.label(press.label), press.data.format(**message.params)) for press in row
        )
        for row in shape.rows
    )
    return Rendered(text, (*rows, card_row(voice)))


def filled(c: Connection, voice: Voice, message: Message) -> dict[str, Param]:
    """The parameters with ids turned into the words they stand for."""
    params: dict[str, Param] = dict(message.params)
    for name, value in message.params.items():
        fill = FILLS.get(name)
        if fill is None:
            continue
        try:
            params |= fill(c, str(value))
        except KeyErased:
            params[name] = voice.label(Text("general", "erased"))
    return params


def keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    """The buttons as Telegram takes them."""
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(b.label, callback_data=b.data) for b in row] for row in rows]
    )


def card_row(voice: Voice) -> tuple[Button, ...]:
    return (Button(voice.label(Text("general", "card_button")), CARD),)
