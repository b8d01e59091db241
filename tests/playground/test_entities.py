"""Telegram's HTML, parsed as Telegram does and shown without danger."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.entities import commands, parse_html, shown
from bot.playground.limits import Refusal


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a<b", "Unclosed start tag at byte offset 1"),
        ("a<b class", "Unclosed start tag at byte offset 1"),
        ("a<B>b</i>", 'Unmatched end tag at byte offset 5, expected "</b>", found "</i>"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("é<script>x</script>", 'Unsupported start tag "script" at byte offset 2'),
        ("<i><b>x</b>", 'Can\'t find end tag corresponding to start tag "i"'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
    ],
)
def test_what_telegram_cannot_parse(text: str, why: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_html(text)

    assert refused.value.description == f"Bad Request: can't parse entities: {why}"


@pytest.mark.parametrize(
    ("text", "plain", "markup"),
    [
        ("a &lt;b&gt; &amp; &quot;c&quot; &nbsp;", 'a <b> & "c" &nbsp;', None),
        ("&#8211;&#x2013;", "––", "––"),
        ("<b>🙂 <i>x</i></b> y", "🙂 x y", "<b>🙂 <i>x</i></b> y"),
        ("<tg-spoiler>x</tg-spoiler>", "x", '<span class="spoiler">x</span>'),
        ("<b>  x </b>  ", "x", "<b>x</b>"),
        ("<b></b>x", "x", "x"),
        ("<a href='javascript:alert(1)'>x</a>", "x", "x"),
        (
            '<a href="https://a.org/?a=1&amp;b">x</a>',
            "x",
            '<a href="https://a.org/?a=1&amp;b" target="_blank" rel="noopener noreferrer">x</a>',
        ),
        ("<blockquote expandable>x</blockquote>", "x", "<blockquote>x</blockquote>"),
        ('<pre><code class="language-python">x</code></pre>', "x", "<pre><code>x</code></pre>"),
    ],
)
def test_what_telegram_parses(text: str, plain: str, markup: str | None) -> None:
    words, entities = parse_html(text)

    assert words == plain
    if markup is not None:
        assert shown(words, entities) == markup


def test_entities_are_counted_in_utf16_units() -> None:
    _, entities = parse_html("🙂🙂<b>x</b>")

    assert entities == [{"type": "bold", "offset": 4, "length": 1}]


def test_commands_are_marked() -> None:
    assert commands("/start x or /help@kith_playground_bot, not a/b") == [
        {"type": "bot_command", "offset": 0, "length": 6},
        {"type": "bot_command", "offset": 12, "length": 25},
    ]


ENTITY = st.builds(
    lambda kind, offset, length: {"type": kind, "offset": offset, "length": length},
    *(st.sampled_from(["bold", "italic", "code", "mention"]), st.integers(0, 8), st.integers(1, 8)),
)


@given(st.text("ab<&>\"'é🙂", min_size=16, max_size=20), st.lists(ENTITY, max_size=5))
def test_whatever_is_said_is_shown_whole_and_without_danger(
    text: str, entities: list[dict[str, object]]
) -> None:
    in_order = sorted(entities, key=lambda one: (one["offset"], -int(str(one["length"]))))

    markup = shown("ab" * 10 + text, in_order)

    for tag in ("<b>", "</b>", "<i>", "</i>", "<code>", "</code>"):
        markup = markup.replace(tag, "")
    assert not set("<>\"'") & set(markup)
