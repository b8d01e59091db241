"""Says a script to SQLite on a watched disk, cuts the power again and again, and looks.

    python -m tests.power.crash SCRIPT FOLDER POINTS SEED [FILE:PRAGMA=VALUE ...]

A process of its own: with apsw in it there are two SQLite libraries, and this one opens no file
with the other.
"""

import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random

import apsw

from tests.power.disk import Disk
from tests.power.script import COMMIT, ROLLBACK, Script

CHECKPOINT = 24
"""Pages of write-ahead log before it goes into the file: often, so that many are cut short."""

NEWS = apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL
"""What SQLite's own way to the disk syncs the folder for, once it syncs such a new file."""

Asked = tuple[str, str, int, bytes]
"""What was asked of the disk: what, of which file, where, which bytes."""


@dataclass
class Watched:
    """What is asked of the disk, and between it what was promised: file and state."""

    log: list[Asked] = field(default_factory=list)

    def note(self, what: str, name: str, at: int = 0, data: bytes = b"") -> None:
        self.log.append((what, Path(name).name, at, data))


class Watching(apsw.VFS):
    def __init__(self, watched: Watched) -> None:
        self.watched = watched
        super().__init__("watching", base="")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> "File":
        return File(self.watched, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        super().xDelete(filename, syncdir)
        self.watched.note("remove", filename)
        if syncdir:
            self.watched.note("sync_directory", filename)


class File(apsw.VFSFile):
    def __init__(
        self, watched: Watched, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> None:
        assert name is not None  # temporary files, which nobody needs to survive, are in memory
        self._name = name if isinstance(name, str) else name.filename()
        self._watched = watched
        fresh = not Path(self._name).exists()
        super().__init__("", name, flags)
        self._news = fresh and bool(flags[0] & NEWS)
        if fresh:
            watched.note("create", self._name)

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        self._watched.note("write", self._name, offset, bytes(data))

    def xTruncate(self, newsize: int) -> None:
        super().xTruncate(newsize)
        self._watched.note("truncate", self._name, newsize)

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self._watched.note("sync", self._name)
        if self._news:
            self._news = False
            self._watched.note("sync_directory", self._name)


def say(script: Script, folder: Path, watched: Watched, otherwise: dict[str, str]) -> None:
    """Run the script; each commit that is answered is a promise: the file's state from then on."""
    said = {}
    for name, content in script.files.items():
        (folder / name).write_bytes(content)
        c = said[name] = apsw.Connection(str(folder / name), vfs="watching")
        c.pragma("wal_autocheckpoint", CHECKPOINT)
        c.pragma("temp_store", "memory")
        for pragma, value in script.pragmas[name].items():
            c.pragma(pragma, otherwise.get(f"{name}:{pragma}", value))
        watched.note("promise", name, 0, state(c))
    for name, statement, parameters in script.said:
        c = said[name]
        if statement in (COMMIT, ROLLBACK) and not c.in_transaction:
            continue
        list(c.execute(statement, parameters))
        if statement == COMMIT:
            watched.note("promise", name, 0, state(c))
    for c in said.values():
        c.close()


def state(c: apsw.Connection) -> bytes:
    """Names all that stands in a file: every page as its reader sees it."""
    whole = c.serialize("main")
    return sha256(whole[:24] + whole[40:]).digest()  # besides the change counter


def looked(path: Path, states: list[bytes], promised: int) -> str:
    """What became of a file: `whole`, `lost`, `corrupt`, or `half`, which is neither state."""
    try:
        c = apsw.Connection(str(path))
        c.pragma("synchronous", 0)  # for the look alone
        try:
            if c.pragma("integrity_check") != "ok":
                return "corrupt"
            found = state(c)
        finally:
            c.close()
    except apsw.Error:
        return "corrupt"
    if found in states[promised : promised + 2]:
        return "whole"
    return "lost" if found in states[:promised] else "half"


def main(script: Script, folder: Path, points: int, seed: int, otherwise: dict[str, str]) -> None:
    dice = Random(seed)
    watched = Watched()
    watching = Watching(watched)
    running, found = folder / "running", folder / "found"
    running.mkdir()
    found.mkdir()
    say(script, running, watched, otherwise)
    log = watched.log
    states = {
        name: [data for what, of, _, data in log if (what, of) == ("promise", name)]
        for name in script.files
    }
    cuts = Counter(dice.choices(range(len(log)), k=points))
    disk = Disk(script.files)
    promised = Counter(dict.fromkeys(script.files, -1))
    came = Counter[str]()
    for number, (what, name, at, data) in enumerate(log):
        for _ in range(cuts[number]):
            for file in found.iterdir():
                file.unlink()
            for file_name, content in disk.cut(dice).items():
                (found / file_name).write_bytes(content)
            for of in script.files:
                came[f"{of}:{looked(found / of, states[of], max(0, promised[of]))}"] += 1
        match what:
            case "promise":
                promised[name] += 1
            case "write":
                disk.write(name, at, data)
            case "truncate":
                disk.truncate(name, at)
            case "sync":
                disk.sync(name)
            case "create":
                disk.create(name)
            case "remove":
                disk.remove(name)
            case "sync_directory":
                disk.sync_directory()
    commits = {name: len(states[name]) - 1 for name in script.files}
    synced = sum(what == "sync" and name == "kith.db" for what, name, _, _ in log)
    watching.unregister()
    report = {"came": came, "commits": commits, "checkpoints": synced}
    sys.stdout.write(json.dumps(report))


if __name__ == "__main__":
    path, folder, points, seed, *instead = sys.argv[1:]
    settings = dict(one.split("=", 1) for one in instead)
    main(Script.read(Path(path)), Path(folder), int(points), int(seed), settings)
