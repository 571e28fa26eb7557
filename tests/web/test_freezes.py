"""Freezes on the pages: begun and lifted by forms, told wherever they concern somebody, in the way of nobody's work."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from deployer.models import Event, Freeze
from deployer.workflow import freezing

pytestmark = pytest.mark.django_db


def words(answer) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode())))


@pytest.mark.parametrize("name", ["alice", "bob", "carol", "victor"])
def test_only_operators_and_admins_have_the_buttons(name, people, client_of, dev, olga):
    freeze = freezing.begin(None, "Cleaning.", None, olga)
    look = client_of(people[name])
    for address in ("/sending/freeze/", f"/sending/freezes/{freeze.pk}/lift/"):
        assert look.post(address, {"reason": "Because."}).status_code == 403
        assert look.post(address).status_code == 403
    answer = look.get("/sending/")
    assert "Sending is frozen by operators and administrators." in words(answer)
    assert "/sending/freeze/" not in answer.content.decode()
    assert "/lift/" not in answer.content.decode()
    assert Freeze.objects.in_force().count() == 1


@pytest.mark.parametrize("name", ["olga", "root"])
def test_it_is_begun_and_lifted_with_a_reason(name, people, client_of, dev):
    look = client_of(people[name])
    refused = look.post("/sending/freeze/", {"target": "dev", "reason": " ", "ends_at": "2026-13-01T10:00"})
    assert refused.status_code == 422
    assert 'href="#freeze-ends"' in refused.content.decode()
    assert 'value="2026-13-01T10:00"' in refused.content.decode()
    begun = look.post("/sending/freeze/", {"target": "dev", "reason": "Cleaning."}, follow=True)
    assert "Sending to dev is frozen until it is lifted." in words(begun)
    freeze = Freeze.objects.get()
    assert "Cleaning." in words(look.get("/"))
    again = look.post("/sending/freeze/", {"target": "dev", "reason": "Typed words."})
    assert again.status_code == 409
    assert "froze dev meanwhile" in words(again)
    assert "Typed words." in words(again)
    address = f"/sending/freezes/{freeze.pk}/lift/"
    assert look.post(address, {"reason": ""}).status_code == 422
    lifted = look.post(address, {"reason": "Clean."}, follow=True)
    assert "Sending to dev goes on." in words(lifted)
    assert look.post(address, {"reason": "Clean."}).status_code == 409
    assert [event.action for event in Event.objects.order_by("number")] == ["freeze_begun", "freeze_lifted"]
    assert look.post("/sending/freezes/999/lift/", {"reason": "x"}).status_code == 404
    assert look.get("/sending/freeze/").status_code == 405


def test_an_end_is_read_on_the_clock_that_the_form_showed(client_of, olga, dev):
    day = (timezone.now() + timedelta(days=40)).date()
    fields = {"target": "", "reason": "Holidays.", "ends_at": f"{day}T18:00", "ends_at_zone": "Asia/Tokyo"}
    assert client_of(olga).post("/sending/freeze/", fields).status_code == 302
    ends_at = Freeze.objects.get(target=None).ends_at
    assert ends_at.isoformat() == f"{day}T09:00:00+00:00"


def test_a_target_nobody_has_is_refused(client_of, olga, dev):
    answer = client_of(olga).post("/sending/freeze/", {"target": "none", "reason": "Because."})
    assert answer.status_code == 422
    assert "There is no target of this name." in words(answer)
    assert not Freeze.objects.exists()


def test_the_banner_stands_where_it_concerns_somebody_and_nowhere_else(
    client_of, victor, olga, dev, prod, deployment_in
):
    draft, approved = deployment_in("draft"), deployment_in("approved")
    closed, elsewhere = deployment_in("withdrawn"), deployment_in("draft", target=prod)
    freezing.begin(dev, "Cleaning <b>dev</b>.", timezone.now() + timedelta(hours=2), olga)
    look = client_of(victor)
    said = "Sending to dev is frozen"
    concerned = ["/", "/sending/", "/sending/?target=dev", "/targets/dev/"]
    concerned += [f"/deployments/{one.pk}/" for one in (draft, approved)]
    for address in concerned:
        answer = look.get(address)
        assert said in words(answer), address
        assert "Cleaning <b>dev</b>." in words(answer)
        assert "<b>dev</b>" not in answer.content.decode()
    for address in (
        "/targets/prod/",
        "/sending/?target=prod",
        f"/deployments/{closed.pk}/",
        f"/deployments/{elsewhere.pk}/",
    ):
        assert said not in words(look.get(address)), address


def test_submitting_during_a_freeze_is_possible_and_says_that_it_waits(client_of, alice, olga, dev, deployment_in):
    deployment = deployment_in("approved")
    freezing.begin(dev, "Cleaning.", None, olga)
    look = client_of(alice)
    before = words(look.get(f"/deployments/{deployment.pk}/"))
    assert "Sending to dev is frozen until it is lifted: “Cleaning.” Submitted now, it waits." in before
    assert look.post(f"/deployments/{deployment.pk}/submit/", {"seen": 1}).status_code == 302
    after = words(look.get(f"/deployments/{deployment.pk}/"))
    assert "It waits for a freeze to end." in after
    deployment.refresh_from_db()
    assert (deployment.state, deployment.submission.outcome) == ("submitted", "waiting")


def test_a_reason_is_quoted_before_the_next_sentence(client_of, alice, olga, dev, deployment_in):
    deployment = deployment_in("approved")
    freezing.begin(None, "incident 42", None, olga)
    said = words(client_of(alice).get(f"/deployments/{deployment.pk}/"))
    assert "Sending to all targets is frozen until it is lifted: “incident 42”. Submitted now, it waits." in said


def test_lifting_says_what_another_freeze_holds_still(client_of, olga, dev, prod):
    look = client_of(olga)
    of_all, of_dev = (freezing.begin(place, "Cleaning.", None, olga) for place in (None, dev))
    lifted = words(look.post(f"/sending/freezes/{of_all.pk}/lift/", {"reason": "Clean."}, follow=True))
    assert "Sending goes on, but not to dev: that is frozen still. What was held elsewhere goes out now" in lifted
    of_all = freezing.begin(None, "Cleaning.", None, olga)
    lifted = words(look.post(f"/sending/freezes/{of_dev.pk}/lift/", {"reason": "Clean."}, follow=True))
    assert "The freeze of dev is lifted. Sending to all targets is frozen still." in lifted
    assert "goes out now" not in lifted
    lifted = words(look.post(f"/sending/freezes/{of_all.pk}/lift/", {"reason": "Clean."}, follow=True))
    assert "Sending to all targets goes on. What was held goes out now, or when its time comes." in lifted
