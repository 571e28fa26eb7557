"""Windows of sending: what can be written, and when the next one opens, on the days when the clock is changed too."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.domain.windows import DAYS, Window, Windows, parse

BERLIN = ZoneInfo("Europe/Berlin")
# Clocks with changes of an hour at night, of half an hour, at midnight, and none at all.
ZONES = [ZoneInfo(name) for name in ("Europe/Berlin", "Australia/Lord_Howe", "America/Havana", "Asia/Kolkata", "UTC")]


def at(text: str, zone: ZoneInfo = BERLIN, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ""),
        ("  ", ""),
        ("Mon-Fri 08:00-18:00, Sat 10:00-12:00", "Mon-Fri 08:00-18:00, Sat 10:00-12:00"),
        ("mon-fri 8:00 - 18:00; SATURDAY 10:00-12:00", "Mon-Fri 08:00-18:00, Sat 10:00-12:00"),
        ("22:00-04:00", "22:00-04:00"),
        ("Fri-Mon 00:00-24:00", "Mon Fri-Sun 00:00-24:00"),
        ("Mon Wed Fri 9:30–10:15", "Mon Wed Fri 09:30-10:15"),
        ("Mon-Sun 08:00-09:00", "08:00-09:00"),
    ],
)
def test_what_is_written_is_read_and_said_back_the_same(text, said):
    assert str(parse(text)) == said
    assert parse(said) == parse(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("always", "“always” is no window. Write days and times: Mon-Fri 08:00-18:00."),
        ("Mon", "“Mon” is no window."),
        ("Foo 08:00-09:00", "“Foo” is no day."),
        ("Mon-Foo 08:00-09:00", "“Foo” is no day."),
        ("08:00-25:00", "25:00 is no time of a day."),
        ("08:60-09:00", "08:60 is no time of a day."),
        ("08:00-08:00", "ends when it begins. A whole day is 00:00-24:00."),
        ("24:00-08:00", "begins at 24:00"),
        (", ".join(["08:00-09:00"] * 21), "21 windows are too many."),
        ("٠٨:٠٠-٠٩:٠٠", "is no window"),
    ],
)
def test_what_cannot_be_read_is_said(text, words):
    with pytest.raises(ValueError, match=".") as refused:
        parse(text)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("text", "now", "opens"),
    [
        ("", "2026-11-22T03:00", "2026-11-22T03:00"),
        ("Mon-Fri 08:00-18:00", "2026-11-20T17:59:59", "2026-11-20T17:59:59"),
        ("Mon-Fri 08:00-18:00", "2026-11-20T18:00", "2026-11-23T08:00"),  # Friday evening
        ("Sun 10:00-12:00", "2026-11-22T12:00", "2026-11-29T10:00"),
        ("22:00-04:00", "2026-11-22T03:59", "2026-11-22T03:59"),
        ("22:00-04:00", "2026-11-22T04:00", "2026-11-22T22:00"),
        ("Sun 22:00-04:00", "2026-11-23T01:00", "2026-11-23T01:00"),  # it belongs to Sunday
        ("Mon 22:00-04:00", "2026-11-23T01:00", "2026-11-23T22:00"),
        ("00:00-24:00", "2026-11-22T00:00", "2026-11-22T00:00"),
        # 29 March 2026 has no 02:00 to 03:00 in Berlin.
        ("02:00-03:00", "2026-03-29T01:30", "2026-03-30T02:00"),
        ("02:30-05:00", "2026-03-29T01:30", "2026-03-29T03:00"),
        ("Sun 02:00-03:00", "2026-03-29T01:30", "2026-04-05T02:00"),
    ],
)
def test_the_next_window(text, now, opens):
    assert parse(text).opens_after(at(now), BERLIN) == at(opens)


def test_an_hour_that_comes_twice_is_open_twice():
    windows = parse("02:00-02:30")  # 25 October 2026 in Berlin
    assert windows.opens_after(at("2026-10-25T02:45"), BERLIN).astimezone(UTC) == datetime(2026, 10, 25, 1, tzinfo=UTC)
    again = at("2026-10-25T02:10", fold=1)
    assert windows.opens_after(again, BERLIN) is again
    crossed = parse("01:30-02:30").opens_after(at("2026-10-25T02:45"), BERLIN)
    assert crossed.astimezone(UTC) == datetime(2026, 10, 25, 1, tzinfo=UTC)


def windows_of(draw) -> Windows:
    begins = draw(st.integers(0, 1439))
    ends = draw(st.integers(1, 1440).filter(lambda end: end != begins))
    days = draw(st.sets(st.integers(0, 6), min_size=1))
    return Windows((Window(tuple(sorted(days)), begins, ends),))


@given(st.data(), st.sampled_from(ZONES), st.integers(0, 365 * 24 * 4))
def test_nothing_open_is_passed_over_and_nothing_closed_is_given(data, zone, quarter):
    windows = windows_of(data.draw)
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * quarter)
    found = windows.opens_after(now, zone)
    assert found >= now
    assert windows.is_open(found, zone)
    if found > now:
        assert not windows.is_open(found - timedelta(seconds=1), zone)
        steps = int((found - now) / timedelta(minutes=1))
        assert not any(windows.is_open(now + timedelta(minutes=step), zone) for step in range(0, steps, 7))


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("Europe/Berlin", "2026-03-29"),
        ("Europe/Berlin", "2026-10-25"),
        ("Australia/Lord_Howe", "2026-04-05"),
        ("Australia/Lord_Howe", "2026-10-04"),
        ("America/Havana", "2026-03-08"),
        ("America/Havana", "2026-11-01"),
    ],
)
def test_days_on_which_the_clock_is_changed_step_by_step(name, day):
    zone = ZoneInfo(name)
    for text in ("00:30-01:30", "01:30-02:15", "02:00-03:00", "23:30-00:30", "02:45-02:15"):
        windows = parse(text)
        opening = None
        for minute in range(36 * 60, -6 * 60, -5):  # backwards, so that the next opening is known
            now = at(day, zone).astimezone(UTC) + timedelta(minutes=minute)
            if windows.is_open(now, zone):
                opening = now
            elif opening is not None:
                assert windows.opens_after(now, zone) == opening, (text, now)


@given(
    st.lists(st.tuples(st.sets(st.integers(0, 6), min_size=1), st.integers(0, 1439), st.integers(1, 1440)), max_size=5)
)
def test_every_window_can_be_said_and_read_back(found):
    every = tuple(Window(tuple(sorted(days)), begins, ends) for days, begins, ends in found if begins != ends)
    assert parse(str(Windows(every))) == Windows(every)


def test_every_day_has_its_name():
    assert str(parse(" ".join(DAYS[:6]) + " 08:00-09:00")) == "Mon-Sat 08:00-09:00"
