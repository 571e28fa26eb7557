"""What each status allows, and the ways into the statuses that do not come by themselves."""

import pytest

from .conftest import a_job, a_model, a_service, error_of

STOP = {"type": "stop", "time_unit": "HOURS", "duration": 1}
OTHER = [a_model(model_id="xxxxxx")]
FULL_POOL = "4be0d7a3-92f1-4c58-8a6e-d35b1f07c9e2"
HUNGRY = a_model(pool_name=FULL_POOL, specification="custom", custom_spec={"cpu": 8, "memory": 9000})


def fated(fate, name="mnist"):
    return a_service(name, config=[a_model(envs={"SANDBOX_FATE": fate})])


def reach(client, status):
    """A service of this status."""
    if status in ("waiting", "pending"):
        return client.made(fated(status))
    if status == "finished":
        service_id = client.made(a_job())
        client.advance(60)
        return service_id
    service_id = client.made(fated({"concerning": "concern", "failed": "fail"}.get(status, "")))
    if status == "deploying":
        return service_id
    client.advance(60)
    client.door("paces", {"stopping": 30, "deleting": 30})
    if status in ("stopping", "stopped"):
        client.put(service_id, status="stopped")
    if status == "stopped":
        client.advance(30)
    if status == "deleting":
        assert client.api("DELETE", f"/services/{service_id}").status_code == 200
    return service_id


# Section by section of the documents' state machine: start, stop, configuration, words and times, delete.
ALLOWED = {
    "deploying": (False, False, False, True, True),
    "waiting": (False, True, False, True, True),
    "pending": (False, True, False, True, True),
    "running": (False, True, True, True, True),
    "concerning": (False, True, True, True, True),
    "failed": (True, False, True, True, True),
    "stopping": (False, False, False, False, False),
    "stopped": (True, False, True, True, True),
    "finished": (True, False, True, True, True),
    "deleting": (False, False, False, False, False),
}
ACTS = [{"status": "running"}, {"status": "stopped"}, {"config": OTHER}, {"description": "new"}, None]


@pytest.mark.parametrize(("status", "place"), [(status, place) for status in ALLOWED for place in range(len(ACTS))])
def test_a_status_allows_what_the_documents_say(client, status, place):
    service_id, act = reach(client, status), ACTS[place]
    assert client.status(service_id) == status
    if act is not None and "config" in act and status == "finished":
        act = {"config": a_job()["config"]}
    answer = client.put(service_id, **act) if act else client.api("DELETE", f"/services/{service_id}")
    if ALLOWED[status][place]:
        assert answer.status_code == 200, answer.text
    else:
        assert error_of(answer)[:2] == (400, "ModelArts.3519")
        assert client.status(service_id) == status


@pytest.mark.parametrize("status", ALLOWED)
def test_each_status_is_found_by_its_filter(client, status):
    service_id = reach(client, status)
    found = client.api("GET", f"/services?status={status}").json()["services"]
    assert [row["service_id"] for row in found] == [service_id]


def test_a_pending_service_is_deployed_after_a_while(client):
    service_id = client.made(fated("pending"))
    assert "progress" not in client.service(service_id)
    client.advance(11)
    assert client.status(service_id) == "deploying"
    assert client.service(service_id)["progress"] < 20
    client.advance(20)
    assert client.status(service_id) == "running"
    assert client.events(service_id)[0][1].startswith("The service is pending")


def test_a_pool_without_room_is_tried_three_times_more_and_then_fails(client):
    service_id = client.made(config=[HUNGRY])
    assert client.status(service_id) == "waiting"
    client.advance(35)
    assert client.status(service_id) == "waiting"
    client.advance(10)
    service = client.service(service_id)
    assert service["status"] == "failed"
    assert "resources insufficient" in service["error_msg"]
    words = [words for _, words in client.events(service_id)]
    assert [f"Retry {number} of 3" in words[number] for number in (1, 2, 3)] == [True] * 3
    client.put(service_id, config=OTHER)
    client.advance(30)
    assert client.status(service_id) == "running"


