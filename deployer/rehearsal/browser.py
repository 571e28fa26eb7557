"""A browser without script: sessions, links and forms as the pages offer them. Only for the demo's walk."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests

SECONDS = 30


@dataclass
class Form:
    """One form of a page with the values it would send."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    options: dict[str, dict[str, str]] = field(default_factory=dict)  # of each select: words to value
    pressed: bool = False  # whether its first button has been met: Enter presses that one


class Reader(HTMLParser):
    """Collects forms and `data-` attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.data: dict[str, str] = {}
        self._inside: Form | None = None
        self._select = self._area = self._option = ""
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.data |= {name: value for name, value in given.items() if name.startswith("data-") and value}
        if tag == "form":
            self._inside = Form(given.get("action", ""))
            self.forms.append(self._inside)
        elif self._inside is not None:
            self._control(tag, given, self._inside)

    def _control(self, tag: str, given: dict[str, str], form: Form) -> None:
        name = given.get("name", "")
        if tag == "input":
            self._input(given, form, name)
        elif tag == "button" and given.get("type", "submit") == "submit" and not form.pressed:
            form.pressed = True
            if name:
                form.values[name] = given.get("value", "")
        elif tag == "textarea" and name:
            self._area, self._words = name, []
        elif tag == "select" and name:
            self._select = name
            form.options[name] = {}
        elif tag == "option" and self._select:
            self._option, self._words = given.get("value", ""), []
            if "selected" in given or self._select not in form.values:
                form.values[self._select] = self._option

    @staticmethod
    def _input(given: dict[str, str], form: Form, name: str) -> None:
        kind = given.get("type", "text")
        if not name or kind in ("submit", "button", "file", "image"):
            return
        if kind in ("radio", "checkbox") and "checked" not in given:
            return
        form.values[name] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None
        elif tag == "select":
            self._select = ""
        elif tag == "option" and self._inside is not None and self._select:
            self._inside.options[self._select]["".join(self._words).strip()] = self._option
        elif tag == "textarea" and self._inside is not None and self._area:
            # The first line break after the tag belongs to the markup: HTML standard, textarea.
            self._inside.values[self._area] = "".join(self._words).removeprefix("\n")
            self._area = ""


class Wrong(Exception):
    """What was expected and did not come."""


@dataclass
class Page:
    """One answer."""

    url: str
    status: int
    text: str
    read: Reader

    def form(self, ending: str) -> Form:
        """The form whose address ends like this; an empty action posts to the page itself."""
        for form in self.read.forms:
            if urlsplit(urljoin(self.url, form.action)).path.endswith(ending):
                return form
        raise Wrong(f"{self.url} has no form for {ending}")


class Browser:
    """One person at the pages."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.session = requests.Session()
        self.session.trust_env = False

    def get(self, path: str, *, expect: int = 200) -> Page:
        return self.seen(self.session.get(urljoin(self.site, path), timeout=SECONDS), expect)

    def send(self, page: Page, ending: str, *, expect: int = 200, to: str = "", **values: str) -> Page:
        """Fill in a form of the page and press its first button. `to` names another address for the same fields."""
        form = page.form(ending)
        address = urljoin(page.url, to or form.action)
        answer = self.session.post(
            address, data={**form.values, **values}, headers={"Referer": page.url}, timeout=SECONDS
        )
        return self.seen(answer, expect)

    @staticmethod
    def seen(answer: requests.Response, expect: int) -> Page:
        if answer.status_code != expect:
            raise Wrong(f"{answer.request.method} {answer.url} answered {answer.status_code}, not {expect}")
        reader = Reader()
        reader.feed(answer.text)
        return Page(answer.url, answer.status_code, answer.text, reader)

    def log_in(self, name: str, password: str) -> None:
        page = self.send(self.get("accounts/login/"), "/accounts/login/", login=name, password=password)
        if "/accounts/login/" in page.url:
            raise Wrong(f"{name} cannot log in")
