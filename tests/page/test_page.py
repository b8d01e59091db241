"""The page in a real Chromium: the whole story by hand, and what the page itself promises."""

import re

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.page.conftest import Open
from tests.page.hands import PATIENCE, Hands, Keyboard, Mouse, from_kith, newest_button, phone

FOUR = ["Sam", "Jo", "Dev", "Amira"]
WIDTHS = [1280, 390]
WHY = "Not told: Leo. Sam has chosen nothing about this for Leo."


def serious(page: Page) -> list[str]:
    """What axe-core calls serious or critical, with the first place of each."""
    return [
        f"{found['id']}: {found['nodes'][0]['html']}"
        for found in Axe().run(page).response["violations"]
        if found["impact"] in ("serious", "critical")
    ]


def time_passes(hands: Hands, page: Page, label: str) -> None:
    before = page.locator("#time").inner_text()
    hands.push(label)
    expect(page.locator("#time")).not_to_have_text(before, timeout=PATIENCE)
    expect(page.locator("#moves:not([aria-busy])")).to_have_count(1, timeout=PATIENCE)


def play_by_hand(hands: Hands, page: Page) -> None:
    """From Sam's /out to `Safe and well`, with the words the issue promises."""
    hands.bring("Sam")
    hands.command("Sam", "/out")
    for label in ("Café", "1 hour", "Set off"):
        hands.press("Sam", label)
    for label in ("I'm OK", "I'm late", "I'm home", "I need help"):
        expect(newest_button(page, "Sam", label)).to_be_visible(timeout=PATIENCE)

    asked = from_kith(page, "Sam").count()
    time_passes(hands, page, "+1 hour")
    expect(from_kith(page, "Sam")).to_have_count(asked + 1, timeout=PATIENCE)
    time_passes(hands, page, "+5 min")
    expect(from_kith(page, "Sam")).to_have_count(asked + 2, timeout=PATIENCE)
    assert newest_button(page, "Jo", "I've got this").count() == 0

    time_passes(hands, page, "+5 min")
    hands.bring("Jo")
    expect(newest_button(page, "Jo", "I've got this")).to_be_visible(timeout=PATIENCE)
    assert newest_button(page, "Dev", "I've got this").count() == 0

    time_passes(hands, page, "+5 min")
    time_passes(hands, page, "+5 min")
    hands.bring("Dev")
    hands.press("Dev", "I've got this")
    hands.bring("Sam")
    expect(from_kith(page, "Sam").last).to_contain_text("Dev", timeout=PATIENCE)

    hands.bring("Amira")
    assert "Sam" not in phone(page, "Amira").locator(".chat").inner_text()
    hands.bring("Why")
    expect(page.locator("#decisions")).to_contain_text(WHY)

    hands.bring("Dev")
    hands.press("Dev", "Safe and well")
    expect(newest_button(page, "Dev", "Safe and well")).to_have_count(0, timeout=PATIENCE)


def test_the_whole_story_is_played_by_mouse_at_1280(demo: str, open_page: Open) -> None:
    page = open_page(demo, 1280)
    page.get_by_role("button", name="I will look round myself").click()
    play_by_hand(Mouse(page), page)
    assert serious(page) == []


def test_the_whole_story_is_played_by_keyboard_at_390(demo: str, open_page: Open) -> None:
    page = open_page(demo, 390)
    play_by_hand(Keyboard(page), page)
    assert serious(page) == []


def shown(page: Page) -> None:
    """`Show me` begins; it would not while the page has not heard from the bot."""
    expect(page.locator('#bot[data-is="up"]')).to_have_count(1)
    page.locator("#show-me").press("Enter")


def step_through(hands: Hands, page: Page) -> None:
    """Press Next through the whole of `Show me`."""
    card = page.get_by_role("region", name="Show me")
    total = int(card.locator(".count").inner_text().split(" of ")[1])
    for number in range(1, total + 1):
        expect(card.locator(".count")).to_have_text(f"{number} of {total}")
        following = card.get_by_role("button", name="Finish" if number == total else "Next")
        expect(following).not_to_have_attribute("aria-disabled", "true", timeout=PATIENCE)
        hands.push("Finish" if number == total else "Next")
    expect(card).to_be_hidden()


@pytest.mark.parametrize(("width", "hand"), [(1280, Mouse), (390, Keyboard)])
def test_show_me_plays_to_its_end(
    demo: str, open_page: Open, width: int, hand: type[Mouse | Keyboard]
) -> None:
    page = open_page(demo, width)
    shown(page)
    step_through(hand(page), page)
    expect(page.locator("#decisions")).to_contain_text(WHY)
    assert newest_button(page, "Dev", "Safe and well").count() == 0


