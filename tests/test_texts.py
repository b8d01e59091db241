"""The words of Kith: all there, all plain, all kind, the same in every form."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from bot.care.text import Text
from bot.i18n import EASY, LOCALES, STANDARD, Words, placeholders
from bot.outbox.shapes import SHAPES
from tests.flows.tables import conversations

BOT = Path(__file__).parent.parent / "bot"
LOCALES_FOLDER = BOT.parent / "locales"

NAMES_COME_BACK = {BOT / "i18n.py", BOT / "store" / "outbox.py"}
"""Where names are read from a catalogue or a row; everywhere else they are written out."""

OPERATORS = frozenset({"panel", "cli"})
"""Subjects that only people who run Kith read; all others have an Easy Read form."""

LONGEST_SENTENCE = 15
"""Words."""

UNKIND = re.compile(
    r"failed to|failure|\btrack|\bwatch|monitor|surveil|non-complian|abscond|refused to"
    r"|you must|challenging behaviour|vulnerable|in confidence|confidential",
    re.IGNORECASE,
)
"""Words that blame, that speak of watching, or that promise what nobody can."""

TELEGRAM_TAGS = frozenset({"b", "i", "u", "s", "code", "pre", "blockquote"})

WORDS = Words.load()


@pytest.mark.parametrize("locale", LOCALES)
def test_a_text_stands_once_in_its_catalogue(locale: str) -> None:
    catalogue = LOCALES_FOLDER / locale / "LC_MESSAGES" / "kith.po"
    keys = re.findall(r'msgctxt "(.*)"\nmsgid "(.*)"', catalogue.read_text("utf-8"))
    assert keys and [key for key, times in Counter(keys).items() if times > 1] == []


@cache
def used() -> frozenset[Text]:
    """Every Text("subject", "id") in the code, as Babel's own extractor finds them."""
    found = extract_from_dir(BOT, [("**.py", "python")], keywords={"Text": ((1, "c"), 2)})
    return frozenset(Text(context, str(message)) for *_, message, _, context in found if context)


def sentences(words: str) -> list[str]:
    """A sentence ends at a full stop, a question or exclamation mark, a colon or a line."""
    plain = re.sub(r"<[^>]+>", "", words)
    return [part for part in re.split(r"[.!?:…](?=\s|$)|\n", plain) if part.strip()]


def too_long(words: str) -> list[str]:
    counted = (
        (sentence, [word for word in sentence.split() if re.search(r"\w", word)])
        for sentence in sentences(words)
    )
    return [sentence for sentence, found in counted if len(found) > LONGEST_SENTENCE]


def buttons() -> Iterator[Text]:
    """The texts that stand on buttons."""
    for conversation in conversations().values():
        for step in conversation.flow.steps.values():
            yield from (choice.label for choice in step.choices)
    for shape in SHAPES.values():
        yield from (press.label for row in shape.rows for press in row)


class Html(HTMLParser):
    """Complains about what Telegram would not take."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        if tag not in TELEGRAM_TAGS or attrs:
            self.wrong.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if "<" in data or "&" in data:
            self.wrong.append(data)


def bad_html(words: str) -> list[str]:
    html = Html()
    html.feed(words)
    html.close()
    return html.wrong + html.open


def test_every_text_of_the_code_has_words() -> None:
    assert sorted(str(text) for text in used() if not WORDS.has(STANDARD, text)) == []


def test_no_words_are_left_over() -> None:
    kept = WORDS.entries(STANDARD).keys() | WORDS.entries(EASY).keys()
    assert sorted(map(str, kept - used())) == []


def test_the_template_is_that_of_the_code() -> None:
    template = (LOCALES_FOLDER / "kith.pot").read_text(encoding="utf-8")
    listed = re.findall(r'^msgctxt "(.+)"\nmsgid "(.+)"$', template, re.MULTILINE)
    assert {Text(*entry) for entry in listed} == used(), "run `make texts`"


def test_a_text_is_always_named_in_two_literals() -> None:
    """Else the template would miss it."""
    hidden = []
    for path in sorted(set(BOT.rglob("*.py")) - NAMES_COME_BACK):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or getattr(call.func, "id", "") != "Text":
                continue
            if not all(isinstance(arg, ast.Constant) for arg in call.args):
                hidden.append(f"{path.relative_to(BOT)}:{call.lineno}")
    assert hidden == []


def test_both_forms_are_filled_with_the_same() -> None:
    standard = WORDS.entries(STANDARD)
    assert [
        str(text)
        for text, words in WORDS.entries(EASY).items()
        if text in standard and placeholders(words) != placeholders(standard[text])
    ] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_words_are_html_that_telegram_takes(locale: str) -> None:
    wrong = {str(text): bad_html(words) for text, words in WORDS.entries(locale).items()}
    assert {text: found for text, found in wrong.items() if found} == {}


@pytest.mark.parametrize("locale", LOCALES)
def test_words_are_kind(locale: str) -> None:
    unkind = {str(text): UNKIND.findall(words) for text, words in WORDS.entries(locale).items()}
    assert {text: found for text, found in unkind.items() if found} == {}


def test_easy_read_is_at_most_15_words_a_sentence() -> None:
    """A text without an easy form of its own is said as it stands, so it has to be easy."""
    easy = {**WORDS.entries(STANDARD), **WORDS.entries(EASY)}
    long = {str(t): too_long(words) for t, words in easy.items() if t.subject not in OPERATORS}
    assert {text: found for text, found in long.items() if found} == {}


@pytest.mark.parametrize("locale", LOCALES)
def test_a_button_is_short_and_plain(locale: str) -> None:
    labels = {str(text): WORDS.label(locale, text) for text in buttons()}
    assert [t for t, label in labels.items() if len(label) > 40 or set("<>&\n") & {*label}] == []


@pytest.mark.parametrize(
    ("words", "longest"),
    [
        ("One two three. Four five.", 0),
        ("one two three four five six seven eight nine ten eleven twelve " * 2, 1),
        ("<b>one two three four five six seven eight\nnine ten</b> " * 2, 0),
    ],
)
def test_long_sentences_are_found(words: str, longest: int) -> None:
    assert len(too_long(words)) == longest


@pytest.mark.parametrize("words", ["a & b", "<b>a", "a</b>", "<p>a</p>", "1 < 2", '<b x="y">a</b>'])
def test_bad_html_is_found(words: str) -> None:
    assert bad_html(words)
