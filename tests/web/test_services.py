"""Services as last seen: the list, one service, and what was found in the cloud without being made here."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from deployer.models import Service
from deployer.web import reported, services
from tests.browser import world
from tests.factories import real_time_body

CONFIG = [
    {
        "model_id": "id-a",
        "model_name": "sentiment",
        "model_version": "4.1.3",
        "weight": 70,
        "status": "ready",
        "specification": "modelarts.vm.cpu.2u",
        "instance_count": 2,
        "envs": {"LOG_LEVEL": "info"},
    },
    {"model_id": "id-b", "weight": 30, "specification": "modelarts.vm.cpu.2u", "instance_count": 1},
]

pytestmark = pytest.mark.django_db


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


@pytest.fixture
def look(client_of, victor):
    return client_of(victor)


@pytest.fixture
def service_in(dev):
    """A service of this status, found in the cloud."""

    def make(name: str, status: str = "running", **facts) -> Service:
        now = timezone.now()
        known = {"target": dev, "infer_type": "real-time", "created_at": now, "seen_at": now, "changed_at": now}
        return Service.objects.create(service_id=f"id-of-{name}", name=name, status=status, **(known | facts))

    return make


def names(answer) -> list[str]:
    return re.findall(r'href="/services/id-of-([^/]*)/"', answer.content.decode())


def test_the_list_tells_what_runs_and_when_it_was_seen(look, service_in, deployment_in):
    made = world.in_the_cloud(deployment_in("submitted"), "running", config=json.dumps(CONFIG))
    service_in("foreign", "concerning", seen_at=timezone.now() - timedelta(minutes=3))
    text = words(look.get("/services/"))
    for said in ("sentiment 4.1.3 70, id-b 30", "3 × cpu.2u", "found in the cloud", "3 min ago", "Concerning", "dev"):
        assert said in text
    page = look.get("/services/").content.decode()
    assert f'href="/deployments/{made.pk}/">mnist</a> <span class="faint">{made.pk}</span>' in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["c", "b", "a"]),
        ("status=running", ["a"]),
        ("status=failed", ["b"]),
        ("status=unheard-of", []),
        ("q=B", ["b"]),
        ("q=id-of-c", ["c"]),
        ("q=id-of", []),
        ("target=dev", ["c", "b", "a"]),
        ("made=elsewhere", ["c", "b", "a"]),
        ("made=here", []),
        ("q=a&status=failed", []),
    ],
)
def test_filters_find(look, service_in, query, found):
    service_in("a")
    service_in("b", "failed")
    service_in("c", "a new word")
    assert names(look.get(f"/services/?{query}")) == found


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("target=mars", "No target is named mars."),
        ("made=up", "Services are made here or elsewhere, not up."),
        ("q=a%00b", "Null characters are not allowed."),
    ],
)
def test_a_filter_that_cannot_be_read_is_told_beside_it(look, service_in, query, said):
    service_in("a")
    answer = look.get(f"/services/?{query}")
    assert answer.status_code == 200
    assert said in words(answer)
    assert names(answer) == []


def test_pages_follow_the_key(look, service_in):
    for place in range(30):
        service_in(f"n{place}")
    first = look.get("/services/?status=running")
    assert names(first) == [f"n{place}" for place in range(29, 4, -1)]
    assert "Running 30" in words(first)
    onward = re.search(r'href="([^"]*)" rel="next"', first.content.decode())[1].replace("&amp;", "&")
    second = look.get(onward)
    assert names(second) == ["n4", "n3", "n2", "n1", "n0"]
    assert 'rel="prev"' in second.content.decode()


def test_one_service_shows_what_the_cloud_reported(look, deployment_in):
    soon = timezone.now() + timedelta(hours=2, seconds=30)
    made = world.in_the_cloud(
        deployment_in("submitted", body=real_time_body(service_name="runs")),
        "running",
        config=json.dumps(CONFIG),
        due_time=soon,
        access_address="https://infers.example.com/v1/infers/x",
    )
    answer = look.get(f"/services/{made.service.service_id}/")
    text = words(answer)
    for said in (
        "runs",
        "Running",
        "Stops in 2 h",
        "sentiment 4.1.3",
        "70 %",
        "100 %",
        "1 variable of sentiment 4.1.3",
        "LOG_LEVEL",
        "https://infers.example.com/v1/infers/x",
        "as last seen",
        "1 model",
        str(made.pk),
    ):
        assert said in text
    assert "not made here" not in text


def test_a_failure_is_told_in_the_words_of_the_cloud(look, service_in):
    service_in("bad", "failed", error_msg="Failed to pull the image <b>x</b>.")
    text = look.get("/services/id-of-bad/").content.decode()
    assert "The cloud says:" in text
    assert "Failed to pull the image &lt;b&gt;x&lt;/b&gt;." in text


def test_what_was_found_in_the_cloud_is_labelled_so(look, service_in):
    service_in("foreign", infer_type="batch")
    text = words(look.get("/services/id-of-foreign/"))
    assert "found in the cloud, not made here" in text
    assert "Somebody made it outside of Deployer" in text
    assert "A batch job has none" in text


def test_what_the_cloud_said_is_listed(look, deployment_in):
    from django.db import transaction

    from deployer.workflow import history

    made = world.in_the_cloud(deployment_in("submitted"), "concerning")
    with transaction.atomic():
        facts = {"before": "running", "after": "concerning", "error": "1 of 2 ready"}
        history.write([history.Entry("cloud_status", None, made, data=facts)])
    text = words(look.get(f"/services/{made.service.service_id}/"))
    assert "Heard from the cloud: concerning 1 of 2 ready" in text


@pytest.mark.parametrize("address", ["no-such-id", "x" * 300, "%00", "..%2f..%2fetc", "%3Cscript%3E"])
def test_a_wrong_id_is_404(look, address):
    assert look.get(f"/services/{address}/").status_code == 404


@pytest.mark.parametrize(
    "config",
    ["", "[]", "{}", "null", "17", "[1, null]", "not json", '[{"weight": true}]', '[{"envs": [1]}]', "[" * 5000],
)
def test_whatever_the_cloud_reports_the_pages_open(look, service_in, config):
    service_in("odd", config=config)
    assert look.get("/services/").status_code == 200
    assert look.get("/services/id-of-odd/").status_code == 200


def test_reported_facts_of_a_batch_job(service_in):
    job = {"model_id": "m", "src_path": "https://b.obs/in/", "mapping_rule": {"type": "object"}, "req_uri": "/"}
    part = reported.parts(service_in("job", config=json.dumps([job])))[0]
    assert part.facts == [("Input", "https://b.obs/in/"), ("Request address", "/")]
    assert (part.name, part.weight) == ("m", None)


def test_an_empty_list_says_what_would_be_here(look, service_in):
    assert "No service yet." in words(look.get("/services/"))
    service_in("a")
    assert "No service fits these filters." in words(look.get("/services/?status=failed"))
    assert "Nothing older." in words(look.get("/services/?after=1"))


def test_the_tally_stops_counting_at_a_thousand(service_in, monkeypatch):
    for place in range(4):
        service_in(f"n{place}")
    monkeypatch.setattr(services.paging, "COUNTED", 2)
    assert services.tally()["running"].number == 3


def test_pages_keep_a_query_budget(look, service_in, deployment_in, django_assert_max_num_queries):
    made = world.in_the_cloud(deployment_in("submitted"), "running")
    for place in range(30):
        service_in(f"n{place}")
    with django_assert_max_num_queries(12):
        look.get("/services/?after=31&status=running&q=n")
    with django_assert_max_num_queries(11):
        look.get(f"/services/{made.service.service_id}/")


def test_services_need_a_role(client_of, victor, service_in):
    service_in("a")
    victor.groups.clear()
    assert client_of(victor).get("/services/").status_code == 403
    assert client_of(victor).get("/services/id-of-a/").status_code == 403
