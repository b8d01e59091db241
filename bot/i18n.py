"""Catalogues, formats, Easy Read: what Kith says, in the form its reader chose."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from html import escape
from pathlib import Path
from string import Formatter
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

import structlog
from babel.core import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.units import format_unit

from bot.care.text import Text

STANDARD = "en_GB"
EASY = "en_GB@easy"
LOCALES = (STANDARD, EASY)
CHUNKS = "en_GB@chunks"
"""The words of British English with more room: it has no catalogue of its own."""

SORRY = Text("general", "sorry")
"""What is said when there are no words: the one text that may never be missing."""

log = structlog.get_logger(__name__)

T = TypeVar("T")


class Safe(str):
    """Words that are HTML already and must not be escaped again."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text with what fills it."""

    text: Text
    params: Mapping[str, "Param"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lines:
    """Texts one below the other, each with what fills it. Not for labels: they are HTML."""

    lines: tuple[tuple[Text, Mapping[str, "Param"]], ...]


Param = str | int | datetime | date | timedelta | Text | Phrase | Sequence[str | Text] | Lines
"""What fills a placeholder: words, a number, an aware time, a day, a span, a text, one with what
fills it, a list of words or texts, lines of texts."""


class CatalogueError(Exception):
    """A catalogue is missing, broken, or lacks a text that the code uses."""


class Words:
    """The catalogues in memory. A form without its own entry falls back to British English."""

    def __init__(self, catalogues: Mapping[str, Mapping[Text, str]]) -> None:
        self._catalogues = catalogues
        if SORRY not in catalogues.get(STANDARD, {}):
            raise CatalogueError(f"The catalogue {STANDARD} lacks {SORRY}.")

    @classmethod
    def load(cls, folder: Path | None = None) -> "Words":
        """Read locales/; raise CatalogueError when a text of the template has no words."""
        if folder is None:
            return _ours()
        words = cls({name: _read(folder / name / "LC_MESSAGES" / "kith.po") for name in LOCALES})
        template = folder / "kith.pot"
        wanted = _read(template) if template.exists() else {}
        missing = [str(text) for text in wanted if not words.has(STANDARD, text)]
        if missing:
            raise CatalogueError(f"The catalogue {STANDARD} lacks {', '.join(sorted(missing))}.")
        return words

    def has(self, locale: str, text: Text) -> bool:
        """Whether this form has its own words for a text, without falling back."""
        return bool(self._catalogues.get(locale, {}).get(text))

    def entries(self, locale: str) -> Mapping[Text, str]:
        return self._catalogues[locale]

    def say(self, locale: str, text: Text, **params: str | int) -> Safe:
        """A text as HTML; words that fill it are escaped unless they are Safe."""
        return Safe(self.fill(locale, text, params, _escaped))

    def label(self, locale: str, text: Text, **params: str | int) -> str:
        """A text in plain characters, for a button or a command."""
        return self.fill(locale, text, params, str)

    def fill(
        self, locale: str, text: Text, params: Mapping[str, T], form: Callable[[T], str]
    ) -> str:
        """A text, filled with the form of those values that it names."""
        return self._pattern(locale, text).format_map(_Filling(text, params, form))

    def clock_time(self, locale: str, moment: datetime, zone: ZoneInfo, now: datetime) -> str:
        """ "15:20", or with its day when that is not today: "tomorrow 09:10"."""
        where = _locale(locale)
        local, today = moment.astimezone(zone), now.astimezone(zone).date()
        time = format_time(local, "short", tzinfo=zone, locale=where)
        match (local.date() - today).days:
            case 0:
                return time
            case 1:
                return self.label(locale, Text("time", "tomorrow"), time=time)
            case -1:
                return self.label(locale, Text("time", "yesterday"), time=time)
        form = "EEE d MMM HH:mm" if local.year == today.year else "EEE d MMM y HH:mm"
        return format_datetime(local, form, tzinfo=zone, locale=where)

    def day(self, locale: str, day: date, year: int | None = None) -> str:
        """ "Monday 3 May"; with its year when that is not this `year`."""
        form = "EEEE d MMMM" if year in (None, day.year) else "EEEE d MMMM y"
        return format_date(day, form, locale=_locale(locale))

    def span(self, locale: str, span: timedelta) -> str:
        """ "1 hour 30 minutes"; seconds are left out."""
        minutes = max(0, int(span.total_seconds()) // 60)
        where = _locale(locale)
        parts = [(minutes // 60, "duration-hour"), (minutes % 60, "duration-minute")]
        said = [format_unit(n, unit, "long", locale=where) for n, unit in parts if n]
        return " ".join(said) or format_unit(0, "duration-minute", "long", locale=where)

    def together(self, locale: str, items: Sequence[str]) -> str:
        """ "Jo, Dev and Priya"."""
        return format_list(list(items), "standard", _locale(locale))

    def voice(self, locale: str, zone: ZoneInfo, now: datetime) -> "Voice":
        return Voice(self, locale if locale in self._catalogues else STANDARD, zone, now)

    def _pattern(self, locale: str, text: Text) -> str:
        for form in (locale, STANDARD):
            if pattern := self._catalogues.get(form, {}).get(text):
                return pattern
        # Never at midnight: the loader and the tests find a missing text long before.
        log.error("text_missing", entry=str(text))
        return self._catalogues[STANDARD][SORRY]


@dataclass(frozen=True, slots=True)
class Voice:
    """The catalogues as one reader needs them: their form, the service's zone, and now."""

    words: Words
    locale: str
    zone: ZoneInfo
    now: datetime

    def say(self, text: Text, **params: Param) -> Safe:
        """A text as HTML, with times, spans and lists in the reader's form."""
        return Safe(self.words.fill(self.locale, text, params, lambda v: _escaped(self._form(v))))

    def label(self, text: Text, **params: Param) -> str:
        return self.words.fill(self.locale, text, params, lambda v: str(self._form(v)))

    def _form(self, value: Param) -> str | int:
        if isinstance(value, str | int):
            return value
        if isinstance(value, datetime):
            return self.words.clock_time(self.locale, value, self.zone, self.now)
        if isinstance(value, date):
            year = self.now.astimezone(self.zone).year
            return self.words.day(self.locale, value, year)
        if isinstance(value, timedelta):
            return self.words.span(self.locale, value)
        if isinstance(value, Text):
            return self.label(value)
        if isinstance(value, Phrase):
            return self.label(value.text, **value.params)
        if isinstance(value, Lines):
            return Safe("\n".join(self.say(text, **params) for text, params in value.lines))
        said = [self.label(one) if isinstance(one, Text) else one for one in value]
        return self.words.together(self.locale, said)


def units(text: str) -> int:
    """How long it is as Telegram counts: in UTF-16 code units, of which an emoji takes two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def placeholders(pattern: str) -> frozenset[str]:
    """The names in braces that a text expects to be filled."""
    return frozenset(name for _, name, _, _ in Formatter().parse(pattern) if name)


class _Filling(Generic[T], dict[str, str]):
    """Values take their form when the text asks for them. One that was not given leaves a gap,
    never an error: the rest must be heard.
    """

    def __init__(self, text: Text, values: Mapping[str, T], form: Callable[[T], str]) -> None:
        super().__init__()
        self._text = text
        self._values = values
        self._form = form

    def __missing__(self, name: str) -> str:
        if name in self._values:
            return self._form(self._values[name])
        log.error("text_param_missing", entry=str(self._text), param=name)
        return "…"


def _escaped(value: str | int) -> str:
    return value if isinstance(value, Safe) else escape(str(value), quote=False)


_locale = cache(Locale.parse)


@cache
def _ours() -> Words:
    """Those that come with this Kith: read once."""
    return Words.load(folder())


def folder() -> Path:
    """Where the words lie: beside this file in an installed wheel; beside `bot` in a checkout."""
    here = Path(__file__).resolve().parent
    installed = here / "locales"
    return installed if installed.is_dir() else here.parent / "locales"


def _read(path: Path) -> dict[Text, str]:
    """One catalogue or template by text; a template's texts have no words."""
    try:
        with path.open("rb") as file:
            catalogue = read_po(file, abort_invalid=True)
    except (OSError, ValueError) as error:
        raise CatalogueError(f"The catalogue {path.name} cannot be read: {error}") from error
    return {
        Text(entry.context, str(entry.id)): str(entry.string)
        for entry in catalogue
        if entry.id and entry.context
    }
