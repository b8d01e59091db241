"""How a visitor uses the page: with a mouse, or with a keyboard only."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

PATIENCE = 30_000
"""Milliseconds: how long the page may take to show what it was asked for."""


def phone(page: Page, name: str) -> Locator:
    return page.locator(f'.phone[data-person="{name}"]')


def newest_button(page: Page, name: str, label: str) -> Locator:
    return phone(page, name).locator(".key", has_text=label).last


def from_kith(page: Page, name: str) -> Locator:
    return phone(page, name).locator(".message.kith")


@dataclass
class Mouse:
    page: Page

    def bring(self, name: str) -> None:
        """All phones lie side by side."""

    def command(self, name: str, command: str) -> None:
        phone(self.page, name).get_by_role("button", name=f"Commands for {name}").click()
        phone(self.page, name).get_by_role("option", name=command).first.click()

    def press(self, name: str, label: str) -> None:
        newest_button(self.page, name, label).click(timeout=PATIENCE)

    def push(self, label: str) -> None:
        self.page.get_by_role("button", name=label, exact=True).click()


@dataclass
class Keyboard:
    page: Page

    def go_to(self, target: Locator) -> None:
        """Press Tab until the focus is there, as somebody without a mouse must."""
        expect(target).to_be_visible(timeout=PATIENCE)
        wanted = target.element_handle()
        for _ in range(200):
            if self.page.evaluate("wanted => wanted === document.activeElement", wanted):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {target}")

    def bring(self, name: str) -> None:
        tab = self.page.get_by_role("navigation", name="Phones").get_by_role("button", name=name)
        self.go_to(tab)
        self.page.keyboard.press("Enter")
        expect(tab).to_have_attribute("aria-current", "true")

    def command(self, name: str, command: str) -> None:
        self.go_to(phone(self.page, name).get_by_role("combobox"))
        self.page.keyboard.type(command)
        self.page.keyboard.press("Enter")

    def press(self, name: str, label: str) -> None:
        self.go_to(newest_button(self.page, name, label))
        self.page.keyboard.press("Enter")

    def push(self, label: str) -> None:
        self.go_to(self.page.get_by_role("button", name=label, exact=True))
        self.page.keyboard.press("Enter")


Hands = Mouse | Keyboard
