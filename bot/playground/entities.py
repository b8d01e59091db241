"""Telegram's HTML: to plain text with entities, and from these to markup that is safe to show."""

import html
import re

from bot.i18n import units
from bot.playground.limits import bad
from bot.playground.state import Json

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
SHOWN = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ('<span class="spoiler">', "</span>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote>", "</blockquote>"),
}

PIECE = re.compile(
    r"(?P<end></(?P<ended>[^\s>]*)\s*(?P<close>>)?)"
    r"|(?P<start><(?P<name>[^\s>]*)(?P<attributes>(?:\"[^\"]*\"|'[^']*'|[^>\"'])*)(?P<shut>>)?)"
    r"|(?P<named>&(?:lt|gt|amp|quot|\#\d+|\#x[0-9a-fA-F]+);?)"
)
ATTRIBUTE = re.compile(r"\s*([^\s=>]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+)))?")
COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,32}(?:@\w{3,32})?\b")
SCHEME = re.compile(r"https?://|tg://|mailto:", re.IGNORECASE)


def parse_html(text: str) -> tuple[str, list[Json]]:
    """The plain text and its entities; what is not Telegram's HTML is refused."""
    plain: list[str] = []
    length, at = 0, 0
    open_tags: list[tuple[str, int, Json]] = []
    found: list[Json] = []

    def say(words: str) -> None:
        nonlocal length
        plain.append(words)
        length += units(words)

    for piece in PIECE.finditer(text):
        say(text[at : piece.start()])
        at = piece.end()
        where = len(text[: piece.start()].encode())
        if piece["named"]:
            say(html.unescape(piece["named"]))
        elif piece["start"]:
            name = piece["name"].lower()
            entity = _entity(name, piece["attributes"], where) if _whole(piece) else {}
            if not piece["shut"]:
                raise _unparsed(f"Unclosed start tag at byte offset {where}")
            open_tags.append((name, length, entity))
        else:
            if not open_tags:
                raise _unparsed(f"Unexpected end tag at byte offset {where}")
            name, begun, entity = open_tags.pop()
            if not piece["close"]:
                raise _unparsed(f"Unclosed end tag at byte offset {where}")
            if piece["ended"] and piece["ended"].lower() != name:
                raise _unparsed(
                    f"Unmatched end tag at byte offset {where}, "
                    f'expected "</{name}>", found "</{piece["ended"]}>"'
                )
            found.append(
                {"type": entity.pop("type"), "offset": begun, "length": length - begun, **entity}
            )
    say(text[at:])
    if open_tags:
        raise _unparsed(f'Can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    return trimmed("".join(plain), found)


def trimmed(text: str, found: list[Json]) -> tuple[str, list[Json]]:
    """Both without the space around the text, as Telegram keeps them, in order."""
    lead = units(text) - units(text.lstrip())
    text = text.strip()
    end = units(text)
    kept: list[Json] = []
    for entity in found:
        start = max(entity["offset"] - lead, 0)
        stop = min(entity["offset"] - lead + entity["length"], end)
        if stop > start:
            kept.append(entity | {"offset": start, "length": stop - start})
    # An outer tag closes later than the inner one that fills it.
    kept.reverse()
    return text, sorted(kept, key=lambda entity: (entity["offset"], -entity["length"]))


def commands(text: str) -> list[Json]:
    """The /commands in a text, which Telegram marks by itself."""
    return [
        {"type": "bot_command", "offset": units(text[: found.start()]), "length": units(found[0])}
        for found in COMMAND.finditer(text)
    ]


def shown(text: str, found: list[Json]) -> str:
    """Safe markup for the page: everything escaped but a few plain tags."""
    points = text.encode("utf-16-le")

    def part(start: int, stop: int) -> str:
        return html.escape(points[start * 2 : stop * 2].decode("utf-16-le"))

    def within(start: int, stop: int, entities: list[Json]) -> str:
        out, at = [], start
        for index, entity in enumerate(entities):
            begin, end = entity["offset"], entity["offset"] + entity["length"]
            if begin < at or end > stop:
                continue  # lies inside one already shown, or across its edge
            before, after = _marks(entity)
            inner = within(begin, end, entities[index + 1 :])
            out += [part(at, begin), before, inner, after]
            at = end
        return "".join([*out, part(at, stop)])

    return within(0, len(points) // 2, found)


def _marks(entity: Json) -> tuple[str, str]:
    url = str(entity.get("url", ""))
    if entity["type"] == "text_link" and SCHEME.match(url):
        return f'<a href="{html.escape(url)}" target="_blank" rel="noopener noreferrer">', "</a>"
    return SHOWN.get(str(entity["type"]), ("", ""))


def _whole(piece: "re.Match[str]") -> bool:
    return bool(piece["shut"] or piece["attributes"])


def _entity(name: str, attributes: str, where: int) -> Json:
    if name not in TAGS:
        raise _unparsed(f'Unsupported start tag "{name}" at byte offset {where}')
    given = {
        key.lower(): html.unescape(double or single or bare)
        for key, double, single, bare in ATTRIBUTE.findall(attributes)
    }
    if name == "span" and given.get("class") != "tg-spoiler":
        raise _unparsed(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
    if name == "a":
        return {"type": "text_link", "url": given.get("href", "")}
    if name == "blockquote" and "expandable" in given:
        return {"type": "expandable_blockquote"}
    return {"type": TAGS[name]}


def _unparsed(why: str) -> Exception:
    return bad(f"can't parse entities: {why}")
