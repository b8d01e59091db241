"""What every Telegram in the same process shares: the way to it, and the bodies it answers with."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from telegram.request import BaseRequest, RequestData

Json = dict[str, Any]

BOT = {"id": 1, "is_bot": True, "first_name": "Kith", "username": "kith_bot"}

Answer = Callable[[str, RequestData | None], Awaitable[tuple[int, Json]]]
"""The status and the body of the answer to a method; raises what a lost one raises."""


class Way(BaseRequest):
    """Whatever is asked goes to `answer`; `patience` is how many seconds that may take."""

    def __init__(self, answer: Answer, patience: float) -> None:
        self._answer = answer
        self._patience = patience

    @property
    def read_timeout(self) -> float:
        return self._patience

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        code, body = await self._answer(url.rpartition("/")[2], request_data)
        return code, json.dumps(body).encode()


def message(id: int, chat: int, sender: Json = BOT) -> Json:
    """A message in a private chat, as far as every kind of message has it."""
    return {
        "message_id": id,
        "date": 1,
        "chat": {"id": chat, "type": "private"},
        "from": sender,
    }


def with_text(id: int, chat: int, text: str, markup: Json | None) -> Json:
    """One of Kith's, as it stands in a chat."""
    body = message(id, chat) | {"text": text}
    return body if markup is None else body | {"reply_markup": markup}