def test_show_me_brings_everybody_home_before_it_starts_afresh(demo: str, open_page: Open) -> None:
    page = open_page(demo, 1280)
    hands = Mouse(page)
    hands.command("Sam", "/out")
    for label in ("Library", "30 minutes", "Set off"):
        hands.press("Sam", label)
    expect(newest_button(page, "Sam", "I'm home")).to_be_visible(timeout=PATIENCE)
    for label in ("+1 hour", "+5 min"):
        time_passes(hands, page, label)
    page.locator("#show-me").click()
    page.get_by_role("button", name="Start fresh").click()
    page.locator(".count").wait_for(timeout=PATIENCE)
    step_through(hands, page)


def test_show_me_plays_by_itself_until_it_is_paused(demo: str, open_page: Open) -> None:
    page = open_page(demo, 1280, calm=False)
    page.locator("#show-me").click()
    expect(page.locator(".count")).to_contain_text("2 of", timeout=PATIENCE)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_first_view_has_four_phones_and_nothing_serious(
    demo: str, open_page: Open, width: int
) -> None:
    page = open_page(demo, width)
    expect(page.locator(".phone h3")).to_have_text(FOUR)
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    for drawer in ("People", "Faults"):
        page.get_by_role("button", name=drawer, exact=True).click()
        assert serious(page) == []
        page.keyboard.press("Escape")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_stranger_gets_a_phone_and_can_write(
    playground: str, open_page: Open, width: int
) -> None:
    page = open_page(playground, width, allowed="503")  # no bot is there to answer
    page.get_by_role("button", name="People", exact=True).click()
    page.get_by_label("Add a stranger").fill("Pat")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_label("Message to Kith from Pat").fill("Hello")
    page.get_by_role("button", name="Send from Pat").click()
    expect(phone(page, "Pat").locator(".mine .words")).to_contain_text("Hello")
    expect(page.locator("#bot")).to_have_text("Kith is not running")
    assert serious(page) == []


def test_show_me_waits_a_moment_for_a_kith_that_is_starting(
    playground: str, open_page: Open
) -> None:
    with httpx.Client(base_url=playground) as visitor:
        for name in FOUR:
            visitor.post("/play/people", json={"name": name, "role": "staff"}).raise_for_status()
    page = open_page(playground, 1280)
    page.locator("#show-me").click()
    story = page.get_by_role("region", name="Show me")
    expect(story).to_contain_text("Kith is starting.")
    expect(story).to_contain_text("Kith is not running", timeout=PATIENCE)


def test_what_arrives_is_counted_and_announced(playground: str, open_page: Open) -> None:
    with httpx.Client(base_url=playground) as visitor:
        for name in FOUR:
            visitor.post("/play/people", json={"name": name, "role": "staff"}).raise_for_status()
        page = open_page(playground, 390)
        page.get_by_role("button", name="I will look round myself").click()
        jo = visitor.get("/play/people").json()[1]["id"]
        bot = httpx.Client(base_url=f"{playground}/bot1:{'A' * 35}")
        sent = bot.post("/sendMessage", json={"chat_id": jo, "text": "Hello <b>Jo</b>"})
        bot.close()
        assert sent.status_code == 200, sent.text
    tab = page.get_by_role("navigation", name="Phones").get_by_role("button", name="Jo")
    expect(tab).to_contain_text("1 unread")
    expect(page.locator("#announce")).to_contain_text("Jo’s phone. Kith: Hello <b>Jo</b>")
    tab.click()
    expect(tab).not_to_contain_text("unread")
    expect(phone(page, "Jo").locator(".words")).to_contain_text("Hello <b>Jo</b>")


def test_a_menu_that_is_open_shows_what_kith_offers_later(playground: str, open_page: Open) -> None:
    with httpx.Client(base_url=playground) as visitor:
        visitor.post("/play/people", json={"name": "Robin"})
    page = open_page(playground, 1280)
    phone(page, "Robin").get_by_role("button", name="Commands for Robin").click()
    options = phone(page, "Robin").get_by_role("option")
    expect(options.filter(has_text="/help")).to_have_count(1)
    offered = [{"command": "out", "description": "Go out"}]
    with httpx.Client(base_url=f"{playground}/bot1:{'A' * 35}") as bot:
        assert bot.post("/setMyCommands", json={"commands": offered}).json()["result"]
    expect(options).to_have_text(["/out Go out"])


def test_nothing_the_page_says_speaks_of_observing_people(playground: str) -> None:
    with httpx.Client(base_url=playground) as visitor:
        front = visitor.get("/").text
        modules = set(re.findall(r'"\./(\w+\.js)"', visitor.get("/page/main.js").text))
        texts = [front, *(visitor.get(f"/page/{name}").text for name in sorted(modules))]
    assert len(texts) > 5
    assert re.findall(r"\b(?:watch|track)\w*", " ".join(texts), re.IGNORECASE) == []
