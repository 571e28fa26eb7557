"""When a target is sent to: windows, clock, calls at once; kept as they are said back, and explained."""

import html
import re

import pytest

from deployer.models import Event, Target
from tests.web.test_target_forms import NEW

pytestmark = pytest.mark.django_db

TIMES = {"windows": "mon-fri 8:00-18:00; sat 10:00-12:00", "zone": "Europe/Berlin", "most_calls": "3"}


@pytest.fixture
def admin(client_of, root):
    return client_of(root)


def words(answer) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode())))


def test_windows_are_kept_as_they_are_said_back_and_explained(admin):
    assert admin.post("/targets/new/", NEW | TIMES | {"resends_itself": "on"}).status_code == 302
    target = Target.objects.get(name="otc")
    assert target.windows == "Mon-Fri 08:00-18:00, Sat 10:00-12:00"
    assert (target.zone, target.most_calls, target.resends_itself) == ("Europe/Berlin", 3, True)
    said = words(admin.get("/targets/otc/"))
    assert "It is sent Mon-Fri 08:00-18:00, Sat 10:00-12:00 only, Europe/Berlin." in said
    assert "What was lost and is not found is sent again by itself, once." in said
    after = Event.objects.get(action="target_changed").facts["after"]
    assert (after["windows"], after["zone"], after["most_calls"]) == (target.windows, "Europe/Berlin", 3)


@pytest.mark.parametrize(
    ("typed", "place", "said"),
    [
        ({"windows": "sometimes"}, "windows", "“sometimes” is no window."),
        ({"zone": "Mars/Base"}, "zone", "Mars/Base is no time zone."),
        ({"zone": "../../etc/passwd"}, "zone", "is no time zone."),
        ({"most_calls": "0"}, "most_calls", "At least 1 call at once is needed."),
        ({"most_calls": "101"}, "most_calls", "100 calls at once are the most."),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_box_and_kept(typed, place, said, admin):
    answer = admin.post("/targets/new/", NEW | TIMES | typed)
    assert answer.status_code == 422
    assert said in words(answer)
    text = answer.content.decode()
    assert f'href="#{place}"' in text
    assert html.escape(typed[place]) in text
    assert not Target.objects.exists()


def test_an_empty_clock_is_utc(admin):
    assert admin.post("/targets/new/", NEW | {"zone": ""}).status_code == 302
    assert Target.objects.get(name="otc").zone == "UTC"


def test_other_windows_take_approvals_back(admin, deployment_in, dev):
    deployment_in("approved")
    typed = NEW | {"name": "dev", "check": "1", "windows": "Mon 08:00-09:00", "endpoint": dev.endpoint}
    typed |= {"iam_endpoint": dev.iam_endpoint, "region": dev.region, "project_id": dev.project_id, "approvals": "1"}
    assert "Saving takes approvals back." in words(admin.post("/targets/dev/edit/", typed))
    assert "Saving takes approvals back." not in words(admin.post("/targets/dev/edit/", typed | {"windows": ""}))
