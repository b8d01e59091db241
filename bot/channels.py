"""The installation's other ways to reach staff, such as email or a text message.

`KITH_CHANNELS` names each and gives it an address as Apprise writes them, in which `{to}` stands
for the member's own. Staff give that part alone, so only the operator says which server is asked.
"""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from apprise.plugins.base import NotifyBase

TO = "{to}"

NAME = re.compile(r"[a-z][a-z0-9]{0,19}", re.ASCII)

SAMPLES = ("somebody@kith.example", "+447700900123", "0123456789abcdef0123456789abcdef")
"""A service of whichever kind takes one of these for an address."""


@dataclass(frozen=True, slots=True)
class Channels:
    """Every channel by its name, in the operator's order. Holds passwords: never shown."""

    templates: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Channels({', '.join(self.templates)})"

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.templates)

    def send(self, name: str, to: str, title: str, body: str) -> bool:
        """Blocks until the service has taken it or has not; False when it has not, or cannot."""
        template = self.templates.get(name)
        way = None if template is None else _way(template, to)
        if way is None:
            return False
        from apprise import NotifyFormat

        # What has no titles would put one before the body, which says it already.
        subject = title if way.title_maxlen else ""
        return bool(way.notify(body=body, title=subject, body_format=NotifyFormat.TEXT))


NONE = Channels({})


def read(text: str) -> Channels:
    """The channels of a JSON object; ValueError with words that never quote an address."""
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    if not isinstance(given, dict) or not all(isinstance(v, str) for v in given.values()):
        raise ValueError("must be a JSON object of names and addresses")
    for name, template in given.items():
        if not NAME.fullmatch(name):
            raise ValueError("may name a channel with up to 20 of a-z and 0-9 only")
        wrong = _wrong(template)
        if wrong is not None:
            raise ValueError(f"has a channel {name} whose address {wrong}")
    return Channels(given)


def _wrong(template: str) -> str | None:
    server = re.match(r"[\w+.-]+://[^/?#]*", template)
    if server is None:
        return "does not look like service://server/…"
    if TO not in template:
        return "does not say where the member's own goes"
    if TO in server[0]:
        return "lets the member choose the server"
    if all(_way(template, sample) is None for sample in SAMPLES):
        return "is none that Apprise knows"
    return None


def _way(template: str, to: str) -> "NotifyBase | None":
    # Apprise takes as long to import as the rest of Kith: only who uses it waits for it.
    from apprise import Apprise, AppriseAsset

    # At every level, it says where it sends, and with which password.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    # Nothing but our words leaves: no pictures, nobody else's address.
    asset = AppriseAsset(
        app_id="Kith", app_desc="Kith", app_url="", image_url_mask="", image_url_logo=""
    )
    way = Apprise.instantiate(template.replace(TO, quote(to, safe="")), asset=asset)
    if way is not None:
        # Where one is sent on to, the words do not go along, and yet it answers that all is well.
        way.redirects = False
    # Its length counts each address as often as it would be tried.
    return way if way is not None and len(way) == way.retry + 1 else None
