"""A Bot API request as Telegram takes it: query, form, multipart or JSON, GET or POST."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.playground.limits import bad


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the request."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Params:
    """What a method was asked, each value in the type that the method wants."""

    values: Mapping[str, object] = field(default_factory=dict)
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        return None if value is None else str(value)

    def number(self, name: str) -> float | None:
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            return float(str(value))
        except ValueError:
            raise bad(f"invalid {name} specified") from None

    def whole(self, name: str) -> int | None:
        number = self.number(name)
        return None if number is None else int(number)

    def flag(self, name: str) -> bool:
        return str(self.values.get(name, "")).lower() in ("true", "1", "yes")

    def data(self, name: str) -> object:
        """A structured value: JSON in a form, itself in a JSON request."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            raise bad(f"can't parse {name} JSON object") from None


async def read_params(request: Request) -> Params:
    """The parameters of a request, from wherever they stand in it."""
    values: dict[str, object] = dict(request.query_params)
    uploads: dict[str, Upload] = {}
    content_type = request.headers.get("content-type", "")
    kind = content_type.partition(";")[0].strip().lower()
    body = await request.body()
    try:
        if kind == "application/json" and body:
            values |= dict(json.loads(body))
        elif kind == "multipart/form-data":
            _multipart(content_type, body, values, uploads)
        elif body:
            values |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    except ValueError:
        raise bad("can't parse the request body") from None
    return Params(values, uploads)


def _multipart(
    content_type: str, body: bytes, values: dict[str, object], uploads: dict[str, Upload]
) -> None:
    boundary = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode()).get_boundary()
    if not boundary:
        raise ValueError("a multipart body needs a boundary")
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary.encode())[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        headers = message_from_bytes(head.lstrip(b"\r\n"))
        name = str(headers.get_param("name", header="content-disposition"))
        filename = headers.get_filename()
        if filename is None:
            values[name] = content.decode()
        else:
            uploads[name] = Upload(filename, headers.get_content_type(), content)
