"""Sending at a time: chosen on one's own clock, shown on the target's too, changed or cancelled until then."""

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deployer.models import Event, Submission, Target
from deployer.web import badges, moments, times
from deployer.workflow import freezing
from tests.factories import real_time_body

pytestmark = pytest.mark.django_db

LATER = timezone.now().replace(second=0, microsecond=0) + timedelta(days=40)


def words(answer) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode())))


def typed(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"


@pytest.fixture
def approved(deployment_in):
    return deployment_in("approved")


@pytest.fixture
def scheduled(client_of, alice, approved):
    fields = {"seen": 1, "at": typed(LATER), "at_zone": "UTC"}
    assert client_of(alice).post(f"/deployments/{approved.pk}/submit/", fields).status_code == 302
    approved.refresh_from_db()
    return approved


def test_a_chosen_time_is_kept_with_the_submission(scheduled):
    row = scheduled.submission
    assert (row.not_before, row.next_action_at) == (LATER, LATER)
    assert not Submission.objects.due().exists()
    assert Event.objects.get(action="submitted").facts["not_before"] == LATER.isoformat()


def test_it_is_read_on_the_clock_that_the_form_showed(client_of, alice, approved):
    fields = {"seen": 1, "at": f"{LATER:%Y-%m-%d}T18:00", "at_zone": "Asia/Tokyo"}
    assert client_of(alice).post(f"/deployments/{approved.pk}/submit/", fields).status_code == 302
    assert Submission.objects.get().not_before.isoformat() == f"{LATER:%Y-%m-%d}T09:00:00+00:00"


@pytest.mark.parametrize(
    "at", ["yesterday", "2020-01-01T10:00", "2026-02-30T10:00", "2099-01-01T10:00+01:00", "9" * 50]
)
def test_a_time_that_cannot_be_is_said_beside_its_box_and_kept(at, client_of, alice, approved):
    answer = client_of(alice).post(f"/deployments/{approved.pk}/submit/", {"seen": 1, "at": at, "comment": "My words."})
    assert answer.status_code == 422
    assert 'href="#at-submit"' in answer.content.decode()
    assert "My words." in words(answer)
    (box,) = re.findall(r'<input [^>]*id="at-submit"[^>]*>', answer.content.decode())
    assert f'value="{html.escape(at[:40])}"' in box
    assert 'aria-invalid="true"' in box
    (comment,) = re.findall(r'<textarea [^>]*id="comment-submit"[^>]*>', answer.content.decode())
    assert "aria-invalid" not in comment
    assert not Submission.objects.exists()


def test_what_moved_on_comes_before_a_time_that_cannot_be(client_of, alice, scheduled):
    for at in ("yesterday", "2020-01-01T10:00", ""):
        answer = client_of(alice).post(f"/deployments/{scheduled.pk}/submit/", {"seen": 1, "at": at})
        assert answer.status_code == 409


def test_the_page_says_when_on_both_clocks(client_of, alice, dev, scheduled):
    dev.zone, dev.windows = "Asia/Tokyo", ""
    type(dev).objects.filter(pk=dev.pk).update(zone="Asia/Tokyo")
    look = client_of(alice)
    look.cookies["zone"] = "Europe/Berlin"
    text = words(look.get(f"/deployments/{scheduled.pk}/"))
    assert "It waits for its time." in text
    berlin, tokyo = times.elsewhere(LATER, "Europe/Berlin"), times.elsewhere(LATER, "Asia/Tokyo")
    assert re.search(
        rf"It goes out at {tokyo.split()[-2]} JST on .* On your clock: .* {berlin.split()[-2]} CES?T\.", text
    )
    assert "Scheduled, " in text
    assert 'name="at_zone" value="Europe/Berlin"' in look.get(f"/deployments/{scheduled.pk}/").content.decode()


def test_another_time_is_chosen_or_none(client_of, olga, scheduled):
    look, address = client_of(olga), f"/deployments/{scheduled.pk}/reschedule/"
    fields = {"submission": scheduled.submission.pk, "at_zone": "UTC"}
    sooner = LATER - timedelta(days=3)
    answer = look.post(address, fields | {"at": typed(sooner), "comment": "Earlier, please."}, follow=True)
    assert "The time is changed." in words(answer)
    row = Submission.objects.get()
    assert (row.not_before, row.next_action_at) == (sooner, sooner)
    event = Event.objects.get(action="rescheduled")
    assert event.facts["before"] == {"at": LATER.isoformat()}
    assert event.comment == "Earlier, please."
    assert look.post(address, fields | {"at": ""}).status_code == 302
    assert Submission.objects.get().not_before is None
    assert Submission.objects.due().count() == 1
    for at in ("2020-01-01T10:00", "soon"):
        assert look.post(address, fields | {"at": at}).status_code == 422


@pytest.mark.parametrize("name", ["bob", "carol", "victor", "root"])
def test_the_others_may_not_choose(name, people, client_of, scheduled):
    look = client_of(people[name])
    fields = {"submission": scheduled.submission.pk, "at": ""}
    assert look.post(f"/deployments/{scheduled.pk}/reschedule/", fields).status_code == 403
    answer = look.get(f"/deployments/{scheduled.pk}/")
    assert "Only operators and the author choose when it is sent." in words(answer)
    assert "/reschedule/" not in answer.content.decode()


def test_what_went_out_is_not_moved(client_of, alice, scheduled):
    address, fields = f"/deployments/{scheduled.pk}/reschedule/", {"submission": scheduled.submission.pk}
    assert client_of(alice).post(address, {"submission": 99, "at": ""}).status_code == 409
    Submission.objects.update(lease="somebody")
    for at in ("", "soon"):
        answer = client_of(alice).post(address, fields | {"at": at, "comment": "Kept words."})
        assert answer.status_code == 409
        assert "Kept words." in words(answer)
    assert client_of(alice).get(address).status_code == 405


def test_it_is_cancelled_until_then(client_of, alice, scheduled):
    fields = {"submission": scheduled.submission.pk, "comment": "Not any more."}
    assert client_of(alice).post(f"/deployments/{scheduled.pk}/cancel/", fields).status_code == 302
    scheduled.refresh_from_db()
    assert (scheduled.state, scheduled.submission.outcome) == ("changes_requested", "cancelled")


def test_the_badge_names_its_time_until_it_has_come(dev, olga):
    at = timezone.now() + timedelta(hours=1)
    row = Submission(outcome="waiting", not_before=at, target=dev)
    assert badges.submission_badge(row).word == f"Scheduled, {times.shortly(at)}"
    row.not_before = timezone.now() - timedelta(seconds=1)
    assert badges.submission_badge(row).word == "Waiting to send"
    freezing.begin(dev, "Cleaning.", None, olga)
    assert badges.submission_badge(row).word == "Waiting to send, held"


PAGES = ("/", "/deployments/", "/sending/", "/targets/dev/", "/deployments/{}/")


@pytest.mark.parametrize("address", PAGES)
def test_every_page_says_the_moment_it_may_really_go(address, client_of, victor, dev, scheduled):
    tomorrow = LATER + timedelta(days=1)
    Target.objects.update(windows=f"{tomorrow:%a} {tomorrow:%H:%M}-24:00", zone="UTC")
    text = words(client_of(victor).get(address.format(scheduled.pk)))
    assert f"Scheduled, {times.shortly(tomorrow)}" in text
    assert times.shortly(LATER) not in text
    if "deployments/{}" in address:
        assert "in 40 days Send mnist" in text  # and not in 39


@pytest.mark.parametrize("address", PAGES)
def test_every_page_says_that_a_freeze_of_all_holds_it(address, client_of, victor, olga, scheduled):
    freezing.begin(None, "incident 42", None, olga)
    text = words(client_of(victor).get(address.format(scheduled.pk)))
    assert "Waiting to send, held" in text
    assert "Scheduled, " not in text
    if "deployments/{}" in address:
        assert "open Send mnist Waiting to send, held" in text


@pytest.mark.parametrize("address", ["/", "/deployments/", "/targets/dev/"])
def test_many_that_wait_cost_no_more_queries(address, client_of, victor, dev, deployment_in, counting):
    one = deployment_in("submitted", body=real_time_body(service_name="one"))
    assert one.submission
    look = client_of(victor)
    few = counting(look, address)
    for place in range(4):
        deployment_in("submitted", body=real_time_body(service_name=f"more-{place}"))
    assert counting(look, address) == few


@pytest.fixture
def counting() -> Callable[[Client, str], int]:
    def queries(look: Client, address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert look.get(address).status_code == 200
        return len(captured)

    return queries


def test_times_that_come_twice_or_never():
    assert moments.read("2026-10-25T02:30", "Europe/Berlin") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    with pytest.raises(forms.ValidationError, match="put forward"):
        moments.read("2026-03-29T02:30", "Europe/Berlin")
    assert moments.read("", "Europe/Berlin") is None
    for text in ("0001-01-01T00:00", "9999-12-31T23:59", "2026-01-01", "x"):
        if text == "2026-01-01":
            assert moments.read(text, "UTC") == datetime(2026, 1, 1, tzinfo=UTC)
            continue
        with pytest.raises(forms.ValidationError):
            moments.read(text, "UTC")
    assert moments.read("2026-01-01T10:00", "Mars/Base") == datetime(2026, 1, 1, 10, tzinfo=UTC)
