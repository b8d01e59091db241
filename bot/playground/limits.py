"""What Telegram refuses, in Telegram's own words."""

import re
from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.i18n import units
from bot.playground.state import Json

TEXT = 4096
CAPTION = 1024
POPUP = 200
BUTTON_DATA = 64
BUTTONS = 100
FILE = 50 * 1024 * 1024
DELETABLE = timedelta(hours=48)
TAP_ANSWERABLE = timedelta(minutes=1)
SENDS = 30
"""At most so many messages within a second, to everybody together."""
SENDS_TO_ONE = 20
"""At most so many messages within a second to one chat; Telegram bears short bursts."""

PUBLIC_ADDRESS = re.compile(
    r"(https?://)?[^\s/@:]+\.[^\s/@:.]+([:/?#]\S*)?|tg://\S+", re.IGNORECASE
)


class Refusal(Exception):
    """The Bot API says no: an error code, a description and perhaps when to ask again."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def as_json(self) -> Json:
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def bad(what: str) -> Refusal:
    return Refusal(400, f"Bad Request: {what}")


def flooded(retry_after: int) -> Refusal:
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after)


def blocked() -> Refusal:
    return Refusal(403, "Forbidden: bot was blocked by the user")


def old_tap() -> Refusal:
    return bad("query is too old and response timeout expired or query ID is invalid")


def not_modified() -> Refusal:
    return bad(
        "message is not modified: specified new message content and reply markup are exactly "
        "the same as a current content and reply markup of the message"
    )


def check_text(text: str) -> None:
    if not text:
        raise bad("message text is empty")
    if units(text) > TEXT:
        raise bad("message is too long")


def check_caption(caption: str) -> None:
    if units(caption) > CAPTION:
        raise bad("message caption is too long")


def inline_keyboard(markup: object) -> list[list[Json]]:
    """The rows of an inline keyboard, checked; other keyboards are out of use and empty here."""
    if markup is None:
        return []
    if not isinstance(markup, Mapping):
        raise bad("object expected as reply markup")
    rows = markup.get("inline_keyboard", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" of the ReplyMarkup must be an Array of Arrays')
    if sum(map(len, rows)) > BUTTONS:
        raise bad("reply markup is too long")
    return [[_button(button) for button in row] for row in rows if row]


def _button(button: Any) -> Json:
    if not isinstance(button, Mapping) or not button.get("text"):
        raise bad('can\'t parse inline keyboard button: field "text" must be non-empty')
    if "callback_data" in button:
        if not 1 <= len(str(button["callback_data"]).encode()) <= BUTTON_DATA:
            raise bad("BUTTON_DATA_INVALID")
    elif "url" in button:
        url = str(button["url"])
        if not PUBLIC_ADDRESS.fullmatch(url):
            raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    elif not set(button) - {"text", "style", "icon_custom_emoji_id"}:
        raise bad(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    return dict(button)


class Flood:
    """Counts messages within the last second, by Kith's clock and by real time at once.

    A hand that moves the clock forgives at once; a clock that stands still forgives too.
    """

    def __init__(self) -> None:
        self._sent: deque[tuple[datetime, float, int]] = deque()

    def check(self, chat: int, now: datetime, real: float) -> None:
        """Refuse one message too many. `real` is monotonic seconds."""
        while self._sent and not self._recent(self._sent[0], now, real):
            self._sent.popleft()
        to_one = sum(1 for sent in self._sent if sent[2] == chat)
        if len(self._sent) >= SENDS or to_one >= SENDS_TO_ONE:
            raise flooded(1)
        self._sent.append((now, real, chat))

    @staticmethod
    def _recent(sent: tuple[datetime, float, int], now: datetime, real: float) -> bool:
        return now - sent[0] < timedelta(seconds=1) and real - sent[1] < 1
