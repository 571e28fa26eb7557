"""A twin beside its brother: what is the same, and an operator's way to be rid of it."""

import html
import re

import pytest
from django.utils import timezone

from deployer.models import Deployment, Event, Removal, Service, Watch
from deployer.workflow import removing
from tests.browser import world
from tests.models import rows

pytestmark = pytest.mark.django_db


def words(answer) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode())))


@pytest.fixture
def made(deployment_in):
    return world.in_the_cloud(deployment_in("submitted"), "running", config='[{"model_id": "model-a", "weight": 100}]')


@pytest.fixture
def twin(made) -> Service:
    brother = made.service
    return rows.service(
        target=made.target, service_id="twin-1", name=brother.name, infer_type=brother.infer_type,
        config=brother.config, twin_of=brother,
    )  # fmt: skip


def test_both_pages_and_the_deployment_show_the_pair_and_what_is_the_same(client_of, victor, made, twin):
    look = client_of(victor)
    for address in (f"/deployments/{made.pk}/", f"/services/{made.service.service_id}/", "/services/twin-1/"):
        text = words(look.get(address))
        assert "Made by the same sending. Both are paid, one is wanted." in text, address
        assert "twin-1" in text
        assert made.service.service_id in text
        assert "the name mnist" in text
        assert "all of their configuration" in text
    assert "Made by the same sending" not in words(
        look.get(f"/services/{rows.service(service_id='other').service_id}/")
    )


@pytest.mark.parametrize("name", ["alice", "bob", "carol", "victor", "root"])
def test_only_operators_have_it_deleted(name, people, client_of, twin):
    look = client_of(people[name])
    assert look.post("/services/twin-1/delete/", {"comment": "Paid twice."}).status_code == 403
    answer = look.get("/services/twin-1/")
    assert "Only operators delete a twin." in words(answer)
    assert "/delete/" not in answer.content.decode()
    assert not Removal.objects.exists()


def test_an_operator_asks_with_a_reason_once(client_of, olga, made, twin):
    look = client_of(olga)
    assert 'action="/services/twin-1/delete/"' in look.get(f"/deployments/{made.pk}/").content.decode()
    refused = look.post("/services/twin-1/delete/", {"comment": "  "})
    assert refused.status_code == 422
    assert "Say why." in words(refused)
    answer = look.post("/services/twin-1/delete/", {"comment": "Paid twice."})
    assert (answer.status_code, answer["Location"]) == (302, "/services/twin-1/")
    removal = Removal.objects.get()
    assert (removal.submission, removal.service, removal.asked_by) == (made.submission, twin, olga)
    assert Event.objects.get(action="removal_asked").deployment == made
    text = words(look.get("/services/twin-1/"))
    assert "Waiting to be deleted" in text
    assert "Its deletion is under way." in text
    again = look.post("/services/twin-1/delete/", {"comment": "Paid twice."})
    assert again.status_code == 409
    assert "Its deletion has been asked for already." in words(again)


def test_what_is_no_twin_is_not_deleted(client_of, olga, made, twin):
    look = client_of(olga)
    for key in (made.service.service_id, rows.service(service_id="other").service_id):
        assert look.post(f"/services/{key}/delete/", {"comment": "Away."}).status_code == 409
        assert f'action="/services/{key}/delete/"' not in look.get(f"/services/{key}/").content.decode()
    assert look.post("/services/none/delete/", {"comment": "Away."}).status_code == 404
    assert look.get("/services/twin-1/delete/").status_code == 405
    Service.objects.filter(pk=twin.pk).update(status="deleted")
    assert look.post("/services/twin-1/delete/", {"comment": "Away."}).status_code == 409
    assert not Removal.objects.exists()


def test_what_a_deployment_keeps_is_never_deleted_though_called_a_twin(client_of, olga, made, twin, deployment_in):
    other = world.in_the_cloud(deployment_in("submitted"), "running")
    Service.objects.filter(pk=other.service.pk).update(twin_of=made.service)
    answer = client_of(olga).post(f"/services/{other.service.service_id}/delete/", {"comment": "Away."})
    assert answer.status_code == 409
    assert "is what a deployment made and keeps" in words(answer)


