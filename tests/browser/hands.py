"""A person at the keyboard: no mouse, only keys, as far as Tab reaches."""

from playwright.sync_api import Locator, Page, expect

FAR = 200  # presses of Tab; more than any page has stops


class Hands:
    """Someone who uses one page by keyboard alone."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url

    def log_in(self, name: str) -> None:
        """Through the door, as everybody comes."""
        self.page.goto(self.url + "/accounts/login/")
        self.type_in(self.page.locator("[name=login]"), name)
        self.type_in(self.page.locator("[name=password]"), "demo")
        self.page.keyboard.press("Enter")
        expect(self.page.locator("nav[aria-label=Main]")).to_be_visible()

    def reach(self, there: Locator) -> None:
        """Tab until it has the focus."""
        expect(there).to_be_visible()
        for _ in range(FAR):
            if there.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {there}")

    def press(self, there: Locator, key: str = "Enter") -> None:
        self.reach(there)
        self.page.keyboard.press(key)

    def type_in(self, there: Locator, text: str) -> None:
        self.reach(there)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
