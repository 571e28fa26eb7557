"""Filters and tags: words for times and figures, pieces of SVG, the rail."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from deployer.web import figures, shares, tags, times

NOW = datetime(2026, 11, 23, 13, 3, 22, tzinfo=UTC)


@pytest.fixture
def on_the_wall():
    """Monday, 14:03:22 in Berlin."""
    with time_machine.travel(NOW, tick=False), timezone.override(ZoneInfo("Europe/Berlin")):
        yield


def drawn(text: str, **context) -> str:
    return Template("{% load deployer_tags %}" + text).render(Context(context))


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW, "today 14:03 CET"),
        (NOW - timedelta(days=1), "yesterday 14:03 CET"),
        (NOW - timedelta(days=2), "Sat 21 Nov 14:03 CET"),
        (NOW - timedelta(days=200), "Thu 7 May 15:03 CEST"),
        (NOW - timedelta(days=400), "19 Oct 2025 15:03 CEST"),
        (datetime(2026, 11, 23, 13, 3), "today 14:03 CET"),
        (None, ""),
    ],
)
def test_a_time_names_its_day_and_its_zone(on_the_wall, at, words):
    assert times.when(at) == words


def test_a_zone_without_a_name_says_its_offset():
    with timezone.override(ZoneInfo("Asia/Tashkent")):
        assert times.when(NOW).endswith("UTC+05")


@pytest.mark.parametrize(
    ("at", "words"),
    [(NOW, "14:03"), (NOW - timedelta(days=1), "yesterday"), (NOW - timedelta(days=9), "Sat 14 Nov"), (None, "")],
)
def test_a_row_of_a_list_shows_the_shortest_time(on_the_wall, at, words):
    assert times.moment(at) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=41), "41 s"),
        (timedelta(minutes=2, seconds=59), "2 min"),
        (timedelta(hours=22, minutes=7), "22 h 7 min"),
        (timedelta(hours=4), "4 h"),
        (timedelta(days=1, hours=3), "1 day"),
        (timedelta(days=40), "40 days"),
        (90, "1 min"),
        (None, ""),
    ],
)
def test_a_span_has_at_most_two_units(span, words):
    assert times.lasting(span) == words


def test_past_and_future_read_differently(on_the_wall):
    assert times.ago(NOW - timedelta(minutes=2)) == "2 min ago"
    assert times.ago(NOW + timedelta(hours=4, minutes=10)) == "in 4 h 10 min"
    assert times.ago(NOW) == "just now"
    assert times.ago(None) == ""
    assert times.clock(NOW) == "14:03:22"


def test_figures_have_a_true_minus_and_thin_gaps():
    assert figures.true_minus(-30) == "−30"
    assert [figures.signed(number) for number in (-30, 0, 20, None, "x")] == ["−30", "", "+20", "", ""]
    assert figures.percent(70) == "70\u202f%"
    assert figures.percent(None) == ""
    assert figures.grouped(1284) == "1,284"
    assert figures.grouped("many") == "many"
    assert [figures.counted(n, "model,models") for n in (0, 1, 3)] == ["no models", "1 model", "3 models"]
    assert figures.counted(1200, "service") == "1,200 services"


def test_a_fingerprint_is_shown_in_fours():
    assert figures.short_print("7f3a91c204deb81a" * 4) == "7f3a 91c2 04de b81a"
    assert figures.short_print(None) == ""


@pytest.mark.parametrize(
    ("person", "letters"),
    [
        ("Alice Brandt", "AB"),
        ("alice", "AL"),
        ("Ana María de la Cruz", "AC"),
        ("", ""),
        (SimpleNamespace(get_full_name=lambda: "Bob Kessler"), "BK"),
    ],
)
def test_an_avatar_has_two_letters(person, letters):
    assert tags.initials(person) == letters


def test_shares_fill_the_bar_and_say_what_is_missing():
    rows = [{"name": "a", "weight": 60}, SimpleNamespace(name="b", weight=25), {"name": "c", "weight": None}]
    parts = shares.parts(rows)
    assert [(part["look"], part["x"], part["width"]) for part in parts] == [
        (1, "0.00", "60.00"),
        (2, "60.00", "25.00"),
        ("left", "85.00", "15.00"),
    ]
    assert shares.in_words(rows) == "a 60, b 25, left 15"


def test_more_than_100_still_fits_the_bar():
    parts = shares.parts([{"name": "a", "weight": 150}, {"name": "b", "weight": 50}])
    assert [part["width"] for part in parts] == ["75.00", "25.00"]
    assert shares.parts([]) == shares.parts(None) == []


@pytest.mark.parametrize(
    ("total", "words"),
    [(90, "90 of 100, 10 left"), (100, "100 of 100"), (112, "112 of 100, 12 too much"), (0, "0 of 100, 100 left")],
)
def test_the_total_begins_with_its_number(total, words):
    assert shares.of_100(total) == words


def test_an_icon_is_read_out_only_with_a_label():
    assert 'aria-hidden="true"' in drawn('{% icon "check" %}')
    said = drawn('{% icon "arrow-right" tone="good" label=words %}', words="a <c>")
    assert 'role="img"' in said
    assert "&lt;c&gt;" in said
    assert "aria-hidden" not in said


def test_json_is_drawn_to_be_read_and_nonsense_comes_back():
    assert tags.pretty_json({"b": 1, "a": "ü"}) == '{\n  "a": "ü",\n  "b": 1\n}'
    assert tags.pretty_json('{"b":1}') == '{\n  "b": 1\n}'
    assert tags.pretty_json("not json") == "not json"


def test_a_filter_is_taken_out_of_the_address():
    request = RequestFactory().get("/deployments/?state=draft&q=a+b&after=7")
    assert drawn('{% querystring_without "after" "state" %}', request=request) == "?q=a+b"


def test_problems_stand_at_their_own_path():
    problems = [SimpleNamespace(path="a", severity="warn"), SimpleNamespace(path="b", severity="block")]
    assert tags.at_path(problems, "a") == problems[:1]
    assert tags.at_path(None, "a") == []
    assert not tags.blocking(problems[:1])
    assert tags.blocking(problems)


@pytest.mark.parametrize(("cookie", "drawn_as"), [("dark", ' data-theme="dark"'), ("pink", ""), ('"><script>', "")])
def test_the_theme_comes_from_the_cookie_and_only_known_ones(cookie, drawn_as):
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = cookie
    assert drawn("{% remembered %}", request=request) == drawn_as


def test_without_a_request_nothing_is_remembered_and_the_rail_still_stands():
    assert drawn("{% remembered %}") == ""
    assert "Overview" in drawn("{% places as found %}{% for place in found %}{{ place.word }} {% endfor %}")


@pytest.mark.parametrize(
    ("path", "here"),
    [("/", "overview page"), ("/deployments/", "history-list page"), ("/deployments/7/edit/", "history-list true")],
)
def test_the_rail_marks_where_we_are(path, here):
    found = tags.places(Context({"request": RequestFactory().get(path)}))
    assert [f"{place['name']} {place['is']}" for place in found if place["is"]] == [here]


def test_a_field_ties_label_hint_and_problems_to_its_control():
    problems = [SimpleNamespace(message="Say <b>how</b> many.", severity="block")]
    text = drawn(
        '{% include "shared/_field.html" with id="config-0-weight" label="Weight" value=0 hint="Percent" problems=p %}',
        p=problems,
    )
    assert 'for="config-0-weight"' in text
    assert 'value="0"' in text
    assert 'aria-describedby="config-0-weight-hint config-0-weight-problems"' in text
    assert 'aria-invalid="true"' in text
    assert "Say &lt;b&gt;how&lt;/b&gt; many." in text


def test_a_warning_does_not_mark_the_control_as_wrong():
    warning = [SimpleNamespace(message="Unwise.", severity="warn")]
    text = drawn('{% include "shared/_field.html" with id="a" label="A" value="" problems=p %}', p=warning)
    assert "aria-invalid" not in text
    assert "Warning: " in text


def test_a_text_area_keeps_a_line_feed_at_its_beginning():
    text = drawn('{% include "shared/_field.html" with id="a" label="A" kind="textarea" value=v %}', v="\nfirst")
    assert ">\n\nfirst</textarea>" in text


def test_a_choice_keeps_what_was_chosen():
    text = drawn(
        '{% include "shared/_field.html" with id="a" label="A" kind="select" options=o value=v %}',
        o=[("", "none"), (1, "one"), (2, "two")],
        v=2,
    )
    assert '<option value="2" selected>two</option>' in text
    assert text.count("selected") == 1