def test_how_a_deletion_went_is_told_call_by_call(client_of, victor, olga, twin):
    removal = removing.ask(twin, by=olga, reason="Paid twice.")
    claimed = removing.claim(removal.pk, seconds=60)
    removing.done(claimed, world.tried("look", "It is not what was sent: config. It was not deleted."), "unlike")
    text = words(client_of(victor).get("/services/twin-1/"))
    assert "Not deleted, it is no twin" in text
    assert "looked at: It is not what was sent: config." in text
    assert "Paid twice." in text
    assert Event.objects.get(action="removal_done").facts["outcome"] == "unlike"


def test_a_twin_says_whose_it_is_and_not_that_strangers_made_it(client_of, victor, made, twin):
    answer = client_of(victor).get("/services/twin-1/")
    page, text = answer.content.decode(), words(answer)
    assert f"twin of mnist, deployment {made.pk}" in text
    assert f'twin of <a href="/deployments/{made.pk}/">' in page
    assert f"None of its own. The sending of mnist {made.pk} made it beside {made.service.service_id}" in text
    for other in ("not made here", "outside of Deployer", "What is not made here"):
        assert other not in text


def test_a_twin_whose_first_service_no_deployment_keeps_is_still_a_twin(client_of, victor, made, twin):
    Deployment.objects.filter(pk=made.pk).update(service=None)
    text = words(client_of(victor).get("/services/twin-1/"))
    assert f"twin of {made.service.service_id}" in text
    assert "outside of Deployer" not in text


def test_what_was_paid_is_told_as_past_once_the_twin_is_gone(client_of, victor, made, twin):
    look = client_of(victor)
    Service.objects.filter(pk=twin.pk).update(status="deleted")
    for address in (f"/deployments/{made.pk}/", "/services/twin-1/"):
        text = words(look.get(address))
        assert "Both were paid, one was wanted." in text, address
        assert "Both are paid" not in text
    Service.objects.filter(pk=twin.pk).update(status="running")
    Service.objects.filter(pk=made.service.pk).update(status="deleted")
    text = words(look.get("/services/twin-1/"))
    assert "The first is gone, the twin is still paid." in text
    assert "Both" not in text
    text = words(look.get(f"/deployments/{made.pk}/"))
    assert "A twin is still paid." in text
    assert "paid too" not in text


def test_a_cloud_that_is_away_is_no_news_of_what_is_gone(client_of, victor, made, twin):
    now = timezone.now()
    Watch.objects.create(target=made.target, next_look_at=now, whole_look_at=now, problem="Nothing answers there.")
    look = client_of(victor)
    assert "The cloud cannot be asked now." in words(look.get("/services/twin-1/"))
    Service.objects.filter(pk=twin.pk).update(status="deleted", seen_at=now)
    assert "cannot be asked" not in words(look.get("/services/twin-1/"))
    look.post("/services/twin-1/refresh/")
    assert "The cloud cannot be asked now." in words(look.get("/services/twin-1/"))


def test_its_deployment_says_on_top_that_a_twin_is_paid_while_it_is_there(client_of, victor, made, twin):
    look = client_of(victor)
    page = look.get(f"/deployments/{made.pk}/").content.decode()
    top = page.partition('id="live"')[0]
    assert "A twin is paid too." in top
    assert 'href="#h-twins"' in top
    assert 'id="h-twins"' in page
    rows.service(target=made.target, service_id="twin-2", name="mnist", twin_of=made.service)
    assert "2 twins are paid too." in words(look.get(f"/deployments/{made.pk}/"))
    Service.objects.filter(twin_of=made.service).update(status="deleted")
    assert "paid too" not in words(look.get(f"/deployments/{made.pk}/"))


def test_the_list_of_services_tags_it(client_of, victor, made, twin):
    text = words(client_of(victor).get("/services/"))
    assert " twin " in text
    assert "found in the cloud" not in text.lower().partition("services, newest first")[2]
