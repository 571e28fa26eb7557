"""Services are started, stopped, changed, deleted and listed, within what their status allows."""

import pytest

from .conftest import DEV, PROD, a_job, a_model, a_service, error_of

STOP = {"type": "stop", "time_unit": "MINUTES", "duration": 2}
OTHER = [a_model(model_id="xxxxxx")]
FAILING = [a_model(model_id="will-fail")]


def test_stop_and_start(client):
    service_id = client.made(schedule=[STOP])
    client.advance(20)
    assert client.put(service_id, status="stopped").json() == {}
    assert client.status(service_id) == "stopped"
    client.advance(1000)
    client.put(service_id, status="running")
    service = client.service(service_id)
    assert service["status"] == "deploying"
    assert service["due_time"] > service["publish_at"]


@pytest.mark.parametrize(
    ("seconds", "body"),
    [
        (0, {"status": "stopped"}),
        (0, {"status": "running"}),
        (0, {"config": OTHER}),
        (30, {"status": "running"}),
    ],
)
def test_moves_that_the_status_forbids_are_3519(client, seconds, body):
    service_id = client.made()
    client.advance(seconds)
    assert error_of(client.put(service_id, **body))[:2] == (400, "ModelArts.3519")


def test_a_stopped_service_cannot_be_stopped_and_takes_a_configuration_for_later(client):
    service_id = client.made()
    client.advance(20)
    client.put(service_id, status="stopped")
    assert error_of(client.put(service_id, status="stopped"))[1] == "ModelArts.3519"
    assert client.put(service_id, config=OTHER).status_code == 200
    service = client.service(service_id)
    assert (service["status"], service["config"][0]["model_id"]) == ("stopped", "xxxxxx")
    client.put(service_id, status="running")
    client.advance(20)
    assert client.service(service_id)["config"][0]["model_id"] == "xxxxxx"


def test_a_new_configuration_is_deployed_and_logged(client):
    service_id = client.made()
    client.advance(30)
    assert client.put(service_id, config=OTHER).status_code == 200
    logs = client.api("GET", f"/services/{service_id}/logs").json()["logs"]
    assert [log["result"] for log in logs] == ["RUNNING", "SUCCESS"]
    assert client.status(service_id) == "deploying"
    client.advance(20)
    service = client.service(service_id)
    assert (service["status"], service["config"][0]["model_id"]) == ("running", "xxxxxx")
    assert service["update_time"] >= service["publish_at"]
    assert not any("stopped" in words for _, words in client.events(service_id))


def test_a_failed_update_rolls_back(client):
    service_id = client.made()
    client.advance(30)
    client.put(service_id, config=FAILING)
    client.advance(15)
    service = client.service(service_id)
    assert (service["status"], service["config"][0]["model_id"]) == ("running", "xxxmodel-idxxx")
    assert client.api("GET", f"/services/{service_id}/logs").json()["logs"][0]["result"] == "FAIL"
    assert "rolled back" in client.events(service_id)[-1][1]


def test_a_failed_service_is_mended_by_a_new_configuration(client):
    service_id = client.made(config=FAILING)
    client.advance(15)
    client.put(service_id, config=OTHER)
    client.advance(25)
    assert client.status(service_id) == "running"


def test_status_and_configuration_together_only_the_status_counts(client):
    service_id = client.made()
    client.advance(20)
    assert client.put(service_id, status="stopped", config=OTHER, description="new").status_code == 200
    service = client.service(service_id)
    assert (service["status"], service["description"]) == ("stopped", "new")
    assert service["config"][0]["model_id"] == "xxxmodel-idxxx"


def test_description_and_schedule_change_at_any_time(client):
    service_id = client.made()
    assert client.put(service_id, description="while deploying", schedule=[STOP]).status_code == 200
    service = client.service(service_id)
    assert service["description"] == "while deploying"
    assert service["due_time"] - service["publish_at"] >= 120_000
    client.put(service_id, schedule=[])
    assert "due_time" not in client.service(service_id)


