"""Reading: leniently, in pages, and a few times where it may help."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from deployer.modelarts.errors import CloudFault, NoAnswer, NotSent, Refused, Throttled

from . import clouds
from .clouds import says


def query_of(heard):
    return {key: values[0] for key, values in parse_qs(urlsplit(heard.path).query).items()}


def rows(first, count, **more):
    return [{"service_id": f"s{number}", "service_name": "router", **more} for number in range(first, first + count)]


def test_a_service_is_read_leniently(cloud, client):
    cloud.acts = [
        says(
            {
                "service_id": "s1",
                "service_name": "router",
                "status": "resting",
                "progress": "43",
                "workspace_id": 0,
                "due_time": "1598319442708",
                "publish_at": None,
                "config": {"not": "a list"},
                "something": [1],
            }
        )
    ]
    seen = client.service("s1")
    assert (seen.status, seen.progress, seen.workspace_id, seen.error_msg) == ("resting", 43, "0", "")
    assert seen.due_time == datetime(2020, 8, 25, 1, 37, 22, 708000, tzinfo=UTC)
    assert (seen.publish_at, seen.config, seen.raw["something"]) == (None, [], [1])


def test_an_unknown_service_is_none_but_an_unknown_path_is_an_error(cloud, client):
    cloud.acts = [says({"error_code": "ModelArts.3502", "error_msg": "gone"}, 404)]
    assert client.service("s1") is None
    assert client.delete_service("s1") is False
    cloud.acts = [says({"error_code": "APIG.0101", "error_msg": "no such API"}, 404)]
    for call in (client.service, client.delete_service, client.model):
        with pytest.raises(Refused, match=r"APIG\.0101"):
            call("s1")


def test_delete_is_sent_once(cloud, client):
    cloud.acts = [clouds.reset]
    with pytest.raises(NoAnswer):
        client.delete_service("s1")
    assert cloud.count("DELETE") == 1
    cloud.acts = [says({})]
    assert client.delete_service("s1") is True


def test_an_id_cannot_reach_out_of_its_place(cloud, client):
    cloud.acts = [says({"error_code": "ModelArts.3502"}, 404)]
    assert client.service("../../v3/x?y#z,ü ") is None
    assert cloud.heard[-1].path == "/v1/p1/services/..%2F..%2Fv3%2Fx%3Fy%23z%2C%C3%BC%20"
    for odd in ("", ".", ".."):
        with pytest.raises(NotSent):
            client.service(odd)


def test_one_page_of_the_list(cloud, client):
    cloud.acts = [says({"total_count": "7", "services": [*rows(1, 2), "no row"]})]
    page = client.list_services(name="a b+c", infer_type="batch", offset=4, limit=2)
    assert (page.total_count, [seen.service_id for seen in page.services]) == (7, ["s1", "s2"])
    assert "a%20b%2Bc" in cloud.heard[-1].path
    assert query_of(cloud.heard[-1]) == {"service_name": "a b+c", "infer_type": "batch", "offset": "4", "limit": "2"}


def test_services_of_one_name_come_from_all_pages_and_exactly_named(cloud, client):
    first = [*rows(0, 99), {"service_id": "other", "service_name": "router-2"}]
    cloud.acts = [says({"total_count": 3, "services": first}), says({"total_count": 3, "services": rows(99, 5)})]
    found = client.services_named("router", workspace_id="w1")
    assert len(found) == 104
    assert [query_of(one)["offset"] for one in cloud.heard[1:]] == ["0", "100"]
    assert query_of(cloud.heard[1])["workspace_id"] == "w1"


@pytest.mark.parametrize(
    ("pages", "found"),
    [
        ([{"services": rows(0, 100)}], 100),  # the same page for ever
        ([{"services": rows(0, 20), "total_count": 30}, {"services": rows(20, 10), "total_count": 30}], 30),  # capped
        ([{"services": rows(0, 3), "total_count": 900}, {"services": []}], 3),  # counts too many
        ([{"services": rows(0, 3)}, {"services": []}], 3),  # does not count
        ([{"services": None}], 0),
        ([{"services": [*rows(0, 2), *rows(0, 2)], "total_count": 2}], 2),  # twice on one page
    ],
)
def test_a_list_that_lies_comes_to_an_end(cloud, client, pages, found):
    cloud.acts = [says(page) for page in pages]
    assert len(client.services_named("router")) == found


@pytest.mark.parametrize("found", [{}, {"status": "ok"}, {"services": {}}, {"services": "none"}])
def test_an_answer_without_a_list_does_not_mean_there_is_none(cloud, client, found):
    cloud.acts = [says(found)]
    for call in (lambda: client.services_named("router"), client.list_services):
        with pytest.raises(NoAnswer, match="no list"):
            call()


@pytest.mark.parametrize("found", [{}, {"service_id": "s2", "status": "running"}])
def test_an_answer_about_another_service_is_none(cloud, client, found):
    cloud.acts = [says(found)]
    with pytest.raises(NoAnswer, match="another service"):
        client.service("s1")


def test_a_list_without_end_is_no_answer(cloud, client, monkeypatch):
    monkeypatch.setattr("deployer.modelarts.paging.MOST_PAGES", 3)
    cloud.acts = [says({"services": rows(start, 10)}) for start in range(0, 50, 10)]
    with pytest.raises(NoAnswer, match="does not end"):
        client.services_named("router")


@pytest.mark.parametrize("act", [clouds.reset, says({}, 503), says({}, 408), says({}, 429), clouds.answer("", 504)])
def test_a_read_is_tried_again(cloud, client_of, act):
    client = client_of(cloud)
    cloud.acts = [act, act, says({"service_id": "s1"})]
    assert client.service("s1").service_id == "s1"
    assert len(client_of.waits) == 2
    assert 0.12 <= client_of.waits[0] <= 0.25 <= client_of.waits[1] <= 0.5


@pytest.mark.parametrize(
    ("act", "error"), [(says({}, 500), CloudFault), (says({}, 400), Refused), (says({}, 302), CloudFault)]
)
def test_a_read_is_not_tried_again_where_it_cannot_help(cloud, client, act, error):
    cloud.acts = [act]
    with pytest.raises(error):
        client.service("s1")
    assert cloud.count("GET") == 1


def test_a_read_gives_up_at_last(cloud, client_of):
    cloud.acts = [says({}, 502)]
    with pytest.raises(CloudFault):
        client_of(cloud).service("s1")
    assert cloud.count("GET") == 4


def test_a_wait_that_passes_the_deadline_is_left_to_the_caller(cloud, client_of):
    cloud.acts = [says({}, 429, ["Retry-After: 60"])]
    with pytest.raises(Throttled):
        client_of(cloud).service("s1")
    assert (cloud.count("GET"), client_of.waits) == (1, [])


def test_a_read_keeps_its_connection_and_survives_its_death(cloud, client):
    cloud.acts = [says({"service_id": "s1"})]
    client.service("s1")
    before = cloud.connections
    client.service("s1")
    assert cloud.connections == before

    def answer_and_die(line, heard):
        says({"service_id": "s1"})(line, heard)
        clouds.hang_up(line, heard)

    cloud.acts = [answer_and_die]
    assert client.service("s1").service_id == "s1"
    assert client.service("s1").service_id == "s1"


@pytest.mark.parametrize("act", [clouds.answer("nonsense"), says([]), clouds.huge, clouds.bomb, clouds.truncated])
def test_a_broken_page_is_no_answer(cloud, client, act):
    cloud.acts = [act]
    with pytest.raises(NoAnswer):
        client.models()


def test_models_in_pages_and_their_json_in_strings(cloud, client):
    row = {"model_id": "m1", "model_name": "sentiment", "model_version": "4.1.3", "model_status": "Published"}
    cloud.acts = [says({"total_count": 1, "models": [{**row, "install_type": ["realtime", "batch"]}]})]
    (seen,) = client.models(status="published")
    assert (seen.model_id, seen.status, seen.install_types) == ("m1", "published", ("real-time", "batch"))
    assert query_of(cloud.heard[-1])["model_status"] == "published"
    cloud.acts = [says({**row, "apis": '[{"url": "/predict"}]'})]
    assert client.model("m1").apis == [{"url": "/predict"}]
    cloud.acts = [says({**row, "apis": "[nonsense"})]
    assert client.model("m1").apis == []
    cloud.acts = [says({"error_code": "ModelArts.3001"}, 404)]
    assert client.model("m1") is None


def test_what_services_are_made_of(cloud, client):
    flavor = {"specification": "modelarts.vm.cpu.2u", "spec_status": "normal", "is_open": "true", "over_quota": False}
    cloud.acts = [
        says({"specifications": [flavor, {**flavor, "spec_status": "sellout"}, {**flavor, "is_open": False}]})
    ]
    assert [one.is_selectable for one in client.specifications("batch")] == [True, False, False]
    assert query_of(cloud.heard[-1])["infer_type"] == "batch"
    cloud.acts = [
        says({"clusters": [{"cluster_id": "c1", "cluster_name": "pool", "status": "running"}], "total_count": 1})
    ]
    assert [(one.cluster_id, one.name, one.status) for one in client.clusters()] == [("c1", "pool", "running")]
    cloud.acts = [says({"workspaces": [{"id": 0, "name": "default", "status": "NORMAL"}], "total_count": 1})]
    assert [(one.workspace_id, one.name) for one in client.workspaces()] == [("0", "default")]


def test_events_come_oldest_first(cloud, client):
    cloud.acts = [
        says({"events": [{"occur_time": 2000, "event_type": "normal", "event_info": "b"}, {"occur_time": "1000"}, {}]})
    ]
    assert [one.text for one in client.events("s1")] == ["", "", "b"]
