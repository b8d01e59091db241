"""From a message id and its parameters to what one reader sees, at the moment it is sent."""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.care.outcome import Message
from bot.care.text import Text
from bot.i18n import EASY, Param, Safe, Voice, Words
from bot.outbox import alongside, by_phone
from bot.outbox.fills import fill
from bot.outbox.location import there_to_see
from bot.outbox.shapes import SHAPES, Shape
from bot.store import Connection
from bot.store.tools import KeyErased

LARGEST_CHUNK = 300
"""Characters in one message, for those who want large chunks, where it can be parted."""

_SENTENCE = re.compile(
    r"((?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bProf)(?<!\b[^\W\d])"
    r"[.!?…](?:</\w+>)*) +(?=\S)(?!(?:<\w+>)*[a-z])"
)
"""Where one sentence ends and the next begins: not after "Dr." or "p.m.", nor before a small
letter."""

_OPENS, _SHUTS = re.compile(r"<[a-z]"), "</"

CARD, WRONG = "general:card:-:0", "concern:begin:-:0"
"""The buttons that show the emergency card, and begin a concern; they are on every screen."""


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
    params = filled(c, voice, message)
    params |= there_to_see(c, message, reader.member, now)
    params |= alongside.fill(c, message, reader.member, now)
    said = by_phone.worded(c, message)
    text = voice.say(said, **params)
    if repeat:
        first = voice.say(Text("general", "maybe_repeat"))
        text = Safe(f"{first}\n\n{text}")
    rows = presses(voice, SHAPES.get(said, Shape(())), message, **params)
    return Rendered(text, (*rows, card_row(voice)))


def presses(voice: Voice, shape: Shape, message: Message, **params: Param) -> Rows:
    """The buttons of a message; `params` fill their labels, what the message names their data."""
    rows = (
        tuple(
            Button(voice.label(one.label, **params)[:64], one.data.format(**message.params))
            for one in row
            if not params.get(one.unless)
            and (not one.only or params.get(one.only))
            and (one.easy or voice.locale != EASY)
        )
        for row in shape.rows
    )
    return tuple(row for row in rows if row)


def in_chunks(text: str) -> str:
    """HTML with one idea a paragraph: each line, its sentences one below the other, and a blank
    line between.

    A line that is too long for one message is parted between its sentences. No tag is opened in
    one paragraph and shut in another.
    """
    chunks: list[str] = []
    for line in text.split("\n"):
        idea = _SENTENCE.sub(r"\1\n", line.strip())
        for part in [idea] if len(idea) <= LARGEST_CHUNK else idea.split("\n"):
            if chunks and len(_OPENS.findall(chunks[-1])) > chunks[-1].count(_SHUTS):
                chunks[-1] = f"{chunks[-1]}\n{part}"
            elif part:
                chunks.append(part)
    return "\n\n".join(chunks)


def filled(c: Connection, voice: Voice, message: Message) -> dict[str, Param]:
    """The parameters with ids turned into the words they stand for."""
    params: dict[str, Param] = dict(message.params)
    for name, value in message.params.items():
        try:
            params |= fill(c, name, str(value), voice.now)
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
    card, wrong = Text("general", "card_button"), Text("concern", "button")
    return (Button(voice.label(card), CARD), Button(voice.label(wrong), WRONG))
