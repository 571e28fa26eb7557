"""Services live: deploying, running, finished, failed, stopped, each in its time."""

import time

import pytest

from .conftest import Client, Sandbox, a_job, a_model, a_service

STOP = {"type": "stop", "time_unit": "MINUTES", "duration": 2}


def test_a_real_time_service_deploys_with_progress_and_then_runs(client):
    service_id = client.made()
    seen = []
    for _ in range(5):
        service = client.service(service_id)
        seen.append((service["status"], service.get("progress"), "access_address" in service))
        client.advance(5)
    assert [status for status, _, _ in seen] == ["deploying"] * 4 + ["running"]
    progress = [part for _, part, _ in seen[:4]]
    assert progress == sorted(set(progress))
    assert seen[-1][1:] == (None, True)
    address = client.service(service_id)["access_address"]
    assert address.startswith("https://infers")
    assert address.endswith(f"/v1/infers/{service_id}")
    assert client.service(service_id)["config"][0]["status"] == "ready"


def test_a_batch_job_runs_and_finishes(client):
    service_id = client.made(a_job())
    client.advance(21)
    running = client.service(service_id)
    assert running["status"] == "running"
    assert "access_address" not in running
    client.advance(20)
    done = client.service(service_id)
    assert done["status"] == "finished"
    assert done["start_time"] <= done["finished_time"]
    assert done["config"][0]["src_path"] == "https://infers-data.obs.xxxx.com/in/"
    assert client.put(service_id, status="running").status_code == 200
    assert client.status(service_id) == "deploying"


@pytest.mark.parametrize(
    "entry",
    [
        a_model(model_id="will-fail"),
        a_model(model_id="2e71c8d6-b5a0-4f39-9c84-1fd603e7ab95"),
        a_model(envs={"SANDBOX_FATE": "fail"}),
    ],
)
def test_a_deployment_that_asks_for_it_fails_and_says_why(client, entry):
    service_id = client.made(config=[entry])
    client.advance(13)
    service = client.service(service_id)
    assert service["status"] == "failed"
    assert "8080" in service["error_msg"]
    assert client.events(service_id)[-2][0] == "abnormal"
    client.advance(600)
    assert client.status(service_id) == "failed"


def test_other_fates_can_be_asked_for(client):
    ill = client.made(a_service("ill", config=[a_model(model_id="of-concern")]))
    stuck = client.made(a_service("stuck", config=[a_model(envs={"SANDBOX_FATE": "stuck"})]))
    client.advance(3600)
    assert client.status(ill) == "concerning"
    assert (client.status(stuck), client.service(stuck)["progress"]) == ("deploying", 40)


def test_auto_stop_stops_and_says_when(client):
    service_id = client.made(schedule=[STOP])
    service = client.service(service_id)
    assert service["due_time"] - service["publish_at"] == 120_000
    client.advance(119)
    assert client.status(service_id) == "running"
    client.advance(1)
    assert client.status(service_id) == "stopped"
    assert "due_time" not in client.service(service_id)
    assert "auto stop time expires" in client.events(service_id)[-1][1]


def test_a_due_time_comes_nearer_when_time_is_let_pass(client):
    service_id = client.made(schedule=[STOP])
    before = client.service(service_id)["due_time"]
    client.advance(60)
    assert abs(before - client.service(service_id)["due_time"] - 60_000) < 50


def test_events_tell_the_phases_in_order_and_keep_their_times(client):
    service_id = client.made()
    assert len(client.events(service_id)) == 1
    client.advance(60)
    events = client.api("GET", f"/services/{service_id}/events").json()
    words = [event["event_info"] for event in reversed(events["events"])]
    assert words[0].startswith("Start to deploy")
    assert words[-1] == "The service is running."
    assert events["total_count"] == events["count"] == 7
    client.advance(60)
    assert client.api("GET", f"/services/{service_id}/events").json() == events
    few = client.api("GET", f"/services/{service_id}/events?limit=2&offset=1").json()
    assert few["events"] == events["events"][1:3]
    assert client.api("GET", f"/services/{service_id}/events?event_type=abnormal").json()["count"] == 0
    assert client.api("GET", f"/services/{service_id}/events?event_type=odd").status_code == 400


def test_speed_makes_lives_shorter_and_due_times_true():
    with Sandbox(speed=200) as sandbox:
        client = Client(sandbox.url)
        service_id = client.made(schedule=[{**STOP, "duration": 5}])
        due = client.service(service_id)["due_time"]
        assert due / 1000 - time.time() < 2
        time.sleep(0.2)
        assert client.status(service_id) == "running"
        while time.time() < due / 1000:
            time.sleep(0.05)
        assert client.status(service_id) == "stopped"
        client.close()
