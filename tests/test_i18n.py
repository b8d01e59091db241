"""How words are filled: times, spans, lists, names; and what happens when some are missing."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.care.text import Text
from bot.i18n import (
    EASY,
    SORRY,
    STANDARD,
    CatalogueError,
    Lines,
    Param,
    Safe,
    Voice,
    Words,
    placeholders,
)

LONDON = ZoneInfo("Europe/London")
NOON = datetime(2026, 5, 4, 11, 0, tzinfo=UTC)
HELLO = Text("test", "hello")
ONLY_STANDARD = Text("test", "only_standard")

WORDS = Words(
    {
        STANDARD: {
            SORRY: "Sorry.",
            HELLO: "<b>Hello</b> {name}",
            ONLY_STANDARD: "As usual.",
            Text("time", "tomorrow"): "tomorrow {time}",
            Text("time", "yesterday"): "yesterday {time}",
        },
        EASY: {HELLO: "Hi {name}"},
    }
)
VOICE = WORDS.voice(STANDARD, LONDON, NOON)


def test_a_text_is_said_in_the_readers_form() -> None:
    assert WORDS.say(EASY, HELLO, name="Sam") == "Hi Sam"


def test_lines_are_texts_of_the_readers_form_one_below_the_other() -> None:
    lines = Lines(((HELLO, {"name": "Sam"}), (HELLO, {"name": "<Jo>"}), (ONLY_STANDARD, {})))
    voice = WORDS.voice(EASY, LONDON, NOON)
    assert voice.say(HELLO, name=lines) == "Hi Hi Sam\nHi &lt;Jo&gt;\nAs usual."
    assert VOICE.say(HELLO, name=Lines(())) == "<b>Hello</b> "


def test_a_form_without_its_own_words_falls_back_to_british_english() -> None:
    assert WORDS.say(EASY, ONLY_STANDARD) == "As usual."
    assert not WORDS.has(EASY, ONLY_STANDARD)


def test_an_unknown_form_is_spoken_to_in_british_english() -> None:
    assert WORDS.voice("cy_GB", LONDON, NOON).say(HELLO, name="Sam") == "<b>Hello</b> Sam"


def test_what_people_wrote_is_never_html() -> None:
    assert VOICE.say(HELLO, name="<i>Sam</i> & Jo") == (
        "<b>Hello</b> &lt;i&gt;Sam&lt;/i&gt; &amp; Jo"
    )
    assert VOICE.say(HELLO, name=Safe("<i>Sam</i>")) == "<b>Hello</b> <i>Sam</i>"


def test_a_label_is_plain_characters() -> None:
    assert WORDS.label(EASY, HELLO, name="Sam & Jo") == "Hi Sam & Jo"


def test_braces_in_a_name_fill_nothing() -> None:
    assert VOICE.say(HELLO, name="{name}") == "<b>Hello</b> {name}"


def test_missing_words_are_an_apology_and_never_an_error() -> None:
    assert VOICE.say(Text("test", "lost")) == "Sorry."


def test_a_missing_value_leaves_a_gap_and_the_rest_is_heard() -> None:
    assert VOICE.say(HELLO) == "<b>Hello</b> …"


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 5, 4, 14, 20, tzinfo=UTC), "15:20"),
        (datetime(2026, 5, 4, 23, 10, tzinfo=UTC), "tomorrow 00:10"),
        (datetime(2026, 5, 5, 8, 10, tzinfo=UTC), "tomorrow 09:10"),
        (datetime(2026, 5, 3, 21, 0, tzinfo=UTC), "yesterday 22:00"),
        (datetime(2026, 5, 10, 8, 10, tzinfo=UTC), "Sun 10 May 09:10"),
        (datetime(2026, 12, 1, 8, 10, tzinfo=UTC), "Tue 1 Dec 08:10"),
    ],
)
def test_a_time_is_said_by_the_clock_on_the_wall(moment: datetime, said: str) -> None:
    assert VOICE.say(HELLO, name=moment) == f"<b>Hello</b> {said}"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=1, minutes=30, seconds=59), "1 hour 30 minutes"),
        (timedelta(0), "0 minutes"),
        (["Jo"], "Jo"),
        (["Jo", "Dev", "Priya"], "Jo, Dev and Priya"),
        (ONLY_STANDARD, "As usual."),
        (3, "3"),
    ],
)
def test_values_are_said_as_people_say_them(value: Param, said: str) -> None:
    assert VOICE.label(HELLO, name=value) == f"<b>Hello</b> {said}"


def test_a_list_of_names_is_escaped_too() -> None:
    names: Sequence[str] = ("<Jo>", "Dev")
    assert VOICE.say(HELLO, name=names) == "<b>Hello</b> &lt;Jo&gt; and Dev"


def test_placeholders_are_the_names_in_braces() -> None:
    assert placeholders("{a} and {b}, {{not this}}") == {"a", "b"}


def catalogue(folder: Path, locale: str, *entries: tuple[str, str, str]) -> None:
    path = folder / locale / "LC_MESSAGES" / "kith.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (f'msgctxt "{c}"\nmsgid "{i}"\nmsgstr "{s}"\n' for c, i, s in entries)
    path.write_text("\n".join(lines), encoding="utf-8")


def test_catalogues_are_read_from_their_folder(tmp_path: Path) -> None:
    catalogue(tmp_path, STANDARD, ("general", "sorry", "Sorry."), ("a", "b", "It’s {x}"))
    catalogue(tmp_path, EASY)
    assert Words.load(tmp_path).say(EASY, Text("a", "b"), x=1) == "It’s 1"


def test_a_text_without_words_is_found_when_catalogues_are_read(tmp_path: Path) -> None:
    catalogue(tmp_path, STANDARD, ("general", "sorry", "Sorry."))
    catalogue(tmp_path, EASY)
    (tmp_path / "kith.pot").write_text('msgctxt "journey"\nmsgid "missed"\nmsgstr ""\n')
    with pytest.raises(CatalogueError, match=r"en_GB lacks journey\.missed"):
        Words.load(tmp_path)


def test_a_missing_catalogue_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"kith\.po cannot be read"):
        Words.load(tmp_path)


def test_a_catalogue_without_the_apology_is_refused() -> None:
    with pytest.raises(CatalogueError, match=r"lacks general\.sorry"):
        Words({STANDARD: {}})


def test_a_voice_keeps_its_reader() -> None:
    assert WORDS.voice(EASY, LONDON, NOON) == Voice(WORDS, EASY, LONDON, NOON)
