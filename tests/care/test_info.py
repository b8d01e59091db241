"""A page of information is found by whoever looks for it, however they write."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.care.info import COMMON, LONGEST_PARAGRAPH, NAME, Page, find, read, topics
from bot.care.text import Text
from bot.handlers.info import html
from bot.i18n import CHUNKS, EASY, LOCALES, STANDARD
from bot.library import Library
from tests.test_texts import UNKIND, bad_html, too_long

HEAD = "---\ntitle: Depression\ntopic: Conditions\nwords: Low mood, SAD\n---\n"
OURS = Library.load()


def page(name: str, title: str, words: str = "", text: str = "Something.") -> Page:
    return Page(name, title, "Topic", words, text, "", "")


def test_a_page_says_at_its_head_what_it_is_about() -> None:
    found = read("20-low", HEAD + "\nLow.\n")
    assert found == Page("20-low", "Depression", "Conditions", "Low mood, SAD", "Low.", "", "")
    full = read("a", "---\nTitle: What: this\ntopic: T\ndated: May\nask: me\n---\nx")
    assert full == Page("a", "What: this", "T", "", "x", "May", "me")


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("a", "Low."),
        ("a", "---\ntitle: A\n---\nNo topic."),
        ("a", "---\ntopic: A\n---\nNo title."),
        ("a", HEAD + "long " * (LONGEST_PARAGRAPH // 5 + 1)),
        ("A page", HEAD + "Low."),
        ("a" * 41, HEAD + "Low."),
        ("a:b", HEAD + "Low."),
    ],
)
def test_what_cannot_be_a_page_is_none(name: str, file: str) -> None:
    assert read(name, file) is None


SLEEP = page("1-sleep", "Sleep", "insomnia", "Nights and carers' families.")
CARERS = page("2-carers", "Support for carers", "respite", "A break, and sleep.")
LAW = page("3-law", "The Mental Capacity Act", "MCA", "A café for carers.")
PAGES = (LAW, CARERS, SLEEP)


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ("sleep", [SLEEP, CARERS]),  # in the title weighs more than in the text
        ("INSOMNIA", [SLEEP]),
        ("insomnias", [SLEEP]),
        ("insomia", [SLEEP]),  # a letter is missing
        ("family", [SLEEP]),
        ("carer", [CARERS, SLEEP, LAW]),
        ("carer's capacity", [LAW, CARERS, SLEEP]),  # as many of the words as can be
        ("cafe", [LAW]),
        ("capac", [LAW]),
        ("what is the MCA?", [LAW]),
        ("cap", []),
        ("zebra", []),
        ("what is it", []),
        ("", []),
    ],
)
def test_words_find_the_pages_that_fit_best_first(said: str, fits: list[Page]) -> None:
    assert find(PAGES, said) == fits


def test_topics_come_in_the_order_of_their_files() -> None:
    late = page("9-sleep", "More about sleep")
    assert topics((late, *PAGES)) == {"Topic": [SLEEP, CARERS, LAW, late]}


def test_markdown_becomes_what_telegram_shows() -> None:
    written = "# A **head**\nSome <b> words\ngo on.\n\n- One\n  more\n* Two & three\n\n1. First"
    written += "\n2. Second\n\n**Bold** and [a link](https://kith.example/a_b) * here"
    assert html(written) == (
        "<b>A head</b>\nSome &lt;b&gt; words go on.\n\n• One more\n• Two &amp; three\n\n1. First"
        "\n2. Second\n\n<b>Bold</b> and a link: https://kith.example/a_b * here"
    )


@pytest.mark.parametrize("form", LOCALES)
def test_kiths_own_pages_are_whole_kind_and_plain(form: str) -> None:
    pages = OURS.forms[form]
    assert set(pages) == set(OURS.forms[STANDARD]), "each has an Easy Read form"
    for one in pages.values():
        assert one.dated and one.ask and one.words and one.text, one.name
        said = html(one.text)
        assert bad_html(said) == [] and "**" not in said and len(said) < 2500, one.name
        assert UNKIND.findall(f"{one.title} {one.text}") == [], one.name
        if form == EASY:
            assert too_long(said) == [], one.name


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("depressed", "20-depression"),
        ("depresed", "20-depression"),
        ("hearing voices", "21-psychosis"),
        ("manic", "22-bipolar"),
        ("panic attacks", "23-anxiety"),
        ("learning disabilities", "24-learning-disability"),
        ("autistic", "25-autism"),
        ("carers rights", "31-rights-of-carers"),
        ("I need a break", "30-support-for-carers"),
        ("mental capacity", "40-mental-capacity-act"),
        ("nearest relative", "41-mental-health-act"),
        ("advocate", "42-advocacy"),
        ("safeguarding", "11-safeguarding"),
        ("suicide", "10-in-a-crisis"),
        ("111", "10-in-a-crisis"),
        ("why do they tell me nothing, confidentiality", "32-what-you-can-be-told"),
    ],
)
def test_what_people_look_for_is_there(said: str, first: str) -> None:
    assert find(OURS.pages(STANDARD), said)[0].name == first


@pytest.mark.parametrize("form", LOCALES)
@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("he wants to die", "10-in-a-crisis"),
        ("my mum wants to kill herself", "10-in-a-crisis"),
        ("overdose", "10-in-a-crisis"),
        ("she took all her pills, rights of carers", "10-in-a-crisis"),
        ("he hit me", "11-safeguarding"),
        ("mum is scared of the staff", "11-safeguarding"),
    ],
)
def test_what_may_be_about_a_life_comes_before_all_else(form: str, said: str, first: str) -> None:
    assert find(OURS.pages(form), said)[0].name == first


def test_a_service_puts_its_own_beside_ours_instead_or_takes_one_away(tmp_path: Path) -> None:
    standard, easy = tmp_path / STANDARD, tmp_path / EASY
    standard.mkdir()
    easy.mkdir()
    (standard / "walks.md").write_text(HEAD + "Ours.", "utf-8")
    (standard / "25-autism.md").write_text(HEAD, "utf-8")
    (easy / "20-depression.md").write_text(HEAD + "Theirs, easy.", "utf-8")
    (standard / "broken.md").write_bytes(b"\xff\xfe")
    with capture_logs() as logged:
        library = Library.load(tmp_path)
    assert [line["entry"] for line in logged] == ["broken.md"]
    for locale in (STANDARD, EASY, CHUNKS):
        assert library.page(locale, "25-autism") is None, "no form of it stays"
        depression = library.page(locale, "20-depression")
        assert depression is not None and depression.text == "Theirs, easy."
        walks = library.page(locale, "walks")
        assert walks is not None and walks.text == "Ours."
        assert len(library.pages(locale)) == len(OURS.pages(STANDARD))
    assert Library().pages(STANDARD) == []


def test_a_name_fits_into_a_button_and_common_words_are_written_small() -> None:
    assert len(f"info:topic:{'a' * 40}:9999".encode()) <= 64 and NAME.fullmatch("a" * 40)
    assert {word for word in COMMON if word != word.lower()} == set()
    assert Text("info", "home").subject == "info"
