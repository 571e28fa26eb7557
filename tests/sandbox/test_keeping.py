"""What survives a restart, and what a broken file says."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from deployer.sandbox.keeping import BadData

from .conftest import Client, Sandbox, a_job, a_model, a_service


def served(path, **how):
    """A sandbox on this file, as a context, and a client of it."""
    sandbox = Sandbox(data=path, **how).start()
    return sandbox, Client(sandbox.url)


def test_services_survive_a_restart_and_have_lived_on(tmp_path):
    path, now = tmp_path / "new" / "cloud.json", [1_800_000_000.0]
    sandbox, client = served(path, clock=lambda: now[0])
    running = client.made(schedule=[{"type": "stop", "time_unit": "HOURS", "duration": 1}])
    gone, job = client.made(a_service("gone")), client.made(a_job())
    client.api("DELETE", f"/services/{gone}")
    client.advance(30)
    client.api("PUT", f"/services/{running}", json={"description": "changed", "config": [a_model(model_id="xxxxxx")]})
    client.advance(20)
    client.door("strict", {"on": True})
    client.fault("GET /x", "502")
    before = client.door("services")
    client.close()
    sandbox.stop()

    now[0] += 15
    sandbox, client = served(path, clock=lambda: now[0])
    after = client.door("services")
    assert [{**one, "status": ""} for one in after] == [{**one, "status": ""} for one in before]
    assert [one["status"] for one in after] == ["running", "deleted", "finished"]
    assert client.service(running)["due_time"] == int((1_800_000_000 + 3600 - 50) * 1000)
    assert client.service(running)["description"] == "changed"
    assert client.service(running)["config"][0]["model_id"] == "xxxxxx"
    assert client.service(job)["config"][0]["mapping_type"] == "file"
    assert client.create(a_service("x", config=[a_model(model_id="unknown")])).status_code == 404, "still strict"
    assert client.create().status_code == 409
    assert (client.door("faults"), client.journal("DELETE", gone)) == ([], [])
    client.close()
    sandbox.stop()


def test_what_the_doors_have_set_survives_a_restart(tmp_path):
    path, now = tmp_path / "cloud.json", [1_800_000_000.0]
    sandbox, client = served(path, clock=lambda: now[0])
    client.door("quotas", {"running": 7})
    client.door("rights", {"deny": ["delete"]})
    client.door("models", {"count": 3})
    client.door("fates", {"fate": "pending"})
    client.door("rights", {"deny": []})
    client.door("paces", {"deleting": 60})
    neighbour = client.door("neighbours", {})["shared"]
    leaving = client.made()
    client.api("DELETE", f"/services/{leaving}")
    client.close()
    sandbox.stop()

    sandbox, client = served(path, clock=lambda: now[0])
    assert client.door("quotas")["running"] == 7
    assert client.door("models", {"count": 3}) == {"count": 3}
    assert client.status(leaving) == "deleting"
    assert client.put(neighbour, description="x").json()["error_code"] == "ModelArts.3525"
    now[0] += 61
    assert client.api("GET", f"/services/{leaving}").status_code == 404
    client.made()
    client.close()
    sandbox.stop()


def test_a_file_of_before_the_newer_doors_is_read(tmp_path):
    path = tmp_path / "cloud.json"
    sandbox, client = served(path)
    service_id = client.made()
    client.close()
    sandbox.stop()
    kept = json.loads(path.read_text())
    del kept["conduct"]
    for record in kept["services"]:
        del record["mark"], record["runs"][0]["timeout"], record["runs"][0]["stopping"]
    path.write_text(json.dumps(kept))
    sandbox, client = served(path)
    client.advance(30)
    assert client.status(service_id) == "running"
    client.put(service_id, status="stopped")
    assert client.status(service_id) == "stopped"
    client.close()
    sandbox.stop()


def test_a_change_is_on_disk_before_its_answer(tmp_path):
    path = tmp_path / "cloud.json"
    sandbox, client = served(path)
    service_id = client.made()
    kept = json.loads(path.read_text())
    assert [record["service_id"] for record in kept["services"]] == [service_id]
    assert not list(tmp_path.glob("*.new"))
    assert client.token() not in path.read_text()
    assert "demo-secret" not in path.read_text()
    client.close()
    sandbox.stop()


def test_reading_writes_nothing(tmp_path):
    path = tmp_path / "cloud.json"
    sandbox, client = served(path)
    client.made()
    written = path.stat().st_mtime_ns, path.stat().st_ino
    client.api("GET", "/services")
    client.create()
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == written
    client.close()
    sandbox.stop()


def test_reset_empties_the_file_too(tmp_path):
    path = tmp_path / "cloud.json"
    sandbox, client = served(path)
    client.made()
    client.door("reset", {})
    assert json.loads(path.read_text())["services"] == []
    client.close()
    sandbox.stop()


def test_another_speed_goes_on_from_where_life_was(tmp_path):
    path, now = tmp_path / "cloud.json", [1_800_000_000.0]
    sandbox, client = served(path, clock=lambda: now[0])
    service_id = client.made()
    now[0] += 10
    assert client.service(service_id)["progress"] == 50
    client.close()
    sandbox.stop()
    sandbox, client = served(path, clock=lambda: now[0], speed=5)
    assert client.service(service_id)["progress"] == 50
    now[0] += 1
    assert client.service(service_id)["progress"] == 75
    client.close()
    sandbox.stop()


def test_many_at_once_are_all_kept(tmp_path):
    path = tmp_path / "cloud.json"
    sandbox, client = served(path)
    client.token()
    with ThreadPoolExecutor(8) as people:
        ids = set(people.map(lambda number: client.made(a_job() | {"service_name": f"job-{number}"}), range(40)))
    client.close()
    sandbox.stop()
    assert {record["service_id"] for record in json.loads(path.read_text())["services"]} == ids


def test_a_place_that_cannot_be_written_shows_at_once(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadData, match="cannot be"):
        Sandbox(data=tmp_path / "file" / "cloud.json")


WHOLE = '{"kind": "deployer-sandbox-1", "clock": [], "strict": false, "services": [{}]}'


@pytest.mark.parametrize("text", ["", "{", "[]", '{"kind": "other"}', WHOLE, WHOLE.replace("[{}]", "7"), "\x00"])
def test_a_torn_or_foreign_file_is_a_clear_error_and_left_alone(tmp_path, text):
    path = tmp_path / "cloud.json"
    path.write_text(text)
    with pytest.raises(BadData, match="cloud.json .*Move it away"):
        Sandbox(data=path)
    assert path.read_text() == text
