"""Read a page's form as a browser would post it: names and texts of its controls, without the buttons."""

from html.parser import HTMLParser

from django.http import HttpResponse

from deployer.web.posted import LISTED


class Forms(HTMLParser):
    """Collects the controls of every form on a page, by the form's id."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: dict[str, dict[str, str]] = {}
        self.inside = ""
        self.area: str | None = None
        self.select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.inside = given.get("id", given.get("action", ""))
            self.forms.setdefault(self.inside, {})
        form = self.forms.get(given.get("form", self.inside))
        name = given.get("name", "")
        if form is None or not name or "disabled" in given:
            return
        if tag == "input":
            self.take_input(form, name, given)
        elif tag == "textarea":
            self.area, form[name] = name, ""
        elif tag == "select":
            self.select = name
        if tag == "select":
            form.setdefault(name, "")

    def take_input(self, form: dict[str, str], name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in ("submit", "button", "file", "image"):
            return
        if kind in ("radio", "checkbox") and "checked" not in given:
            return
        # Boxes of events are posted one by one; the server takes them as one list, as it takes this text.
        before = form.get(name, "") if name.endswith(LISTED) else ""
        form[name] = f"{before}, {given.get('value', '')}" if before else given.get("value", "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.forms[self.inside][self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area is not None:
            form = self.forms[self.inside]
            # The line feed after the tag is no part of the text; a browser posts CR LF.
            form[self.area] = form[self.area].removeprefix("\n").replace("\n", "\r\n")
            self.area = None
        elif tag == "form":
            self.inside = ""
        elif tag == "select":
            self.select = None


class Options(Forms):
    """Also what is chosen in selects: the option marked, else the first one."""

    def __init__(self) -> None:
        super().__init__()
        self.first = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        given = {key: value or "" for key, value in attrs}
        if tag == "select":
            self.first = True
        elif tag == "option" and self.select and self.inside in self.forms:
            if self.first or "selected" in given:
                self.forms[self.inside][self.select] = given.get("value", "")
            self.first = False


def form_of(answer: HttpResponse, form: str | None = None) -> dict[str, str]:
    """What the composer's form (or the one named) would post."""
    reader = Options()
    reader.feed(answer.content.decode().replace("\r\n", "\n").replace("\r", "\n"))  # as a browser reads a page
    names = [form] if form else ["draft", "choose", "begin"]
    return next(dict(reader.forms[name]) for name in names if name in reader.forms)
