"""What the pages are made of: vendored files as they came, nothing inline, nothing foreign."""

import hashlib
import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).parents[2]
STATIC, TEMPLATES = ROOT / "static", ROOT / "templates"
VENDOR = STATIC / "vendor"
STYLES = sorted((STATIC / "css").glob("*.css"))
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
PAGES = sorted(TEMPLATES.rglob("*.html"))
OURS = [*STYLES, *SCRIPTS, *PAGES]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def vendored() -> list[tuple[str, str]]:
    lines = (VENDOR / "VENDOR.txt").read_text().splitlines()
    rows = [line.split("  ") for line in lines if re.match(r"[0-9a-f]{64} ", line)]
    assert all(len(row) == 5 for row in rows), "each line: sha256, file, name, version, licence"
    return [(row[0], row[1]) for row in rows]


@pytest.mark.parametrize(("digest", "file"), vendored(), ids=lambda value: value[-24:])
def test_a_vendored_file_is_as_it_came(digest, file):
    assert hashlib.sha256((VENDOR / file).read_bytes()).hexdigest() == digest


def test_every_vendored_file_is_listed_and_has_its_licence():
    there = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()} - {"VENDOR.txt"}
    assert there == {file for _, file in vendored()}
    assert {f"{Path(file).parent}/LICENSE" for file in there} <= there


@pytest.mark.parametrize("path", OURS, ids=named)
def test_no_file_asks_for_a_foreign_address_or_brings_data(path):
    text = path.read_text().replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://|(?<![-\w])data:|javascript:", text)


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_no_template_has_an_inline_script_handler_or_style(path):
    text = re.sub(r"{%.*?%}", "", path.read_text())
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"<style|\sstyle=", text)
    assert not re.search(r"\s(on[a-z]+|hx-on[:\w-]*)=", text)
    assert not re.search(r"hx-vals='js:|hx-vars|hx-trigger=\"[^\"]*\[", text), "trigger filters fail open without eval"
    assert "|safe" not in text
    assert "autoescape off" not in text


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_template_can_be_read(path):
    get_template(str(path.relative_to(TEMPLATES)))


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("_*.html")), ids=named)
def test_a_fragment_names_its_context_and_extends_nothing(path):
    text = path.read_text()
    assert "Context" in text[:700]
    assert "{% extends" not in text


@pytest.mark.parametrize("path", [*PAGES, *SCRIPTS], ids=named)
def test_every_named_icon_is_in_the_sprite(path):
    text = path.read_text()
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "lucide/icons.svg").read_text()))
    wanted = set(re.findall(r'{% icon "([^"]+)"', text)) | set(re.findall(r"icons\.svg' %}#([\w-]+)", text))
    wanted |= set(re.findall(r'icon(?:Of)?\(\w+, "([^"]+)"\)', text)) | set(re.findall(r'icon: "([^"]+)"', text))
    assert wanted <= sprite


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_static_file_a_template_names_is_there(path):
    for file in re.findall(r"{% static ['\"]([^'\"]+)['\"] %}", path.read_text()):
        assert (STATIC / file).is_file(), file


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_every_import_of_a_script_is_there(path):
    for file in re.findall(r'(?:from|import) "(\./[^"]+)"', path.read_text()):
        assert (path.parent / file).is_file(), file


@pytest.mark.parametrize("path", STYLES, ids=named)
def test_every_style_sheet_lives_in_a_layer(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    outside = re.sub(r"@layer [\w, ]+;", "", text).strip()
    assert re.match(r"@layer (tokens|base|components) \{", outside)
    assert outside.count("{") == outside.count("}")
    for file in re.findall(r"url\([\"']?([^\"')]+)", text):
        assert (path.parent / file).is_file(), file


def reached_from(script):
    """The script and everything it imports."""
    found, waiting = set(), [script]
    while waiting:
        path = waiting.pop()
        found.add(path)
        names = re.findall(r'(?:from|import) "(\./[^"]+)"', path.read_text())
        waiting += [path.parent / name[2:] for name in names if path.parent / name[2:] not in found]
    return found


def test_what_every_page_loads_stays_small():
    shared = ["tokens", "base", "components", "forms", "lists", "measures"]
    assert sum((STATIC / "css" / f"{name}.css").stat().st_size for name in shared) < 40_000
    assert sum(path.stat().st_size for path in reached_from(STATIC / "js" / "frame.js")) < 14_000
    assert sum(path.stat().st_size for path in SCRIPTS) < 70_000
