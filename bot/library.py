"""The pages of general information in memory: Kith's own, and those a service puts beside them.

They are files, `info/<form>/<name>.md` among the catalogues and `<form>/<name>.md` in the
service's folder. A page there stands instead of Kith's of that name, in every form; one without
text takes it away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import structlog

from bot.care import info
from bot.care.info import Page
from bot.i18n import EASY, LOCALES, STANDARD, folder

log = structlog.get_logger(__name__)

LARGEST = 100_000
"""Bytes of a file that is a short page."""


@dataclass(frozen=True, slots=True)
class Library:
    """Pages by form and name."""

    forms: Mapping[str, Mapping[str, Page]] = field(default_factory=dict)

    @classmethod
    def load(cls, own: Path | None = None) -> "Library":
        """Kith's pages and those in the folder `own`. One that cannot be read is left out, with a
        line in the log: nobody's safety waits for a page."""
        ours = _ours()
        theirs = {form: _pages(own / form) if own is not None else {} for form in LOCALES}
        instead = {name for pages in theirs.values() for name in pages}
        kept = {
            form: {name: page for name, page in ours[form].items() if name not in instead}
            for form in LOCALES
        }
        both = {form: kept[form] | theirs[form] for form in LOCALES}
        return cls({form: {n: p for n, p in both[form].items() if p.text} for form in LOCALES})

    def pages(self, locale: str) -> Sequence[Page]:
        """Each page once, in the reader's form, or in the other where there is no such."""
        form, other = (EASY, STANDARD) if locale == EASY else (STANDARD, EASY)
        return list({**self.forms.get(other, {}), **self.forms.get(form, {})}.values())

    def page(self, locale: str, name: str) -> Page | None:
        return next((page for page in self.pages(locale) if page.name == name), None)


@cache
def _ours() -> Mapping[str, Mapping[str, Page]]:
    return {form: _pages(folder() / "info" / form) for form in LOCALES}


def _pages(of: Path) -> dict[str, Page]:
    found: dict[str, Page] = {}
    for file in sorted(of.glob("*.md")):
        page = _page(file)
        if page is None:
            log.error("a page of information cannot be read", entry=file.name)
        else:
            found[page.name] = page
    return found


def _page(file: Path) -> Page | None:
    try:
        if file.stat().st_size > LARGEST:
            return None
        return info.read(file.stem, file.read_text("utf-8"))
    except (OSError, ValueError):
        return None
