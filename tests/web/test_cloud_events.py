"""What the cloud told of a service: on its page, on its deployment's, and page by page."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from deployer.models import CloudEvent, Service
from deployer.workflow import hearing
from tests.browser import world

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


@pytest.fixture
def look(client_of, victor):
    return client_of(victor)


@pytest.fixture
def made(deployment_in):
    """A deployment whose service runs, quiet for an hour."""
    hour = timezone.now() - timedelta(hours=1)
    return world.in_the_cloud(deployment_in("submitted"), "running", changed_at=hour, seen_at=timezone.now())


def tell(service: Service, number: int, kind: str = "normal", first: int = 0) -> None:
    now = timezone.now()
    CloudEvent.objects.bulk_create(
        CloudEvent(
            service=service,
            occurred_at=now - timedelta(minutes=1000 - place),
            event_type=kind,
            info=f"{kind} {place}.",
            mark=f"{kind}-{place}",
            copied_at=now,
        )
        for place in range(first, first + number)
    )


def test_events_stand_on_the_page_of_the_service_and_of_its_deployment(look, made):
    tell(made.service, 2)
    tell(made.service, 1, "abnormal", first=5)
    for address in (f"/services/{made.service.service_id}/", f"/deployments/{made.pk}/"):
        text = words(look.get(address))
        assert "What the cloud said" in text
        assert text.index("Abnormal: abnormal 5.") < text.index("normal 1.") < text.index("normal 0.")


def test_one_kind_can_be_asked_for(look, made):
    tell(made.service, 2)
    tell(made.service, 1, "abnormal", first=5)
    address = f"/services/{made.service.service_id}/events/"
    text = words(look.get(address, {"kind": "abnormal"}, **HTMX))
    assert "abnormal 5." in text
    assert "normal 1." not in text
    assert "No such event." in words(look.get(address, {"kind": "normal", "before": first_of(made.service)}))


def first_of(service: Service) -> int:
    return service.cloud_events.order_by("occurred_at").first().pk


def test_pages_follow_the_time(look, made):
    tell(made.service, 45)
    address = f"/services/{made.service.service_id}/events/"
    seen: list[str] = []
    while address:
        answer = look.get(address)
        seen += re.findall(r"normal (\d+)\.", answer.content.decode())
        link = re.search(r'href="([^"]*)" rel="next"', answer.content.decode())
        address = link[1].replace("&amp;", "&") if link else ""
    assert seen == [str(place) for place in range(44, -1, -1)]


def test_beside_other_things_a_few_stand_with_a_way_to_all(look, made):
    tell(made.service, 11)
    page = look.get(f"/services/{made.service.service_id}/").content.decode()
    assert len(re.findall(r"normal \d+\.", page)) == 10
    assert "All events" in page


def test_what_cannot_be_a_place_or_a_kind_is_404(look, made):
    tell(made.service, 1)
    address = f"/services/{made.service.service_id}/events/"
    for query in ({"kind": "odd"}, {"before": "x"}, {"before": "-1"}, {"before": "9" * 40}, {"before": "999999"}):
        assert look.get(address, query).status_code == 404
    assert look.get("/services/no-such/events/").status_code == 404
    assert look.get("/deployments/999999/events/").status_code == 404


def test_raw_text_is_text(look, made):
    CloudEvent.objects.create(
        service=made.service,
        occurred_at=timezone.now(),
        event_type="abnormal",
        info="<script>alert(1)</script> {{ 7 }}",
        mark="x",
        copied_at=timezone.now(),
    )
    for address in (f"/services/{made.service.service_id}/", f"/services/{made.service.service_id}/events/"):
        page = look.get(address).content.decode()
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7 }}" in page


@pytest.mark.parametrize(
    ("copied", "said"), [(False, "were not copied yet"), (True, "Events are copied as long as the cloud keeps them")]
)
def test_an_empty_list_says_why(look, made, copied, said):
    Service.objects.update(events_at=timezone.now() if copied else None)
    assert said in words(look.get(f"/services/{made.service.service_id}/"))
    assert "No event yet." in words(look.get(f"/services/{made.service.service_id}/events/"))


def test_what_was_not_kept_is_said(look, made, monkeypatch):
    monkeypatch.setattr(hearing, "MOST", 30)
    tell(made.service, 30)
    assert "The first 30 events are kept" in words(look.get(f"/services/{made.service.service_id}/"))


def test_the_list_asks_again_only_while_more_may_come(look, made):
    tell(made.service, 1)
    address = f"/services/{made.service.service_id}/events/"
    newest = made.service.cloud_events.get().pk
    assert "hx-trigger" not in look.get(address, **HTMX).content.decode()
    Service.objects.update(is_settled=False, status="deploying")
    assert "every 3s" in look.get(address, **HTMX).content.decode()
    assert look.get(address, {"newest": newest}, **HTMX).status_code == 204
    tell(made.service, 1, first=7)
    assert "normal 7." in words(look.get(address, {"newest": newest}, **HTMX))
    Service.objects.update(is_settled=True)
    last = look.get(address, {"newest": CloudEvent.objects.latest("pk").pk}, **HTMX)
    assert last.status_code == 200
    assert "hx-trigger" not in last.content.decode()


def test_a_deployment_shows_them_as_soon_as_there_is_a_service(look, deployment_in):
    waiting = deployment_in("submitted")
    place = f"/deployments/{waiting.pk}/events/"
    assert f'hx-get="{place}"' in look.get(f"/deployments/{waiting.pk}/").content.decode()
    assert look.get(place, **HTMX).status_code == 204
    made = world.in_the_cloud(waiting, "deploying")
    tell(made.service, 1)
    assert "normal 0." in words(look.get(place, **HTMX))


def test_they_need_a_role(client_of, victor, made):
    victor.groups.clear()
    assert client_of(victor).get(f"/services/{made.service.service_id}/events/").status_code == 403
    assert client_of(victor).get(f"/deployments/{made.pk}/events/").status_code == 403