def test_the_pool_of_the_service_counts_unless_the_model_names_its_own(client):
    entry = {**HUNGRY, "pool_name": ""}
    assert client.status(client.made(config=[entry], pool_name=FULL_POOL)) == "waiting"
    roomy = [{**HUNGRY, "pool_name": "8abf68a969c3cb3a0169c4acb24b0000"}]
    assert client.status(client.made(a_service("roomy"), config=roomy, pool_name=FULL_POOL)) == "deploying"


def test_a_waiting_service_that_is_stopped_does_not_fail(client):
    service_id = client.made(fated("waiting"))
    client.advance(5)
    client.put(service_id, status="stopped")
    client.advance(600)
    assert client.status(service_id) == "stopped"
    assert client.events(service_id)[-1][1] == "The service stopped."


def test_an_update_that_finds_no_room_rolls_back(client):
    service_id = client.made()
    client.advance(30)
    client.put(service_id, config=[HUNGRY])
    assert client.status(service_id) == "waiting"
    client.advance(45)
    service = client.service(service_id)
    assert (service["status"], service["config"][0]["model_id"]) == ("running", "xxxmodel-idxxx")
    assert client.api("GET", f"/services/{service_id}/logs").json()["logs"][0]["result"] == "FAIL"


def test_a_deployment_that_hangs_ends_with_its_timeout(client):
    entry = a_model(envs={"SANDBOX_FATE": "stuck"}, deploy_timeout_in_seconds=180)
    service_id = client.made(config=[entry])
    client.advance(179)
    assert client.status(service_id) == "deploying"
    client.advance(2)
    assert client.service(service_id)["error_msg"] == "The deployment timed out."


def test_stopping_and_deleting_take_the_time_they_are_told(client):
    client.door("paces", {"stopping": 5, "deleting": 5})
    service_id = client.made(schedule=[STOP])
    client.advance(30)
    client.put(service_id, status="stopped")
    assert "due_time" not in client.service(service_id)
    client.advance(6)
    assert client.status(service_id) == "stopped"
    assert [words for _, words in client.events(service_id)][-2:] == ["Stopping the service.", "The service stopped."]
    client.api("DELETE", f"/services/{service_id}")
    assert client.create().status_code == 409, "the name is taken until the service is gone"
    client.advance(6)
    assert client.api("GET", f"/services/{service_id}").status_code == 404
    assert client.door("services")[0]["status"] == "deleted"
    client.made()


def test_the_next_deployments_meet_the_fates_that_were_ordered(client):
    assert client.door("fates", {"fate": "fail", "times": 2})["fates"] == ["fail", "fail"]
    client.door("neighbours", {})  # Those who move in meet no fate of ours.
    first, second = client.made(), client.made(a_service("second"))
    third = client.made(a_service("third"))
    client.advance(30)
    assert [client.status(one) for one in (first, second, third)] == ["failed", "failed", "running"]
    client.put(first, status="running")
    client.advance(30)
    assert client.status(first) == "running"


def test_services_are_ordered_by_when_they_came_into_their_status(client):
    old, young = client.made(a_service("old")), client.made(a_service("young"))
    client.advance(30)
    client.put(old, status="stopped")
    client.advance(1)
    rows = client.api("GET", "/services?sort_by=transition_at").json()["services"]
    assert [row["service_id"] for row in rows] == [old, young]


def test_the_list_looks_into_the_default_workspace_unless_told(client):
    other = "6f4e1d0c2b3a49588776655443322110"
    service_id = client.made(workspace_id=other)
    assert client.api("GET", "/services").json()["total_count"] == 0
    rows = client.api("GET", f"/services?workspace_id={other}").json()["services"]
    assert [row["service_id"] for row in rows] == [service_id]
