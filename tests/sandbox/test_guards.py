"""Refusals that need more than a wrong body: whose service it is, what is left, what one may do."""

import pytest

from .conftest import PROD, a_job, a_model, a_service, error_of

POOL = "8abf68a969c3cb3a0169c4acb24b0000"
OTHERS = ["xxxmodel-idxxx", "xxxxxx", "eb6a4a8c-5713-4a27-b8ed-c7e694499af5"]


def code(answer):
    return error_of(answer)[:2]


@pytest.mark.parametrize(
    ("model_id", "expected", "field"),
    [
        ("f6a83d15-b0c4-4972-8e3f-1a5d7c92e0b8", "ModelArts.3593", "expired"),
        ("2c95e8b1-7d3f-4a06-91ec-b84f6d20a7e3", "ModelArts.3580", "purchased"),
        ("d70b42f9-85e6-4c13-a9d2-63f1e8b57c04", "ModelArts.3592", "health"),
        ("b7f24e90-6a8d-43c1-95b3-e10d2c7f8a56", "ModelArts.0104", "failed"),
        ("39d0c5a7-e2f6-4817-b4d9-8f6a1e3b0c72", "ModelArts.3515", "being published"),
        ("0d86f1b4-c37a-4e95-a218-5e9b7f60d3c7", "", ""),
    ],
)
def test_a_model_that_is_unfit_says_why(client, model_id, expected, field):
    answer = client.create(config=[a_model(model_id=model_id)])
    if not expected:
        assert answer.status_code == 200
        return
    assert code(answer) == (400, expected)
    assert "config[0].model_id" in error_of(answer)[2]
    assert field in error_of(answer)[2]


def test_two_ids_of_one_version_are_3516(client):
    copies = ["e5d0a9b2-17c4-4c19-8a0e-3f1b7742cc9d", "a48e7c60-f91b-4d25-8b3a-0e6d5f1c9273"]
    answer = client.create(config=[a_model(model_id=one, weight=50) for one in copies])
    assert code(answer) == (400, "ModelArts.3516")
    assert "config[1].model_id" in error_of(answer)[2]


@pytest.mark.parametrize(("mark", "expected"), [("shared", "ModelArts.3525"), ("foreign", "ModelArts.3540")])
def test_services_of_others_can_be_seen_and_not_touched(client, mark, expected):
    service_id = client.door("neighbours", {})[mark]
    client.advance(30)
    for body in ({"description": "x"}, {"status": "stopped"}, {"config": [a_model()]}):
        assert code(client.put(service_id, **body)) == (400, expected)
    mine = client.made()
    assert code(client.api("DELETE", f"/services/{mine},{service_id}")) == (400, expected)
    assert client.status(mine) == "deploying", "a refused delete spares the others"
    assert client.status(service_id) == "running"


def test_a_shared_service_shows_its_guests_only_the_models(client):
    ids = client.door("neighbours", {"project_id": PROD})
    shared = client.service(ids["shared"], PROD)
    assert (shared["is_shared"], shared["shared_count"]) == (True, 1)
    assert [set(row) for row in shared["config"]] == [{"model_id", "model_name", "model_version"}]
    assert client.door("neighbours", {"project_id": PROD}) == ids, "they move in once"
    rows = client.api("GET", "/services", project=PROD).json()["services"]
    assert len({row["owner"] for row in rows}) == 2


def test_a_tied_service_changes_and_stays(client):
    service_id = client.door("neighbours", {})["tied"]
    assert client.put(service_id, description="mine").status_code == 200
    assert code(client.api("DELETE", f"/services/{service_id}")) == (400, "ModelArts.3953")


def test_a_model_that_is_not_in_the_service_is_3529(client):
    service_id = client.made()
    for path in ("logs", "monitor"):
        assert client.api("GET", f"/services/{service_id}/{path}?model_id=xxxmodel-idxxx").status_code == 200
        answer = client.api("GET", f"/services/{service_id}/{path}?model_id=other")
        assert code(answer) == (400, "ModelArts.3529")


def test_quotas_are_set_by_a_door_and_counted_as_documented(client):
    assert client.door("quotas")["real-time"] == 20
    client.door("quotas", {"real-time": 2})
    stopped = client.made()
    client.advance(30)
    client.put(stopped, status="stopped")
    client.door("fates", {"fate": "fail"})
    client.made(a_service("failed"))
    client.advance(30)
    assert code(client.create(a_service("third"))) == (400, "ModelArts.3520")
    client.made(a_service("pooled", cluster_id=POOL))
    client.made(a_service("new-pool", pool_name=POOL))
    client.made(a_service("prod"), project=PROD)
    client.door("quotas", {"real-time": None})
    client.made(a_service("third"))


