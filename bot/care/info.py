"""General information: short pages about no person, for everybody; found by topic or by words.

A page is a Markdown file that begins with what it is about:

    ---
    title: Depression
    topic: Conditions in plain words
    words: low mood, sad
    first: despair
    dated: November 2026
    ask: a GP, or the team
    ---
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
"""What a page's file may be called, without its `.md`: it travels in a button."""

LONGEST_PARAGRAPH = 3000
"""Characters: a longer one does not fit into a message."""

COMMON = frozenset(
    re.findall(
        r"\w+",
        """a about all am an and any are as at be been but by can could did do does for from get
        had has have he her him his how i if in is it just keep keeps me my no not now of on or our
        out over said say says she should so some that the their them there they this to too up us
        want wanted wants was we what when where which who why will with would you your
        """,
    )
)
"""Words that are in every page and find none."""

ALIKE = 0.72
"""How much of a word has to be as it is written here: "depressed" finds "depression"."""

TITLE, WORDS, TEXT = 4, 3, 1
"""What it weighs to be found in a page's title, among its words, in its text."""


@dataclass(frozen=True, slots=True)
class Page:
    """`text` is Markdown; `words` find it besides, one of `first` before all others; `dated` and
    `ask` are said below it."""

    name: str
    title: str
    topic: str
    words: str
    text: str
    dated: str
    ask: str
    first: str = ""


def read(name: str, file: str) -> Page | None:
    """A page from what its file holds; None when it cannot be one."""
    found = re.fullmatch(r"\ufeff?---\s*\n(.*?)\n---\s*\n(.*)", file, re.DOTALL)
    if found is None or NAME.fullmatch(name) is None:
        return None
    pairs = (line.partition(":") for line in found[1].splitlines())
    said = {key.strip().lower(): value.strip() for key, _, value in pairs}
    text = found[2].strip()
    if not (said.get("title") and said.get("topic")) or any(map(_too_long, _paragraphs(text))):
        return None
    more = (said.get(key, "") for key in ("words", "dated", "ask", "first"))
    words, dated, ask, first = more
    return Page(name, said["title"], said["topic"], words, text, dated, ask, first)


def topics(pages: Iterable[Page]) -> dict[str, list[Page]]:
    """The pages of each topic, in the order of their files' names."""
    found: dict[str, list[Page]] = {}
    for page in sorted(pages, key=lambda page: page.name):
        found.setdefault(page.topic, []).append(page)
    return found


def find(pages: Iterable[Page], said: str) -> list[Page]:
    """The pages that fit some words best, the best first: whatever their case, accents, plural,
    and not quite their spelling. What may be about a life comes before all that fits better."""
    weights = {page: _weights(page) for page in pages}
    known = {stem for found in weights.values() for stem in found}
    asked = list(dict.fromkeys(_meant(stem, known) for stem in _stems(said)))
    fits: list[tuple[bool, int, int, Page]] = []
    for page, found in weights.items():
        weighed = [weight for stem in asked if (weight := _weight(stem, found))]
        if weighed:
            grave = not set(_stems(page.first)).isdisjoint(asked)
            fits.append((not grave, -len(weighed), -sum(weighed), page))
    return [page for *_, page in sorted(fits, key=lambda fit: (*fit[:3], fit[3].name))]


def _weights(page: Page) -> dict[str, int]:
    found = dict.fromkeys(_stems(page.text), TEXT)
    found |= dict.fromkeys(_stems(f"{page.words} {page.first}"), WORDS)
    return found | dict.fromkeys(_stems(page.title), TITLE)


def _weight(stem: str, found: Mapping[str, int]) -> int:
    """Also of a word that begins as it does: "depress" finds "depression"."""
    if stem in found or len(stem) < 4:
        return found.get(stem, 0)
    return max((weight for word, weight in found.items() if word.startswith(stem)), default=0)


def _meant(stem: str, known: Iterable[str]) -> str:
    if len(stem) < 4 or any(word.startswith(stem) for word in known):
        return stem
    return next(iter(get_close_matches(stem, list(known), 1, ALIKE)), stem)


def _stems(words: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFKD", words.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    for word in re.findall(r"\w+", re.sub("['’]s?", "", plain)):
        if word not in COMMON:
            yield _stem(word)


def _stem(word: str) -> str:
    """One of many: "carers" and "carer", "families" and "family"; "crisis" stays as it is."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else word[:-1]


def _paragraphs(text: str) -> Sequence[str]:
    return re.split(r"\n\s*\n", text)


def _too_long(paragraph: str) -> bool:
    return len(paragraph) > LONGEST_PARAGRAPH
