"""A disk that loses its power: what was synced stands, of the rest whatever the moment left.

Files are inodes, names are entries of a directory; both hold what is durable and, apart from it,
what was asked for since the last sync. A sector that was not synced may be old, new or torn; one
that the file had not reached before may hold anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

SECTOR = 512


@dataclass(slots=True)
class Inode:
    durable: bytes = b""
    waiting: list[tuple[int, bytes | None]] = field(default_factory=list)
    """(offset, bytes), or (size, None) for a truncation."""


class Disk:
    """Told what a program asks of its files; `cut` says what would be found after the cut."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._inodes = {name: Inode(content) for name, content in files.items()}
        self._now = dict(self._inodes)  # what the program sees
        self._durable = dict(self._inodes)
        self._entries: list[tuple[str, Inode | None]] = []  # made and removed since

    def create(self, name: str) -> None:
        self._enter(name, Inode())

    def remove(self, name: str) -> None:
        self._enter(name, None)

    def write(self, name: str, offset: int, data: bytes) -> None:
        self._now[name].waiting.append((offset, data))

    def truncate(self, name: str, size: int) -> None:
        self._now[name].waiting.append((size, None))

    def sync(self, name: str) -> None:
        inode = self._now[name]
        inode.durable = bytes(_applied(inode, None))
        inode.waiting.clear()

    def sync_directory(self) -> None:
        for name, inode in self._entries:
            _set(self._durable, name, inode)
        self._entries.clear()

    def cut(self, dice: Random) -> dict[str, bytes]:
        """The files that are found when the power comes back.

        Entries of a directory come to disk in their order, writes in any.
        """
        found = dict(self._durable)
        for name, inode in self._entries[: dice.randint(0, len(self._entries))]:
            _set(found, name, inode)
        likely = dice.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        return {name: bytes(_applied(inode, _Luck(dice, likely))) for name, inode in found.items()}

    def _enter(self, name: str, inode: Inode | None) -> None:
        _set(self._now, name, inode)
        self._entries.append((name, inode))


@dataclass(frozen=True, slots=True)
class _Luck:
    dice: Random
    likely: float

    def keeps(self) -> bool:
        return self.dice.random() < self.likely


def _set(names: dict[str, Inode], name: str, inode: Inode | None) -> None:
    if inode is None:
        names.pop(name, None)
    else:
        names[name] = inode


def _applied(inode: Inode, luck: _Luck | None) -> bytearray:
    content = bytearray(inode.durable)
    for offset, data in inode.waiting:
        if data is None:
            if luck is None or luck.keeps():
                content[offset:] = bytes(max(0, offset - len(content)))
            continue
        for at, piece in _sectors(offset, data):
            if luck is not None and not luck.keeps():
                if not luck.keeps():
                    continue
                piece = piece[: luck.dice.randrange(len(piece))]  # torn
            if len(content) < at:
                hole = at - len(content)
                noise = luck is not None and luck.dice.random() < 0.5
                content += luck.dice.randbytes(hole) if luck and noise else bytes(hole)
            content[at : at + len(piece)] = piece
    return content


def _sectors(offset: int, data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        end = min(len(data), at + SECTOR - (offset + at) % SECTOR)
        yield offset + at, data[at:end]
        at = end
