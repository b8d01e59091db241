"""What a backup says of itself, signed with the installation's key, and where backups are found."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any, Literal, Self

from bot.store.engine import Refused
from bot.store.ledger import BEGINNING

NAME = "manifest.json"

PREFIX = "kith-"
"""How the folder of a backup begins: `kith-20260504T120000Z`. No other counts as one."""

SUSPECT = "-suspect"
"""How the folder of a copy ends that did not pass."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """One part of a backup: the data, or the people's keys.

    `sha256` is the file's; `position` and `hash` are the head of the ledger's chain, which
    anchors it: whoever cuts off the newest lines afterwards is found out.
    """

    part: Literal["data", "keys"]
    made_at: datetime
    schema: str
    rows: Mapping[str, int]
    sha256: str
    position: int = 0
    hash: str = BEGINNING

    def write(self, folder: Path, key: bytes) -> None:
        said = _said(self)
        with (folder / NAME).open("x", encoding="utf-8") as file:
            json.dump(said | {"signature": _signature(said, key)}, file, indent=2)
            file.write("\n")

    @classmethod
    def read(cls, file: Path, key: bytes) -> Self:
        """Refused, with a sentence, when it cannot be read or is not as it was written."""
        try:
            said: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            signature = said.pop("signature")
            manifest = cls(**said | {"made_at": datetime.fromisoformat(said["made_at"])})
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            raise Refused(f"{file} cannot be read: it is not a backup's, or damaged.") from None
        if not hmac.compare_digest(str(signature).encode(), _signature(said, key).encode()):
            raise Refused(
                f"{file} was not written with this KITH_KEY, or was changed since. "
                "Nothing has been done."
            )
        return manifest


def digest(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def newest(place: Path) -> Path | None:
    """The newest good backup in a place; a folder that is one itself is meant by itself."""
    if (place / NAME).is_file():
        return place
    found = [
        folder
        for folder in place.glob(f"{PREFIX}*")
        if not folder.name.endswith(SUSPECT) and (folder / NAME).is_file()
    ]
    return max(found, key=lambda folder: folder.name, default=None)


def _said(manifest: Manifest) -> dict[str, Any]:
    return asdict(manifest) | {"made_at": manifest.made_at.isoformat()}


def _signature(said: Mapping[str, Any], key: bytes) -> str:
    own = hmac.digest(key, b"kith backup manifest", "sha256")  # never the key itself
    written = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
    return hmac.digest(own, written, "sha256").hex()
