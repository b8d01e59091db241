"""The bytes of photos and documents, kept and served again."""

import struct
from dataclasses import dataclass

from bot.playground.state import State

PNG = b"\x89PNG\r\n\x1a\n"
KINDS = {"image/png": ".png", "image/jpeg": ".jpg", "application/pdf": ".pdf"}


@dataclass(frozen=True, slots=True)
class File:
    """A kept file; `path` is how the Bot API names it, `file_id` how messages do."""

    id: int
    name: str
    mime: str
    content: bytes

    @property
    def file_id(self) -> str:
        return f"playground-file-{self.id}"

    @property
    def unique_id(self) -> str:
        return f"playground-{self.id}"

    @property
    def path(self) -> str:
        return f"files/{self.id}{KINDS.get(self.mime, '')}"


class Files:
    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, name: str, mime: str, content: bytes) -> File:
        with self._state.change():
            id = self._state.following("next file", 1)
            self._state.run("INSERT INTO files VALUES (?, ?, ?, ?)", id, name, mime, content)
        return File(id, name, mime, content)

    def get(self, name: str) -> File | None:
        """The file of that file_id, path or number."""
        number = name.removeprefix("playground-file-").removeprefix("files/").split(".")[0]
        if not number.isascii() or not number.isdigit():
            return None
        row = self._state.row("SELECT * FROM files WHERE id = ?", int(number))
        return None if row is None else File(*tuple(row))


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or JPEG; None when it is neither."""
    if content.startswith(PNG) and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if not content.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None
