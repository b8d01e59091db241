"""The installation's key: 32 bytes from `KITH_KEY`, or from a file only its owner can read."""

import os
import secrets
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from pathlib import Path

LENGTH = 32
FILE = "kith.key"


def decode(text: str) -> bytes | None:
    """The key written in base64 (either alphabet); None when `text` is anything else."""
    try:
        key = b64decode(text.strip().translate(str.maketrans("-_", "+/")), validate=True)
    except (NotBase64, ValueError):
        return None
    return key if len(key) == LENGTH else None


def read(data: Path) -> bytes | str:
    """The key in the data folder's file, or a sentence that says why there is none."""
    file = data / FILE
    try:
        with file.open(encoding="ascii", errors="replace") as opened:
            if os.fstat(opened.fileno()).st_mode & 0o077:
                return f"Others can read {file}. Type: chmod 600 {file}"
            key = decode(opened.read())
    except OSError as wrong:
        return f"There is no key to read at {file} ({wrong.strerror}). `kith init` makes one."
    return key or f"{file} holds no key. Put the right one back, from your copy."


def make(data: Path) -> None:
    """A new key in the data folder, safely on disk; one that is there stays as it is."""
    if (data / FILE).exists():
        return
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = data / f"{FILE}.{secrets.token_hex(4)}"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(b64encode(secrets.token_bytes(LENGTH)) + b"\n")
        opened.flush()
        os.fsync(opened.fileno())
    try:
        os.link(draft, data / FILE)  # whole or not at all, and never over another
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    folder = os.open(data, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