@pytest.mark.parametrize(
    "body",
    [
        {"status": "paused"},
        {"description": "d" * 101},
        {"config": []},
        {"config": [a_model(weight=1)]},
        {"schedule": [1]},
    ],
)
def test_a_wrong_update_changes_nothing(client, body):
    service_id = client.made()
    client.advance(20)
    before = client.service(service_id)
    assert client.put(service_id, **body).status_code == 400
    after = client.service(service_id)
    for name in ("status", "description", "schedule", "config"):
        assert after[name] == before[name]


@pytest.mark.parametrize("comma", [",", "%2C"])
def test_several_services_are_deleted_at_once(client, comma):
    ids = [client.made(a_service(name)) for name in ("a", "b", "c")]
    assert client.api("DELETE", f"/services/{ids[0]}{comma}{ids[1]}").json() == {}
    assert error_of(client.api("GET", f"/services/{ids[0]}"))[:2] == (404, "ModelArts.3502")
    assert [one["status"] for one in client.door("services")] == ["deleted", "deleted", "deploying"]
    assert client.api("DELETE", f"/services/{ids[0]}{comma}{ids[2]}").status_code == 404
    assert client.status(ids[2]) == "deploying", "an unknown id spares the others"


@pytest.mark.parametrize("path", ["", "/logs", "/events", "/monitor"])
def test_an_unknown_service_is_404_3502_also_by_its_name(client, path):
    client.made()
    assert error_of(client.api("GET", f"/services/mnist{path}"))[:2] == (404, "ModelArts.3502")
    service_id = client.made(project=PROD)
    assert client.api("GET", f"/services/{service_id}{path}").status_code == 404


def test_the_list_is_filtered_ordered_and_paged_by_record(client):
    for number in range(5):
        client.made(a_service(f"web-{number}"))
    client.made(a_job("night"), project=DEV)
    client.advance(20)

    def names(query):
        answer = client.api("GET", f"/services?{query}").json()
        assert answer["count"] == len(answer["services"])
        return answer["total_count"], [row["service_name"] for row in answer["services"]]

    assert names("")[1][0] == "night"
    assert names("order=asc&limit=2&offset=1") == (6, ["web-1", "web-2"])
    assert names("sort_by=service_name&order=asc&limit=1") == (6, ["night"])
    assert names("service_name=web-3") == (1, ["web-3"])
    assert names("infer_type=batch") == (1, ["night"])
    assert names("status=running&limit=0") == (6, [])
    assert names("status=failed") == (0, [])
    assert names("model_id=xxxmodel-idxxx&limit=0")[0] == 5
    assert names("workspace_id=0&limit=0")[0] == 6
    assert "config" not in client.api("GET", "/services").json()["services"][0]


@pytest.mark.parametrize("query", ["status=odd", "infer_type=edge", "limit=x", "offset=-1", "order=up", "sort_by=x"])
def test_wrong_filters_are_0104_also_where_there_is_nothing_to_filter(client, query):
    assert error_of(client.api("GET", f"/services?{query}"))[:2] == (400, "ModelArts.0104")
    client.made()
    assert error_of(client.api("GET", f"/services?{query}"))[:2] == (400, "ModelArts.0104")


def test_keys_of_newer_editions_are_shown_as_they_came(client):
    extra = {"affinity": {"mode": "required"}, "pool_name": "p"}
    service_id = client.made(config=[a_model(**extra)], priority=2, status="mine", access_address="x")
    service = client.service(service_id)
    assert service["priority"] == 2
    assert "access_address" not in service
    assert service["status"] == "deploying"
    assert {key: service["config"][0][key] for key in extra} == extra
    assert "more" not in service["config"][0]


def test_monitors_are_strings_as_in_the_sample(client):
    service_id = client.made()
    client.advance(100)
    row = client.api("GET", f"/services/{service_id}/monitor").json()["monitors"][0]
    assert row["model_name"] == "mnist"
    assert all(isinstance(value, str) for value in row.values())
    assert int(row["invocation_times"]) > 0