def test_a_thousand_batch_services_are_the_documented_quota(client):
    assert client.door("quotas")["batch"] == 1000
    client.door("quotas", {"batch": 1})
    client.made(a_job("one"))
    assert code(client.create(a_job("two"))) == (400, "ModelArts.3520")


def test_only_so_many_run_at_a_time(client):
    client.door("quotas", {"running": 1})
    first = client.made()
    assert code(client.create(a_service("second"))) == (400, "ModelArts.3521")
    client.advance(30)
    client.put(first, status="stopped")
    client.made(a_service("second"))
    assert code(client.put(first, status="running")) == (400, "ModelArts.3521")


@pytest.mark.parametrize(
    ("quota", "expected"), [("instances", "ModelArts.3522"), ("nodes", "ModelArts.3561"), ("models", "ModelArts.3578")]
)
def test_instances_nodes_and_models_have_quotas_of_their_own(client, quota, expected):
    client.door("quotas", {quota: 2})
    service_id = client.made()
    client.advance(30)
    more = [a_model(model_id=one, weight=weight) for one, weight in zip(OTHERS, (50, 25, 25), strict=True)]
    for answer in (client.create(a_service("big", config=more)), client.put(service_id, config=more)):
        assert code(answer) == (400, expected)
        assert "config" in error_of(answer)[2]
    assert client.put(service_id, config=more[:1]).status_code == 400, "its weight is 50"
    assert client.put(service_id, config=[a_model(instance_count=2)]).status_code == 200


def test_one_service_of_one_instance_is_free(client):
    free = a_model(specification="modelarts.vm.cpu.free")
    assert code(client.create(config=[{**free, "instance_count": 2}])) == (400, "ModelArts.3857")
    service_id = client.made(config=[free])
    assert client.service(service_id)["is_free"] is True
    assert code(client.create(a_service("second"), config=[free])) == (400, "ModelArts.3856")
    client.advance(30)
    assert client.put(service_id, config=[{**free, "envs": {"A": "b"}}]).status_code == 200


ACTS = {
    "create": lambda client, one: client.create(a_service("more")),
    "list": lambda client, one: client.api("GET", "/services"),
    "get": lambda client, one: client.api("GET", f"/services/{one}"),
    "update": lambda client, one: client.put(one, description="x"),
    "action": lambda client, one: client.put(one, status="stopped"),
    "getMonitor": lambda client, one: client.api("GET", f"/services/{one}/monitor"),
    "getLogs": lambda client, one: client.api("GET", f"/services/{one}/logs"),
    "getEvents": lambda client, one: client.api("GET", f"/services/{one}/events"),
    "delete": lambda client, one: client.api("DELETE", f"/services/{one}"),
}


@pytest.mark.parametrize("action", ACTS)
def test_what_the_policy_denies_is_0112_and_nothing_else(client, action):
    service_id = client.made()
    client.advance(30)
    client.door("rights", {"deny": [action]})
    answer = ACTS[action](client, service_id)
    assert code(answer) == (403, "ModelArts.0112")
    assert f"modelarts:service:{action}" in error_of(answer)[2]
    for other in ("get", "update", "action", "delete"):
        if other != action:
            assert ACTS[other](client, service_id).status_code == 200


def test_without_an_agency_batch_jobs_and_deletes_are_0428(client):
    service_id = client.made()
    client.door("rights", {"authorized": False})
    assert code(client.create(a_job())) == (401, "ModelArts.0428")
    assert code(client.api("DELETE", f"/services/{service_id}")) == (401, "ModelArts.0428")
    client.door("rights", {"authorized": True})
    assert client.api("DELETE", f"/services/{service_id}").status_code == 200


@pytest.mark.parametrize(
    ("path", "expected"), [("obs://data/invalid-path/", "ModelArts.3574"), ("obs://client-error/", "ModelArts.3568")]
)
def test_storage_has_two_more_ways_to_say_no(client, path, expected):
    answer = client.create(a_job(src_path=path))
    assert code(answer) == (400, expected)
    assert "config[0].src_path" in error_of(answer)[2]


@pytest.mark.parametrize("ids", ["%2C", ",", "%20,%20"])
def test_a_delete_of_nothing_is_refused(client, ids):
    assert code(client.api("DELETE", f"/services/{ids}")) == (400, "ModelArts.3610")


def test_one_id_twice_is_deleted_once(client):
    service_id = client.made()
    assert client.api("DELETE", f"/services/{service_id}%2C{service_id}").status_code == 200
    assert client.door("services")[0]["status"] == "deleted"
